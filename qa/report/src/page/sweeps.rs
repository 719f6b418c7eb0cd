//! The part of the page that shows settings tried at several values: a table and two charts each.

use maud::{Markup, html};

use crate::chart::{Curve, CurveChart, CurveForm, Look, Palette, Tick};
use crate::figures::Figures;
use crate::number_format::{count, percent, signed_percent};
use crate::outcome::ProbedKind;
use crate::statistics::Estimate;
use crate::table::{Scores, Sweep, SweepMeasured, SweepValue};

/// Positive numbers that span more than this stand on a logarithmic axis.
const LOG_RATIO: f64 = 20.0;

pub(super) fn render(figures: &Figures) -> Markup {
    html! {
        @if !figures.sweeps.is_empty() {
            section {
                h2 { "Sweeps" }
                p class="note" {
                    "One setting at several values, all else being the same. Accuracy in % with its 95 % interval, over all questions and \
                     at long gaps (balanced accuracy). Learnt: above the same agent before any training, on the same questions."
                }
                @for sweep in &figures.sweeps { (of_one(sweep)) }
            }
        }
    }
}

fn of_one(sweep: &Sweep) -> Markup {
    html! {
        h3 { (sweep.name) small { " " code { (sweep.key) } } }
        @if sweep.has_protocols() {
            p class="warning" {
                "These values were asked different questions: read each against its own controls, not against the other values."
            }
        }
        (table(sweep))
        div class="pair" {
            (chart(sweep, "Mean over templates", |scores| scores.mean.as_ref(), |measured| measured.chance))
            (chart(sweep, "At long gaps", |scores| scores.long_gaps.as_ref(), |measured| measured.long_gaps.chance))
        }
    }
}

fn table(sweep: &Sweep) -> Markup {
    html! {
        div class="scroll" {
            table class="differences" {
                thead {
                    tr {
                        th {}
                        @for overall in ["mean", "long gaps"] {
                            th class="overall" { (overall) } th { "untrained" } th { "question-only" } th { "learnt" }
                        }
                        th { "seeds" }
                    }
                }
                tbody { @for value in &sweep.values { (line(value)) } }
            }
        }
    }
}

fn line(value: &SweepValue) -> Markup {
    let Some(measured) = &value.measured else {
        return html! { tr { th scope="row" { (value.label) } td colspan="9" { "not measured yet" } } };
    };
    let columns: [fn(&Scores) -> Option<&Estimate>; 2] =
        [|scores| scores.mean.as_ref(), |scores| scores.long_gaps.as_ref()];
    html! {
        tr {
            th scope="row" { (value.label) }
            @for (column, chance) in columns.into_iter().zip([measured.chance, measured.long_gaps.chance]) {
                @let of = |scores: Option<&Scores>, class, print| cell(scores.and_then(column), class, print);
                (of(Some(&measured.scores), "overall above", percent))
                (of(measured.untrained.as_ref(), "", percent))
                td {
                    (figure(measured.question_only.as_ref().and_then(column), percent))
                    @if let Some(chance) = chance { small { "chance " (percent(chance)) } }
                }
                (of(measured.learnt.as_ref(), "", signed_percent))
            }
            td {
                (measured.agents.len())
                @if let Some(mean) = &measured.scores.mean { small { "n " (count(mean.num_questions)) } }
            }
        }
    }
}

fn cell(estimate: Option<&Estimate>, class: &str, print: fn(f64) -> String) -> Markup {
    html! { td class=(class) { (figure(estimate, print)) } }
}

fn figure(estimate: Option<&Estimate>, print: fn(f64) -> String) -> Markup {
    html! {
        @if let Some(estimate) = estimate {
            (print(estimate.value))
            small { (percent(estimate.interval.low)) " to " (percent(estimate.interval.high)) }
        } @else { "\u{2013}" }
    }
}

fn chart(
    sweep: &Sweep,
    title: &str,
    column: fn(&Scores) -> Option<&Estimate>,
    chance: fn(&SweepMeasured) -> Option<f64>,
) -> Markup {
    let axis = Axis::of(sweep);
    let places = || sweep.values.iter().enumerate().map(|(index, value)| (axis.place(index, value), value));
    let measured = || places().filter_map(|(at, value)| Some((at, value.measured.as_ref()?)));
    let curve = |label, look: Look, scores: fn(&SweepMeasured) -> Option<&Scores>| {
        let mut points: Vec<(f64, Estimate)> =
            measured().filter_map(|(at, measured)| Some((at, *column(scores(measured)?)?))).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Curve { label, look, points }
    };
    let curves = vec![
        curve("question-only", Palette::of_kind(ProbedKind::QuestionOnly), |measured| measured.question_only.as_ref()),
        curve("untrained", Palette::of_kind(ProbedKind::Untrained), |measured| measured.untrained.as_ref()),
        curve("trained", Palette::of_kind(ProbedKind::Trained), |measured| Some(&measured.scores)),
    ];
    let mut chances: Vec<(f64, f64)> = measured().filter_map(|(at, measured)| Some((at, chance(measured)?))).collect();
    chances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let x_title = format!("{}{}", sweep.key, if axis == Axis::Logarithmic { ", logarithmic" } else { "" });
    let chart = CurveChart {
        title,
        width: 560.0,
        height: 290.0,
        x_title: &x_title,
        ticks: places().map(|(at, value)| Tick { at, label: value.label.clone(), note: String::new() }).collect(),
        curves: curves.into_iter().filter(|curve| !curve.points.is_empty()).collect(),
        chance: chances,
        form: if axis == Axis::Categories { CurveForm::Categories } else { CurveForm::Values },
        has_labels: true,
    };
    chart.render()
}

/// Where values stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Linear,
    Logarithmic,
    /// In the order of the file: some value is no number.
    Categories,
}

impl Axis {
    fn of(sweep: &Sweep) -> Self {
        let numbers: Option<Vec<f64>> = sweep.values.iter().map(|value| value.number).collect();
        let Some(numbers) = numbers else { return Self::Categories };
        let smallest = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if smallest > 0.0 && largest / smallest > LOG_RATIO { Self::Logarithmic } else { Self::Linear }
    }

    fn place(self, index: usize, value: &SweepValue) -> f64 {
        let number = value.number.unwrap_or_default();
        match self {
            Self::Linear => number,
            Self::Logarithmic => number.log10(),
            Self::Categories => index as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(numbers: &[Option<f64>]) -> (Axis, Vec<f64>) {
        let value = |&number: &Option<f64>| SweepValue { label: String::new(), number, measured: None };
        let sweep = Sweep { name: String::new(), key: String::new(), values: numbers.iter().map(value).collect() };
        let axis = Axis::of(&sweep);
        (axis, sweep.values.iter().enumerate().map(|(index, value)| axis.place(index, value)).collect())
    }

    #[test]
    fn numbers_have_an_axis_of_numbers() {
        assert_eq!(axis(&[Some(0.0), Some(1.0), Some(400.0)]), (Axis::Linear, vec![0.0, 1.0, 400.0]));
        assert_eq!(axis(&[Some(100.0), Some(1.0)]), (Axis::Logarithmic, vec![2.0, 0.0]));
        assert_eq!(axis(&[Some(7.0), None, Some(3.0)]), (Axis::Categories, vec![0.0, 1.0, 2.0]));
    }
}
