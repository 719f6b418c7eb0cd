//! The part of the page that shows training: one chart a logged number, one line a run.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::rows::main_rows;
use crate::chart::{LineChart, LineSeries, Palette, XUnit};
use crate::figures::{Figures, ValidationCurve};
use crate::report::Report;

pub(super) fn render(report: &Report, figures: &Figures, palette: &Palette) -> Markup {
    let groups = groups(report);
    let unlogged: Vec<&str> =
        report.runs.iter().filter(|r| r.metrics.records.is_empty()).map(|r| r.name.as_str()).collect();
    if groups.is_empty() && figures.validation.is_empty() && unlogged.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Learning curves" }
            @if !(groups.is_empty() && figures.validation.is_empty()) {
                p class="note" {
                    "Faint: what was logged. Strong: its moving mean. Beside each name stands the mean's last value."
                }
            }
            @if !unlogged.is_empty() {
                p class="note" { "No line of metrics was logged by: " (unlogged.join(", ")) "." }
            }
            @for (group, metrics) in &groups {
                // Only what most readers look for is open at first.
                @if matches!(group.as_str(), "loss" | "probe") {
                    h3 { (group_name(group)) }
                    (charts(report, metrics, palette))
                } @else {
                    details {
                        summary { (group_name(group)) " (" (metrics.len()) ")" }
                        (charts(report, metrics, palette))
                    }
                }
            }
            (validation(figures, palette))
        }
    }
}

/// Names of all metrics by their part before the first `/`, losses first.
fn groups(report: &Report) -> Vec<(String, Vec<String>)> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in report.runs.iter().flat_map(|run| run.metrics.names()) {
        let group = name.split_once('/').map_or("other", |(group, _)| group);
        let names = groups.entry(group.to_owned()).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    for (_, names) in &mut groups {
        names.sort();
    }
    let rank = |group: &str| match group {
        "loss" => 0,
        "probe" => 1,
        "other" => 3,
        _ => 2,
    };
    groups.sort_by_key(|(group, _)| rank(group));
    groups
}

fn group_name(group: &str) -> &str {
    match group {
        "loss" => "Losses",
        "probe" => "Online probe",
        "gradient_norm" => "Gradient norms",
        "predictive" => "Predictive loss",
        "episode" => "Episodes",
        "seconds" => "Where time goes",
        "other" => "Other numbers",
        _ => group,
    }
}

fn charts(report: &Report, metrics: &[String], palette: &Palette) -> Markup {
    html! {
        div class="pair" {
            @for metric in metrics {
                (LineChart {
                    title: metric,
                    x_unit: XUnit::Frames,
                    is_percent: metric.contains("accuracy"),
                    series: report.runs.iter().map(|run| LineSeries {
                        label: &run.name,
                        look: palette.look(&run.name),
                        points: run.metrics.series(metric),
                    }).collect(),
                }.render())
            }
        }
    }
}

fn validation(figures: &Figures, palette: &Palette) -> Markup {
    let rows = main_rows(&figures.table);
    let is_shown = |name: &str| rows.iter().any(|row| row.seeds.iter().any(|seed| seed.name == name));
    let shown: Vec<&ValidationCurve> = figures.validation.iter().filter(|curve| is_shown(&curve.name)).collect();
    if shown.is_empty() {
        return html! {};
    }
    html! {
        h3 { "The probes while they were trained" }
        div class="pair" {
            (LineChart {
                title: "validation accuracy, mean over templates",
                x_unit: XUnit::ProbeUpdates,
                is_percent: true,
                series: shown.iter().map(|curve| LineSeries {
                    label: &curve.name,
                    look: palette.look(&curve.name),
                    points: curve.points.iter().map(|point| (point.updates as f64, point.accuracy)).collect(),
                }).collect(),
            }.render())
        }
    }
}
