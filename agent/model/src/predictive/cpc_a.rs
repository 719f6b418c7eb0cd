//! CPC|A, action-conditional contrastive predictive coding (Guo et al. 2018, "Neural Predictive Belief Representations").
//!
//! A GRU starts from the agent's belief and is fed only the actions that followed; after `k` of them a classifier is
//! shown its state beside the encoder's features of one picture, and must say whether that picture is the one that came
//! then (the positive) or one that another pair of the batch must predict (a negative). Nothing is decoded, so it is
//! cheap; but only what tells pictures of this batch apart needs to be known.
//!
//! Names, paper → here: belief b_t → `output.hidden`, `output.cell`; encoding z → `output.features`; f → `Classifier`.
//! Loss: mean binary cross-entropy of the positives plus that of the negatives (`groundling_ops::contrastive_loss`);
//! 2 ln 2 ≈ 1.386 for one who knows nothing. Gradients flow into the core and, through both kinds of encodings, into the
//! encoder. The series `positive_accuracy` and `negative_accuracy` are the shares of pairs told rightly.
//!
//! Choices the paper leaves open. The GRU's first state is tanh of a learnt linear map of the LSTM's output and its
//! layer-normed cell: what SimCore starts from and the probe reads, since much of an LSTM's memory is in the cell alone.
//! Actions enter one-hot, which with the GRU's input weights is a learnt embedding of full width. One classifier serves
//! all offsets.

use std::ops::Range;

use groundling_interface::InvalidSetting;
use groundling_nn::{Gru, Linear, LstmState, Scope, to_host};
use groundling_ops::{contrastive_accuracy, contrastive_loss};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::starts::{StartSettings, select_rows};
use super::{PredictiveLoss, PredictiveOutput, PredictiveSettings, Surroundings};
use crate::network::UnrollOutput;
use crate::unroll::Batch;

/// Settings of CPC|A.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CpcAConfig {
    /// Longest prediction, steps, 1 to 30. The GRU runs from every start point as far as something is predicted
    /// of it, about two thirds of this: most of the cost.
    /// 16, as public re-implementations have it: the paper went up to 30, and in a prototype of this room predictions of
    /// 8 steps shaped the belief at least as well as those of 24.
    pub horizon: usize,
    /// Start points a room and unroll, 1 to 1000, drawn at random. The GRU's cost grows with it.
    pub num_starts: usize,
    /// Steps ahead that are tried from a start point, 1 to 1000, uniform in `1..=horizon` as far as the episode goes.
    /// Costs one call of the classifier each: next to nothing.
    pub num_offsets: usize,
    /// A start point lies at least so many rows behind its episode's first one, 0 to 100000: before it there is little
    /// to know. Rows of an episode that began before the unroll are never too early. Costs nothing.
    pub earliest_start: usize,
    /// Negatives for each positive, 1 to 256, drawn at random from what the batch's other pairs predict. Costs one call of the classifier each.
    /// Raising it makes the gradient less noisy; the loss stays on the same scale.
    pub num_negatives: usize,
    /// Share of the negatives that are other moments of the same room, 0 to 1; the rest come from other rooms. At 0 it is
    /// enough to know which room one is in; at 1 one must know where one looks, but nothing tells rooms apart. Moments of
    /// an agent that stands still look alike, and such a negative cannot be told. Costs nothing.
    pub same_room_share: f64,
    /// Hidden units of the classifier, 1 to 4096. A small one leaves the knowing to the belief.
    pub hidden_units: i64,
}

impl Default for CpcAConfig {
    fn default() -> Self {
        Self {
            horizon: 16,
            num_starts: 6,
            num_offsets: 3,
            earliest_start: 12,
            num_negatives: 8,
            same_room_share: 0.25,
            hidden_units: 32,
        }
    }
}

