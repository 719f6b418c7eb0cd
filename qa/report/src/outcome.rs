//! `probe.json`: what every probed agent answered, question by question.
//!
//! The probe writes this file; the report reads it and works out every figure from it, so a new kind of score never
//! needs a new run. In memory an outcome is a row; in the file rows are columns of whole numbers, and what several agents
//! were asked is stored once: an answer takes some 13 bytes, a question some 27.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::outcome_error::ProbeFileError;
use crate::replace_file::{Overwrite, write_replacing};
use crate::stored_file::from_version_2;

/// The name that opens every probe file.
pub const PROBE_FORMAT: &str = "groundling-probe";
/// The version this crate writes. It reads the one before too.
pub const PROBE_VERSION: u32 = 3;

/// The answers of several agents to questions of one protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbeFile {
    /// Always [`PROBE_FORMAT`].
    pub format: String,
    /// Always [`PROBE_VERSION`].
    pub version: u32,
    /// The templates in the order of the table's columns; [`Outcome::template`] is an index into it.
    pub templates: Vec<TemplateEntry>,
    /// The one-word answers; [`Outcome::answer`] and [`Outcome::predicted`] are indices into it.
    pub answers: Vec<String>,
    /// How the questions were made and the probes trained.
    pub protocol: ProbeProtocol,
    /// The agents and controls in the order of the table's rows.
    pub agents: Vec<ProbedAgent>,
}

/// One question template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateEntry {
    /// Short name such as `count_color`.
    pub name: String,
    /// The wording, such as `How many <color> objects are there?`
    pub wording: String,
    /// Accuracy of a uniform guess over the template's possible answers, in [0, 1].
    pub chance: f64,
    /// Its possible answers, as indices into [`ProbeFile::answers`].
    pub answers: Vec<u16>,
}

/// How the questions were made and the probes trained: all that is needed to repeat the measurement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProbeProtocol {
    /// Which rooms the test is made of, such as `random rooms`.
    pub split: String,
    /// Seed of the measurement, from which all others are derived; not the agents'.
    pub evaluation_seed: u64,
    /// Episodes the probes were trained on.
    pub num_train_episodes: u64,
    /// Episodes that only chose among the probe's own checkpoints, and drew the validation curves.
    pub num_validation_episodes: u64,
    /// Episodes the outcomes are from; no agent and no probe was trained on their rooms.
    pub num_test_episodes: u64,
    /// Seed of the training rooms.
    pub train_seed: u64,
    /// Seed of the validation rooms.
    pub validation_seed: u64,
    /// Seed of the test rooms.
    pub test_seed: u64,
    /// Seed of the probes' own parameters and batches.
    pub probe_seed: u64,
    /// Step of the episode after which the belief was frozen and the questions asked.
    pub asked_step: u32,
    /// Steps at which the questions of a timeline were asked, ascending; empty where there is none.
    pub timeline_steps: Vec<u32>,
    /// Test episodes that were asked at all those steps.
    pub num_timeline_episodes: u64,
    /// Steps of an episode.
    pub episode_steps: u32,
    /// A question is at a long gap when its evidence was last in view at least so many steps before it was asked.
    pub long_gap: u32,
    /// Pixels of a row of the agent's picture; 0 where it is not known.
    pub image_width: u32,
    /// Pixels of a column of the agent's picture; 0 where it is not known.
    pub image_height: u32,
    /// Optimiser steps each probe was given.
    pub probe_updates: u64,
    /// Questions in a batch of the probe.
    pub probe_batch: u64,
    /// What the probe is, such as `LSTM 256 over the question, 8 steps`.
    pub decoder: String,
    /// Hash of the configuration of rooms, questions and probe, in hexadecimal.
    pub config_hash: String,
    /// Seconds the whole measurement took.
    pub seconds: f64,
}

