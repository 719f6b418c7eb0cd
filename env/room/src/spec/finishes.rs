//! Colours and patterns of walls, floor and ceiling. All are muted, so that the objects stand out.

use rand::{Rng, RngExt};

use super::Finish;
use crate::config::Variation;
use crate::scene::{Pattern, Rgb};

const CEILING: Rgb = [0.62, 0.61, 0.58];

/// Darker, a stripe's other colour.
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

/// Colours that walls and floors are drawn from.
const PALETTE: [Rgb; 12] = [
    [0.42, 0.30, 0.24],
    [0.26, 0.34, 0.24],
    [0.24, 0.30, 0.42],
    [0.46, 0.41, 0.27],
    [0.36, 0.26, 0.38],
    [0.25, 0.38, 0.38],
    [0.48, 0.46, 0.43],
    [0.30, 0.29, 0.28],
    [0.44, 0.34, 0.36],
    [0.20, 0.22, 0.26],
    [0.38, 0.36, 0.22],
    [0.28, 0.20, 0.16],
];

fn choose<T: Copy, const N: usize>(rng: &mut impl Rng, choices: [T; N]) -> T {
    choices[rng.random_range(0..N)]
}

fn wall_finish(rng: &mut impl Rng) -> Finish {
    let color = choose(rng, PALETTE);
    let pattern = choose(
        rng,
        [
            Pattern::Plain,
            Pattern::Stripes(0.25),
            Pattern::Stripes(0.6),
            Pattern::Bands(0.4),
            Pattern::Checker(0.5),
            Pattern::Bricks(0.2),
            Pattern::Planks(0.3),
        ],
    );
    let other = if rng.random_bool(0.5) { shade(color, 0.6) } else { choose(rng, PALETTE) };
    Finish { colors: [color, other], pattern }
}

pub(super) fn walls(rng: &mut impl Rng, variation: Variation, count: usize) -> Vec<Finish> {
    if variation == Variation::Fixed {
        let finish = |color| Finish { colors: [color, shade(color, 0.72)], pattern: Pattern::Stripes(1.0) };
        return FIXED_WALLS.into_iter().cycle().take(count).map(finish).collect();
    }
    if rng.random_bool(0.5) {
        let finish = wall_finish(rng);
        return vec![finish; count];
    }
    (0..count).map(|_| wall_finish(rng)).collect()
}

pub(super) fn floor(rng: &mut impl Rng, variation: Variation) -> Finish {
    if variation == Variation::Fixed {
        return Finish { colors: [[0.33, 0.33, 0.33], [0.22, 0.22, 0.22]], pattern: Pattern::Checker(0.5) };
    }
    let color = choose(rng, PALETTE);
    let pattern = choose(
        rng,
        [Pattern::Plain, Pattern::Checker(0.4), Pattern::Checker(0.8), Pattern::Planks(0.2), Pattern::Bricks(0.3)],
    );
    Finish { colors: [color, shade(color, 0.65)], pattern }
}

pub(super) fn ceiling() -> Rgb {
    CEILING
}

pub(super) fn door(rng: &mut impl Rng) -> Finish {
    let color = choose(rng, [[0.32, 0.17, 0.08], [0.50, 0.48, 0.44], [0.12, 0.16, 0.22], [0.16, 0.24, 0.17]]);
    Finish { colors: [color, shade(color, 0.6)], pattern: Pattern::Stripes(0.185) }
}

pub(super) fn sky(rng: &mut impl Rng) -> Finish {
    let color = choose(rng, [[0.45, 0.65, 0.90], [0.70, 0.75, 0.80], [0.85, 0.62, 0.42]]);
    Finish { colors: [color, color], pattern: Pattern::Plain }
}
