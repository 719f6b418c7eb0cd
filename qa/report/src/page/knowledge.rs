//! The part of the page that says what is known when: in the course of an episode, of what was seen long ago, of what was
//! small in the picture.

use maud::{Markup, html};

use super::rows::main_rows;
use crate::chart::{Curve as DrawnCurve, CurveChart, CurveForm, Palette, Tick};
use crate::curves::{Bin, BinnedCurves, Curve, Curves};
use crate::figures::Figures;
use crate::number_format::count;
use crate::outcome::ProbedKind;
use crate::statistics::Estimate;
use crate::timeline::Timeline;

/// Steps with a tick, about.
const NUM_TICKS: usize = 10;

pub(super) fn render(figures: &Figures, palette: &Palette) -> Markup {
    // What knows nothing of the room would only hide the others.
    let knows_nothing = |kind| matches!(kind, ProbedKind::Majority | ProbedKind::OtherEpisode);
    let rows = main_rows(&figures.table);
    let names = rows.iter().filter(|row| !knows_nothing(row.kind)).map(|row| row.name.as_str()).collect();
    let drawing = Drawing { palette, names };
    let timeline = &figures.timeline;
    if figures.age.bins.is_empty() && figures.pixels.bins.is_empty() && timeline.steps.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "What is known, and for how long" }
            p class="note" {
                "Accuracy in %; bands are 95 % intervals. A random memory loses what it saw within a few steps; what is still known \
                 long after it went out of view was kept. The majority answer and beliefs of other episodes are left out."
            }
            p class="note" {
                "All but the curves over the steps of an episode are of questions chosen by their evidence, and in balanced accuracy: \
                 in each template every right answer weighs the same, and the mean is over the templates that have enough \
                 questions there. Dashed: what a guess would get."
            }
            @if !timeline.steps.is_empty() { (drawing.over_time(timeline)) }
            (drawing.binned("After so many steps out of view", "steps since the evidence was last in view; below, questions", &figures.age))
            (drawing.binned("By size in the picture", "most pixels that ever showed the evidence; below, questions", &figures.pixels))
        }
    }
}

struct Drawing<'a> {
    palette: &'a Palette,
    /// Rows that are shown.
    names: Vec<&'a str>,
}

impl Drawing<'_> {
    fn over_time(&self, timeline: &Timeline) -> Markup {
        html! {
            (self.course("Over the steps of an episode, mean over templates", (960.0, 320.0), timeline, &timeline.mean, true))
            div class="pair" {
                (self.course("What had been in view by then", (560.0, 280.0), timeline, &timeline.seen, true))
                (self.course("What had not", (560.0, 280.0), timeline, &timeline.unseen, true))
            }
            @if timeline.templates.len() > 1 {
                details {
                    summary { "Over the steps of an episode, by template" }
                    (self.legend())
                    div class="small-multiples wide" {
                        @for template in &timeline.templates {
                            (self.course(&template.template, (380.0, 220.0), timeline, &template.curves, false))
                        }
                    }
                }
            }
        }
    }

    fn course(
        &self,
        title: &str,
        (width, height): (f64, f64),
        timeline: &Timeline,
        curves: &Curves,
        has_labels: bool,
    ) -> Markup {
        let every = timeline.steps.len().div_ceil(if width < 600.0 { NUM_TICKS / 2 } else { NUM_TICKS }).max(1);
        // The last step is always marked.
        let is_marked = |index: usize| (timeline.steps.len() - 1 - index).is_multiple_of(every);
        let steps = timeline.steps.iter().enumerate();
        let ticks = steps.filter(|(index, _)| is_marked(*index)).map(|(_, &step)| Tick {
            at: step.into(),
            label: count(step.into()),
            note: String::new(),
        });
        let places: Vec<f64> = timeline.steps.iter().map(|&step| step.into()).collect();
        let chart = CurveChart {
            title,
            width,
            height,
            x_title: "step at which it was asked",
            ticks: ticks.collect(),
            curves: self.drawn(curves, &places),
            chance: along(curves, &places),
            form: CurveForm::Course,
            has_labels,
        };
        chart.render()
    }

    fn binned(&self, title: &str, x_title: &str, curves: &BinnedCurves) -> Markup {
        html! {
            (self.bins(title, (960.0, 310.0), x_title, &curves.bins, &curves.mean, true))
            @if curves.templates.len() > 1 {
                details {
                    summary { (title) ", by template" }
                    (self.legend())
                    div class="small-multiples wide" {
                        @for template in &curves.templates {
                            (self.bins(&template.template, (380.0, 230.0), "", &curves.bins, &template.curves, false))
                        }
                    }
                }
            }
        }
    }

    fn bins(
        &self,
        title: &str,
        (width, height): (f64, f64),
        x_title: &str,
        bins: &[Bin],
        curves: &Curves,
        has_labels: bool,
    ) -> Markup {
        let ticks = bins.iter().enumerate().map(|(index, bin)| {
            let nums = curves.rows.iter().filter_map(|curve| curve.estimates.get(index)?.map(|e| e.num_questions));
            Tick { at: index as f64, label: bin.label.clone(), note: count(nums.max().unwrap_or(0)) }
        });
        let places: Vec<f64> = (0..bins.len()).map(|index| index as f64).collect();
        let chart = CurveChart {
            title,
            width,
            height,
            x_title,
            ticks: ticks.collect(),
            curves: self.drawn(curves, &places),
            chance: along(curves, &places),
            form: CurveForm::Course,
            has_labels,
        };
        chart.render()
    }

    fn drawn<'a>(&self, curves: &'a Curves, places: &[f64]) -> Vec<DrawnCurve<'a>> {
        let points = |curve: &Curve| -> Vec<(f64, Estimate)> {
            places.iter().zip(&curve.estimates).filter_map(|(&at, estimate)| Some((at, (*estimate)?))).collect()
        };
        let shown = curves.rows.iter().filter(|curve| self.names.contains(&curve.name.as_str()));
        let drawn = shown.map(|curve| DrawnCurve {
            label: &curve.name,
            look: self.palette.look(&curve.name),
            points: points(curve),
        });
        drawn.filter(|curve| !curve.points.is_empty()).collect()
    }

    fn legend(&self) -> Markup {
        html! {
            div class="legend" { @for name in &self.names { (self.palette.look(name).line_key(name, None)) } }
        }
    }
}

/// What a guess would get, where that can be said.
fn along(curves: &Curves, places: &[f64]) -> Vec<(f64, f64)> {
    places.iter().zip(&curves.chance).filter_map(|(&at, chance)| Some((at, (*chance)?))).collect()
}
