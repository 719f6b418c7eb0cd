//! Accuracy against something ordered, with a band for each curve's interval and its name at its end.

use std::fmt::Write;

use maud::{Markup, html};

use super::palette::Look;
use super::pixel;
use super::scale::Scale;
use crate::number_format::{accuracy, count, percent};
use crate::statistics::Estimate;

const LEFT: f64 = 40.0;
const TOP: f64 = 10.0;
/// Room for names at the ends of curves.
const LABELS: f64 = 150.0;
/// Pixels between two names.
const LABEL_STEP: f64 = 13.0;

/// One chart.
pub(crate) struct CurveChart<'a> {
    pub(crate) title: &'a str,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) x_title: &'a str,
    /// Marked places of the horizontal axis; they and the curves' places share one scale.
    pub(crate) ticks: Vec<Tick>,
    pub(crate) curves: Vec<Curve<'a>>,
    /// Accuracy of guessing at some places, in order.
    pub(crate) chance: Vec<(f64, f64)>,
    pub(crate) form: CurveForm,
    /// Names stand at the ends of the curves; without, a legend of several charts tells them.
    pub(crate) has_labels: bool,
}

/// How points and their intervals are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CurveForm {
    /// A line in a band.
    Course,
    /// Bars, joined by a line.
    Values,
    /// Bars by themselves: there is nothing between two places.
    Categories,
}

/// A marked place.
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
    /// A second line in fainter type.
    pub(crate) note: String,
}

/// One curve.
pub(crate) struct Curve<'a> {
    pub(crate) label: &'a str,
    pub(crate) look: Look,
    /// In order.
    pub(crate) points: Vec<(f64, Estimate)>,
}

impl CurveChart<'_> {
    /// The chart; nothing where there is nothing to draw.
    pub(crate) fn render(&self) -> Markup {
        let places = || {
            let points = self.curves.iter().flat_map(|curve| curve.points.iter().map(|point| point.0));
            points.chain(self.ticks.iter().map(|tick| tick.at))
        };
        if self.curves.iter().all(|curve| curve.points.is_empty()) {
            return html! {};
        }
        let right = self.width - if self.has_labels { LABELS } else { 10.0 };
        let bottom = self.height - if self.ticks.iter().any(|tick| !tick.note.is_empty()) { 52.0 } else { 38.0 };
        let slant = self.slant(right);
        let height = self.height + slant.unwrap_or(0.0);
        let (low, high) = (places().fold(f64::INFINITY, f64::min), places().fold(f64::NEG_INFINITY, f64::max));
        let x = Scale::linear(low, high, LEFT + 10.0, right - 8.0);
        let y = Scale::linear(0.0, self.top(), bottom, TOP);
        html! {
            figure class="chart" {
                figcaption { strong { (self.title) } }
                svg viewBox={ "0 0 " (self.width) " " (pixel(height)) } overflow=[slant.map(|_| "visible")] role="img"
                    aria-label=(self.title) {
                    @for (value, _) in y.ticks(5) {
                        @let at = pixel(y.place(value));
                        line class="grid" x1=(LEFT) x2=(right) y1=(at) y2=(at) {}
                        text class="tick" x=(LEFT - 6.0) y=(at) dy="0.34em" text-anchor="end" {
                            (format!("{:.0}", 100.0 * value))
                        }
                    }
                    @for tick in &self.ticks {
                        @let at = pixel(x.place(tick.at));
                        line class="axis" x1=(at) x2=(at) y1=(bottom) y2=(bottom + 3.0) {}
                        @if slant.is_some() {
                            text class="tick strong" text-anchor="end"
                                transform={ "translate(" (at) " " (bottom + 13.0) ") rotate(-35)" } { (tick.label) }
                        } @else {
                            text class="tick strong" x=(at) y=(bottom + 15.0) text-anchor="middle" { (tick.label) }
                        }
                        @if !tick.note.is_empty() {
                            text class="tick" x=(at) y=(bottom + 28.0) text-anchor="middle" { (tick.note) }
                        }
                    }
                    line class="axis" x1=(LEFT) x2=(right) y1=(bottom) y2=(bottom) {}
                    text class="axis-title" x=(pixel((LEFT + right) / 2.0)) y=(pixel(height - 5.0)) text-anchor="middle" {
                        (self.x_title)
                    }
                    @if let (Some(first), Some(last)) = (self.chance.first(), self.chance.last()) {
                        path class="chance" d=(chance_path(&self.chance, [low, high], [LEFT, right], &x, &y)) {
                            title {
                                "chance " (percent(first.1)) " %"
                                @if first.1 != last.1 { " to " (percent(last.1)) " %" }
                            }
                        }
                    }
                    @for curve in self.curves.iter().filter(|curve| self.has_band(curve)) {
                        path class={ "band " (curve.look.class) } d=(band(&curve.points, &x, &y)) {}
                    }
                    @for curve in &self.curves { (self.drawn(curve, &x, &y)) }
                    @if self.has_labels { (labels(&self.curves, right, bottom, &y)) }
                }
            }
        }
    }

    /// What labels that would run into each other take in height once they are slanted; `None` where all have room.
    fn slant(&self, right: f64) -> Option<f64> {
        const CHARACTER: f64 = 6.0;
        let longest = self.ticks.iter().map(|tick| tick.label.chars().count()).max()? as f64 * CHARACTER;
        let room = (right - LEFT) / self.ticks.len() as f64;
        (longest > room).then(|| longest * 35f64.to_radians().sin())
    }

    /// The end of the vertical axis: 100 %, or a round number less where every interval ends far below.
    fn top(&self) -> f64 {
        let ends = self.curves.iter().flat_map(|curve| &curve.points).map(|point| point.1.interval.high);
        let highest = ends.chain(self.chance.iter().map(|point| point.1)).fold(0.0, f64::max);
        (((highest * 1.02) * 10.0).ceil() / 10.0).clamp(0.2, 1.0)
    }

    fn has_band(&self, curve: &Curve<'_>) -> bool {
        self.form == CurveForm::Course && curve.points.len() > 1
    }

    fn drawn(&self, curve: &Curve<'_>, x: &Scale, y: &Scale) -> Markup {
        let radius = if curve.points.len() > 20 { 1.6 } else { 3.0 };
        html! {
            g class={ (curve.look.class) @if curve.look.is_control { " control" } } {
                @if self.form != CurveForm::Categories {
                    path class="line" stroke-dasharray=(curve.look.dash) d=(line(&curve.points, x, y)) {}
                }
                @for (at, estimate) in &curve.points {
                    g {
                        title {
                            (curve.label) ": " (accuracy(estimate)) " %, " (count(estimate.num_questions)) " questions"
                        }
                        @if !self.has_band(curve) {
                            @let at = pixel(x.place(*at));
                            line class="whisker own" x1=(at) x2=(at)
                                y1=(pixel(y.place(estimate.interval.low))) y2=(pixel(y.place(estimate.interval.high))) {}
                        }
                        (curve.look.point(x.place(*at), y.place(estimate.value), radius))
                    }
                }
            }
        }
    }
}

