//! That CPC|A, computed for all pairs at once, is what the paper says of each pair alone; and whom its gradient reaches.

use groundling_interface::{StepKind, derive};
use groundling_nn::{NamedValues, Parameters};
use tch::{Device, Kind, Tensor};

use super::{CORE_SIZE, NUM_ACTIONS, batch_of, output_of, plan, spec};
use crate::predictive::cpc_a::{CpcA, CpcAConfig};
use crate::predictive::{PredictiveLoss, Surroundings};
use crate::unroll::Batch;

const ROOMS: usize = 3;

fn config() -> CpcAConfig {
    CpcAConfig {
        horizon: 4,
        num_starts: 3,
        num_offsets: 2,
        earliest_start: 2,
        num_negatives: 5,
        ..CpcAConfig::default()
    }
}

fn loss_of(config: &CpcAConfig, parameters: &mut Parameters) -> CpcA {
    let (spec, plan) = (spec(), plan());
    let surroundings = Surroundings { spec: &spec, core_size: CORE_SIZE, memory_steps: 0.0, encoder: &plan };
    CpcA::new(parameters.scope(3), config, surroundings)
}

/// Rooms 0 and 1 see an episode end in row 5; room 2 goes on.
fn batch() -> Batch {
    let mut batch = batch_of(9, ROOMS, |t, room| match (t, room) {
        (5, 0) => StepKind::Terminated,
        (5, 1) => StepKind::Truncated,
        (6, 0 | 1) => StepKind::First,
        _ => StepKind::Mid,
    });
    batch.actions = batch.actions.remainder(NUM_ACTIONS);
    batch
}

/// The formulas in f64 on plain numbers, a matrix as rows in one slice.
struct Slow {
    values: NamedValues,
}

impl Slow {
    fn map(&self, name: &str, rows: usize, inputs: &[f64]) -> Vec<f64> {
        let weight = self.values.get(name, &[rows, inputs.len()]).unwrap();
        let row = |r: usize| inputs.iter().enumerate().map(|(i, x)| f64::from(weight[r * inputs.len() + i]) * x).sum();
        (0..rows).map(row).collect()
    }

    fn bias(&self, name: &str, rows: usize) -> Vec<f64> {
        self.values.get(name, &[rows]).unwrap().iter().map(|&x| f64::from(x)).collect()
    }

    /// The GRU's state after `actions` from a belief.
    fn simulate(&self, hidden: &[f64], cell: &[f64], actions: &[i64]) -> Vec<f64> {
        let n = CORE_SIZE as usize;
        let mean = cell.iter().sum::<f64>() / n as f64;
        let variance = cell.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
        let normed = cell.iter().map(|x| (x - mean) / (variance + 1e-5).sqrt());
        let belief: Vec<f64> = hidden.iter().copied().chain(normed).collect();
        let bias = self.bias("from_belief.bias", n);
        let mapped = self.map("from_belief.weight", n, &belief);
        let mut state: Vec<f64> = mapped.iter().zip(bias).map(|(x, b)| (x + b).tanh()).collect();
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for &action in actions {
            let one_hot: Vec<f64> = (0..NUM_ACTIONS).map(|a| if a == action { 1.0 } else { 0.0 }).collect();
            let inputs = self.map("gru.input_weight", 3 * n, &one_hot);
            let inputs: Vec<f64> = inputs.iter().zip(self.bias("gru.bias", 3 * n)).map(|(x, b)| x + b).collect();
            let recurrent = self.map("gru.recurrent_weight", 3 * n, &state);
            let unit = |i: usize| {
                let reset = sigmoid(inputs[i] + recurrent[i]);
                let update = sigmoid(inputs[n + i] + recurrent[n + i]);
                let candidate = (inputs[2 * n + i] + reset * recurrent[2 * n + i]).tanh();
                (1.0 - update) * candidate + update * state[i]
            };
            state = (0..n).map(unit).collect();
        }
        state
    }

