//! A loss from outside: the one door through which something else than what an agent sees may shape its state.
//!
//! Whoever makes an agent may give it such a loss. For some rows of its unrolls somebody notes targets, numbers whose
//! meaning the agent does not know; they travel with the row, so that a batch is learnt with the very targets that were
//! noted in it, in any schedule, in any number of shares, after a resume, and when an update that diverged is made again.
//! The loss reads the agent's states with their graphs, and its gradient is added to those of the agent's own losses.
//! Without such a loss nothing is computed for it.
//!
//! Its parameters lie below `auxiliary.` among the agent's: they are saved with them, have the agent's optimiser, and are
//! not sent to actors.

use groundling_nn::Scope;
use tch::Tensor;

/// What is needed to make one auxiliary loss again, in another thread or another process.
pub trait AuxiliaryBlueprint: std::fmt::Debug + Send + Sync {
    /// A word for the metrics: the loss is logged as `loss/<name>`, its further figures as `<name>/…`.
    fn name(&self) -> &'static str;

    /// Factor on the loss, 0 or greater and finite.
    fn scale(&self) -> f64;

    /// Makes the loss with its parameters, all of them in `scope`, for an agent whose core has `core_size` units.
    fn build(&self, scope: Scope<'_>, core_size: i64) -> Box<dyn AuxiliaryLoss>;
}

/// A loss of an agent's states against targets from outside.
pub trait AuxiliaryLoss: Send {
    /// The loss of a batch, or of the share of one that is computed on this thread; none where nothing in `targets` asks for
    /// one. A gradient through `states` shapes the agent's core and the encoder below it. Tensors are made on the device
    /// of `states`. A panic or a value that is not finite stops the run.
    fn loss(&self, states: &AgentStates<'_>, targets: &[StepTarget]) -> Option<AuxiliaryOutput>;

    /// Whether these are values that `loss` can read. It is given no others.
    fn reads(&self, values: &[i64]) -> bool;
}

/// The agent's states in a batch of `T + 1` rows of `B` rooms, time first, with their graphs.
#[derive(Debug, Clone, Copy)]
pub struct AgentStates<'a> {
    /// Core output after each row, f32 `[T+1, B, N]`.
    pub hidden: &'a Tensor,
    /// Core cell after each row, f32 `[T+1, B, N]`.
    pub cell: &'a Tensor,
}

/// What was noted for one row of one room. The last row of an unroll has no target: it is the first of the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTarget {
    /// The row, below `T`.
    pub t: usize,
    /// The room, below `B`.
    pub room: usize,
    /// Numbers that the loss understands.
    pub values: Vec<i64>,
}

/// What an auxiliary loss makes of a batch or of a share of one.
#[derive(Debug)]
pub struct AuxiliaryOutput {
    /// Scalar f32 with its graph: a mean over what is asked for.
    pub loss: Tensor,
    /// Over how many things it is the mean: the weight of a share.
    pub num_terms: u64,
    /// Further figures for the log, each a mean over some things.
    pub series: Vec<AuxiliaryFigure>,
}

/// One figure for the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuxiliaryFigure {
    /// Its name, behind the loss's own.
    pub name: String,
    /// The mean.
    pub value: f64,
    /// Over how many things.
    pub num_terms: u64,
}

/// An auxiliary loss of one replica of the networks.
pub(crate) struct Auxiliary {
    pub(crate) name: &'static str,
    pub(crate) scale: f64,
    pub(crate) loss: Box<dyn AuxiliaryLoss>,
}

/// Each figure of several shares, over all that it is a mean of.
pub(crate) fn joined<'a>(figures: impl Iterator<Item = &'a AuxiliaryFigure>) -> Vec<(String, f64)> {
    let mut sums: Vec<(&str, f64, u64)> = Vec::new();
    for AuxiliaryFigure { name, value, num_terms } in figures {
        let sum = value * *num_terms as f64;
        match sums.iter_mut().find(|(known, ..)| known == name) {
            Some((_, total, num)) => (*total, *num) = (*total + sum, *num + num_terms),
            None => sums.push((name, sum, *num_terms)),
        }
    }
    sums.into_iter().map(|(name, total, num)| (name.to_string(), total / num.max(1) as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_shares_weigh_what_they_are_means_of() {
        let figure = |name: &str, value, num_terms| AuxiliaryFigure { name: name.into(), value, num_terms };
        let figures = [figure("one", 1.0, 3), figure("other", 0.5, 2), figure("one", 0.0, 1)];
        assert_eq!(joined(figures.iter()), [("one".to_string(), 0.75), ("other".to_string(), 0.5)]);
    }
}
