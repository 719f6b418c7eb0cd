//! The part of the page that compares rows on the same questions.

use maud::{Markup, html};

use super::rows::main_rows;
use crate::figures::Figures;
use crate::number_format::{count, p_value, percent, signed_percent};
use crate::statistics::{Estimate, PairedTest, TestMethod};
use crate::table::Difference;

/// A difference with a corrected p-value below this is printed strongly.
const LEVEL: f64 = 0.05;

pub(super) fn render(figures: &Figures) -> Markup {
    let table = &figures.table;
    let rows = main_rows(table);
    let is_shown = |name: &str| rows.iter().any(|row| row.name == name);
    let lines: Vec<&Difference> =
        table.differences.iter().filter(|line| is_shown(&line.name) && is_shown(&line.baseline)).collect();
    if lines.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Differences on the same questions" }
            p class="note" {
                "Percentage points, with 95 % intervals for the mean and for long gaps. p is corrected for the number of comparisons \
                 (Holm), for the mean, the long gaps and the templates each. Strong: p below 0.05. Faint: cannot be told from no \
                 difference. Long gaps: of balanced accuracies. " (methods(&lines))
            }
            div class="scroll" {
                table class="differences" {
                    thead {
                        tr {
                            th {}
                            th class="overall" { "mean" } th class="overall" { "p" }
                            th class="overall" { "long gaps" } th class="overall" { "p" }
                            @for column in &table.columns { th { (super::headline::breakable(&column.name)) } }
                        }
                    }
                    tbody { @for line in &lines { (row(line)) } }
                }
            }
        }
    }
}

/// How the p-values were worked out, as far as they are in the table.
fn methods(lines: &[&Difference]) -> Markup {
    let has = |method| lines.iter().any(|line| line.tests.mean.is_some_and(|test| test.method == method));
    html! {
        @if has(TestMethod::Episodes) {
            "Between rows of one seed, p is of McNemar\u{2019}s test with whole episodes for the questions of a room; beneath that of \
             the mean stand the questions that only the first and only the second answered right. "
        }
        @if has(TestMethod::SeedsAndEpisodes) {
            "Between rows of several seeds, it is of Student\u{2019}s t over seeds and episodes."
        }
    }
}

fn row(line: &Difference) -> Markup {
    let tests = &line.tests;
    html! {
        tr {
            th scope="row" { (line.name) " \u{2212} " (line.baseline) }
            (overall(line.scores.mean.as_ref(), tests.mean.as_ref()))
            (overall(line.scores.long_gaps.as_ref(), tests.long_gaps.as_ref()))
            @for (estimate, test) in line.scores.templates.iter().zip(&tests.templates) {
                (template(estimate.as_ref(), test.as_ref()))
            }
        }
    }
}

fn overall(estimate: Option<&Estimate>, test: Option<&PairedTest>) -> Markup {
    let Some(estimate) = estimate else {
        return html! { td class="overall" { "\u{2013}" } td class="overall" {} };
    };
    let class = class_of(estimate, test);
    html! {
        td class={ "overall " (class) } {
            (signed_percent(estimate.value))
            small { (percent(estimate.interval.low)) " to " (percent(estimate.interval.high)) }
        }
        td class={ "overall p " (class) } {
            @if let Some(test) = test {
                (p_value(test.p_holm.unwrap_or(test.p_value)))
                @if let Some(mcnemar) = &test.mcnemar {
                    small title={ "McNemar, every question by itself: p " (p_value(mcnemar.p_value)) } {
                        (count(mcnemar.only_first)) " : " (count(mcnemar.only_second))
                    }
                }
            }
        }
    }
}

fn template(estimate: Option<&Estimate>, test: Option<&PairedTest>) -> Markup {
    html! {
        @if let Some(estimate) = estimate {
            @let p = test.and_then(|test| test.p_holm);
            td class=(class_of(estimate, test)) title={
                (percent(estimate.interval.low)) " to " (percent(estimate.interval.high))
                @if let Some(p) = p { ", p " (p_value(p)) }
            } { (signed_percent(estimate.value)) }
        } @else {
            td { "\u{2013}" }
        }
    }
}

/// By the test where there is one, otherwise by the interval.
fn class_of(estimate: &Estimate, test: Option<&PairedTest>) -> &'static str {
    let is_clear = match test.and_then(|test| test.p_holm) {
        Some(p) => p < LEVEL,
        None => !estimate.interval.contains(0.0),
    };
    match (is_clear, estimate.value > 0.0) {
        (false, _) => "unclear",
        (true, true) => "above",
        (true, false) => "below",
    }
}
