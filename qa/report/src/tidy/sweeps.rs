//! Settings at several values.

use super::accuracies::{LONG_GAPS, MEAN};
use super::sheet::{Sheet, estimate, number, optional};
use crate::figures::Figures;
use crate::statistics::Estimate;
use crate::table::{Scores, SweepMeasured};

/// A line a value, figure and template: of the agents, of their controls, and what the agents have learnt.
pub(super) fn sweeps(figures: &Figures) -> Sheet {
    let header = ["sweep", "key", "value", "number", "protocol", "figure", "template", "chance", "accuracy"];
    let mut sheet = Sheet::with_interval(&header);
    for sweep in &figures.sweeps {
        for (value, measured) in sweep.measured() {
            let SweepMeasured { scores, untrained, question_only, learnt, .. } = measured;
            let of_rows = [Some(scores), untrained.as_ref(), question_only.as_ref(), learnt.as_ref()];
            for (figure, scores) in ["agent", "untrained", "question_only", "learnt"].into_iter().zip(of_rows) {
                let Some(scores) = scores else { continue };
                for (template, chance, found) in entries(measured, scores) {
                    // A difference has none.
                    let chance = chance.filter(|_| figure != "learnt");
                    let mut fields = vec![
                        sweep.name.clone(),
                        sweep.key.clone(),
                        value.label.clone(),
                        optional(value.number.map(number)),
                        measured.protocol.clone(),
                        figure.to_owned(),
                        template.to_owned(),
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

/// Template, chance and estimate of each figure.
fn entries<'a>(measured: &'a SweepMeasured, scores: &'a Scores) -> Vec<(&'a str, Option<f64>, &'a Estimate)> {
    let templates = measured.templates.iter().zip(&scores.templates);
    let templates = templates.map(|((name, chance), found)| (name.as_str(), Some(*chance), found.as_ref()));
    let mean = (MEAN, measured.chance, scores.mean.as_ref());
    let long_gaps = (LONG_GAPS, measured.long_gaps.chance, scores.long_gaps.as_ref());
    templates.chain([mean, long_gaps]).filter_map(|(name, chance, found)| Some((name, chance, found?))).collect()
}
