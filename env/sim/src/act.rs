//! The actions of the room, by name.

use groundling_interface::{Action, EnvironmentError};

/// What the body can do, in the order of the action set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    Noop,
    /// Move the way the eye looks.
    Forward,
    /// Move the other way.
    Back,
    /// Move sideways to the left.
    Left,
    /// Move sideways to the right.
    Right,
    /// Turn left.
    LookLeft,
    /// Turn right.
    LookRight,
    /// Tilt the eye up.
    LookUp,
    /// Tilt the eye down.
    LookDown,
}

impl Act {
    /// Every act, in the order of the action set.
    pub const ALL: [Act; 9] = [
        Act::Noop,
        Act::Forward,
        Act::Back,
        Act::Left,
        Act::Right,
        Act::LookLeft,
        Act::LookRight,
        Act::LookUp,
        Act::LookDown,
    ];

    /// Its name in the action set.
    pub fn name(self) -> &'static str {
        match self {
            Act::Noop => "noop",
            Act::Forward => "forward",
            Act::Back => "back",
            Act::Left => "left",
            Act::Right => "right",
            Act::LookLeft => "look_left",
            Act::LookRight => "look_right",
            Act::LookUp => "look_up",
            Act::LookDown => "look_down",
        }
    }

    /// Its index in the action set.
    pub fn action(self) -> Action {
        Action(self as u16)
    }
}

impl TryFrom<Action> for Act {
    type Error = EnvironmentError;

    fn try_from(action: Action) -> Result<Act, EnvironmentError> {
        let unknown = EnvironmentError::UnknownAction { action: action.0, num_actions: Act::ALL.len() };
        Act::ALL.get(usize::from(action.0)).copied().ok_or(unknown)
    }
}
