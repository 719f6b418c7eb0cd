//! Networks with their parameters, and the losses of a batch, or of a share of one.

use groundling_nn::Parameters;
use groundling_ops::{
    Clips, baseline_loss, entropy_loss, imitation_loss, log_probabilities_of, policy_gradient_loss, vtrace,
};
use rand_chacha::ChaCha8Rng;
use tch::Tensor;

use crate::auxiliary::{AgentStates, Auxiliary, AuxiliaryFigure, joined};
use crate::losses::Losses;
use crate::network::{Network, UnrollOutput};
use crate::predictive::PredictiveLoss;
use crate::unroll::Batch;
use crate::{CoreState, LossReport, LossScales, VTraceConfig};

/// What the losses depend on besides the unrolls.
#[derive(Debug, Clone)]
pub struct LossSettings {
    /// Factor on each loss.
    pub scales: LossScales,
    /// Settings of V-trace.
    pub vtrace: VTraceConfig,
    /// Whether the actions were those of a scripted behaviour, which the policy then learns by imitation.
    pub scripted: bool,
    /// Whether an unroll begins in the core state that the actor carried over, or in zeros as if an episode began there.
    pub carried_state: bool,
}

/// Everything that learns.
pub(crate) struct Replica {
    pub(crate) parameters: Parameters,
    pub(crate) network: Network,
    pub(crate) predictive: Option<Box<dyn PredictiveLoss>>,
    pub(crate) auxiliary: Option<Auxiliary>,
}

impl Replica {
    /// The trainable parameters whose names begin with `prefix`.
    pub(crate) fn below(&self, prefix: &str) -> Vec<&Tensor> {
        let below = self.parameters.iter().filter(|(name, tensor)| name.starts_with(prefix) && tensor.requires_grad());
        below.map(|(_, tensor)| tensor).collect()
    }

    /// The losses of a batch. Random choices come from `generator`.
    pub(crate) fn losses(&self, batch: &Batch, settings: &LossSettings, generator: &mut ChaCha8Rng) -> Part {
        let initial = CoreState::thaw(&batch.initial_beliefs, self.parameters.device());
        let output = self.network.unroll(batch, &initial.0);
        let mut losses = behavior_losses(batch, &output, settings);
        let predictive = self.predictive.as_ref().and_then(|loss| loss.loss(batch, &output, generator));
        let (predictive, series) = predictive.map(|output| (output.loss, output.series)).unzip();
        losses.predictive = predictive;
        let states = AgentStates { hidden: &output.hidden, cell: &output.cell };
        let auxiliary = self.auxiliary.as_ref().and_then(|auxiliary| auxiliary.loss.loss(&states, &batch.targets));
        let (auxiliary, num_terms, figures) =
            auxiliary.map_or_else(Default::default, |output| (Some(output.loss), output.num_terms, output.series));
        losses.auxiliary = auxiliary;
        let scaled = losses.scaled(&settings.scales, self.auxiliary.as_ref().map_or(0.0, |auxiliary| auxiliary.scale));
        let num_steps = batch.num_counted_steps() as f64;
        let (num_rooms, series) = (batch.num_rooms as f64, series.unwrap_or_default());
        Part { losses, scaled, series, figures, num_steps, num_rooms, num_terms: num_terms as f64 }
    }
}

/// The losses of one share of a batch; alone, of all of it.
#[derive(Debug)]
pub(crate) struct Part {
    losses: Losses,
    /// Each loss times its scale, and times its weight among the parts.
    pub(crate) scaled: Losses,
    series: Vec<(&'static str, f64)>,
    /// Of the auxiliary loss.
    figures: Vec<AuxiliaryFigure>,
    /// Steps that count.
    num_steps: f64,
    num_rooms: f64,
    /// What the auxiliary loss is the mean of.
    num_terms: f64,
}

/// What share of a batch's losses one part has.
#[derive(Debug, Clone, Copy)]
struct Weights {
    steps: f64,
    predictive: f64,
    auxiliary: f64,
}

impl Part {
    /// Weighs parts such that their scaled losses add up to those of the batch: behind most losses is a mean over steps,
    /// behind the predictive one a mean over as many choices in each room, behind the auxiliary one a mean over its terms.
    pub(crate) fn weigh(parts: &mut [Self]) {
        let weights = Self::weights(parts);
        for (part, Weights { steps, predictive, auxiliary }) in parts.iter_mut().zip(weights) {
            let (policy_gradient, baseline, entropy, imitation) = (steps, steps, steps, steps);
            let scales = LossScales { policy_gradient, baseline, entropy, imitation, predictive };
            part.scaled = part.scaled.scaled(&scales, auxiliary);
        }
    }

