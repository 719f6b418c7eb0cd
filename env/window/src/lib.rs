//! A window in which the steps of an episode are played, stepped through and looked around in.
//!
//! A [`Player`] turns keys, the pointer and the time into what is wanted; somebody else's [`Pictures`] draws that, on a
//! thread of its own and always the newest; what was drawn is shown with a timeline and a line of status below. Only
//! this crate knows the windows of the system, and nothing here knows an episode's room or renderer.

mod controls;
mod episode;
mod error;
mod free_camera;
mod help;
mod keys;
mod painting;
mod pixels;
mod places;
mod player;
mod screen;
mod showing;

pub use episode::{Episode, Opening, Pictures, Wanted};
pub use error::{Stopped, WindowError};
pub use help::{Binding, bindings};
pub use keys::{Key, Press};
pub use player::Player;
pub use screen::Screen;
pub use showing::{Ended, show};
