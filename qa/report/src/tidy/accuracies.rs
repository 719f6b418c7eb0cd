//! Accuracies and differences.

use super::sheet::{INTERVAL, Sheet, estimate, number, optional, word};
use crate::figures::Figures;
use crate::statistics::{Estimate, McNemar, PairedTest};
use crate::table::{AccuracyTable, Scores, Tests};

/// The name of what an estimate is of, beside the templates' names.
pub(super) const MEAN: &str = "mean";
pub(super) const LONG_GAPS: &str = "long gaps";

pub(super) fn accuracies(figures: &Figures) -> Sheet {
    let header = ["questions", "row", "kind", "variant", "decoder", "seed", "frames_trained", "template", "chance"];
    let mut sheet = Sheet::with_interval(&[&header[..], &["accuracy"]].concat());
    for (questions, table) in [("all", &figures.table), ("seen", &figures.seen_only)] {
        for row in &table.rows {
            let over_seeds = (row.seeds.len() > 1).then_some((None, row.frames_trained, &row.scores));
            let seeds = row.seeds.iter().map(|seed| (Some(seed.seed), seed.frames_trained, &seed.scores));
            for (seed, frames, scores) in over_seeds.into_iter().chain(seeds) {
                for (template, chance, found) in entries(table, scores) {
                    let mut fields = vec![
                        questions.into(),
                        row.name.clone(),
                        word(&row.kind),
                        row.variant.clone(),
                        row.decoder.clone(),
                        optional(seed),
                        frames.to_string(),
                        template,
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

pub(super) fn differences(figures: &Figures) -> Sheet {
    let tests = ["p_value", "p_holm", "method", "only_first", "only_second", "mcnemar_p_value", "mcnemar_method"];
    let header = ["questions", "row", "baseline", "agent", "baseline_agent", "template"];
    let header = [&header[..], &["difference"], &INTERVAL, &tests].concat();
    let mut sheet = Sheet::new(&header);
    for (questions, table) in [("all", &figures.table), ("seen", &figures.seen_only)] {
        for line in &table.differences {
            let over_seeds = (String::new(), String::new(), &line.scores, &line.tests);
            let pairs =
                line.seeds.iter().map(|pair| (pair.name.clone(), pair.baseline.clone(), &pair.scores, &pair.tests));
            for (agent, baseline_agent, scores, tests) in [over_seeds].into_iter().chain(pairs) {
                let tests = all_tests(tests);
                for ((template, _, found), test) in all_entries(table, scores).into_iter().zip(tests) {
                    let (Some(found), Some(test)) = (found, test) else { continue };
                    let names = [questions, &line.name, &line.baseline, &agent, &baseline_agent, &template];
                    let mut fields: Vec<String> = names.map(str::to_owned).to_vec();
                    fields.extend(estimate(found));
                    fields.extend(test_fields(test));
                    sheet.push(fields);
                }
            }
        }
    }
    sheet
}

/// Template, chance and estimate of each column that has a figure.
fn entries<'a>(table: &'a AccuracyTable, scores: &'a Scores) -> Vec<(String, Option<f64>, &'a Estimate)> {
    let all = all_entries(table, scores).into_iter();
    all.filter_map(|(template, chance, found)| Some((template, chance, found?))).collect()
}

fn all_entries<'a>(table: &'a AccuracyTable, scores: &'a Scores) -> Vec<(String, Option<f64>, Option<&'a Estimate>)> {
    let columns = table.columns.iter().zip(&scores.templates);
    let templates = columns.map(|(column, found)| (column.name.clone(), Some(column.chance), found.as_ref()));
    let mean = (MEAN.to_owned(), table.mean_chance(), scores.mean.as_ref());
    let long_gaps = (LONG_GAPS.to_owned(), table.long_gaps.chance, scores.long_gaps.as_ref());
    templates.chain([mean, long_gaps]).collect()
}

fn all_tests(tests: &Tests) -> impl Iterator<Item = Option<&PairedTest>> {
    tests.templates.iter().chain([&tests.mean, &tests.long_gaps]).map(Option::as_ref)
}

fn test_fields(test: &PairedTest) -> Vec<String> {
    let of_mcnemar = |field: fn(&McNemar) -> String| optional(test.mcnemar.as_ref().map(field));
    vec![
        number(test.p_value),
        optional(test.p_holm.map(number)),
        word(&test.method),
        of_mcnemar(|mcnemar| mcnemar.only_first.to_string()),
        of_mcnemar(|mcnemar| mcnemar.only_second.to_string()),
        of_mcnemar(|mcnemar| number(mcnemar.p_value)),
        of_mcnemar(|mcnemar| word(&mcnemar.method)),
    ]
}
