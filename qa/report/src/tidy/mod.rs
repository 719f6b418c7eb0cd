//! Every figure as tidy tables for other programs: one CSV file a table, one line a figure, one column a variable.
//!
//! RFC 4180 with a header line, in UTF-8. Accuracies, differences and probabilities are shares and not percentages; an empty
//! field says that there is no figure. `docs/report_tables.md` describes the columns.

mod accuracies;
mod answers;
mod curves;
mod folder;
mod sheet;
mod sweeps;

use crate::figures::Figures;
use crate::outcome::ProbeFile;

pub(crate) use folder::{folder_of, may_replace, write_folder};
use sheet::Sheet;

/// A file of the folder.
pub(crate) struct TidyTable {
    /// Its name, ending in `.csv`.
    pub(crate) name: &'static str,
    /// Its content.
    pub(crate) text: Vec<u8>,
}

/// The names of all files.
const NAMES: [&str; 13] = [
    "accuracies.csv",
    "differences.csv",
    "sweeps.csv",
    "timeline.csv",
    "age.csv",
    "pixels.csv",
    "calibration.csv",
    "calibration_errors.csv",
    "confusion.csv",
    "validation.csv",
    "learning_curves.csv",
    "agents.csv",
    "answers.csv",
];

/// All tables of a report.
pub(crate) fn tables(figures: &Figures, probed: &ProbeFile) -> Result<Vec<TidyTable>, std::io::Error> {
    let sheets = [
        accuracies::accuracies(figures),
        accuracies::differences(figures),
        sweeps::sweeps(figures),
        curves::timeline(figures),
        curves::binned(&figures.age, &figures.timeline.age),
        curves::binned(&figures.pixels, &figures.timeline.pixels),
        curves::calibration(figures),
        curves::calibration_errors(figures),
        answers::confusion(figures),
        curves::validation(figures),
        curves::learning_curves(figures),
        answers::agents(figures),
        answers::answers(probed),
    ];
    let table = |(name, sheet): (&'static str, Sheet)| Ok(TidyTable { name, text: sheet.text()? });
    NAMES.into_iter().zip(sheets).map(table).collect()
}