/// What a row of the table is, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbedKind {
    /// Control: the most common answer of each template in the training rooms.
    Majority,
    /// Control: a probe that reads the question and no belief; the floor for every other probe.
    QuestionOnly,
    /// Control: an agent with random parameters, which remembers a little without having learnt anything.
    Untrained,
    /// Control: a trained agent's belief from another episode.
    OtherEpisode,
    /// Control: what a trained agent's encoder makes of the last frame alone, perception without memory.
    LastFrame,
    /// Control: an agent whose state was trained to reconstruct the present frame, and to predict nothing.
    Overshoot0,
    /// A trained agent.
    Trained,
    /// Upper line: an agent into which the questions' gradients were let.
    Oracle,
    /// Control: a probe given the facts of the room; the ceiling.
    Facts,
}

impl ProbedKind {
    /// Every kind but [`ProbedKind::Trained`], in the order of the table.
    pub const CONTROLS: [Self; 8] = [
        Self::Majority,
        Self::QuestionOnly,
        Self::Untrained,
        Self::OtherEpisode,
        Self::LastFrame,
        Self::Overshoot0,
        Self::Oracle,
        Self::Facts,
    ];

    /// Whether the row is an agent that somebody trained: the one under test, one that predicts nothing, or an oracle.
    pub fn is_run(self) -> bool {
        matches!(self, Self::Trained | Self::Overshoot0 | Self::Oracle)
    }

    /// Whether the row is a control and not an agent under test.
    pub fn is_control(self) -> bool {
        self != ProbedKind::Trained
    }
}

/// One row of the table: an agent or a control, and all it answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbedAgent {
    /// Name of the row, such as `simcore-2`; unique within the file.
    pub name: String,
    /// What it is a seed of, such as `simcore`: rows of one variant differ in nothing but `seed`.
    pub variant: String,
    /// Seed of the agent; 0 for a control that has none.
    pub seed: u64,
    /// Which decoder answered, such as `lstm`; empty where none did.
    pub decoder: String,
    /// Agent or which control.
    pub kind: ProbedKind,
    /// Environment frames the agent was trained for; 0 for a control that is no agent.
    pub frames_trained: u64,
    /// Questions about the test rooms as placed that were not asked at the end: they no longer had the same one right
    /// answer there, because something had been moved.
    pub num_dropped: u64,
    /// One entry a question, asked at the last step of each test episode: the headline.
    pub outcomes: Vec<Outcome>,
    /// The same questions of some test episodes, each asked at several steps by a decoder that was trained on beliefs of
    /// all those steps: what is known when. Empty where it was not asked for.
    pub timeline: Vec<Outcome>,
    /// Accuracy on validation rooms while the probe was trained; empty where nothing was trained.
    pub curve: Vec<CurvePoint>,
    /// What this row's decoder learnt by itself; none where it was not measured.
    pub selectivity: Option<Selectivity>,
}

/// What a decoder of this strength, on these beliefs and within this budget, could learn by itself (Hewitt & Liang 2019).
///
/// Selectivity is the accuracy on the real questions less `control_accuracy`: what was found beyond what words alone can
/// be taught to give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Selectivity {
    /// Accuracy on test questions whose right answer is a random one of its template's, the same for each wording, in
    /// training and test; mean over templates, in [0, 1]. It can be learnt from the words, and no belief helps.
    pub control_accuracy: f64,
    /// Accuracy on its own training questions, each with a random answer of its template's; mean over templates, in
    /// [0, 1]. All of it above chance is learnt by heart.
    pub memorised_accuracy: f64,
}

impl ProbedAgent {
    /// A row that has answered nothing yet, the only one of its variant.
    pub fn new(name: &str, kind: ProbedKind) -> Self {
        Self {
            name: name.into(),
            variant: name.into(),
            seed: 0,
            decoder: String::new(),
            kind,
            frames_trained: 0,
            num_dropped: 0,
            outcomes: Vec::new(),
            timeline: Vec::new(),
            curve: Vec::new(),
            selectivity: None,
        }
    }

