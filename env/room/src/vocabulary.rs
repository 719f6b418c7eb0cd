//! The words of the room: shapes, colours and sizes.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::scene::{Mesh, Rgb};
use crate::shapes::{self, Footprint};
use crate::solid::Solid;

/// Index into the table of shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shape(pub u8);

/// Index into the table of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Color(pub u8);

/// How large an object is, relative to its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// The smallest.
    Small,
    /// Between the two.
    Medium,
    /// The largest.
    Large,
}

/// Names and linear colours. The first six are the easiest to tell apart.
const COLORS: [(&str, Rgb); 10] = [
    ("red", [0.716, 0.013, 0.013]),
    ("green", [0.013, 0.352, 0.032]),
    ("blue", [0.017, 0.061, 0.716]),
    ("yellow", [0.913, 0.679, 0.013]),
    ("purple", [0.262, 0.021, 0.456]),
    ("cyan", [0.013, 0.578, 0.645]),
    ("orange", [0.871, 0.188, 0.007]),
    ("pink", [0.956, 0.262, 0.485]),
    ("white", [0.913, 0.913, 0.913]),
    ("black", [0.010, 0.010, 0.012]),
];

impl Shape {
    /// Number of shapes.
    pub const COUNT: usize = shapes::NUM_SHAPES;

    /// Every shape, in the order of the table.
    pub fn all() -> impl ExactSizeIterator<Item = Shape> + Clone {
        (0..Self::COUNT as u8).map(Shape)
    }

    /// One or two plain words.
    pub fn name(self) -> &'static str {
        shapes::row(self.0).name
    }

    /// The shape of this name.
    pub fn from_name(name: &str) -> Option<Shape> {
        Self::all().find(|shape| shape.name() == name)
    }

    /// Height at medium size, metres.
    pub fn height(self) -> f32 {
        shapes::row(self.0).height
    }

    /// What it looks like: height 1, the centre of its footprint at the origin; shared by all who ask.
    pub fn mesh(self) -> &'static Arc<Mesh> {
        &shapes::model(self.0).mesh
    }

    /// What it takes up on the floor where its height is 1.
    pub fn footprint(self) -> Footprint {
        shapes::model(self.0).footprint
    }

    /// Mass at medium size, kilograms. It grows with the cube of the size's factor.
    pub fn mass(self) -> f32 {
        shapes::row(self.0).mass
    }

    /// The convex parts it is made of where its height is 1; a hollow is filled.
    pub fn solids(self) -> &'static [Solid] {
        &shapes::model(self.0).solids
    }

    /// Linear colours of the parts that do not take the object's colour: slots 1, 2, … of the mesh.
    pub fn materials(self) -> &'static [Rgb] {
        shapes::row(self.0).materials
    }
}

impl Color {
    /// Number of colours.
    pub const COUNT: usize = COLORS.len();

    /// Every colour, in the order of the table.
    pub fn all() -> impl ExactSizeIterator<Item = Color> + Clone {
        (0..Self::COUNT as u8).map(Color)
    }

    fn row(self) -> (&'static str, Rgb) {
        // An index past the end can only come from altered data.
        COLORS[usize::from(self.0).min(COLORS.len() - 1)]
    }

    /// One plain word.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// Linear light.
    pub fn rgb(self) -> Rgb {
        self.row().1
    }

    /// The colour of this name.
    pub fn from_name(name: &str) -> Option<Color> {
        Self::all().find(|color| color.name() == name)
    }
}

impl Size {
    /// Every size, smallest first.
    pub const ALL: [Size; 3] = [Size::Small, Size::Medium, Size::Large];

    /// One plain word.
    pub fn name(self) -> &'static str {
        match self {
            Size::Small => "small",
            Size::Medium => "medium",
            Size::Large => "large",
        }
    }

    /// Length relative to medium.
    pub fn factor(self) -> f32 {
        match self {
            Size::Small => 0.75,
            Size::Medium => 1.0,
            Size::Large => 1.3,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
