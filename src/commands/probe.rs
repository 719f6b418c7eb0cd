//! `groundling probe`: trains fresh probes on the frozen beliefs of finished runs, beside their controls.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_interface::derive_seed;
use groundling_model::VTraceConfig;
use groundling_probe::{
    OfflineData, OfflineProbe, ProbeExample, ProbeSpec, ProbeTrainer, Reading, majority_outcomes, probe_offline,
    with_other_beliefs,
};
use groundling_questions::QuestionMaker;
use groundling_report::{
    AccuracyTable, CurvePoint, Outcome, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, TemplateEntry,
};
use sha2::{Digest, Sha256};
use tch::Device;

use super::train::stop_on_signal;
use crate::config::Config;
use crate::examples::{Believer, Examples, SPLITS, collect, question_maker, split_seed};
use crate::failure::wrong_input;
use crate::output::{prepare_folder_of, refuse_existing};
use crate::progress::ProgressLine;
use crate::trained::TrainedRun;
use crate::{complain, say};

/// Options of `probe`.
#[derive(Debug, clap::Args)]
pub struct ProbeArgs {
    /// Folders of finished runs; all must have the same rooms, questions and evaluation.
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Where to write the answers of all of them [default: RUN/probe/probe.json of the first run].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace an earlier measurement.
    #[arg(long)]
    pub force: bool,
    /// Print the figures as JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
pub fn run(args: &ProbeArgs) -> Result<()> {
    let since = Instant::now();
    let runs = TrainedRun::open_all(&args.runs)?;
    let first = &runs[0];
    same_protocol(&runs)?;
    let out = args.out.clone().unwrap_or_else(|| default_probe_file(first.directory.path()));
    let decoder = runs.iter().map(TrainedRun::decoder_path).find(|path| path.exists());
    if let Some(earlier) = decoder.filter(|_| !args.force) {
        let earlier = earlier.display();
        return Err(wrong_input(format!("{earlier} is of an earlier probe of this checkpoint; --force replaces it")));
    }
    refuse_existing([&out], args.force)?;
    for run in runs.iter().filter(|run| run.checkpoint.update < run.config.training.num_updates()) {
        let (name, frames) = (&run.name, run.checkpoint.frames);
        complain!("note: the training of {name} is not finished; it is probed as it stands after {frames} frames");
    }
    prepare_folder_of(&out)?;
    runs.iter().try_for_each(|run| prepare_folder_of(&run.decoder_path()))?;
    let config = &first.config;
    groundling_nn::set_threads_of_this_thread(config.evaluation.threads);
    let stop = stop_on_signal()?;
    let maker = Arc::new(question_maker(config)?);
    let mut probing = Probing { config, maker: &maker, stop: &stop, agents: Vec::new() };

    let untrained = probing.examples(&Believer::Untrained, "the untrained agent")?;
    probing.add("majority", ProbedKind::Majority, majority_outcomes(&untrained.train, &untrained.test), Vec::new());
    let question_only = probing.train("question-only", Reading::QuestionOnly, &untrained)?;
    probing.add("question-only", ProbedKind::QuestionOnly, question_only.outcomes, question_only.curve);
    let probe = probing.train("untrained", Reading::Belief, &untrained)?;
    probing.add("untrained", ProbedKind::Untrained, probe.outcomes, probe.curve);
    drop(untrained);
    let mut trained = Vec::new();
    for run in &runs {
        let examples = probing.examples(&Believer::Trained(&run.blueprint, &run.checkpoint.agent), &run.name)?;
        let probe = probing.train(&run.name, Reading::Belief, &examples)?;
        let others = with_other_beliefs(&examples.test, derive_seed(config.evaluation.seed, "other beliefs", &[]));
        let answered = probe.trainer.evaluate(&others)?;
        let swapped = groundling_probe::outcomes(&others, &answered);
        probing.add(&format!("{} (other episode)", run.name), ProbedKind::OtherEpisode, swapped, Vec::new());
        probing.add(&run.name, ProbedKind::Trained, probe.outcomes, probe.curve);
        trained.push((run, probe.trainer));
        if let Some(agent) = probing.agents.last_mut() {
            agent.frames_trained = run.checkpoint.frames;
        }
    }
    let facts = probing.examples(&Believer::Facts, "the facts")?;
    let probe = probing.train("facts", Reading::Belief, &facts)?;
    probing.add("facts", ProbedKind::Facts, probe.outcomes, probe.curve);

    let protocol = protocol(config, since.elapsed().as_secs_f64())?;
    let file =
        ProbeFile::new(templates(&maker), maker.vocabulary().answers().to_vec(), protocol, sorted(probing.agents));
    for (run, probe) in &trained {
        save_decoder(run, probe)?;
    }
    file.write(&out)?;
    let table = AccuracyTable::of(&file);
    if args.json {
        say!("{}", serde_json::to_string_pretty(&table)?);
    } else {
        say!("\n{}\nanswers: {}", table.to_text(), out.display());
    }
    Ok(())
}

/// Controls first, then agents, the facts last: the order of the table.
fn sorted(mut agents: Vec<ProbedAgent>) -> Vec<ProbedAgent> {
    agents.sort_by_key(|agent| agent.kind);
    agents
}

/// What probing one protocol needs, and what it has found.
struct Probing<'a> {
    config: &'a Config,
    maker: &'a Arc<QuestionMaker>,
    stop: &'a AtomicBool,
    agents: Vec<ProbedAgent>,
}

