//! What a world is made from: the sections `room`, `camera`, `control`, `physics`, `task` and
//! `explorer` of a configuration.

mod camera;
mod control;
mod explorer;
mod physics;
mod task;

use groundling_interface::InvalidSetting;
use groundling_room::RoomConfig;
use serde::{Deserialize, Serialize};

pub use camera::CameraConfig;
pub use control::ControlConfig;
pub use explorer::{ExplorerConfig, Order};
pub use physics::PhysicsConfig;
pub use task::TaskConfig;

/// Everything that, with a seed and the actions, decides an episode.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorldConfig {
    /// What rooms are drawn from.
    pub room: RoomConfig,
    /// The agent's eye.
    pub camera: CameraConfig,
    /// The agent's body and what actions do to it.
    pub control: ControlConfig,
    /// How objects move, and what the agent can do to them.
    pub physics: PhysicsConfig,
    /// What is rewarded, and for how long.
    pub task: TaskConfig,
    /// The scripted explorer, where one acts.
    pub explorer: ExplorerConfig,
}

impl WorldConfig {
    /// Checks every setting, and those that depend on each other.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        self.room.validate()?;
        self.camera.validate()?;
        self.control.validate()?;
        self.physics.validate()?;
        self.task.validate()?;
        self.explorer.validate()?;
        // The body must pass between any two things, or some object might be out of reach.
        let passage = millimetres(2.0 * self.control.body_radius + 0.1);
        let expected = format!("must be at least {passage} (2 * control.body_radius + 0.1), so that the body passes");
        let clearances =
            [("room.object_clearance", self.room.object_clearance), ("room.wall_clearance", self.room.wall_clearance)];
        for (key, value) in clearances {
            InvalidSetting::unless(value >= passage, key, value, &expected)?;
        }
        let (eye, ceiling) = (self.camera.eye_height, self.room.wall_height[0]);
        let expected = "must be 0.1 below the least room.wall_height";
        InvalidSetting::unless(eye + 0.1 <= ceiling, "camera.eye_height", eye, expected)?;
        let apart = millimetres(self.control.body_radius + 0.05);
        let expected = format!("must be at least {apart} (control.body_radius + 0.05)");
        let spawn = self.room.spawn_clearance;
        InvalidSetting::unless(spawn >= apart, "room.spawn_clearance", spawn, &expected)
    }
}

/// Rounded, so that a limit worked out in floats equals the number a person would write.
fn millimetres(metres: f32) -> f32 {
    (metres * 1000.0).round() / 1000.0
}

fn check_within<T: PartialOrd + std::fmt::Display>(
    key: &str,
    value: T,
    least: T,
    greatest: T,
) -> Result<(), InvalidSetting> {
    let holds = least <= value && value <= greatest;
    let expected = format!("must lie between {least} and {greatest}");
    InvalidSetting::unless(holds, key, value, &expected)
}

fn check_range(key: &str, [low, high]: [f32; 2], least: f32, greatest: f32) -> Result<(), InvalidSetting> {
    let expected = format!("must be [least, greatest] with {least} <= least <= greatest <= {greatest}");
    InvalidSetting::unless(least <= low && low <= high && high <= greatest, key, format!("[{low}, {high}]"), &expected)
}
