//! The accuracy table: a row a variant or control, a column a template, one for their mean and one for long gaps; and the
//! paired differences below it. What is over questions that were chosen by their evidence is balanced accuracy. Worked
//! out once, and printed as plain text, Markdown or (by the page) HTML.

mod cells;
mod differences;
mod long_gaps;
mod markdown;
mod scores;
mod sweep;
mod text;

use serde::Serialize;

use crate::group::{AgentGroup, Answers};
use crate::number_format::count;
use crate::outcome::{ProbeFile, ProbedAgent, ProbedKind};
use crate::weighing::Weighing;
pub use differences::{Difference, SeedDifference, Tests};
pub use long_gaps::LongGaps;
pub use scores::Scores;
use scores::Weighings;
pub use sweep::{Sweep, SweepMeasured, SweepValue};

/// Accuracies with intervals, and the differences worth reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccuracyTable {
    /// A column each.
    pub columns: Vec<TemplateColumn>,
    /// Whether the columns of templates and their mean are balanced accuracies too, as that of long gaps always is: where
    /// the questions were chosen by their evidence.
    pub is_balanced: bool,
    /// What the column of long gaps rests on.
    pub long_gaps: LongGaps,
    /// Episodes the questions are from.
    pub num_episodes: u64,
    /// A row each.
    pub rows: Vec<TableRow>,
    /// Rows compared with other rows, on the same questions.
    pub differences: Vec<Difference>,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateColumn {
    /// Name of the template.
    pub name: String,
    /// Its wording.
    pub wording: String,
    /// Accuracy of a uniform guess, in [0, 1]; of balanced accuracy, 1 / (number of answers that count).
    pub chance: f64,
    /// Fewest questions any row answered, of those that count.
    pub min_questions: u64,
    /// Most questions any row answered; equal to the fewest when all were asked the same.
    pub max_questions: u64,
}

/// One variant, or one control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    /// Its name: of the agent where there is one seed, of the variant where there are several.
    pub name: String,
    /// What it is.
    pub kind: ProbedKind,
    /// Variant of its seeds.
    pub variant: String,
    /// Which decoder answered; empty where none did.
    pub decoder: String,
    /// Environment frames it was trained for; the fewest where seeds differ.
    pub frames_trained: u64,
    /// Accuracies: means over seeds where there are several.
    pub scores: Scores,
    /// What its decoder could learn by itself; mean over seeds, `None` where some seed was not measured.
    pub selectivity: Option<RowSelectivity>,
    /// Each seed by itself; one entry where there is one.
    pub seeds: Vec<SeedRow>,
}

/// One seed of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeedRow {
    /// Name of the agent.
    pub name: String,
    /// Its seed.
    pub seed: u64,
    /// Environment frames it was trained for.
    pub frames_trained: u64,
    /// Questions that were not asked, because something had been moved.
    pub num_dropped: u64,
    /// Accuracies, with intervals over episodes.
    pub scores: Scores,
    /// What its decoder could learn by itself.
    pub selectivity: Option<RowSelectivity>,
}

/// How much of an accuracy is what the decoder found and not what it can be taught by words alone (Hewitt & Liang 2019).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RowSelectivity {
    /// The mean accuracy less `control_accuracy`, in [−1, 1].
    pub value: f64,
    /// As [`crate::Selectivity::control_accuracy`].
    pub control_accuracy: f64,
    /// As [`crate::Selectivity::memorised_accuracy`].
    pub memorised_accuracy: f64,
}

impl AccuracyTable {
    /// The table of all outcomes.
    pub fn of(probed: &ProbeFile) -> Self {
        let long_gaps = LongGaps::weighing(probed, |_| true);
        Self::by(probed, &Weighings { all: Weighing::plain(probed, |_| true), long_gaps })
    }

    /// The table of those questions whose evidence had been in view before they were asked, in balanced accuracy.
    pub fn of_seen(probed: &ProbeFile) -> Self {
        let all = Weighing::balanced(probed, Answers::AtTheEnd, |outcome| outcome.seen);
        let mut table =
            Self::by(probed, &Weighings { all, long_gaps: LongGaps::weighing(probed, |outcome| outcome.seen) });
        // The control task was of all questions.
        for row in &mut table.rows {
            row.selectivity = None;
            row.seeds.iter_mut().for_each(|seed| seed.selectivity = None);
        }
        table
    }

