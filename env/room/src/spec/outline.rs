//! The outline of a room and its walls.

use rand::{Rng, RngExt};

use super::{Finish, WallSpec};
use crate::config::{Layout, RoomConfig};
use crate::floor_plan::{FloorPlan, Notch};

pub(super) fn floor_plan(rng: &mut impl Rng, config: &RoomConfig) -> FloorPlan {
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

pub(super) fn walls(plan: &FloorPlan, finishes: Vec<Finish>) -> Vec<WallSpec> {
    let corners = plan.corners();
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).zip(finishes).map(|((&from, &to), finish)| WallSpec { from, to, finish }).collect()
}
