//! The columns of a file of stored beliefs: their names, and how Groundling writes them.

use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;

pub(crate) const SPLIT: &str = "split";
pub(crate) const EPISODE: &str = "episode";
pub(crate) const STEP: &str = "step";
pub(crate) const QUESTION: &str = "question";
pub(crate) const TEMPLATE: &str = "template";
pub(crate) const TOKENS: &str = "tokens";
pub(crate) const TEXT: &str = "text";
pub(crate) const ANSWER: &str = "answer";
pub(crate) const BELIEF: &str = "belief";
pub(crate) const CELL: &str = "cell";
pub(crate) const HEADLINE: &str = "headline";
pub(crate) const TIMELINE: &str = "timeline";
pub(crate) const SEEN: &str = "seen";
pub(crate) const IN_VIEW: &str = "in_view";
pub(crate) const STEPS_SINCE_SEEN: &str = "steps_since_seen";
pub(crate) const MOST_PIXELS: &str = "most_pixels";

/// Leaves of the lists of numbers, which are stored as their bytes' streams: that compresses floats best.
pub(crate) const NUMBER_LEAVES: [[&str; 3]; 2] = [[BELIEF, "list", "element"], [CELL, "list", "element"]];

/// The definition level of an entry of a list as it is declared below; an empty list has one less, a null two less.
pub(crate) const ENTRY: i16 = 2;

/// The order here is the order in which [`RowBuffer`](crate::row_buffer::RowBuffer) writes.
const MESSAGE: &str = "
message groundling_stored_beliefs {
  REQUIRED BYTE_ARRAY split (STRING);
  REQUIRED INT64 episode (INTEGER(64,false));
  REQUIRED INT32 step (INTEGER(32,false));
  OPTIONAL INT32 question (INTEGER(32,false));
  OPTIONAL BYTE_ARRAY template (STRING);
  OPTIONAL GROUP tokens (LIST) { REPEATED GROUP list { REQUIRED BYTE_ARRAY element (STRING); } }
  OPTIONAL BYTE_ARRAY text (STRING);
  OPTIONAL BYTE_ARRAY answer (STRING);
  OPTIONAL GROUP belief (LIST) { REPEATED GROUP list { REQUIRED FLOAT element; } }
  OPTIONAL GROUP cell (LIST) { REPEATED GROUP list { REQUIRED FLOAT element; } }
  OPTIONAL BOOLEAN headline;
  OPTIONAL BOOLEAN timeline;
  OPTIONAL BOOLEAN seen;
  OPTIONAL BOOLEAN in_view;
  OPTIONAL INT32 steps_since_seen (INTEGER(32,false));
  OPTIONAL INT32 most_pixels (INTEGER(32,false));
}";

pub(crate) fn schema() -> Result<TypePtr, ParquetError> {
    parse_message_type(MESSAGE).map(Arc::new)
}
