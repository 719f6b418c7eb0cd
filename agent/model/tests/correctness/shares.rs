//! Promised of batches computed in shares: the losses and gradients of the whole batch, however many shares and however
//! uneven; and the same bits every time.

use groundling_interface::{StepKind, derive};
use groundling_model::{Agent, AgentOptimizer, LossReport, PredictiveName, Unroll};
use groundling_nn::{NamedValues, OptimizerConfig};

use crate::world::{agent, each_predictive, predictive, settings, trajectory, unroll_of};

const ROOMS: usize = 5;

/// Rooms whose episodes end in other rows, so that other numbers of steps count in each.
fn unroll(agent: &Agent) -> Unroll {
    let kind = |t: usize, room: usize| match t % (room + 2) {
        0 if t > 0 => StepKind::Terminated,
        1 if t > 1 => StepKind::First,
        _ => StepKind::Mid,
    };
    unroll_of(agent, &trajectory(ROOMS, kind))
}

fn in_shares(make: &dyn Fn() -> Agent, num_shares: usize) -> Agent {
    make().with_replicas((1..num_shares).map(|_| make()))
}

/// Loss by loss, and gradient by gradient at encoder and core, of the second of two updates; the norms of both; and what
/// is learnt.
fn learn(agent: &Agent, scripted: bool) -> (Vec<LossReport>, Vec<f64>, NamedValues) {
    let mut optimizer = AgentOptimizer::new(&OptimizerConfig::default(), agent);
    let (unrolls, settings) = ([unroll(agent)], settings(scripted));
    let mut generator = derive(3, "loss", &[]);
    let first = agent.loss(&unrolls, &settings, &mut generator);
    let mut norms = vec![optimizer.step(agent, first, 1e-3)];
    let second = agent.loss(&unrolls, &settings, &mut generator);
    let norms_of = |prefix| second.gradient_norms(agent, prefix);
    let reports = vec![second.report(), norms_of("encoder."), norms_of("core.")];
    norms.push(optimizer.step(agent, second, 1e-3));
    (reports, norms, agent.values())
}

#[test]
fn shares_have_the_losses_and_gradients_of_the_whole_batch() {
    let make = || agent(&predictive(PredictiveName::None, 0));
    for scripted in [true, false] {
        let (whole, whole_norms, _) = learn(&in_shares(&make, 1), scripted);
        for num_shares in [2, 3, 8] {
            let (shares, norms, _) = learn(&in_shares(&make, num_shares), scripted);
            for (one, other) in whole.iter().zip(&shares) {
                assert_eq!(one.iter().count(), other.iter().count());
                for ((name, one), (_, other)) in one.iter().zip(other.iter()) {
                    assert!((one - other).abs() < 1e-4 * one.abs().max(1e-2), "{num_shares}, {name}: {one} {other}");
                }
            }
            for (one, other) in whole_norms.iter().zip(&norms) {
                assert!((one - other).abs() < 1e-4 * one, "{num_shares}: {one} {other}");
            }
        }
    }
}

#[test]
fn the_same_bits_are_learnt_every_time() {
    for config in each_predictive(0) {
        let make = || agent(&config);
        let run = || learn(&in_shares(&make, 2), true);
        let (first, again) = (run(), run());
        assert!(first == again, "{:?}", config.loss);
        assert!(first.0[0].predictive.is_some() && first.0[1].predictive.is_some(), "{:?}", config.loss);
        assert_ne!(first.2, learn(&make(), true).2, "{:?}: other starts are drawn in shares", config.loss);
    }
}
