//! The columns of one row group, read in step.

use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::RowGroupReader;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor};

use crate::leaf::Leaf;
use crate::lists::{Lists, lists, scalars};
use crate::row::{Number, Rows};

/// One column of one row group, or the lack of it.
struct Column(Option<(ColumnReader, ColumnDescPtr)>);

/// One entry for each of [`COLUMNS`](crate::leaf::COLUMNS).
pub(crate) struct ColumnReaders {
    all: Vec<Column>,
}

impl ColumnReaders {
    /// Of the columns at these places of the file.
    pub(crate) fn new(group: &dyn RowGroupReader, leaves: &[Option<Leaf>]) -> Result<Self, ParquetError> {
        let open = |(index, descriptor): &Leaf| {
            group.get_column_reader(*index).map(|reader| (reader, ColumnDescPtr::clone(descriptor)))
        };
        let all = leaves.iter().map(|leaf| leaf.as_ref().map(open).transpose().map(Column));
        Ok(Self { all: all.collect::<Result<_, _>>()? })
    }

    /// The next `num` rows, of which the first has the number `first` in the file.
    pub(crate) fn next(&mut self, first: u64, num: usize) -> Result<Rows, ParquetError> {
        let mut columns = self.all.iter_mut();
        let mut next = || columns.next().ok_or_else(|| ParquetError::General("a column is missing".into()));
        // In the order of `COLUMNS`.
        Ok(Rows {
            first,
            split: next()?.texts(num)?,
            episode: next()?.wholes(num)?,
            step: next()?.wholes(num)?,
            question: next()?.wholes(num)?,
            template: next()?.texts(num)?,
            tokens: next()?.words(num)?,
            text: next()?.texts(num)?,
            answer: next()?.texts(num)?,
            belief: next()?.numbers(num)?,
            cell: next()?.numbers(num)?,
            headline: next()?.flags(num)?,
            timeline: next()?.flags(num)?,
            seen: next()?.flags(num)?,
            in_view: next()?.flags(num)?,
            steps_since_seen: next()?.wholes(num)?,
            most_pixels: next()?.wholes(num)?,
        })
    }
}

impl Column {
    fn texts(&mut self, num: usize) -> Result<Vec<Option<ByteArray>>, ParquetError> {
        match &mut self.0 {
            None => Ok(vec![None; num]),
            Some((ColumnReader::ByteArrayColumnReader(reader), leaf)) => scalars::<ByteArrayType>(reader, leaf, num),
            Some(_) => Err(other_type()),
        }
    }

    fn flags(&mut self, num: usize) -> Result<Vec<Option<bool>>, ParquetError> {
        match &mut self.0 {
            None => Ok(vec![None; num]),
            Some((ColumnReader::BoolColumnReader(reader), leaf)) => scalars::<BoolType>(reader, leaf, num),
            Some(_) => Err(other_type()),
        }
    }

    fn wholes(&mut self, num: usize) -> Result<Vec<Option<Number>>, ParquetError> {
        let Some((reader, leaf)) = &mut self.0 else { return Ok(vec![None; num]) };
        let unsigned = is_unsigned(leaf);
        // The bits of an unsigned number are stored as those of a signed one.
        let of_32 = |value: i32| if unsigned { i128::from(value.cast_unsigned()) } else { value.into() };
        let of_64 = |value: i64| if unsigned { i128::from(value.cast_unsigned()) } else { value.into() };
        match reader {
            ColumnReader::Int32ColumnReader(reader) => numbers(reader, leaf, num, |v| Number::Whole(of_32(v))),
            ColumnReader::Int64ColumnReader(reader) => numbers(reader, leaf, num, |v| Number::Whole(of_64(v))),
            ColumnReader::FloatColumnReader(reader) => numbers(reader, leaf, num, |v| Number::Fraction(v.into())),
            ColumnReader::DoubleColumnReader(reader) => numbers(reader, leaf, num, Number::Fraction),
            _ => Err(other_type()),
        }
    }

    fn words(&mut self, num: usize) -> Result<Lists<ByteArray>, ParquetError> {
        match &mut self.0 {
            None => Ok(Lists::absent(num)),
            Some((ColumnReader::ByteArrayColumnReader(reader), leaf)) => lists::<ByteArrayType>(reader, leaf, num),
            Some(_) => Err(other_type()),
        }
    }

    /// Numbers of 64 bits are rounded to 32; those too large for that become infinite, which no belief may be.
    fn numbers(&mut self, num: usize) -> Result<Lists<f32>, ParquetError> {
        match &mut self.0 {
            None => Ok(Lists::absent(num)),
            Some((ColumnReader::FloatColumnReader(reader), leaf)) => lists(reader, leaf, num),
            Some((ColumnReader::DoubleColumnReader(reader), leaf)) => {
                Ok(lists(reader, leaf, num)?.map(|value: f64| value as f32))
            }
            Some(_) => Err(other_type()),
        }
    }
}

fn numbers<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    leaf: &ColumnDescriptor,
    num: usize,
    number: impl Fn(T::T) -> Number,
) -> Result<Vec<Option<Number>>, ParquetError> {
    Ok(scalars(reader, leaf, num)?.into_iter().map(|value| value.map(&number)).collect())
}

fn other_type() -> ParquetError {
    ParquetError::General("a column changes its type".into())
}

fn is_unsigned(leaf: &ColumnDescriptor) -> bool {
    matches!(leaf.logical_type_ref(), Some(LogicalType::Integer(integer)) if !integer.is_signed)
        || matches!(
            leaf.converted_type(),
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64
        )
}
