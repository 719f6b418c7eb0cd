//! What rooms are drawn from: the `room` section of a configuration.

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

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

/// What rooms are drawn from. Lengths in metres.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoomConfig {
    /// Outline of the floor. Default `l_shape`.
    pub layout: Layout,
    /// Least and greatest side of the floor's bounding rectangle, within 3 to 12. Default 4.5 to 6.5.
    pub side: [f32; 2],
    /// Least and greatest part of a side that the notch takes, within 0.2 to 0.7. Default 0.35 to 0.55.
    pub notch: [f32; 2],
    /// Height of the walls, within 1.5 to 5. Default 2.6.
    pub wall_height: f32,
    /// `fixed`: distinct muted colours with stripes of 1 m; `sampled`: colours and patterns a wall or a room.
    pub walls: Variation,
    /// `fixed`: a grey checker; `sampled`: colours and pattern.
    pub floor: Variation,
    /// Whether one wall has a door.
    pub door: bool,
    /// Whether some walls have windows.
    pub windows: bool,
    /// `fixed`, or a `sampled` direction.
    pub light: Variation,
    /// Names of the shapes that occur; all when empty.
    pub shapes: Vec<String>,
    /// Names of the colours that occur; all when empty.
    pub colors: Vec<String>,
    /// Sizes that occur; all when empty.
    pub sizes: Vec<Size>,
    /// Least and greatest number of objects, within 1 to 32. Default 5 to 7.
    pub num_objects: [u32; 2],
    /// Where given, every object is scaled so that the larger of its footprint's radius and half its height is this
    /// at medium size, within 0.05 to 1; else it has its natural size. Default natural.
    pub object_radius: Option<f32>,
    /// Least gap between the discs around two objects' footprints. Default 0.5.
    pub object_clearance: f32,
    /// Least gap between the disc around an object's footprint and a wall. Default 0.45.
    pub wall_clearance: f32,
    /// Least distance of the spawn point from walls and from the discs around footprints. Default 0.5.
    pub spawn_clearance: f32,
    /// Two objects are near each other when the gap between the discs around their footprints is at most this, within
    /// 0 to 12. Default 1.
    pub near_distance: f32,
}

impl Default for RoomConfig {
    fn default() -> Self {
        Self {
            layout: Layout::LShape,
            side: [4.5, 6.5],
            notch: [0.35, 0.55],
            wall_height: 2.6,
            walls: Variation::Sampled,
            floor: Variation::Sampled,
            door: true,
            windows: true,
            light: Variation::Sampled,
            shapes: Vec::new(),
            colors: Vec::new(),
            sizes: Vec::new(),
            num_objects: [5, 7],
            object_radius: None,
            object_clearance: 0.5,
            wall_clearance: 0.45,
            spawn_clearance: 0.5,
            near_distance: 1.0,
        }
    }
}

impl RoomConfig {
    /// Checks every setting by itself. Whether so many objects find place is only known when a room is drawn.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        check_range("room.side", self.side, 3.0, 12.0)?;
        check_range("room.notch", self.notch, 0.2, 0.7)?;
        check_within("room.wall_height", self.wall_height, 1.5, 5.0)?;
        check_names(
            "room.shapes",
            &self.shapes,
            |name| Shape::from_name(name).is_some(),
            Shape::all().map(Shape::name),
        )?;
        check_names(
            "room.colors",
            &self.colors,
            |name| Color::from_name(name).is_some(),
            Color::all().map(Color::name),
        )?;
        check_distinct("room.sizes", &self.sizes)?;
        let [least, greatest] = self.num_objects;
        InvalidSetting::unless(
            1 <= least && least <= greatest && greatest <= 32,
            "room.num_objects",
            format!("[{least}, {greatest}]"),
            "must be [least, greatest] with 1 <= least <= greatest <= 32",
        )?;
        if let Some(radius) = self.object_radius {
            check_within("room.object_radius", radius, 0.05, 1.0)?;
        }
        check_within("room.object_clearance", self.object_clearance, 0.0, 3.0)?;
        check_within("room.wall_clearance", self.wall_clearance, 0.0, 3.0)?;
        check_within("room.spawn_clearance", self.spawn_clearance, 0.0, 3.0)?;
        check_within("room.near_distance", self.near_distance, 0.0, 12.0)
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

fn check_within(key: &str, value: f32, least: f32, greatest: f32) -> Result<(), InvalidSetting> {
    let expected = format!("must lie between {least} and {greatest}");
    InvalidSetting::unless((least..=greatest).contains(&value), key, value, &expected)
}

fn check_range(key: &str, [low, high]: [f32; 2], least: f32, greatest: f32) -> Result<(), InvalidSetting> {
    let expected = format!("must be [low, high] with {least} <= low <= high <= {greatest}");
    InvalidSetting::unless(least <= low && low <= high && high <= greatest, key, format!("[{low}, {high}]"), &expected)
}

fn check_names<'a>(
    key: &str,
    names: &[String],
    known: impl Fn(&str) -> bool,
    choices: impl Iterator<Item = &'a str>,
) -> Result<(), InvalidSetting> {
    if let Some(name) = names.iter().find(|name| !known(name)) {
        let choices: Vec<&str> = choices.collect();
        return Err(InvalidSetting::new(key, name, format!("must be names of {}", choices.join(", "))));
    }
    check_distinct(key, names)
}

/// A name given twice would be drawn twice as often, which no reader of the configuration expects.
fn check_distinct<T: PartialEq + std::fmt::Debug>(key: &str, values: &[T]) -> Result<(), InvalidSetting> {
    let repeated = values.iter().enumerate().find(|(index, value)| values[..*index].contains(value));
    match repeated {
        Some((_, value)) => Err(InvalidSetting::new(key, format!("{value:?}"), "must be given once only")),
        None => Ok(()),
    }
}
