//! Finds the columns of a file and checks what they hold.

use std::path::Path;

use parquet::basic::{ConvertedType, Type as PhysicalType};
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, SchemaDescriptor};

use crate::columns;
use crate::error::StoredError;

/// A column in the file: its index, and how it is stored.
pub(crate) type Leaf = (usize, ColumnDescPtr);

/// What a column must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Text,
    Whole,
    Flag,
    Words,
    Numbers,
}

/// Every column, what it must hold, and whether it may be missing.
pub(crate) const COLUMNS: [(&str, Content, bool); 16] = [
    (columns::SPLIT, Content::Text, false),
    (columns::EPISODE, Content::Whole, false),
    (columns::STEP, Content::Whole, false),
    (columns::QUESTION, Content::Whole, false),
    (columns::TEMPLATE, Content::Text, false),
    (columns::TOKENS, Content::Words, true),
    (columns::TEXT, Content::Text, true),
    (columns::ANSWER, Content::Text, false),
    (columns::BELIEF, Content::Numbers, false),
    (columns::CELL, Content::Numbers, true),
    (columns::HEADLINE, Content::Flag, true),
    (columns::TIMELINE, Content::Flag, true),
    (columns::SEEN, Content::Flag, true),
    (columns::IN_VIEW, Content::Flag, true),
    (columns::STEPS_SINCE_SEEN, Content::Whole, true),
    (columns::MOST_PIXELS, Content::Whole, true),
];

/// Finds a column and checks what it holds.
pub(crate) fn leaf(
    path: &Path,
    schema: &SchemaDescriptor,
    (name, content, may_be_missing): (&'static str, Content, bool),
) -> Result<Option<Leaf>, StoredError> {
    let leaves: Vec<usize> =
        (0..schema.num_columns()).filter(|&leaf| schema.get_column_root(leaf).name() == name).collect();
    let (expected, fits): (_, fn(&ColumnDescriptor, bool) -> bool) = match content {
        Content::Text => ("strings", |leaf, _| is_text(leaf) && leaf.max_rep_level() == 0),
        Content::Whole => ("whole numbers", |leaf, _| is_number(leaf) && leaf.max_rep_level() == 0),
        Content::Flag => {
            ("booleans", |leaf, _| leaf.physical_type() == PhysicalType::BOOLEAN && leaf.max_rep_level() == 0)
        }
        Content::Words => ("lists of strings", |leaf, is_flat| is_text(leaf) && leaf.max_rep_level() == 1 && !is_flat),
        Content::Numbers => {
            ("lists of 32-bit floats", |leaf, is_flat| is_float(leaf) && leaf.max_rep_level() == 1 && !is_flat)
        }
    };
    match leaves.as_slice() {
        [] if may_be_missing && (name != columns::TEXT || has(schema, columns::TOKENS)) => Ok(None),
        [] => {
            let names = schema.root_schema().get_fields().iter().map(|field| field.name().escape_debug().to_string());
            let found = names.take(20).collect::<Vec<_>>().join(", ");
            // Whoever has neither is told of the one that is more exact.
            let column = if name == columns::TEXT { columns::TOKENS } else { name };
            Err(StoredError::MissingColumn { path: path.into(), column, found })
        }
        [index] if fits(&schema.column(*index), schema.get_column_root(*index).is_primitive()) => {
            Ok(Some((*index, schema.column(*index))))
        }
        [index, ..] => {
            let leaf = schema.column(*index);
            let element = match leaf.converted_type() {
                ConvertedType::NONE => leaf.physical_type().to_string().to_lowercase(),
                converted => converted.to_string().to_lowercase(),
            };
            let found = match (leaves.len(), leaf.max_rep_level()) {
                (1, 0) => element,
                (1, 1) => format!("lists of {element}"),
                (1, _) => format!("lists of lists of {element}"),
                _ => "several fields".into(),
            };
            Err(StoredError::WrongType { path: path.into(), column: name, found, expected })
        }
    }
}

fn has(schema: &SchemaDescriptor, name: &str) -> bool {
    schema.root_schema().get_fields().iter().any(|field| field.name() == name)
}

fn is_text(leaf: &ColumnDescriptor) -> bool {
    leaf.physical_type() == PhysicalType::BYTE_ARRAY && leaf.converted_type() != ConvertedType::DECIMAL
}

fn is_float(leaf: &ColumnDescriptor) -> bool {
    matches!(leaf.physical_type(), PhysicalType::FLOAT | PhysicalType::DOUBLE)
}

fn is_number(leaf: &ColumnDescriptor) -> bool {
    use ConvertedType::{INT_8, INT_16, INT_32, INT_64, NONE, UINT_8, UINT_16, UINT_32, UINT_64};
    let is_integer = matches!(leaf.physical_type(), PhysicalType::INT32 | PhysicalType::INT64)
        && matches!(
            leaf.converted_type(),
            NONE | INT_8 | INT_16 | INT_32 | INT_64 | UINT_8 | UINT_16 | UINT_32 | UINT_64
        );
    is_integer || is_float(leaf)
}
