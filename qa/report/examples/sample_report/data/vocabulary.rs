//! Templates and answers of the made-up protocol.

use groundling_report::{Swatch, TemplateEntry};

pub(super) const COLORS: [&str; 10] =
    ["red", "green", "blue", "yellow", "purple", "cyan", "orange", "pink", "white", "black"];
const SHAPES: [&str; 50] = [
    "ball",
    "crate",
    "cone",
    "table",
    "ring",
    "bottle",
    "chair",
    "bed",
    "wardrobe",
    "lamp",
    "stool",
    "sofa",
    "ladder",
    "mirror",
    "piano",
    "clock",
    "television",
    "telephone",
    "bath",
    "basin",
    "bin",
    "umbrella",
    "candle",
    "cushion",
    "book stack",
    "top hat",
    "boot",
    "cake",
    "plant",
    "cactus",
    "tree",
    "mushroom",
    "rubber duck",
    "elephant",
    "star",
    "arch",
    "drum",
    "guitar",
    "robot",
    "windmill",
    "car",
    "boat",
    "plane",
    "train",
    "rocket",
    "mug",
    "teapot",
    "vase",
    "barrel",
    "bucket",
];
const COUNTS: [&str; 4] = ["0", "1", "2", "3"];
const YES_NO: [&str; 2] = ["no", "yes"];

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answers {
    Colors,
    Shapes,
    Counts,
    YesNo,
}

const TEMPLATES: [(&str, &str, Answers); 9] = [
    ("color", "What is the color of the <shape>?", Answers::Colors),
    ("shape", "What shape is the <color> object?", Answers::Shapes),
    ("count_shape", "How many <shape> are there?", Answers::Counts),
    ("count_color", "How many <color> objects are there?", Answers::Counts),
    ("exist", "Is there a <shape>?", Answers::YesNo),
    ("compare_n_color", "Are there the same number of <color> objects as <color> objects?", Answers::YesNo),
    ("compare_n_shape", "Are there the same number of <shape> as <shape>?", Answers::YesNo),
    ("near_color", "What is the color of the <shape> near the <shape>?", Answers::Colors),
    ("near_shape", "What is the <color> object near the <shape>?", Answers::Shapes),
];

pub(super) const NUM_TEMPLATES: usize = TEMPLATES.len();

/// All answers, the index of each being its number.
pub(super) fn answers() -> Vec<String> {
    COLORS.iter().chain(&SHAPES).chain(&COUNTS).chain(&YES_NO).map(|&word| word.to_owned()).collect()
}

/// The nine templates; of shapes, the first `num_shapes` are in use.
pub(super) fn templates(num_shapes: usize) -> Vec<TemplateEntry> {
    let entry = |(name, wording, kind): (&str, &str, Answers)| {
        let (first, num) = match kind {
            Answers::Colors => (0, COLORS.len()),
            Answers::Shapes => (COLORS.len(), num_shapes.clamp(2, SHAPES.len())),
            Answers::Counts => (COLORS.len() + SHAPES.len(), COUNTS.len()),
            Answers::YesNo => (COLORS.len() + SHAPES.len() + COUNTS.len(), YES_NO.len()),
        };
        TemplateEntry {
            name: name.into(),
            wording: wording.into(),
            chance: 1.0 / num as f64,
            answers: (first as u16..(first + num) as u16).collect(),
        }
    };
    TEMPLATES.map(entry).into()
}

/// What the colours look like.
pub(super) fn swatches() -> Vec<Swatch> {
    const RGB: [[u8; 3]; 10] = [
        [221, 30, 30],
        [30, 160, 50],
        [34, 70, 221],
        [245, 214, 30],
        [140, 40, 180],
        [30, 200, 210],
        [240, 120, 20],
        [250, 140, 184],
        [245, 245, 245],
        [25, 25, 28],
    ];
    COLORS.iter().zip(RGB).map(|(&word, rgb)| Swatch { word: word.into(), rgb }).collect()
}
