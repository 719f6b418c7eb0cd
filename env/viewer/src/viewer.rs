//! The viewer: scenes in, pictures out, in order, several at a time under way.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bevy::camera::{
    ClearColorConfig, OrthographicProjection, PerspectiveProjection, Projection, RenderTarget, ScalingMode,
};
use bevy::core_pipeline::tonemapping::{DebandDither, Tonemapping};
use bevy::prelude::*;
use bevy::render::RenderApp;
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_resource::{TextureFormat, TextureUsages};
use bevy::render::renderer::{RenderAdapterInfo, RenderDevice, RenderQueue};
use bevy::render::texture::GpuImage;
use groundling_render::NEAR;
use groundling_room::Scene;

use crate::adapter::adapters;
use crate::app::BrokenOff;
use crate::check::{Expected, Reference};
use crate::entities::Entities;
use crate::error::ViewerError;
use crate::staging::{Staged, Staging};

/// The least pixels of a side of a picture.
pub const MIN_SIDE: usize = 16;
/// The most pixels of a side of a picture.
pub const MAX_SIDE: usize = 4096;
/// How often a picture that is not complete is drawn again. Shaders are loaded in the first of them.
const ATTEMPTS: usize = 200;
/// Sizes of pictures that are kept ready; of those that were drawn longest ago, one is given up for a new one.
const MOST_STUDIOS: usize = 4;
/// Beyond this, metres, nothing is drawn; what is seen through windows is nearer.
const FAR: f32 = 500.0;

/// How edges are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Each pixel shows one thing, and its mark is exact.
    Plain,
    /// Four samples a pixel: edges are smooth, and marks upon them mean nothing.
    Smooth,
}

/// What is to be drawn, and how large.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// What there is.
    pub scene: Scene,
    /// From where it is seen.
    pub camera: groundling_room::Camera,
    /// Columns, [`MIN_SIDE`] to [`MAX_SIDE`].
    pub width: usize,
    /// Rows, within the same bounds.
    pub height: usize,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Colours, sRGB, `[height, width, 3]`.
    pub rgb: Vec<u8>,
    /// What each pixel shows, `[height, width]`: 0 nothing, 1 the room, `i + 1` the object whose id is `i`.
    pub marks: Vec<u8>,
}

/// The pictures of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The step they were asked for.
    pub step: u32,
    /// One a shot, in their order.
    pub pictures: Vec<Shown>,
}

/// A camera of bevy's, and what it draws into.
struct Studio {
    width: usize,
    height: usize,
    camera: Entity,
    image: Handle<Image>,
}

struct Pending {
    shot: Shot,
    expected: Expected,
    staged: Staged,
}

/// Draws scenes with bevy.
pub struct Viewer {
    app: App,
    quality: Quality,
    adapter: String,
    entities: Entities,
    /// The one that was used last is the last.
    studios: Vec<Studio>,
    staging: Staging,
    reference: Reference,
    under_way: VecDeque<(u32, Vec<Pending>)>,
    is_warm: bool,
}

impl Viewer {
    /// Takes the adapter that bevy prefers. None at all is an error, and so is one that cannot be used.
    pub fn new(quality: Quality) -> Result<Self, ViewerError> {
        if adapters().is_empty() {
            return Err(ViewerError::NoAdapter);
        }
        let app = crate::app::app();
        let adapter = app.world().get_resource::<RenderAdapterInfo>().map(|info| info.name.clone());
        let adapter = adapter.ok_or_else(|| ViewerError::AdapterFailed {
            adapter: "of this machine".into(),
            reason: "bevy did not start with it".into(),
        })?;
        Ok(Self {
            app,
            quality,
            adapter,
            entities: Entities::default(),
            studios: Vec::new(),
            staging: Staging::default(),
            reference: Reference::new(),
            under_way: VecDeque::new(),
            is_warm: false,
        })
    }

    /// The adapter, as its driver calls it.
    pub fn adapter(&self) -> &str {
        &self.adapter
    }

