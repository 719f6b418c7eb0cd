//! Reward prediction: which reward comes some actions later. Made to be copied: see docs/predictive_losses.md.

use groundling_interface::InvalidSetting;
use groundling_nn::{Gru, Linear, Scope};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::starts::{StartSettings, select_rows};
use super::{PredictiveLoss, PredictiveOutput, PredictiveSettings, Surroundings};
use crate::{network::UnrollOutput, unroll::Batch};

/// Settings of reward prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RewardConfig {
    /// Longest prediction, steps, 1 to 30. The GRU runs so many steps from every start point.
    pub horizon: usize,
}

impl Default for RewardConfig {
    fn default() -> Self {
        Self { horizon: 8 }
    }
}

impl PredictiveSettings for RewardConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let (key, holds) = (format!("{section}.horizon"), (1..=30).contains(&self.horizon));
        InvalidSetting::unless(holds, &key, self.horizon, "must lie between 1 and 30")
    }

    fn longest_prediction(&self) -> (&'static str, usize) {
        ("horizon", self.horizon)
    }
}

pub(crate) struct Reward(StartSettings, Gru, Linear);

impl Reward {
    pub(crate) fn new(mut scope: Scope<'_>, config: &RewardConfig, around: Surroundings<'_>) -> Self {
        let gru = Gru::new(scope.sub("gru"), around.spec.num_actions() as i64, around.core_size, 1.5);
        let (nearest, farthest) = (1, config.horizon);
        let starts = StartSettings { num_starts: 6, num_offsets: 3, nearest, farthest, earliest_start: 0 };
        Self(starts, gru, Linear::new(scope.sub("reward"), around.core_size, 1, 1.0))
    }
}

impl PredictiveLoss for Reward {
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput> {
        let starts = self.0.draw(batch, generator);
        let (actions, sizes) = starts.running_actions(batch);
        let actions = actions.one_hot(batch.behavior_logits.size()[2]).to_kind(Kind::Float);
        let mut states = vec![starts.states(output).hidden];
        states.extend(self.1.unroll(&self.1.project(&actions).split_with_sizes(sizes, 0), &states[0]));
        let rewards = self.2.forward(&starts.select_running(&Tensor::cat(&states, 0))).squeeze_dim(-1);
        let errors = (rewards - select_rows(&batch.last_rewards, &starts.targets)).square();
        (!starts.targets.is_empty()).then(|| errors.mean(Kind::Float).into())
    }
}
