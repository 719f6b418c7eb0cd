//! A reliability diagram: how often a probe was right, against how sure it said it was.

use maud::{Markup, html};

use super::palette::Look;
use super::pixel;
use super::scale::Scale;
use crate::statistics::Interval;

const SIDE: f64 = 170.0;
const LEFT: f64 = 30.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = SIDE - 30.0;
const RIGHT: f64 = SIDE - 12.0;
/// Pixels of the tallest bar that says how many answers a bin has.
const TALLEST: f64 = 22.0;

/// One agent's diagram.
pub(crate) struct ReliabilityChart<'a> {
    pub(crate) label: &'a str,
    /// Stands beside the name, such as the calibration error.
    pub(crate) note: String,
    pub(crate) look: Look,
    pub(crate) bins: Vec<ReliabilityPoint>,
}

/// Answers of like confidence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReliabilityPoint {
    /// Their mean confidence, in [0, 1].
    pub(crate) confidence: f64,
    /// The share of them that was right.
    pub(crate) accuracy: f64,
    /// The 95 % interval of that.
    pub(crate) interval: Interval,
    /// How many they are.
    pub(crate) num: u64,
}

impl ReliabilityChart<'_> {
    /// The diagram; its width comes from the page.
    pub(crate) fn render(&self) -> Markup {
        let (x, y) = (Scale::linear(0.0, 1.0, LEFT, RIGHT), Scale::linear(0.0, 1.0, BOTTOM, TOP));
        let most = self.bins.iter().map(|bin| bin.num).max().unwrap_or(0).max(1) as f64;
        let course: Vec<String> = (self.bins.iter())
            .map(|bin| format!("{},{}", pixel(x.place(bin.confidence)), pixel(y.place(bin.accuracy))))
            .collect();
        html! {
            figure class="chart small" {
                figcaption { strong { (self.label) } small { " " (self.note) } }
                svg viewBox={ "0 0 " (SIDE) " " (SIDE) } role="img" aria-label={ "Reliability of " (self.label) } {
                    @for value in [0.0, 0.5, 1.0] {
                        line class="grid" x1=(LEFT) x2=(RIGHT) y1=(pixel(y.place(value))) y2=(pixel(y.place(value))) {}
                        line class="grid" x1=(pixel(x.place(value))) x2=(pixel(x.place(value))) y1=(TOP) y2=(BOTTOM) {}
                        text class="tick" x=(LEFT - 4.0) y=(pixel(y.place(value))) dy="0.34em" text-anchor="end" {
                            (format!("{:.0}", 100.0 * value))
                        }
                        text class="tick" x=(pixel(x.place(value))) y=(BOTTOM + 12.0) text-anchor="middle" {
                            (format!("{:.0}", 100.0 * value))
                        }
                    }
                    text class="axis-title" x=((LEFT + RIGHT) / 2.0) y=(SIDE - 4.0) text-anchor="middle" { "how sure" }
                    line class="chance" x1=(LEFT) x2=(RIGHT) y1=(BOTTOM) y2=(TOP) {}
                    g class=(self.look.class) {
                        @for bin in &self.bins {
                            @let tall = TALLEST * bin.num as f64 / most;
                            rect class="share" x=(pixel(x.place(bin.confidence) - 3.0)) width="6"
                                y=(pixel(BOTTOM - tall)) height=(pixel(tall)) {}
                        }
                        polyline class="line" points=(course.join(" ")) {}
                        @for bin in &self.bins {
                            @let at = x.place(bin.confidence);
                            line class="whisker own" x1=(pixel(at)) x2=(pixel(at))
                                y1=(pixel(y.place(bin.interval.low))) y2=(pixel(y.place(bin.interval.high))) {}
                            (self.look.point(at, y.place(bin.accuracy), 2.6))
                        }
                    }
                }
            }
        }
    }
}
