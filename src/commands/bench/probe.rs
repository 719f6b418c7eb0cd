//! `groundling bench probe`: how many questions a second each decoder learns from and answers, and how long a whole
//! offline probing takes; on planted beliefs, so that no agent is needed.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::Result;
use groundling_probe::{
    BeliefsRead, DecoderName, OfflineData, ProbeConfig, ProbeExample, ProbeSpec, ProbeTrainer, Reading, mean_accuracy,
    train_offline,
};
use serde::Serialize;
use serde_json::json;
use tch::Device;

use super::planted::Planted;
use super::rate::Rate;
use super::windows::Moment;
use super::{Measured, print_json, print_rates};
use crate::commands::train::stop_on_signal;
use crate::failure::{interrupted, wrong_input};
use crate::host::Host;
use crate::say;

/// Questions of the measurements of single decoders.
const SOME_QUESTIONS: usize = 4_096;
/// Updates between two looks at the clock.
const SOME_UPDATES: usize = 8;

/// Options of `bench probe`.
#[derive(Debug, clap::Args)]
pub(super) struct ProbeArgs {
    #[command(flatten)]
    measured: Measured,
    /// Questions of the whole probing that are trained on; as many others are answered, and a twelfth as many choose among
    /// the probe's parameters. 0 leaves the whole probing out.
    #[arg(long, default_value_t = 100_000)]
    questions: usize,
    /// How often the whole probing is done; the median is told.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    probings: u32,
    /// Outputs of a planted belief, and as many cells.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    belief_size: u32,
    /// Beliefs kept of an episode, which the decoder `attention` reads.
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=4_096))]
    history: u32,
}

/// One whole probing.
#[derive(Debug, Clone, Serialize)]
struct Probing {
    seconds: f64,
    processor_seconds: f64,
    training_seconds: f64,
    answering_seconds: f64,
    updates: u64,
    test_accuracy: f64,
}

/// Runs the command.
pub(super) fn run(args: &ProbeArgs) -> Result<()> {
    if args.questions > 10_000_000 {
        return Err(wrong_input(format!("--questions {}: must be at most 10000000", args.questions)));
    }
    let (config, clock) = (args.measured.configured.config(&[])?, args.measured.clock()?);
    let (host, stop) = (Host::find()?, stop_on_signal()?);
    // As a measurement does, which trains two probes at a time instead.
    groundling_nn::set_threads_of_this_thread(1);
    let planted = Planted::new(&config, args.belief_size as usize)?;
    let spec = |probe: ProbeConfig| ProbeSpec {
        config: probe,
        vocabulary: planted.vocabulary().clone(),
        belief_size: args.belief_size as usize,
        reading: Reading::Belief,
        seed: 1,
    };
    if !args.measured.json {
        let (batch, size) = (config.probe.batch_size, args.belief_size);
        say!("{}\none thread, questions in an update {batch}, beliefs of {size} + {size}", host.in_words());
    }

    let some = planted.examples("some", SOME_QUESTIONS, args.history as usize)?;
    let (mut trained, mut answered) = (Vec::new(), Vec::new());
    for &decoder in DecoderName::ALL {
        let name = decoder.name();
        let mut trainer = ProbeTrainer::new(spec(ProbeConfig { decoder, ..config.probe.clone() }), Device::Cpu)?;
        let mut batches = some.chunks(config.probe.batch_size.min(some.len())).cycle();
        trained.push(clock.rate(name, "questions", &mut || {
            let mut num = 0;
            for batch in batches.by_ref().take(SOME_UPDATES) {
                num += trainer.step(batch)?.answered.len() as u64;
            }
            Ok(num)
        })?);
        answered.push(clock.rate(name, "questions", &mut || Ok(trainer.evaluate(&some)?.len() as u64))?);
    }

    let mut probings = Vec::new();
    if args.questions > 0 {
        let history = match config.probe.beliefs_read() {
            BeliefsRead::Present => 1,
            BeliefsRead::History { .. } => args.history as usize,
        };
        let train = planted.examples("train", args.questions, history)?;
        let validation = planted.examples("validation", args.questions.div_ceil(12), history)?;
        let test = planted.examples("test", args.questions, history)?;
        for _ in 0..args.probings {
            let data = OfflineData { train: &train, validation: &validation };
            let watch =
                || if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            match probing(spec(config.probe.clone()), data, &test, &watch)? {
                Some(probing) => probings.push(probing),
                None => return Err(interrupted("interrupted")),
            }
        }
    }
    if args.measured.json {
        let seconds = (!probings.is_empty()).then(|| median_seconds(&probings));
        let whole = json!({
            "decoder": config.probe.decoder.name(), "questions": args.questions, "median_seconds": seconds,
            "probings": probings,
        });
        let figures = json!({
            "threads": 1, "batch_size": config.probe.batch_size,
            "belief_size": args.belief_size, "history": args.history, "decoders": described(&config.probe),
            "trained": trained, "answered": answered, "whole": whole,
        });
        return print_json("probe", &host, figures);
    }
    print_rates("training", &trained)?;
    print_rates("answering", &answered)?;
    if !probings.is_empty() {
        let (num, decoder) = (args.questions, config.probe.decoder.name());
        say!("\n{num} questions trained on with {decoder}, validated, and {num} others answered");
        say!("  median {:.1} s", median_seconds(&probings));
        for probing in &probings {
            let Probing { seconds, processor_seconds, training_seconds, answering_seconds, updates, test_accuracy } =
                probing;
            say!(
                "  {seconds:.1} s ({training_seconds:.1} training over {updates} updates, {answering_seconds:.1} answering; \
                 {processor_seconds:.1} s of the processor), {:.1} % right",
                100.0 * test_accuracy
            );
        }
    }
    Ok(())
}

fn median_seconds(probings: &[Probing]) -> f64 {
    Rate::of("", "seconds", probings.iter().map(|probing| probing.seconds).collect()).median
}

fn described(config: &ProbeConfig) -> BTreeMap<&'static str, String> {
    DecoderName::ALL.iter().map(|&decoder| (decoder.name(), config.decoders.describe(decoder))).collect()
}

/// Trains a fresh probe, which chooses by validation, and answers the test; none when it was interrupted.
fn probing(
    spec: ProbeSpec,
    data: OfflineData<'_>,
    test: &[ProbeExample],
    watch: &dyn Fn() -> ControlFlow<()>,
) -> Result<Option<Probing>> {
    let (begun, since) = (Moment::now(), Instant::now());
    let mut updates = 0;
    let trained = train_offline(spec, Device::Cpu, data, &mut |progress| {
        updates = progress.updates;
        watch()
    });
    let trained = match trained {
        Err(groundling_probe::ProbeError::Interrupted) => return Ok(None),
        trained => trained?,
    };
    let training_seconds = since.elapsed().as_secs_f64();
    let probe = trained.score(test)?;
    let (seconds, ended) = (since.elapsed().as_secs_f64(), Moment::now());
    let test_accuracy = mean_accuracy(test, &probe.trainer.evaluate(test)?);
    Ok(Some(Probing {
        seconds,
        processor_seconds: ended.processor_seconds - begun.processor_seconds,
        training_seconds,
        answering_seconds: seconds - training_seconds,
        updates,
        test_accuracy,
    }))
}
