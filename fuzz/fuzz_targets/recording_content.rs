//! Any content under a right checksum is a recording that can be replayed or refused, or an error.

#![no_main]

use groundling_sim::{FORMAT_VERSION, FormatError, Recording, Replay};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

/// Larger pictures and longer episodes are not replayed: they take time, and teach nothing.
const MOST_PIXELS: usize = 64 * 64;
const MOST_ACTIONS: usize = 16;

fuzz_target!(|content: &[u8]| {
    let length = (content.len() as u64).to_le_bytes();
    let mut bytes = [&b"\x89GREP\r\n\x1a"[..], &FORMAT_VERSION.to_le_bytes(), &length, content].concat();
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    match Recording::from_bytes(&bytes) {
        Ok(recording) => {
            let again = recording.to_bytes().expect("what was read makes sense");
            assert_eq!(Recording::from_bytes(&again).as_ref(), Ok(&recording));
            let camera = recording.config.camera;
            if camera.width * camera.height <= MOST_PIXELS && recording.actions.len() <= MOST_ACTIONS {
                drop(Replay::verify(recording));
            }
        }
        Err(FormatError::Undecodable { .. }) => {}
        Err(other) => panic!("the checksum is right, and yet: {other}"),
    }
});
