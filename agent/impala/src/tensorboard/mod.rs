//! TensorBoard's view of a run: scalars, texts and pictures over the frames learnt from, in `RUN/tensorboard/`.
//!
//! Each process that trains the run begins an event file of its own. Its second record says from which step on earlier
//! files do not count (`SessionLog`): what a process logged behind the checkpoint that the next one resumes from is then
//! forgotten by TensorBoard, as it is by `metrics.jsonl`. A record is written whole, with one call; a process that is
//! killed leaves at most a last record that readers pass over.

mod event_file;
mod messages;
mod records;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::event_file::EventFile;
use self::messages::{Content, Event, Image, PluginData, SessionLog, Summary, SummaryMetadata, TensorProto, Value};
use crate::FileError;

/// A picture for TensorBoard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PngPicture {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// The encoded picture, RGB.
    pub png: Vec<u8>,
}

/// A handle to the event file of this process; clones write to the same file, from any thread.
#[derive(Debug, Clone)]
pub struct TensorBoard {
    file: Arc<Mutex<EventFile>>,
}

impl TensorBoard {
    /// Begins a file in `folder`. `resumed` is the number of frames of the checkpoint that training goes on from; what was
    /// logged behind it, or anything at all if there is none, is declared void.
    pub(crate) fn begin(folder: &Path, resumed: Option<u64>) -> Result<Self, FileError> {
        let mut file = EventFile::create(folder)?;
        file.append(&Event::new(0, Content::FileVersion("brain.Event:2".into())))?;
        // Readers forget steps from the one named here on; those up to the checkpoint stay.
        let first_step = resumed.map_or(0, |frames| frames + 1);
        file.append(&Event::new(first_step, Content::SessionLog(SessionLog::start())))?;
        Ok(Self { file: Arc::new(Mutex::new(file)) })
    }

    /// The values of many series after `frames`.
    pub(crate) fn scalars(&self, frames: u64, series: &BTreeMap<String, f64>) -> Result<(), FileError> {
        let value = |(tag, value): (&String, &f64)| Value::scalar(tag, *value as f32);
        self.summary(frames, series.iter().map(value).collect())
    }

    /// A text, as Markdown, under the name `tag`.
    pub fn text(&self, frames: u64, tag: &str, markdown: &str) -> Result<(), FileError> {
        let plugin = PluginData { plugin_name: "text".into() };
        let metadata = SummaryMetadata { plugin_data: Some(plugin), data_class: messages::DATA_CLASS_TENSOR };
        let value = Value { metadata: Some(metadata), tensor: Some(TensorProto::text(markdown)), ..Value::named(tag) };
        self.summary(frames, vec![value])
    }

    /// A picture under the name `tag`.
    pub fn picture(&self, frames: u64, tag: &str, picture: &PngPicture) -> Result<(), FileError> {
        let image = Image {
            // A PNG has at most 2^31 - 1 rows and columns.
            height: picture.height as i32,
            width: picture.width as i32,
            colorspace: messages::COLORSPACE_RGB,
            encoded_image_string: picture.png.clone(),
        };
        self.summary(frames, vec![Value { image: Some(image), ..Value::named(tag) }])
    }

    fn summary(&self, frames: u64, value: Vec<Value>) -> Result<(), FileError> {
        self.lock().append(&Event::new(frames, Content::Summary(Summary { value })))
    }

    fn lock(&self) -> MutexGuard<'_, EventFile> {
        // A panic elsewhere leaves a whole file behind: records are written with one call.
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
