//! The accuracy table: a row an agent or control, a column a template and one for their mean, and the paired
//! differences below it. Worked out once, and printed as plain text, Markdown or (by the page) HTML.

mod cells;
mod markdown;
mod text;

use serde::Serialize;

use crate::number_format::count;
use crate::outcome::{Outcome, ProbeFile, ProbedAgent, ProbedKind};
use crate::statistics::{Scores, paired_difference, score};

/// Accuracies with intervals, and the differences worth reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccuracyTable {
    /// A column each.
    pub columns: Vec<TemplateColumn>,
    /// Episodes the questions are from.
    pub num_episodes: u64,
    /// A row each.
    pub rows: Vec<TableRow>,
    /// Later rows compared with earlier ones, on the same questions.
    pub differences: Vec<Difference>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateColumn {
    /// Name of the template.
    pub name: String,
    /// Its wording.
    pub wording: String,
    /// Accuracy of a uniform guess, in [0, 1].
    pub chance: f64,
    /// Fewest questions any row answered.
    pub min_questions: u64,
    /// Most questions any row answered; equal to the fewest when all were asked the same.
    pub max_questions: u64,
}

/// One agent or control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ProbedKind,
    /// Environment frames it was trained for.
    pub frames_trained: u64,
    /// Accuracies.
    pub scores: Scores,
}

/// Two rows compared question by question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The row whose accuracy counts as positive.
    pub name: String,
    /// The row it is compared with.
    pub baseline: String,
    /// Accuracy of the first less that of the second.
    pub scores: Scores,
}

impl AccuracyTable {
    /// The table of all outcomes.
    pub fn of(probed: &ProbeFile) -> Self {
        Self::of_some(probed, |_| true)
    }

    /// The table of those questions whose evidence had been in view before they were asked.
    pub fn of_seen(probed: &ProbeFile) -> Self {
        Self::of_some(probed, |outcome| outcome.seen)
    }

    /// What the figures are.
    pub fn headline(&self) -> String {
        match self.num_episodes {
            0 => "No questions were answered.".into(),
            1 => "Accuracy in % [95 % interval], one episode in a room never trained on".into(),
            num => format!("Accuracy in % [95 % interval], {} episodes in rooms never trained on", count(num)),
        }
    }

    /// Chance of the mean over the templates that have questions.
    pub fn mean_chance(&self) -> Option<f64> {
        let asked: Vec<f64> =
            self.columns.iter().filter(|column| column.max_questions > 0).map(|column| column.chance).collect();
        (!asked.is_empty()).then(|| asked.iter().sum::<f64>() / asked.len() as f64)
    }

    fn of_some(probed: &ProbeFile, keep: impl Fn(&Outcome) -> bool) -> Self {
        let num_templates = probed.templates.len();
        let kept: Vec<Vec<Outcome>> = (probed.agents.iter())
            .map(|agent| agent.outcomes.iter().filter(|outcome| keep(outcome)).copied().collect())
            .collect();
        let rows: Vec<TableRow> = (probed.agents.iter().zip(&kept))
            .map(|(agent, outcomes)| TableRow {
                name: agent.name.clone(),
                kind: agent.kind,
                frames_trained: agent.frames_trained,
                scores: score(outcomes, num_templates),
            })
            .collect();
        let mut differences = Vec::new();
        for (index, agent) in probed.agents.iter().enumerate() {
            for (baseline_index, baseline) in probed.agents.iter().enumerate() {
                if is_worth_comparing((index, agent), (baseline_index, baseline)) {
                    let scores = paired_difference(&kept[index], &kept[baseline_index], num_templates);
                    differences.push(Difference { name: agent.name.clone(), baseline: baseline.name.clone(), scores });
                }
            }
        }
        let columns = probed.templates.iter().enumerate().map(|(index, template)| {
            let num_questions = |row: &TableRow| row.scores.templates[index].map_or(0, |e| e.num_questions);
            TemplateColumn {
                name: template.name.clone(),
                wording: template.wording.clone(),
                chance: template.chance,
                min_questions: rows.iter().map(num_questions).min().unwrap_or(0),
                max_questions: rows.iter().map(num_questions).max().unwrap_or(0),
            }
        });
        let columns = columns.collect();
        let num_episodes = rows.iter().filter_map(|row| row.scores.mean).map(|mean| mean.num_episodes).max();
        Self { columns, num_episodes: num_episodes.unwrap_or(0), rows, differences }
    }

    /// The row called `name`.
    pub fn row(&self, name: &str) -> Option<&TableRow> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The difference of these two rows, if it was worked out.
    pub fn difference(&self, name: &str, baseline: &str) -> Option<&Difference> {
        self.differences.iter().find(|difference| difference.name == name && difference.baseline == baseline)
    }
}

impl Difference {
    /// `simcore − lstm`
    pub fn title(&self) -> String {
        format!("{} \u{2212} {}", self.name, self.baseline)
    }
}

/// A trained agent against question-only, untrained and every trained agent above it; and untrained against
/// question-only, which says how much a random memory holds.
fn is_worth_comparing(agent: (usize, &ProbedAgent), baseline: (usize, &ProbedAgent)) -> bool {
    match (agent.1.kind, baseline.1.kind) {
        (ProbedKind::Trained, ProbedKind::QuestionOnly | ProbedKind::Untrained) => true,
        (ProbedKind::Trained, ProbedKind::Trained) => baseline.0 < agent.0,
        (ProbedKind::Untrained, ProbedKind::QuestionOnly) => true,
        _ => false,
    }
}
