//! The bytes of an `.episode` file, format 3. Numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic |
//! | 4 | version of the format |
//! | 8 | length of the content |
//! | | the content: six sections, each with its length (4 bytes) before it |
//! | | 1. the header as JSON: program, agent, seed, config; at most 64 KiB |
//! | | 2. the actions, 2 bytes each |
//! | | 3. the digests, 12 bytes each: state, picture |
//! | | 4. the questions as JSON: words and candidates; at most 256 KiB |
//! | | 5. the answers' probabilities, 2 bytes each: `[questions][steps + 1, candidates]`, 65,535 is certainty |
//! | | 6. what was imagined, step by step: 4 bytes the step, 4 the number of frames, 4 the length of what follows: the frames as raw deflate of `[frames][height, width, 3]`, where each byte but a frame's first three is its difference from the one of three before |
//! | 32 | SHA-256 of all that |
//!
//! Format 2, which is read too, is the same without section 6.
//!
//! 900 steps without questions are about 15 kB. A length is believed only where the bytes are there, and what the JSON
//! of a section can grow to is bounded by the section's own bound. Frames are looked through and stay packed: decoding
//! allocates less than four times the length of the bytes and 16 MiB, whatever they are, and unpacks at most 1 GiB.

use groundling_interface::Action;
use sha2::{Digest, Sha256};

use super::header::Header;
use super::imagination::MOST_FRAME_BYTES;
use super::{
    Annotation, Asked, FORMAT_VERSION, FormatError, Imagination, OLDEST_FORMAT, PROGRAM, PictureDigest, Recording,
    StateDigest, StepDigest, frame_bytes,
};

/// Not text, and spoilt by a transfer that changes line ends, after the manner of PNG.
const MAGIC: [u8; 8] = *b"\x89GREP\r\n\x1a";
/// Magic, version and length of the content.
pub(super) const PREFIX: usize = 20;
const CHECKSUM: usize = 32;
const DIGEST: usize = 12;
/// What no episode reaches, bytes of the whole file.
const LONGEST: u64 = 1 << 26;
const LONGEST_HEADER: usize = 1 << 16;
const LONGEST_QUESTIONS: usize = 1 << 18;
/// The first format with what was imagined.
const WITH_IMAGINED: u32 = 3;

impl Recording {
    /// The bytes of its file. The error says what makes no sense in it, or that it is too long to be kept.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        if let Some(contradiction) = self.contradiction() {
            return Err(contradiction);
        }
        let header = json("its header", &Header::of(self), LONGEST_HEADER)?;
        let asked: Vec<&Asked> = self.annotations.iter().map(|annotation| &annotation.asked).collect();
        let questions = json("the questions", &asked, LONGEST_QUESTIONS)?;
        let actions = self.actions.iter().flat_map(|action| action.0.to_le_bytes()).collect();
        let digest = |digest: &StepDigest| {
            let mut bytes = [0; DIGEST];
            bytes[..8].copy_from_slice(&digest.state.0.to_le_bytes());
            bytes[8..].copy_from_slice(&digest.picture.0.to_le_bytes());
            bytes
        };
        let digests = self.digests.iter().flat_map(digest).collect();
        let probabilities = self.annotations.iter().flat_map(Annotation::kept).flat_map(u16::to_le_bytes).collect();
        let imagined: Vec<u8> = self.imagined.iter().flat_map(imagination_bytes).collect();

        let num_imagined = imagined.len();
        let sections: [Vec<u8>; 6] = [header, actions, digests, questions, probabilities, imagined];
        let content: usize = sections.iter().map(|section| 4 + section.len()).sum();
        let total = (PREFIX + content + CHECKSUM) as u64;
        if total > LONGEST {
            let remedy = if num_imagined > content / 2 { "imagine at fewer steps" } else { "ask fewer questions" };
            return Err(format!(
                "{total} bytes, {num_imagined} of them imagined frames, where {LONGEST} is the most; {remedy}"
            ));
        }
        let mut bytes = Vec::with_capacity(total as usize);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&(content as u64).to_le_bytes());
        for section in sections {
            // Less than LONGEST.
            bytes.extend_from_slice(&(section.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&section);
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        Ok(bytes)
    }

    /// The recording whose file has these bytes, if it is whole and unchanged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Recording, FormatError> {
        let expected = expected_length(bytes.get(..PREFIX).unwrap_or(bytes))?;
        check_length(bytes.len() as u64, expected)?;
        let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(FormatError::Altered)?;
        if Sha256::digest(content).as_slice() != checksum {
            return Err(FormatError::Altered);
        }
        let (prefix, content) = content.split_at_checked(PREFIX).ok_or(FormatError::Altered)?;
        let version = number(prefix, 8).map(u32::from_le_bytes).ok_or(FormatError::Altered)?;
        decode(content, version).map_err(|reason| FormatError::Undecodable { reason })
    }
}

