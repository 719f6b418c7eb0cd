//! Colours and patterns of walls and floor.

use rand::{Rng, RngExt};

use super::Finish;
use super::palettes::{PALETTES, Palette};
use crate::config::{RoomConfig, Variation};
use crate::scene::{Pattern, Rgb};

/// A pattern that walls or floors can have.
pub(crate) struct PatternRow {
    /// One plain word.
    pub(crate) name: &'static str,
    /// Least and greatest length of the pattern, metres.
    length: [f32; 2],
    make: fn(f32) -> Pattern,
}

const fn row(name: &'static str, length: [f32; 2], make: fn(f32) -> Pattern) -> PatternRow {
    PatternRow { name, length, make }
}

/// Patterns of walls.
pub(crate) const WALL_PATTERNS: &[PatternRow] = &[
    row("plain", [1.0, 1.0], |_| Pattern::Plain),
    row("checker", [0.3, 0.7], Pattern::Checker),
    row("stripes", [0.15, 0.6], Pattern::Stripes),
    row("bands", [0.2, 0.6], Pattern::Bands),
    row("bricks", [0.14, 0.3], Pattern::Bricks),
    row("planks", [0.2, 0.4], Pattern::Planks),
    row("tiles", [0.25, 0.6], Pattern::Tiles),
    row("diamonds", [0.25, 0.6], Pattern::Diamonds),
    row("dots", [0.3, 0.7], Pattern::Dots),
    row("plaid", [0.25, 0.6], Pattern::Plaid),
    row("zigzag", [0.2, 0.45], Pattern::Zigzag),
    row("wainscot", [0.75, 1.25], Pattern::Wainscot),
];

/// Patterns of floors.
pub(crate) const FLOOR_PATTERNS: &[PatternRow] = &[
    row("plain", [1.0, 1.0], |_| Pattern::Plain),
    row("checker", [0.3, 0.9], Pattern::Checker),
    row("stripes", [0.2, 0.6], Pattern::Stripes),
    row("bricks", [0.2, 0.4], Pattern::Bricks),
    row("planks", [0.14, 0.3], Pattern::Planks),
    row("tiles", [0.35, 0.8], Pattern::Tiles),
    row("diamonds", [0.3, 0.8], Pattern::Diamonds),
    row("dots", [0.4, 0.9], Pattern::Dots),
    row("plaid", [0.3, 0.8], Pattern::Plaid),
    row("zigzag", [0.3, 0.6], Pattern::Zigzag),
    row("parquet", [0.45, 0.9], Pattern::Parquet),
];

/// Darker: a pattern's other colour.
fn shade(color: Rgb, factor: f32) -> Rgb {
    color.map(|component| component * factor)
}

/// Six colours for the walls of a fixed room, each unlike its neighbours.
const FIXED_WALLS: [Rgb; 6] = [
    [0.36, 0.22, 0.18],
    [0.19, 0.29, 0.20],
    [0.20, 0.24, 0.38],
    [0.40, 0.35, 0.18],
    [0.30, 0.20, 0.33],
    [0.22, 0.33, 0.34],
];

/// The rows that `names` chooses, or all when it is empty. Names were checked before.
fn chosen<'a, T>(rows: &'a [T], names: &[String], name: impl Fn(&T) -> &str) -> Vec<&'a T> {
    let is_chosen = |row: &&T| names.is_empty() || names.iter().any(|wanted| wanted == name(row));
    rows.iter().filter(is_chosen).collect()
}

/// One of the rows that `names` chooses.
pub(super) fn choose<'a, T>(rng: &mut impl Rng, rows: &'a [T], names: &[String], name: impl Fn(&T) -> &str) -> &'a T {
    let rows = chosen(rows, names, name);
    rows[rng.random_range(0..rows.len())]
}

pub(super) fn palette(rng: &mut impl Rng, config: &RoomConfig) -> &'static Palette {
    choose(rng, PALETTES, &config.palettes, |palette| palette.name)
}

fn pattern(rng: &mut impl Rng, rows: &'static [PatternRow], names: &[String]) -> Pattern {
    let row = choose(rng, rows, names, |row| row.name);
    (row.make)(rng.random_range(row.length[0]..=row.length[1]))
}

/// A color of the set, and another or a darker one for the pattern.
fn colors(rng: &mut impl Rng, set: &[Rgb]) -> [Rgb; 2] {
    let first = rng.random_range(0..set.len());
    let other = (first + rng.random_range(1..set.len())) % set.len();
    let darker = shade(set[first], rng.random_range(0.55..0.75));
    [set[first], if rng.random_bool(0.5) { darker } else { set[other] }]
}

pub(super) fn walls(rng: &mut impl Rng, config: &RoomConfig, palette: &Palette, count: usize) -> Vec<Finish> {
    if config.walls == Variation::Fixed {
        let finish = |color| Finish { colors: [color, shade(color, 0.72)], pattern: Pattern::Stripes(1.0) };
        return FIXED_WALLS.into_iter().cycle().take(count).map(finish).collect();
    }
    let shared = rng.random_bool(config.shared_walls.into());
    let mut finishes: Vec<Finish> = (0..count)
        .map(|_| {
            let colors = colors(rng, &palette.walls);
            Finish { colors, pattern: pattern(rng, WALL_PATTERNS, &config.wall_patterns) }
        })
        .collect();
    if shared && let Some(&first) = finishes.first() {
        finishes.fill(first);
    }
    finishes
}

pub(super) fn floor(rng: &mut impl Rng, config: &RoomConfig, palette: &Palette) -> Finish {
    if config.floor == Variation::Fixed {
        return Finish { colors: [[0.33, 0.33, 0.33], [0.22, 0.22, 0.22]], pattern: Pattern::Checker(0.5) };
    }
    let colors = colors(rng, &palette.floors);
    Finish { colors, pattern: pattern(rng, FLOOR_PATTERNS, &config.floor_patterns) }
}
