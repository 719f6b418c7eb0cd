//! Sweeps: one setting tried at several values, each beside its own controls. Values that change what is asked, such as the
//! number of objects, are of protocols of their own, and only what stands in one line can then be compared.

use serde::Serialize;

use super::cells::{Cells, LONG_GAPS, MEAN, cell, plain};
use super::differences::compared;
use super::markdown::{escape, pipes};
use super::scores::Weighings;
use super::text::blocks;
use super::{LongGaps, Scores, mean};
use crate::number_format::{percent, signed_percent};
use crate::outcome::{Outcome, ProbeFile, ProbedAgent, ProbedKind};
use crate::statistics::Estimate;
use crate::weighing::Weighing;

/// One setting at several values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sweep {
    /// Its name.
    pub name: String,
    /// What its values are values of, such as `predictive.simcore.overshoot`.
    pub key: String,
    /// In the order of the study's file.
    pub values: Vec<SweepValue>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepValue {
    /// As it is printed.
    pub label: String,
    /// Its place on an axis; `None` where it is no number.
    pub number: Option<f64>,
    /// `None` where nothing was measured yet.
    pub measured: Option<SweepMeasured>,
}

/// What agents of one value know, and what is known without having learnt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepMeasured {
    /// Hash of the protocol by which it was measured: values that have the same were asked the same questions.
    pub protocol: String,
    /// Names of the agents, one a seed.
    pub agents: Vec<String>,
    /// Names of the templates, in the order of all scores, each with its chance.
    pub templates: Vec<(String, f64)>,
    /// Chance of the mean over templates.
    pub chance: Option<f64>,
    /// What is a long gap, and the chance there.
    pub long_gaps: LongGaps,
    /// Accuracies of the agents.
    pub scores: Scores,
    /// Those of the same agents before any training; `None` where they were not measured.
    pub untrained: Option<Scores>,
    /// Those of a probe that reads the question only; `None` where it was not measured.
    pub question_only: Option<Scores>,
    /// Accuracies of the agents less those of the untrained ones, on the same questions.
    pub learnt: Option<Scores>,
}

impl SweepMeasured {
    /// From the answers of one protocol: `agents` are the names of the rows of this value, one a seed, and `untrained` those
    /// of the same agents before training. `None` where no row has one of `agents`' names.
    pub fn of(probed: &ProbeFile, agents: &[String], untrained: &[String]) -> Option<Self> {
        let weighings =
            Weighings { all: Weighing::plain(probed, |_| true), long_gaps: LongGaps::weighing(probed, |_| true) };
        let called = |names: &[String]| -> Vec<&ProbedAgent> {
            probed.agents.iter().filter(|agent| names.contains(&agent.name)).collect()
        };
        let (agents, untrained) = (called(agents), called(untrained));
        let question_only: Vec<&ProbedAgent> =
            probed.agents.iter().filter(|agent| agent.kind == ProbedKind::QuestionOnly).take(1).collect();
        let scores = |agents: &[&ProbedAgent]| (!agents.is_empty()).then(|| Scores::of(&answers(agents), &weighings));
        let own = scores(&agents)?;
        let num_questions: Vec<u64> = own.long_gaps.iter().map(|found| found.num_questions).collect();
        let learnt = || compared(&answers(&agents), &answers(&untrained), &weighings).0;
        let chances = probed.templates.iter().zip(&own.templates).filter(|(_, found)| found.is_some());
        Some(Self {
            protocol: probed.protocol.config_hash.clone(),
            agents: agents.iter().map(|agent| agent.name.clone()).collect(),
            templates: probed.templates.iter().map(|template| (template.name.clone(), template.chance)).collect(),
            chance: mean(chances.map(|(template, _)| template.chance)),
            long_gaps: LongGaps::of(probed, &weighings.long_gaps, &num_questions),
            learnt: (!untrained.is_empty()).then(learnt),
            untrained: scores(&untrained),
            question_only: scores(&question_only),
            scores: own,
        })
    }
}

fn answers<'a>(agents: &[&'a ProbedAgent]) -> Vec<&'a [Outcome]> {
    agents.iter().map(|agent| agent.outcomes.as_slice()).collect()
}

impl Sweep {
    /// What was measured, with the label of each value.
    pub(crate) fn measured(&self) -> impl Iterator<Item = (&SweepValue, &SweepMeasured)> {
        self.values.iter().filter_map(|value| Some((value, value.measured.as_ref()?)))
    }

    /// Whether its values were asked different questions.
    pub(crate) fn has_protocols(&self) -> bool {
        let mut protocols = self.measured().map(|(_, measured)| &measured.protocol);
        let first = protocols.next();
        protocols.any(|protocol| Some(protocol) != first)
    }

    /// As plain text, lines ending in `\n`: a line a value, once of all questions and once of those at long gaps.
    pub fn to_text(&self) -> String {
        let [of_mean, at_long_gaps] = self.cells().map(|cells| blocks(&cells));
        let notes: String = self.notes().iter().map(|note| format!("{note}\n")).collect();
        format!("{}\n\n{of_mean}\n{at_long_gaps}{notes}", self.heading())
    }

    /// As Markdown, lines ending in `\n`.
    pub fn to_markdown(&self) -> String {
        let [of_mean, at_long_gaps] = self.cells().map(|cells| pipes(&cells));
        let notes: String = self.notes().iter().map(|note| format!("\n{}\n", escape(note))).collect();
        format!("{}\n\n{of_mean}\n{at_long_gaps}{notes}", escape(&self.heading()))
    }

    fn heading(&self) -> String {
        format!("{}: accuracy in % [95 % interval] against {}", self.name, self.key)
    }

    /// Of the mean, and of long gaps.
    fn cells(&self) -> [Cells; 2] {
        let of = |name: &str, column: fn(&Scores) -> Option<&Estimate>, chance: fn(&SweepMeasured) -> Option<f64>| {
            let columns = [name, "untrained", "question-only", "learnt", "chance"];
            let rows = self.values.iter().map(|value| {
                let measured = value.measured.as_ref();
                let score = |scores: Option<&Scores>| cell(scores.and_then(column), percent);
                let learnt = measured.and_then(|measured| measured.learnt.as_ref());
                let cells = vec![
                    score(measured.map(|measured| &measured.scores)),
                    score(measured.and_then(|measured| measured.untrained.as_ref())),
                    score(measured.and_then(|measured| measured.question_only.as_ref())),
                    cell(learnt.and_then(column), signed_percent),
                    plain(measured.and_then(chance).map_or_else(String::new, percent)),
                ];
                (value.label.clone(), cells)
            });
            Cells { columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
        };
        [
            of(MEAN, |scores| scores.mean.as_ref(), |measured| measured.chance),
            of(LONG_GAPS, |scores| scores.long_gaps.as_ref(), |measured| measured.long_gaps.chance),
        ]
    }

    /// What the columns are; a line an entry.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            "learnt: above the same agent before any training, on the same questions; long gaps: balanced accuracy"
                .into(),
        ];
        if self.has_protocols() {
            notes.push("values were asked different questions: read each against its own controls".into());
        }
        notes
    }
}
