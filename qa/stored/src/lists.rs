//! Columns as Parquet stores them, values and levels (Dremel), back into one entry a row.

use std::ops::Range;

use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

/// One row of a column of lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Listed {
    /// No list.
    Null,
    /// A list with a null at this place.
    NullEntry(usize),
    /// A list whose entries lie there among the values.
    Entries(Range<usize>),
}

/// Rows of a column of lists, their entries one after the other.
#[derive(Debug)]
pub(crate) struct Lists<T> {
    values: Vec<T>,
    rows: Vec<Listed>,
}

impl<T> Lists<T> {
    /// Lists that are all null.
    pub(crate) fn absent(num_rows: usize) -> Self {
        Self { values: Vec::new(), rows: vec![Listed::Null; num_rows] }
    }

    /// The same rows, each entry changed.
    pub(crate) fn map<U>(self, change: impl Fn(T) -> U) -> Lists<U> {
        Lists { values: self.values.into_iter().map(change).collect(), rows: self.rows }
    }

    /// A row: `Ok(None)` for null, the place of a null entry as an error.
    pub(crate) fn row(&self, row: usize) -> Result<Option<&[T]>, usize> {
        match self.rows.get(row) {
            None | Some(Listed::Null) => Ok(None),
            Some(Listed::NullEntry(place)) => Err(*place),
            Some(Listed::Entries(range)) => Ok(self.values.get(range.clone())),
        }
    }
}

/// The next `num` rows of a column that has at most one value a row.
pub(crate) fn scalars<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    descriptor: &ColumnDescriptor,
    num: usize,
) -> Result<Vec<Option<T::T>>, ParquetError> {
    let (mut values, mut definition) = (Vec::new(), Vec::new());
    let (rows, ..) = reader.read_records(num, Some(&mut definition), None, &mut values)?;
    whole(rows, num)?;
    if descriptor.max_def_level() == 0 {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(definition
        .into_iter()
        .map(|level| if level == descriptor.max_def_level() { values.next() } else { None })
        .collect())
}

/// The next `num` rows of a column of lists.
pub(crate) fn lists<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    descriptor: &ColumnDescriptor,
    num: usize,
) -> Result<Lists<T::T>, ParquetError> {
    let (mut values, mut definition, mut repetition) = (Vec::new(), Vec::new(), Vec::new());
    let (rows, ..) = reader.read_records(num, Some(&mut definition), Some(&mut repetition), &mut values)?;
    whole(rows, num)?;
    let (value, entry) = (descriptor.max_def_level(), descriptor.repeated_ancestor_def_level());
    let mut listed: Vec<Listed> = Vec::with_capacity(num);
    let (mut used, mut place) = (0, 0);
    for (definition, repetition) in definition.into_iter().zip(repetition) {
        if repetition == 0 {
            place = 0;
            listed.push(if definition + 1 < entry { Listed::Null } else { Listed::Entries(used..used) });
        }
        if definition < entry {
            continue;
        }
        let has_value = definition == value;
        used += usize::from(has_value);
        if let Some(row) = listed.last_mut() {
            match row {
                Listed::Entries(range) if has_value => range.end = used,
                Listed::Entries(_) => *row = Listed::NullEntry(place),
                Listed::Null | Listed::NullEntry(_) => {}
            }
        }
        place += 1;
    }
    whole(listed.len(), num)?;
    Ok(Lists { values, rows: listed })
}

fn whole(found: usize, expected: usize) -> Result<(), ParquetError> {
    if found == expected {
        return Ok(());
    }
    Err(ParquetError::General(format!("a column has {found} rows where {expected} should follow")))
}
