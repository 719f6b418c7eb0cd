//! A damaged file is refused or read; nothing of it brings the program down.

use std::path::PathBuf;

use groundling_stored::{StoredBeliefs, StoredError};
use proptest::prelude::*;

use crate::round_trip::{sample, write};

/// The bytes of a file as Groundling writes it, and a folder for spoilt ones.
fn written() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("beliefs.parquet");
    write(&path, &sample(7, 12, 6));
    let bytes = std::fs::read(&path).unwrap();
    (folder, path, bytes)
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let (_folder, path, bytes) = written();
    let (end, middle) = (bytes.len(), 600..bytes.len() - 600);
    for length in (0..end).filter(|length| !middle.contains(length) || length.is_multiple_of(37)) {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let error = StoredBeliefs::read(&path).unwrap_err();
        let expected = matches!(error, StoredError::NotParquet { .. } | StoredError::Damaged { .. });
        assert!(expected, "cut to {length} bytes: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_with_other_bytes_ends_without_a_panic(changes in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..4)) {
        let (_folder, path, mut bytes) = written();
        for (place, byte) in changes {
            let place = (place * bytes.len() as f64) as usize;
            bytes[place] = byte;
        }
        std::fs::write(&path, &bytes).unwrap();
        if let Err(error) = StoredBeliefs::read(&path) {
            prop_assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}
