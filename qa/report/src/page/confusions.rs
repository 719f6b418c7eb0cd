//! The part of the page that says what is taken for what: colours, shapes.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::rows::main_rows;
use crate::chart::{HeatMap, HeatMapLabel, Palette};
use crate::confusion::{Confusion, ConfusionMatrix};
use crate::figures::Figures;
use crate::number_format::percent;
use crate::outcome::ProbedKind;
use crate::report::{Report, Swatch};

/// Answers of fewer words than this, such as counts, are not worth a matrix.
const FEWEST_ANSWERS: usize = 5;
/// More words than this are folded to those that are mistaken most.
const MOST_SHOWN: usize = 60;
/// Mistakes that are told in words.
const NUM_TOLD: usize = 8;

pub(super) fn render(report: &Report, figures: &Figures, palette: &Palette) -> Markup {
    let shown: Vec<&Confusion> =
        figures.confusion.iter().filter(|confusion| confusion.answers.len() >= FEWEST_ANSWERS).collect();
    let rows = main_rows(&figures.table);
    // The agents that know most come first; the first is open.
    let mut agents: Vec<_> = rows.iter().filter(|row| row.scores.mean.is_some()).collect();
    let value = |row: &&&crate::table::TableRow| row.scores.mean.map_or(0.0, |mean| mean.value);
    agents.sort_by(|a, b| {
        (a.kind != ProbedKind::Trained, value(b))
            .partial_cmp(&(b.kind != ProbedKind::Trained, value(a)))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    let names: Vec<&str> = agents
        .iter()
        .filter(|row| {
            matches!(
                row.kind,
                ProbedKind::Trained | ProbedKind::Overshoot0 | ProbedKind::Oracle | ProbedKind::Untrained
            )
        })
        .map(|row| row.name.as_str())
        .collect();
    let Some((first, others)) = names.split_first() else { return html! {} };
    let of = |name: &str| -> Vec<Markup> {
        let find = |confusion: &&Confusion| {
            let matrix = confusion.matrices.iter().find(|matrix| matrix.name == name)?;
            Some(drawn(confusion, matrix, &report.swatches, palette))
        };
        shown.iter().filter_map(find).collect()
    };
    let drawn_first = of(first);
    html! {
        @if !drawn_first.is_empty() {
            section {
                h2 { "What is taken for what" }
                p class="note" {
                    "Each line is a right answer, and its cells say how often which answer was given, in % of the line. The darker, the \
                     more often; right answers lie on the diagonal."
                }
                h3 { (first) }
                div class="matrices" { @for matrix in drawn_first { (matrix) } }
                @for name in others {
                    @let drawn = of(name);
                    @if !drawn.is_empty() {
                        details {
                            summary { "The same for " strong { (name) } }
                            div class="matrices" { @for matrix in drawn { (matrix) } }
                        }
                    }
                }
            }
        }
    }
}

fn drawn(confusion: &Confusion, matrix: &ConfusionMatrix, swatches: &[Swatch], palette: &Palette) -> Markup {
    let places = places(matrix);
    let label = |text: &'static str| HeatMapLabel { text, swatch: None };
    let named = |&place: &usize| {
        let text = confusion.answers.get(place).map_or("", String::as_str);
        HeatMapLabel { text, swatch: swatches.iter().find(|swatch| swatch.word == text).map(|swatch| swatch.rgb) }
    };
    let rows: Vec<HeatMapLabel<'_>> = places.iter().map(named).collect();
    let mut columns = rows.clone();
    let mut shares: Vec<Vec<Option<f64>>> = Vec::new();
    let mut has_others = false;
    for &row in &places {
        let counts = &matrix.counts[row];
        let total: u64 = counts.iter().sum();
        let share = |num: u64| (total > 0).then(|| num as f64 / total as f64);
        let mut line: Vec<Option<f64>> = places.iter().map(|&column| share(counts[column])).collect();
        let shown: u64 = places.iter().map(|&column| counts[column]).sum();
        has_others |= shown < total;
        line.push(share(total - shown));
        shares.push(line);
    }
    if has_others {
        columns.push(label("other"));
    } else {
        shares.iter_mut().for_each(|line| {
            line.pop();
        });
    }
    let title = confusion.templates.join(", ");
    let map = HeatMap {
        title: &title,
        row_title: "right",
        column_title: "answered",
        rows,
        columns,
        shares,
        class: palette.class(&matrix.name),
    };
    let told = most_frequent(confusion, matrix);
    html! {
        div class="matrix" {
            (map.render())
            @if !told.is_empty() {
                p class="note told" { "Most often: " (told.join("; ")) "." }
            }
        }
    }
}

/// The answers that have a line: all, or those that are mistaken most, in their own order.
fn places(matrix: &ConfusionMatrix) -> Vec<usize> {
    let num = matrix.counts.len();
    let mut places: Vec<usize> = (0..num).collect();
    if num > MOST_SHOWN {
        let mistakes = |&place: &usize| {
            let counts = &matrix.counts[place];
            counts.iter().sum::<u64>() - counts[place]
        };
        places.sort_by_key(|place| Reverse(mistakes(place)));
        places.truncate(MOST_SHOWN);
        places.sort_unstable();
    }
    places
}

/// `clock → telephone 12.0 %`, those mistaken for one another most often first.
fn most_frequent(confusion: &Confusion, matrix: &ConfusionMatrix) -> Vec<String> {
    let mut mistakes: Vec<(u64, usize, usize)> = Vec::new();
    for (row, counts) in matrix.counts.iter().enumerate() {
        let wrong = counts.iter().enumerate().filter(|&(column, &num)| column != row && num > 1);
        mistakes.extend(wrong.map(|(column, &num)| (num, row, column)));
    }
    mistakes.sort_by_key(|&(num, row, column)| (Reverse(num), row, column));
    let name = |place: usize| confusion.answers.get(place).map_or("another kind of answer", String::as_str);
    let tell = |&(num, row, column): &(u64, usize, usize)| {
        let total: u64 = matrix.counts[row].iter().sum();
        format!("{} \u{2192} {} {} %", name(row), name(column), percent(num as f64 / total as f64))
    };
    mistakes.iter().take(NUM_TOLD).map(tell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(counts: Vec<Vec<u64>>) -> ConfusionMatrix {
        ConfusionMatrix { name: "simcore".into(), kind: ProbedKind::Trained, counts }
    }

    #[test]
    fn the_most_frequent_mistakes_are_told_first() {
        let confusion =
            Confusion { templates: vec!["color".into()], answers: vec!["red".into(), "blue".into()], matrices: vec![] };
        let told = most_frequent(&confusion, &matrix(vec![vec![6, 4, 0], vec![5, 5, 10]]));
        assert_eq!(
            told,
            ["blue \u{2192} another kind of answer 50.0 %", "blue \u{2192} red 25.0 %", "red \u{2192} blue 40.0 %"]
        );
    }

    #[test]
    fn many_words_are_folded_to_those_that_are_mistaken() {
        let num = MOST_SHOWN + 7;
        let mut counts = vec![vec![0; num + 1]; num];
        for (place, line) in counts.iter_mut().enumerate() {
            line[place] = 5;
            line[0] += u64::from(place >= 7);
        }
        assert_eq!(places(&matrix(counts)), (7..num).collect::<Vec<_>>());
    }
}
