//! Each loss overfits one batch; what acting saw and what learning computes are the same; and a seed decides every bit.

use groundling_interface::{Action, Observation, StepKind, TimeStep, derive};
use groundling_model::{
    Agent, AgentOptimizer, Inputs, LossReport, LossScales, LossSettings, PredictiveConfig, PredictiveName, Unroll,
};
use groundling_nn::OptimizerConfig;

use crate::world::{LENGTH, Row, agent, each_predictive, predictive, settings, spec, trajectory, unroll_of};

const ROOMS: usize = 3;

/// A room whose colour is shown only in the first picture of an episode; all later ones are black but for a bar that
/// the actions move.
fn step(t: usize, room: usize, position: usize, last_action: Option<Action>) -> TimeStep {
    let mut rgb = vec![0u8; spec().num_bytes()];
    for (pixel, bytes) in rgb.chunks_mut(3).enumerate() {
        if t == 0 {
            bytes[room % 3] = 200;
        } else if pixel % 16 / 4 == position {
            bytes.fill(255);
        }
    }
    let kind = match t {
        0 => StepKind::First,
        LENGTH => StepKind::Truncated,
        _ => StepKind::Mid,
    };
    TimeStep { kind, observation: Observation { rgb, last_action, last_reward: (t % 2) as f32 } }
}

/// The rooms seen by one who moves the bar about.
fn unroll(agent: &Agent) -> Unroll {
    let mut positions = [0usize, 1, 2];
    let mut last_actions = [None; ROOMS];
    let mut rows = Vec::new();
    for t in 0..=LENGTH {
        let mut row = Vec::new();
        for room in 0..ROOMS {
            let TimeStep { kind, observation } = step(t, room, positions[room], last_actions[room]);
            let action = Action(((t * 7 + room * 5) % 3) as u16);
            positions[room] = moved(positions[room], action);
            let Observation { rgb, last_action, last_reward } = observation;
            row.push(Row { kind, rgb, last_action, last_reward, action, behavior_logits: [0.0; 3] });
            last_actions[room] = Some(action);
        }
        rows.push(row);
    }
    unroll_of(agent, &rows)
}

fn moved(position: usize, action: Action) -> usize {
    match action.0 {
        1 => position.saturating_sub(1),
        2 => (position + 1).min(3),
        _ => position,
    }
}

/// The losses before and after so many updates on one batch.
fn overfit(agent: &Agent, unroll: Unroll, settings: &LossSettings, updates: usize) -> (LossReport, LossReport) {
    let config = OptimizerConfig { learning_rate: 3e-3, max_gradient_norm: 5.0, ..OptimizerConfig::default() };
    let mut optimizer = AgentOptimizer::new(&config, agent);
    let unrolls = [unroll];
    let mut generator = derive(1, "loss", &[]);
    let mut report = || agent.loss(&unrolls, settings, &mut generator);
    let first = report().report();
    for _ in 0..updates {
        optimizer.step(agent, report(), 3e-3);
    }
    (first, report().report())
}

#[test]
fn simcore_imitation_and_value_overfit_one_batch() {
    let agent = agent(&predictive(PredictiveName::SimCore, 3));
    let (first, last) = overfit(&agent, unroll(&agent), &settings(true), 300);
    assert!(last.imitation.unwrap() < 0.2 * first.imitation.unwrap(), "{last:?}");
    assert!(last.predictive.unwrap() < 0.1 * first.predictive.unwrap(), "{last:?}");
    assert!(last.baseline.unwrap() < 0.2 * first.baseline.unwrap(), "{last:?}");

    assert_imagined_frames_follow_actions(&agent);
}

#[test]
fn other_views_overfit_one_batch_and_paint_what_is_gone() {
    let mut config = predictive(PredictiveName::OtherViews, 0);
    (config.other_views.earlier, config.other_views.later) = (LENGTH, LENGTH);
    let agent = agent(&config);
    let (first, last) = overfit(&agent, unroll(&agent), &settings(true), 400);
    assert!(last.predictive.unwrap() < 0.1 * first.predictive.unwrap(), "{first:?}, {last:?}");
    assert_imagined_frames_follow_actions(&agent);
}

