//! Promised: reading allocates less than four times the file's length and 16 MiB, whatever lengths the bytes claim and
//! whatever their JSON grows to. Measured by an allocator that counts; alone in its file, so that nobody else allocates.

mod episodes;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use episodes::{annotated, config, record, sealed, sealed_content};
use groundling_sim::{Imagination, Recording};
use miniz_oxide::deflate::compress_to_vec;

struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator unchanged; beside it, only two atomic numbers are changed.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(LIVE.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the pointer came from `alloc` above with this layout, and so from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that were held at once while `bytes` were read, beyond what was held before.
fn memory_of_reading(bytes: &[u8]) -> usize {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    drop(Recording::from_bytes(bytes));
    PEAK.load(Relaxed) - before
}

#[test]
fn memory_is_bounded_by_the_length_of_the_file() {
    let good = annotated();
    let long = record(config(900), 2).to_bytes().unwrap();
    assert!(memory_of_reading(&long) > 10_000, "the measure measures something");
    let mut cases = vec![("a long episode", long)];

    // Lengths that lie, of the whole and of each section, with and without a checksum that is right.
    let bytes = good.to_bytes().unwrap();
    for claimed in [u64::MAX, u64::MAX - 52, 1 << 40, (1 << 26) - 52, 1 << 20] {
        let mut lying = bytes.clone();
        lying[12..20].copy_from_slice(&claimed.to_le_bytes());
        cases.push(("a length of the whole", lying));
    }
    let content = &bytes[20..bytes.len() - 32];
    let mut at = 0;
    while let Some(length) = content.get(at..at + 4) {
        for claimed in [u32::MAX, 1 << 31, 1 << 16, 1 << 18, 0] {
            let mut lying = content.to_vec();
            lying[at..at + 4].copy_from_slice(&claimed.to_le_bytes());
            cases.push(("a length of a section", sealed_content(&lying)));
        }
        at += 4 + u32::from_le_bytes(length.try_into().unwrap()) as usize;
    }

    // JSON that grows: as many strings, questions, fields and brackets as find place.
    let repeated = |begin: &str, unit: &str, end: &str, total: usize| {
        let count = (total - begin.len() - end.len()) / unit.len();
        format!("{begin}{}{end}", unit.repeat(count)).into_bytes()
    };
    let (header, questions) = (1 << 16, 1 << 18);
    let text = serde_json::to_string(&good.config).unwrap();
    let (before, after) = text.split_once("\"shapes\":[").unwrap();
    let after = after.trim_start_matches(']');
    let begin = format!(r#"{{"program":"","agent":"","episode_seed":"1","config":{before}"shapes":["#);
    for grown in [
        repeated(&begin, "\"\",", &format!("\"\"]{after}}}"), header),
        repeated("", "[", "", header),
        repeated("", "{\"program\":", "", header),
        repeated("{\"program\":\"", "\\n", "\"}", header),
    ] {
        cases.push(("a header that grows", sealed(&good, |sections| sections[0] = grown)));
    }
    let asked = r#"{"question":"","answer":"","candidates":[""]},"#;
    let asked_nothing = r#"{"question":"","answer":"","candidates":[]},"#;
    let last = asked.trim_end_matches(',');
    for grown in [
        repeated(r#"[{"question":"","answer":"","candidates":["#, "\"\",", "\"\"]}]", questions),
        repeated("[", asked, &format!("{last}]"), questions),
        repeated("[", asked_nothing, &format!("{last}]"), questions),
        repeated("", "[", "", questions),
    ] {
        let forged = sealed(&good, |sections| {
            sections[3] = grown;
            sections[4] = vec![0; 1 << 20];
        });
        cases.push(("questions that grow", forged));
    }
    // Frames that are a thousand times as long as what they are packed to: at the steps left, and far more of them.
    let mut black = good.clone();
    (black.config.camera.width, black.config.camera.height) = (640, 480);
    black.imagined = vec![Imagination::new(0, &vec![vec![0; 640 * 480 * 3]; 13])];
    cases.push(("black frames", black.to_bytes().unwrap()));
    let zeros = |num_frames: usize| compress_to_vec(&vec![0; num_frames * 24 * 18 * 3], 6);
    let entry = |step: u32, num_frames: u32, packed: &[u8]| {
        [&[step, num_frames, packed.len() as u32].map(u32::to_le_bytes).concat(), packed].concat()
    };
    for (what, section) in [
        ("more frames than steps", entry(0, 60_000, &zeros(60_000))),
        ("frames that are not told of", entry(0, 1, &zeros(60_000))),
        ("frames at more than each step", entry(0, 1, &zeros(1)).repeat(100_000)),
    ] {
        cases.push((what, sealed(&good, |sections| sections[5] = section)));
    }
    let mut many = good;
    many.imagined.clear();
    many.config.task.episode_steps = 100_000;
    many.actions = vec![many.actions[0]; 100_000];
    many.digests = vec![many.digests[0]; 100_001];
    for _ in 0..100_000 - 12 {
        many.annotations[0].push_row(&[0.5, 0.5]);
    }
    cases.push(("the longest episode", many.to_bytes().unwrap()));
    let packed = zeros(1);
    let imagined = (0..100_001).flat_map(|step| entry(step, 1, &packed)).collect();
    let imagining = sealed(&many, |sections| sections[5] = imagined);
    assert!(Recording::from_bytes(&imagining).is_ok(), "the longest episode, imagined at every step");
    cases.push(("the longest episode, imagined at every step", imagining));

    for (name, bytes) in cases {
        let (memory, bound) = (memory_of_reading(&bytes), 4 * bytes.len() + (16 << 20));
        assert!(memory < bound, "{name} of {} bytes: {memory} bytes of memory, {bound} promised", bytes.len());
    }
}