impl CpcAConfig {
    pub(super) fn starts(&self) -> StartSettings {
        let Self { horizon, num_starts, num_offsets, earliest_start, .. } = *self;
        StartSettings { num_starts, num_offsets, nearest: 1, farthest: horizon, earliest_start }
    }
}

impl PredictiveSettings for CpcAConfig {
    fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        let horizon = (1..=30).contains(&self.horizon);
        check(horizon, "horizon", self.horizon as f64, "must lie between 1 and 30")?;
        self.starts().validate(section)?;
        let negatives = (1..=256).contains(&self.num_negatives);
        check(negatives, "num_negatives", self.num_negatives as f64, "must lie between 1 and 256")?;
        let share = (0.0..=1.0).contains(&self.same_room_share);
        check(share, "same_room_share", self.same_room_share, "must lie between 0 and 1")?;
        let hidden_units = (1..=4096).contains(&self.hidden_units);
        check(hidden_units, "hidden_units", self.hidden_units as f64, "must lie between 1 and 4096")
    }

    fn longest_prediction(&self) -> (&'static str, usize) {
        ("horizon", self.horizon)
    }

    fn earliest_start(&self) -> Option<usize> {
        Some(self.earliest_start)
    }
}

/// First bias of the GRU's update gate: a step keeps four fifths of the belief, as one of SimCore's simulation core does.
/// With 0 it would keep half of it, and a far prediction would begin without any.
const UPDATE_BIAS: f64 = 1.5;

/// The simulating GRU and the classifier.
#[derive(Debug)]
pub(crate) struct CpcA {
    config: CpcAConfig,
    num_actions: i64,
    core_size: i64,
    from_belief: Linear,
    gru: Gru,
    classifier: Classifier,
}

impl CpcA {
    pub(crate) fn new(mut scope: Scope<'_>, config: &CpcAConfig, surroundings: Surroundings<'_>) -> Self {
        let Surroundings { spec, core_size, encoder, .. } = surroundings;
        let num_actions = spec.num_actions() as i64;
        Self {
            config: config.clone(),
            num_actions,
            core_size,
            from_belief: Linear::new(scope.sub("from_belief"), 2 * core_size, core_size, 1.0),
            gru: Gru::new(scope.sub("gru"), num_actions, core_size, UPDATE_BIAS),
            classifier: Classifier::new(
                scope.sub("classifier"),
                core_size,
                encoder.num_features(),
                config.hidden_units,
            ),
        }
    }

    /// States of the GRU, `[S + Σ S_k, N]`: those made of the beliefs, then those after each step of `Starts::running_actions`.
    fn simulate(&self, state: &LstmState, actions: &Tensor, sizes: &[i64]) -> Tensor {
        let cell = state.cell.layer_norm([self.core_size], None::<Tensor>, None::<Tensor>, 1e-5, false);
        let mut states = vec![self.from_belief.forward(&Tensor::cat(&[&state.hidden, &cell], -1)).tanh()];
        let projected = self.gru.project(&actions.one_hot(self.num_actions).to_kind(Kind::Float));
        states.extend(self.gru.unroll(&projected.split_with_sizes(sizes, 0), &states[0]));
        Tensor::cat(&states, 0)
    }

