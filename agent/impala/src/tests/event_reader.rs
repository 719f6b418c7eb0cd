//! A reader of TensorBoard's event files, written from the format's description and sharing nothing with the writer:
//! checksums bit by bit, messages field by field, and what a `SessionLog` declares void is left out.

use std::path::{Path, PathBuf};

/// One value of one event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Logged {
    pub(super) step: u64,
    pub(super) tag: String,
    pub(super) content: LoggedContent,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum LoggedContent {
    Scalar(f32),
    Text(String),
    Picture { width: u64, height: u64, png: Vec<u8> },
}

/// Event files of a folder, in the order in which TensorBoard reads them.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What TensorBoard shows of a folder.
pub(super) fn read(folder: &Path) -> Vec<Logged> {
    let mut shown: Vec<Logged> = Vec::new();
    for file in files(folder) {
        for (number, record) in records(&std::fs::read(&file).unwrap()).into_iter().enumerate() {
            let event = Fields::of(&record);
            let step = event.number(2).unwrap_or(0);
            assert!(f64::from_le_bytes(event.bytes(1).unwrap().try_into().unwrap()) > 1.7e9, "seconds since 1970");
            if number == 0 {
                assert_eq!(event.bytes(3).unwrap(), b"brain.Event:2", "{file:?} must begin with its version");
            }
            if let Some(session) = event.bytes(7) {
                assert_eq!(Fields::of(session).number(1), Some(1), "START");
                shown.retain(|logged| logged.step < step);
            }
            for summary in event.all_bytes(5) {
                shown.extend(Fields::of(summary).all_bytes(1).map(|value| logged(step, &Fields::of(value))));
            }
        }
    }
    shown
}

fn logged(step: u64, value: &Fields<'_>) -> Logged {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let content = if let Some(scalar) = value.bytes(2) {
        LoggedContent::Scalar(f32::from_le_bytes(scalar.try_into().unwrap()))
    } else if let Some(image) = value.bytes(4).map(Fields::of) {
        assert_eq!(image.number(3), Some(3), "RGB");
        let (width, height) = (image.number(2).unwrap(), image.number(1).unwrap());
        LoggedContent::Picture { width, height, png: image.bytes(4).unwrap().to_vec() }
    } else {
        let plugin = Fields::of(Fields::of(value.bytes(9).unwrap()).bytes(1).unwrap());
        assert_eq!(plugin.bytes(1).unwrap(), b"text");
        let tensor = Fields::of(value.bytes(8).unwrap());
        assert_eq!(tensor.number(1), Some(7), "a tensor of strings");
        LoggedContent::Text(text(tensor.bytes(8).unwrap()))
    };
    Logged { step, tag: text(value.bytes(1).unwrap()), content }
}

/// Whole records; one that is cut short at the end is passed over, one that is spoilt fails the test.
fn records(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while let Some((head, rest)) = bytes.split_at_checked(12) {
        let length = u64::from_le_bytes(head[..8].try_into().unwrap());
        assert_eq!(masked(&head[..8]), head[8..], "checksum of a length");
        let Some((body, rest)) = rest.split_at_checked(length as usize + 4) else { break };
        let (content, sum) = body.split_at(length as usize);
        assert_eq!(masked(content), sum, "checksum of a record");
        records.push(content.to_vec());
        bytes = rest;
    }
    records
}

fn masked(bytes: &[u8]) -> [u8; 4] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0x82f6_3b78 } else { 0 };
        }
    }
    let crc = u64::from(!crc);
    (((crc >> 15 | crc << 17) as u32).wrapping_add(0xa282_ead8)).to_le_bytes()
}

/// A protobuf message: field numbers, each with its number or its bytes.
struct Fields<'a>(Vec<(u64, Result<u64, &'a [u8]>)>);

impl<'a> Fields<'a> {
    fn of(mut bytes: &'a [u8]) -> Self {
        let mut fields = Vec::new();
        while !bytes.is_empty() {
            let key = variable_length(&mut bytes);
            let value = match key & 7 {
                0 => Ok(variable_length(&mut bytes)),
                1 => Err(bytes.split_off(..8).unwrap()),
                2 => {
                    let length = variable_length(&mut bytes) as usize;
                    Err(bytes.split_off(..length).unwrap())
                }
                5 => Err(bytes.split_off(..4).unwrap()),
                other => panic!("wire type {other}"),
            };
            fields.push((key >> 3, value));
        }
        Self(fields)
    }

    fn number(&self, field: u64) -> Option<u64> {
        self.0.iter().find_map(|(number, value)| (*number == field).then_some(value.ok()?))
    }

    fn all_bytes(&self, field: u64) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(number, _)| *number == field).filter_map(|(_, value)| value.err())
    }

    fn bytes(&self, field: u64) -> Option<&'a [u8]> {
        self.all_bytes(field).next()
    }
}

fn variable_length(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first().unwrap();
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}
