//! What rooms are drawn from: the `room` section of a configuration.

mod checks;
mod held_out;

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

pub use self::held_out::HeldOut;
use crate::spec::{FLOOR_PATTERNS, LANDSCAPES, PALETTES, WALL_PATTERNS};
use crate::vocabulary::{Color, Shape, Size};

/// Outline of the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A square.
    Square,
    /// A rectangle with a rectangular notch in one corner.
    LShape,
    /// One or the other with equal chance; the square may then be a rectangle.
    Any,
}

/// Whether something is the same in all rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variation {
    /// The same in every room.
    Fixed,
    /// Drawn for each room.
    Sampled,
}

/// What rooms are drawn from. Lengths in metres; `[low, high]` is a range from which each room draws uniformly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoomConfig {
    /// Outline of the floor: `square`, `l_shape` or `any`, one or the other with equal chance. Default `l_shape`.
    pub layout: Layout,
    /// The two sides of the floor's bounding rectangle, within 3 to 12. Default 4 to 10.
    pub side: [f32; 2],
    /// Part of each side that the notch takes, within 0.2 to 0.7. Default 0.32 to 0.54: about the paper's room, whose
    /// outer box is 2.03 by 1.54 arms wide, which leaves a notch of 0.51 and 0.35.
    pub notch: [f32; 2],
    /// Height of the walls, within 1.5 to 5. Default 2.4 to 3.2.
    pub wall_height: [f32; 2],
    /// `fixed`: distinct muted colours with stripes of 1 m; `sampled`: colours and patterns a wall or a room.
    pub walls: Variation,
    /// Names of the patterns of sampled walls; all when empty.
    pub wall_patterns: Vec<String>,
    /// Chance that all sampled walls of a room look the same, within 0 to 1. Default 0.5.
    pub shared_walls: f32,
    /// `fixed`: a grey checker; `sampled`: colours and pattern.
    pub floor: Variation,
    /// Names of the patterns of a sampled floor; all when empty.
    pub floor_patterns: Vec<String>,
    /// Names of the sets of colours of which each room takes one, for sampled walls and floor, door, frames and
    /// skirting; all when empty.
    pub palettes: Vec<String>,
    /// Height of the skirting board, in its palette's colour, within 0 (none) to 0.4. Default 0.07 to 0.14.
    pub skirting_height: [f32; 2],
    /// Chance that a room has a door, within 0 to 1. Default 1.
    pub door_chance: f32,
    /// Width of the door with its frame, within 0.5 to 1.5. Default 0.85 to 1.05.
    pub door_width: [f32; 2],
    /// Height of the door with its frame, within 1 to 3; in low rooms at most 0.9 of the wall. Default 1.95 to 2.15.
    pub door_height: [f32; 2],
    /// Number of windows, within 0 to 6. Up to 3 find place in every room. Default 1 to 3.
    pub num_windows: [u32; 2],
    /// Width of a window as a part of the stretch of wall it is in, within 0.1 to 0.9. Default 0.3 to 0.6.
    pub window_width: [f32; 2],
    /// Height of a room's window sills as a part of the wall's, within 0.05 to 0.8. Default 0.3 to 0.4.
    pub window_sill: [f32; 2],
    /// Height of a room's windows as a part of the wall's, within 0.1 to 0.9; sill and window together take at most
    /// 0.95. Default 0.36 to 0.48.
    pub window_height: [f32; 2],
    /// Names of the landscapes of which one is seen through all windows of a room; all when empty.
    pub landscapes: Vec<String>,
    /// `fixed`: always the same; `sampled`: from the ranges below.
    pub light: Variation,
    /// Where the sampled light comes from: degrees from +x towards +z, within 0 to 360. Default 0 to 360.
    pub light_azimuth_degrees: [f32; 2],
    /// Height of the sampled light above the horizon, degrees within 5 to 90. Default 38 to 72.
    pub light_elevation_degrees: [f32; 2],
    /// Strength of the sampled light on a face that looks into it, within 0 to 2. Default 0.4 to 0.75.
    pub light_direct: [f32; 2],
    /// Strength of what a sampled light gives to faces that look up, within 0 to 2; those that look down get 0.75 of
    /// it. Default 0.45 to 0.65.
    pub light_ambient: [f32; 2],
    /// Names of the shapes that occur; all when empty.
    pub shapes: Vec<String>,
    /// Names of the colours that occur; all when empty.
    pub colors: Vec<String>,
    /// Sizes that occur, of `small`, `medium` and `large`; all when empty.
    pub sizes: Vec<Size>,
    /// Number of objects, within 0 to 64. Default 5 to 12.
    pub num_objects: [u32; 2],
    /// Where given, every object is scaled so that the larger of its footprint's radius and half its height is this
    /// at medium size, within 0.05 to 1; else it has its natural size. Default natural.
    pub object_radius: Option<f32>,
    /// Least gap between two objects' footprints, within 0 to 3. Default 0.5.
    pub object_clearance: f32,
    /// Least gap between an object's footprint and a wall, within 0 to 3. Default 0.45.
    pub wall_clearance: f32,
    /// Least distance of the spawn point from walls and footprints, within 0 to 3. Default 0.5.
    pub spawn_clearance: f32,
    /// Two objects are near each other when the gap between the discs around their footprints is at most this, within
    /// 0 to 12. Default 1.
    pub near_distance: f32,
    /// Share of all pairs of a shape and a colour that are held out, within 0 to 0.5, rounded to whole pairs. Default
    /// 0: none. See [`RoomConfig::held_out_pairs`].
    pub held_out_share: f32,
    /// Whether rooms hold objects of held-out pairs. Default `absent`: what an agent and its probe are trained in; the
    /// rooms of a compositional test (`evaluation.split`) are made `present` by the evaluation itself.
    pub held_out: HeldOut,
    /// Which pairs are held out, among the possible choices; any number below 2^32. Default 0.
    pub held_out_draw: u32,
}

