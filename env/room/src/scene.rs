//! What there is to draw: plain data that every painter (the CPU renderer, later bevy) reads in the same way.
//!
//! Metres, seconds, radians; right-handed, y up; a camera looks along −z at yaw 0; positive yaw turns left.
//! Colours are linear light in `[0, 1]`; a painter converts to sRGB at the end.

use std::sync::Arc;

use glam::{Affine3A, Vec3};
use serde::{Deserialize, Serialize};

/// Linear-light colour, each component in `[0, 1]`.
pub type Rgb = [f32; 3];

/// A triangle of a mesh: counter-clockwise seen from outside, flat-shaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triangle {
    /// Indices into `Mesh::positions`.
    pub vertices: [u16; 3],
    /// Index into `Instance::colors`.
    pub slot: u8,
}

/// A closed low-poly shape in its own frame: y up, origin at the centre of its footprint on the ground.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mesh {
    /// Vertices, metres.
    pub positions: Vec<Vec3>,
    /// Faces.
    pub triangles: Vec<Triangle>,
}

/// A placed mesh.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// What it looks like; shared between scenes.
    pub mesh: Arc<Mesh>,
    /// Where it stands, scale included.
    pub world_from_object: Affine3A,
    /// One colour a slot of the mesh.
    pub colors: Vec<Rgb>,
    /// Written to the id buffer; 0 is kept for the room itself, so object `i` has `i + 1`.
    pub object_id: u16,
    /// Radius on the floor of its contact shadow, metres; 0 for none.
    pub shadow_radius: f32,
}

/// How a surface's two colours alternate. Lengths in metres, measured along the surface's own axes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// The first colour everywhere.
    Plain,
    /// Squares of this side.
    Checker(f32),
    /// Vertical stripes of this width (across `u`).
    Stripes(f32),
    /// Bands of this height (across `v`).
    Bands(f32),
    /// Bricks twice as wide as this height, joints in the second colour.
    Bricks(f32),
    /// Boards of this width along `u`, joints and every other board in the second colour.
    Planks(f32),
    /// Square tiles of this side, joints in the second colour.
    Tiles(f32),
    /// Squares of this side that stand on a corner.
    Diamonds(f32),
    /// Discs of the second colour, this far apart from middle to middle.
    Dots(f32),
    /// Stripes and bands of this width over each other: both colours, and their mean where one of them crosses.
    Plaid(f32),
    /// Bands of this height that rise and fall.
    Zigzag(f32),
    /// Squares of this side, each of four boards that lie across those of its neighbours; joints and, partly, every
    /// other square in the second colour.
    Parquet(f32),
    /// The second colour up to this height (along `v`), the first above.
    Wainscot(f32),
    /// From the first colour to the second over this height (along `v`).
    Gradient(f32),
}

/// A flat convex four-sided face of the room, seen from one side only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// A corner.
    pub origin: Vec3,
    /// Full edge along the pattern's first axis (for walls: horizontal), metres.
    pub u: Vec3,
    /// Full edge along the second axis (for walls: up). The visible side is the one `u × v` points to.
    pub v: Vec3,
    /// The two colours of the pattern.
    pub colors: [Rgb; 2],
    /// How they alternate.
    pub pattern: Pattern,
    /// Coordinates of `origin` in the pattern, metres: faces that are cut from one wall share one pattern.
    pub pattern_offset: [f32; 2],
    /// Unlit surfaces (what is outdoors) shine with their own colour.
    pub emissive: bool,
    /// Contact shadows fall on it (the floor).
    pub receives_shadows: bool,
}

/// Light of a room: one direction, and a sky-to-ground ambient.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// Unit vector from a surface towards the light.
    pub direction: Vec3,
    /// Strength of the direct light on a face that looks into it.
    pub direct: f32,
    /// Ambient strength on faces that look up.
    pub ambient_up: f32,
    /// Ambient strength on faces that look down.
    pub ambient_down: f32,
}

/// Everything a painter needs but the camera.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The room's faces: floor, ceiling, walls, door, windows.
    pub surfaces: Vec<Surface>,
    /// What is seen through the windows; a map leaves it out.
    pub outdoors: Vec<Surface>,
    /// The objects.
    pub instances: Vec<Instance>,
    /// The light.
    pub light: Light,
    /// Colour where nothing is drawn: the sky, where there are windows.
    pub background: Rgb,
}

/// How a camera maps space to the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Projection {
    /// Full vertical opening angle, radians.
    Perspective {
        /// Radians, in (0, π).
        fov_y: f32,
    },
    /// Height of the picture, metres.
    Orthographic {
        /// Metres.
        height: f32,
    },
}

/// An eye. At yaw 0 and pitch 0 it looks along −z; positive pitch looks up (−π/2 is straight down).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// Metres.
    pub position: Vec3,
    /// Radians about +y.
    pub yaw: f32,
    /// Radians.
    pub pitch: f32,
    /// Perspective or orthographic.
    pub projection: Projection,
}
