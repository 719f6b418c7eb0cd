//! That the template of `docs/predictive_losses.md` compiles, is registered by one entry, and learns what it says.

#![expect(unreachable_pub, reason = "the registry writes what a crate shows; here nothing is shown")]

use groundling_interface::{EnvironmentSpec, InvalidSetting, StepKind, derive};
use groundling_nn::{Optimizer, OptimizerConfig, Parameters, Scope};
use serde::{Deserialize, Serialize};
use tch::{Device, Kind};

use super::{CORE_SIZE, batch_of, output_of, plan, spec};
use crate::predictive::template::{Reward, RewardConfig};
use crate::predictive::{PredictiveLoss, PredictiveSettings, Surroundings, UnknownPredictiveName};

registry! {
    /// Rewards to come.
    reward Reward: Reward, RewardConfig;
}

fn build(spec: &EnvironmentSpec, parameters: &mut Parameters, json: &str) -> Option<Box<dyn PredictiveLoss>> {
    let config: PredictiveConfig = serde_json::from_str(json).unwrap();
    let plan = plan();
    let surroundings = Surroundings { spec, core_size: CORE_SIZE, memory_steps: 0.0, encoder: &plan };
    config.build(parameters.scope(3).sub("predictive"), surroundings).unwrap()
}

#[test]
fn it_is_short() {
    let template = include_str!("../../../../../docs/predictive_loss_template.rs");
    assert!(template.lines().count() <= 60, "{} lines", template.lines().count());
}

#[test]
fn one_entry_makes_it_a_setting() {
    assert_eq!(PredictiveName::ALL, ["none", "reward"]);
    let config: PredictiveConfig = serde_json::from_str(r#"{ "loss": "reward", "reward": { "horizon": 4 } }"#).unwrap();
    assert_eq!(config.longest_prediction(), Some(("predictive.reward.horizon".to_string(), 4)));
    assert_eq!(config.earliest_start(), None);
    let wrong: PredictiveConfig = serde_json::from_str(r#"{ "reward": { "horizon": 0 } }"#).unwrap();
    assert!(wrong.validate().unwrap_err().to_string().contains("predictive.reward.horizon"));
}

#[test]
fn it_learns_the_rewards_that_actions_bring() {
    tch::set_num_threads(1);
    // Action 2 brings a reward of 1, whatever the state; no episode ends.
    let mut batch = batch_of(12, 3, |_, _| StepKind::Mid);
    batch.actions = batch.actions.remainder(3);
    let rewarded = batch.actions.eq(2).to_kind(Kind::Float);
    batch.last_rewards.narrow(0, 1, 12).copy_(&rewarded);
    let output = output_of(&batch);

    let mut parameters = Parameters::new(Device::Cpu);
    assert!(build(&spec(), &mut parameters, "{}").is_none(), "none unless asked for");
    let loss = build(&spec(), &mut parameters, r#"{ "loss": "reward" }"#).unwrap();
    let ended = batch_of(3, 1, |_, _| StepKind::Terminated);
    assert!(loss.loss(&ended, &output_of(&ended), &mut derive(1, "loss", &[])).is_none(), "nothing to predict");
    let mut optimizer = Optimizer::new(OptimizerConfig::default(), &parameters);
    let mut generator = derive(1, "loss", &[]);
    let mut values = Vec::new();
    for _ in 0..300 {
        let loss = loss.loss(&batch, &output, &mut generator).unwrap().loss;
        values.push(loss.double_value(&[]));
        loss.backward();
        optimizer.step(&parameters, 1e-2);
    }
    assert!(values[299] < 0.05 * values[0], "{} after {}", values[299], values[0]);
    assert!(output.hidden.grad().abs().max().double_value(&[]) > 0.0, "the belief is shaped by it");
}
