//! Doors and windows: landmarks by which a place can be recognised.

use rand::{Rng, RngExt};

use super::{OpeningSpec, WallSpec, finishes};

/// Gap kept between an opening and the ends of its wall, metres.
const MARGIN: f32 = 0.2;

/// A door on one of the walls that are long enough, with its wall's index.
pub(super) fn door(rng: &mut impl Rng, walls: &[WallSpec], wall_height: f32) -> Option<OpeningSpec> {
    let width = 0.9;
    let fitting: Vec<usize> = (0..walls.len()).filter(|&wall| walls[wall].length() >= width + 2.0 * MARGIN).collect();
    if fitting.is_empty() {
        return None;
    }
    let wall = fitting[rng.random_range(0..fitting.len())];
    let start = rng.random_range(MARGIN..=(walls[wall].length() - width - MARGIN).max(MARGIN));
    let height = 2.0_f32.min(0.85 * wall_height);
    Some(OpeningSpec { wall, start, width, bottom: 0.0, height, finish: finishes::door(rng) })
}

/// One to three windows under one sky, each on a wall of its own, none on the wall of the door.
pub(super) fn windows(
    rng: &mut impl Rng,
    walls: &[WallSpec],
    wall_height: f32,
    door: Option<&OpeningSpec>,
) -> Vec<OpeningSpec> {
    let count = rng.random_range(1..=3);
    let finish = finishes::sky(rng);
    let door_wall = door.map(|door| door.wall);
    let mut fitting: Vec<usize> =
        (0..walls.len()).filter(|&wall| Some(wall) != door_wall && walls[wall].length() >= 1.2).collect();
    let mut windows = Vec::with_capacity(count);
    while windows.len() < count && !fitting.is_empty() {
        let wall = fitting.swap_remove(rng.random_range(0..fitting.len()));
        let length = walls[wall].length();
        let width = rng.random_range(0.3..=0.5) * length;
        let start = rng.random_range(MARGIN..=length - width - MARGIN);
        windows.push(OpeningSpec { wall, start, width, bottom: 0.38 * wall_height, height: 0.4 * wall_height, finish });
    }
    windows
}
