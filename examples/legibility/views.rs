//! Views of rooms with one object, each a function of (seed, split, index).

use std::sync::mpsc::{Receiver, sync_channel};

use anyhow::{Context, Result, bail};
use glam::{Vec2, Vec3};
use groundling_interface::{derive, derive_seed};
use groundling_render::Renderer;
use groundling_room::{Camera, ObjectSpec, Projection, RoomConfig, RoomSpec};
use groundling_sim::{CameraConfig, ControlConfig};
use rand::RngExt;

use crate::Options;

/// Distance of the eye from the edge of the object's footprint, metres.
pub(crate) const DISTANCE: [f32; 2] = [1.0, 3.0];
/// Pixels that must be seen of the object at [`JUDGED`]; a view with fewer is dropped.
pub(crate) const LEAST_PIXELS: usize = 15;
/// Columns and rows at which pixels are counted, whatever the size of the views, so that all sizes get the same views.
pub(crate) const JUDGED: (u16, u16) = (96, 72);
/// The object's middle lies within this part of the picture, sideways and upwards.
const MIDDLE_PART: f32 = 0.7;
/// Places tried for the eye in a room before another room is drawn.
const PLACES: u32 = 40;
/// Rooms tried for one view.
const ROOMS: u64 = 200;
/// Batches that wait for the learner.
const WAITING: usize = 4;

/// Which rooms: no room is in two splits.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Split {
    /// To learn from.
    Train,
    /// To be scored on.
    Test,
}

/// What is to be named in a view, and what it may depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth {
    pub(crate) object: ObjectSpec,
    /// From the eye to the edge of the footprint, metres.
    pub(crate) distance: f32,
    /// Of the object, at [`JUDGED`].
    pub(crate) pixels: usize,
    /// Whether the object reaches over the edge of the picture, or stands partly behind a corner of the room.
    pub(crate) cut: bool,
}

/// Views in a row.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// `[N, height, width, 3]`.
    pub(crate) rgb: Vec<u8>,
    pub(crate) truths: Vec<Truth>,
    /// Views dropped on the way, as too little was seen of the object.
    pub(crate) dropped: u64,
}

/// Draws views.
pub(crate) struct Photographer {
    seed: u64,
    room: RoomConfig,
    camera: CameraConfig,
    body_radius: f32,
    renderer: Renderer,
    judge: Renderer,
}

impl Photographer {
    pub(crate) fn new(options: &Options) -> Result<Self> {
        let (width, height) = (usize::from(options.width), usize::from(options.height));
        Ok(Self {
            seed: options.seed,
            room: RoomConfig { num_objects: [1, 1], ..RoomConfig::default() },
            camera: CameraConfig { width, height, ..CameraConfig::default() },
            body_radius: ControlConfig::default().body_radius,
            renderer: Renderer::new(width, height)?,
            judge: Renderer::new(JUDGED.0.into(), JUDGED.1.into())?,
        })
    }

    /// Adds view `index` of `split` to `batch`.
    pub(crate) fn take(&mut self, split: Split, index: u64, batch: &mut Batch) -> Result<()> {
        for attempt in 0..ROOMS {
            let indices = [split as u64, index, attempt];
            let room = RoomSpec::sample(&self.room, derive_seed(self.seed, "legibility room", &indices))?;
            let mut rng = derive(self.seed, "legibility view", &indices);
            let object = *room.objects.first().context("a room without its object")?;
            let Some((camera, distance)) = self.camera(&mut rng, &room, &object) else { continue };
            let mut scene = room.scene();
            self.judge.render(&scene, &camera);
            let pixels = count(&self.judge);
            if pixels < LEAST_PIXELS {
                batch.dropped += 1;
                continue;
            }
            self.renderer.render(&scene, &camera);
            batch.rgb.extend_from_slice(self.renderer.rgb());
            // The object alone: what more is seen of it now was hidden by a wall.
            let touches_edge = touches_edge(&self.judge);
            scene.surfaces.clear();
            self.judge.render(&scene, &camera);
            let cut = touches_edge || count(&self.judge) > pixels;
            batch.truths.push(Truth { object, distance, pixels, cut });
            return Ok(());
        }
        bail!("no view with {LEAST_PIXELS} pixels of an object in {ROOMS} rooms")
    }

