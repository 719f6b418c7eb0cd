//! That `carried_state` decides in which core state an unroll begins within an episode, and nothing else.

use groundling_belief::FrozenBelief;
use groundling_interface::{StepKind, derive};
use groundling_model::{LossReport, LossSettings, PredictiveConfig};

use crate::world::{agent, each_predictive, settings, trajectory, unroll_from};

const ROOMS: usize = 2;

/// The losses of an unroll whose rooms all begin in a row of this kind, after much was seen if `is_full`.
fn report(config: &PredictiveConfig, first: StepKind, is_full: bool, carried_state: bool) -> LossReport {
    let agent = agent(config);
    let rows = trajectory(ROOMS, |t, _| if t == 0 { first } else { StepKind::Mid });
    let size = agent.zero_state(1).freeze(0).size();
    let part = |factor: f32| (0..size).map(|unit| if is_full { (unit as f32 * factor).sin() } else { 0.0 }).collect();
    let beliefs = (0..ROOMS).map(|room| FrozenBelief::new(part(0.7 + room as f32), part(1.9 + room as f32))).collect();
    let settings = LossSettings { carried_state, ..settings(false) };
    agent.loss(&[unroll_from(beliefs, &rows)], &settings, &mut derive(5, "loss", &[])).report()
}

#[test]
fn it_makes_no_difference_where_an_unroll_begins_an_episode() {
    for config in each_predictive(3).into_iter().chain([PredictiveConfig::default()]) {
        let at_first = |is_full, carried_state| report(&config, StepKind::First, is_full, carried_state);
        assert_eq!(at_first(true, true), at_first(true, false), "{:?}", config.loss);
        assert_eq!(at_first(true, true), at_first(false, true), "{:?}", config.loss);
    }
}

#[test]
fn within_an_episode_an_unroll_begins_with_it_or_in_zeros() {
    for config in each_predictive(3).into_iter().chain([PredictiveConfig::default()]) {
        let within = |is_full, carried_state| report(&config, StepKind::Mid, is_full, carried_state);
        assert_ne!(within(true, true), within(true, false), "{:?}", config.loss);
        assert_eq!(within(true, false), within(false, false), "{:?}", config.loss);
        // It is as if the episode began there, also as to how early a predictive loss may start.
        assert_eq!(within(true, false), report(&config, StepKind::First, true, true), "{:?}", config.loss);
    }
}
