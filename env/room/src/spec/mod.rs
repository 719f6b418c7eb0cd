//! `RoomSpec`: one room as plain data, drawn from a configuration and a seed.

mod clearance;
mod finishes;
mod light;
mod objects;
mod openings;
mod outdoors;
mod outline;
mod palettes;
mod sample;
mod scene;

use glam::Vec2;
use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

pub(crate) use finishes::{FLOOR_PATTERNS, WALL_PATTERNS};
pub(crate) use outdoors::LANDSCAPES;
pub use outdoors::{OutdoorKind, OutdoorThing, OutdoorsSpec};
pub(crate) use palettes::PALETTES;

use crate::floor_plan::FloorPlan;
use crate::scene::{Light, Pattern, Rgb};
use crate::shapes::Footprint;
use crate::vocabulary::{Color, Shape, Size};

/// Two colours and how they alternate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Finish {
    /// Linear light.
    pub colors: [Rgb; 2],
    /// How they alternate.
    pub pattern: Pattern,
}

/// A wall, from one corner of the floor to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WallSpec {
    /// Where it begins, `[x, z]`, metres.
    pub from: [f32; 2],
    /// Where it ends.
    pub to: [f32; 2],
    /// What it looks like.
    pub finish: Finish,
}

impl WallSpec {
    /// Metres.
    pub fn length(&self) -> f32 {
        (Vec2::from(self.to) - Vec2::from(self.from)).length()
    }
}

/// A door or a window: a rectangle on a wall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OpeningSpec {
    /// Index into `RoomSpec::walls`.
    pub wall: usize,
    /// From the wall's beginning to the near edge, metres.
    pub start: f32,
    /// Metres.
    pub width: f32,
    /// Height of the lower edge above the floor, metres.
    pub bottom: f32,
    /// Metres.
    pub height: f32,
    /// The door's leaf, or the window's frame and bars.
    pub finish: Finish,
}

/// The board along the foot of the walls.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SkirtingSpec {
    /// Metres.
    pub height: f32,
    /// Linear light.
    pub color: Rgb,
}

/// A placed object.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ObjectSpec {
    /// What it is.
    pub shape: Shape,
    /// Colour of its characteristic part.
    pub color: Color,
    /// Small, medium or large.
    pub size: Size,
    /// Height, metres; also the scale of the shape's mesh.
    pub height: f32,
    /// What it takes up on the floor, in its own frame.
    pub footprint: Footprint,
    /// Centre of its footprint, metres.
    pub position: [f32; 3],
    /// Radians about +y.
    pub yaw: f32,
}

impl ObjectSpec {
    /// Radius of the disc around its footprint, metres.
    pub fn radius(&self) -> f32 {
        self.footprint.radius()
    }

    /// Distance of `(x, z)` from the edge of its footprint, metres; 0 inside.
    pub fn distance(&self, x: f32, z: f32) -> f32 {
        let offset = Vec2::new(x - self.position[0], z - self.position[2]);
        match self.footprint {
            Footprint::Disc(radius) => (offset.length() - radius).max(0.0),
            Footprint::Rectangle(half) => {
                let axis = Vec2::from_angle(self.yaw);
                let local = Vec2::new(offset.x * axis.x - offset.y * axis.y, offset.x * axis.y + offset.y * axis.x);
                (local.abs() - Vec2::from(half)).max(Vec2::ZERO).length()
            }
        }
    }
}

/// Where the agent begins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spawn {
    /// A point of the floor, metres.
    pub position: [f32; 3],
    /// Radians about +y.
    pub yaw: f32,
}

/// One room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoomSpec {
    /// The seed it was drawn with.
    pub seed: u64,
    /// Outline of the floor.
    pub floor_plan: FloorPlan,
    /// What the floor looks like.
    pub floor: Finish,
    /// Linear light.
    pub ceiling: Rgb,
    /// Metres.
    pub wall_height: f32,
    /// Four or six, around the floor.
    pub walls: Vec<WallSpec>,
    /// Name of the set of colours.
    pub palette: String,
    /// Along all walls, where there is one.
    pub skirting: Option<SkirtingSpec>,
    /// The door, where there is one.
    pub door: Option<OpeningSpec>,
    /// Colour of the door's frame, linear light.
    pub door_frame: Rgb,
    /// Holes in the walls of the bounding rectangle, all at one height.
    pub windows: Vec<OpeningSpec>,
    /// Columns and rows of panes of every window.
    pub panes: [u8; 2],
    /// What is seen through the windows, where there are any.
    pub outdoors: Option<OutdoorsSpec>,
    /// The light.
    pub light: Light,
    /// The objects; object `i` has the id `i + 1` in pictures.
    pub objects: Vec<ObjectSpec>,
    /// Where the agent begins.
    pub spawn: Spawn,
}

/// Why a room could not be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RoomError {
    /// A setting is out of range.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// Within the bounded number of tries, no room had place for all objects.
    #[error(
        "the room is too small for its objects: of {num_objects} objects at most {most_placed} found place in {attempts} \
         attempts, in rooms of up to {largest_area:.1} square metres; make room.side larger, or room.num_objects or the \
         clearances smaller"
    )]
    RoomTooSmallForObjects {
        /// Objects to place.
        num_objects: usize,
        /// The most that found place.
        most_placed: usize,
        /// Attempts made.
        attempts: u32,
        /// Square metres of the largest of them.
        largest_area: f32,
    },
    /// All objects found place, but the agent did not.
    #[error(
        "no place for the agent {clearance} m away from the walls and from {num_objects} objects in {attempts} \
         attempts; make room.side larger, or room.num_objects or room.spawn_clearance smaller"
    )]
    NoPlaceToSpawn {
        /// Objects placed.
        num_objects: usize,
        /// Metres asked for.
        clearance: f32,
        /// Attempts made.
        attempts: u32,
    },
    /// Objects and agent found place, but not all windows did.
    #[error(
        "the walls are too short for {num_windows} windows: at most {most_placed} found place in {attempts} attempts, in \
         stretches of at least {shortest_stretch} m; make room.num_windows or room.window_width smaller, or room.side larger"
    )]
    TooFewWallsForWindows {
        /// Windows wanted.
        num_windows: usize,
        /// The most that found place.
        most_placed: usize,
        /// Attempts made.
        attempts: u32,
        /// Metres of wall that a window needs.
        shortest_stretch: f32,
    },
}

impl RoomSpec {
    /// Whether the disc of radius `margin` about `(x, z)` lies on the floor, objects not regarded.
    pub fn contains(&self, x: f32, z: f32, margin: f32) -> bool {
        self.floor_plan.contains(x, z, margin)
    }

    /// Whether the disc of radius `margin` about `(x, z)` lies on the floor and touches no object.
    pub fn is_free(&self, x: f32, z: f32, margin: f32) -> bool {
        self.contains(x, z, margin) && self.objects.iter().all(|object| object.distance(x, z) >= margin)
    }
}
