//! Rows on their way into a file: columns that grow until they are a row group.

use std::io::Write;

use groundling_belief::FrozenBelief;
use groundling_questions::SplitPart;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, FloatType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};

use crate::columns::ENTRY;

/// Rows of a row group.
const MOST_ROWS: usize = 65_536;
/// Numbers in the beliefs of a row group: 16 MiB.
const MOST_NUMBERS: usize = 4 << 20;

/// A question of a row, in words.
pub(crate) struct AskedRow<'a> {
    pub(crate) number: u32,
    pub(crate) template: &'a str,
    pub(crate) tokens: Vec<&'a str>,
    pub(crate) text: &'a str,
    pub(crate) answer: &'a str,
    pub(crate) headline: bool,
    pub(crate) timeline: bool,
    pub(crate) evidence: &'a groundling_questions::Evidence,
}

/// One column with nulls, as Parquet stores it.
struct Optional<T> {
    values: Vec<T>,
    definition: Vec<i16>,
}

/// One column of lists, as Parquet stores it.
struct ListColumn<T> {
    values: Vec<T>,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

impl<T> Default for Optional<T> {
    fn default() -> Self {
        Self { values: Vec::new(), definition: Vec::new() }
    }
}

impl<T> Default for ListColumn<T> {
    fn default() -> Self {
        Self { values: Vec::new(), definition: Vec::new(), repetition: Vec::new() }
    }
}

impl<T> Optional<T> {
    fn push(&mut self, value: Option<T>) {
        self.definition.push(value.is_some().into());
        self.values.extend(value);
    }
}

impl<T> ListColumn<T> {
    /// Lists with nothing in them do not occur.
    fn push(&mut self, entries: Option<impl IntoIterator<Item = T>>) {
        let Some(entries) = entries else {
            self.definition.push(0);
            self.repetition.push(0);
            return;
        };
        let before = self.values.len();
        self.values.extend(entries);
        let added = self.values.len() - before;
        self.definition.extend(std::iter::repeat_n(ENTRY, added));
        self.repetition.extend((0..added).map(|place| i16::from(place > 0)));
    }
}

/// Rows that are not written yet.
#[derive(Default)]
pub(crate) struct RowBuffer {
    split: Vec<ByteArray>,
    episode: Vec<i64>,
    step: Vec<i32>,
    question: Optional<i32>,
    template: Optional<ByteArray>,
    tokens: ListColumn<ByteArray>,
    text: Optional<ByteArray>,
    answer: Optional<ByteArray>,
    belief: ListColumn<f32>,
    cell: ListColumn<f32>,
    headline: Optional<bool>,
    timeline: Optional<bool>,
    seen: Optional<bool>,
    in_view: Optional<bool>,
    steps_since_seen: Optional<i32>,
    most_pixels: Optional<i32>,
}

impl RowBuffer {
    pub(crate) fn len(&self) -> usize {
        self.split.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len() >= MOST_ROWS || 2 * self.belief.values.len() >= MOST_NUMBERS
    }

    /// Adds a row: a belief, a question, or both.
    pub(crate) fn push(
        &mut self,
        (split, episode, step): (SplitPart, u64, u32),
        belief: Option<&FrozenBelief>,
        asked: Option<&AskedRow<'_>>,
    ) {
        let text = |text: &str| ByteArray::from(text);
        self.split.push(text(split.name()));
        self.episode.push(episode.cast_signed());
        self.step.push(step.cast_signed());
        self.question.push(asked.map(|asked| asked.number.cast_signed()));
        self.template.push(asked.map(|asked| text(asked.template)));
        self.tokens.push(asked.map(|asked| asked.tokens.iter().map(|token| text(token))));
        self.text.push(asked.map(|asked| text(asked.text)));
        self.answer.push(asked.map(|asked| text(asked.answer)));
        self.belief.push(belief.map(|belief| belief.hidden().iter().copied()));
        self.cell.push(belief.map(|belief| belief.cell().iter().copied()));
        self.headline.push(asked.map(|asked| asked.headline));
        self.timeline.push(asked.map(|asked| asked.timeline));
        let evidence = asked.map(|asked| asked.evidence);
        self.seen.push(evidence.map(|evidence| evidence.seen));
        self.in_view.push(evidence.map(|evidence| evidence.in_view));
        let steps = evidence.and_then(|evidence| evidence.steps_since_seen);
        self.steps_since_seen.push(steps.map(u32::cast_signed));
        self.most_pixels.push(evidence.map(|evidence| evidence.most_pixels.cast_signed()));
    }

    /// Writes the rows as one row group and forgets them. The order is that of the schema.
    pub(crate) fn write<W: Write + Send>(&mut self, file: &mut SerializedFileWriter<W>) -> Result<(), ParquetError> {
        let rows = std::mem::take(self);
        let mut group = file.next_row_group()?;
        column::<ByteArrayType, _>(&mut group, &rows.split, None, None)?;
        column::<Int64Type, _>(&mut group, &rows.episode, None, None)?;
        column::<Int32Type, _>(&mut group, &rows.step, None, None)?;
        optional::<Int32Type, _>(&mut group, &rows.question)?;
        optional::<ByteArrayType, _>(&mut group, &rows.template)?;
        list::<ByteArrayType, _>(&mut group, &rows.tokens)?;
        optional::<ByteArrayType, _>(&mut group, &rows.text)?;
        optional::<ByteArrayType, _>(&mut group, &rows.answer)?;
        list::<FloatType, _>(&mut group, &rows.belief)?;
        list::<FloatType, _>(&mut group, &rows.cell)?;
        optional::<BoolType, _>(&mut group, &rows.headline)?;
        optional::<BoolType, _>(&mut group, &rows.timeline)?;
        optional::<BoolType, _>(&mut group, &rows.seen)?;
        optional::<BoolType, _>(&mut group, &rows.in_view)?;
        optional::<Int32Type, _>(&mut group, &rows.steps_since_seen)?;
        optional::<Int32Type, _>(&mut group, &rows.most_pixels)?;
        group.close().map(drop)
    }
}

fn optional<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &Optional<T::T>,
) -> Result<(), ParquetError> {
    column::<T, W>(group, &rows.values, Some(&rows.definition), None)
}

fn list<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &ListColumn<T::T>,
) -> Result<(), ParquetError> {
    column::<T, W>(group, &rows.values, Some(&rows.definition), Some(&rows.repetition))
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    definition: Option<&[i16]>,
    repetition: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let next = group.next_column()?;
    let mut column = next.ok_or_else(|| ParquetError::General("the schema has fewer columns".into()))?;
    column.typed::<T>().write_batch(values, definition, repetition)?;
    column.close()
}
