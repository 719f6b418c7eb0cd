//! What a room is, as plain data: vocabulary, meshes, sampled rooms, scenes and facts.

mod facts;
mod scene;
mod vocabulary;

pub use facts::{ObjectFacts, WorldFacts};
pub use scene::{Camera, Instance, Light, Mesh, Pattern, Projection, Rgb, Scene, Surface, Triangle};
pub use vocabulary::{Color, Shape, Size};