    /// Probability that the encoding came.
    fn classify(&self, state: &[f64], encoding: &[f64], units: usize) -> f64 {
        let from_state = self.map("classifier.from_state.weight", units, state);
        let from_encoding = self.map("classifier.from_encoding.weight", units, encoding);
        let biases = ["from_state", "from_encoding"].map(|part| self.bias(&format!("classifier.{part}.bias"), units));
        let unit = |i: usize| (from_state[i] + from_encoding[i] + biases[0][i] + biases[1][i]).max(0.0);
        let hidden: Vec<f64> = (0..units).map(unit).collect();
        let logit = self.map("classifier.logit.weight", 1, &hidden)[0] + self.bias("classifier.logit.bias", 1)[0];
        1.0 / (1.0 + (-logit).exp())
    }
}

fn row_of(tensor: &Tensor, row: i64) -> Vec<f64> {
    let flat = tensor.flatten(0, 1);
    (0..flat.size()[1]).map(|index| flat.double_value(&[row, index])).collect()
}

#[test]
fn agrees_with_the_formula_pair_by_pair() {
    let mut parameters = Parameters::new(Device::Cpu);
    let config = config();
    let loss = loss_of(&config, &mut parameters);
    // Biases that are all 0 would hide a forgotten one.
    for (index, (name, tensor)) in parameters.iter().enumerate() {
        if name.ends_with("bias") {
            let _ = tch::no_grad(|| tensor.shallow_clone().fill_(0.1 * (index as f64 + 1.0)));
        }
    }
    let (batch, slow) = (batch(), Slow { values: parameters.values() });
    let output = output_of(&batch);
    let found = loss.loss(&batch, &output, &mut derive(8, "loss", &[])).unwrap();

    let mut generator = derive(8, "loss", &[]);
    let starts = config.starts().draw(&batch, &mut generator);
    let candidates = loss.draw_candidates(&starts.targets, &batch, &mut generator);
    let (mut positive, mut negative, mut right) = (0.0, 0.0, [0.0, 0.0]);
    for (pair, &target) in starts.targets.iter().enumerate() {
        let start = starts.rows[starts.pairs[pair].0];
        let rooms = ROOMS as i64;
        let between: Vec<i64> = (start..target).step_by(ROOMS).collect();
        let actions: Vec<i64> =
            between.iter().map(|row| batch.actions.int64_value(&[row / rooms, row % rooms])).collect();
        let state = slow.simulate(&row_of(&output.hidden, start), &row_of(&output.cell, start), &actions);
        let chances: Vec<f64> = candidates[pair * 6..(pair + 1) * 6]
            .iter()
            .map(|&row| slow.classify(&state, &row_of(&output.features, row), config.hidden_units as usize))
            .collect();
        positive -= chances[0].ln();
        negative -= chances[1..].iter().map(|chance| (1.0 - chance).ln()).sum::<f64>();
        right[0] += if chances[0] > 0.5 { 1.0 } else { 0.0 };
        right[1] += chances[1..].iter().filter(|&&chance| chance <= 0.5).count() as f64;
    }
    let pairs = starts.targets.len() as f64;
    let expected = positive / pairs + negative / (5.0 * pairs);
    assert!((found.loss.double_value(&[]) - expected).abs() < 1e-5, "{:?} against {expected}", found.loss);
    assert_eq!(
        found.series.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["positive_accuracy", "negative_accuracy"]
    );
    assert!((found.series[0].1 - right[0] / pairs).abs() < 1e-6);
    assert!((found.series[1].1 - right[1] / (5.0 * pairs)).abs() < 1e-6);
}

