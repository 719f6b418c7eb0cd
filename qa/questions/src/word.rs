//! The words that fill a template's slots and that answer it.

use groundling_room::{Color, Shape};

/// A word with a meaning in the room. The derived order is the order in which answers are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// A colour's name.
    Color(Color),
    /// A shape's name.
    Shape(Shape),
    /// Yes.
    Yes,
    /// No.
    No,
    /// A number of things, in digits.
    Number(usize),
}

impl Word {
    /// How it is written. A name of two words, such as "rubber duck", is one token all the same.
    pub fn text(self) -> String {
        match self {
            Word::Color(color) => color.name().into(),
            Word::Shape(shape) => shape.name().into(),
            Word::Yes => "yes".into(),
            Word::No => "no".into(),
            Word::Number(number) => number.to_string(),
        }
    }
}
