//! The agent's losses: one field a loss, the same fields as the scales'; and the auxiliary one, which brings its own scale.

use serde::Serialize;
use tch::{Kind, Tensor};

use crate::LossScales;

/// One value a loss, before scaling; none where the loss has no part in the batch.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LossReport {
    /// V-trace policy gradient.
    pub policy_gradient: Option<f64>,
    /// Value function.
    pub baseline: Option<f64>,
    /// Negative entropy.
    pub entropy: Option<f64>,
    /// Imitation of a scripted behaviour.
    pub imitation: Option<f64>,
    /// The predictive loss.
    pub predictive: Option<f64>,
    /// The auxiliary loss, if the agent was given one.
    pub auxiliary: Option<f64>,
}

impl LossReport {
    /// Name and value of each loss that has one.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let all = [
            ("policy_gradient", self.policy_gradient),
            ("baseline", self.baseline),
            ("entropy", self.entropy),
            ("imitation", self.imitation),
            ("predictive", self.predictive),
            ("auxiliary", self.auxiliary),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// From one value a loss, in the order of the fields.
    pub(crate) fn of(values: [Option<f64>; 6]) -> Self {
        let [policy_gradient, baseline, entropy, imitation, predictive, auxiliary] = values;
        Self { policy_gradient, baseline, entropy, imitation, predictive, auxiliary }
    }

    /// Loss by loss; one that has no value in either has none in the sum.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let plus = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        Self {
            policy_gradient: plus(self.policy_gradient, other.policy_gradient),
            baseline: plus(self.baseline, other.baseline),
            entropy: plus(self.entropy, other.entropy),
            imitation: plus(self.imitation, other.imitation),
            predictive: plus(self.predictive, other.predictive),
            auxiliary: plus(self.auxiliary, other.auxiliary),
        }
    }
}

/// Scalar losses with their graphs.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    pub(crate) policy_gradient: Option<Tensor>,
    pub(crate) baseline: Option<Tensor>,
    pub(crate) entropy: Option<Tensor>,
    pub(crate) imitation: Option<Tensor>,
    pub(crate) predictive: Option<Tensor>,
    pub(crate) auxiliary: Option<Tensor>,
}

impl Losses {
    /// Applies `read` to each loss that there is.
    pub(crate) fn report(&self, read: impl Fn(&Tensor) -> f64) -> LossReport {
        LossReport {
            policy_gradient: self.policy_gradient.as_ref().map(&read),
            baseline: self.baseline.as_ref().map(&read),
            entropy: self.entropy.as_ref().map(&read),
            imitation: self.imitation.as_ref().map(&read),
            predictive: self.predictive.as_ref().map(&read),
            auxiliary: self.auxiliary.as_ref().map(&read),
        }
    }

    /// Each loss times its scale; that of the auxiliary loss, which has its own, is `auxiliary`.
    pub(crate) fn scaled(&self, scales: &LossScales, auxiliary: f64) -> Self {
        let times = |loss: &Option<Tensor>, scale: f64| loss.as_ref().map(|loss| loss * scale);
        Self {
            policy_gradient: times(&self.policy_gradient, scales.policy_gradient),
            baseline: times(&self.baseline, scales.baseline),
            entropy: times(&self.entropy, scales.entropy),
            imitation: times(&self.imitation, scales.imitation),
            predictive: times(&self.predictive, scales.predictive),
            auxiliary: times(&self.auxiliary, auxiliary),
        }
    }

    /// Each loss, in the order of the fields.
    pub(crate) fn all(&self) -> [Option<&Tensor>; 6] {
        let Self { policy_gradient, baseline, entropy, imitation, predictive, auxiliary } = self;
        [policy_gradient, baseline, entropy, imitation, predictive, auxiliary].map(Option::as_ref)
    }

    /// The sum of all there are.
    pub(crate) fn total(&self) -> Tensor {
        let terms: Vec<&Tensor> = self.all().into_iter().flatten().collect();
        Tensor::stack(&terms, 0).sum(Kind::Float)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_loss_has_its_scale() {
        let keys = |value: serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let mut losses = keys(serde_json::to_value(LossReport::default()).unwrap());
        losses.retain(|name| name != "auxiliary");
        assert_eq!(losses, keys(serde_json::to_value(LossScales::default()).unwrap()));
    }
}
