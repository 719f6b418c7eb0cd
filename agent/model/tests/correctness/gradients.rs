//! Whom each loss moves. Norms of exactly 0 mean that no gradient flows.

use groundling_interface::{StepKind, derive};
use groundling_model::{AgentLoss, LossReport, PredictiveConfig};

use crate::world::{agent, each_predictive, settings, trajectory, unroll_of};

fn norms(config: &PredictiveConfig, scripted: bool, prefix: &str) -> LossReport {
    let agent = agent(config);
    let rows = trajectory(3, |t, _| if t == 0 { StepKind::First } else { StepKind::Mid });
    let loss: AgentLoss = agent.loss(&[unroll_of(&agent, &rows)], &settings(scripted), &mut derive(1, "loss", &[]));
    loss.gradient_norms(&agent, prefix)
}

#[test]
fn every_loss_reaches_the_encoder_and_the_core() {
    for config in &each_predictive(3) {
        for (scripted, expected) in [
            (true, ["baseline", "imitation", "predictive"].as_slice()),
            (false, &["policy_gradient", "baseline", "entropy", "predictive"]),
        ] {
            for prefix in ["encoder.", "core."] {
                let norms: Vec<(&str, f64)> = norms(config, scripted, prefix).iter().collect();
                assert_eq!(norms.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected);
                for (name, norm) in norms {
                    assert!(norm > 0.0 && norm.is_finite(), "{config:?}: {name} at {prefix}: {norm}");
                }
            }
        }
    }
}

#[test]
fn a_predictive_loss_does_not_move_the_heads_nor_another_loss_its_networks() {
    for config in &each_predictive(3) {
        for scripted in [true, false] {
            for prefix in ["policy.", "value."] {
                assert_eq!(norms(config, scripted, prefix).predictive, Some(0.0), "{config:?} at {prefix}");
            }
            for (name, norm) in norms(config, scripted, "predictive.").iter() {
                assert_eq!(norm > 0.0, name == "predictive", "{config:?}: {name} at its networks: {norm}");
            }
        }
    }
}

#[test]
fn targets_and_advantages_carry_no_gradient() {
    // V-trace's targets are made of the value head's outputs, its weights of the policy head's.
    let at_value = norms(&PredictiveConfig::default(), false, "value.");
    assert_eq!((at_value.policy_gradient, at_value.entropy), (Some(0.0), Some(0.0)));
    assert!(at_value.baseline.unwrap() > 0.0);
    let at_policy = norms(&PredictiveConfig::default(), false, "policy.");
    assert_eq!(at_policy.baseline, Some(0.0));
    assert!(at_policy.policy_gradient.unwrap() > 0.0 && at_policy.entropy.unwrap() > 0.0);

    let at_value = norms(&PredictiveConfig::default(), true, "value.");
    assert_eq!(at_value.imitation, Some(0.0));
    let at_policy = norms(&PredictiveConfig::default(), true, "policy.");
    assert_eq!(at_policy.baseline, Some(0.0));
    assert!(at_policy.imitation.unwrap() > 0.0);
}