impl Probing<'_> {
    fn examples(&self, believer: &Believer<'_>, name: &str) -> Result<Examples> {
        let since = Instant::now();
        let examples = collect(self.config, self.maker, believer, name, self.stop)?;
        let count = examples.train.len() + examples.validation.len() + examples.test.len();
        complain!("played {name}: {count} questions, {:.0} s", since.elapsed().as_secs_f64());
        Ok(examples)
    }

    fn train(&self, name: &str, reading: Reading, examples: &Examples) -> Result<OfflineProbe> {
        let since = Instant::now();
        let spec = ProbeSpec {
            config: self.config.probe.clone(),
            vocabulary: self.maker.vocabulary().clone(),
            belief_size: examples.train.first().and_then(ProbeExample::belief).map_or(0, FrozenBelief::size),
            reading,
            seed: derive_seed(self.config.evaluation.seed, "probe", &[]),
        };
        let data = OfflineData { train: &examples.train, validation: &examples.validation, test: &examples.test };
        let mut line = ProgressLine::new(format!("probing {name}"));
        let probe = probe_offline(spec, Device::Cpu, data, &mut |progress| {
            line.show(progress.updates, progress.of_updates, || {
                format!("loss {:.3}, validation accuracy {:.1} %", progress.loss, 100.0 * progress.accuracy)
            });
            if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        line.finish();
        let (best, seconds) = (probe.best, since.elapsed().as_secs_f64());
        complain!("probed {name}: best of {} updates, {seconds:.0} s", best.updates);
        Ok(probe)
    }

    fn add(&mut self, name: &str, kind: ProbedKind, outcomes: Vec<Outcome>, curve: Vec<CurvePoint>) {
        self.agents.push(ProbedAgent { outcomes, curve, ..ProbedAgent::new(name, kind) });
    }
}

fn save_decoder(run: &TrainedRun, probe: &ProbeTrainer) -> Result<()> {
    Ok(probe.save(&run.decoder_path())?)
}

/// Two runs can be compared only when all that decides rooms, questions and probes is the same.
fn same_protocol(runs: &[TrainedRun]) -> Result<()> {
    for run in runs {
        if matches!(run.name.as_str(), "majority" | "question-only" | "untrained" | "facts") {
            return Err(wrong_input(format!(
                "a run must not be called `{}`: a control is; rename its folder",
                run.name
            )));
        }
        if protocol_text(&run.config)? != protocol_text(&runs[0].config)? {
            let (here, there) = (run.directory.path().display(), runs[0].directory.path().display());
            let sections = "room, camera, control, task, explorer, questions, probe, evaluation, agent, \
                            vtrace.clip_reward or training.exploring";
            return Err(wrong_input(format!("{here} and {there} differ in {sections}; probe them one by one")));
        }
    }
    Ok(())
}

/// Every setting that the questions, the rooms, the probes and the untrained agent depend on.
fn protocol_text(config: &Config) -> Result<String> {
    let kept = Config {
        seed: 0,
        predictive: Default::default(),
        losses: Default::default(),
        vtrace: VTraceConfig { clip_reward: config.vtrace.clip_reward, ..Default::default() },
        optimizer: Default::default(),
        training: groundling_impala::TrainingConfig { exploring: config.training.exploring, ..Default::default() },
        ..config.clone()
    };
    kept.to_toml()
}

fn protocol(config: &Config, seconds: f64) -> Result<ProbeProtocol> {
    let hash = Sha256::digest(protocol_text(config)?.as_bytes());
    let (probe, evaluation) = (&config.probe, &config.evaluation);
    let decoder =
        format!("LSTM {} from the belief, the question at each of {} steps", probe.hidden_size, probe.decode_steps);
    Ok(ProbeProtocol {
        split: "random rooms".into(),
        num_train_episodes: evaluation.train_episodes as u64,
        num_validation_episodes: evaluation.validation_episodes as u64,
        num_test_episodes: evaluation.test_episodes as u64,
        train_seed: split_seed(config, SPLITS[0]),
        validation_seed: split_seed(config, SPLITS[1]),
        test_seed: split_seed(config, SPLITS[2]),
        probe_seed: derive_seed(config.evaluation.seed, "probe", &[]),
        asked_step: config.task.episode_steps,
        long_gap: config.task.episode_steps.div_ceil(4),
        image_width: config.camera.width as u32,
        image_height: config.camera.height as u32,
        episode_steps: config.task.episode_steps,
        probe_updates: probe.offline.updates,
        probe_batch: probe.batch_size as u64,
        decoder,
        config_hash: hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
        seconds,
    })
}

fn templates(maker: &QuestionMaker) -> Vec<TemplateEntry> {
    let entry = |summary: groundling_questions::TemplateSummary| TemplateEntry {
        name: summary.name,
        wording: summary.wording,
        chance: summary.chance,
        answers: summary.answers,
    };
    maker.summary().into_iter().map(entry).collect()
}

/// The default place of a run's answers.
pub(crate) fn default_probe_file(run: &Path) -> PathBuf {
    run.join("probe").join("probe.json")
}
