//! What an agent imagined at steps of an episode, packed: difference from pixel to pixel, then deflate. Unpacked only frame
//! by frame, so that neither reading a recording nor carrying it about takes the memory of its frames.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

/// Bytes of a pixel.
const PIXEL: usize = 3;
/// The most bytes of all frames of a recording, unpacked: what reading may take the time to look through.
pub(super) const MOST_FRAME_BYTES: usize = 1 << 30;
/// Deflate's usual effort, of 0 to 10; more is slower by more than it is smaller.
const EFFORT: u8 = 6;
/// Bytes that are unpacked at a time when nobody wants them.
const SCRATCH: usize = 1 << 13;

/// What an agent imagined at one step of an episode, from its belief there and the actions that it then took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imagination {
    step: usize,
    num_frames: usize,
    /// Of all frames, unpacked.
    num_bytes: usize,
    packed: Vec<u8>,
}

impl Imagination {
    /// What was imagined at `step`: pictures `[height, width, 3]` of the recording's camera, the first that of `step` itself,
    /// each further one that of the next step.
    pub fn new(step: usize, frames: &[Vec<u8>]) -> Self {
        let mut bytes = Vec::with_capacity(frames.iter().map(Vec::len).sum());
        for frame in frames {
            let (first, others) = frame.split_at(frame.len().min(PIXEL));
            bytes.extend_from_slice(first);
            bytes.extend(others.iter().zip(frame).map(|(byte, before)| byte.wrapping_sub(*before)));
        }
        let packed = compress_to_vec(&bytes, EFFORT);
        Self { step, num_frames: frames.len(), num_bytes: bytes.len(), packed }
    }

    /// The step at which it was imagined, 0 for the first observation.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Frames: one more than steps ahead.
    pub fn num_frames(&self) -> usize {
        self.num_frames
    }

    /// The frames in order, each unpacked when it is asked for.
    pub fn frames(&self) -> impl Iterator<Item = Vec<u8>> {
        let frame_bytes = self.num_bytes.checked_div(self.num_frames).unwrap_or(0);
        let mut unpacking = Unpacking::new(&self.packed);
        (0..self.num_frames).map_while(move |_| {
            let mut frame = vec![0; frame_bytes];
            // What was read or made has all its frames.
            (unpacking.fill(&mut frame)? == frame_bytes).then_some(())?;
            for index in PIXEL..frame_bytes {
                frame[index] = frame[index].wrapping_add(frame[index - PIXEL]);
            }
            Some(frame)
        })
    }

    /// Its packed frames, which are what a file keeps.
    pub(super) fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// Bytes of its frames, unpacked.
    pub(super) fn num_bytes(&self) -> usize {
        self.num_bytes
    }

    /// From what a file keeps. The error says what does not fit together; `most_bytes` is what its frames may be unpacked.
    pub(super) fn from_packed(
        step: usize,
        num_frames: usize,
        frame_bytes: usize,
        packed: &[u8],
        most_bytes: usize,
    ) -> Result<Self, String> {
        let of = |what: String| format!("what was imagined at step {step}: {what}");
        let num_bytes = num_frames.checked_mul(frame_bytes).filter(|&num_bytes| num_bytes <= most_bytes);
        let num_bytes = num_bytes.ok_or_else(|| of(too_many_bytes()))?;
        let found =
            Unpacking::new(packed).count(num_bytes).ok_or_else(|| of("its packed frames are damaged".into()))?;
        if found != num_bytes {
            let than = if found < num_bytes { "less" } else { "more" };
            return Err(of(format!("{than} than {num_frames} frames of {frame_bytes} bytes")));
        }
        Ok(Self { step, num_frames, num_bytes, packed: packed.to_vec() })
    }
}

fn too_many_bytes() -> String {
    format!("frames of more than {MOST_FRAME_BYTES} bytes with those before; imagine at fewer steps")
}

/// What makes no sense in what was imagined in an episode of `num_steps` observations of so many bytes.
pub(super) fn contradiction(imagined: &[Imagination], num_steps: usize, frame_bytes: usize) -> Option<String> {
    let mut before: Option<usize> = None;
    let mut all_bytes = 0_usize;
    for &Imagination { step, num_frames, num_bytes, .. } in imagined {
        let of = |what: String| Some(format!("what was imagined at step {step}: {what}"));
        if let Some(before) = before.filter(|&before| before >= step) {
            return of(format!("it comes after that of step {before}; steps must ascend"));
        }
        let left = num_steps.saturating_sub(step);
        if left == 0 {
            return of(format!("the episode has steps 0 to {}", num_steps.saturating_sub(1)));
        }
        if num_frames == 0 || num_frames > left {
            return of(format!(
                "{num_frames} frames, where there must be 1 to {left}, one for each step from there on"
            ));
        }
        if num_frames.checked_mul(frame_bytes) != Some(num_bytes) {
            return of(format!("{num_bytes} bytes in {num_frames} frames, where each picture has {frame_bytes}"));
        }
        all_bytes = all_bytes.saturating_add(num_bytes);
        if all_bytes > MOST_FRAME_BYTES {
            return of(too_many_bytes());
        }
        before = Some(step);
    }
    None
}

