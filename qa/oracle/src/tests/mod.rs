//! Tests of teaching, in a world made by hand: what is asked at an episode's end could be seen at its beginning only.

mod encoding;
mod gradients;
mod learning;
mod world;
