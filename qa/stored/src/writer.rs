//! Writes a file of stored beliefs, step by step.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use groundling_belief::FrozenBelief;
use groundling_questions::{Question, QuestionVocabulary, SplitPart};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use crate::columns::{NUMBER_LEAVES, schema};
use crate::error::StoredError;
use crate::header::{KEY, StoredHeader};
use crate::part_file::PartFile;
use crate::row_buffer::{AskedRow, RowBuffer};

/// What to do about a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    Keep,
    /// Overwrite it, once the new one is whole.
    Replace,
}

/// One question put to one belief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking<'a> {
    /// Number of the question within the episode.
    pub number: u32,
    /// The question and the right answer.
    pub question: &'a Question,
    /// Whether it counts for the headline.
    pub headline: bool,
    /// Whether it counts for what is known when.
    pub timeline: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows of the file.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// A file being written. It is there when [`finish`](Self::finish) returns, and not before.
pub struct StoredWriter {
    path: PathBuf,
    part: PartFile,
    file: SerializedFileWriter<File>,
    vocabulary: QuestionVocabulary,
    buffer: RowBuffer,
    belief_size: Option<usize>,
    rows: u64,
}

impl StoredWriter {
    /// Begins a file whose questions use the words of `vocabulary`, which is that of the header.
    pub fn create(path: &Path, header: &StoredHeader, existing: Existing) -> Result<Self, StoredError> {
        let path = path.to_owned();
        if existing == Existing::Keep && path.symlink_metadata().is_ok() {
            return Err(StoredError::AlreadyThere { path });
        }
        let unwritable = |reason: String| StoredError::Unwritable { path: path.clone(), reason };
        let Some(vocabulary) = &header.vocabulary else {
            return Err(StoredError::Header { path, reason: "a file is written with its vocabulary".into() });
        };
        let vocabulary = match vocabulary.numbered() {
            Ok(vocabulary) => vocabulary,
            Err(source) => return Err(StoredError::Vocabulary { path, source }),
        };
        let properties = header.to_json().map_err(|error| unwritable(error.to_string()))?;
        let (part, file) = PartFile::create(&path).map_err(|error| unwritable(error.to_string()))?;
        let file =
            schema().and_then(|schema| SerializedFileWriter::new(file, schema, Arc::new(properties_of(properties)?)));
        let file = file.map_err(|error| unwritable(error.to_string()))?;
        Ok(Self { path, part, file, vocabulary, buffer: RowBuffer::default(), belief_size: None, rows: 0 })
    }

    /// Adds what an agent believed after a step and what it is asked there; a belief that nothing is asked of is kept
    /// for decoders that read the whole episode.
    pub fn write_step<'a>(
        &mut self,
        (split, episode, step): (SplitPart, u64, u32),
        belief: &FrozenBelief,
        questions: impl IntoIterator<Item = Asking<'a>>,
    ) -> Result<(), StoredError> {
        let unfit = |fault: String| StoredError::Unfit { path: self.path.clone(), episode, step, fault };
        let size = *self.belief_size.get_or_insert(belief.size());
        let (hidden, cell) = (belief.hidden(), belief.cell());
        if size == 0 || hidden.len() != size || cell.len() != size {
            let lengths = format!("its belief has {} and {} numbers", hidden.len(), cell.len());
            return Err(unfit(format!("{lengths}, the first one has {size}")));
        }
        if !hidden.iter().chain(cell).all(|value| value.is_finite()) {
            return Err(unfit("its belief holds a value that is not finite; the agent has diverged".into()));
        }
        let mut belief = Some(belief);
        for asking in questions {
            let asked = in_words(&self.vocabulary, asking);
            let asked = asked.ok_or_else(|| unfit(format!("{:?} is not in the vocabulary", asking.question.text)))?;
            // The first row of a step has its belief.
            self.buffer.push((split, episode, step), belief.take(), Some(&asked));
        }
        if belief.is_some() {
            self.buffer.push((split, episode, step), belief, None);
        }
        if self.buffer.is_full() { self.flush() } else { Ok(()) }
    }

    /// Writes what is left, and puts the file in its place.
    pub fn finish(mut self) -> Result<Written, StoredError> {
        if self.buffer.len() > 0 {
            self.flush()?;
        }
        let Self { path, part, file, rows, .. } = self;
        let file = file.into_inner();
        let placed = file.map_err(|error| error.to_string()).and_then(|file| {
            let bytes = file.metadata().map_err(|error| error.to_string())?.len();
            part.finish(&file).map_err(|error| error.to_string())?;
            Ok(Written { rows, bytes })
        });
        placed.map_err(|reason| StoredError::Unwritable { path, reason })
    }

    fn flush(&mut self) -> Result<(), StoredError> {
        self.rows += self.buffer.len() as u64;
        let written = self.buffer.write(&mut self.file);
        written.map_err(|error| StoredError::Unwritable { path: self.path.clone(), reason: error.to_string() })
    }
}

fn in_words<'a>(vocabulary: &'a QuestionVocabulary, asking: Asking<'a>) -> Option<AskedRow<'a>> {
    let Asking { number, question, headline, timeline } = asking;
    let word = |list: &'a [String], number: u16| list.get(usize::from(number)).map(String::as_str);
    Some(AskedRow {
        number,
        template: word(vocabulary.templates(), question.template)?,
        tokens: question.tokens.iter().map(|token| word(vocabulary.tokens(), *token)).collect::<Option<_>>()?,
        text: &question.text,
        answer: word(vocabulary.answers(), question.answer)?,
        headline,
        timeline,
        evidence: &question.evidence,
    })
}

fn properties_of(header: String) -> Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("groundling {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_key_value_metadata(Some(vec![KeyValue::new(KEY.to_owned(), header)]));
    for leaf in NUMBER_LEAVES {
        let path = ColumnPath::from(leaf.map(String::from).to_vec());
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT);
    }
    Ok(properties.build())
}
