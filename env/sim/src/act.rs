//! The actions of the room, by name.
//!
//! Grabbing is as in Hill et al. 2020: an object is held as long as the actions contain grab, and any action without it
//! lets go. That paper lists 26 actions; 24 follow from its description and are here. Which the other two are is not
//! known to us.

use groundling_interface::{Action, EnvironmentError};
use serde::{Deserialize, Serialize};

/// Which actions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionSet {
    /// Nothing, four moves and four looks.
    #[default]
    Explore,
    /// The same, with the same indices, and grabbing: with each of the moves and looks, and with turning, pushing away
    /// and pulling near what is held.
    Manipulate,
}

impl ActionSet {
    /// The acts of the set, in the order of their indices.
    pub fn acts(self) -> &'static [Act] {
        match self {
            ActionSet::Explore => &Act::MANIPULATE[..9],
            ActionSet::Manipulate => &Act::MANIPULATE,
        }
    }

    /// The act of this index; an error where the set has none.
    pub fn act(self, action: Action) -> Result<Act, EnvironmentError> {
        let acts = self.acts();
        let unknown = EnvironmentError::UnknownAction { action: action.0, num_actions: acts.len() };
        acts.get(usize::from(action.0)).copied().ok_or(unknown)
    }
}

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
    /// Take hold of what is in the middle of the view, or go on holding it.
    Grab,
    /// `Grab` and `Forward`.
    GrabForward,
    /// `Grab` and `Back`.
    GrabBack,
    /// `Grab` and `Left`.
    GrabLeft,
    /// `Grab` and `Right`.
    GrabRight,
    /// `Grab` and `LookLeft`.
    GrabLookLeft,
    /// `Grab` and `LookRight`.
    GrabLookRight,
    /// `Grab` and `LookUp`.
    GrabLookUp,
    /// `Grab` and `LookDown`.
    GrabLookDown,
    /// `Grab`, and turn what is held to the left about the vertical.
    GrabSpinLeft,
    /// `Grab`, and turn what is held to the right about the vertical.
    GrabSpinRight,
    /// `Grab`, and turn what is held backwards: its far side comes up.
    GrabSpinUp,
    /// `Grab`, and turn what is held forwards: its far side goes down.
    GrabSpinDown,
    /// `Grab`, and hold farther away.
    GrabPush,
    /// `Grab`, and hold nearer.
    GrabPull,
}

impl Act {
    /// The acts of `ActionSet::Explore`.
    pub const EXPLORE: [Act; 9] = [
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

    /// The acts of `ActionSet::Manipulate`: every act there is. The first nine are those of `EXPLORE`.
    pub const MANIPULATE: [Act; 24] = [
        Act::Noop,
        Act::Forward,
        Act::Back,
        Act::Left,
        Act::Right,
        Act::LookLeft,
        Act::LookRight,
        Act::LookUp,
        Act::LookDown,
        Act::Grab,
        Act::GrabForward,
        Act::GrabBack,
        Act::GrabLeft,
        Act::GrabRight,
        Act::GrabLookLeft,
        Act::GrabLookRight,
        Act::GrabLookUp,
        Act::GrabLookDown,
        Act::GrabSpinLeft,
        Act::GrabSpinRight,
        Act::GrabSpinUp,
        Act::GrabSpinDown,
        Act::GrabPush,
        Act::GrabPull,
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
            Act::Grab => "grab",
            Act::GrabForward => "grab_forward",
            Act::GrabBack => "grab_back",
            Act::GrabLeft => "grab_left",
            Act::GrabRight => "grab_right",
            Act::GrabLookLeft => "grab_look_left",
            Act::GrabLookRight => "grab_look_right",
            Act::GrabLookUp => "grab_look_up",
            Act::GrabLookDown => "grab_look_down",
            Act::GrabSpinLeft => "grab_spin_left",
            Act::GrabSpinRight => "grab_spin_right",
            Act::GrabSpinUp => "grab_spin_up",
            Act::GrabSpinDown => "grab_spin_down",
            Act::GrabPush => "grab_push",
            Act::GrabPull => "grab_pull",
        }
    }

    /// Its index in the action set.
    pub fn action(self) -> Action {
        Action(self as u16)
    }

    /// Whether it contains grab.
    pub fn grabs(self) -> bool {
        self as u8 >= Act::Grab as u8
    }

    /// What it does besides grabbing: `Noop`, a move or a look.
    pub fn without_grab(self) -> Act {
        match self {
            Act::GrabForward => Act::Forward,
            Act::GrabBack => Act::Back,
            Act::GrabLeft => Act::Left,
            Act::GrabRight => Act::Right,
            Act::GrabLookLeft => Act::LookLeft,
            Act::GrabLookRight => Act::LookRight,
            Act::GrabLookUp => Act::LookUp,
            Act::GrabLookDown => Act::LookDown,
            act if act.grabs() => Act::Noop,
            act => act,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_follow_the_order_and_exploring_is_the_beginning_of_manipulating() {
        for (index, act) in Act::MANIPULATE.into_iter().enumerate() {
            assert_eq!(usize::from(act.action().0), index);
            assert_eq!(ActionSet::Manipulate.act(act.action()), Ok(act));
            assert_eq!(act.grabs(), act.name().starts_with("grab"));
            let rest = act.without_grab();
            assert!(!rest.grabs());
            let parts = [format!("grab_{}", rest.name()), rest.name().to_owned()];
            assert!(parts.contains(&act.name().to_owned()) || rest == Act::Noop, "{act:?}: {rest:?}");
        }
        assert_eq!(ActionSet::Explore.acts(), Act::EXPLORE);
        let names: std::collections::BTreeSet<_> = Act::MANIPULATE.map(Act::name).into();
        assert_eq!(names.len(), 24);
    }

    #[test]
    fn an_index_past_the_set_is_refused_with_the_size_of_the_set() {
        let unknown = |action, num_actions| Err(EnvironmentError::UnknownAction { action, num_actions });
        assert_eq!(ActionSet::Explore.act(Action(9)), unknown(9, 9));
        assert_eq!(ActionSet::Manipulate.act(Action(24)), unknown(24, 24));
    }
}
