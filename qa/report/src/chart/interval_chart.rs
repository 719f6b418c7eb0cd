//! Estimates with their intervals over categories, as bars side by side.

use maud::{Markup, html};

use super::palette::legend_swatch;
use super::pixel;
use super::scale::Scale;
use crate::number_format::{accuracy, count, percent};
use crate::statistics::Estimate;

const LEFT: f64 = 46.0;
const TOP: f64 = 12.0;

/// One chart of accuracies.
pub(crate) struct IntervalChart<'a> {
    pub(crate) title: &'a str,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// What the categories are, written below them.
    pub(crate) x_title: &'a str,
    pub(crate) categories: Vec<Category>,
    pub(crate) series: Vec<IntervalSeries<'a>>,
}

/// One category.
pub(crate) struct Category {
    pub(crate) label: String,
    /// A second line in fainter type.
    pub(crate) note: String,
    /// Accuracy of guessing, marked by a dashed line across the category.
    pub(crate) chance: Option<f64>,
}

/// One agent's estimates.
pub(crate) struct IntervalSeries<'a> {
    pub(crate) label: &'a str,
    pub(crate) class: &'a str,
    /// One a category.
    pub(crate) estimates: Vec<Option<Estimate>>,
}

impl IntervalChart<'_> {
    /// The chart with its legend; nothing where there is nothing to draw.
    pub(crate) fn render(&self) -> Markup {
        if self.categories.is_empty() || self.series.is_empty() {
            return html! {};
        }
        let (right, bottom) = (self.width - 8.0, self.height - 56.0);
        let y = Scale::linear(0.0, self.top(), bottom, TOP);
        let slot = (right - LEFT) / self.categories.len() as f64;
        let has_chance = self.categories.iter().any(|category| category.chance.is_some());
        html! {
            figure class="chart" {
                figcaption { strong { (self.title) } small { " accuracy in %, with 95 % intervals" } }
                svg viewBox={ "0 0 " (self.width) " " (self.height) } role="img" aria-label=(self.title) {
                    @for (value, _) in y.ticks(5) {
                        @let at = pixel(y.place(value));
                        line class="grid" x1=(LEFT) x2=(right) y1=(at) y2=(at) {}
                        text class="tick" x=(LEFT - 7.0) y=(at) dy="0.34em" text-anchor="end" {
                            (format!("{:.0}", 100.0 * value))
                        }
                    }
                    @for (index, category) in self.categories.iter().enumerate() {
                        @let middle = LEFT + (index as f64 + 0.5) * slot;
                        @let lines = lines(&category.label, slot);
                        @for (line, text) in lines.iter().enumerate() {
                            text class="category" x=(pixel(middle)) y=(bottom + 16.0 + 13.0 * line as f64) text-anchor="middle" { (text) }
                        }
                        text class="tick" x=(pixel(middle)) y=(bottom + 17.0 + 13.0 * lines.len() as f64) text-anchor="middle" {
                            (category.note)
                        }
                    }
                    line class="axis" x1=(LEFT) x2=(right) y1=(bottom) y2=(bottom) {}
                    text class="axis-title" x=(pixel((LEFT + right) / 2.0)) y=(self.height - 5.0) text-anchor="middle" {
                        (self.x_title)
                    }
                    @for (index, series) in self.series.iter().enumerate() {
                        g class=(series.class) { (self.marks(index, series, slot, &y)) }
                    }
                    @for (index, category) in self.categories.iter().enumerate() {
                        @if let Some(chance) = category.chance {
                            @let at = pixel(y.place(chance));
                            line class="chance" y1=(at) y2=(at)
                                x1=(pixel(LEFT + (index as f64 + 0.04) * slot)) x2=(pixel(LEFT + (index as f64 + 0.96) * slot)) {
                                title { "chance " (percent(chance)) " %" }
                            }
                        }
                    }
                }
                div class="legend" {
                    @for series in &self.series { (legend_swatch(series.class, series.label, None)) }
                    @if has_chance { span class="key dashed" { i {} "chance" } }
                }
            }
        }
    }

    /// The end of the vertical axis: 100 %, or a round number less where every interval ends far below.
    fn top(&self) -> f64 {
        let ends = self.series.iter().flat_map(|s| s.estimates.iter().flatten()).map(|e| e.interval.high);
        let chances = self.categories.iter().filter_map(|category| category.chance);
        let highest = ends.chain(chances).fold(0.0, f64::max);
        (((highest * 1.04) * 10.0).ceil() / 10.0).clamp(0.2, 1.0)
    }

    fn marks(&self, index: usize, series: &IntervalSeries<'_>, slot: f64, y: &Scale) -> Markup {
        let num = self.series.len() as f64;
        let (used, gap) = (0.84, 0.12);
        let step = used * slot / num;
        let center =
            |category: usize| LEFT + (category as f64 + 0.5) * slot + (index as f64 - (num - 1.0) / 2.0) * step;
        let present = || series.estimates.iter().enumerate().filter_map(|(place, e)| Some((place, e.as_ref()?)));
        html! {
            @for (place, estimate) in present() {
                @let middle = pixel(center(place));
                g {
                    title {
                        (series.label) ", " (self.categories.get(place).map_or("", |c| c.label.as_str())) ": "
                        (accuracy(estimate)) " %, " (count(estimate.num_questions)) " questions"
                    }
                    rect class="bar" x=(pixel(center(place) - step * (0.5 - gap / 2.0))) width=(pixel(step * (1.0 - gap)))
                        y=(pixel(y.place(estimate.value))) height=(pixel(y.place(0.0) - y.place(estimate.value))) rx="1.5" {}
                    line class="whisker" x1=(middle) x2=(middle)
                        y1=(pixel(y.place(estimate.interval.low))) y2=(pixel(y.place(estimate.interval.high))) {}
                }
            }
        }
    }
}

/// A name in one line, or in two where it is wider than its place and has an underscore to break after.
fn lines(label: &str, width: f64) -> Vec<&str> {
    const LETTER: f64 = 7.4;
    let is_wide = label.chars().count() as f64 * LETTER > width;
    match label.rfind('_').filter(|_| is_wide) {
        Some(at) => vec![&label[..=at], &label[at + 1..]],
        None => vec![label],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_names_are_broken_after_an_underscore() {
        assert_eq!(lines("compare_n_shape", 90.0), ["compare_n_", "shape"]);
        assert_eq!(lines("near_shape", 90.0), ["near_shape"]);
        assert_eq!(lines("verylongwithoutany", 20.0), ["verylongwithoutany"]);
        assert_eq!(lines("größe_", 1.0), ["größe_", ""]);
    }
}
