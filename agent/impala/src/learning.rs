//! One update: the losses of a batch, their gradients, one step of the optimiser, and what the metrics tell of it.

use std::time::Instant;

use groundling_interface::derive;
use groundling_model::{Agent, AgentLoss, LossSettings, Unroll};

use crate::learner::Learner;
use crate::saving::last_checkpoint;
use crate::{Divergence, TrainError, TrainSetup};

/// Name of the generator of the losses' random choices; its index is the number of updates before.
const GENERATOR: &str = "loss";

/// A batch and the losses to be computed of it; the same values give the same losses.
pub(crate) struct LossTask<'a> {
    pub(crate) unrolls: &'a [Unroll],
    pub(crate) settings: &'a LossSettings,
    pub(crate) seed: u64,
    /// Updates done before.
    pub(crate) update: u64,
}

impl LossTask<'_> {
    /// The losses, and by name what is logged of them; with the norm of each one's gradient at the encoder and at the core,
    /// which costs a backward pass each, if `with_norms`.
    pub(crate) fn compute(&self, agent: &Agent, with_norms: bool) -> (AgentLoss, Vec<(String, f64)>) {
        let mut generator = derive(self.seed, GENERATOR, &[self.update]);
        let loss = agent.loss(self.unrolls, self.settings, &mut generator);
        // The auxiliary loss goes by the name its maker gave it.
        let named =
            |loss: &'static str| if loss == "auxiliary" { agent.auxiliary_name().unwrap_or(loss) } else { loss };
        let losses = loss.report();
        let mut series: Vec<_> = losses.iter().map(|(loss, value)| (format!("loss/{}", named(loss)), value)).collect();
        series.extend(loss.predictive_series().iter().map(|&(name, value)| (format!("predictive/{name}"), value)));
        series.extend(
            loss.auxiliary_series().into_iter().map(|(name, value)| (format!("{}/{name}", named("auxiliary")), value)),
        );
        for part in if with_norms { &["encoder", "core"][..] } else { &[] } {
            let norms = loss.gradient_norms(agent, &format!("{part}."));
            series.extend(norms.iter().map(|(name, norm)| (format!("gradient_norm/{part}/{}", named(name)), norm)));
        }
        (loss, series)
    }
}

impl Learner {
    /// Makes one update, or none at all: a batch whose losses or gradients are broken changes no parameter.
    pub(crate) fn learn(&mut self, setup: &TrainSetup<'_>, unrolls: &[Unroll]) -> Result<(), TrainError> {
        let since = Instant::now();
        let task = LossTask { unrolls, settings: &setup.losses, seed: setup.seed, update: self.update };
        let (loss, series) = task.compute(&self.agent, self.is_logged(setup));
        if let Some(cause) = broken_loss(&series, setup.training.divergence_limit) {
            return Err(self.diverged(setup, unrolls, series, cause));
        }
        let learning_rate = setup.optimizer.learning_rate_at(self.update, setup.training.num_updates());
        self.is_stepping = true;
        let norm = self.optimizer.step(&self.agent, loss, learning_rate);
        self.is_stepping = false;
        if !norm.is_finite() {
            return Err(self.diverged(setup, unrolls, series, format!("the norm of the gradient is {norm}")));
        }
        for (name, value) in series {
            self.averages.add(name, value);
        }
        self.averages.add("gradient_norm/all", norm);
        self.averages.add("learning_rate", learning_rate);
        let learnt = since.elapsed().as_secs_f64();
        self.averages.add("seconds/learner_learns", learnt);
        self.spent.learner_learns += learnt;
        self.update += 1;
        self.frames += setup.training.frames_per_update();
        Ok(())
    }

    /// Keeps the batch for study, and names the way on.
    fn diverged(
        &mut self,
        setup: &TrainSetup<'_>,
        unrolls: &[Unroll],
        series: Vec<(String, f64)>,
        cause: String,
    ) -> TrainError {
        self.undo();
        let (optimizer, optimizer_steps) = self.optimizer.values(&self.agent);
        let divergence = Divergence {
            update: self.update + 1,
            cause: cause.clone(),
            seed: setup.seed,
            learning_rate: setup.optimizer.learning_rate_at(self.update, setup.training.num_updates()),
            series: series.into_iter().collect(),
            agent: self.agent.values(),
            optimizer,
            optimizer_steps,
            unrolls: unrolls.to_vec(),
        };
        let record = match divergence.save(setup.run) {
            Ok(folder) => format!("its batch is saved for study, see `groundling diverged {}`", folder.display()),
            Err(error) => format!("its batch could not be saved: {error}"),
        };
        TrainError::Diverged { update: self.update + 1, cause, record, last: last_checkpoint(setup.run) }
    }

    fn is_logged(&self, setup: &TrainSetup<'_>) -> bool {
        (self.update + 1).is_multiple_of(setup.training.log_interval) || self.update + 1 == setup.training.num_updates()
    }
}

/// Which loss is not finite, or beyond the limit.
fn broken_loss(series: &[(String, f64)], limit: f64) -> Option<String> {
    let losses = series.iter().filter_map(|(name, value)| Some((name.strip_prefix("loss/")?, *value)));
    losses.into_iter().find_map(|(name, value)| match value.abs() {
        size if !size.is_finite() => Some(format!("the loss `{name}` is {value}")),
        size if size > limit => {
            Some(format!("the loss `{name}` is {value:e}, beyond training.divergence_limit = {limit:e}"))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_broken_beyond_the_limit_and_where_they_are_no_numbers() {
        let of = |value: f64| broken_loss(&[("loss/entropy".into(), -1.0), ("loss/baseline".into(), value)], 100.0);
        assert_eq!([of(0.0), of(100.0), of(-100.0)], [None, None, None]);
        assert_eq!(of(-101.0).unwrap(), "the loss `baseline` is -1.01e2, beyond training.divergence_limit = 1e2");
        assert_eq!(of(f64::NAN).unwrap(), "the loss `baseline` is NaN");
        assert_eq!(of(f64::NEG_INFINITY).unwrap(), "the loss `baseline` is -inf");
        assert_eq!(broken_loss(&[("gradient_norm/core/baseline".into(), 1e9)], 100.0), None);
    }
}
