//! Patterns of two colours, evaluated exactly over a pixel's footprint: each is averaged over a box as wide as what the
//! pixel sees, so edges come out smooth and a pattern too fine for the picture fades to its average colour.

use fearless_simd::{f32x8, prelude::*};
use groundling_room::Pattern;

/// Where the pixels of a block land on a surface: pattern coordinates and the widths of their footprints along them,
/// metres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Footprint<S: Simd> {
    pub(crate) s: f32x8<S>,
    pub(crate) t: f32x8<S>,
    pub(crate) width_s: f32x8<S>,
    pub(crate) width_t: f32x8<S>,
}

/// Share of a brick's height that is joint.
const BRICK_JOINT: f32 = 0.12;
/// Share of a board's width that is joint.
const PLANK_JOINT: f32 = 0.06;
/// Length of a board in widths.
const PLANK_LENGTH: f32 = 5.0;
/// Share of a tile's side that is joint.
const TILE_JOINT: f32 = 0.08;
/// Radius of a dot in spacings.
const DOT_RADIUS: f32 = 0.27;
/// How far a zigzag rises, in periods of its bands.
const ZIGZAG_RISE: f32 = 0.5;
/// Boards in a square of parquet; it has that many joints.
const PARQUET_BOARDS: f32 = 4.0;
const PARQUET_JOINT: f32 = 0.1;
/// Share of the second colour in every other square of parquet.
const PARQUET_TONE: f32 = 0.3;

/// Average over `[x - w/2, x + w/2]` of the wave that is +1 in the first half of each unit period and -1 in the second.
#[inline(always)]
fn square_wave<S: Simd>(x: f32x8<S>, w: f32x8<S>) -> f32x8<S> {
    #[inline(always)]
    fn integral<S: Simd>(x: f32x8<S>) -> f32x8<S> {
        (x - x.round_ties_even()).abs()
    }
    (integral(x + 0.5 * w) - integral(x - 0.5 * w)) / w
}

/// Average over the same box of the wave that is 1 in the first `duty` of each unit period and else 0.
#[inline(always)]
fn pulse_wave<S: Simd>(x: f32x8<S>, w: f32x8<S>, duty: f32) -> f32x8<S> {
    #[inline(always)]
    fn integral<S: Simd>(x: f32x8<S>, duty: f32) -> f32x8<S> {
        let whole = x.floor();
        whole * duty + (x - whole).min(duty)
    }
    (integral(x + 0.5 * w, duty) - integral(x - 0.5 * w, duty)) / w
}

/// 1 while rows can be told apart, falling to 0 as the footprint comes to cover a whole one.
#[inline(always)]
fn rows_resolved<S: Simd>(w: f32x8<S>) -> f32x8<S> {
    (1.5 - 1.5 * w).max(0.0).min(1.0)
}

/// A pattern with its lengths made ready.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Weave {
    Plain,
    Checker { per_metre: f32 },
    Stripes { per_metre: f32 },
    Bands { per_metre: f32 },
    Bricks { per_metre: f32 },
    Planks { per_metre: f32 },
    Tiles { per_metre: f32 },
    Diamonds { per_metre: f32 },
    Dots { per_metre: f32 },
    Plaid { per_metre: f32 },
    Zigzag { per_metre: f32 },
    Parquet { per_metre: f32 },
    Wainscot { height: f32 },
    Gradient { per_metre: f32 },
}

impl Weave {
    /// A length that is not positive, or not finite, makes the pattern plain.
    #[inline(always)]
    pub(crate) fn new(pattern: Pattern) -> Self {
        let per = |length: f32| (length > 1e-4 && length < 1e4).then_some(1.0 / length);
        match pattern {
            Pattern::Plain => None,
            Pattern::Checker(side) => per(2.0 * side).map(|per_metre| Self::Checker { per_metre }),
            Pattern::Stripes(width) => per(2.0 * width).map(|per_metre| Self::Stripes { per_metre }),
            Pattern::Bands(height) => per(2.0 * height).map(|per_metre| Self::Bands { per_metre }),
            Pattern::Bricks(height) => per(height).map(|per_metre| Self::Bricks { per_metre }),
            Pattern::Planks(width) => per(width).map(|per_metre| Self::Planks { per_metre }),
            Pattern::Tiles(side) => per(side).map(|per_metre| Self::Tiles { per_metre }),
            Pattern::Diamonds(side) => per(2.0 * side).map(|per_metre| Self::Diamonds { per_metre }),
            Pattern::Dots(spacing) => per(spacing).map(|per_metre| Self::Dots { per_metre }),
            Pattern::Plaid(width) => per(2.0 * width).map(|per_metre| Self::Plaid { per_metre }),
            Pattern::Zigzag(height) => per(2.0 * height).map(|per_metre| Self::Zigzag { per_metre }),
            Pattern::Parquet(side) => per(2.0 * side).map(|per_metre| Self::Parquet { per_metre }),
            Pattern::Wainscot(height) => height.is_finite().then_some(Self::Wainscot { height }),
            Pattern::Gradient(height) => per(height).map(|per_metre| Self::Gradient { per_metre }),
        }
        .unwrap_or(Self::Plain)
    }
}