#[test]
fn negatives_are_other_targets_with_the_asked_share_from_the_same_room() {
    let batch = batch();
    // Rows 3 to 6 of room 1, row 4 of it twice, and rows 7 and 8 of rooms 0 and 2.
    let targets = [10, 13, 13, 16, 19, 21, 24, 23, 26];
    for share in [0.0, 0.25, 1.0] {
        let config = CpcAConfig { num_negatives: 500, same_room_share: share, ..config() };
        let loss = loss_of(&config, &mut Parameters::new(Device::Cpu));
        let candidates = loss.draw_candidates(&targets, &batch, &mut derive(2, "loss", &[]));
        for (pair, &target) in candidates.chunks(501).zip(&targets) {
            let (positive, negatives) = (pair[0], &pair[1..]);
            assert_eq!(positive, target);
            assert!(negatives.iter().all(|&row| row != target && targets.contains(&row)));
            let same_room = negatives.iter().filter(|&&row| row % ROOMS as i64 == target % ROOMS as i64).count();
            assert!((same_room as f64 / 500.0 - share).abs() < 0.06, "{same_room} of 500 for {share}");
            let from_elsewhere = targets.iter().filter(|&&row| row % ROOMS as i64 != target % ROOMS as i64);
            assert!(
                share == 1.0 || from_elsewhere.clone().all(|row| negatives.contains(row)),
                "all rooms' rows are met"
            );
            let from_here = targets.iter().filter(|&&row| row % ROOMS as i64 == target % ROOMS as i64 && row != target);
            assert!(share == 0.0 || from_here.clone().all(|row| negatives.contains(row)), "all other rows are met");
        }
        // What is a target twice is a negative twice as often as what is one once.
        let count = |row: i64| candidates[501 * 5..].iter().filter(|&&other| other == row).count() as f64;
        assert!(share == 1.0 || (1.6..2.5).contains(&(count(13) / count(16))), "{} {}", count(13), count(16));
    }
}

#[test]
fn where_there_are_no_other_targets_the_rest_of_the_batch_serves() {
    let draw = |targets: &[i64], batch: &Batch, share: f64| {
        let config = CpcAConfig { same_room_share: share, ..config() };
        let loss = loss_of(&config, &mut Parameters::new(Device::Cpu));
        loss.draw_candidates(targets, batch, &mut derive(2, "loss", &[]))
    };
    // One room alone gives its own other targets, and a room with one target the other rooms'.
    let alone = batch_of(9, 1, |_, _| StepKind::Mid);
    assert!(draw(&[4, 6], &alone, 0.0)[1..6].iter().all(|&row| row == 6));
    assert!(draw(&[4, 5], &batch(), 1.0)[1..6].iter().all(|&row| row == 5));
    // A single target leaves the other rows of its room.
    let rows = draw(&[13], &batch(), 0.25);
    assert!(rows.len() == 6 && rows[1..].iter().all(|&row| row != 13 && row % ROOMS as i64 == 1 && row < 30));
}

#[test]
fn a_batch_without_a_future_has_no_loss() {
    let ended = batch_of(3, 1, |_, _| StepKind::Terminated);
    let loss = loss_of(&config(), &mut Parameters::new(Device::Cpu));
    assert!(loss.loss(&ended, &output_of(&ended), &mut derive(2, "loss", &[])).is_none());
}

#[test]
fn its_gradient_reaches_the_belief_at_the_starts_and_the_candidates_encodings_alone() {
    let config = config();
    let loss = loss_of(&config, &mut Parameters::new(Device::Cpu));
    let batch = batch();
    let output = output_of(&batch);
    loss.loss(&batch, &output, &mut derive(8, "loss", &[])).unwrap().loss.backward();
    assert!(!output.logits.grad().defined() && !output.values.grad().defined());

    let mut generator = derive(8, "loss", &[]);
    let starts = config.starts().draw(&batch, &mut generator);
    let candidates = loss.draw_candidates(&starts.targets, &batch, &mut generator);
    let with_pairs = starts.pairs.iter().map(|&(start, _)| starts.rows[start]);
    let with_pairs: std::collections::BTreeSet<i64> = with_pairs.collect();
    assert!(with_pairs.len() < 15, "some rows are no start");
    let touched = |tensor: &Tensor| -> std::collections::BTreeSet<i64> {
        let sums = tensor.grad().flatten(0, 1).abs().sum_dim_intlist(-1, false, Kind::Float);
        (0..30).filter(|&row| sums.double_value(&[row]) > 0.0).collect()
    };
    assert_eq!(touched(&output.hidden), with_pairs);
    assert_eq!(touched(&output.cell), with_pairs);
    assert!(touched(&output.features).is_subset(&candidates.into_iter().collect()));
    assert!(starts.targets.iter().all(|row| touched(&output.features).contains(row)), "gradients into the encoder");
}
