//! A Parquet file, opened: its columns found and their types checked; then its rows, some at a time.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;

use crate::column_readers::ColumnReaders;
use crate::columns;
use crate::error::StoredError;
use crate::guarded::guarded;
use crate::header::{KEY, StoredHeader};
use crate::leaf::{COLUMNS, Leaf, leaf};
use crate::row::Rows;

/// Rows in memory at a time.
const CHUNK: usize = 256;

const MAGIC: &[u8] = b"PAR1";

/// An open file.
pub(crate) struct Table<'a> {
    path: &'a Path,
    reader: SerializedFileReader<File>,
    /// Index and description of each of [`COLUMNS`] in the file.
    leaves: Vec<Option<Leaf>>,
}

impl<'a> Table<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self, StoredError> {
        let unreadable = |source| StoredError::Unreadable { path: path.into(), source };
        let mut file = File::open(path).map_err(unreadable)?;
        let mut magic = Vec::new();
        Read::by_ref(&mut file).take(MAGIC.len() as u64).read_to_end(&mut magic).map_err(unreadable)?;
        if magic != MAGIC {
            return Err(StoredError::NotParquet { path: path.into() });
        }
        let length = file.metadata().map_err(unreadable)?.len();
        let reader = guarded(|| SerializedFileReader::new(file)).map_err(|error| damaged(path, &error))?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let leaves = COLUMNS.iter().map(|column| leaf(path, schema, *column)).collect::<Result<_, _>>()?;
        let table = Self { path, reader, leaves };
        table.check_columns(length)?;
        Ok(table)
    }

    /// What the file says of itself; nothing if it says nothing.
    pub(crate) fn header(&self) -> Result<StoredHeader, StoredError> {
        let entries = self.reader.metadata().file_metadata().key_value_metadata();
        let entry = entries.and_then(|entries| entries.iter().find(|entry| entry.key == KEY));
        match entry.and_then(|entry| entry.value.as_deref()) {
            None => Ok(StoredHeader::default()),
            Some(text) => {
                StoredHeader::from_json(text).map_err(|reason| StoredError::Header { path: self.path.into(), reason })
            }
        }
    }

    /// Whether the file has questions as lists of words; else the column `text` is split.
    pub(crate) fn has_tokens(&self) -> bool {
        self.leaf_of(columns::TOKENS).is_some()
    }

    /// Whether beliefs have two parts.
    pub(crate) fn has_cell(&self) -> bool {
        self.leaf_of(columns::CELL).is_some()
    }

    /// Calls `visit` with all rows, some at a time.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(&Rows) -> Result<(), StoredError>) -> Result<(), StoredError> {
        let mut first = 1;
        for index in 0..self.reader.num_row_groups() {
            let failed = |error: ParquetError| damaged(self.path, &error);
            let num_rows = self.reader.metadata().row_group(index).num_rows();
            let mut remaining = usize::try_from(num_rows).map_err(|error| failed(ParquetError::from(error)))?;
            let group = guarded(|| self.reader.get_row_group(index)).map_err(failed)?;
            let mut readers = guarded(|| ColumnReaders::new(&*group, &self.leaves)).map_err(failed)?;
            while remaining > 0 {
                let num = remaining.min(CHUNK);
                let rows = guarded(|| readers.next(first, num)).map_err(failed)?;
                visit(&rows)?;
                first += num as u64;
                remaining -= num;
            }
        }
        Ok(())
    }

    fn leaf_of(&self, name: &str) -> Option<&Leaf> {
        let place = COLUMNS.iter().position(|(column, ..)| *column == name)?;
        self.leaves.get(place)?.as_ref()
    }

    /// What the footer says of columns must be true before they are read: the reader believes it, and would panic.
    fn check_columns(&self, file_length: u64) -> Result<(), StoredError> {
        let metadata = self.reader.metadata();
        for group in metadata.row_groups() {
            for (index, _) in self.leaves.iter().flatten() {
                let Some(column) = group.columns().get(*index) else {
                    return Err(damaged(self.path, &"a row group has fewer columns"));
                };
                self.check_codec(column)?;
                let begin = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
                let end = u64::try_from(begin).ok().zip(u64::try_from(column.compressed_size()).ok());
                let end = end.and_then(|(begin, size)| begin.checked_add(size));
                if end.is_none_or(|end| end > file_length) {
                    return Err(damaged(self.path, &"a column lies outside the file"));
                }
            }
        }
        Ok(())
    }

    fn check_codec(&self, column: &ColumnChunkMetaData) -> Result<(), StoredError> {
        let codec = column.compression();
        if matches!(codec, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_)) {
            return Ok(());
        }
        let column = column.column_path().parts().first().cloned().unwrap_or_default();
        // `GZIP(GzipLevel(6))`: the level is the writer's affair.
        let codec = codec.to_string().split('(').next().unwrap_or_default().to_lowercase();
        Err(StoredError::Codec { path: self.path.into(), column, codec })
    }
}

fn damaged(path: &Path, error: &impl ToString) -> StoredError {
    StoredError::Damaged { path: path.into(), reason: error.to_string().replace('\n', " ") }
}