#[inline(always)]
fn box_width<S: Simd>(width: f32x8<S>, per_metre: f32) -> f32x8<S> {
    // A lower bound keeps the differences above rounding noise; an upper one keeps the arguments small.
    (width * per_metre).max(4e-3).min(64.0)
}

/// No share of the second colour anywhere.
#[inline(always)]
pub(crate) fn plain<S: Simd>(at: Footprint<S>, _: f32) -> f32x8<S> {
    f32x8::splat(at.s.token(), 0.0)
}

/// Share of the second colour in a checker of squares of half a period.
#[inline(always)]
pub(crate) fn checker<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let s = square_wave(at.s * per_metre, box_width(at.width_s, per_metre));
    let t = square_wave(at.t * per_metre, box_width(at.width_t, per_metre));
    0.5 - 0.5 * s * t
}

/// Share of the second colour in stripes across `s`.
#[inline(always)]
pub(crate) fn stripes<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    0.5 - 0.5 * square_wave(at.s * per_metre, box_width(at.width_s, per_metre))
}

/// Share of the second colour in bands across `t`.
#[inline(always)]
pub(crate) fn bands<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    0.5 - 0.5 * square_wave(at.t * per_metre, box_width(at.width_t, per_metre))
}

/// Share of the joints' colour in bricks of height `1 / per_metre`, in running bond.
#[inline(always)]
pub(crate) fn bricks<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let (row_at, row_width) = (at.t * per_metre, box_width(at.width_t, per_metre));
    let along = at.s * (0.5 * per_metre) + 0.5 * row_at.floor();
    let duty = 0.5 * BRICK_JOINT;
    let upright = pulse_wave(along, box_width(at.width_s, 0.5 * per_metre), duty);
    let upright = duty + (upright - duty) * rows_resolved(row_width);
    let level = pulse_wave(row_at, row_width, BRICK_JOINT);
    level + upright - level * upright
}

/// Share of the second colour in boards of width `1 / per_metre` along `s`, every other row shifted by half a board.
#[inline(always)]
pub(crate) fn planks<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let (row_at, row_width) = (at.t * per_metre, box_width(at.width_t, per_metre));
    let per_pair = per_metre * (0.5 / PLANK_LENGTH);
    let along = at.s * per_pair + 0.25 * row_at.floor();
    let boards = square_wave(along, box_width(at.width_s, per_pair)) * rows_resolved(row_width);
    let joints = pulse_wave(row_at, row_width, PLANK_JOINT);
    let board = 0.5 - 0.5 * boards;
    board + joints - board * joints
}

/// Share of the joints' colour in square tiles of side `1 / per_metre`.
#[inline(always)]
pub(crate) fn tiles<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let upright = pulse_wave(at.s * per_metre, box_width(at.width_s, per_metre), TILE_JOINT);
    let level = pulse_wave(at.t * per_metre, box_width(at.width_t, per_metre), TILE_JOINT);
    level + upright - level * upright
}

/// Share of the second colour in a checker that stands on its corners.
#[inline(always)]
pub(crate) fn diamonds<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    use std::f32::consts::FRAC_1_SQRT_2;
    let width = (at.width_s + at.width_t) * FRAC_1_SQRT_2;
    let (s, t) = ((at.s + at.t) * FRAC_1_SQRT_2, (at.t - at.s) * FRAC_1_SQRT_2);
    checker(Footprint { s, t, width_s: width, width_t: width }, per_metre)
}

/// Share of the second colour in discs whose middles are `1 / per_metre` apart.
#[inline(always)]
pub(crate) fn dots<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let (s, t) = (at.s * per_metre, at.t * per_metre);
    let (s, t) = (s - s.floor() - 0.5, t - t.floor() - 0.5);
    let width = 0.5 * (box_width(at.width_s, per_metre) + box_width(at.width_t, per_metre));
    let covered = (0.5 + (DOT_RADIUS - (s * s + t * t).sqrt()) / width).max(0.0).min(1.0);
    let average = std::f32::consts::PI * DOT_RADIUS * DOT_RADIUS;
    average + (covered - average) * rows_resolved(width)
}

