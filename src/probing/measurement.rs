//! One protocol, and what can be measured by it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Result;
use groundling_impala::AgentBlueprint;
use groundling_model::PredictiveName;
use groundling_probe::{ProbeConfig, ProbeTrainer};
use groundling_questions::{LeakReport, QuestionMaker, QuestionVocabulary, TemplateSummary};
use groundling_report::{ProbeFile, ProbedAgent, ProbedKind, TemplateEntry};

use super::asking::{AskedOf, Believer, ask};
use super::prober::Read;
use super::protocol::{protocol, protocol_difference, templates};
use super::schedule::Schedule;
use super::side_by_side::side_by_side;
use super::{Prober, RowName};
use crate::complain;
use crate::config::Config;
use crate::examples::question_maker_of;
use crate::failure::wrong_input;
use crate::leaks::LeakCheck;
use crate::split::{Split, SplitPart};
use crate::trained::TrainedRun;

/// A protocol: rooms, questions, probes and their seeds.
pub(crate) struct Measurement<'a> {
    config: Config,
    /// Of the parts, in their order.
    makers: [Arc<QuestionMaker>; 3],
    leaks: LeakCheck,
    schedule: Schedule,
    /// The headline first.
    probes: Vec<ProbeConfig>,
    stop: &'a AtomicBool,
}

/// What was measured of a run.
pub(crate) struct RunMeasured {
    /// The run's row, and the controls that are made of the run.
    pub(crate) file: ProbeFile,
    /// Answers beliefs of any step, or of the last one where only that was asked.
    pub(crate) decoder: ProbeTrainer,
}

impl<'a> Measurement<'a> {
    /// By the sections of `config` that a comparison needs to be the same. It is checked on the rooms and questions
    /// themselves that no part of the evaluation leaks into another. Once `stop` is set, whatever is being measured ends with
    /// an error of exit code 130. Tensor operations of this thread use one thread from now on; two trainings run at a time
    /// where the evaluation has two threads.
    pub(crate) fn new(config: &Config, stop: &'a AtomicBool) -> Result<Self> {
        groundling_nn::set_threads_of_this_thread(1);
        let train = Arc::new(question_maker_of(config, SplitPart::Train)?);
        let test = match config.evaluation.split {
            Split::Random => Arc::clone(&train),
            Split::Compositional => Arc::new(question_maker_of(config, SplitPart::Test)?),
        };
        let makers = [Arc::clone(&train), train, test];
        let leaks = LeakCheck::of_evaluation(config, &makers)?;
        let LeakReport { num_rooms, num_questions, num_held_out_pairs } = leaks.report();
        complain!(
            "no leak between train, validation and test: {num_rooms} rooms, {num_questions} questions, \
             {num_held_out_pairs} held-out pairs"
        );
        let (schedule, probes) = (Schedule::of(config), config.probes());
        Ok(Self { config: config.clone(), makers, leaks, schedule, probes, stop })
    }

    /// The controls that need no agent: majority, question-only, the facts.
    pub(crate) fn controls(&self) -> Result<ProbeFile> {
        let since = Instant::now();
        let blueprint = self.config.blueprint()?;
        let asked = self.ask(&Believer::Facts(&blueprint), "the facts")?;
        let prober = self.prober();
        let ([majority, question_only], (facts, _)) = side_by_side(
            prober.threads,
            || prober.without_beliefs(&asked),
            || prober.belief(&RowName::alone("facts", 0), ProbedKind::Facts, &asked.at_the_end),
        )?;
        self.file(vec![majority, question_only, facts], asked.num_dropped, since)
    }

    /// The agent of `blueprint` as it is before any training.
    pub(crate) fn untrained(&self, blueprint: &AgentBlueprint, name: &RowName) -> Result<ProbeFile> {
        let since = Instant::now();
        let asked = self.ask(&Believer::Untrained(blueprint), &name.name)?;
        let mut rows = vec![self.prober().headline(name, ProbedKind::Untrained, &asked)?.row];
        rows.extend(self.further_decoders(name, ProbedKind::Untrained, &asked)?);
        self.file(rows, asked.num_dropped, since)
    }

