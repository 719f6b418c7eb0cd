//! Panels, text, and pictures written as PNG, GIF, WebP and MP4.
//!
//! A [`Canvas`] is a picture one can draw on; a [`FilmWriter`] takes one canvas after the other and becomes a film when
//! it is finished; [`story`] composes the frames of an episode's film from plain data. Nothing here knows a room or an
//! agent, and only this crate knows the H.264 encoder.

mod band;
mod canvas;
mod error;
mod film;
mod gif;
mod mp4;
mod pending;
mod picture;
mod polygon;
mod sequence;
mod shapes;
pub mod story;
mod text;
mod webp;
mod yuv;

pub use canvas::{Canvas, MAX_SIDE};
pub use error::FilmError;
pub use film::{FilmFormat, FilmWriter};
pub use picture::{Fit, Picture, Rect};
pub use text::{TextSize, TextStyle};

/// sRGB colour.
pub type Color = [u8; 3];
