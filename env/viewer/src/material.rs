//! The room's material: bevy's own, with the ambient light of [`Light`](groundling_room::Light), and with the thing that
//! a pixel shows in the picture's fourth channel.

use bevy::asset::uuid_handle;
use bevy::pbr::{ExtendedMaterial, MaterialExtension};
use bevy::prelude::*;
use bevy::render::render_resource::AsBindGroup;
use bevy::shader::ShaderRef;

/// The shader, under a name of its own so that it needs no file at run time.
pub(crate) const SHADER: Handle<Shader> = uuid_handle!("6a2f0f5e-6a53-4d1f-9d0c-2f1d3c0b7a41");

/// Its text.
pub(crate) const SHADER_TEXT: &str = include_str!("room.wgsl");

/// What [`SHADER`] adds to bevy's material.
#[derive(Asset, AsBindGroup, TypePath, Debug, Clone)]
pub(crate) struct RoomMaterialPart {
    /// Ambient strength on faces that look up, and down; what is written to the fourth channel; unused.
    #[uniform(100)]
    pub(crate) ambient_and_mark: Vec4,
}

impl MaterialExtension for RoomMaterialPart {
    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }
}

/// bevy's material with [`RoomMaterialPart`].
pub(crate) type RoomMaterial = ExtendedMaterial<StandardMaterial, RoomMaterialPart>;

/// What the fourth channel holds where this object is seen; 0 is kept for where nothing was drawn.
pub(crate) fn mark_of(object_id: u16) -> f32 {
    f32::from(object_id.min(253) + 1) / 255.0
}