    /// A trained run, and the controls that are made of it. Its config must be of this protocol. Fails where its agent was
    /// trained in a room that is asked about.
    pub(crate) fn run(&self, run: &TrainedRun, name: &RowName) -> Result<RunMeasured> {
        let since = Instant::now();
        if let Some(setting) = protocol_difference(&self.config, &run.config)? {
            let folder = run.directory.path().display();
            return Err(wrong_input(format!("{folder} is not of this measurement: it differs in {setting}")));
        }
        let num_trained = self.leaks.check_run(run)?;
        complain!("{} was trained in none of these rooms, but in {num_trained} others", name.name);
        let (kind, prober) = (kind_of(&run.config), self.prober());
        let asked = self.ask(&Believer::Trained(&run.blueprint, &run.checkpoint.agent), &name.name)?;
        let Read { mut row, at_the_end, any_time } = prober.headline(name, kind, &asked)?;
        let swapped = prober.other_episode(name, &asked.at_the_end, &at_the_end)?;
        let answers: Vec<Vec<u16>> = self.makers[0].summary().into_iter().map(|summary| summary.answers).collect();
        let measures = self.config.evaluation.selectivity;
        let selectivity = || measures.then(|| prober.selectivity(&name.name, &asked.at_the_end, &answers)).transpose();
        let read_otherwise = || {
            let last_frame = name.with("last frame");
            let (last_frame, _) = prober.belief(&last_frame, ProbedKind::LastFrame, &asked.last_frame)?;
            Ok((last_frame, self.further_decoders(name, kind, &asked)?))
        };
        let ((last_frame, further), selectivity) = side_by_side(prober.threads, read_otherwise, selectivity)?;
        row.selectivity = selectivity;
        let mut rows = vec![row, swapped, last_frame];
        rows.extend(further);
        for row in rows.iter_mut().filter(|row| row.kind == kind) {
            row.frames_trained = run.checkpoint.frames;
        }
        let file = self.file(rows, asked.num_dropped, since)?;
        Ok(RunMeasured { file, decoder: any_time.unwrap_or(at_the_end).trainer })
    }

    /// What a trained run is asked. Besides those that are asked for, beliefs of every `keep_every` steps are kept.
    pub(crate) fn ask_run(&self, run: &TrainedRun, keep_every: Option<u32>) -> Result<AskedOf> {
        let believer = Believer::Trained(&run.blueprint, &run.checkpoint.agent);
        let mut schedule = self.schedule.clone();
        if let Some(every) = keep_every {
            schedule.keep_every(every, self.config.task.episode_steps);
        }
        ask(&self.config, &self.makers, &schedule, &believer, &run.name, self.stop)
    }

    /// The words of questions and answers.
    pub(crate) fn vocabulary(&self) -> &QuestionVocabulary {
        self.makers[0].vocabulary()
    }

    /// What the census of the test's rooms found of each template.
    pub(crate) fn summary(&self) -> Vec<TemplateSummary> {
        self.makers[2].summary()
    }

    /// The templates of the test, as a probe file tells them.
    fn templates(&self) -> Vec<TemplateEntry> {
        templates(&self.makers[2])
    }

    /// What the other decoders read, a row each.
    fn further_decoders(&self, name: &RowName, kind: ProbedKind, asked: &AskedOf) -> Result<Vec<ProbedAgent>> {
        let read = |probe: &ProbeConfig| {
            let name = name.read_by(probe.decoder.name());
            let prober = Prober { config: probe, ..self.prober() };
            prober.belief(&name, kind, &asked.at_the_end).map(|(row, _)| row)
        };
        self.probes.iter().skip(1).map(read).collect()
    }

    fn prober(&self) -> Prober<'_> {
        Prober {
            // There is always one.
            config: self.probes.first().unwrap_or(&self.config.probe),
            vocabulary: self.vocabulary(),
            seed: self.config.evaluation.seed,
            threads: self.config.evaluation.threads,
            stop: self.stop,
        }
    }

    fn ask(&self, believer: &Believer<'_>, name: &str) -> Result<AskedOf> {
        let since = Instant::now();
        let asked = ask(&self.config, &self.makers, &self.schedule, believer, name, self.stop)?;
        let (count, seconds) = (asked.at_the_end.len(), since.elapsed().as_secs_f64());
        complain!("played {name}: {count} questions, {seconds:.0} s");
        Ok(asked)
    }

    fn file(&self, mut rows: Vec<ProbedAgent>, num_dropped: u64, since: Instant) -> Result<ProbeFile> {
        rows.iter_mut().for_each(|row| row.num_dropped = num_dropped);
        let seed = self.prober().probe_seed();
        let protocol = protocol(&self.config, self.schedule.steps(), seed, since.elapsed().as_secs_f64())?;
        let answers = self.makers[2].vocabulary().answers().to_vec();
        Ok(ProbeFile::new(self.templates(), answers, protocol, rows))
    }
}

/// What a run is in the table.
pub(crate) fn kind_of(config: &Config) -> ProbedKind {
    let predictive = &config.predictive;
    if config.is_oracle() {
        return ProbedKind::Oracle;
    }
    match predictive.loss {
        PredictiveName::SimCore if predictive.simcore.overshoot == 0 => ProbedKind::Overshoot0,
        _ => ProbedKind::Trained,
    }
}
