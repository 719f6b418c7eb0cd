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
    /// An object is visited when it is near and in view. Near: the gap between the body and the object's outline seen
    /// from above (its footprint, as it is turned now) is at most this, metres, 0.2 to 2. At the default of 1 m even a
    /// thing that is a hand high is still within the picture of a level eye at its default height.
    pub visit_distance: f32,
    /// Whether an object must be in view to be visited; else it need only be near. In view: its middle (of footprint
    /// and height) lies within the eye's horizontal angle, and the straight line from the eye to its middle passes
    /// through no wall and no other object (footprint times height; what is held hides nothing). Whether the eye looks
    /// up or down does not matter, nor does the picture. Default true.
    ///
    /// Once all objects are visited, all count again; one that is near then must first be left, that is, not be near
    /// for one physics step: looking away is not leaving.
    pub visit_in_view: bool,
}

impl Default for TaskConfig {
    fn default() -> Self {
        Self { name: TaskName::default(), episode_steps: 225, visit_distance: 1.0, visit_in_view: true }
    }
}

impl TaskConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        check_within("task.episode_steps", self.episode_steps, 1, 100_000)?;
        check_within("task.visit_distance", self.visit_distance, 0.2, 2.0)
    }
}
