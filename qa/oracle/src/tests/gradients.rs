//! Promise: the questions' gradient reaches the core and the encoder, and nothing of the heads; with factor 0 the agent
//! learns the very bits of one that is not taught; and shares of a batch have the loss of the whole.

use groundling_interface::derive;
use groundling_model::{Agent, AgentOptimizer};
use groundling_nn::{NamedValues, OptimizerConfig};

use super::world::{agent, oracle, settings, unroll};

fn learn(agent: &Agent, num_updates: u64) -> NamedValues {
    let config = OptimizerConfig { max_gradient_norm: 0.0, ..OptimizerConfig::default() };
    let mut optimizer = AgentOptimizer::new(&config, agent);
    for update in 0..num_updates {
        let unrolls = [unroll(agent, 8 * update..8 * update + 8)];
        let loss = agent.loss(&unrolls, &settings(), &mut derive(1, "loss", &[update]));
        optimizer.step(agent, loss, 1e-3);
    }
    agent.values()
}

#[test]
fn it_reaches_core_and_encoder_and_no_head() {
    let agent = agent(Some(&oracle(1.0)));
    let loss = agent.loss(&[unroll(&agent, 0..8)], &settings(), &mut derive(1, "loss", &[]));
    assert!(loss.report().auxiliary.unwrap() > 1.0);
    let norm = |prefix| loss.gradient_norms(&agent, prefix);
    for prefix in ["encoder.", "core.", "auxiliary."] {
        assert!(norm(prefix).auxiliary.unwrap() > 0.0, "{prefix}");
    }
    for prefix in ["policy.", "value."] {
        assert_eq!(norm(prefix).auxiliary, Some(0.0), "{prefix}");
    }
    assert_eq!(norm("auxiliary.").imitation, Some(0.0));
}

#[test]
fn with_factor_0_it_teaches_nothing() {
    let (plain, taught, idle) = (agent(None), agent(Some(&oracle(1.0))), agent(Some(&oracle(0.0))));
    let [plain, taught, idle] = [&plain, &taught, &idle].map(|agent| learn(agent, 5));
    let mut num_moved = 0;
    for (name, shape, values) in plain.iter() {
        assert!(idle.get(name, shape).unwrap() == values, "{name}");
        num_moved += usize::from(taught.get(name, shape).unwrap() != values);
    }
    assert!(num_moved > 5, "{num_moved}");
}

#[test]
fn shares_have_the_loss_of_the_whole_batch() {
    let make = || agent(Some(&oracle(1.0)));
    let whole = make();
    let unrolls = [unroll(&whole, 0..5)];
    let of = |agent: &Agent| {
        let loss = agent.loss(&unrolls, &settings(), &mut derive(1, "loss", &[]));
        let core = loss.gradient_norms(agent, "core.").auxiliary.unwrap();
        (loss.report().auxiliary.unwrap(), core, loss.auxiliary_series())
    };
    let (value, norm, series) = of(&whole);
    assert_eq!(series.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["accuracy/color", "accuracy/all"]);
    for num_shares in [2, 3] {
        let (shared, shared_norm, shared_series) = of(&make().with_replicas((1..num_shares).map(|_| make())));
        assert!((value - shared).abs() < 1e-5 * value && (norm - shared_norm).abs() < 1e-4 * norm);
        assert_eq!(series, shared_series);
    }
}

#[test]
fn without_questions_there_is_no_loss() {
    let plain = agent(None);
    assert_eq!(plain.auxiliary_name(), None);
    let loss = plain.loss(&[unroll(&plain, 0..4)], &settings(), &mut derive(1, "loss", &[]));
    assert_eq!((loss.report().auxiliary, loss.auxiliary_series()), (None, Vec::new()));
}
