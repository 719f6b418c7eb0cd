//! The part of the page that says how much the answer depends on who reads: each decoder's accuracy, and what it could have
//! learnt by itself.

use maud::{Markup, html};

use crate::chart::{Palette, legend_swatch};
use crate::figures::Figures;
use crate::number_format::{percent, signed_percent};
use crate::outcome::Selectivity;
use crate::report::Report;
use crate::table::TableRow;

pub(super) fn render(report: &Report, figures: &Figures, palette: &Palette) -> Markup {
    let rows: Vec<&TableRow> = figures.table.rows.iter().filter(|row| !row.decoder.is_empty()).collect();
    let mut decoders: Vec<&str> = Vec::new();
    let mut variants: Vec<Vec<&TableRow>> = Vec::new();
    for &row in &rows {
        if !decoders.contains(&row.decoder.as_str()) {
            decoders.push(&row.decoder);
        }
        match variants.iter_mut().find(|rows| rows.iter().any(|other| is_same_agent(other, row))) {
            Some(rows) => rows.push(row),
            None => variants.push(vec![row]),
        }
    }
    let has_selectivity = rows.iter().any(|row| selectivity(report, row).is_some());
    // Rows that were read by one decoder only, and about which nothing else is known, stand in the headline already.
    variants.retain(|rows| rows.len() > 1 || rows.iter().any(|row| selectivity(report, row).is_some()));
    if variants.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Who reads" }
            p class="note" {
                "The same beliefs read by decoders of different strength: mean accuracy in %, with its 95 % interval. "
                @if has_selectivity {
                    "Selectivity is what lies above the control task, in which every wording has a random answer of its own that can \
                     be learnt from the words alone (Hewitt and Liang 2019): it compares decoders on the same beliefs. By heart: \
                     accuracy on training questions with random answers."
                }
            }
            div class="scroll" {
                table class="decoders" {
                    thead { tr { th {} @for decoder in &decoders { th { code { (decoder) } } } } }
                    tbody {
                        @for rows in &variants {
                            @if let Some(first) = rows.first() {
                                tr {
                                    th scope="row" { (legend_swatch(palette.class(&first.name), &first.variant, None)) }
                                    @for decoder in &decoders {
                                        (cell(report, rows.iter().find(|row| row.decoder == *decoder).copied()))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_same_agent(first: &TableRow, second: &TableRow) -> bool {
    first.kind == second.kind && first.variant == second.variant
}

fn cell(report: &Report, row: Option<&TableRow>) -> Markup {
    let Some((row, mean)) = row.and_then(|row| Some((row, row.scores.mean?))) else {
        return html! { td { "\u{2013}" } };
    };
    html! {
        td {
            (percent(mean.value))
            small { (percent(mean.interval.low)) "\u{2013}" (percent(mean.interval.high)) }
            @if let Some(Selectivity { control_accuracy, memorised_accuracy }) = selectivity(report, row) {
                small {
                    "control task " (percent(control_accuracy))
                    ", selectivity " (signed_percent(mean.value - control_accuracy))
                }
                small { "by heart " (percent(memorised_accuracy)) }
            }
        }
    }
}

/// The mean over the row's seeds of which it was measured.
fn selectivity(report: &Report, row: &TableRow) -> Option<Selectivity> {
    let agents = report.probed.agents.iter().filter(|agent| row.seeds.iter().any(|seed| seed.name == agent.name));
    let measured: Vec<Selectivity> = agents.filter_map(|agent| agent.selectivity).collect();
    let mean = |value: fn(&Selectivity) -> f64| measured.iter().map(value).sum::<f64>() / measured.len() as f64;
    (!measured.is_empty()).then(|| Selectivity {
        control_accuracy: mean(|selectivity| selectivity.control_accuracy),
        memorised_accuracy: mean(|selectivity| selectivity.memorised_accuracy),
    })
}
