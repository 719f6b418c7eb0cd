//! Promised: no bytes make reading panic, be they noise, a damaged file, or a forged one whose checksum is right; what is
//! read is a recording that can be written again; replaying one is an error or a check, whatever its settings and actions
//! are. `recording_memory.rs` promises how much memory reading takes. `fuzz/` looks for more of the same for as long as
//! one likes.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod episodes;

use std::sync::LazyLock;

use episodes::{annotated, sealed, sealed_content};
use groundling_interface::Action;
use groundling_sim::{FormatError, Recording, Replay, ReplayError};
use proptest::prelude::*;
use serde_json::Value;

static GOOD: LazyLock<Recording> = LazyLock::new(annotated);
static GOOD_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| GOOD.to_bytes().unwrap());

/// Reads; what can be read must come back from its own bytes.
fn read(bytes: &[u8]) -> Result<Recording, FormatError> {
    let recording = Recording::from_bytes(bytes)?;
    let again = Recording::from_bytes(&recording.to_bytes().unwrap()).unwrap();
    assert_eq!(again, recording);
    Ok(recording)
}

/// A change of some bytes.
#[derive(Debug, Clone)]
enum Damage {
    Put(prop::sample::Index, u8),
    Number(prop::sample::Index, u32),
    Cut(prop::sample::Index),
    Remove(prop::sample::Index, prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    let number = prop_oneof![Just(0), Just(u32::MAX), Just(1 << 31), 0..2000_u32, any::<u32>()];
    prop_oneof![
        (index(), any::<u8>()).prop_map(|(at, byte)| Damage::Put(at, byte)),
        (index(), number).prop_map(|(at, number)| Damage::Number(at, number)),
        index().prop_map(Damage::Cut),
        (index(), index()).prop_map(|(from, to)| Damage::Remove(from, to)),
        (index(), index()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        (index(), prop::collection::vec(any::<u8>(), 0..40)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

fn apply(damage: &Damage, bytes: &mut Vec<u8>) {
    let place = |index: &prop::sample::Index| index.index(bytes.len() + 1);
    let range = |one: &prop::sample::Index, other: &prop::sample::Index| {
        let (one, other) = (place(one), place(other));
        one.min(other)..one.max(other)
    };
    match damage {
        Damage::Put(at, byte) => {
            let at = place(at);
            if let Some(found) = bytes.get_mut(at) {
                *found = *byte;
            }
        }
        Damage::Number(at, number) => {
            let at = place(at);
            if let Some(found) = bytes.get_mut(at..at + 4) {
                found.copy_from_slice(&number.to_le_bytes());
            }
        }
        Damage::Cut(at) => bytes.truncate(place(at)),
        Damage::Remove(from, to) => {
            bytes.drain(range(from, to));
        }
        Damage::Repeat(from, to) => {
            let range = range(from, to);
            bytes.extend_from_within(range);
        }
        Damage::Insert(at, inserted) => {
            let at = place(at);
            bytes.splice(at..at, inserted.iter().copied());
        }
    }
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(damage(), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_is_no_episode(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read(&bytes).is_err());
        let begun = [&GOOD_BYTES[..12], &bytes].concat();
        prop_assert!(read(&begun).is_err());
    }

    #[test]
    fn a_damaged_file_is_refused_or_whole(damages in damages()) {
        let mut bytes = GOOD_BYTES.clone();
        damages.iter().for_each(|damage| apply(damage, &mut bytes));
        prop_assert_eq!(read(&bytes).is_ok(), bytes == *GOOD_BYTES);
    }

    #[test]
    fn nonsense_under_a_right_checksum_does_no_harm(damages in damages()) {
        let mut content = GOOD_BYTES[20..GOOD_BYTES.len() - 32].to_vec();
        damages.iter().for_each(|damage| apply(damage, &mut content));
        if let Err(error) = read(&sealed_content(&content)) {
            prop_assert!(matches!(error, FormatError::Undecodable { .. }), "{}", error);
        }
    }

}

proptest! {
    // Fewer of those that replay.
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn forged_sections_do_no_harm(section in 0..6_usize, damages in damages()) {
        let bytes = sealed(&GOOD, |sections| damages.iter().for_each(|damage| apply(damage, &mut sections[section])));
        match read(&bytes) {
            // Seldom, and worth a look at what replaying does with it.
            Ok(forged) if section < 4 => drop(Replay::verify(forged)),
            Ok(_) => {}
            Err(error) => prop_assert!(matches!(error, FormatError::Undecodable { .. }), "{}", error),
        }
    }

    #[test]
    fn forged_actions_and_digests_are_found_out(at in 0..12_usize, action in any::<u16>(), bit in 0..96_u32) {
        let mut forged = GOOD.clone();
        forged.actions[at] = Action(action);
        let is_known = forged.config.control.actions.act(Action(action)).is_ok();
        prop_assert_eq!(forged.to_bytes().is_ok(), is_known);
        if !is_known {
            let found = match Replay::verify(forged).unwrap_err() {
                ReplayError::Step { step, .. } => step,
                other => panic!("{other}"),
            };
            prop_assert_eq!(found, at + 1);
        }
        let mut forged = GOOD.clone();
        let digest = &mut forged.digests[at];
        match bit {
            0..64 => digest.state.0 ^= 1 << bit,
            _ => digest.picture.0 ^= 1 << (bit - 64),
        }
        let found = match Replay::verify(forged).unwrap_err() {
            ReplayError::Moved { step, .. } if bit < 64 => step,
            ReplayError::Drawn { step, .. } if bit >= 64 => step,
            other => panic!("{other}"),
        };
        prop_assert_eq!(found, at);
    }
}

/// Every number of the settings, by its path of keys and indices.
fn numbers(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Number(_) => found.push(path.clone()),
        Value::Object(fields) => fields.iter().for_each(|(key, value)| below(key.clone(), value, path, found)),
        Value::Array(values) => (values.iter().enumerate()).for_each(|(i, v)| below(i.to_string(), v, path, found)),
        _ => {}
    }
}

fn below(key: String, value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    path.push(key);
    numbers(value, path, found);
    path.pop();
}

#[test]
fn absurd_settings_under_a_right_checksum_are_errors_or_worlds() {
    let config = serde_json::to_value(&GOOD.config).unwrap();
    let mut paths = Vec::new();
    numbers(&config, &mut Vec::new(), &mut paths);
    assert!(paths.len() > 20, "the settings have numbers");
    let absurd =
        ["-1", "0", "1e-40", "0.5", "7", "100", "65536", "1e38", "1e300", "-0.0", "18446744073709551615", "null"];
    let (mut num_refused, mut num_accepted) = (0, 0);
    for path in paths {
        for number in absurd {
            let mut config = config.clone();
            *config.pointer_mut(&format!("/{}", path.join("/"))).unwrap() = serde_json::from_str(number).unwrap();
            let bytes = sealed(&GOOD, |sections| {
                let mut header: Value = serde_json::from_slice(&sections[0]).unwrap();
                header["config"] = config;
                sections[0] = serde_json::to_vec(&header).unwrap();
            });
            match read(&bytes) {
                Ok(forged) => {
                    num_accepted += 1;
                    drop(Replay::verify(forged));
                }
                Err(error) => {
                    num_refused += 1;
                    assert!(matches!(error, FormatError::Undecodable { .. }), "{path:?} = {number}: {error}");
                }
            }
        }
    }
    assert!(num_refused > 100 && num_accepted > 20, "{num_refused} refused, {num_accepted} accepted");
}
