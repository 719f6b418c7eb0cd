use std::collections::BTreeSet;

use groundling_interface::{StepKind, derive};
use groundling_nn::{LstmState, Parameters};
use tch::Device;

use super::*;
use crate::predictive::tests::{CORE_SIZE, NUM_ACTIONS, batch_of, output_of, plan, spec};

const ROOMS: usize = 2;

fn config() -> LatentTargetsConfig {
    LatentTargetsConfig { overshoot: 3, earliest_start: 0, hidden_units: 6, momentum: 0.5, ..Default::default() }
}

/// The loss, beside the encoder that it follows.
fn loss_of(config: &LatentTargetsConfig) -> (Parameters, Encoder, LatentTargets) {
    let (spec, plan) = (spec(), plan());
    let mut parameters = Parameters::new(Device::Cpu);
    let encoder = plan.build(parameters.scope(3).sub(encoder::SCOPE));
    let surroundings = Surroundings { spec: &spec, core_size: CORE_SIZE, memory_steps: 0.0, encoder: &plan };
    let loss = LatentTargets::new(parameters.scope(3).sub("predictive"), config, surroundings);
    (parameters, encoder, loss)
}

/// Room 0: an episode ends in row 4. No two pictures are alike.
fn batch() -> Batch {
    let mut batch = batch_of(9, ROOMS, |t, room| match (room, t) {
        (0, 4) => StepKind::Truncated,
        (0, 5) => StepKind::First,
        _ => StepKind::Mid,
    });
    batch.actions = batch.actions.remainder(NUM_ACTIONS);
    batch.rgb = (Tensor::arange(60, (Kind::Int64, Device::Cpu)) * 37).remainder(256).to_kind(Kind::Uint8);
    batch.rgb = batch.rgb.view([10, ROOMS as i64, 1, 1, 3]);
    batch
}

fn move_encoder(parameters: &Parameters) {
    tch::no_grad(|| {
        for (_, tensor) in parameters.iter().filter(|(name, _)| name.starts_with("encoder.")) {
            let _ = tensor.shallow_clone().g_add_scalar_(0.5);
        }
    });
}

#[test]
fn agrees_with_one_pair_at_a_time() {
    let ((_, encoder, loss), batch) = (loss_of(&config()), batch());
    let output = output_of(&batch);
    let found = loss.loss(&batch, &output, &mut derive(8, "loss", &[])).unwrap();
    let starts = config().starts().draw(&batch, &mut derive(8, "loss", &[]));
    let row = |tensor: &Tensor, row: i64| tensor.flatten(0, 1).narrow(0, row, 1);
    let norm = |vector: &[f64]| vector.iter().map(|x| x.powi(2)).sum::<f64>().sqrt().max(1e-6);
    // The encoder has not moved yet, so that its slow copy is the same.
    let truth_at = |target: i64| -> Vec<f64> {
        to_host(&encoder.forward(&row(&batch.rgb, target))).into_iter().map(f64::from).collect()
    };
    let num_pairs = starts.targets.len() as f64;
    let (mut middle, mut mean_direction) = (vec![0.0; 5], vec![0.0; 5]);
    for truth in starts.targets.iter().map(|&target| truth_at(target)) {
        for (unit, x) in truth.iter().enumerate() {
            middle[unit] += x / num_pairs;
            mean_direction[unit] += x / norm(&truth) / num_pairs;
        }
    }
    let mut expected = 0.0;
    for (&(start, offset), &target) in starts.pairs.iter().zip(&starts.targets) {
        let start = starts.rows[start];
        assert_eq!(target, start + (offset * ROOMS) as i64);
        let rows: Vec<i64> = (start..target).step_by(ROOMS).collect();
        let actions = Tensor::cat(&rows.iter().map(|&at| row(&batch.actions.unsqueeze(-1), at)).collect::<Vec<_>>(), 0);
        let state = LstmState { hidden: row(&output.hidden, start), cell: row(&output.cell, start) };
        let simulated = loss.simulation.run(&state, &actions);
        let prediction = to_host(&loss.prediction.forward(&loss.hidden.forward(&simulated[offset]).relu()));
        let prediction: Vec<f64> = prediction.into_iter().map(f64::from).collect();
        let truth: Vec<f64> = truth_at(target).iter().zip(&middle).map(|(x, middle)| x - middle).collect();
        let product: f64 = prediction.iter().zip(&truth).map(|(one, other)| one * other).sum();
        expected += (2.0 - 2.0 * product / (norm(&prediction) * norm(&truth))) / num_pairs;
    }
    let loss = found.loss.double_value(&[]);
    assert!((loss - expected).abs() < 1e-4, "{loss} against {expected}");
    let spread = 1.0 - mean_direction.iter().map(|x| x.powi(2)).sum::<f64>();
    assert_eq!(found.series[0].0, "target_spread");
    assert!((found.series[0].1 - spread).abs() < 1e-5 && spread > 0.01, "{:?} against {spread}", found.series);
}

#[test]
fn the_slow_encoder_follows_the_encoder_once_a_loss() {
    let ((parameters, _, loss), batch) = (loss_of(&config()), batch());
    let output = output_of(&batch);
    let value = |name: &str| f64::from(parameters.values().get(name, &[5]).unwrap()[0]);
    let slow = || value("predictive.slow_encoder.features.bias");
    assert_eq!(slow(), value("encoder.features.bias"));
    move_encoder(&parameters);
    let mut distances = Vec::new();
    for _ in 0..3 {
        let _ = loss.loss(&batch, &output, &mut derive(8, "loss", &[]));
        distances.push(value("encoder.features.bias") - slow());
    }
    assert_eq!(distances, [0.25, 0.125, 0.0625]);
    // Also where there is nothing to predict, so that all shares of a batch have the same copy.
    let ended = batch_of(3, 1, |_, _| StepKind::Terminated);
    assert!(loss.loss(&ended, &output_of(&ended), &mut derive(8, "loss", &[])).is_none());
    assert_eq!(value("encoder.features.bias") - slow(), 0.03125);
}

#[test]
fn its_gradient_reaches_the_beliefs_at_the_starts_and_no_encoder() {
    let ((parameters, _, loss), batch) = (loss_of(&config()), batch());
    let output = output_of(&batch);
    loss.loss(&batch, &output, &mut derive(8, "loss", &[])).unwrap().loss.backward();
    for untouched in [&output.logits, &output.values, &output.features] {
        assert!(!untouched.grad().defined());
    }
    for (name, tensor) in parameters.iter() {
        let is_trained = name.starts_with("predictive.") && !name.contains("slow_encoder");
        assert_eq!(tensor.grad().defined(), is_trained, "{name}");
        assert_eq!(tensor.requires_grad(), is_trained || name.starts_with("encoder."), "{name}");
    }
    let starts = config().starts().draw(&batch, &mut derive(8, "loss", &[]));
    let with_pairs: BTreeSet<i64> = starts.pairs.iter().map(|&(start, _)| starts.rows[start]).collect();
    let sums = output.cell.grad().flatten(0, 1).abs().sum_dim_intlist(-1, false, Kind::Float);
    let touched: BTreeSet<i64> = (0..20).filter(|&row| sums.double_value(&[row]) > 0.0).collect();
    assert_eq!(touched, with_pairs);
    assert!(with_pairs.len() < 20, "some rows are no start");
}