/// Share of the second colour in stripes and bands over each other.
#[inline(always)]
pub(crate) fn plaid<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    0.5 * (stripes(at, per_metre) + bands(at, per_metre))
}

/// Share of the second colour in bands that rise and fall once in two of their periods.
#[inline(always)]
pub(crate) fn zigzag<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let along = 0.5 * at.s * per_metre;
    let rise = 2.0 * ZIGZAG_RISE * (along - along.round_ties_even()).abs();
    let width = at.width_t + ZIGZAG_RISE * at.width_s;
    0.5 - 0.5 * square_wave(at.t * per_metre + rise, box_width(width, per_metre))
}

/// Share of the second colour in squares of half a period, of boards that lie along `s` and `t` in turn.
#[inline(always)]
pub(crate) fn parquet<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    let across = checker(at, per_metre);
    let boards = per_metre * (2.0 * PARQUET_BOARDS);
    let level = pulse_wave(at.t * boards, box_width(at.width_t, boards), PARQUET_JOINT);
    let upright = pulse_wave(at.s * boards, box_width(at.width_s, boards), PARQUET_JOINT);
    let joints = level + (upright - level) * across;
    let tone = PARQUET_TONE * across;
    tone + joints - tone * joints
}

/// Share of the second colour, which is below `height`.
#[inline(always)]
pub(crate) fn wainscot<S: Simd>(at: Footprint<S>, height: f32) -> f32x8<S> {
    (0.5 + (height - at.t) / at.width_t.max(1e-4)).max(0.0).min(1.0)
}

