//! Stored beliefs: Parquet files of what agents remembered, what they were asked, and what was true.
//!
//! A file has one row a question, in columns that anyone can write with pandas or pyarrow; Groundling writes such files
//! of its own agents ([`StoredWriter`]) and reads them from anyone ([`StoredBeliefs::read`]). What is read is checked
//! cell by cell: a file that would spoil a measurement is refused with its row, its column and the remedy. The columns
//! are described for users in `docs/stored_beliefs.md`.

mod cell_fault;
mod column_readers;
mod columns;
mod error;
mod gathering;
mod guarded;
mod header;
mod leaf;
mod lists;
mod part_file;
mod reading;
mod row;
mod row_buffer;
mod stored;
mod table;
mod word_list;
mod writer;

pub use cell_fault::CellFault;
pub use error::{StoredError, WrongCell};
pub use header::{StoredHeader, StoredTemplate, StoredVocabulary};
pub use stored::{StoredBeliefs, StoredEpisode, StoredQuestion};
pub use writer::{Asking, Existing, StoredWriter, Written};