/// Names beside the last points, moved apart where they would lie on each other.
fn labels(curves: &[Curve<'_>], right: f64, bottom: f64, y: &Scale) -> Markup {
    let mut ends: Vec<(f64, f64, &Curve<'_>)> = Vec::new();
    for curve in curves {
        if let Some((_, last)) = curve.points.last() {
            let at = y.place(last.value);
            ends.push((at, at, curve));
        }
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut places: Vec<f64> = ends.iter().map(|end| end.0).collect();
    spread(&mut places, LABEL_STEP, TOP, bottom);
    for (end, place) in ends.iter_mut().zip(places) {
        end.1 = place;
    }
    html! {
        @for (at, place, curve) in ends {
            g class={ (curve.look.class) @if curve.look.is_control { " control" } } {
                path class="leader" d={ "M" (pixel(right - 4.0)) " " (pixel(at)) "L" (pixel(right + 8.0)) " " (pixel(place)) } {}
                text class="end-label" x=(pixel(right + 11.0)) y=(pixel(place)) dy="0.34em" { (shortened(curve.label)) }
            }
        }
    }
}

/// A name that fits beside the chart.
fn shortened(label: &str) -> String {
    const LONGEST: usize = 21;
    if label.chars().count() <= LONGEST {
        return label.to_owned();
    }
    label.chars().take(LONGEST - 1).chain(['\u{2026}']).collect()
}

/// Moves sorted `places` at least `step` apart within `low..=high`, or as far as there is room, each as little as a pass
/// down and a pass up need.
fn spread(places: &mut [f64], step: f64, low: f64, high: f64) {
    let room = (high - low) / places.len().saturating_sub(1).max(1) as f64;
    let step = step.min(room);
    let mut least = low;
    for place in places.iter_mut() {
        *place = place.max(least);
        least = *place + step;
    }
    let mut most = high;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - step;
    }
}

fn line(points: &[(f64, Estimate)], x: &Scale, y: &Scale) -> String {
    path(points.iter().map(|(at, estimate)| (x.place(*at), y.place(estimate.value))))
}

fn band(points: &[(f64, Estimate)], x: &Scale, y: &Scale) -> String {
    let upper = points.iter().map(|(at, estimate)| (x.place(*at), y.place(estimate.interval.high)));
    let lower = points.iter().rev().map(|(at, estimate)| (x.place(*at), y.place(estimate.interval.low)));
    path(upper.chain(lower)) + "Z"
}

/// Through all points; where it begins or ends with the axis, as far as the axis is drawn.
fn chance_path(points: &[(f64, f64)], [low, high]: [f64; 2], [left, right]: [f64; 2], x: &Scale, y: &Scale) -> String {
    let place = |&(at, share): &(f64, f64)| (x.place(at), y.place(share));
    let first = points.first().filter(|point| point.0 <= low).map(|point| (left, place(point).1));
    let last = points.last().filter(|point| point.0 >= high).map(|point| (right, place(point).1));
    path(first.into_iter().chain(points.iter().map(place)).chain(last))
}

fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_moved_apart_and_stay_inside() {
        let mut places = [10.0, 11.0, 12.0, 99.0, 99.5];
        spread(&mut places, 13.0, 10.0, 100.0);
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= 12.999), "{places:?}");
        assert!(places.iter().all(|place| (10.0..=100.0).contains(place)), "{places:?}");
        // More than fit come as far apart as there is room.
        let mut many = [50.0; 11];
        spread(&mut many, 13.0, 0.0, 100.0);
        assert!(many.windows(2).all(|pair| (pair[1] - pair[0] - 10.0).abs() < 1e-9), "{many:?}");
        spread(&mut [], 13.0, 0.0, 1.0);
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(shortened("simcore-1"), "simcore-1");
        assert_eq!(shortened("simcore with forty-eight steps").chars().count(), 21);
    }
}
