//! What rooms can hold: the range of every argument and every answer.

use groundling_room::{Color, RoomConfig, Shape};

/// The shapes, colours and numbers of objects that occur in the rooms of one configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Every shape that can occur.
    pub shapes: Vec<Shape>,
    /// Every colour that can occur.
    pub colors: Vec<Color>,
    /// The most objects that a room holds.
    pub max_objects: usize,
}

impl From<&RoomConfig> for Domain {
    fn from(config: &RoomConfig) -> Self {
        let max_objects = config.num_objects[1] as usize;
        Self { shapes: config.shape_choices(), colors: config.color_choices(), max_objects }
    }
}