    /// All of it but what it answered.
    pub(crate) fn without_answers(&self) -> Self {
        Self {
            variant: self.variant.clone(),
            seed: self.seed,
            decoder: self.decoder.clone(),
            frames_trained: self.frames_trained,
            num_dropped: self.num_dropped,
            curve: self.curve.clone(),
            selectivity: self.selectivity,
            ..Self::new(&self.name, self.kind)
        }
    }
}

/// The outcome of one question.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcome {
    /// Index into [`ProbeFile::templates`].
    pub template: u16,
    /// Number of the test episode.
    pub episode: u64,
    /// Number of the question within its episode; (episode, question) names the same question for every agent.
    pub question: u32,
    /// Step of the episode after which it was asked.
    pub step: u32,
    /// The right answer, an index into [`ProbeFile::answers`].
    pub answer: u16,
    /// The probe's most likely answer.
    pub predicted: u16,
    /// Probability that the probe gave to the right answer, in [0, 1].
    pub probability: f32,
    /// Probability that it gave to its most likely answer, in [0, 1].
    pub confidence: f32,
    /// Whether the question's evidence had been in view before it was asked.
    pub seen: bool,
    /// Whether the evidence was in view when it was asked.
    pub in_view: bool,
    /// Steps since the evidence was last in view, 0 when it still was; `None` when never, or where it is undefined.
    pub steps_since_seen: Option<u32>,
    /// The most pixels that showed the evidence in any step.
    pub most_pixels: u32,
}

impl Outcome {
    /// Whether the probe's most likely answer was right.
    pub fn correct(&self) -> bool {
        self.answer == self.predicted
    }
}

/// One point of a validation curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Optimiser steps of the probe so far.
    pub updates: u64,
    /// Mean over templates of the validation accuracy, in [0, 1].
    pub accuracy: f64,
}

impl ProbeFile {
    /// A file of the present version.
    pub fn new(
        templates: Vec<TemplateEntry>,
        answers: Vec<String>,
        protocol: ProbeProtocol,
        agents: Vec<ProbedAgent>,
    ) -> Self {
        Self { format: PROBE_FORMAT.into(), version: PROBE_VERSION, templates, answers, protocol, agents }
    }

    /// The controls that no row is of, in the order of the table: what a reader may still ask for.
    pub fn missing_controls(&self) -> Vec<ProbedKind> {
        let is_missing = |kind: &ProbedKind| self.agents.iter().all(|agent| agent.kind != *kind);
        ProbedKind::CONTROLS.into_iter().filter(is_missing).collect()
    }

