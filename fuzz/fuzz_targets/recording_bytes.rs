//! Any bytes are a recording that comes back from its own bytes, or an error.

#![no_main]

use groundling_sim::Recording;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(recording) = Recording::from_bytes(bytes) {
        let again = recording.to_bytes().expect("what was read makes sense");
        assert_eq!(Recording::from_bytes(&again).as_ref(), Ok(&recording));
    }
});