fn json(what: &str, value: &impl serde::Serialize, longest: usize) -> Result<Vec<u8>, String> {
    let bytes = serde_json::to_vec(value).map_err(|error| format!("{what}: {error}"))?;
    if bytes.len() > longest {
        return Err(format!("{what}: {} bytes, where {longest} is the most", bytes.len()));
    }
    Ok(bytes)
}

/// The length that the whole file should have, from its first bytes (`PREFIX` of them, if there are so many).
pub(super) fn expected_length(prefix: &[u8]) -> Result<u64, FormatError> {
    let found = prefix.len() as u64;
    if prefix.is_empty() || !MAGIC.starts_with(&prefix[..prefix.len().min(MAGIC.len())]) {
        return Err(FormatError::NotAnEpisode);
    }
    let (Some(version), Some(content)) = (number(prefix, 8), number(prefix, 12)) else {
        return Err(FormatError::CutShort { found, expected: (PREFIX + CHECKSUM) as u64 });
    };
    match u32::from_le_bytes(version) {
        OLDEST_FORMAT..=FORMAT_VERSION => {}
        // There never was one.
        0 => return Err(FormatError::Altered),
        found if found > FORMAT_VERSION => return Err(FormatError::TooNew { found }),
        found => return Err(FormatError::TooOld { found }),
    }
    let expected = u64::from_le_bytes(content).saturating_add((PREFIX + CHECKSUM) as u64);
    if expected > LONGEST { Err(FormatError::Altered) } else { Ok(expected) }
}

/// Whether the file has the length that its first bytes tell.
pub(super) fn check_length(found: u64, expected: u64) -> Result<(), FormatError> {
    match found {
        _ if found < expected => Err(FormatError::CutShort { found, expected }),
        _ if found > expected => Err(FormatError::Altered),
        _ => Ok(()),
    }
}

fn number<const N: usize>(bytes: &[u8], start: usize) -> Option<[u8; N]> {
    bytes.get(start..)?.first_chunk().copied()
}

fn decode(mut content: &[u8], version: u32) -> Result<Recording, String> {
    let header = section(&mut content, "its header", LONGEST_HEADER)?;
    let actions = section(&mut content, "the actions", usize::MAX)?;
    let digests = section(&mut content, "the digests", usize::MAX)?;
    let questions = section(&mut content, "the questions", LONGEST_QUESTIONS)?;
    let probabilities = section(&mut content, "the probabilities", usize::MAX)?;
    let imagined = match version {
        WITH_IMAGINED.. => section(&mut content, "what was imagined", usize::MAX)?,
        _ => &[],
    };
    if !content.is_empty() {
        return Err(format!("{} bytes after the last section", content.len()));
    }
    let Header { program, agent, episode_seed, config } = Header::decode(header)?;
    let actions = chunks("the actions", actions)?.iter().map(|&action| Action(u16::from_le_bytes(action))).collect();
    let digests: Vec<StepDigest> = chunks("the digests", digests)?.iter().map(digest).collect();
    let asked: Vec<Asked> = serde_json::from_slice(questions).map_err(|error| format!("the questions: {error}"))?;
    let mut kept = chunks("the probabilities", probabilities)?;
    let mut annotations = Vec::with_capacity(asked.len());
    for asked in asked {
        let num_kept = asked.candidates.len().checked_mul(digests.len());
        let (own, others) = num_kept
            .and_then(|num_kept| kept.split_at_checked(num_kept))
            .ok_or_else(|| format!("too few probabilities for the question {:?}", asked.question))?;
        annotations.push(Annotation::from_kept(asked, own.iter().map(|&kept| u16::from_le_bytes(kept))));
        kept = others;
    }
    if !kept.is_empty() {
        return Err(format!("{} probabilities that no question asked for", kept.len()));
    }
    let imagined = decode_imagined(imagined, digests.len(), frame_bytes(&config))?;
    let recording = Recording { program, config, episode_seed, agent, actions, digests, annotations, imagined };
    match recording.contradiction() {
        None => Ok(recording),
        Some(contradiction) if recording.program == PROGRAM => Err(contradiction),
        Some(contradiction) => Err(format!("{contradiction} (recorded by {}, read by {PROGRAM})", recording.program)),
    }
}

