//! Promise: a saved probe answers the same, bit for bit, and goes on as if it had not stopped; every damage is named.

use std::path::Path;

use tch::Device;

use super::rooms::{Holds, examples, remembered, spec, spec_of};
use crate::{DecoderName, ProbeTrainer, Reading, SavedProbeError};

fn trained() -> ProbeTrainer {
    let mut trainer = ProbeTrainer::new(spec(Reading::Belief), Device::Cpu).unwrap();
    for batch in examples(0, 100, Holds::Room).chunks(128) {
        trainer.step(batch).unwrap();
    }
    trainer
}

fn load_error(path: &Path) -> SavedProbeError {
    ProbeTrainer::load(path, Device::Cpu).unwrap_err()
}

#[test]
fn every_decoder_comes_back_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("probe.safetensors");
    let some = remembered(0, 20, false);
    for &decoder in DecoderName::ALL {
        let mut original = ProbeTrainer::new(spec_of(decoder, Reading::Belief), Device::Cpu).unwrap();
        original.step(&some).unwrap();
        original.save(&path).unwrap();
        let mut loaded = ProbeTrainer::load(&path, Device::Cpu).unwrap();
        assert_eq!(loaded.spec(), original.spec());
        assert_eq!(loaded.answer_examples(&some).unwrap(), original.answer_examples(&some).unwrap());
        assert_eq!(loaded.step(&some).unwrap(), original.step(&some).unwrap());
    }
}

#[test]
fn a_round_trip_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("probe.safetensors");
    let mut original = trained();
    original.save(&path).unwrap();
    let mut loaded = ProbeTrainer::load(&path, Device::Cpu).unwrap();
    assert_eq!((loaded.spec(), loaded.num_updates()), (original.spec(), original.num_updates()));
    let more = examples(500, 30, Holds::Room);
    assert_eq!(loaded.evaluate(&more).unwrap(), original.evaluate(&more).unwrap());
    for _ in 0..5 {
        assert_eq!(loaded.step(&more).unwrap(), original.step(&more).unwrap());
    }

    loaded.save(&path).unwrap();
    original.save(&directory.path().join("again.safetensors")).unwrap();
    let bytes = |name: &str| std::fs::read(directory.path().join(name)).unwrap();
    assert_eq!(bytes("probe.safetensors"), bytes("again.safetensors"));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2, "nothing is left beside the files");
}

#[test]
fn damage_is_an_error_and_never_a_panic() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("probe.safetensors");
    trained().save(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();

    for length in (0..whole.len()).step_by(whole.len() / 97).chain(0..64) {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(matches!(load_error(&path), SavedProbeError::Damaged { .. }), "cut to {length}");
    }
    let mut altered = whole.clone();
    *altered.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &altered).unwrap();
    assert!(matches!(load_error(&path), SavedProbeError::Altered { .. }));
    for at in (0..3_000).step_by(7) {
        let mut altered = whole.clone();
        altered[at] ^= 0x15;
        std::fs::write(&path, &altered).unwrap();
        // A change in the header may leave a probe that is whole, with another word or setting; it must not panic.
        drop(ProbeTrainer::load(&path, Device::Cpu));
    }
    std::fs::write(&path, b"not a probe at all").unwrap();
    assert!(matches!(load_error(&path), SavedProbeError::Damaged { .. }));
    assert!(matches!(load_error(&directory.path().join("none")), SavedProbeError::Unreadable { .. }));
    assert!(matches!(load_error(directory.path()), SavedProbeError::Unreadable { .. }));
}

#[test]
fn other_versions_and_other_networks_are_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("probe.safetensors");
    trained().save(&path).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let replaced = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = whole.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        std::fs::write(&path, bytes).unwrap();
        load_error(&path)
    };
    let version = replaced(r#"\"version\":2"#, r#"\"version\":7"#);
    assert!(matches!(version, SavedProbeError::WrongVersion { found: 7, expected: 2, .. }));
    let size = replaced(r#"\"hidden_size\":64"#, r#"\"hidden_size\":65"#);
    assert!(matches!(size, SavedProbeError::Values { .. }), "{size}");
    let setting = replaced(r#"\"decode_steps\":4"#, r#"\"decode_steps\":0"#);
    assert!(matches!(setting, SavedProbeError::Probe { .. }), "{setting}");
    let key = replaced(r#"\"decode_steps\":4"#, r#"\"decode_stepz\":4"#);
    assert!(matches!(key, SavedProbeError::Damaged { .. }), "{key}");
}

#[test]
fn a_failed_save_leaves_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("probe.safetensors");
    std::fs::create_dir(&path).unwrap();
    assert!(matches!(trained().save(&path), Err(SavedProbeError::Unwritable { .. })));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
}
