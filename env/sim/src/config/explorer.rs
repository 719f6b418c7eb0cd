use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use super::check_within;

/// In which order the scripted explorer visits the objects that are still to be visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Each next one is drawn at random.
    Random,
    /// The first one of a short tour of them all.
    Tour,
}

/// The scripted explorer: the `explorer` section.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExplorerConfig {
    /// The order of visits: `random`, or `tour`, which visits more objects in the same time. Default `tour`.
    pub order: Order,
    /// Chance of a spin at the start and after each visit, by which it looks around. Default 0.3.
    pub spin_probability: f64,
    /// Least and greatest number of turning actions of a spin, at most 1,000. Default 3 to 15, at most a full turn.
    pub spin_turns: [u32; 2],
    /// Chance that an action is drawn at random (a move or a turn) instead. Default 0.1.
    pub random_action_probability: f64,
}

impl Default for ExplorerConfig {
    fn default() -> Self {
        Self { order: Order::Tour, spin_probability: 0.3, spin_turns: [3, 15], random_action_probability: 0.1 }
    }
}

impl ExplorerConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        check_within("explorer.spin_probability", self.spin_probability, 0.0, 1.0)?;
        check_within("explorer.random_action_probability", self.random_action_probability, 0.0, 1.0)?;
        let [least, greatest] = self.spin_turns;
        InvalidSetting::unless(
            least <= greatest && greatest <= 1000,
            "explorer.spin_turns",
            format!("[{least}, {greatest}]"),
            "must be [least, greatest] with least <= greatest <= 1000",
        )
    }
}