    /// Reads and checks `path`. Every error names the path and says what to do.
    pub fn read(path: &Path) -> Result<Self, ProbeFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ProbeFileError::Unreadable { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Writes to `path` as a whole or not at all, over what an earlier measurement left there.
    pub fn write(&self, path: &Path) -> Result<(), ProbeFileError> {
        self.check().map_err(|reason| ProbeFileError::Inconsistent { path: path.to_owned(), reason })?;
        let text = serde_json::to_vec(self)
            .map_err(|error| ProbeFileError::Malformed { path: path.to_owned(), reason: error.to_string() })?;
        write_replacing(path, &text, Overwrite::Yes)
            .map_err(|source| ProbeFileError::Unwritable { path: path.to_owned(), source })
    }

    fn parse(text: &str, path: &Path) -> Result<Self, ProbeFileError> {
        let path = path.to_owned();
        // The version is looked at before the rest, so that a file of another version is not called malformed.
        let value: serde_json::Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) if error.is_eof() => return Err(ProbeFileError::CutShort { path }),
            Err(error) => return Err(ProbeFileError::NotJson { path, reason: error.to_string() }),
        };
        if value.get("format").and_then(|format| format.as_str()) != Some(PROBE_FORMAT) {
            return Err(ProbeFileError::NotAProbeFile { path });
        }
        let value = match value.get("version") {
            Some(version) if version.as_u64() == Some(PROBE_VERSION.into()) => value,
            Some(version) if version.as_u64() == Some(2) => from_version_2(value, PROBE_VERSION),
            Some(version) => return Err(ProbeFileError::WrongVersion { path, found: version.to_string() }),
            None => return Err(ProbeFileError::Malformed { path, reason: "missing field `version`".into() }),
        };
        let file: Self = serde_json::from_value(value)
            .map_err(|error| ProbeFileError::Malformed { path: path.clone(), reason: error.to_string() })?;
        match file.check() {
            Ok(()) => Ok(file),
            Err(reason) => Err(ProbeFileError::Inconsistent { path, reason }),
        }
    }

    /// What the types alone cannot say: indices in range, names unique, numbers finite.
    fn check(&self) -> Result<(), String> {
        let names = self.templates.iter().map(|t| &t.name).chain(self.agents.iter().map(|agent| &agent.name));
        if let Some(name) = names.into_iter().find(|name| name.is_empty() || name.contains(char::is_control)) {
            return Err(format!("the name {name:?} is empty or holds a control character"));
        }
        for template in &self.templates {
            if template.answers.iter().any(|&answer| usize::from(answer) >= self.answers.len()) {
                return Err(format!("template {:?} has an answer beyond the {}", template.name, self.answers.len()));
            }
            if !(0.0..=1.0).contains(&template.chance) {
                return Err(format!("chance of template {:?} is not between 0 and 1", template.name));
            }
        }
        if !self.protocol.seconds.is_finite() {
            return Err("protocol.seconds is not a number".into());
        }
        for (index, agent) in self.agents.iter().enumerate() {
            if self.agents[..index].iter().any(|earlier| earlier.name == agent.name) {
                return Err(format!("two agents are called {:?}", agent.name));
            }
            let same = |earlier: &&ProbedAgent| {
                let key = |agent: &ProbedAgent| (agent.kind, agent.variant.clone(), agent.decoder.clone(), agent.seed);
                key(earlier) == key(agent)
            };
            if let Some(earlier) = self.agents[..index].iter().find(same) {
                // They would be taken for two seeds, and make an interval over seeds too short.
                let (names, seed, variant) = ((&earlier.name, &agent.name), agent.seed, &agent.variant);
                return Err(format!("{:?} and {:?} are both seed {seed} of variant {variant:?}", names.0, names.1));
            }
            agent.outcomes.iter().chain(&agent.timeline).try_for_each(|outcome| self.check_outcome(agent, outcome))?;
            let mut asked = BTreeSet::new();
            if let Some(twice) = agent.outcomes.iter().find(|o| !asked.insert((o.template, o.episode, o.question))) {
                let Outcome { episode, question, .. } = twice;
                return Err(format!("{:?} answers question {question} of episode {episode} twice", agent.name));
            }
            let mut asked = BTreeSet::new();
            let again = |o: &&Outcome| !asked.insert((o.template, o.episode, o.question, o.step));
            if let Some(Outcome { episode, question, step, .. }) = agent.timeline.iter().find(again) {
                let name = &agent.name;
                return Err(format!("{name:?} answers question {question} of episode {episode} twice at step {step}"));
            }
            if agent.curve.iter().any(|point| !point.accuracy.is_finite()) {
                return Err(format!("the validation curve of {:?} has an accuracy that is not a number", agent.name));
            }
        }
        Ok(())
    }

    fn check_outcome(&self, agent: &ProbedAgent, outcome: &Outcome) -> Result<(), String> {
        let (name, Outcome { template, episode, question, answer, predicted, .. }) = (&agent.name, outcome);
        if usize::from(*template) >= self.templates.len() {
            return Err(format!("{name:?} answers template {template} of {}", self.templates.len()));
        }
        if usize::from(*answer.max(predicted)) >= self.answers.len() {
            let num = self.answers.len();
            return Err(format!(
                "question {question} of episode {episode} for {name:?} has an answer beyond the {num}"
            ));
        }
        let is_probability = |value: f32| (0.0..=1.0).contains(&value);
        if !is_probability(outcome.probability) || !is_probability(outcome.confidence) {
            return Err(format!("{name:?} answers question {question} of episode {episode} with no probability"));
        }
        Ok(())
    }
}
