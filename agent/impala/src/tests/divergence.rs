//! Promised: an update whose losses are broken changes nothing and is kept whole, so that it can be made again; and a
//! learner that panics ends the run in order, with everything saved that is sound.

use std::path::{Path, PathBuf};

use tch::Device;

use super::counting_room::{Fault, spec};
use super::trial::{Events, Trial, blueprint, latest, loss_settings};
use crate::{Divergence, Exploring, RunDirectory, Schedule, TrainError};

/// Rewards cease to be numbers in an update between the checkpoints after 3 and 6.
fn broken() -> Events {
    Events { fault: Some((Fault::NoNumber, 19)), ..Events::default() }
}

fn trial() -> Trial {
    Trial::lockstep(Exploring::Scripted, 2)
}

/// What is left of a run that nothing happens to.
fn undisturbed(trial: &Trial) -> crate::Checkpoint {
    let folder = tempfile::tempdir().unwrap();
    trial.go(folder.path(), Events::default()).unwrap();
    latest(folder.path())
}

/// A run that diverges: its folder, the update, and what is kept of it.
fn diverged(trial: &Trial) -> (tempfile::TempDir, u64, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let error = trial.go(folder.path(), broken()).unwrap_err();
    let message = error.to_string();
    let TrainError::Diverged { update, cause, .. } = error else { panic!("{message}") };
    assert_eq!(cause, "the loss `baseline` is NaN");
    let kept = folder.path().join(format!("diverged-{update}"));
    for words in
        [&format!("groundling diverged {}", kept.display()), "step-0000000000000048", "optimizer.learning_rate"]
    {
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
    (folder, update, kept)
}

#[test]
fn the_update_can_be_made_again_from_what_is_kept() {
    let trial = trial();
    let (_folder, update, kept) = diverged(&trial);
    let divergence = Divergence::load(&kept, &spec()).unwrap();
    assert_eq!((divergence.update, divergence.unrolls.len()), (update, 2));
    assert!(divergence.series["loss/baseline"].is_nan());
    let agent = blueprint(trial.core_size).build(Device::Cpu).unwrap();
    agent.set_values(&divergence.agent).unwrap();
    let before = agent.values();
    let again = divergence.recompute(&agent, &loss_settings(trial.exploring)).unwrap();
    for (name, value) in &divergence.series {
        let both_none = value.is_nan() && again[name].is_nan();
        assert!(both_none || value.to_bits() == again[name].to_bits(), "{name}: {value}, now {}", again[name]);
    }
    assert!(again.contains_key("gradient_norm/encoder/imitation"));
    assert!(agent.values() == before, "looking changes nothing");
}

#[test]
fn figures_that_are_numbers_come_out_the_same_to_the_bit() {
    let trial = Trial::lockstep(Exploring::Learned, 2);
    let folder = tempfile::tempdir().unwrap();
    trial.go(folder.path(), Events { stop_after: Some(5), ..Events::default() }).unwrap();
    let before = latest(folder.path());
    for _ in 0..2 {
        // In lockstep it diverges again in the very same update.
        let again = trial.go(folder.path(), Events { limit_after: Some(5), ..Events::default() });
        assert!(matches!(again, Err(TrainError::Diverged { update: 6, .. })), "{again:?}");
    }
    let error = trial.go(folder.path(), Events { limit_after: Some(5), ..Events::default() }).unwrap_err();
    assert!(error.to_string().contains("beyond training.divergence_limit = 1e-9"), "{error}");
    let divergence = Divergence::load(&folder.path().join("diverged-6"), &spec()).unwrap();
    assert!(divergence.agent == before.agent && divergence.optimizer == before.optimizer, "as it was before");
    let agent = blueprint(trial.core_size).build(Device::Cpu).unwrap();
    let again = divergence.recompute(&agent, &loss_settings(trial.exploring)).unwrap();
    for name in
        ["loss/policy_gradient", "loss/baseline", "loss/entropy", "loss/predictive", "gradient_norm/core/entropy"]
    {
        assert_eq!(divergence.series[name].to_bits(), again[name].to_bits(), "{name}");
    }
    // It depends on what is kept: the generator's index decides which frames are predicted.
    let other = Divergence { update: 7, ..divergence };
    let other = other.recompute(&agent, &loss_settings(trial.exploring)).unwrap();
    assert_ne!(other["loss/predictive"], again["loss/predictive"]);
}

#[test]
fn what_is_kept_reads_back_as_it_was() {
    let (folder, _, kept) = diverged(&trial());
    let bytes = |path: &Path| std::fs::read(path.join("batch.safetensors")).unwrap();
    let before = bytes(&kept);
    let divergence = Divergence::load(&kept, &spec()).unwrap();
    let run = RunDirectory::open(folder.path()).unwrap();
    assert_eq!(divergence.save(&run).unwrap(), kept, "the same update takes the same place");
    assert!(bytes(&kept) == before);
    for name in ["batch.safetensors", "agent.safetensors", "optimizer.safetensors", "divergence.json"] {
        let path = kept.join(name);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let error = Divergence::load(&kept, &spec()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
        std::fs::remove_file(&path).unwrap();
        let error = Divergence::load(&kept, &spec()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot read {}", path.display())), "{error}");
        std::fs::write(&path, whole).unwrap();
    }
    let other = groundling_interface::EnvironmentSpec { height: 8, ..spec() };
    let error = Divergence::load(&kept, &other).unwrap_err().to_string();
    assert!(error.contains("`0.rgb` is") && error.contains("expected"), "{error}");
}

#[test]
fn nothing_is_learnt_and_the_same_command_goes_on_from_the_last_good_checkpoint() {
    let trial = trial();
    let (folder, update, _) = diverged(&trial);
    assert!(update > 4 && update % 3 != 1, "else the last good checkpoint is that of the update before: {update}");
    assert_eq!(latest(folder.path()).update, (update - 1) / 3 * 3, "what led there is no place to go on from");
    trial.go(folder.path(), Events::default()).unwrap();
    assert!(latest(folder.path()) == undisturbed(&trial));

    let running_ahead = Trial { schedule: Schedule::Async, num_actors: 1, ..trial };
    let folder = tempfile::tempdir().unwrap();
    let error = running_ahead.go(folder.path(), broken()).unwrap_err();
    assert!(matches!(error, TrainError::Diverged { .. }), "{error}");
}

#[test]
fn a_learner_that_panics_saves_what_was_before_the_update() {
    let trial = trial();
    let folder = tempfile::tempdir().unwrap();
    let error =
        trial.go(folder.path(), Events { fault: Some((Fault::NoAction, 15)), ..Events::default() }).unwrap_err();
    let TrainError::Learner { update, .. } = error else { panic!("{error:?}") };
    let message = error.to_string();
    assert!(
        message.starts_with(&format!("update {update} failed: ")) && message.contains("out of bounds"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(update > 4, "else the regular checkpoint would do");
    assert_eq!(latest(folder.path()).update, update - 1);
    trial.go(folder.path(), Events::default()).unwrap();
    assert!(latest(folder.path()) == undisturbed(&trial));
}

#[test]
fn a_caller_that_panics_ends_the_run_in_order_too() {
    let trial = trial();
    let folder = tempfile::tempdir().unwrap();
    let error = trial.go(folder.path(), Events { panic_after: Some(5), ..Events::default() }).unwrap_err();
    assert!(error.to_string().contains("the caller is beside itself"), "{error}");
    assert_eq!(latest(folder.path()).update, 5);
    trial.go(folder.path(), Events::default()).unwrap();
    assert!(latest(folder.path()) == undisturbed(&trial));
}
