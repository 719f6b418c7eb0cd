//! The protocol of a file: that of the run it was recorded from, or what can be said of a file of others.

use std::collections::BTreeSet;

use anyhow::Result;
use groundling_questions::SplitPart;
use groundling_report::ProbeProtocol;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::probing::{AskedOf, Schedule, protocol};

/// The protocol by which Groundling recorded a file.
pub(super) fn of_run(config: &Config, probe_seed: u64, seconds: f64) -> Result<ProbeProtocol> {
    protocol(config, Schedule::of(config).steps(), probe_seed, seconds)
}

/// The protocol of a file of others: nothing is known of its rooms, and its hash is of its questions and of the probe.
pub(super) fn of_others(config: &Config, asked: &AskedOf, probe_seed: u64, seconds: f64) -> Result<ProbeProtocol> {
    let num_episodes = |part| {
        let numbers: BTreeSet<u64> = asked.at_the_end.of(part).iter().map(|example| example.episode).collect();
        numbers.len() as u64
    };
    let timeline = &asked.over_time.test;
    let timeline_steps: BTreeSet<u32> = timeline.iter().map(|example| example.step()).collect();
    let timeline_episodes: BTreeSet<u64> = timeline.iter().map(|example| example.episode).collect();
    let last_step = asked.at_the_end.test.iter().map(|example| example.step()).max().unwrap_or(0);
    Ok(ProbeProtocol {
        split: "episodes of a file".into(),
        num_train_episodes: num_episodes(SplitPart::Train),
        num_validation_episodes: num_episodes(SplitPart::Validation),
        num_test_episodes: num_episodes(SplitPart::Test),
        train_seed: 0,
        validation_seed: 0,
        test_seed: 0,
        asked_step: last_step,
        episode_steps: last_step,
        long_gap: match config.evaluation.long_gap {
            0 => last_step.div_ceil(4),
            steps => steps,
        },
        image_width: 0,
        image_height: 0,
        timeline_steps: timeline_steps.into_iter().collect(),
        num_timeline_episodes: timeline_episodes.len() as u64,
        config_hash: hash(config, asked)?,
        ..of_run(config, probe_seed, seconds)?
    })
}

fn hash(config: &Config, asked: &AskedOf) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(&(&config.probe, config.evaluation.seed))?);
    for examples in [&asked.at_the_end, &asked.over_time] {
        for part in SplitPart::ALL {
            for example in examples.of(part) {
                let question = &example.question;
                let key = (example.episode, example.number, example.step());
                hash.update(serde_json::to_vec(&(key, question.template, &question.tokens, question.answer))?);
            }
        }
    }
    Ok(hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
