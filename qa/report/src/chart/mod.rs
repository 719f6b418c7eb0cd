//! Charts as SVG that is put into the page: no script, no external font, colours from the page's style sheet, so that
//! they follow its light and dark form and print well.

mod interval_chart;
mod line_chart;
mod palette;
mod scale;
mod smoothing;

pub(crate) use interval_chart::{Category, Form, IntervalChart, IntervalSeries};
pub(crate) use line_chart::{LineChart, LineSeries, XUnit};
pub(crate) use palette::{Palette, legend_swatch};
pub(crate) use smoothing::bucketed;
