//! The table of shapes. A new shape is one row and its builder, in the file of its kind.
//!
//! Builders may use any unit: meshes are brought to the height of their row. Slot 0 is the characteristic part, which
//! takes the object's colour; slots 1, 2, … are the row's materials.

mod distinct;
mod furniture;
mod household;
mod nature;
mod toys;
mod vehicles;
mod vessels;

use std::sync::{Arc, LazyLock};

use glam::Vec2;

use crate::mesh_builder::MeshBuilder;
use crate::scene::{Mesh, Rgb};
use crate::solid::Solid;

/// One shape.
pub(crate) struct ShapeRow {
    /// One or two plain words.
    pub(crate) name: &'static str,
    /// Metres at medium size.
    pub(crate) height: f32,
    /// Kilograms at medium size.
    pub(crate) mass: f32,
    /// Linear colours of slots 1, 2, …
    pub(crate) materials: &'static [Rgb],
    /// Draws it.
    pub(crate) build: fn(&mut MeshBuilder),
}

/// All kinds. The first six shapes are the easiest to tell apart in a very small picture.
const KINDS: [&[ShapeRow]; 7] = [
    distinct::SHAPES,
    furniture::SHAPES,
    household::SHAPES,
    vessels::SHAPES,
    nature::SHAPES,
    toys::SHAPES,
    vehicles::SHAPES,
];

// Materials, none of which is one of the ten colours.
const WOOD: Rgb = [0.30, 0.16, 0.07];
const METAL: Rgb = [0.35, 0.36, 0.38];
const LINEN: Rgb = [0.56, 0.47, 0.33];
const RUBBER: Rgb = [0.03, 0.03, 0.03];
const GLASS: Rgb = [0.14, 0.18, 0.20];
const FLAME: Rgb = [1.0, 0.80, 0.48];
const EARTH: Rgb = [0.10, 0.05, 0.03];
const STONE: Rgb = [0.20, 0.19, 0.17];

/// Number of shapes.
pub(crate) const NUM_SHAPES: usize = {
    let (mut count, mut kind) = (0, 0);
    while kind < KINDS.len() {
        count += KINDS[kind].len();
        kind += 1;
    }
    count
};

/// The row of shape `index`; an index past the table's end (from altered data) is taken for the last row.
pub(crate) fn row(index: u8) -> &'static ShapeRow {
    let index = usize::from(index).min(NUM_SHAPES - 1);
    KINDS.iter().flat_map(|kind| kind.iter()).nth(index).unwrap_or(&KINDS[0][0])
}

/// What an object takes up on the floor, in its own frame.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Footprint {
    /// A disc of this radius, metres.
    Disc(f32),
    /// A rectangle with these half edges along the object's own x and z, metres.
    Rectangle([f32; 2]),
}

impl Footprint {
    /// Radius of the smallest disc about the centre that holds it, metres.
    pub fn radius(self) -> f32 {
        match self {
            Footprint::Disc(radius) => radius,
            Footprint::Rectangle(half) => Vec2::from(half).length(),
        }
    }

    /// The same, `factor` times as large.
    pub fn scaled(self, factor: f32) -> Self {
        match self {
            Footprint::Disc(radius) => Footprint::Disc(radius * factor),
            Footprint::Rectangle([x, z]) => Footprint::Rectangle([x * factor, z * factor]),
        }
    }
}

/// What is worked out once for each shape.
pub(crate) struct Model {
    /// Height 1.
    pub(crate) mesh: Arc<Mesh>,
    /// At height 1.
    pub(crate) footprint: Footprint,
    /// At height 1.
    pub(crate) solids: Vec<Solid>,
}

static MODELS: LazyLock<Vec<Model>> =
    LazyLock::new(|| (0..NUM_SHAPES as u8).map(|index| model_of(row(index))).collect());

/// The mesh, footprint and solids of shape `index` at height 1.
pub(crate) fn model(index: u8) -> &'static Model {
    &MODELS[usize::from(index).min(NUM_SHAPES - 1)]
}

fn model_of(row: &ShapeRow) -> Model {
    let mut builder = MeshBuilder::new();
    (row.build)(&mut builder);
    let (mesh, solids) = builder.finish();
    let floor = mesh.positions.iter().map(|position| Vec2::new(position.x, position.z));
    let radius = floor.clone().map(Vec2::length).fold(0.0, f32::max);
    let half = floor.map(Vec2::abs).fold(Vec2::ZERO, Vec2::max);
    // The smaller of the two areas is the closer fit.
    let disc_fits = std::f32::consts::PI * radius * radius < 4.0 * half.x * half.y;
    let footprint = if disc_fits { Footprint::Disc(radius) } else { Footprint::Rectangle(half.into()) };
    Model { mesh: Arc::new(mesh), footprint, solids }
}
