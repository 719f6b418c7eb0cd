//! Promised: every preset parses, its rooms can be drawn and its agent built; and the demo's agents differ in the
//! predictive loss only, or in being an oracle.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::{Path, PathBuf};

use groundling::config::Config;
use groundling::devices::find_device;
use groundling::study::Plan;
use groundling_model::PredictiveName;
use groundling_nn::DeviceName;
use groundling_questions::QuestionMaker;
use groundling_room::RoomSpec;
use tch::{Cuda, Device};

fn load(path: &Path) -> Config {
    Config::load(path, &[]).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Every file below `folder`.
fn presets(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { presets(&path) } else { vec![path] }).collect()
}

fn configs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs")
}

#[test]
fn every_preset_parses_draws_rooms_and_builds_its_agent() {
    let (studies, presets): (Vec<_>, Vec<_>) =
        presets(&configs()).into_iter().partition(|path| path.starts_with(configs().join("study")));
    assert!(presets.len() >= 2 && !studies.is_empty(), "{presets:?} {studies:?}");
    for path in studies {
        Plan::load(&path, &[]).unwrap_or_else(|error| panic!("{error:#}"));
    }
    for path in presets {
        let name = path.display();
        assert!(path.extension().is_some_and(|extension| extension == "toml"), "{name} is no preset");
        let config = load(&path);
        for seed in 0..50 {
            RoomSpec::sample(&config.room, seed).unwrap_or_else(|error| panic!("{name}, seed {seed}: {error}"));
        }
        let blueprint = config.blueprint().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((blueprint.spec.height, blueprint.spec.width), (config.camera.height, config.camera.width));
        let agent = blueprint.build(Device::Cpu).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(agent.num_parameters() > 10_000, "{name}");
        // Fewer rooms than a run counts, since only that there is something to ask is wanted here.
        let questions = groundling_questions::QuestionConfig { census_rooms: 1_000, ..config.questions.clone() };
        let maker = QuestionMaker::new(&config.room, &questions, 0).unwrap();
        for summary in maker.summary() {
            assert!(summary.answers.len() >= 2, "{name}: `{}` has one answer only", summary.wording);
        }
    }
}

#[test]
fn the_demos_agents_differ_in_the_predictive_loss_only() {
    let [mut lstm, simcore] = ["lstm", "simcore"].map(|name| load(&configs().join(format!("demo/{name}.toml"))));
    assert_eq!((lstm.predictive.loss, simcore.predictive.loss), (PredictiveName::None, PredictiveName::SimCore));
    lstm.predictive.loss = PredictiveName::SimCore;
    assert_eq!(lstm, simcore);
}

#[test]
fn the_demos_oracle_differs_from_its_lstm_by_being_one() {
    let [mut lstm, oracle] = ["lstm", "oracle"].map(|name| load(&configs().join(format!("demo/{name}.toml"))));
    assert!(oracle.is_oracle() && !lstm.is_oracle());
    lstm.oracle.scale = oracle.oracle.scale;
    assert_eq!(lstm, oracle);
}

#[test]
fn a_preset_for_a_gpu_is_no_preset_for_a_processor() {
    let config = load(&configs().join("bench/h100.toml"));
    assert_ne!(config.training.device, DeviceName::Cpu);
    assert!(config.training.num_rooms() >= 256 && config.training.num_actor_threads() >= 12);
    // Only the one that is asked for will do.
    match find_device(config.training.device) {
        Ok(device) => assert!(Cuda::is_available() && device == Device::Cuda(0)),
        Err(refusal) => {
            assert!(!Cuda::is_available());
            assert!(refusal.to_string().contains("training.device = cuda:0"), "{refusal}");
        }
    }
}
