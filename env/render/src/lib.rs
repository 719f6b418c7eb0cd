//! Scene and camera to colour, depth and object ids, on the CPU.
//!
//! A picture is made in two passes. The *visibility pass* (`surface`, `mesh`, `triangle`) finds for each pixel the nearest
//! face and writes its number and nearness. The *shading pass* (`shading`) walks over the runs of equal face numbers and
//! writes colour, object id and depth; patterns and contact shadows are evaluated there, once a visible pixel.
//!
//! The same scene and camera give the same bytes on every machine: only `+ - * /`, square roots and `libm` are used, and
//! the AVX2 build of the same code (chosen when the processor has it) fuses nothing.

mod camera;
mod error;
mod frame;
mod light;
mod mesh;
mod pattern;
mod polygon;
mod renderer;
#[cfg(test)]
#[expect(dead_code, reason = "other tests use the rest")]
#[path = "../tests/scenes/mod.rs"]
mod scenes;
mod shading;
mod shadow;
mod srgb;
mod surface;
mod triangle;

pub use error::RenderError;
pub use renderer::{MAX_SIDE, MIN_SIDE, NEAR, Renderer};
