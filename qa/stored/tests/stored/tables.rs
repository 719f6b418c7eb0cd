//! Parquet files as others write them: any columns, any types, any cells.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use groundling_stored::{StoredBeliefs, StoredError};
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

/// What a column holds; all are nullable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Bytes that need not be text.
    Bytes,
    Whole,
    Fraction,
    Flag,
    Words,
    Floats,
    Doubles,
    OneFloat,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Text(String),
    Bytes(Vec<u8>),
    Whole(i64),
    Fraction(f64),
    Flag(bool),
    Words(Vec<Option<String>>),
    Numbers(Vec<Option<f64>>),
}

pub(crate) fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

pub(crate) fn words(text: &str) -> Cell {
    Cell::Words(text.split(' ').filter(|word| !word.is_empty()).map(|word| Some(word.into())).collect())
}

pub(crate) fn numbers(values: &[f64]) -> Cell {
    Cell::Numbers(values.iter().copied().map(Some).collect())
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<(&'static str, Kind)>,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) metadata: Option<String>,
    pub(crate) compression: Compression,
    pub(crate) rows_a_group: usize,
}

impl Table {
    /// The required columns without rows.
    pub(crate) fn empty() -> Self {
        let columns = vec![
            ("split", Kind::Text),
            ("episode", Kind::Whole),
            ("step", Kind::Whole),
            ("question", Kind::Whole),
            ("template", Kind::Text),
            ("tokens", Kind::Words),
            ("answer", Kind::Text),
            ("belief", Kind::Floats),
        ];
        Self { columns, rows: Vec::new(), metadata: None, compression: Compression::SNAPPY, rows_a_group: 1_000 }
    }

    pub(crate) fn ask(
        &mut self,
        split: &str,
        episode: i64,
        question: i64,
        words_asked: &str,
        answer: &str,
        belief: &[f64],
    ) {
        self.rows.push(vec![
            text(split),
            Cell::Whole(episode),
            Cell::Whole(9),
            Cell::Whole(question),
            text(if words_asked.starts_with("is") { "exist" } else { "color" }),
            words(words_asked),
            text(answer),
            numbers(belief),
        ]);
    }

    /// Five rows with nothing wrong: a train episode with two questions, a validation episode, two test episodes.
    pub(crate) fn good() -> Self {
        let mut table = Self::empty();
        table.ask("train", 0, 0, "is there a bed", "yes", &[1.0, 2.0, 3.0]);
        table.ask("train", 0, 1, "what is the color of the bed", "red", &[1.0, 2.0, 3.0]);
        table.ask("validation", 1, 0, "is there a bed", "no", &[4.0, 5.0, 6.0]);
        table.ask("test", 2, 0, "is there a bed", "yes", &[7.0, 8.0, 9.0]);
        table.ask("test", 3, 0, "what is the color of the bed", "blue", &[0.5, 0.25, -1.0]);
        table
    }

    /// With another cell; rows count from 1.
    pub(crate) fn with(mut self, row: usize, column: &str, cell: Cell) -> Self {
        let place = self.place(column);
        self.rows[row - 1][place] = cell;
        self
    }

    /// With a column, new or in the place of an old one.
    pub(crate) fn with_column(mut self, name: &'static str, kind: Kind, cells: Vec<Cell>) -> Self {
        assert_eq!(cells.len(), self.rows.len());
        self = self.without(name);
        self.columns.push((name, kind));
        self.rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
        self
    }

    pub(crate) fn without(mut self, column: &str) -> Self {
        if let Some(place) = self.columns.iter().position(|(name, _)| *name == column) {
            self.columns.remove(place);
            self.rows.iter_mut().for_each(|row| drop(row.remove(place)));
        }
        self
    }

    pub(crate) fn place(&self, column: &str) -> usize {
        self.columns.iter().position(|(name, _)| *name == column).unwrap()
    }

    pub(crate) fn write(&self, path: &Path) {
        let fields: String = self.columns.iter().map(|(name, kind)| field(name, *kind)).collect();
        let schema = Arc::new(parse_message_type(&format!("message table {{ {fields} }}")).unwrap());
        let metadata = self.metadata.as_ref().map(|text| vec![KeyValue::new("groundling".into(), text.clone())]);
        let properties =
            WriterProperties::builder().set_compression(self.compression).set_key_value_metadata(metadata).build();
        let mut file = SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
        for rows in self.rows.chunks(self.rows_a_group) {
            let mut group = file.next_row_group().unwrap();
            for (place, (_, kind)) in self.columns.iter().enumerate() {
                let cells: Vec<&Cell> = rows.iter().map(|row| &row[place]).collect();
                write_column(&mut group, *kind, &cells);
            }
            group.close().unwrap();
        }
        file.close().unwrap();
    }

    /// Written and read.
    pub(crate) fn read(&self) -> Result<StoredBeliefs, StoredError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("beliefs.parquet");
        self.write(&path);
        StoredBeliefs::read(&path)
    }

    /// Why it is refused, in one line, without the path.
    pub(crate) fn refusal(&self) -> String {
        let message = self.read().unwrap_err().to_string();
        assert!(!message.contains('\n'), "{message}");
        let (_, told) = message.split_once("beliefs.parquet: ").unwrap();
        told.to_owned()
    }
}

