//! The z-buffer and the face buffer, and the two ways of filling a row's span.

use crate::camera::View;

/// Which face is nearest at each pixel, and how near. Face 0 is the background.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) nearness: Vec<f32>,
    pub(crate) faces: Vec<u32>,
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

/// Part of a row: first column, past-the-last column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) j: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Frame {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, nearness: vec![0.0; width * height], faces: vec![0; width * height] }
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self, view: &View) {
        self.nearness.fill(if view.perspective { 0.0 } else { f32::NEG_INFINITY });
        self.faces.fill(0);
    }

    /// Whether anything of the background is seen.
    #[inline(always)]
    pub(crate) fn has_background(&self) -> bool {
        // Whole chunks at once, so that they are compared in vectors.
        self.faces.chunks(64).any(|faces| faces.iter().fold(false, |any, &face| any | (face == 0)))
    }

    #[inline(always)]
    fn span(&mut self, span: Span) -> (&mut [f32], &mut [u32]) {
        let row = span.j * self.width;
        let range = row + span.start..row + span.end;
        let nearness = self.nearness.get_mut(range.clone()).unwrap_or(&mut []);
        (nearness, self.faces.get_mut(range).unwrap_or(&mut []))
    }

    /// Writes `face` over the span wherever it is nearer; nearness is given at the first pixel, and its growth a column.
    #[inline(always)]
    pub(crate) fn fill(&mut self, span: Span, at_start: f32, along_i: f32, face: u32) {
        let (stored, faces) = self.span(span);
        for ((k, nearest), slot) in stored.iter_mut().enumerate().zip(faces) {
            let candidate = at_start + k as i32 as f32 * along_i;
            let nearer = candidate > *nearest;
            *nearest = if nearer { candidate } else { *nearest };
            *slot = if nearer { face } else { *slot };
        }
    }

    /// The same for a surface: within `slack` it wins, too.
    #[inline(always)]
    pub(crate) fn fill_surface(&mut self, span: Span, at_start: f32, along_i: f32, slack: Slack, face: u32) {
        let (stored, faces) = self.span(span);
        for ((k, nearest), slot) in stored.iter_mut().enumerate().zip(faces) {
            let candidate = at_start + k as i32 as f32 * along_i;
            let nearer = candidate * slack.factor + slack.offset > *nearest;
            *nearest = if nearer { candidate } else { *nearest };
            *slot = if nearer { face } else { *slot };
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
