//! What a decoder could learn by itself: control tasks with random answers (Hewitt & Liang 2019, "Designing and
//! Interpreting Probes with Control Tasks").
//!
//! *Control task*: every distinct wording has one random answer out of its template's, the same in training, validation
//! and test. It can be learnt from the words alone, and no belief helps. *Selectivity* is the accuracy on the real
//! questions less the accuracy on it. Where a template has few wordings any decoder learns them all, so its control
//! accuracy is near 1 and selectivity is near 0 or below; the figure compares decoders on the same beliefs rather
//! than agents with each other.
//!
//! *Memorisation*: every question of every episode has a random answer of its own, and the decoder is scored on the
//! questions it was trained on. What exceeds chance was learnt by heart from the beliefs. A decoder that learns much by
//! heart within the budget needs early stopping, and its training accuracy says nothing.

use std::ops::ControlFlow;

use groundling_interface::derive;
use groundling_report::Selectivity;
use rand::RngExt;
use tch::Device;

use crate::error::ProbeError;
use crate::example::{ProbeExample, mean_accuracy};
use crate::offline::{OfflineData, OfflineProgress, Training, train_offline};
use crate::trainer::ProbeSpec;

/// The control task: the same questions, each wording with a random answer that depends on `seed` and the wording
/// only. `answers`: for each template the answers it is asked for. A template without any keeps its own.
pub fn with_control_answers(examples: &[ProbeExample], answers: &[Vec<u16>], seed: u64) -> Vec<ProbeExample> {
    with_answers(examples, answers, |example| {
        let text = example.question.tokens.iter().map(|token| u64::from(*token)).collect::<Vec<u64>>();
        derive(seed, "control answers", &text)
    })
}

/// The same questions, each with a random answer that depends on `seed`, the episode, the step and the wording only: the
/// same question asked twice of one belief has the same one, so that all can be learnt. `answers`: as above.
pub fn with_random_answers(examples: &[ProbeExample], answers: &[Vec<u16>], seed: u64) -> Vec<ProbeExample> {
    with_answers(examples, answers, |example| {
        let mut indices = vec![example.episode, example.step().into()];
        indices.extend(example.question.tokens.iter().map(|token| u64::from(*token)));
        derive(seed, "random answers", &indices)
    })
}

fn with_answers<G: rand::Rng>(
    examples: &[ProbeExample],
    answers: &[Vec<u16>],
    generator: impl Fn(&ProbeExample) -> G,
) -> Vec<ProbeExample> {
    let exchange = |example: &ProbeExample| {
        let mut example = example.clone();
        let answers = answers.get(usize::from(example.question.template)).map(Vec::as_slice).unwrap_or_default();
        if !answers.is_empty() {
            let chosen = generator(&example).random_range(0..answers.len());
            example.question.answer = answers.get(chosen).copied().unwrap_or(example.question.answer);
        }
        example
    };
    examples.iter().map(exchange).collect()
}

/// Trains two more probes as `spec` says, one on the control task and one on random answers, and scores them. `data` and
/// `test`: as for the real questions, whose answers are not used. `progress` is called now and then in both trainings and
/// may end them, which is then an error. Takes about twice the time of the real training.
pub fn measure_selectivity(
    spec: &ProbeSpec,
    device: Device,
    data: OfflineData<'_>,
    test: &[ProbeExample],
    answers: &[Vec<u16>],
    progress: &mut dyn FnMut(OfflineProgress) -> ControlFlow<()>,
) -> Result<Selectivity, ProbeError> {
    if test.is_empty() {
        return Err(ProbeError::NoExamples("test"));
    }
    let control = |examples| with_control_answers(examples, answers, spec.seed);
    let (train, validation, test) = (control(data.train), control(data.validation), control(test));
    let controlled = OfflineData { train: &train, validation: &validation };
    let trained = train_offline(spec.clone(), device, controlled, progress)?;
    let control_accuracy = mean_accuracy(&test, &trained.trainer.evaluate(&test)?);
    let random = with_random_answers(data.train, answers, spec.seed);
    let memorised_accuracy = memorise(spec, device, &random, progress)?;
    Ok(Selectivity { control_accuracy, memorised_accuracy })
}

/// Accuracy on the training questions after the whole budget, which no validation cuts short.
fn memorise(
    spec: &ProbeSpec,
    device: Device,
    train: &[ProbeExample],
    progress: &mut dyn FnMut(OfflineProgress) -> ControlFlow<()>,
) -> Result<f64, ProbeError> {
    let config = &spec.config.offline;
    let mut training = Training::new(spec.clone(), device, train)?;
    // Looks while training are at a part of the questions: they are for whoever watches.
    let watched = train.get(..train.len().min(WATCHED)).unwrap_or(train);
    while training.updates < config.updates {
        let loss = training.advance(config.validate_every)?;
        let accuracy = mean_accuracy(watched, &training.trainer.evaluate(watched)?);
        let so_far = OfflineProgress { updates: training.updates, of_updates: config.updates, loss, accuracy };
        if progress(so_far).is_break() {
            return Err(ProbeError::Interrupted);
        }
    }
    Ok(mean_accuracy(train, &training.trainer.evaluate(train)?))
}

/// Questions at which training on random answers looks now and then.
const WATCHED: usize = 1_024;
