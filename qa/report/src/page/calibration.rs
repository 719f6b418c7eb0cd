//! The part of the page that says how far a probe's own certainty can be trusted.

use maud::{Markup, html};

use super::rows::main_rows;
use crate::calibration::Calibration;
use crate::chart::{Palette, ReliabilityChart, ReliabilityPoint};
use crate::figures::Figures;
use crate::number_format::percent;
use crate::outcome::ProbedKind;

pub(super) fn render(figures: &Figures, palette: &Palette) -> Markup {
    let rows = main_rows(&figures.table);
    let is_shown = |calibration: &&Calibration| {
        calibration.kind != ProbedKind::Majority && rows.iter().any(|row| row.name == calibration.name)
    };
    let shown: Vec<&Calibration> = figures.calibration.iter().filter(is_shown).collect();
    html! {
        @if !shown.is_empty() {
            section {
                h2 { "Calibration" }
                p class="note" {
                    "Of the answers a probe was so sure of, how many were right, in %. On the dashed line it is as often right as it says; \
                     below it, it is too sure. Pale bars: how many answers. ECE: the expected calibration error, in points."
                }
                div class="small-multiples" {
                    @for calibration in shown { (chart(calibration, palette)) }
                }
            }
        }
    }
}

fn chart(calibration: &Calibration, palette: &Palette) -> Markup {
    let point = |bin: &crate::calibration::CalibrationBin| {
        let accuracy = bin.accuracy?;
        let (interval, num) = (accuracy.interval, bin.num_questions);
        Some(ReliabilityPoint { confidence: bin.confidence?, accuracy: accuracy.value, interval, num })
    };
    let chart = ReliabilityChart {
        label: &calibration.name,
        note: format!("ECE {}", percent(calibration.expected_calibration_error)),
        look: palette.look(&calibration.name),
        bins: calibration.bins.iter().filter_map(point).collect(),
    };
    chart.render()
}
