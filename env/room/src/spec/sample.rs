//! Drawing a room: each concern has a generator of its own, so that changing one leaves the others as they were.

use glam::Vec2;
use groundling_interface::derive;
use rand::{Rng, RngExt};

use super::{RoomError, RoomSpec, WallSpec, finishes, objects, openings};
use crate::config::{Layout, RoomConfig, Variation};
use crate::floor_plan::{FloorPlan, Notch};
use crate::scene::Light;

/// Rooms tried before the error.
const ATTEMPTS: u32 = 400;
/// Rooms tried with the same kinds of objects.
const ATTEMPTS_WITH_SAME_OBJECTS: u32 = 100;

impl RoomSpec {
    /// The room that `(config, seed)` names.
    ///
    /// Outline and places are drawn anew until all objects find place. The objects' kinds are drawn anew only after
    /// many rooms in vain, so that large objects are not made rarer where they merely take some trying. The number of
    /// tries is bounded.
    pub fn sample(config: &RoomConfig, seed: u64) -> Result<RoomSpec, RoomError> {
        config.validate()?;
        let mut placed = Vec::new();
        let (mut most_placed, mut largest_area, mut all_placed) = (0, 0.0_f32, false);
        for attempt in 0..ATTEMPTS {
            if attempt % ATTEMPTS_WITH_SAME_OBJECTS == 0 {
                let redraw = attempt / ATTEMPTS_WITH_SAME_OBJECTS;
                placed = objects::kinds(&mut derive(seed, "room objects", &[redraw.into()]), config);
            }
            let mut rng = derive(seed, "room plan", &[attempt.into()]);
            let plan = floor_plan(&mut rng, config);
            largest_area = largest_area.max(plan.area());
            if let Err(count) = objects::place(&mut rng, config, &plan, &mut placed) {
                most_placed = most_placed.max(count);
                continue;
            }
            all_placed = true;
            let Some(spawn) = objects::spawn(&mut rng, config.spawn_clearance, &plan, &placed) else { continue };

            let mut rng = derive(seed, "room finishes", &[]);
            let walls = walls(&mut rng, config, &plan);
            let floor = finishes::floor(&mut rng, config.floor);
            let mut rng = derive(seed, "room openings", &[]);
            let door = config.door.then(|| openings::door(&mut rng, &walls, config.wall_height)).flatten();
            let mut windows = Vec::new();
            if config.windows {
                windows = openings::windows(&mut rng, &walls, config.wall_height, door.as_ref());
            }
            let light = light(&mut derive(seed, "room light", &[]), config.light);
            return Ok(RoomSpec {
                seed,
                floor_plan: plan,
                floor,
                ceiling: finishes::ceiling(),
                wall_height: config.wall_height,
                walls,
                door,
                windows,
                light,
                objects: placed,
                spawn,
            });
        }
        let num_objects = placed.len();
        if all_placed {
            return Err(RoomError::NoPlaceToSpawn {
                num_objects,
                clearance: config.spawn_clearance,
                attempts: ATTEMPTS,
            });
        }
        Err(RoomError::RoomTooSmallForObjects { num_objects, most_placed, attempts: ATTEMPTS, largest_area })
    }
}

fn floor_plan(rng: &mut impl Rng, config: &RoomConfig) -> FloorPlan {
    let mut side = || rng.random_range(config.side[0]..=config.side[1]);
    let (width, depth) = match config.layout {
        Layout::Square => {
            let side = side();
            (side, side)
        }
        Layout::LShape | Layout::Any => (side(), side()),
    };
    let notched = match config.layout {
        Layout::Square => false,
        Layout::LShape => true,
        Layout::Any => rng.random_bool(0.5),
    };
    if !notched {
        return FloorPlan { width, depth, notch: None };
    }
    let mut edge = |side: f32| {
        let inner = side / 2.0 - side * rng.random_range(config.notch[0]..=config.notch[1]);
        if rng.random_bool(0.5) { [inner, side / 2.0] } else { [-side / 2.0, -inner] }
    };
    FloorPlan { width, depth, notch: Some(Notch { x: edge(width), z: edge(depth) }) }
}

fn walls(rng: &mut impl Rng, config: &RoomConfig, plan: &FloorPlan) -> Vec<WallSpec> {
    let corners = plan.corners();
    let finishes = finishes::walls(rng, config.walls, corners.len());
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).zip(finishes).map(|((&from, &to), finish)| WallSpec { from, to, finish }).collect()
}

fn light(rng: &mut impl Rng, variation: Variation) -> Light {
    let (azimuth, elevation) = match variation {
        Variation::Fixed => (0.9, 1.0),
        Variation::Sampled => (rng.random_range(0.0..std::f32::consts::TAU), rng.random_range(0.75..1.25)),
    };
    let (around, up) = (Vec2::from_angle(azimuth), Vec2::from_angle(elevation));
    let direction = glam::Vec3::new(around.x * up.x, up.y, around.y * up.x);
    Light { direction, direct: 0.55, ambient_up: 0.6, ambient_down: 0.35 }
}
