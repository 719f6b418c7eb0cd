//! A matrix of shares as shaded cells, with numbers where they fit.

use std::fmt::Write;

use maud::{Markup, html};

use super::pixel;

/// Up to so many columns, shares are also written into the cells.
const MAX_NUMBERED: usize = 16;
/// Steps of shade; cells of one shade are one path, which keeps a large matrix small.
const NUM_SHADES: usize = 20;
const LEFT: f64 = 96.0;
const TOP: f64 = 84.0;
/// Room for the last column's slanted name.
const RIGHT: f64 = 36.0;
/// Below 1, so that rare mistakes can be seen beside what is usual.
const SHADE_POWER: f64 = 0.7;

/// One matrix.
pub(crate) struct HeatMap<'a> {
    pub(crate) title: &'a str,
    /// What the rows and the columns are.
    pub(crate) row_title: &'a str,
    pub(crate) column_title: &'a str,
    pub(crate) rows: Vec<HeatMapLabel<'a>>,
    pub(crate) columns: Vec<HeatMapLabel<'a>>,
    /// One row a label, one share in [0, 1] a column; None where nothing was counted.
    pub(crate) shares: Vec<Vec<Option<f64>>>,
    /// The style class that sets the shade.
    pub(crate) class: &'a str,
}

/// The name of a row or a column, with its true colour where it is one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeatMapLabel<'a> {
    pub(crate) text: &'a str,
    pub(crate) swatch: Option<[u8; 3]>,
}

impl HeatMap<'_> {
    /// The matrix; nothing where it is empty.
    pub(crate) fn render(&self) -> Markup {
        if self.rows.is_empty() || self.columns.is_empty() {
            return html! {};
        }
        let side = if self.columns.len() > 30 {
            11.0
        } else if self.columns.len() > MAX_NUMBERED {
            15.0
        } else {
            26.0
        };
        let (width, height) =
            (LEFT + side * self.columns.len() as f64 + RIGHT, TOP + side * self.rows.len() as f64 + 4.0);
        let small = if side < 14.0 { " tiny" } else { "" };
        let middle = |index: usize| (index as f64 + 0.5) * side;
        html! {
            figure class="chart matrix" style={ "max-width:" (format!("{:.0}", width * 1.15)) "px" } {
                figcaption { strong { (self.title) } }
                svg class=(self.class) viewBox={ "0 0 " (pixel(width)) " " (pixel(height)) } role="img" aria-label=(self.title) {
                    text class="axis-title" x="2" y=(TOP - 6.0) { (self.row_title) " \u{2193}  " (self.column_title) " \u{2192}" }
                    @for (index, label) in self.rows.iter().enumerate() {
                        @let y = TOP + middle(index);
                        text class={ "tick strong" (small) } x=(LEFT - if label.swatch.is_some() { 19.0 } else { 5.0 })
                            y=(pixel(y)) dy="0.34em" text-anchor="end" { (label.text) }
                        (swatch(label, LEFT - 15.0, y - 5.5))
                    }
                    @for (index, label) in self.columns.iter().enumerate() {
                        @let x = LEFT + middle(index);
                        @let from = TOP - if label.swatch.is_some() { 19.0 } else { 5.0 };
                        text class={ "tick strong" (small) } transform={ "translate(" (pixel(x + 3.0)) " " (pixel(from)) ") rotate(-60)" } {
                            (label.text)
                        }
                        (swatch(label, x - 5.5, TOP - 15.0))
                    }
                    rect class="frame" x=(LEFT) y=(TOP) width=(pixel(side * self.columns.len() as f64))
                        height=(pixel(side * self.rows.len() as f64)) {}
                    @for (shade, path) in self.shades(side) {
                        path class="cell" fill-opacity=(format!("{shade:.2}")) d=(path) {}
                    }
                    @if self.columns.len() <= MAX_NUMBERED { (self.numbers(side)) }
                }
            }
        }
    }

    fn shades(&self, side: f64) -> Vec<(f64, String)> {
        let mut paths = vec![String::new(); NUM_SHADES + 1];
        for (row, shares) in self.shares.iter().enumerate() {
            for (column, share) in shares.iter().enumerate() {
                let shade =
                    (share.unwrap_or(0.0).clamp(0.0, 1.0).powf(SHADE_POWER) * NUM_SHADES as f64).round() as usize;
                let (x, y) = (LEFT + column as f64 * side, TOP + row as f64 * side);
                // Writing to a string cannot fail.
                let _ = write!(paths[shade], "M{x:.0} {y:.0}h{side:.0}v{side:.0}h-{side:.0}z");
            }
        }
        let shaded = paths.into_iter().enumerate().skip(1).filter(|(_, path)| !path.is_empty());
        shaded.map(|(shade, path)| (shade as f64 / NUM_SHADES as f64, path)).collect()
    }

    /// Per cent in every cell that rounds to at least one.
    fn numbers(&self, side: f64) -> Markup {
        html! {
            @for (row, shares) in self.shares.iter().enumerate() {
                @for (column, share) in shares.iter().enumerate() {
                    @if let Some(share) = share.filter(|share| *share >= 0.005) {
                        text class={ "number" @if share > 0.55 { " inverse" } } text-anchor="middle" dy="0.34em"
                            x=(pixel(LEFT + (column as f64 + 0.5) * side)) y=(pixel(TOP + (row as f64 + 0.5) * side)) {
                            (format!("{:.0}", 100.0 * share))
                        }
                    }
                }
            }
        }
    }
}

fn swatch(label: &HeatMapLabel<'_>, x: f64, y: f64) -> Markup {
    html! {
        @if let Some([red, green, blue]) = label.swatch {
            rect class="chip" x=(pixel(x)) y=(pixel(y)) width="11" height="11" rx="2"
                fill={ "rgb(" (red) " " (green) " " (blue) ")" } {}
        }
    }
}