    /// What the figures are.
    pub fn headline(&self) -> String {
        let seeds = || self.rows.iter().map(|row| row.seeds.len());
        let over = match (seeds().min(), seeds().max()) {
            (Some(fewest), Some(most)) if fewest > 1 => format!("over seeds and episodes, {most} seeds"),
            (_, Some(most)) if most > 1 => {
                format!("over seeds and episodes for rows of up to {most} seeds, over episodes for rows of one")
            }
            _ => "over episodes".into(),
        };
        let accuracy = if self.is_balanced { "Balanced accuracy" } else { "Accuracy" };
        let over = format!("{accuracy} in % [95 % interval {over}]");
        match self.num_episodes {
            0 => "No questions were answered.".into(),
            1 => format!("{over}, one episode in a room never trained on"),
            num => format!("{over}, {} episodes in rooms never trained on", count(num)),
        }
    }

    /// Chance of the mean over the templates that have questions.
    pub fn mean_chance(&self) -> Option<f64> {
        mean(self.columns.iter().filter(|column| column.max_questions > 0).map(|column| column.chance))
    }

    fn by(probed: &ProbeFile, weighings: &Weighings<'_>) -> Self {
        let groups = AgentGroup::all(probed);
        let rows: Vec<TableRow> = groups.iter().map(|group| row(group, weighings)).collect();
        let chances = weighings.all.chances();
        let columns = probed.templates.iter().zip(chances).enumerate().map(|(index, (template, chance))| {
            let num_questions = |seed: &SeedRow| seed.scores.templates[index].map_or(0, |e| e.num_questions);
            let nums = || rows.iter().flat_map(|row| &row.seeds).map(num_questions);
            TemplateColumn {
                name: template.name.clone(),
                wording: template.wording.clone(),
                chance: chance.unwrap_or(template.chance),
                min_questions: nums().min().unwrap_or(0),
                max_questions: nums().max().unwrap_or(0),
            }
        });
        let columns = columns.collect();
        let seeds = rows.iter().flat_map(|row| &row.seeds);
        let at_long_gaps: Vec<u64> =
            seeds.filter_map(|seed| seed.scores.long_gaps).map(|found| found.num_questions).collect();
        let num_episodes = rows.iter().filter_map(|row| row.scores.mean).map(|mean| mean.num_episodes).max();
        Self {
            columns,
            is_balanced: weighings.all.is_balanced(),
            num_episodes: num_episodes.unwrap_or(0),
            differences: differences::differences(&groups, weighings),
            long_gaps: LongGaps::of(probed, &weighings.long_gaps, &at_long_gaps),
            rows,
        }
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

fn row(group: &AgentGroup<'_>, weighings: &Weighings<'_>) -> TableRow {
    let first = group.first();
    let seeds: Vec<SeedRow> = group.seeds.iter().map(|agent| seed_row(agent, weighings)).collect();
    TableRow {
        name: group.name.clone(),
        kind: group.kind,
        variant: first.map(|agent| agent.variant.clone()).unwrap_or_default(),
        decoder: group.decoder().to_owned(),
        frames_trained: group.seeds.iter().map(|agent| agent.frames_trained).min().unwrap_or(0),
        scores: Scores::of(&group.outcomes(), weighings),
        selectivity: mean_selectivity(&seeds),
        seeds,
    }
}

fn seed_row(agent: &ProbedAgent, weighings: &Weighings<'_>) -> SeedRow {
    let scores = Scores::of(&[&agent.outcomes], weighings);
    let selectivity = agent.selectivity.zip(scores.mean).map(|(measured, mean)| RowSelectivity {
        value: mean.value - measured.control_accuracy,
        control_accuracy: measured.control_accuracy,
        memorised_accuracy: measured.memorised_accuracy,
    });
    SeedRow {
        name: agent.name.clone(),
        seed: agent.seed,
        frames_trained: agent.frames_trained,
        num_dropped: agent.num_dropped,
        scores,
        selectivity,
    }
}

fn mean_selectivity(seeds: &[SeedRow]) -> Option<RowSelectivity> {
    let measured = seeds.iter().map(|seed| seed.selectivity).collect::<Option<Vec<RowSelectivity>>>()?;
    let mean_of = |field: fn(&RowSelectivity) -> f64| mean(measured.iter().map(field));
    Some(RowSelectivity {
        value: mean_of(|found| found.value)?,
        control_accuracy: mean_of(|found| found.control_accuracy)?,
        memorised_accuracy: mean_of(|found| found.memorised_accuracy)?,
    })
}

/// The mean of some numbers; `None` of none.
pub(crate) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
