//! The room's material: the light of [`Light`] with shadows and a faint highlight, and the thing that a pixel shows in the
//! picture's fourth channel. bevy's own material takes ten times as long for a picture on an adapter in software.

use bevy::asset::uuid_handle;
use bevy::pbr::Material;
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, ShaderType};
use bevy::shader::ShaderRef;
use groundling_room::{Light, Rgb};

/// The shader, under a name of its own so that it needs no file at run time.
pub(crate) const SHADER: Handle<Shader> = uuid_handle!("6a2f0f5e-6a53-4d1f-9d0c-2f1d3c0b7a41");

/// Its text.
pub(crate) const SHADER_TEXT: &str = include_str!("room.wgsl");

/// How one thing looks. Corners' colours, where a mesh has any, come on top.
#[derive(Asset, AsBindGroup, TypePath, Debug, Clone)]
pub(crate) struct RoomMaterial {
    #[uniform(0)]
    look: Look,
    #[texture(1)]
    #[sampler(2)]
    texture: Option<Handle<Image>>,
}

/// As the shader has it.
#[derive(ShaderType, Debug, Clone, Copy)]
struct Look {
    /// Linear; the fourth is 1 of what shines by itself, else 0.
    color_and_glow: Vec4,
    /// Ambient strength on faces that look up, and down; strength of the lamp; what is written to the fourth channel.
    light_and_mark: Vec4,
}

impl RoomMaterial {
    pub(crate) fn new([red, green, blue]: Rgb, light: Light, object_id: u16) -> Self {
        let Light { ambient_up, ambient_down, direct, .. } = light;
        let look = Look {
            color_and_glow: Vec4::new(red, green, blue, 0.0),
            light_and_mark: Vec4::new(ambient_up, ambient_down, direct, mark_of(object_id)),
        };
        Self { look, texture: None }
    }

    pub(crate) fn textured(self, texture: Option<Handle<Image>>) -> Self {
        Self { texture, ..self }
    }

    /// What shines by itself knows neither light nor shadow.
    pub(crate) fn glowing(mut self, glows: bool) -> Self {
        self.look.color_and_glow.w = if glows { 1.0 } else { 0.0 };
        self
    }
}

impl Material for RoomMaterial {
    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }
}

/// What the fourth channel holds where this object is seen; 0 is kept for where nothing was drawn.
fn mark_of(object_id: u16) -> f32 {
    f32::from(object_id.min(253) + 1) / 255.0
}