    /// For each of the rows `targets`, that row and then `num_negatives` others, `[M * (1 + N)]`.
    ///
    /// Negatives are drawn from the targets of all pairs, so that a picture alone, without a state beside it, never tells
    /// which it is. Where only one row is a target, other rows of its room serve.
    pub(super) fn draw_candidates(&self, targets: &[i64], batch: &Batch, generator: &mut ChaCha8Rng) -> Vec<i64> {
        let (num_rows, num_rooms) = (batch.length as i64 + 1, batch.num_rooms as i64);
        let place = |row: i64| (row % num_rooms, row / num_rooms);
        let mut sorted: Vec<(i64, i64)> = targets.iter().map(|&target| place(target)).collect();
        sorted.sort_unstable();
        let mut candidates = Vec::with_capacity(targets.len() * (1 + self.config.num_negatives));
        for &target in targets {
            let own = place(target);
            let begin = |place: (i64, i64)| sorted.partition_point(|&other| other < place);
            let (same_row, same_room) =
                (begin(own)..begin((own.0, own.1 + 1)), begin((own.0, 0))..begin((own.0 + 1, 0)));
            candidates.push(target);
            for _ in 0..self.config.num_negatives {
                let outside = if generator.random_bool(self.config.same_room_share) {
                    draw_outside(&same_row, &same_room, generator)
                        .or_else(|| draw_outside(&same_room, &(0..sorted.len()), generator))
                } else {
                    draw_outside(&same_room, &(0..sorted.len()), generator)
                        .or_else(|| draw_outside(&same_row, &same_room, generator))
                };
                let (room, t) = match outside {
                    Some(index) => sorted[index],
                    None => (own.0, (own.1 + generator.random_range(1..num_rows)) % num_rows),
                };
                candidates.push(t * num_rooms + room);
            }
        }
        candidates
    }
}

/// An index of `all` that is not one of `left_out`, a range within it; none where there is no other.
fn draw_outside(left_out: &Range<usize>, all: &Range<usize>, generator: &mut ChaCha8Rng) -> Option<usize> {
    let num_left = all.len() - left_out.len();
    let index = all.start + (num_left > 0).then(|| generator.random_range(0..num_left))?;
    Some(if index < left_out.start { index } else { index + left_out.len() })
}

impl PredictiveLoss for CpcA {
    fn loss(&self, batch: &Batch, output: &UnrollOutput, generator: &mut ChaCha8Rng) -> Option<PredictiveOutput> {
        let starts = self.config.starts().draw(batch, generator);
        if starts.targets.is_empty() {
            return None;
        }
        let (actions, sizes) = starts.running_actions(batch);
        let states = starts.select_running(&self.simulate(&starts.states(output), &actions, &sizes));
        let candidates = self.draw_candidates(&starts.targets, batch, generator);
        let logits = self.classifier.forward(&states, &output.features, &candidates);
        let (positive, negative) = (logits.select(1, 0), logits.narrow(1, 1, self.config.num_negatives as i64));
        let accuracy = to_host(&contrastive_accuracy(&positive, &negative));
        let names = ["positive_accuracy", "negative_accuracy"];
        Some(PredictiveOutput {
            loss: contrastive_loss(&positive, &negative),
            series: names.into_iter().zip(accuracy.into_iter().map(f64::from)).collect(),
        })
    }
}

/// A perceptron with one hidden layer over a state and an encoding, side by side.
#[derive(Debug)]
struct Classifier {
    from_state: Linear,
    from_encoding: Linear,
    logit: Linear,
    hidden_units: i64,
}

impl Classifier {
    fn new(mut scope: Scope<'_>, core_size: i64, num_features: i64, hidden_units: i64) -> Self {
        Self {
            from_state: Linear::new(scope.sub("from_state"), core_size, hidden_units, 1.0),
            from_encoding: Linear::new(scope.sub("from_encoding"), num_features, hidden_units, 1.0),
            logit: Linear::new(scope.sub("logit"), hidden_units, 1, 1.0),
            hidden_units,
        }
    }

    /// Logits `[M, C]` of states `[M, N]` beside those rows of the features `[T+1, B, F]` that `candidates` `[M * C]`
    /// names. The hidden layer's map of the pair is the sum of two maps, so each row's encoding is mapped once, however
    /// often it is a candidate.
    fn forward(&self, states: &Tensor, features: &Tensor, candidates: &[i64]) -> Tensor {
        let encodings = self.from_encoding.forward(features);
        let encodings = select_rows(&encodings, candidates).view([states.size()[0], -1, self.hidden_units]);
        let hidden = (self.from_state.forward(states).unsqueeze(1) + encodings).relu();
        self.logit.forward(&hidden).squeeze_dim(-1)
    }
}
