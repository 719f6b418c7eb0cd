//! Promised of an auxiliary loss: the targets it is given are those that were noted in the very rows of its batch; with it
//! runs resume with the same bits, in one share or in several, and an update that diverged can be made again; it moves the
//! agent, and actors know nothing of it.
//!
//! Here it is to tell the number of the step from the state.

use std::sync::Arc;

use groundling_model::{
    AgentStates, AuxiliaryBlueprint, AuxiliaryFigure, AuxiliaryLoss, AuxiliaryOutput, StepTarget, Unroll,
};
use groundling_nn::{Linear, Scope};
use tch::{Device, Kind, Tensor};

use super::counting::record;
use super::counting_room::{read, spec};
use super::resume::metrics;
use super::trial::{Events, ROOMS_PER_ACTOR, Trial, UNROLL_LENGTH, blueprint, latest, loss_settings};
use crate::{
    AgentBlueprint, Checkpoint, Divergence, Exploring, ObservedStep, RecomputeError, Schedule, TargetMaker, unroll_file,
};

/// Reads targets of so many values, of which the first is the number of the step.
#[derive(Debug)]
pub(super) struct Telling(pub(super) usize);

impl AuxiliaryBlueprint for Telling {
    fn name(&self) -> &'static str {
        "telling"
    }

    fn scale(&self) -> f64 {
        0.5
    }

    fn build(&self, mut scope: Scope<'_>, core_size: i64) -> Box<dyn AuxiliaryLoss> {
        Box::new(TellingLoss { told: Linear::new(scope.sub("told"), core_size, 1, 1.0), num_values: self.0 })
    }
}

struct TellingLoss {
    told: Linear,
    num_values: usize,
}

impl AuxiliaryLoss for TellingLoss {
    fn loss(&self, states: &AgentStates<'_>, targets: &[StepTarget]) -> Option<AuxiliaryOutput> {
        let num_rooms = states.hidden.size()[1];
        let rows: Vec<i64> = targets.iter().map(|target| target.t as i64 * num_rooms + target.room as i64).collect();
        let steps: Vec<f32> = targets.iter().map(|target| target.values[0] as f32 / 8.0).collect();
        let hidden = states.hidden.flatten(0, 1).index_select(0, &Tensor::from_slice(&rows));
        let loss = (self.told.forward(&hidden).squeeze_dim(-1) - Tensor::from_slice(&steps)).square().mean(Kind::Float);
        let num_terms = targets.len() as u64;
        let figure = AuxiliaryFigure { name: "error".into(), value: loss.double_value(&[]).sqrt(), num_terms };
        (num_terms > 0).then(|| AuxiliaryOutput { loss, num_terms, series: vec![figure] })
    }

    fn reads(&self, values: &[i64]) -> bool {
        values.len() == self.num_values
    }
}

/// Notes step and last byte of the seed at every third step.
pub(super) struct EveryThird;

impl TargetMaker for EveryThird {
    fn target(&mut self, step: &ObservedStep<'_>) -> Option<Vec<i64>> {
        step.step.is_multiple_of(3).then(|| vec![i64::from(step.step), (step.episode_seed % 256) as i64])
    }
}

fn taught(schedule: Schedule, learner_threads: usize) -> Trial {
    Trial { taught: true, schedule, learner_threads, ..Trial::lockstep(Exploring::Learned, 2) }
}

#[test]
fn targets_are_those_of_their_rows() {
    let trial = Trial { taught: true, ..Trial::lockstep(Exploring::Learned, 3) };
    let mut num_targets = 0;
    for trial in [trial, trial.shared(1024)] {
        for unroll in record(&trial).iter().flatten() {
            let mut targets = unroll.targets().iter();
            for t in 0..UNROLL_LENGTH {
                for room in 0..ROOMS_PER_ACTOR {
                    let (step, seed) = read(&unroll.time_step(t, room).observation.rgb);
                    if step.is_multiple_of(3) {
                        let values = vec![i64::from(step), i64::from(seed)];
                        assert_eq!(targets.next(), Some(&StepTarget { t, room, values }));
                        num_targets += 1;
                    }
                }
            }
            assert_eq!(targets.next(), None);
        }
    }
    assert!(num_targets > 100, "{num_targets}");
}

fn undisturbed(trial: &Trial) -> Checkpoint {
    let folder = tempfile::tempdir().unwrap();
    trial.go(folder.path(), Events::default()).unwrap();
    latest(folder.path())
}

