use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use super::{check_range, check_within};

/// How objects move, and what the agent can do to them: the `physics` section.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhysicsConfig {
    /// Whether objects move at all. Where not, every object is as fixed as a wall. Default true.
    pub movable: bool,
    /// Downward acceleration, metres a second squared, 0 to 30. Default 9.81.
    pub gravity: f32,
    /// Coulomb friction of everything on everything, 0 to 2. Default 0.5.
    pub friction: f32,
    /// Share of its speed with which a thing bounces off another, 0 to 0.9. Default 0.1.
    pub restitution: f32,
    /// Objects heavier than this are not moved by walking into them, kilograms, 0 to 1,000; lighter ones move the
    /// slower the nearer they are to it. Default 20.
    pub push_limit: f32,
    /// The greatest force with which the agent pushes or carries, newtons, 1 to 10,000. Default 200.
    pub push_strength: f32,
    /// Objects heavier than this cannot be held, kilograms, 0 to 1,000. Default 8.
    pub lift_limit: f32,
    /// How far from the eye an object can be grabbed, metres, 0.3 to 5. Default 2.
    pub reach: f32,
    /// Least and greatest distance from the eye at which an object is held, metres, within 0.2 to 4. Whatever is set,
    /// a held object is kept clear of the body. Default 0.5 to 1.5.
    pub hold_distance: [f32; 2],
    /// A held object that is kept back by something is lost when it is this far from where it should be, metres, 0.1
    /// to 3. Default 0.6.
    pub hold_slack: f32,
    /// Greatest speed of a held object relative to the agent's hands, metres a second, 0.5 to 20. Default 4.
    pub hold_speed: f32,
    /// Greatest speed at which an object leaves the hands, metres a second, 0 to 10. Default 2.
    pub release_speed: f32,
    /// How fast pushing and pulling change the distance of a held object, metres a second, 0.05 to 5. Default 0.75,
    /// which is 0.1 m an action.
    pub reach_speed: f32,
    /// How fast a held object is spun, degrees a second, 1 to 720. Default 112.5, which is 15 degrees an action.
    pub spin_speed: f32,
}

impl Default for PhysicsConfig {
    fn default() -> Self {
        Self {
            movable: true,
            gravity: 9.81,
            friction: 0.5,
            restitution: 0.1,
            push_limit: 20.0,
            push_strength: 200.0,
            lift_limit: 8.0,
            reach: 2.0,
            hold_distance: [0.5, 1.5],
            hold_slack: 0.6,
            hold_speed: 4.0,
            release_speed: 2.0,
            reach_speed: 0.75,
            spin_speed: 112.5,
        }
    }
}

impl PhysicsConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        check_within("physics.gravity", self.gravity, 0.0, 30.0)?;
        check_within("physics.friction", self.friction, 0.0, 2.0)?;
        check_within("physics.restitution", self.restitution, 0.0, 0.9)?;
        check_within("physics.push_limit", self.push_limit, 0.0, 1000.0)?;
        check_within("physics.push_strength", self.push_strength, 1.0, 10_000.0)?;
        check_within("physics.lift_limit", self.lift_limit, 0.0, 1000.0)?;
        check_within("physics.reach", self.reach, 0.3, 5.0)?;
        check_range("physics.hold_distance", self.hold_distance, 0.2, 4.0)?;
        check_within("physics.hold_slack", self.hold_slack, 0.1, 3.0)?;
        check_within("physics.hold_speed", self.hold_speed, 0.5, 20.0)?;
        check_within("physics.release_speed", self.release_speed, 0.0, 10.0)?;
        check_within("physics.reach_speed", self.reach_speed, 0.05, 5.0)?;
        check_within("physics.spin_speed", self.spin_speed, 1.0, 720.0)
    }

    /// The mass, kilograms, above which nothing that the agent does moves an object: it is then as fixed as a wall.
    pub fn movable_limit(&self) -> f32 {
        if self.movable { self.push_limit.max(self.lift_limit) } else { -1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_checked_and_named() {
        type Change = fn(&mut PhysicsConfig, f32);
        let changes: [(&str, Change); 12] = [
            ("gravity", |config, value| config.gravity = value),
            ("friction", |config, value| config.friction = value),
            ("restitution", |config, value| config.restitution = value),
            ("push_limit", |config, value| config.push_limit = value),
            ("push_strength", |config, value| config.push_strength = value),
            ("lift_limit", |config, value| config.lift_limit = value),
            ("reach", |config, value| config.reach = value),
            ("hold_slack", |config, value| config.hold_slack = value),
            ("hold_speed", |config, value| config.hold_speed = value),
            ("release_speed", |config, value| config.release_speed = value),
            ("reach_speed", |config, value| config.reach_speed = value),
            ("spin_speed", |config, value| config.spin_speed = value),
        ];
        PhysicsConfig::default().validate().unwrap();
        for (name, change) in changes {
            for value in [f32::NAN, f32::INFINITY, -1.0, 1e6] {
                let mut config = PhysicsConfig::default();
                change(&mut config, value);
                let error = config.validate().unwrap_err().to_string();
                assert!(error.starts_with(&format!("physics.{name} = {value}: must lie between ")), "{error}");
            }
        }
        for hold_distance in [[1.0, 0.5], [0.1, 1.0], [0.5, 5.0], [f32::NAN, 1.0], [0.5, f32::NAN]] {
            let error = PhysicsConfig { hold_distance, ..PhysicsConfig::default() }.validate().unwrap_err();
            assert!(error.to_string().starts_with("physics.hold_distance = ["), "{error}");
        }
    }
}
