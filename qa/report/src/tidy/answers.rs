//! What was answered, counted and one by one.

use super::sheet::{Sheet, number, optional, word};
use crate::figures::Figures;
use crate::outcome::ProbeFile;
use crate::table::RowSelectivity;

pub(super) fn confusion(figures: &Figures) -> Sheet {
    let mut sheet = Sheet::new(&["templates", "row", "kind", "answer", "predicted", "num_answers"]);
    for confusion in &figures.confusion {
        let templates = confusion.templates.join(" ");
        for matrix in &confusion.matrices {
            for (answer, counts) in confusion.answers.iter().zip(&matrix.counts) {
                // The last column is of answers to other templates.
                let predicted = confusion.answers.iter().map(String::as_str).chain([""]);
                for (predicted, count) in predicted.zip(counts) {
                    let names = [&templates, &matrix.name, &word(&matrix.kind), answer, predicted];
                    let mut fields: Vec<String> = names.map(str::to_owned).to_vec();
                    fields.push(count.to_string());
                    sheet.push(fields);
                }
            }
        }
    }
    sheet
}

/// Who answered, and in which row of the other tables.
pub(super) fn agents(figures: &Figures) -> Sheet {
    let mut sheet = Sheet::new(&[
        "agent",
        "row",
        "kind",
        "variant",
        "seed",
        "decoder",
        "frames_trained",
        "num_dropped",
        "selectivity",
        "control_accuracy",
        "memorised_accuracy",
    ]);
    for row in &figures.table.rows {
        for seed in &row.seeds {
            let found = |field: fn(&RowSelectivity) -> f64| optional(seed.selectivity.as_ref().map(field).map(number));
            sheet.push(vec![
                seed.name.clone(),
                row.name.clone(),
                word(&row.kind),
                row.variant.clone(),
                seed.seed.to_string(),
                row.decoder.clone(),
                seed.frames_trained.to_string(),
                seed.num_dropped.to_string(),
                found(|found| found.value),
                found(|found| found.control_accuracy),
                found(|found| found.memorised_accuracy),
            ]);
        }
    }
    sheet
}

/// Every question that was asked at the end of an episode, by agent.
pub(super) fn answers(probed: &ProbeFile) -> Sheet {
    let mut sheet = Sheet::new(&[
        "agent",
        "template",
        "episode",
        "question",
        "step",
        "answer",
        "predicted",
        "correct",
        "probability",
        "confidence",
        "seen",
        "in_view",
        "steps_since_seen",
        "most_pixels",
    ]);
    let answer = |index: u16| probed.answers.get(usize::from(index)).cloned().unwrap_or_default();
    for agent in &probed.agents {
        for outcome in &agent.outcomes {
            let template = probed.templates.get(usize::from(outcome.template));
            sheet.push(vec![
                agent.name.clone(),
                template.map(|template| template.name.clone()).unwrap_or_default(),
                outcome.episode.to_string(),
                outcome.question.to_string(),
                outcome.step.to_string(),
                answer(outcome.answer),
                answer(outcome.predicted),
                u8::from(outcome.correct()).to_string(),
                outcome.probability.to_string(),
                outcome.confidence.to_string(),
                u8::from(outcome.seen).to_string(),
                u8::from(outcome.in_view).to_string(),
                optional(outcome.steps_since_seen),
                outcome.most_pixels.to_string(),
            ]);
        }
    }
    sheet
}
