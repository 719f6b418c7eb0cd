//! Scene and camera to colour, depth and object ids, on the CPU.
//!
//! A picture is made in two passes. The *visibility pass* (`surface`, `mesh`, `triangle`) finds for each pixel the nearest
//! face and writes its number and nearness. The *shading pass* (`shading`) goes over blocks of eight pixels and writes
//! colours and object ids: what is flat comes from a table of faces; patterns and contact shadows are evaluated there,
//! once a visible pixel.
//!
//! The same scene and camera give the same bytes on every machine: only `+ - * /`, square roots and `libm` are used, and
//! every vector unit (`vector_unit`) does the same operations in the same order.
//!
//! Whatever runs in vectors is `#[inline(always)]`, closures too: it becomes one piece of code for each vector unit.

mod camera;
mod error;
mod face;
mod frame;
mod light;
mod mesh;
mod pattern;
mod picture;
mod placement;
mod polygon;
mod ramp;
mod ready_mesh;
mod renderer;
#[cfg(test)]
#[path = "../tests/scenes/mod.rs"]
mod scenes;
mod shading;
mod shadow;
mod sight;
mod srgb;
mod surface;
mod triangle;
mod vector_unit;
mod vectors;

pub use error::RenderError;
pub use renderer::{MAX_SIDE, MIN_SIDE, NEAR, Renderer};