    /// Steps that were submitted and not received.
    pub fn num_under_way(&self) -> usize {
        self.under_way.len()
    }

    /// Has a step's pictures drawn; [`receive`](Self::receive) gives them. A viewer whose adapter failed is of no more use.
    pub fn submit(&mut self, step: u32, shots: Vec<Shot>) -> Result<(), ViewerError> {
        let allowed = MIN_SIDE..=MAX_SIDE;
        if let Some(&Shot { width, height, .. }) =
            shots.iter().find(|shot| !allowed.contains(&shot.width) || !allowed.contains(&shot.height))
        {
            return Err(ViewerError::Size { width, height, least: MIN_SIDE, most: MAX_SIDE });
        }
        let mut pending = Vec::with_capacity(shots.len());
        for shot in shots {
            let aspect = shot.width as f32 / shot.height as f32;
            let staged = self.guarded(|viewer| viewer.draw(&shot))?;
            // While the adapter draws.
            let expected = self.reference.expect(&shot.scene, &shot.camera, aspect)?;
            pending.push(Pending { shot, expected, staged });
        }
        self.under_way.push_back((step, pending));
        Ok(())
    }

    /// The pictures of the step that was submitted first; none when there is none. A picture that does not show what it
    /// should is drawn again, and never given out.
    pub fn receive(&mut self) -> Result<Option<Frame>, ViewerError> {
        let Some((step, pending)) = self.under_way.pop_front() else { return Ok(None) };
        let develop = |viewer: &mut Self| pending.into_iter().map(|pending| viewer.develop(step, pending)).collect();
        Ok(Some(Frame { step, pictures: self.guarded(develop)? }))
    }

