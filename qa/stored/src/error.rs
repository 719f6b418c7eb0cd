//! Why a file of stored beliefs could not be read or written.

use std::path::PathBuf;

use groundling_questions::SplitPart;

use crate::cell_fault::CellFault;

/// Where a table is wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("row {row}, column `{column}`: {fault}")]
pub struct WrongCell {
    /// Number of the row in the file, from 1.
    pub row: u64,
    /// Name of the column.
    pub column: &'static str,
    /// What is wrong, and the remedy.
    pub fault: CellFault,
}

/// Why a file of stored beliefs could not be read or written. Each is one line with the remedy.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// It is not there, or may not be read.
    #[error("{}: cannot be read ({source}); check the path and its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is something else.
    #[error("{}: not a Parquet file; write one with the columns of docs/stored_beliefs.md", path.display())]
    NotParquet {
        /// The file.
        path: PathBuf,
    },
    /// It begins as Parquet and does not end so.
    #[error("{}: the Parquet file is cut short or damaged ({reason}); write it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
    /// It is packed in a way that this program cannot unpack.
    #[error("{}: column `{column}` is compressed by {codec}; write it with snappy or zstd", path.display())]
    Codec {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// How it is compressed.
        codec: String,
    },
    /// There is no row.
    #[error("{}: the file has no rows; write one a question", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A column that must be there is not.
    #[error("{}: column `{column}` is missing (there are: {found}); docs/stored_beliefs.md lists them", path.display())]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// What there is.
        found: String,
    },
    /// A column that holds other things.
    #[error("{}: column `{column}` holds {found}; it must hold {expected}", path.display())]
    WrongType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// The entry `groundling` of the metadata.
    #[error("{}: entry `groundling` of the metadata: {reason}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A value that cannot be used.
    #[error("{}: {cell}", path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// Where, what and the remedy.
        cell: WrongCell,
    },
    /// A split in which nothing is asked.
    #[error("{}: no row asks a question for the headline in split {split}; a probe needs train, validation and test", path.display())]
    NoQuestions {
        /// The file.
        path: PathBuf,
        /// Which split.
        split: SplitPart,
    },
    /// Words that make no vocabulary.
    #[error("{}: {source}", path.display())]
    Vocabulary {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: groundling_questions::InvalidVocabulary,
    },
    /// It must not be overwritten.
    #[error("{}: exists already; give another name, or overwrite it with --force", path.display())]
    AlreadyThere {
        /// The file.
        path: PathBuf,
    },
    /// It could not be written; what was there before still is.
    #[error("{}: cannot be written ({reason}); check the folder, its permissions and the free space", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system or the writer said.
        reason: String,
    },
    /// What should be written could not be read back.
    #[error("{}: episode {episode}, step {step} cannot be stored: {fault}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// Which episode.
        episode: u64,
        /// Which step of it.
        step: u32,
        /// What is wrong with the belief or a question.
        fault: String,
    },
}
