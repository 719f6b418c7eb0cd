//! That no loss looks across an episode's end. What lies behind it is replaced by something else; where a loss did look
//! there, it would change, and to the last bit it does not. The same replacement on this side of the end changes it.

use groundling_interface::{Action, StepKind, derive};
use groundling_model::{LossReport, PredictiveConfig};

use crate::world::{LENGTH, Row, agent, each_predictive, noise, settings, trajectory, unroll_of};

/// Row of room 0 in which its first episode ends.
const END: usize = 5;

/// Room 0: an episode that began before the unroll and ends in row `END`, then a new one. Room 1: one episode.
fn rows(end: StepKind) -> Vec<Vec<Row>> {
    trajectory(2, |t, room| match (t, room) {
        (END, 0) => end,
        (t, 0) if t == END + 1 => StepKind::First,
        (0, 1) => StepKind::First,
        _ => StepKind::Mid,
    })
}

fn report(config: &PredictiveConfig, rows: &[Vec<Row>], scripted: bool) -> LossReport {
    let agent = agent(config);
    agent.loss(&[unroll_of(&agent, rows)], &settings(scripted), &mut derive(5, "loss", &[])).report()
}

fn planted(rows: &[Vec<Row>], plant: impl Fn(usize, &mut Row)) -> Vec<Vec<Row>> {
    let mut planted = rows.to_vec();
    for (t, row) in planted.iter_mut().enumerate() {
        plant(t, &mut row[0]);
    }
    assert_ne!(planted, rows);
    planted
}

#[test]
fn predictions_do_not_look_across_an_end() {
    // Looks ahead from the first episode of room 0 alone: all other rows are too early but for room 1's last, which has no
    // future. CPC|A draws its negatives from what is predicted too, so nothing but a term across the end reads behind it.
    for config in &each_predictive(LENGTH) {
        for end in [StepKind::Terminated, StepKind::Truncated] {
            let rows = rows(end);
            let value = |rows: &[Vec<Row>]| report(config, rows, true).predictive.unwrap();
            let before = value(&rows);
            let behind = planted(&rows, |t, row| {
                // The action of the last observation leads nowhere, so it lies behind the end already.
                if t >= END {
                    row.action = Action((row.action.0 + 1) % 3);
                }
                if t > END {
                    row.rgb = noise(1000 + t);
                    row.last_reward = 7.0;
                    row.last_action = row.last_action.map(|action| Action((action.0 + 1) % 3));
                }
            });
            assert_eq!(value(&behind).to_bits(), before.to_bits(), "{config:?}, {end:?}");
            for inside in 0..=END {
                let pictures = planted(&rows, |t, row| {
                    if t == inside {
                        row.rgb = noise(1000);
                    }
                });
                assert_ne!(value(&pictures).to_bits(), before.to_bits(), "{config:?}, {end:?}: picture {inside}");
            }
            let action = planted(&rows, |t, row| {
                if t == END - 1 {
                    row.action = Action((row.action.0 + 1) % 3);
                }
            });
            assert_ne!(value(&action).to_bits(), before.to_bits(), "{config:?}, {end:?}: the last action");
        }
    }
}

#[test]
fn a_new_episode_knows_nothing_of_the_one_before() {
    // Every episode is looked ahead from row 4 on, so in room 0 from the second one alone: its state holds nothing of the
    // first.
    let end = 3;
    let rows = trajectory(2, |t, room| match (t, room) {
        (t, 0) if t == end => StepKind::Truncated,
        (t, 0) if t == end + 1 => StepKind::First,
        (0, _) => StepKind::First,
        _ => StepKind::Mid,
    });
    let with_pictures = |which: std::ops::RangeInclusive<usize>| {
        planted(&rows, |t, row| {
            if which.contains(&t) {
                row.rgb = noise(1000 + t);
            }
        })
    };
    for config in &each_predictive(end + 1) {
        let before = report(config, &rows, true).predictive;
        assert_eq!(report(config, &with_pictures(0..=end), true).predictive, before);
        assert_ne!(report(config, &with_pictures(end + 1..=end + 1), true).predictive, before);
    }
}

#[test]
fn what_is_done_at_an_end_teaches_the_policy_nothing() {
    let config = PredictiveConfig::default();
    for scripted in [true, false] {
        let rows = rows(StepKind::Truncated);
        let before = report(&config, &rows, scripted);
        let done_in = |row_planted: usize| {
            let planted = planted(&rows, |t, row| {
                if t == row_planted {
                    (row.action, row.behavior_logits) = (Action((row.action.0 + 1) % 3), [3.0, -1.0, 0.5]);
                }
            });
            report(&config, &planted, scripted)
        };
        assert_eq!(done_in(END), before);
        assert_ne!(done_in(END - 1), before);
    }
}

#[test]
fn a_terminal_observation_is_worth_nothing_and_a_truncated_one_its_value() {
    let config = PredictiveConfig::default();
    // In the middle of an unroll, and in the row from which it is bootstrapped.
    for end_row in [END, LENGTH] {
        for (end, is_read) in [(StepKind::Terminated, false), (StepKind::Truncated, true)] {
            let rows = trajectory(2, |t, room| match (t, room) {
                (t, 0) if t == end_row => end,
                (t, 0) if t == end_row + 1 => StepKind::First,
                _ => StepKind::Mid,
            });
            let other_picture = planted(&rows, |t, row| {
                if t == end_row {
                    row.rgb = noise(1000);
                }
            });
            for scripted in [true, false] {
                let (before, after) = (report(&config, &rows, scripted), report(&config, &other_picture, scripted));
                assert_eq!(before != after, is_read, "{end:?} in row {end_row}: {before:?}, {after:?}");
            }
        }
    }
}
