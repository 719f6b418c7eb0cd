//! Charts as SVG that is put into the page: no script, no external font, colours from the page's style sheet, so that
//! they follow its light and dark form and print well.

mod curve_chart;
mod heat_map;
mod interval_chart;
mod line_chart;
mod palette;
mod reliability;
mod scale;
mod smoothing;
mod sparkline;

pub(crate) use curve_chart::{Curve, CurveChart, CurveForm, Tick};
pub(crate) use heat_map::{HeatMap, HeatMapLabel};
pub(crate) use interval_chart::{Category, IntervalChart, IntervalSeries};
pub(crate) use line_chart::{LineChart, LineSeries, XUnit};
pub(crate) use palette::{Look, Palette, legend_swatch};
pub(crate) use reliability::{ReliabilityChart, ReliabilityPoint};
pub(crate) use smoothing::bucketed;
pub(crate) use sparkline::sparkline;

/// A place on the paper, to a tenth of a pixel.
fn pixel(place: f64) -> String {
    format!("{place:.1}")
}
