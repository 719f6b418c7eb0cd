use std::collections::BTreeSet;

use groundling_interface::derive;
use groundling_nn::Parameters;
use tch::Device;

use super::*;
use crate::predictive::tests::{CORE_SIZE, NUM_ACTIONS, batch_of, output_of, plan, spec};
use crate::{Agent, AgentConfig, PredictiveConfig, PredictiveName};

const ROOMS: usize = 2;

fn config() -> OtherViewsConfig {
    OtherViewsConfig { earlier: 3, later: 2, earliest_start: 0, hidden_units: 6, channels: 2, ..Default::default() }
}

fn loss_of(config: &OtherViewsConfig) -> OtherViews {
    let (spec, plan) = (spec(), plan());
    let surroundings = Surroundings { spec: &spec, core_size: CORE_SIZE, memory_steps: 0.0, encoder: &plan };
    OtherViews::new(Parameters::new(Device::Cpu).scope(3), config, surroundings)
}

/// Room 0: episodes of rows 0..=4 and from 5 on. Room 1 began earlier and goes on. No two pictures are alike.
fn batch() -> Batch {
    let mut batch = batch_of(9, ROOMS, |t, room| match (room, t) {
        (0, 0 | 5) => StepKind::First,
        (0, 4) => StepKind::Truncated,
        _ => StepKind::Mid,
    });
    batch.actions = batch.actions.remainder(NUM_ACTIONS);
    batch.rgb = (Tensor::arange(60, (Kind::Int64, Device::Cpu)) * 37).remainder(256).to_kind(Kind::Uint8);
    batch.rgb = batch.rgb.view([10, ROOMS as i64, 1, 1, 3]);
    batch
}

#[test]
fn views_are_all_those_of_the_episode_within_reach_and_no_others() {
    let config = OtherViewsConfig { num_starts: 300, num_offsets: 4, ..config() };
    let views = config.draw(&batch(), &mut derive(4, "views", &[]));
    assert_eq!((views.starts.len(), views.pairs.len()), (600, 2400));
    let met: BTreeSet<(Place, Place)> =
        views.pairs.iter().map(|&(start, view)| (views.starts[start as usize], view)).collect();
    let is_allowed = |(from, room): Place, (to, other): Place| {
        let same_episode = room == 1 || (from < 5) == (to < 5);
        room == other && same_episode && from <= to + 3 && to <= from + 2
    };
    let places = || (0..10).flat_map(|t| (0..ROOMS).map(move |room| (t, room)));
    let allowed: BTreeSet<(Place, Place)> = places()
        .flat_map(|from| places().map(move |to| (from, to)))
        .filter(|&(from, to)| is_allowed(from, to))
        .collect();
    assert_eq!(met, allowed);
    assert_eq!(config.draw(&batch(), &mut derive(4, "views", &[])), views);
    assert_ne!(config.draw(&batch(), &mut derive(5, "views", &[])), views);
}

#[test]
fn a_side_that_is_switched_off_has_no_views() {
    for (earlier, later) in [(0, 2), (3, 0), (0, 0)] {
        let config = OtherViewsConfig { earlier, later, ..config() };
        let views = config.draw(&batch(), &mut derive(4, "views", &[]));
        let offsets: BTreeSet<i64> =
            views.pairs.iter().map(|&(start, (to, _))| to as i64 - views.starts[start as usize].0 as i64).collect();
        assert!(offsets.first() >= Some(&-(earlier as i64)) && offsets.last() <= Some(&(later as i64)), "{offsets:?}");
        assert_eq!(offsets.len() > 1, earlier + later > 0, "{offsets:?}");
    }
}

#[test]
fn starts_are_late_enough_where_they_can_be() {
    let config = OtherViewsConfig { earliest_start: 3, ..config() };
    let views = config.draw(&batch(), &mut derive(4, "views", &[]));
    let rows: BTreeSet<usize> = views.starts.iter().filter(|place| place.1 == 0).map(|place| place.0).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| [3, 4, 8, 9].contains(row)), "{rows:?}");
}

#[test]
fn agrees_with_one_pair_at_a_time() {
    let (loss, batch) = (loss_of(&config()), batch());
    let output = output_of(&batch);
    let found = loss.loss(&batch, &output, &mut derive(8, "loss", &[])).unwrap().loss.double_value(&[]);
    let views = config().draw(&batch, &mut derive(8, "loss", &[]));
    let motions = spec().motions;
    let mut generator = derive(1, "unused", &[]);
    let mut expected = 0.0;
    for &(start, (to, room)) in &views.pairs {
        let (from, _) = views.starts[start as usize];
        // The way between the two, walked from the earlier one; what is asked may lie at either end.
        let walked = (from.min(to)..from.max(to)).fold(Pose::default(), |pose, t| {
            pose.after(&motions[batch.actions.int64_value(&[t as i64, room as i64]) as usize])
        });
        let pose = if from <= to { walked } else { Pose::default().seen_from(walked) };
        let row = |tensor: &Tensor| tensor.get(from as i64).narrow(0, room as i64, 1);
        let state = LstmState { hidden: row(&output.hidden), cell: row(&output.cell) };
        let condition = loss.conditions(&state, &[0], std::iter::once(pose));
        let frame =
            batch.rgb.get(to as i64).get(room as i64).permute([2, 0, 1]).unsqueeze(0).to_kind(Kind::Float) / 255.0;
        expected += loss.decoder.loss(&condition, &frame, &mut generator).loss.double_value(&[]);
    }
    expected /= views.pairs.len() as f64;
    assert!(views.pairs.iter().any(|&(start, (to, _))| to < views.starts[start as usize].0), "some look back");
    assert!((found - expected).abs() < 1e-5, "{found} against {expected}");
}

#[test]
fn its_gradient_reaches_the_beliefs_at_the_starts_alone() {
    let (loss, batch) = (loss_of(&config()), batch());
    let output = output_of(&batch);
    loss.loss(&batch, &output, &mut derive(8, "loss", &[])).unwrap().loss.backward();
    for untouched in [&output.logits, &output.values, &output.features] {
        assert!(!untouched.grad().defined());
    }
    let views = config().draw(&batch, &mut derive(8, "loss", &[]));
    let starts: BTreeSet<i64> = views.starts.iter().map(|&(t, room)| (t * ROOMS + room) as i64).collect();
    assert!(starts.len() < 20, "some rows are no start");
    for tensor in [&output.hidden, &output.cell] {
        let sums = tensor.grad().flatten(0, 1).abs().sum_dim_intlist(-1, false, Kind::Float);
        let touched: BTreeSet<i64> = (0..20).filter(|&row| sums.double_value(&[row]) > 0.0).collect();
        assert_eq!(touched, starts);
    }
}

#[test]
fn an_environment_that_does_not_tell_of_motions_is_refused() {
    let silent = EnvironmentSpec { height: 24, width: 32, motions: Vec::new(), ..spec() };
    let predictive = PredictiveConfig { loss: PredictiveName::OtherViews, ..PredictiveConfig::default() };
    let make = |spec| Agent::new(spec, &AgentConfig::default(), &predictive, 1.0, 1, Device::Cpu);
    let refused = make(&silent).unwrap_err().to_string();
    assert!(refused.contains("predictive.loss = other_views") && refused.contains("how its actions move"), "{refused}");
    config().check_environment(&spec()).unwrap();
}
