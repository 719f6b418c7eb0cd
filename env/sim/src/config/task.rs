use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use super::check_within;
use crate::task::TaskName;

/// What is rewarded, and for how long: the `task` section.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskConfig {
    /// What is rewarded: `explore` (1 for each object newly visited; once all are visited, all count again) or `find`
    /// (one object, drawn from the seed, is worth 1, and its visit ends the episode). Default `explore`.
    pub name: TaskName,
    /// Actions an episode lasts, 1 to 100,000; then it is truncated. Default 225.
    pub episode_steps: u32,
    /// An object is visited when the gap between the body and the edge of its footprint is at most this, metres, 0.2
    /// to 2. Whether it is in view does not matter. Default 0.3.
    pub visit_distance: f32,
}

impl Default for TaskConfig {
    fn default() -> Self {
        Self { name: TaskName::default(), episode_steps: 225, visit_distance: 0.3 }
    }
}

impl TaskConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        check_within("task.episode_steps", self.episode_steps, 1, 100_000)?;
        check_within("task.visit_distance", self.visit_distance, 0.2, 2.0)
    }
}
