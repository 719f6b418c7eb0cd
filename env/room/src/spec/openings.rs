//! Doors and windows: landmarks by which a place can be recognised.

use rand::{Rng, RngExt};

use super::{Finish, OpeningSpec, WallSpec};
use crate::config::RoomConfig;
use crate::floor_plan::FloorPlan;
use crate::scene::{Pattern, Rgb};

/// Gap kept between an opening and the ends of its wall, or another opening, metres.
const MARGIN: f32 = 0.15;
/// Stretches of wall that are shorter get no window, metres.
pub(super) const SHORTEST_STRETCH: f32 = 0.5;
/// No window is wider, metres.
const WIDEST_WINDOW: f32 = 3.2;
/// The most of a wall's height that a door takes.
const HIGHEST_DOOR: f32 = 0.9;

fn plain(color: Rgb) -> Finish {
    Finish { colors: [color; 2], pattern: Pattern::Plain }
}

/// A door on one of the walls that are long enough; the longest of any room is.
pub(super) fn door(
    rng: &mut impl Rng,
    config: &RoomConfig,
    (walls, wall_height): (&[WallSpec], f32),
    color: Rgb,
) -> Option<OpeningSpec> {
    let is_wanted = rng.random_bool(config.door_chance.into());
    let width = rng.random_range(config.door_width[0]..=config.door_width[1]);
    let height = rng.random_range(config.door_height[0]..=config.door_height[1]).min(HIGHEST_DOOR * wall_height);
    let fitting: Vec<usize> = (0..walls.len()).filter(|&wall| walls[wall].length() >= width + 2.0 * MARGIN).collect();
    if !is_wanted || fitting.is_empty() {
        return None;
    }
    let wall = fitting[rng.random_range(0..fitting.len())];
    let start = rng.random_range(MARGIN..=(walls[wall].length() - width - MARGIN).max(MARGIN));
    Some(OpeningSpec { wall, start, width, bottom: 0.0, height, finish: plain(color) })
}

/// A part of a wall without openings.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    wall: usize,
    start: f32,
    end: f32,
}

impl Stretch {
    fn length(&self) -> f32 {
        self.end - self.start
    }

    /// What is left on both sides of an opening from `start` to `end`, long enough for a window.
    fn without(self, start: f32, end: f32) -> impl Iterator<Item = Stretch> {
        let before = Stretch { end: self.end.min(start - MARGIN), ..self };
        let behind = Stretch { start: self.start.max(end + MARGIN), ..self };
        [before, behind].into_iter().filter(|stretch| stretch.length() >= SHORTEST_STRETCH)
    }
}

/// The stretches of wall in which a window would open to the outdoors: not towards the notch, where the room's other
/// arm would be in sight, and not where the door is.
fn stretches(plan: &FloorPlan, walls: &[WallSpec], door: Option<&OpeningSpec>) -> Vec<Stretch> {
    let mut stretches = Vec::with_capacity(walls.len() + 1);
    for (index, wall) in walls.iter().enumerate() {
        let whole = Stretch { wall: index, start: MARGIN, end: wall.length() - MARGIN };
        if !plan.is_outer(wall.from, wall.to) {
            continue;
        }
        match door.filter(|door| door.wall == index) {
            Some(door) => stretches.extend(whole.without(door.start, door.start + door.width)),
            None if whole.length() >= SHORTEST_STRETCH => stretches.push(whole),
            None => {}
        }
    }
    stretches
}

/// As many windows as the configuration wants, all at one height and with one kind of frame; or how many found place.
pub(super) fn windows(
    rng: &mut impl Rng,
    config: &RoomConfig,
    plan: &FloorPlan,
    (walls, wall_height): (&[WallSpec], f32),
    door: Option<&OpeningSpec>,
    frame: Rgb,
) -> Result<Vec<OpeningSpec>, TooFewStretches> {
    let num_windows = rng.random_range(config.num_windows[0]..=config.num_windows[1]) as usize;
    let bottom = wall_height * rng.random_range(config.window_sill[0]..=config.window_sill[1]);
    let height = wall_height * rng.random_range(config.window_height[0]..=config.window_height[1]);
    let mut stretches = stretches(plan, walls, door);
    let mut windows = Vec::with_capacity(num_windows);
    while windows.len() < num_windows {
        if stretches.is_empty() {
            return Err(TooFewStretches { num_windows, placed: windows.len() });
        }
        let stretch = stretches.swap_remove(rng.random_range(0..stretches.len()));
        let part = rng.random_range(config.window_width[0]..=config.window_width[1]);
        let width = (part * stretch.length()).clamp(0.8 * SHORTEST_STRETCH, WIDEST_WINDOW);
        let start = rng.random_range(stretch.start..=(stretch.end - width).max(stretch.start));
        stretches.extend(stretch.without(start, start + width));
        windows.push(OpeningSpec { wall: stretch.wall, start, width, bottom, height, finish: plain(frame) });
    }
    Ok(windows)
}

/// The walls had no stretch left for a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooFewStretches {
    pub(super) num_windows: usize,
    pub(super) placed: usize,
}
