//! What two measurements must share to be compared.

use anyhow::Result;
use groundling_impala::TrainingConfig;
use groundling_questions::{QuestionMaker, TemplateSummary};
use groundling_report::{ProbeProtocol, TemplateEntry};
use sha2::{Digest, Sha256};

use super::RowName;
use crate::config::{Config, EvaluationConfig};
use crate::examples::split_seed;
use crate::failure::wrong_input;
use crate::split::{Split, SplitPart};
use crate::trained::TrainedRun;

/// Runs can be compared only when all that decides rooms, questions and probes is the same.
pub(crate) fn same_protocol(runs: &[TrainedRun]) -> Result<()> {
    let Some(first) = runs.first() else { return Ok(()) };
    for run in runs {
        if RowName::is_of_a_control(&run.name) {
            let name = &run.name;
            return Err(wrong_input(format!("a run must not be called `{name}`: a control is; rename its folder")));
        }
        if let Some(setting) = protocol_difference(&first.config, &run.config)? {
            let (here, there) = (run.directory.path().display(), first.directory.path().display());
            return Err(wrong_input(format!(
                "{here} and {there} cannot be compared: they differ in {setting}; probe them one by one"
            )));
        }
    }
    Ok(())
}

/// Everything that a comparison needs to be the same: rooms, what is done and seen in them, questions, probes. What agents
/// are made of and how they learnt is left out, and their seed.
fn protocol_of(config: &Config) -> Config {
    let Config { room, camera, control, physics, task, explorer, questions, probe, evaluation, .. } = config.clone();
    Config {
        room,
        camera,
        control,
        physics,
        task,
        explorer,
        questions,
        probe,
        // How many threads play changes no bit.
        evaluation: EvaluationConfig { threads: EvaluationConfig::default().threads, ..evaluation },
        training: TrainingConfig { exploring: config.training.exploring, ..TrainingConfig::default() },
        ..Config::default()
    }
}

/// Hash of everything that a comparison needs to be the same, hexadecimal.
pub(crate) fn protocol_hash(config: &Config) -> Result<String> {
    let hash = Sha256::digest(protocol_of(config).to_toml()?.as_bytes());
    Ok(hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// The first setting, as `section.key`, in which the protocols of two configurations differ.
pub(crate) fn protocol_difference(one: &Config, other: &Config) -> Result<Option<String>> {
    let tables = [one, other].map(|config| toml::Table::try_from(protocol_of(config)));
    let [one, other] = tables;
    Ok(differing_key(&one?, &other?))
}

fn differing_key(one: &toml::Table, other: &toml::Table) -> Option<String> {
    one.keys().chain(other.keys()).find_map(|key| match (one.get(key), other.get(key)) {
        (Some(toml::Value::Table(one)), Some(toml::Value::Table(other))) => {
            differing_key(one, other).map(|below| format!("{key}.{below}"))
        }
        (one, other) => (one != other).then(|| key.clone()),
    })
}

/// As the probe file tells it; `steps` are those of the timeline.
pub(crate) fn protocol(config: &Config, steps: &[u32], probe_seed: u64, seconds: f64) -> Result<ProbeProtocol> {
    let (probe, evaluation) = (&config.probe, &config.evaluation);
    let split = match evaluation.split {
        Split::Random => "random rooms",
        Split::Compositional => "rooms with held-out pairs of shape and colour",
    };
    let num_timeline_episodes = evaluation.timeline_episodes.min(evaluation.test_episodes) as u64;
    Ok(ProbeProtocol {
        split: split.into(),
        evaluation_seed: evaluation.seed,
        num_train_episodes: evaluation.train_episodes as u64,
        num_validation_episodes: evaluation.validation_episodes as u64,
        num_test_episodes: evaluation.test_episodes as u64,
        train_seed: split_seed(config, SplitPart::Train),
        validation_seed: split_seed(config, SplitPart::Validation),
        test_seed: split_seed(config, SplitPart::Test),
        probe_seed,
        asked_step: config.task.episode_steps,
        long_gap: match evaluation.long_gap {
            0 => config.task.episode_steps.div_ceil(4),
            steps => steps,
        },
        image_width: config.camera.width as u32,
        image_height: config.camera.height as u32,
        timeline_steps: steps.to_vec(),
        num_timeline_episodes: if steps.is_empty() { 0 } else { num_timeline_episodes },
        episode_steps: config.task.episode_steps,
        probe_updates: probe.offline.updates,
        probe_batch: probe.batch_size as u64,
        decoder: config.probes().first().unwrap_or(probe).describe_decoder(),
        config_hash: protocol_hash(config)?,
        seconds,
    })
}

/// The templates as the probe file tells them.
pub(super) fn templates(maker: &QuestionMaker) -> Vec<TemplateEntry> {
    let entry = |summary: TemplateSummary| TemplateEntry {
        name: summary.name,
        wording: summary.wording,
        chance: summary.chance,
        answers: summary.answers,
    };
    maker.summary().into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(settings: &[&str]) -> Config {
        Config::from_settings(&settings.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
    }

    fn difference(settings: &[&str]) -> Option<String> {
        protocol_difference(&Config::default(), &config(settings)).unwrap()
    }

    #[test]
    fn agents_may_differ_and_what_they_are_asked_may_not() {
        let agents = [
            "seed=7",
            "agent.core_size=64",
            "agent.encoder=deep",
            "predictive.loss=simcore",
            "losses.predictive=0.5",
            "vtrace.discount=0.9",
            "optimizer.learning_rate=0.01",
            "training.num_frames=9000000",
            "training.schedule=async",
            "evaluation.threads=1",
        ];
        assert_eq!(difference(&agents), None);
        let hash = |config: &Config| protocol(config, &[], 0, 0.0).unwrap().config_hash;
        assert_eq!(hash(&Config::default()), hash(&config(&agents)));
        for setting in [
            "room.held_out_share=0.1",
            "room.num_objects=[1, 2]",
            "camera.width=64",
            "control.action_repeat=2",
            "physics.movable=false",
            "task.episode_steps=10",
            "explorer.random_action_probability=0.3",
            "questions.last_step_draws=1",
            "probe.decoder=mlp",
            "probe.decoders.lstm.hidden_size=32",
            "probe.offline.updates=10",
            "evaluation.seed=1",
            "evaluation.test_episodes=5",
            "evaluation.timeline_points=0",
            "training.exploring=scripted",
        ] {
            let key = setting.split('=').next().unwrap();
            assert_eq!(difference(&[setting]).as_deref(), Some(key), "{setting}");
            assert_ne!(hash(&Config::default()), hash(&config(&[setting])), "{setting}");
        }
    }
}
