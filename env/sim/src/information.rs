//! What only the simulator knows of one step, for those who measure: visits, what is in view, and why it ended.

use serde::{Deserialize, Serialize};

use crate::physics::Divergence;

/// Why an episode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// Its time is over (`task.episode_steps`): it is truncated.
    TimeLimit,
    /// The task is done: it is terminated.
    TaskDone,
    /// The physics went wrong: it is truncated, and shows the room as it was before.
    Diverged(Divergence),
}

/// An object that the agent's present picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectInView {
    /// Its index in the room's spec.
    pub object: u16,
    /// Pixels that show it, at least 1.
    pub pixels: u32,
}

/// One step as the simulator knows it. Objects are named by their index in the room's spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepInformation {
    /// Objects visited since the last refresh, in ascending order.
    pub visited: Vec<u16>,
    /// Objects whose visit began with the last action, in the order of the visits.
    pub newly_visited: Vec<u16>,
    /// How often all objects had been visited, and all counted again.
    pub num_refreshes: u32,
    /// What the picture shows, in ascending order of objects.
    pub in_view: Vec<ObjectInView>,
    /// Why the episode is over, if it is.
    pub end: Option<EndCause>,
}