fn imagination_bytes(imagination: &Imagination) -> Vec<u8> {
    let packed = imagination.packed();
    // Steps and frames are fewer than an episode has, and a length that is more than a file's is refused with its total.
    let numbers = [imagination.step(), imagination.num_frames(), packed.len()];
    numbers.into_iter().flat_map(|number| (number as u32).to_le_bytes()).chain(packed.iter().copied()).collect()
}

/// What was imagined in an episode of `num_steps` observations of so many bytes.
fn decode_imagined(mut bytes: &[u8], num_steps: usize, frame_bytes: usize) -> Result<Vec<Imagination>, String> {
    let mut imagined: Vec<Imagination> = Vec::new();
    let mut bytes_left = MOST_FRAME_BYTES;
    while !bytes.is_empty() {
        // More than one a step is refused before it takes memory.
        if imagined.len() >= num_steps {
            return Err(format!("more was imagined than at {num_steps} steps"));
        }
        let (step, rest) = bytes.split_first_chunk().ok_or("what was imagined: half a number at its end")?;
        let (num_frames, rest) = rest.split_first_chunk().ok_or("what was imagined: half a number at its end")?;
        bytes = rest;
        let packed = section(&mut bytes, "what was imagined at a step", usize::MAX)?;
        let [step, num_frames] = [step, num_frames].map(|number| u32::from_le_bytes(*number) as usize);
        let imagination = Imagination::from_packed(step, num_frames, frame_bytes, packed, bytes_left)?;
        bytes_left -= imagination.num_bytes();
        imagined.push(imagination);
    }
    Ok(imagined)
}

/// Takes a section from the front of `content`.
fn section<'a>(content: &mut &'a [u8], what: &str, longest: usize) -> Result<&'a [u8], String> {
    let missing = || format!("{what}: longer than all that follows");
    let (length, rest) = content.split_first_chunk::<4>().ok_or_else(missing)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > longest {
        return Err(format!("{what}: {length} bytes, where {longest} is the most"));
    }
    let (section, rest) = rest.split_at_checked(length).ok_or_else(missing)?;
    *content = rest;
    Ok(section)
}

fn chunks<'a, const N: usize>(what: &str, section: &'a [u8]) -> Result<&'a [[u8; N]], String> {
    match section.as_chunks() {
        (chunks, []) => Ok(chunks),
        _ => Err(format!("{what}: {} bytes, which is no multiple of {N}", section.len())),
    }
}

fn digest(bytes: &[u8; DIGEST]) -> StepDigest {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = *bytes;
    StepDigest {
        state: StateDigest(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
        picture: PictureDigest(u32::from_le_bytes([i, j, k, l])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WorldConfig;

    /// Deflate's block of bytes as they are.
    fn stored(bytes: &[u8], is_last: bool) -> Vec<u8> {
        let length = bytes.len() as u16;
        [&[u8::from(is_last)], &length.to_le_bytes()[..], &(!length).to_le_bytes(), bytes].concat()
    }

    #[test]
    fn more_than_a_file_may_hold_is_refused_with_a_remedy() {
        let mut config = WorldConfig::default();
        (config.camera.width, config.camera.height) = (640, 480);
        let frame_bytes = frame_bytes(&config);
        let blocks = |num_frames: usize| -> Vec<u8> {
            let bytes = vec![7; num_frames * frame_bytes];
            let blocks = bytes.chunks(1 << 15).flat_map(|chunk| stored(chunk, false));
            blocks.chain(stored(&[], true)).collect()
        };
        let (num_actions, num_frames) = (100, 8);
        let packed = blocks(num_frames);
        let imagined = |step| Imagination::from_packed(step, num_frames, frame_bytes, &packed, MOST_FRAME_BYTES);
        let digest = StepDigest { state: StateDigest(1), picture: PictureDigest(2) };
        let mut recording = Recording {
            program: PROGRAM.into(),
            config,
            episode_seed: 1,
            agent: "dreamer".into(),
            actions: vec![Action(0); num_actions],
            digests: vec![digest; num_actions + 1],
            annotations: Vec::new(),
            imagined: (0..9).map(|step| imagined(step).unwrap()).collect(),
        };
        assert!(recording.to_bytes().is_ok_and(|bytes| bytes.len() > 8 * num_frames * frame_bytes));
        recording.imagined.push(imagined(9).unwrap());
        let error = recording.to_bytes().err().unwrap();
        assert!(error.contains("of them imagined frames, where 67108864 is the most; imagine at fewer"), "{error}");
    }
}
