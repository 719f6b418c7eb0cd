//! The part of the page that says what is known: tables, bars, and accuracy against age.

use maud::{Markup, html};

use crate::chart::{Category, Form, IntervalChart, IntervalSeries, Palette, legend_swatch};
use crate::curves::{BinnedCurves, Curve};
use crate::figures::Figures;
use crate::number_format::{count, percent, percent_interval, short_count, signed_percent};
use crate::outcome::ProbedKind;
use crate::statistics::Estimate;
use crate::table::AccuracyTable;

pub(super) fn render(figures: &Figures, palette: &Palette) -> Markup {
    let table = &figures.table;
    html! {
        section {
            h2 { "Accuracy" }
            p class="note" { (table.headline().trim_end_matches('.')) "." }
            @if !table.rows.is_empty() {
                (accuracy_table(table, palette))
                @if !table.differences.is_empty() { (difference_table(table)) }
                (bars(table, palette))
                @if figures.seen_only.num_episodes > 0 {
                    details {
                        summary { "Only questions whose evidence had been in view before they were asked" }
                        (accuracy_table(&figures.seen_only, palette))
                    }
                }
            }
        }
        @if !figures.age.bins.is_empty() { (age(&figures.age, palette)) }
    }
}

fn accuracy_table(table: &AccuracyTable, palette: &Palette) -> Markup {
    html! {
        div class="scroll" {
            table class="accuracy" {
                thead {
                    tr {
                        th {}
                        th { "frames" }
                        @for column in &table.columns {
                            th title=(column.wording) {
                                (column.name)
                                small { (questions(column.min_questions, column.max_questions)) }
                                small { "chance " (percent(column.chance)) }
                            }
                        }
                        th { "mean" @if let Some(chance) = table.mean_chance() { small { "chance " (percent(chance)) } } }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr class={ (palette.class(&row.name)) @if row.kind == ProbedKind::Trained { " trained" } } {
                            th scope="row" {
                                (legend_swatch(palette.class(&row.name), &row.name, None))
                                small { (kind_name(row.kind)) }
                            }
                            td class="frames" { @if row.frames_trained > 0 { (short_count(row.frames_trained)) } }
                            @for estimate in &row.scores.templates { (cell(estimate.as_ref())) }
                            (cell(row.scores.mean.as_ref()))
                        }
                    }
                }
            }
        }
    }
}

fn cell(estimate: Option<&Estimate>) -> Markup {
    html! {
        @if let Some(estimate) = estimate {
            td class="figure" style={ "--share:" (format!("{:.1}%", 100.0 * estimate.value)) }
                title={ (count(estimate.num_questions)) " questions" } {
                (percent(estimate.value)) small { (percent_interval(&estimate.interval)) }
            }
        } @else {
            td { "\u{2013}" }
        }
    }
}

fn questions(min: u64, max: u64) -> String {
    if min == max { format!("{} questions", count(max)) } else { format!("{} to {} questions", count(min), count(max)) }
}

fn kind_name(kind: ProbedKind) -> &'static str {
    match kind {
        ProbedKind::Majority => "control: most common answer",
        ProbedKind::QuestionOnly => "control: sees no room",
        ProbedKind::Untrained => "control: random memory",
        ProbedKind::OtherEpisode => "control: another room's memory",
        ProbedKind::LastFrame => "control: sees the last frame only",
        ProbedKind::Overshoot0 => "control: trained to reconstruct, not to predict",
        ProbedKind::Oracle => "upper line: taught by the questions",
        ProbedKind::Facts => "control: is told the facts",
        ProbedKind::Trained => "trained agent",
    }
}

fn difference_table(table: &AccuracyTable) -> Markup {
    let difference_cell = |estimate: Option<&Estimate>| match estimate {
        Some(estimate) => {
            let class = match (estimate.interval.low > 0.0, estimate.interval.high < 0.0) {
                (true, _) => "above",
                (_, true) => "below",
                _ => "unclear",
            };
            html! {
                td class=(class) { (signed_percent(estimate.value)) small { (percent_interval(&estimate.interval)) } }
            }
        }
        None => html! { td { "\u{2013}" } },
    };
    html! {
        h3 { "Differences on the same questions" }
        p class="note" {
            "Percentage points with 95 % intervals, compared answer by answer. Faint: the interval holds 0, so the \
             difference cannot be told from none."
        }
        div class="scroll" {
            table class="differences" {
                thead { tr { th {} @for column in &table.columns { th { (column.name) } } th { "mean" } } }
                tbody {
                    @for line in &table.differences {
                        tr {
                            th scope="row" { (line.title()) }
                            @for estimate in line.scores.templates.iter().chain([&line.scores.mean]) {
                                (difference_cell(estimate.as_ref()))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn bars(table: &AccuracyTable, palette: &Palette) -> Markup {
    let asked: Vec<usize> = (0..table.columns.len()).filter(|&index| table.columns[index].max_questions > 0).collect();
    if asked.is_empty() {
        return html! {};
    }
    let mut categories: Vec<Category> = Vec::new();
    for &index in &asked {
        let column = &table.columns[index];
        let note = questions(column.min_questions, column.max_questions);
        categories.push(Category { label: column.name.clone(), note, chance: Some(column.chance) });
    }
    categories.push(Category { label: "mean".into(), note: String::new(), chance: table.mean_chance() });
    let series = table.rows.iter().map(|row| IntervalSeries {
        label: &row.name,
        class: palette.class(&row.name),
        estimates: asked.iter().map(|&index| row.scores.templates[index]).chain([row.scores.mean]).collect(),
    });
    let chart = IntervalChart {
        title: "By template",
        form: Form::Bars,
        width: 1040.0,
        height: 360.0,
        x_title: "",
        categories,
        series: series.collect(),
    };
    chart.render()
}

fn age(age: &BinnedCurves, palette: &Palette) -> Markup {
    html! {
        section {
            h2 { "What is remembered, and for how long" }
            p class="note" {
                "Accuracy against the steps since a question's evidence was last in view. A random memory loses what it saw \
                 within a few steps; what is still known far to the right was kept."
            }
            (age_chart("All templates", (1040.0, 340.0), age, &age.pooled, palette))
            @if age.templates.len() > 1 {
                div class="pair" {
                    @for template in &age.templates {
                        (age_chart(&template.template, (520.0, 280.0), age, &template.curves, palette))
                    }
                }
            }
        }
    }
}

fn age_chart(
    title: &str,
    (width, height): (f64, f64),
    age: &BinnedCurves,
    curves: &[Curve],
    palette: &Palette,
) -> Markup {
    let categories = age.bins.iter().enumerate().map(|(index, bin)| {
        let nums = curves.iter().filter_map(|curve| curve.estimates.get(index)?.map(|e| e.num_questions));
        let most = nums.max().unwrap_or(0);
        Category { label: bin.label.clone(), note: count(most), chance: None }
    });
    let series = curves.iter().filter(|curve| curve.estimates.iter().any(Option::is_some));
    let chart = IntervalChart {
        title,
        form: Form::Points,
        width,
        height,
        x_title: "steps since last in view, and number of questions",
        categories: categories.collect(),
        series: series
            .map(|curve| IntervalSeries {
                label: &curve.name,
                class: palette.class(&curve.name),
                estimates: curve.estimates.clone(),
            })
            .collect(),
    };
    chart.render()
}
