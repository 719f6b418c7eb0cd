//! The messages of an event file, as far as they are used here; fields and numbers from TensorFlow's `event.proto`,
//! `summary.proto` and `tensor.proto`.

use std::time::{SystemTime, UNIX_EPOCH};

use prost::{Message, Oneof};

/// `DataType::DT_STRING`.
const DT_STRING: i32 = 7;
/// `SessionLog::SessionStatus::START`.
const START: i32 = 1;
/// `DataClass::DATA_CLASS_TENSOR`.
pub(super) const DATA_CLASS_TENSOR: i32 = 2;
/// Of `Summary::Image`.
pub(super) const COLORSPACE_RGB: i32 = 3;

/// One record of an event file.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Event {
    /// Seconds since 1970.
    #[prost(double, tag = "1")]
    pub(super) wall_time: f64,
    #[prost(int64, tag = "2")]
    pub(super) step: i64,
    #[prost(oneof = "Content", tags = "3, 5, 7")]
    pub(super) content: Option<Content>,
}

/// What an event tells.
#[derive(Clone, PartialEq, Oneof)]
pub(super) enum Content {
    /// Of the format; stands in the first record.
    #[prost(string, tag = "3")]
    FileVersion(String),
    #[prost(message, tag = "5")]
    Summary(Summary),
    #[prost(message, tag = "7")]
    SessionLog(SessionLog),
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SessionLog {
    #[prost(int32, tag = "1")]
    pub(super) status: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Summary {
    #[prost(message, repeated, tag = "1")]
    pub(super) value: Vec<Value>,
}

/// One named value; exactly one of `simple_value`, `image` and `tensor` is there.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Value {
    #[prost(string, tag = "1")]
    pub(super) tag: String,
    #[prost(float, optional, tag = "2")]
    pub(super) simple_value: Option<f32>,
    #[prost(message, optional, tag = "4")]
    pub(super) image: Option<Image>,
    #[prost(message, optional, tag = "8")]
    pub(super) tensor: Option<TensorProto>,
    #[prost(message, optional, tag = "9")]
    pub(super) metadata: Option<SummaryMetadata>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Image {
    #[prost(int32, tag = "1")]
    pub(super) height: i32,
    #[prost(int32, tag = "2")]
    pub(super) width: i32,
    #[prost(int32, tag = "3")]
    pub(super) colorspace: i32,
    #[prost(bytes = "vec", tag = "4")]
    pub(super) encoded_image_string: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct SummaryMetadata {
    #[prost(message, optional, tag = "1")]
    pub(super) plugin_data: Option<PluginData>,
    #[prost(int32, tag = "4")]
    pub(super) data_class: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct PluginData {
    #[prost(string, tag = "1")]
    pub(super) plugin_name: String,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorProto {
    #[prost(int32, tag = "1")]
    pub(super) dtype: i32,
    #[prost(message, optional, tag = "2")]
    pub(super) tensor_shape: Option<TensorShapeProto>,
    #[prost(bytes = "vec", repeated, tag = "8")]
    pub(super) string_val: Vec<Vec<u8>>,
}

/// Without dimensions: that of a single value.
#[derive(Clone, PartialEq, Message)]
pub(super) struct TensorShapeProto {}

impl Event {
    /// Now.
    pub(super) fn new(step: u64, content: Content) -> Self {
        let wall_time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { wall_time, step: i64::try_from(step).unwrap_or(i64::MAX), content: Some(content) }
    }
}

impl SessionLog {
    pub(super) fn start() -> Self {
        Self { status: START }
    }
}

impl Value {
    pub(super) fn named(tag: &str) -> Self {
        Self { tag: tag.into(), ..Self::default() }
    }

    pub(super) fn scalar(tag: &str, value: f32) -> Self {
        Self { simple_value: Some(value), ..Self::named(tag) }
    }
}

impl TensorProto {
    pub(super) fn text(text: &str) -> Self {
        let string_val = vec![text.as_bytes().to_vec()];
        Self { dtype: DT_STRING, tensor_shape: Some(TensorShapeProto {}), string_val }
    }
}
