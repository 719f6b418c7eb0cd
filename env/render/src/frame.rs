//! The z-buffer and the face buffer, and the two ways of filling a row's span.
//!
//! Rows are kept in blocks of [`LANES`] pixels, and a span is filled block by block with the pixels outside it left as
//! they are: so even a span of one pixel is one pass through the same vector instructions.

use fearless_simd::{f32x8, mask32x8, prelude::*, u32x8};

use crate::camera::View;

/// Pixels of a block.
pub(crate) const LANES: usize = 8;

/// One value a lane, aligned as vectors are.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
pub(crate) struct Lanes<T>(pub(crate) [T; LANES]);

/// The number of each lane.
const NUMBERS: Lanes<f32> = Lanes([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);

/// The columns of the block that begins at column `first`.
#[inline(always)]
pub(crate) fn columns<S: Simd>(simd: S, first: f32) -> f32x8<S> {
    f32x8::load_array_ref(simd, &NUMBERS.0) + first
}

/// Which face is nearest at each pixel, and how near. Face 0 is the background.
///
/// The last block of a row reaches past the picture's edge where the width is no multiple of [`LANES`]; nothing is
/// written there.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Blocks of a row.
    pub(crate) num_blocks: usize,
    pub(crate) nearness: Vec<Lanes<f32>>,
    pub(crate) faces: Vec<Lanes<u32>>,
}

/// How much farther than what is already there a surface may be and still win: of two surfaces in one plane the later
/// one is seen, whatever the rounding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slack {
    factor: f32,
    offset: f32,
}

impl Slack {
    pub(crate) fn new(view: &View) -> Self {
        if view.perspective { Self { factor: 1.0 + 3e-5, offset: 0.0 } } else { Self { factor: 1.0, offset: 3e-4 } }
    }
}

/// Part of a row: first column, past-the-last column. Not empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) j: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Frame {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let num_blocks = width.div_ceil(LANES);
        let (nearness, faces) = (Lanes([0.0; LANES]), Lanes([0; LANES]));
        Self {
            width,
            height,
            num_blocks,
            nearness: vec![nearness; num_blocks * height],
            faces: vec![faces; num_blocks * height],
        }
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self, view: &View) {
        self.nearness.fill(Lanes([if view.perspective { 0.0 } else { f32::NEG_INFINITY }; LANES]));
        self.faces.fill(Lanes([0; LANES]));
    }

    /// Whether anything of the background is seen.
    #[inline(always)]
    pub(crate) fn has_background<S: Simd>(&self, simd: S) -> bool {
        // What the last block of a row has past the picture's edge is background throughout.
        let outside = (self.num_blocks * LANES - self.width) * self.height;
        let mut counted = 0;
        for Lanes(faces) in &self.faces {
            counted += u32x8::load_array_ref(simd, faces).simd_eq(0).to_bitmask().count_ones() as usize;
            if counted > outside {
                return true;
            }
        }
        false
    }

    /// Writes `face` over the span wherever it is nearer; nearness is given at the first pixel, and its growth a column.
    #[inline(always)]
    pub(crate) fn fill<S: Simd>(&mut self, simd: S, span: Span, at_start: f32, along_i: f32, face: u32) {
        self.fill_where(
            simd,
            span,
            at_start,
            along_i,
            face,
            #[inline(always)]
            |candidate, nearest| candidate.simd_gt(nearest),
        );
    }

    /// The same for a surface: within `slack` it wins, too.
    #[inline(always)]
    pub(crate) fn fill_surface<S: Simd>(
        &mut self,
        simd: S,
        span: Span,
        at_start: f32,
        along_i: f32,
        slack: Slack,
        face: u32,
    ) {
        self.fill_where(
            simd,
            span,
            at_start,
            along_i,
            face,
            #[inline(always)]
            |candidate, nearest| (candidate * slack.factor + slack.offset).simd_gt(nearest),
        );
    }

    #[inline(always)]
    fn fill_where<S: Simd>(
        &mut self,
        simd: S,
        span: Span,
        at_start: f32,
        along_i: f32,
        face: u32,
        wins: impl Fn(f32x8<S>, f32x8<S>) -> mask32x8<S>,
    ) {
        let Span { j, start, end } = span;
        let first = j * self.num_blocks + start / LANES;
        let past = j * self.num_blocks + end.div_ceil(LANES);
        let (Some(nearness), Some(faces)) = (self.nearness.get_mut(first..past), self.faces.get_mut(first..past))
        else {
            return;
        };
        // Columns counted from the span's first one; whole numbers, so exact.
        let mut along = columns(simd, -((start % LANES) as i32 as f32));
        let length = f32x8::splat(simd, (end - start) as i32 as f32);
        let face = u32x8::splat(simd, face);
        for (Lanes(nearness), Lanes(faces)) in nearness.iter_mut().zip(faces) {
            let candidate = along * along_i + at_start;
            let nearest = f32x8::load_array_ref(simd, nearness);
            let is_inside = along.simd_ge(0.0) & along.simd_lt(length);
            let is_nearer = is_inside & wins(candidate, nearest);
            is_nearer.select(candidate, nearest).store_array(nearness);
            is_nearer.select(face, u32x8::load_array_ref(simd, faces)).store_array(faces);
            along += LANES as f32;
        }
    }
}

/// Smallest whole number not below `x`, kept within `0..=limit`; 0 for NaN.
#[inline(always)]
pub(crate) fn ceil_within(x: f32, limit: usize) -> usize {
    let clamped = if x > 0.0 { x } else { 0.0 };
    let limit_f = limit as i32 as f32;
    let clamped = if clamped < limit_f { clamped } else { limit_f };
    // Beside 2^23 a float has no bits for a fraction: the sum holds the nearest whole number in its lowest bits.
    const SHIFT: f32 = 8_388_608.0;
    let shifted = clamped + SHIFT;
    let nearest = (shifted.to_bits() - SHIFT.to_bits()) as usize;
    nearest + usize::from(shifted - SHIFT < clamped)
}

#[cfg(test)]
mod tests {
    use super::ceil_within;

    #[test]
    fn ceilings_stay_within_the_picture() {
        let cases = [(-3.5, 0), (0.0, 0), (0.2, 1), (1.0, 1), (6.999, 7), (7.2, 8), (1e30, 8), (f32::NAN, 0)];
        for (x, expected) in cases {
            assert_eq!(ceil_within(x, 8), expected, "{x}");
        }
        assert_eq!(ceil_within(f32::INFINITY, 8), 8);
        assert_eq!(ceil_within(f32::NEG_INFINITY, 8), 0);
    }
}