/// Share of the second colour, which is reached at height `1 / per_metre`.
#[inline(always)]
pub(crate) fn gradient<S: Simd>(at: Footprint<S>, per_metre: f32) -> f32x8<S> {
    (at.t * per_metre).max(0.0).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector_unit::{VectorUnit, with_vectors};

    /// Calls a pattern with all pixels alike.
    macro_rules! share {
        ($pattern:ident, $at:expr, $per_metre:expr) => {{
            let [s, t, width] = $at;
            with_vectors!(VectorUnit::detect(), simd => {
                let splat = |x: f32| f32x8::splat(simd, x);
                let at = Footprint { s: splat(s), t: splat(t), width_s: splat(width), width_t: splat(width) };
                super::$pattern(at, $per_metre)[0]
            })
        }};
    }

    fn sharp(s: f32, t: f32) -> [f32; 3] {
        [s, t, 1e-4]
    }

    #[test]
    fn near_by_a_pattern_is_sharp() {
        assert!(share!(stripes, sharp(0.25, 0.0), 1.0) < 0.01 && share!(stripes, sharp(0.75, 0.0), 1.0) > 0.99);
        assert!(share!(bands, sharp(0.0, -0.75), 1.0) < 0.01 && share!(bands, sharp(0.0, -0.25), 1.0) > 0.99);
        assert!(share!(checker, sharp(0.2, 0.2), 1.0) < 0.01 && share!(checker, sharp(0.7, 0.2), 1.0) > 0.99);
        assert!(share!(checker, sharp(0.7, 0.7), 1.0) < 0.01 && share!(checker, sharp(-0.2, 0.2), 1.0) > 0.99);
        assert!(share!(bricks, sharp(1.0, 0.5), 1.0) < 0.01 && share!(bricks, sharp(1.0, 0.06), 1.0) > 0.99);
        assert!(share!(bricks, sharp(0.06, 0.5), 1.0) > 0.99 && share!(bricks, sharp(0.06, 1.5), 1.0) < 0.01);
        assert!(share!(planks, sharp(1.0, 0.5), 1.0) < 0.01 && share!(planks, sharp(6.0, 0.5), 1.0) > 0.99);
        assert!(share!(tiles, sharp(0.5, 0.5), 1.0) < 0.01 && share!(tiles, sharp(0.04, 0.5), 1.0) > 0.99);
        assert!(share!(tiles, sharp(0.5, 3.04), 1.0) > 0.99 && share!(tiles, sharp(-0.5, -0.5), 1.0) < 0.01);
        // On its corner, a square reaches 0.7 to the side but not 0.5 to the side and 0.5 up.
        assert!(share!(diamonds, sharp(0.0, 0.35), 1.0) < 0.01 && share!(diamonds, sharp(0.35, 0.0), 1.0) > 0.99);
        assert!(share!(dots, sharp(0.5, 0.5), 1.0) > 0.99 && share!(dots, sharp(0.1, 0.5), 1.0) < 0.01);
        assert!(share!(dots, sharp(-1.5, 7.7), 1.0) > 0.99 && share!(dots, sharp(0.7, 0.71), 1.0) < 0.01);
        assert!(share!(plaid, sharp(0.2, 0.2), 1.0) < 0.01 && share!(plaid, sharp(0.7, 0.7), 1.0) > 0.99);
        assert!((share!(plaid, sharp(0.7, 0.2), 1.0) - 0.5).abs() < 0.01);
        assert!(share!(zigzag, sharp(0.0, 0.25), 1.0) < 0.01 && share!(zigzag, sharp(1.0, 0.25), 1.0) > 0.99);
        assert!(share!(zigzag, sharp(2.0, 0.25), 1.0) < 0.01 && share!(zigzag, sharp(0.0, 0.75), 1.0) > 0.99);
        assert!(share!(parquet, sharp(0.2, 0.2), 1.0) < 0.01 && share!(parquet, sharp(0.2, 0.13), 1.0) > 0.99);
        assert!(
            (share!(parquet, sharp(0.7, 0.13), 1.0) - PARQUET_TONE).abs() < 0.01
                && share!(parquet, sharp(0.63, 0.2), 1.0) > 0.99
        );
        assert!(share!(wainscot, sharp(3.0, 0.9), 1.0) > 0.99 && share!(wainscot, sharp(3.0, 1.1), 1.0) < 0.01);
        assert!(
            (share!(gradient, sharp(3.0, 0.5), 0.5) - 0.25).abs() < 0.01
                && share!(gradient, sharp(3.0, -2.0), 0.5) < 0.01
        );
    }

    /// Averaged over footprints side by side, a pattern is what it is over all of them at once: nothing flickers as it
    /// comes nearer.
    #[test]
    fn finer_footprints_add_up_to_a_coarser_one() {
        let waves: [fn([f32; 3]) -> f32; 11] = [
            |at| share!(checker, at, 0.5),
            |at| share!(stripes, at, 0.5),
            |at| share!(bands, at, 0.5),
            |at| share!(bricks, at, 0.5),
            |at| share!(planks, at, 0.5),
            |at| share!(tiles, at, 0.5),
            |at| share!(diamonds, at, 0.5),
            |at| share!(dots, at, 0.5),
            |at| share!(plaid, at, 0.5),
            |at| share!(zigzag, at, 0.5),
            |at| share!(parquet, at, 0.5),
        ];
        for (index, wave) in waves.into_iter().enumerate() {
            for (s, t) in [(0.3, 0.4), (1.7, -2.2), (-0.8, 5.1)] {
                // Over whole periods of every pattern.
                let whole = wave([s, t, 40.0]);
                let mut sum = 0.0;
                for i in 0..400_u16 {
                    for j in 0..400_u16 {
                        let (s, t) = (s - 20.0 + 0.1 * f32::from(i), t - 20.0 + 0.1 * f32::from(j));
                        sum += f64::from(wave([s, t, 0.1]));
                    }
                }
                let fine = sum / 160_000.0;
                assert!((fine - f64::from(whole)).abs() < 0.02, "pattern {index} at ({s}, {t}): {fine} and {whole}");
            }
        }
    }

    #[test]
    fn far_away_it_is_its_average() {
        let far = [3.3, 1.7, 300.0];
        for share in [share!(stripes, far, 1.0), share!(bands, far, 1.0), share!(checker, far, 1.0)] {
            assert!((share - 0.5).abs() < 0.01, "{share}");
        }
        let joints = BRICK_JOINT + 0.5 * BRICK_JOINT - 0.5 * BRICK_JOINT * BRICK_JOINT;
        assert!((share!(bricks, far, 1.0) - joints).abs() < 0.01);
    }

    #[test]
    fn an_edge_in_the_middle_of_the_footprint_is_half_and_half() {
        let at = [0.5, 0.2, 0.1];
        assert!((share!(stripes, at, 1.0) - 0.5).abs() < 1e-3);
    }

    #[test]
    fn impossible_lengths_are_plain() {
        for length in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(matches!(Weave::new(Pattern::Checker(length)), Weave::Plain));
        }
    }
}