/// What is imagined from the first picture follows the actions: the bar of room 1 starts at 1 and is moved.
fn assert_imagined_frames_follow_actions(agent: &Agent) {
    let frames = {
        let state = agent.act(&Inputs { steps: &[&step(0, 1, 1, None)] }, &agent.zero_state(1)).state;
        let actions: Vec<Action> = (0..4).map(|t| Action(((t * 7 + 5) % 3) as u16)).collect();
        agent.imagine(&state.freeze(0), &actions, &mut derive(1, "imagine", &[])).unwrap()
    };
    assert_eq!(frames.len(), 5);
    let brightest = |frame: &[u8]| {
        let column = |c: usize| -> u32 { frame.chunks(3).skip(c * 4).step_by(16).map(|p| u32::from(p[1])).sum() };
        (0..4).max_by_key(|&c| column(c)).unwrap()
    };
    let mut position = 1usize;
    for (t, frame) in frames.iter().enumerate().skip(1) {
        position = moved(position, Action((((t - 1) * 7 + 5) % 3) as u16));
        assert_eq!(brightest(frame), position, "imagined frame {t}");
    }
}

#[test]
fn acting_step_by_step_equals_the_learners_unroll() {
    // What the actor saw and what the learner recomputes must be the same state, or the beliefs probed are not the
    // ones that were trained. Here by way of the policy: one step's logits decide the imitation loss.
    let agent = agent(&PredictiveConfig::default());
    let whole = unroll(&agent);
    let mut total = 0.0;
    let mut state = agent.zero_state(ROOMS);
    let mut positions = [0usize, 1, 2];
    let mut last_actions = [None; ROOMS];
    for t in 0..LENGTH {
        let steps: Vec<TimeStep> = (0..ROOMS).map(|room| step(t, room, positions[room], last_actions[room])).collect();
        let output = agent.act(&Inputs { steps: &steps.iter().collect::<Vec<_>>() }, &state);
        for (room, logits) in output.logits.iter().enumerate() {
            let action = (t * 7 + room * 5) % 3;
            let sum: f64 = logits.iter().map(|&x| f64::from(x).exp()).sum();
            total -= f64::from(logits[action]) - sum.ln();
            positions[room] = moved(positions[room], Action(action as u16));
            last_actions[room] = Some(Action(action as u16));
        }
        state = output.state;
    }
    let mut generator = derive(1, "loss", &[]);
    let report = agent.loss(&[whole], &settings(true), &mut generator).report();
    let mean = total / (LENGTH * ROOMS) as f64;
    assert!((report.imitation.unwrap() - mean).abs() < 1e-5, "{} against {mean}", report.imitation.unwrap());
}

#[test]
fn overshoot_0_reconstructs_the_present() {
    let mut config = predictive(PredictiveName::SimCore, 0);
    config.simcore.overshoot = 0;
    config.validate().unwrap();
    let agent = agent(&config);
    let (first, last) = overfit(&agent, unroll(&agent), &settings(true), 300);
    assert!(last.predictive.unwrap() < 0.1 * first.predictive.unwrap(), "{first:?}, {last:?}");
    // Under no action it imagines one frame, and that is the one it sees: the room's colour.
    for room in 0..ROOMS {
        let state = agent.act(&Inputs { steps: &[&step(0, room, room, None)] }, &agent.zero_state(1)).state;
        let frames = agent.imagine(&state.freeze(0), &[], &mut derive(1, "imagine", &[])).unwrap();
        assert_eq!(frames.len(), 1);
        let sum = |channel: usize| -> u64 { frames[0].iter().skip(channel).step_by(3).map(|&x| u64::from(x)).sum() };
        assert_eq!((0..3).max_by_key(|&channel| sum(channel)), Some(room));
    }
}

#[test]
fn cpc_a_overfits_one_batch() {
    let agent = agent(&predictive(PredictiveName::CpcA, 3));
    // Every picture another one, or a negative could be the positive's double.
    let rows = trajectory(ROOMS, |t, _| if t == 0 { StepKind::First } else { StepKind::Mid });
    let (first, last) = overfit(&agent, unroll_of(&agent, &rows), &settings(true), 300);
    assert!((first.predictive.unwrap() - 2.0 * 2f64.ln()).abs() < 0.3, "it begins by knowing nothing: {first:?}");
    assert!(last.predictive.unwrap() < 0.1 * first.predictive.unwrap(), "{last:?}");
    let loss = agent.loss(&[unroll_of(&agent, &rows)], &settings(true), &mut derive(2, "loss", &[]));
    let series = loss.predictive_series();
    assert_eq!(series.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["positive_accuracy", "negative_accuracy"]);
    assert!(series.iter().all(|&(_, share)| share > 0.95 && share <= 1.0), "{series:?}");
}

