//! The report: what goes in, and the files that come out.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::example_episode::ExampleEpisode;
use crate::figures::Figures;
use crate::metrics::Metrics;
use crate::outcome::ProbeFile;
use crate::page;
use crate::replace_file::{Overwrite, write_replacing};
use crate::table::Sweep;
use crate::tidy;

/// All that a report is made from.
#[derive(Debug, Clone)]
pub struct Report {
    /// Heading of the page.
    pub title: String,
    /// The training runs behind the agents; may be empty.
    pub runs: Vec<RunSummary>,
    /// The answers; may hold no agent.
    pub probed: ProbeFile,
    /// Settings that were tried at several values.
    pub sweeps: Vec<Sweep>,
    /// Pictures to show, such as true frames above imagined ones.
    pub frames: Vec<Figure>,
    /// Test episodes told one by one.
    pub examples: Vec<ExampleEpisode>,
    /// Answers that name a colour, with that colour.
    pub swatches: Vec<Swatch>,
    /// A film to link to, as a path relative to the page with `/` between its parts.
    pub film: Option<String>,
}

/// One training run.
#[derive(Debug, Clone)]
pub struct RunSummary {
    /// Its name; one that a probed agent has too is drawn in the same colour.
    pub name: String,
    /// Its resolved settings.
    pub config_toml: String,
    /// What it says of itself: version, seeds, host, times.
    pub manifest: Value,
    /// What it logged.
    pub metrics: Metrics,
}

/// What a word that names a colour looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swatch {
    /// The word, as among the answers.
    pub word: String,
    /// Red, green and blue as in sRGB.
    pub rgb: [u8; 3],
}

/// A picture.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The bytes of a PNG file.
    pub png: Vec<u8>,
    /// What it shows.
    pub caption: String,
    /// The run it is from; pictures of one run stand together.
    pub run: String,
}

/// The files of a written report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFiles {
    /// The page.
    pub page: PathBuf,
    /// The same figures as JSON.
    pub figures: PathBuf,
    /// The folder of the same figures, and of every answer, as CSV.
    pub tables: PathBuf,
}

/// Why a report was not written. Nothing that was there before is lost.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The page's name does not end in `.html`.
    #[error("{}: a report is a page; give a path that ends in .html", path.display())]
    NotAPage {
        /// The path.
        path: PathBuf,
    },
    /// One of the two files, or the folder, is there and may not be overwritten.
    #[error("{}: already there and not overwritten; remove it, choose another path, or add --force", path.display())]
    AlreadyThere {
        /// The file.
        path: PathBuf,
    },
    /// The folder holds what is not of an earlier report, and is not replaced.
    #[error("{}: the folder holds files that are no tables of a report; remove it or choose another path", path.display())]
    NotTables {
        /// The folder.
        path: PathBuf,
    },
    /// A file or the folder could not be written.
    #[error("{}: cannot be written ({source}); check the folder, its permissions and the free space", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A picture is not a PNG.
    #[error("the picture {caption:?} of run {run:?} is not a PNG")]
    NotAPng {
        /// Its caption.
        caption: String,
        /// Its run.
        run: String,
    },
    /// A map is not a PNG.
    #[error("the map of {title:?} is not a PNG")]
    MapNotAPng {
        /// The example's title.
        title: String,
    },
    /// The film's path is absolute or empty.
    #[error("the film {film:?} is not a path relative to the page, such as film.mp4")]
    FilmNotRelative {
        /// The path.
        film: String,
    },
    /// The figures cannot be told as JSON.
    #[error("the figures cannot be written as JSON ({0})")]
    Json(#[from] serde_json::Error),
}

impl Report {
    /// Writes the page to `path`, which ends in `.html`; beside it the figures with the ending `.json`, and as CSV in a folder
    /// with the ending `-tables`.
    ///
    /// Each file and the folder appear as a whole or not at all, and with [`Overwrite::No`] none is written where one exists.
    pub fn write(&self, path: &Path, overwrite: Overwrite) -> Result<ReportFiles, ReportError> {
        if path.extension().is_none_or(|extension| extension != "html") {
            return Err(ReportError::NotAPage { path: path.to_owned() });
        }
        let (figures, tables) = (path.with_extension("json"), tidy::folder_of(path));
        let files = ReportFiles { page: path.to_owned(), figures, tables };
        for file in [&files.page, &files.figures, &files.tables] {
            if overwrite == Overwrite::No && file.exists() {
                return Err(ReportError::AlreadyThere { path: file.clone() });
            }
        }
        if !tidy::may_replace(&files.tables) {
            return Err(ReportError::NotTables { path: files.tables });
        }
        let figures = Figures::of(self);
        let page = page::render(self, &figures)?;
        let mut json = serde_json::to_string_pretty(&figures)?;
        json.push('\n');
        let unwritable = |path: &PathBuf| {
            let path = path.clone();
            |source| ReportError::Unwritable { path, source }
        };
        let tables = tidy::tables(&figures, &self.probed).map_err(unwritable(&files.tables))?;
        tidy::write_folder(&files.tables, &tables).map_err(unwritable(&files.tables))?;
        for (file, text) in [(&files.figures, json), (&files.page, page)] {
            write_replacing(file, text.as_bytes(), overwrite).map_err(unwritable(file))?;
        }
        Ok(files)
    }
}