    /// For each part, its share of the steps; where it has a predictive loss, of the rooms of those that have one; and of
    /// the auxiliary loss's terms.
    fn weights(parts: &[Self]) -> Vec<Weights> {
        let rooms_of = |part: &Self| if part.losses.predictive.is_some() { part.num_rooms } else { 0.0 };
        let steps: f64 = parts.iter().map(|part| part.num_steps).sum();
        let rooms: f64 = parts.iter().map(rooms_of).sum();
        let terms: f64 = parts.iter().map(|part| part.num_terms).sum();
        let weights = |part: &Self| Weights {
            steps: part.num_steps / steps.max(1.0),
            predictive: rooms_of(part) / rooms.max(1.0),
            auxiliary: part.num_terms / terms.max(1.0),
        };
        parts.iter().map(weights).collect()
    }

    /// Each loss of the batch, before scaling.
    pub(crate) fn report(parts: &[Self]) -> LossReport {
        let weighted = parts.iter().zip(Self::weights(parts)).map(|(part, weights)| {
            let report = part.losses.report(|loss| loss.double_value(&[]) * weights.steps);
            let predictive = part.losses.predictive.as_ref().map(|loss| loss.double_value(&[]) * weights.predictive);
            let auxiliary = part.losses.auxiliary.as_ref().map(|loss| loss.double_value(&[]) * weights.auxiliary);
            LossReport { predictive, auxiliary, ..report }
        });
        weighted.fold(LossReport::default(), |sum, report| sum.plus(&report))
    }

    /// What the predictive loss tells of itself: means over the parts.
    pub(crate) fn series(parts: &[Self]) -> Vec<(&'static str, f64)> {
        let mut sums: Vec<(&'static str, f64)> = Vec::new();
        for (part, Weights { predictive, .. }) in parts.iter().zip(Self::weights(parts)) {
            for &(name, value) in &part.series {
                match sums.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, sum)) => *sum += value * predictive,
                    None => sums.push((name, value * predictive)),
                }
            }
        }
        sums
    }

    /// What the auxiliary loss tells of itself, over all parts.
    pub(crate) fn figures(parts: &[Self]) -> Vec<(String, f64)> {
        joined(parts.iter().flat_map(|part| &part.figures))
    }
}

/// Every loss but the predictive and the auxiliary one.
fn behavior_losses(batch: &Batch, output: &UnrollOutput, settings: &LossSettings) -> Losses {
    let steps = batch.length as i64;
    let mask = batch.mask();
    let logits = output.logits.narrow(0, 0, steps);
    let values = output.values.narrow(0, 0, steps);
    let clip = settings.vtrace.clip_reward;
    let rewards = batch.last_rewards.narrow(0, 1, steps).clamp(-clip, clip);
    let discounts = batch.discounts(settings.vtrace.discount as f32);
    // A scripted behaviour is followed, not corrected for: the values are those of the behaviour itself.
    let log_rhos = if settings.scripted {
        mask.zeros_like()
    } else {
        log_probabilities_of(&logits.detach(), &batch.actions)
            - log_probabilities_of(&batch.behavior_logits, &batch.actions)
    };
    let clips = Clips { rho: settings.vtrace.clip_rho, c: settings.vtrace.clip_c, pg_rho: settings.vtrace.clip_pg_rho };
    let bootstrap = output.values.get(steps);
    let targets = vtrace(&log_rhos, &discounts, &rewards, &values, &bootstrap, &mask, clips);
    let baseline = Some(baseline_loss(&values, &targets.vs, &mask));
    if settings.scripted {
        let imitation = Some(imitation_loss(&logits, &batch.actions, &mask));
        Losses { baseline, imitation, ..Losses::default() }
    } else {
        let policy_gradient = policy_gradient_loss(&logits, &batch.actions, &targets.pg_advantages, &mask);
        let entropy = entropy_loss(&logits, &mask);
        Losses { baseline, policy_gradient: Some(policy_gradient), entropy: Some(entropy), ..Losses::default() }
    }
}