#[test]
fn cpc_a_predicts_what_actions_do_in_episodes_never_seen() {
    // A bar in one of four places, moved by actions taken by chance; no two batches are the same.
    let mut chance = derive(9, "actions", &[]);
    let mut episodes = |agent: &Agent| {
        let mut rows = trajectory(8, |t, _| if t == 0 { StepKind::First } else { StepKind::Mid });
        for room in 0..8 {
            let mut position = rand::RngExt::random_range(&mut chance, 0..4);
            for row in &mut rows {
                row[room].rgb = step(1, room, position, None).observation.rgb;
                row[room].action = Action(rand::RngExt::random_range(&mut chance, 0..3));
                position = moved(position, row[room].action);
            }
        }
        [unroll_of(agent, &rows)]
    };
    let agent = agent(&predictive(PredictiveName::CpcA, 0));
    let config = OptimizerConfig { learning_rate: 3e-3, max_gradient_norm: 5.0, ..OptimizerConfig::default() };
    let mut optimizer = AgentOptimizer::new(&config, &agent);
    let mut generator = derive(1, "loss", &[]);
    let mut losses = Vec::new();
    for _ in 0..300 {
        let loss = agent.loss(&episodes(&agent), &settings(true), &mut generator);
        losses.push(loss.report().predictive.unwrap());
        optimizer.step(&agent, loss, 3e-3);
    }
    let last = losses[290..].iter().sum::<f64>() / 10.0;
    // One who knows nothing stands at 1.386. A share c of the negatives shows the positive's own picture, so none gets
    // below ln(1 + c) + c ln((1 + c) / c), which is 0.63 for a quarter.
    assert!(last < 0.75, "{last}");
}

#[test]
fn the_policy_gradient_finds_what_is_rewarded() {
    // Action 0 brings a reward of 1, the others nothing, in every picture.
    let agent = agent(&PredictiveConfig::default());
    let rows = trajectory(ROOMS, |t, _| if t == 0 { StepKind::First } else { StepKind::Mid });
    let mut settings = settings(false);
    settings.scales = LossScales { entropy: 0.0, ..LossScales::default() };
    // Actions there were taken by chance, and each counts as much as it was probable.
    let (first, last) = overfit(&agent, unroll_of(&agent, &rows), &settings, 200);
    assert!(last.baseline.unwrap() < 0.2 * first.baseline.unwrap(), "{first:?}, {last:?}");
    assert!(last.entropy.unwrap() > 0.2 * first.entropy.unwrap(), "it has made up its mind: {first:?}, {last:?}");
    let mut state = agent.zero_state(1);
    for row in &rows {
        let Row { kind, rgb, last_action, last_reward, .. } = row[0].clone();
        let step = TimeStep { kind, observation: Observation { rgb, last_action, last_reward } };
        let output = agent.act(&Inputs { steps: &[&step] }, &state);
        let logits = &output.logits[0];
        assert!(logits[0] > logits[1] && logits[0] > logits[2], "{logits:?}");
        state = output.state;
    }
}

#[test]
fn the_entropy_loss_makes_the_policy_even() {
    let agent = agent(&PredictiveConfig::default());
    let scale = |imitation: f64, entropy: f64| LossScales {
        policy_gradient: 0.0,
        baseline: 0.0,
        entropy,
        imitation,
        ..LossScales::default()
    };
    let mut settings = settings(true);
    settings.scales = scale(1.0, 0.0);
    let _ = overfit(&agent, unroll(&agent), &settings, 60);
    settings = LossSettings { scales: scale(0.0, 1.0), scripted: false, ..settings };
    let (first, last) = overfit(&agent, unroll(&agent), &settings, 100);
    let even = -3f64.ln();
    assert!(first.entropy.unwrap() > 0.8 * even, "imitation has made it uneven: {first:?}");
    assert!(last.entropy.unwrap() < 0.99 * even, "{last:?}");
}

#[test]
fn the_same_seed_learns_the_same_bits() {
    for config in &each_predictive(3) {
        let run = || {
            let agent = agent(config);
            let mut optimizer = AgentOptimizer::new(&OptimizerConfig::default(), &agent);
            let mut generator = derive(3, "loss", &[]);
            for _ in 0..5 {
                let loss = agent.loss(&[unroll(&agent)], &settings(false), &mut generator);
                optimizer.step(&agent, loss, 1e-3);
            }
            agent.values()
        };
        assert_eq!(run(), run(), "{config:?}");
    }
}