    /// wgpu panics when an adapter goes away while it is waited for; that is an error like others.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, ViewerError>) -> Result<T, ViewerError> {
        // Nothing is drawn with what a panic left half done: every later call meets the same adapter, and fails too.
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(done) => done,
            Err(panic) => Err(self.failed(panic_text(&*panic))),
        }
    }

    fn failed(&self, reason: impl Into<String>) -> ViewerError {
        ViewerError::AdapterFailed { adapter: self.adapter.clone(), reason: reason.into() }
    }

    fn develop(&mut self, step: u32, pending: Pending) -> Result<Shown, ViewerError> {
        let Pending { shot, expected, mut staged } = pending;
        let (width, height) = (shot.width, shot.height);
        let mut attempts = 1;
        loop {
            let device = self.app.world().resource::<RenderDevice>().clone();
            let pixels = self.staging.receive(&device, staged)?;
            let Some(missing) = expected.missing(&pixels, width, height) else {
                self.is_warm = true;
                let rgb = pixels.0.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
                let marks = pixels.0.chunks_exact(4).map(|pixel| pixel[3]).collect();
                return Ok(Shown { width, height, rgb, marks });
            };
            if attempts == ATTEMPTS {
                let adapter = self.adapter.clone();
                return Err(ViewerError::Incomplete { adapter, step, attempts, missing });
            }
            if !self.is_warm {
                // bevy reads its shaders on other threads.
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            attempts += 1;
            staged = self.draw(&shot)?;
        }
    }

    /// Draws a shot now, and has it copied.
    fn draw(&mut self, shot: &Shot) -> Result<Staged, ViewerError> {
        self.entities.show(self.app.world_mut(), &shot.scene)?;
        let at = self.studio(shot.width, shot.height);
        self.aim(at, shot);
        self.app.update();
        if let Some(BrokenOff(reason)) = self.app.world().get_resource() {
            return Err(self.failed(reason));
        }
        let image = self.studios[at].image.clone();
        let world = self.app.world();
        let (device, queue) = (world.resource::<RenderDevice>().clone(), world.resource::<RenderQueue>().clone());
        let images = self.app.sub_app(RenderApp).world().resource::<RenderAssets<GpuImage>>();
        let image = images.get(&image).ok_or_else(|| ViewerError::Readback("it has no place to lie in".into()))?;
        Ok(self.staging.copy_and_wipe(&device, &queue, image))
    }

    /// The index of the studio for pictures of this size.
    fn studio(&mut self, width: usize, height: usize) -> usize {
        let last = self.studios.len().saturating_sub(1);
        if let Some(at) = self.studios.iter().position(|studio| (studio.width, studio.height) == (width, height)) {
            self.studios[at..].rotate_left(1);
            return last;
        }
        let world = self.app.world_mut();
        if self.studios.len() == MOST_STUDIOS {
            let Studio { width, height, camera, image } = self.studios.remove(0);
            world.despawn(camera);
            world.resource_mut::<Assets<Image>>().remove(&image);
            self.staging.forget(width, height);
        }
        let mut image = Image::new_target_texture(width as u32, height as u32, TextureFormat::Rgba8UnormSrgb, None);
        image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
        let image = world.resource_mut::<Assets<Image>>().add(image);
        let samples = match self.quality {
            Quality::Plain => Msaa::Off,
            Quality::Smooth => Msaa::Sample4,
        };
        let target = RenderTarget::Image(image.clone().into());
        // Colours stay as they are: the agent's pictures have no tone curve either.
        let camera =
            world.spawn((Camera3d::default(), target, samples, Tonemapping::None, DebandDither::Disabled)).id();
        self.studios.push(Studio { width, height, camera, image });
        self.studios.len() - 1
    }

    /// Puts the shot's camera in place, and lets no other draw.
    fn aim(&mut self, at: usize, shot: &Shot) {
        let world = self.app.world_mut();
        for (index, studio) in self.studios.iter().enumerate() {
            if let Some(mut camera) = world.get_mut::<Camera>(studio.camera) {
                camera.is_active = index == at;
                let [red, green, blue] = shot.scene.background;
                camera.clear_color = ClearColorConfig::Custom(Color::linear_rgba(red, green, blue, 0.0));
            }
        }
        let groundling_room::Camera { position, yaw, pitch, projection } = shot.camera;
        let transform = Transform {
            translation: Vec3::from_array(position.into()),
            rotation: Quat::from_rotation_y(yaw) * Quat::from_rotation_x(pitch),
            scale: Vec3::ONE,
        };
        let projection = match projection {
            groundling_room::Projection::Perspective { fov_y } => Projection::Perspective(PerspectiveProjection {
                fov: fov_y,
                near: NEAR,
                far: FAR,
                ..PerspectiveProjection::default()
            }),
            groundling_room::Projection::Orthographic { height } => Projection::Orthographic(OrthographicProjection {
                scaling_mode: ScalingMode::FixedVertical { viewport_height: height },
                near: 0.0,
                far: FAR,
                ..OrthographicProjection::default_3d()
            }),
        };
        world.entity_mut(self.studios[at].camera).insert((transform, projection));
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it gave no reason").trim()
}

#[cfg(test)]
mod tests {
    use groundling_sim::{RoomEnvironment, WorldConfig};

    use super::*;

    #[test]
    fn an_adapter_that_goes_away_is_an_error_and_not_a_wait() {
        let (_, privileged) = RoomEnvironment::new(WorldConfig::default()).unwrap();
        let shot = || Shot { scene: privileged.scene(), camera: privileged.eye(), width: 64, height: 48 };
        let mut viewer = Viewer::new(Quality::Plain).unwrap();
        viewer.submit(0, vec![shot()]).unwrap();
        assert_eq!(viewer.receive().unwrap().map(|frame| frame.step), Some(0));
        viewer.submit(1, vec![shot()]).unwrap();
        viewer.app.world().resource::<RenderDevice>().wgpu_device().destroy();
        let mut results = vec![viewer.receive().map(drop)];
        results.push(viewer.submit(2, vec![shot()]).and_then(|()| viewer.receive().map(drop)));
        // What was submitted before may still come; nothing does after that.
        let Some(Err(error)) = results.pop() else { panic!("a picture was drawn by an adapter that is gone") };
        let told = error.to_string();
        assert!(told.contains("--renderer cpu"), "{told}");
    }
}
