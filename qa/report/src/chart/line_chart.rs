//! Curves over training: what was logged faint in the background, its smoothed course before it.

use std::fmt::Write;

use maud::{Markup, html};

use super::palette::Look;
use super::pixel;
use super::scale::{Scale, tick_label};
use super::smoothing::{bucketed, smoothed};

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = WIDTH - 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = HEIGHT - 40.0;
/// Points that are drawn of all curves of a chart together, and of one of them. Many runs times many charts must not make a
/// page of many megabytes.
const MAX_POINTS: usize = 1_500;
const MAX_POINTS_OF_ONE: usize = 200;
/// Of more curves than this only the smoothed course is drawn: what was logged would be a tangle.
const MAX_RAW: usize = 6;
/// A positive series that spans more than this is drawn on a logarithmic axis.
const LOG_RATIO: f64 = 60.0;

/// What the horizontal axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum XUnit {
    Frames,
    ProbeUpdates,
}

/// One chart.
pub(crate) struct LineChart<'a> {
    pub(crate) title: &'a str,
    pub(crate) x_unit: XUnit,
    /// Values are shares and shown as percentages.
    pub(crate) is_percent: bool,
    pub(crate) series: Vec<LineSeries<'a>>,
}

/// One curve.
pub(crate) struct LineSeries<'a> {
    pub(crate) label: &'a str,
    pub(crate) look: Look,
    /// In order of x; all finite.
    pub(crate) points: Vec<(f64, f64)>,
}

/// A curve ready to be drawn: the range of each stretch of points, and the smoothed mean.
struct Course {
    range: Vec<(f64, f64, f64)>,
    line: Vec<(f64, f64)>,
}

impl LineChart<'_> {
    /// The chart with its legend; nothing where no series has a point.
    pub(crate) fn render(&self) -> Markup {
        let num_points = (MAX_POINTS / self.series.len().max(1)).min(MAX_POINTS_OF_ONE);
        let courses: Vec<Course> =
            self.series.iter().map(|series| course(&series.points, self.factor(), num_points)).collect();
        let x_max = courses.iter().flat_map(|c| c.line.last()).map(|point| point.0).fold(0.0, f64::max);
        if courses.iter().all(|course| course.line.is_empty()) {
            return html! {};
        }
        let values: Vec<f64> = courses.iter().flat_map(visible_values).collect();
        let log_ratio = if self.is_percent { f64::INFINITY } else { LOG_RATIO };
        let x = Scale::linear(0.0, x_max, LEFT, RIGHT);
        let y = Scale::fitting(&values, log_ratio, BOTTOM, TOP);
        let x_title = match self.x_unit {
            XUnit::Frames => "environment frames",
            XUnit::ProbeUpdates => "updates of the probe",
        };
        html! {
            figure class="chart" {
                figcaption {
                    strong { (self.title) }
                    @if self.is_percent { small { " %" } }
                    @if y.is_log() { small { " logarithmic" } }
                }
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(self.title) {
                    (axes(&x, &y, x_title))
                    @for (series, course) in self.series.iter().zip(&courses).filter(|_| self.series.len() <= MAX_RAW) {
                        g class=(series.look.class) {
                            path class="raw" d=(path(course.range.iter().flat_map(|&(at, low, high)| [(at, low), (at, high)]), &x, &y)) {}
                        }
                    }
                    @for (series, course) in self.series.iter().zip(&courses) {
                        g class=(series.look.class) {
                            path class="line" stroke-dasharray=(series.look.dash) d=(path(course.line.iter().copied(), &x, &y)) { title { (series.label) } }
                            @if let Some(&(at, value)) = course.line.last() {
                                (series.look.point(x.place(at), y.place(value), 2.8))
                            }
                        }
                    }
                }
                div class="legend" {
                    @for (series, course) in self.series.iter().zip(&courses) {
                        @if let Some(&(_, last)) = course.line.last() {
                            (series.look.line_key(series.label, Some(&three_digits(last))))
                        }
                    }
                }
            }
        }
    }

    fn factor(&self) -> f64 {
        if self.is_percent { 100.0 } else { 1.0 }
    }
}

fn course(points: &[(f64, f64)], factor: f64, num_points: usize) -> Course {
    let buckets = bucketed(points, num_points);
    let means: Vec<f64> = buckets.iter().map(|bucket| bucket.1 * factor).collect();
    let line = buckets.iter().map(|bucket| bucket.0).zip(smoothed(&means, buckets.len() / 50)).collect();
    Course { range: buckets.iter().map(|&(x, _, low, high)| (x, low * factor, high * factor)).collect(), line }
}

/// What the vertical axis must hold: the smoothed course whole, and of what was logged all but the wildest fiftieth at
/// either end, so that one spike does not flatten the curve. What lies beyond is drawn at the edge.
fn visible_values(course: &Course) -> Vec<f64> {
    let mut values: Vec<f64> = course.range.iter().flat_map(|&(_, low, high)| [low, high]).collect();
    values.sort_by(f64::total_cmp);
    let spared = values.len() / 50;
    let mut kept = values[spared..values.len() - spared].to_vec();
    kept.extend(course.line.iter().map(|point| point.1));
    kept
}

fn axes(x: &Scale, y: &Scale, x_title: &str) -> Markup {
    html! {
        @for (value, label) in y.ticks(5) {
            @let at = pixel(y.place(value));
            line class="grid" x1=(LEFT) x2=(RIGHT) y1=(at) y2=(at) {}
            text class="tick" x=(LEFT - 7.0) y=(at) dy="0.34em" text-anchor="end" { (label) }
        }
        @for (value, label) in x.ticks(5) {
            text class="tick" x=(pixel(x.place(value))) y=(BOTTOM + 16.0) text-anchor="middle" { (label) }
        }
        line class="axis" x1=(LEFT) x2=(RIGHT) y1=(BOTTOM) y2=(BOTTOM) {}
        text class="axis-title" x=((LEFT + RIGHT) / 2.0) y=(HEIGHT - 6.0) text-anchor="middle" { (x_title) }
    }
}

/// Each point relative to the one before, which takes fewer letters.
fn path(points: impl Iterator<Item = (f64, f64)>, x: &Scale, y: &Scale) -> String {
    let mut path = String::new();
    let mut before = [0i64; 2];
    for (index, (at, value)) in points.enumerate() {
        // In tenths of a pixel, so that rounding does not add up.
        let place = [x.place(at), y.place(value)].map(|place| (10.0 * place).round() as i64);
        let command = if index == 0 { 'M' } else { 'l' };
        let [right, down] = [place[0] - before[0], place[1] - before[1]].map(|tenths| tenths as f64 / 10.0);
        // Writing to a string cannot fail.
        let _ = write!(path, "{command}{right} {down}");
        before = place;
    }
    path
}

/// A number with three digits that matter.
fn three_digits(value: f64) -> String {
    let step = 10f64.powf(value.abs().max(1e-12).log10().floor() - 2.0);
    tick_label(value, step)
}