/// Packed bytes as far as they are unpacked.
struct Unpacking<'a> {
    state: Box<InflateState>,
    rest: &'a [u8],
    has_ended: bool,
}

impl<'a> Unpacking<'a> {
    fn new(packed: &'a [u8]) -> Self {
        Self { state: InflateState::new_boxed(DataFormat::Raw), rest: packed, has_ended: false }
    }

    /// Unpacks into `bytes` until they are full or the stream ends: how many were written. None of a damaged stream.
    fn fill(&mut self, bytes: &mut [u8]) -> Option<usize> {
        let mut written = 0;
        while written < bytes.len() && !self.has_ended {
            let done = inflate(&mut self.state, self.rest, bytes.get_mut(written..)?, MZFlush::None);
            self.has_ended = done.status.ok()? == MZStatus::StreamEnd;
            // Whatever the stream is, the loop ends.
            (self.has_ended || done.bytes_consumed + done.bytes_written > 0).then_some(())?;
            self.rest = self.rest.get(done.bytes_consumed..)?;
            written += done.bytes_written;
        }
        Some(written)
    }

    /// How many bytes it unpacks to, or any number above `most` where they are more. None of a damaged stream, and of one
    /// that something follows.
    fn count(mut self, most: usize) -> Option<usize> {
        let mut scratch = [0; SCRATCH];
        let mut found = 0;
        while !self.has_ended && found <= most {
            found += self.fill(&mut scratch)?;
        }
        (found > most || self.rest.is_empty()).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(num_frames: usize, frame_bytes: usize) -> Vec<Vec<u8>> {
        let byte = |frame: usize, index: usize| (frame * 31 + index * index / 7) as u8;
        (0..num_frames).map(|frame| (0..frame_bytes).map(|index| byte(frame, index)).collect()).collect()
    }

    #[test]
    fn frames_come_back_as_they_were() {
        for (num_frames, frame_bytes) in [(1, 3), (3, 12), (2, 3 * 400 * 300), (5, 2), (2, 0), (0, 0)] {
            let frames = frames(num_frames, frame_bytes);
            let imagination = Imagination::new(4, &frames);
            assert_eq!((imagination.step(), imagination.num_frames()), (4, num_frames));
            assert!(imagination.frames().eq(frames), "{num_frames} frames of {frame_bytes} bytes");
            let packed = imagination.packed();
            let read = Imagination::from_packed(4, num_frames, frame_bytes, packed, MOST_FRAME_BYTES);
            assert_eq!(read.as_ref(), Ok(&imagination));
        }
    }

    #[test]
    fn smooth_frames_become_small() {
        let smooth = vec![(0..3 * 96 * 72).map(|index| (index % (3 * 96) / 12) as u8).collect(); 9];
        let imagination = Imagination::new(0, &smooth);
        assert!(imagination.packed().len() < imagination.num_bytes() / 50, "{} bytes", imagination.packed().len());
    }

    #[test]
    fn packed_frames_that_do_not_fit_are_refused() {
        let good = Imagination::new(2, &frames(3, 12));
        let refused = |num_frames, frame_bytes, packed: &[u8], most, words: &str| {
            let error = Imagination::from_packed(2, num_frames, frame_bytes, packed, most).unwrap_err();
            assert!(error.starts_with("what was imagined at step 2: ") && error.contains(words), "{error}");
        };
        refused(4, 12, &good.packed, 1000, "less than 4 frames of 12 bytes");
        refused(2, 12, &good.packed, 1000, "more than 2 frames of 12 bytes");
        refused(3, 12, &good.packed, 35, "more than 1073741824 bytes");
        refused(3, usize::MAX, &good.packed, usize::MAX, "more than 1073741824 bytes");
        refused(3, 12, &good.packed[..good.packed.len() - 1], 1000, "damaged");
        refused(3, 12, &[&good.packed[..], &[0]].concat(), 1000, "damaged");
        refused(3, 12, &[], 1000, "damaged");
        refused(3, 12, &[0xff; 40], 1000, "damaged");
    }
}