impl Default for RoomConfig {
    fn default() -> Self {
        Self {
            layout: Layout::LShape,
            side: [4.0, 10.0],
            notch: [0.32, 0.54],
            wall_height: [2.4, 3.2],
            walls: Variation::Sampled,
            wall_patterns: Vec::new(),
            shared_walls: 0.5,
            floor: Variation::Sampled,
            floor_patterns: Vec::new(),
            palettes: Vec::new(),
            skirting_height: [0.07, 0.14],
            door_chance: 1.0,
            door_width: [0.85, 1.05],
            door_height: [1.95, 2.15],
            num_windows: [1, 3],
            window_width: [0.3, 0.6],
            window_sill: [0.3, 0.4],
            window_height: [0.36, 0.48],
            landscapes: Vec::new(),
            light: Variation::Sampled,
            light_azimuth_degrees: [0.0, 360.0],
            light_elevation_degrees: [38.0, 72.0],
            light_direct: [0.4, 0.75],
            light_ambient: [0.45, 0.65],
            shapes: Vec::new(),
            colors: Vec::new(),
            sizes: Vec::new(),
            num_objects: [5, 12],
            object_radius: None,
            object_clearance: 0.5,
            wall_clearance: 0.45,
            spawn_clearance: 0.5,
            near_distance: 1.0,
            held_out_share: 0.0,
            held_out: HeldOut::Absent,
            held_out_draw: 0,
        }
    }
}

