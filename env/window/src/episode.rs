//! What is played, and what is drawn of it.

use groundling_film::Canvas;
use groundling_room::Camera;

/// What a window must know of an episode.
#[derive(Debug, Clone)]
pub struct Episode {
    /// Of the window.
    pub title: String,
    /// Seconds of the room's own time that a step lasts.
    pub seconds_per_step: f32,
    /// What the agent looks through, one a step from the first observation on; not empty.
    pub eyes: Vec<Camera>,
    /// Steps that were rewarded.
    pub rewarded: Vec<u32>,
    /// Names of what can be looked at; not empty.
    pub views: Vec<String>,
    /// Questions to choose from; may be 0.
    pub num_questions: usize,
    /// Why it must not be believed, in a few words, if it must not.
    pub warning: Option<String>,
}

impl Episode {
    /// The last step.
    pub fn last_step(&self) -> u32 {
        (self.eyes.len() as u32).saturating_sub(1)
    }
}

/// How the window begins.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// Columns and rows of the picture; those that suit the display where none are asked for.
    pub size: Option<(usize, usize)>,
    /// The step that is shown first, and at which playing begins again.
    pub from: u32,
    /// The step at which playing stops.
    pub to: u32,
    /// Steps a second.
    pub rate: f64,
    /// Index of the view.
    pub view: usize,
    /// Index of the question.
    pub question: usize,
}

/// A picture that is to be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// Of this step.
    pub step: u32,
    /// Index of the view.
    pub view: usize,
    /// Index of the question.
    pub question: usize,
    /// Where the free camera is, when it has left the agent: then the view does not matter.
    pub camera: Option<Camera>,
    /// The most columns and rows; large enough for any view.
    pub size: (usize, usize),
}

/// Draws pictures, on a thread of its own.
pub trait Pictures {
    /// Why a picture could not be drawn.
    type Error: Send;

    /// The picture; one that is smaller than was asked for is shown in the middle.
    fn draw(&mut self, wanted: &Wanted) -> Result<Canvas, Self::Error>;
}
