//! Accuracy against steps, age, pixels and confidence, and the curves of learning.

use super::sheet::{INTERVAL, Sheet, estimate, number, optional, word};
use crate::curves::BinnedCurves;
use crate::figures::Figures;

pub(super) fn timeline(figures: &Figures) -> Sheet {
    let timeline = &figures.timeline;
    let mut sheet = Sheet::with_interval(&["row", "kind", "questions", "step", "chance", "accuracy"]);
    let together = [("mean", &timeline.mean), ("seen", &timeline.seen), ("unseen", &timeline.unseen)];
    let templates = timeline.templates.iter().map(|template| (template.template.as_str(), &template.curves));
    for (questions, curves) in together.into_iter().chain(templates) {
        for curve in &curves.rows {
            for ((step, chance), found) in timeline.steps.iter().zip(&curves.chance).zip(&curve.estimates) {
                let Some(found) = found else { continue };
                let mut fields = vec![curve.name.clone(), word(&curve.kind), questions.to_owned(), step.to_string()];
                fields.push(optional(chance.map(number)));
                fields.extend(estimate(found));
                sheet.push(fields);
            }
        }
    }
    sheet
}

/// Curves of the answers at the end of episodes and of those on the way.
pub(super) fn binned(at_the_end: &BinnedCurves, on_the_way: &BinnedCurves) -> Sheet {
    let mut sheet = Sheet::with_interval(&["asked", "row", "kind", "template", "first", "last", "chance", "accuracy"]);
    for (asked, binned) in [("at_the_end", at_the_end), ("on_the_way", on_the_way)] {
        let templates = binned.templates.iter().map(|template| (template.template.as_str(), &template.curves));
        for (template, curves) in [("mean", &binned.mean)].into_iter().chain(templates) {
            for curve in &curves.rows {
                for ((bin, chance), found) in binned.bins.iter().zip(&curves.chance).zip(&curve.estimates) {
                    let Some(found) = found else { continue };
                    let mut fields = vec![
                        asked.to_owned(),
                        curve.name.clone(),
                        word(&curve.kind),
                        template.to_owned(),
                        bin.first.to_string(),
                        optional(bin.last),
                        optional(chance.map(number)),
                    ];
                    fields.extend(estimate(found));
                    sheet.push(fields);
                }
            }
        }
    }
    sheet
}

pub(super) fn calibration(figures: &Figures) -> Sheet {
    let header = ["row", "kind", "confidence_low", "confidence_high", "num_answers", "mean_confidence", "accuracy"];
    let mut sheet = Sheet::with_interval(&header);
    for calibration in &figures.calibration {
        for bin in &calibration.bins {
            let mut fields = vec![
                calibration.name.clone(),
                word(&calibration.kind),
                number(bin.low),
                number(bin.high),
                bin.num_questions.to_string(),
                optional(bin.confidence.map(number)),
            ];
            fields.extend(bin.accuracy.as_ref().map_or_else(|| vec![String::new(); INTERVAL.len() + 1], estimate));
            sheet.push(fields);
        }
    }
    sheet
}

pub(super) fn calibration_errors(figures: &Figures) -> Sheet {
    let errors = ["expected_calibration_error", "brier_score", "negative_log_likelihood"];
    let mut sheet = Sheet::new(&[&["row", "kind", "num_answers"], &errors[..]].concat());
    for calibration in &figures.calibration {
        sheet.push(vec![
            calibration.name.clone(),
            word(&calibration.kind),
            calibration.num_questions.to_string(),
            number(calibration.expected_calibration_error),
            number(calibration.brier_score),
            number(calibration.negative_log_likelihood),
        ]);
    }
    sheet
}

pub(super) fn validation(figures: &Figures) -> Sheet {
    let mut sheet = Sheet::new(&["agent", "updates", "accuracy"]);
    for curve in &figures.validation {
        for point in &curve.points {
            sheet.push(vec![curve.name.clone(), point.updates.to_string(), number(point.accuracy)]);
        }
    }
    sheet
}

pub(super) fn learning_curves(figures: &Figures) -> Sheet {
    let mut sheet = Sheet::new(&["run", "metric", "frames", "value"]);
    for run in &figures.runs {
        for curve in &run.curves {
            for (frames, value) in curve.frames.iter().zip(&curve.value) {
                sheet.push(vec![run.name.clone(), curve.metric.clone(), number(*frames), number(*value)]);
            }
        }
    }
    sheet
}