fn field(name: &str, kind: Kind) -> String {
    let list = |element: &str| {
        format!("OPTIONAL GROUP {name} (LIST) {{ REPEATED GROUP list {{ OPTIONAL {element} element; }} }}\n")
    };
    match kind {
        Kind::Text => format!("OPTIONAL BYTE_ARRAY {name} (STRING);\n"),
        Kind::Bytes => format!("OPTIONAL BYTE_ARRAY {name};\n"),
        Kind::Whole => format!("OPTIONAL INT64 {name};\n"),
        Kind::Fraction => format!("OPTIONAL DOUBLE {name};\n"),
        Kind::Flag => format!("OPTIONAL BOOLEAN {name};\n"),
        Kind::OneFloat => format!("OPTIONAL FLOAT {name};\n"),
        Kind::Words => list("BYTE_ARRAY").replace("element;", "element (STRING);"),
        Kind::Floats => list("FLOAT"),
        Kind::Doubles => list("DOUBLE"),
    }
}

fn write_column(group: &mut SerializedRowGroupWriter<'_, File>, kind: Kind, cells: &[&Cell]) {
    match kind {
        Kind::Text | Kind::Bytes => flat::<ByteArrayType>(group, cells, |cell| match cell {
            Cell::Text(text) => Some(ByteArray::from(text.as_str())),
            Cell::Bytes(bytes) => Some(ByteArray::from(bytes.clone())),
            _ => None,
        }),
        Kind::Whole => flat::<Int64Type>(group, cells, |cell| match cell {
            Cell::Whole(whole) => Some(*whole),
            _ => None,
        }),
        Kind::Fraction => flat::<DoubleType>(group, cells, |cell| match cell {
            Cell::Fraction(fraction) => Some(*fraction),
            _ => None,
        }),
        Kind::OneFloat => flat::<FloatType>(group, cells, |cell| match cell {
            Cell::Fraction(fraction) => Some(*fraction as f32),
            _ => None,
        }),
        Kind::Flag => flat::<BoolType>(group, cells, |cell| match cell {
            Cell::Flag(flag) => Some(*flag),
            _ => None,
        }),
        Kind::Words => listed::<ByteArrayType>(group, cells, |cell| match cell {
            Cell::Words(words) => Some(words.iter().map(|w| w.as_deref().map(ByteArray::from)).collect()),
            _ => None,
        }),
        Kind::Floats => listed::<FloatType>(group, cells, |cell| match cell {
            Cell::Numbers(numbers) => Some(numbers.iter().map(|number| number.map(|n| n as f32)).collect()),
            _ => None,
        }),
        Kind::Doubles => listed::<DoubleType>(group, cells, |cell| match cell {
            Cell::Numbers(numbers) => Some(numbers.clone()),
            _ => None,
        }),
    }
}

fn flat<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    cells: &[&Cell],
    value: impl Fn(&Cell) -> Option<T::T>,
) {
    let found: Vec<Option<T::T>> = cells.iter().map(|cell| value(cell)).collect();
    let levels: Vec<i16> = found.iter().map(|value| value.is_some().into()).collect();
    let values: Vec<T::T> = found.into_iter().flatten().collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
}

fn listed<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    cells: &[&Cell],
    entries: impl Fn(&Cell) -> Option<Vec<Option<T::T>>>,
) {
    let (mut values, mut definition, mut repetition) = (Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let entries = entries(cell);
        if let Some(list) = entries.as_ref().filter(|list| !list.is_empty()) {
            definition.extend(list.iter().map(|entry| 2 + i16::from(entry.is_some())));
            repetition.extend((0..list.len()).map(|place| i16::from(place > 0)));
        } else {
            definition.push(entries.is_some().into());
            repetition.push(0);
        }
        values.extend(entries.unwrap_or_default().into_iter().flatten());
    }
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<T>().write_batch(&values, Some(&definition), Some(&repetition)).unwrap();
    column.close().unwrap();
}
