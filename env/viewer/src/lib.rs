//! The room drawn by bevy: the same [`Scene`](groundling_room::Scene) as the CPU renderer draws, with shadows that
//! things cast and materials that shine a little. It needs a Vulkan adapter, one in software included, and no display.
//!
//! Every picture is known to be of the scene and the camera that were asked for: the target is wiped after each copy,
//! each pixel says which thing it shows, and that is compared with where the CPU renderer has things before a picture
//! is given out.

mod adapter;
mod app;
mod check;
mod entities;
mod error;
mod material;
mod meshes;
mod staging;
mod textures;
mod viewer;

pub use adapter::{Adapter, adapters};
pub use error::ViewerError;
pub use viewer::{Frame, MAX_SIDE, MIN_SIDE, Quality, Shot, Shown, Viewer};