    /// An eye that could be the agent's: on the floor clear of the walls, looking between level and straight at the object.
    fn camera(&self, rng: &mut impl RngExt, room: &RoomSpec, object: &ObjectSpec) -> Option<(Camera, f32)> {
        let [x, _, z] = object.position;
        let (center, height) = (Vec2::new(x, z), self.camera.eye_height);
        let place = (0..PLACES).find_map(|_| {
            let distance = rng.random_range(DISTANCE[0]..=DISTANCE[1]);
            let bearing = Vec2::from_angle(rng.random_range(0.0..std::f32::consts::TAU));
            let place = center + bearing * reach(object, bearing, distance);
            room.contains(place.x, place.y, self.body_radius).then_some((place, distance))
        });
        let (place, distance) = place?;
        let to_object = center - place;
        let fov_y = self.camera.fov_y();
        let half = Vec2::from_angle(self.camera.fov_x_degrees.to_radians() / 2.0);
        let aside = Vec2::new(half.x, half.y * rng.random_range(-MIDDLE_PART..=MIDDLE_PART)).to_angle();
        // Between level and looking straight at the object's middle, which is kept within the middle part.
        let elevation = Vec2::new(to_object.length(), object.height / 2.0 - height).to_angle();
        let half = Vec2::from_angle(fov_y / 2.0);
        let above = Vec2::new(half.x, half.y * MIDDLE_PART).to_angle();
        let level = 0.0_f32.clamp(elevation - above, elevation + above);
        let limit = self.camera.pitch_limit_degrees.to_radians();
        let camera = Camera {
            position: Vec3::new(place.x, height, place.y),
            yaw: Vec2::new(-to_object.y, -to_object.x).to_angle() + aside,
            pitch: (elevation + (level - elevation) * rng.random_range(0.0..=1.0)).clamp(-limit, limit),
            projection: Projection::Perspective { fov_y },
        };
        Some((camera, distance))
    }
}

/// How far from the object's centre one stands, in this direction, at `distance` from the edge of its footprint.
fn reach(object: &ObjectSpec, bearing: Vec2, distance: f32) -> f32 {
    let (mut near, mut far) = (0.0, object.radius() + distance);
    for _ in 0..24 {
        let middle = (near + far) / 2.0;
        let [x, _, z] = object.position;
        let found = object.distance(x + bearing.x * middle, z + bearing.y * middle);
        *(if found < distance { &mut near } else { &mut far }) = middle;
    }
    far
}

fn count(renderer: &Renderer) -> usize {
    renderer.object_ids().iter().filter(|&&id| id != 0).count()
}

fn touches_edge(renderer: &Renderer) -> bool {
    let (width, height) = (renderer.width(), renderer.height());
    let on_edge = |pixel: usize| {
        let (i, j) = (pixel % width, pixel / width);
        i == 0 || j == 0 || i + 1 == width || j + 1 == height
    };
    renderer.object_ids().iter().enumerate().any(|(pixel, &id)| id != 0 && on_edge(pixel))
}

/// The first `num_views` views of a split in batches, drawn ahead by a thread of its own.
pub(crate) fn feed(options: &Options, split: Split, num_views: u64) -> Result<Receiver<Result<Batch>>> {
    let mut photographer = Photographer::new(options)?;
    let size = options.batch;
    let (sender, receiver) = sync_channel(WAITING);
    let draw = move || {
        let mut start = 0;
        while start < num_views {
            let end = (start + size).min(num_views);
            let mut batch = Batch::default();
            let drawn = (start..end).try_for_each(|index| photographer.take(split, index, &mut batch));
            // A learner that is gone has its own reason; a view that failed ends the learner.
            if sender.send(drawn.map(|()| batch)).is_err() {
                return;
            }
            start = end;
        }
    };
    std::thread::Builder::new().name("photographer".into()).spawn(draw)?;
    Ok(receiver)
}