#[test]
fn taught_runs_resume_with_the_same_bits() {
    for learner_threads in [1, 2] {
        let trial = taught(Schedule::Lockstep, learner_threads);
        let whole = undisturbed(&trial);
        let folder = tempfile::tempdir().unwrap();
        for stop_after in [Some(1), Some(4), None] {
            trial.go(folder.path(), Events { stop_after, observed: true, ..Events::default() }).unwrap();
        }
        assert!(latest(folder.path()) == whole, "{learner_threads} threads");
        assert!(metrics(folder.path()).iter().all(|line| line["loss/telling"].as_f64() > Some(0.0)));

        // So that equality is no wonder: it moves the agent, and not only its own parameters.
        let untaught = undisturbed(&Trial { taught: false, ..trial });
        for (name, shape, values) in untaught.agent.iter().filter(|(name, ..)| name.starts_with("core.")) {
            assert!(whole.agent.get(name, shape).unwrap() != values, "{name} is as without the loss");
        }
        let names = |checkpoint: &Checkpoint| {
            let values = [&checkpoint.agent, &checkpoint.optimizer, &checkpoint.behavior];
            values.map(|values| values.iter().filter(|(name, ..)| name.contains("auxiliary.told.")).count())
        };
        assert_eq!(names(&untaught), [0; 3]);
        let [agent, optimizer, behavior] = names(&whole);
        assert!(agent == 2 && optimizer >= 2 && behavior == 0, "saved with its optimiser's state, not sent to actors");
    }
}

#[test]
fn it_is_learnt_in_every_schedule() {
    for schedule in [Schedule::Lockstep, Schedule::Async] {
        for trial in [taught(schedule, 2), taught(schedule, 1).shared(1024)] {
            let trial = Trial { num_updates: 120, ..trial };
            let folder = tempfile::tempdir().unwrap();
            trial.go(folder.path(), Events::default()).unwrap();
            let losses = metrics(folder.path());
            let of = |lines: &[std::collections::BTreeMap<String, serde_json::Value>]| {
                lines.iter().map(|line| line["loss/telling"].as_f64().unwrap()).sum::<f64>() / lines.len() as f64
            };
            let (first, last) = (of(&losses[..3]), of(&losses[losses.len() - 10..]));
            assert!(last < 0.7 * first, "{trial:?}: {last} after {first}");
            assert!(losses[0].contains_key("telling/error"));
        }
    }
}

#[test]
fn an_update_that_diverged_is_made_again_with_its_targets() {
    let trial = taught(Schedule::Lockstep, 1);
    let folder = tempfile::tempdir().unwrap();
    trial.go(folder.path(), Events { stop_after: Some(5), ..Events::default() }).unwrap();
    trial.go(folder.path(), Events { limit_after: Some(5), ..Events::default() }).unwrap_err();
    let divergence = Divergence::load(&folder.path().join("diverged-6"), &spec()).unwrap();
    assert!(divergence.unrolls.iter().all(|unroll| !unroll.targets().is_empty()));
    let with = |telling| AgentBlueprint { auxiliary: Some(Arc::new(Telling(telling))), ..blueprint(trial.core_size) };
    let recompute = |telling: usize| {
        let agent = with(telling).build(Device::Cpu).unwrap();
        divergence.recompute(&agent, &loss_settings(trial.exploring))
    };
    let again = recompute(2).unwrap();
    for name in ["loss/telling", "telling/error"] {
        assert_eq!(divergence.series[name].to_bits(), again[name].to_bits(), "{name}");
    }
    assert!(again["gradient_norm/encoder/telling"] > 0.0 && again["gradient_norm/core/telling"] > 0.0);
    assert_eq!(recompute(3), Err(RecomputeError::Targets));
}

#[test]
fn targets_in_a_file_read_back_or_are_refused() {
    let trial = taught(Schedule::Lockstep, 1);
    let unrolls: Vec<Unroll> = record(&Trial { num_actors: 3, ..trial }).into_iter().flatten().take(3).collect();
    let bytes = unroll_file::encode(&unrolls).unwrap();
    assert_eq!(unroll_file::decode(&bytes, &spec()).unwrap(), unrolls);

    // The numbers of an array begin where its header says, behind the header; each is turned into another one.
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let start = |name: &str| file.tensor(name).unwrap().data().as_ptr() as usize - bytes.as_ptr() as usize;
    for (name, value) in [
        ("0.target_cells", -1_i64),
        ("0.target_cells", UNROLL_LENGTH as i64),
        ("1.target_ends", -3),
        ("1.target_ends", 1_000_000),
        ("2.target_ends", 1),
    ] {
        let mut spoilt = bytes.clone();
        let at = start(name);
        spoilt[at..at + 8].copy_from_slice(&value.to_le_bytes());
        let result = unroll_file::decode(&spoilt, &spec());
        match (name, value) {
            // Another share of the same values: no file can tell, but the loss that reads them.
            ("2.target_ends", 1) => assert_eq!(result.unwrap()[2].targets()[0].values.len(), 1),
            _ => assert!(result.unwrap_err().contains(name), "{name} = {value}"),
        }
    }
}