impl RoomConfig {
    /// Checks every setting by itself. Whether so many objects find place is only known when a room is drawn.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        checks::range("room.side", self.side, 3.0, 12.0)?;
        checks::range("room.notch", self.notch, 0.2, 0.7)?;
        checks::range("room.wall_height", self.wall_height, 1.5, 5.0)?;
        self.validate_looks()?;
        self.validate_openings()?;
        self.validate_light()?;
        self.validate_objects()?;
        self.validate_held_out()
    }

    fn validate_looks(&self) -> Result<(), InvalidSetting> {
        checks::names("room.wall_patterns", &self.wall_patterns, WALL_PATTERNS.iter().map(|row| row.name))?;
        checks::within("room.shared_walls", self.shared_walls, 0.0, 1.0)?;
        checks::names("room.floor_patterns", &self.floor_patterns, FLOOR_PATTERNS.iter().map(|row| row.name))?;
        checks::names("room.palettes", &self.palettes, PALETTES.iter().map(|palette| palette.name))?;
        checks::range("room.skirting_height", self.skirting_height, 0.0, 0.4)
    }

    fn validate_openings(&self) -> Result<(), InvalidSetting> {
        checks::within("room.door_chance", self.door_chance, 0.0, 1.0)?;
        checks::range("room.door_width", self.door_width, 0.5, 1.5)?;
        checks::range("room.door_height", self.door_height, 1.0, 3.0)?;
        checks::range("room.num_windows", self.num_windows, 0, 6)?;
        checks::range("room.window_width", self.window_width, 0.1, 0.9)?;
        checks::range("room.window_sill", self.window_sill, 0.05, 0.8)?;
        checks::range("room.window_height", self.window_height, 0.1, 0.9)?;
        let (sill, height) = (self.window_sill[1], self.window_height[1]);
        let expected = format!("its greatest must be at most 0.95 less the greatest of room.window_sill, {sill}");
        let value = format!("[{}, {height}]", self.window_height[0]);
        InvalidSetting::unless(sill + height <= 0.95 + f32::EPSILON, "room.window_height", value, &expected)?;
        checks::names("room.landscapes", &self.landscapes, LANDSCAPES.iter().map(|landscape| landscape.name))
    }

    fn validate_light(&self) -> Result<(), InvalidSetting> {
        checks::range("room.light_azimuth_degrees", self.light_azimuth_degrees, 0.0, 360.0)?;
        checks::range("room.light_elevation_degrees", self.light_elevation_degrees, 5.0, 90.0)?;
        checks::range("room.light_direct", self.light_direct, 0.0, 2.0)?;
        checks::range("room.light_ambient", self.light_ambient, 0.0, 2.0)
    }

    fn validate_objects(&self) -> Result<(), InvalidSetting> {
        checks::names("room.shapes", &self.shapes, Shape::all().map(Shape::name))?;
        checks::names("room.colors", &self.colors, Color::all().map(Color::name))?;
        checks::distinct("room.sizes", &self.sizes)?;
        checks::range("room.num_objects", self.num_objects, 0, 64)?;
        if let Some(radius) = self.object_radius {
            checks::within("room.object_radius", radius, 0.05, 1.0)?;
        }
        checks::within("room.object_clearance", self.object_clearance, 0.0, 3.0)?;
        checks::within("room.wall_clearance", self.wall_clearance, 0.0, 3.0)?;
        checks::within("room.spawn_clearance", self.spawn_clearance, 0.0, 3.0)?;
        checks::within("room.near_distance", self.near_distance, 0.0, 12.0)
    }

    /// The shapes that occur.
    pub fn shape_choices(&self) -> Vec<Shape> {
        if self.shapes.is_empty() {
            return Shape::all().collect();
        }
        self.shapes.iter().filter_map(|name| Shape::from_name(name)).collect()
    }

    /// The colours that occur.
    pub fn color_choices(&self) -> Vec<Color> {
        if self.colors.is_empty() {
            return Color::all().collect();
        }
        self.colors.iter().filter_map(|name| Color::from_name(name)).collect()
    }

    /// The sizes that occur.
    pub fn size_choices(&self) -> Vec<Size> {
        if self.sizes.is_empty() { Size::ALL.to_vec() } else { self.sizes.clone() }
    }
}
