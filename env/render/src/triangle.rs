//! Filling one projected triangle of a mesh.
//!
//! An edge is always walked from its upper corner, with the same arithmetic in both triangles that share it, so that
//! their spans meet without crack or overlap.

use fearless_simd::Simd;

use crate::camera::{Linear, PixelPoint};
use crate::frame::{Frame, Span, ceil_within};

/// A triangle that faces the camera and spans at least one row and one column of pixel centres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrontTriangle {
    corners: [PixelPoint; 3],
    inverse_area: f32,
}

#[inline(always)]
fn least(x: f32, y: f32) -> f32 {
    if x < y { x } else { y }
}

#[inline(always)]
fn most(x: f32, y: f32) -> f32 {
    if x > y { x } else { y }
}

impl FrontTriangle {
    /// `None` when the triangle faces away, is degenerate or not finite, or misses every row or column of centres.
    #[inline(always)]
    pub(crate) fn new(corners: [PixelPoint; 3], frame: &Frame) -> Option<Self> {
        let [a, b, c] = corners;
        // Twice the area, positive for corners that run counter-clockwise on the picture (rows count downwards).
        let area = (c.i - a.i) * (b.j - a.j) - (b.i - a.i) * (c.j - a.j);
        if !(area > 0.0 && area < f32::INFINITY) {
            return None;
        }
        let (top, bottom) = (least(least(a.j, b.j), c.j), most(most(a.j, b.j), c.j));
        if ceil_within(top, frame.height) >= ceil_within(bottom, frame.height) {
            return None;
        }
        let (left, right) = (least(least(a.i, b.i), c.i), most(most(a.i, b.i), c.i));
        if ceil_within(left, frame.width) >= ceil_within(right, frame.width) {
            return None;
        }
        Some(Self { corners, inverse_area: 1.0 / area })
    }

    /// Nearness over the picture, relative to the first corner.
    #[inline(always)]
    fn nearness(&self) -> Linear {
        let [a, b, c] = self.corners;
        let (to_b, to_c) = (b.nearness - a.nearness, c.nearness - a.nearness);
        let along_i = (to_c * (b.j - a.j) - to_b * (c.j - a.j)) * self.inverse_area;
        let along_j = (to_b * (c.i - a.i) - to_c * (b.i - a.i)) * self.inverse_area;
        Linear { at: a.nearness, along_i, along_j }
    }

    #[inline(always)]
    pub(crate) fn fill<S: Simd>(&self, simd: S, frame: &mut Frame, face: u32) {
        let nearness = self.nearness();
        let base = self.corners[0];
        let [mut upper, mut middle, mut lower] = self.corners;
        if middle.j < upper.j {
            std::mem::swap(&mut upper, &mut middle);
        }
        if lower.j < middle.j {
            std::mem::swap(&mut middle, &mut lower);
        }
        if middle.j < upper.j {
            std::mem::swap(&mut upper, &mut middle);
        }
        let long = Edge::new(upper, lower);
        let halves = [(Edge::new(upper, middle), upper.j, middle.j), (Edge::new(middle, lower), middle.j, lower.j)];
        for (short, from, to) in halves {
            let (first, past) = (ceil_within(from, frame.height), ceil_within(to, frame.height));
            for j in first..past {
                let row = j as i32 as f32;
                let (x, y) = (long.column(row), short.column(row));
                let (start, end) = (ceil_within(least(x, y), frame.width), ceil_within(most(x, y), frame.width));
                if start < end {
                    let (down, along) = (row - base.j, start as i32 as f32 - base.i);
                    let at_start = nearness.at + down * nearness.along_j + along * nearness.along_i;
                    frame.fill(simd, Span { j, start, end }, at_start, nearness.along_i, face);
                }
            }
        }
    }
}

/// An edge walked downwards from its upper end.
#[derive(Debug, Clone, Copy)]
struct Edge {
    i: f32,
    j: f32,
    slope: f32,
}

impl Edge {
    /// A horizontal edge has no finite slope, and no row that would ask for it.
    #[inline(always)]
    fn new(upper: PixelPoint, lower: PixelPoint) -> Self {
        Self { i: upper.i, j: upper.j, slope: (lower.i - upper.i) / (lower.j - upper.j) }
    }

    #[inline(always)]
    fn column(&self, row: f32) -> f32 {
        self.i + (row - self.j) * self.slope
    }
}
