use groundling_interface::{InvalidSetting, Motion};
use serde::{Deserialize, Serialize};

use super::check_within;
use crate::act::{Act, ActionSet};

/// The agent's body and what actions do to it: the `control` section.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ControlConfig {
    /// The actions there are: `explore` (doing nothing, four moves, four looks) or `manipulate` (the same nine, and
    /// grabbing, carrying and turning things). Default `explore`.
    pub actions: ActionSet,
    /// Physics steps a second, 1 to 240. Default 30.
    pub rate_hz: u32,
    /// Physics steps an action lasts, 1 to 60. Default 4.
    pub action_repeat: u32,
    /// Metres a second, 0.01 to 20. Default 1.5.
    pub move_speed: f32,
    /// Degrees a second, 1 to 3600. Default 180, which is 24 degrees an action.
    pub turn_speed: f32,
    /// Radius of the body, metres, 0.05 to 0.4. Default 0.15. It is as tall as the room: it climbs nothing and creeps
    /// under nothing.
    pub body_radius: f32,
}

impl Default for ControlConfig {
    fn default() -> Self {
        Self {
            actions: ActionSet::Explore,
            rate_hz: 30,
            action_repeat: 4,
            move_speed: 1.5,
            turn_speed: 180.0,
            body_radius: 0.15,
        }
    }
}

impl ControlConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        check_within("control.rate_hz", self.rate_hz, 1, 240)?;
        check_within("control.action_repeat", self.action_repeat, 1, 60)?;
        check_within("control.move_speed", self.move_speed, 0.01, 20.0)?;
        check_within("control.turn_speed", self.turn_speed, 1.0, 3600.0)?;
        check_within("control.body_radius", self.body_radius, 0.05, 0.4)
    }

    /// Metres a physics step moves the body.
    pub fn move_length(&self) -> f32 {
        self.move_speed / self.rate_hz as f32
    }

    /// Radians a physics step turns the body or tilts the eye.
    pub fn turn_angle(&self) -> f32 {
        self.turn_speed.to_radians() / self.rate_hz as f32
    }

    /// What an act does to the body if nothing is in its way and the eye can tilt on.
    pub fn motion(&self, act: Act) -> Motion {
        let num_steps = self.action_repeat as f32;
        let (length, angle) = (self.move_length() * num_steps, self.turn_angle() * num_steps);
        let still = Motion::default();
        match act.without_grab() {
            Act::Forward => Motion { forward: length, ..still },
            Act::Back => Motion { forward: -length, ..still },
            Act::Left => Motion { left: length, ..still },
            Act::Right => Motion { left: -length, ..still },
            Act::LookLeft => Motion { turn: angle, ..still },
            Act::LookRight => Motion { turn: -angle, ..still },
            Act::LookUp => Motion { tilt: angle, ..still },
            Act::LookDown => Motion { tilt: -angle, ..still },
            _ => still,
        }
    }
}
