//! Convex polygons: cutting at the near plane, and the columns each row of one covers.

use glam::Vec3;

use crate::camera::{PixelPoint, View};
use crate::frame::ceil_within;
use crate::renderer::NEAR;

/// Corners of a quadrilateral cut by one plane.
const MAX_CORNERS: usize = 5;

/// A convex polygon of at most five corners.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Polygon<T> {
    corners: [T; MAX_CORNERS],
    len: usize,
}

impl<T: Copy> Polygon<T> {
    #[inline(always)]
    fn push(&mut self, corner: T) {
        if let Some(slot) = self.corners.get_mut(self.len) {
            *slot = corner;
            self.len += 1;
        }
    }

    #[inline(always)]
    pub(crate) fn corners(&self) -> &[T] {
        self.corners.get(..self.len).unwrap_or(&[])
    }
}

/// The part of a convex polygon (camera axes, at most four corners) that lies beyond the near plane, in pixels.
/// An edge is always cut from its visible end, so that two faces cut a shared edge at the same point.
#[inline(always)]
pub(crate) fn beyond_near(corners: &[Vec3], view: &View) -> Polygon<PixelPoint> {
    let mut kept = Polygon::default();
    let Some(&last) = corners.last() else { return kept };
    let mut from = last;
    for &to in corners {
        if (from.z >= NEAR) != (to.z >= NEAR) {
            let (inside, outside) = if from.z >= NEAR { (from, to) } else { (to, from) };
            let share = (inside.z - NEAR) / (inside.z - outside.z);
            let mut cut = inside + (outside - inside) * share;
            cut.z = NEAR;
            kept.push(view.to_pixel(cut));
        }
        if to.z >= NEAR {
            kept.push(view.to_pixel(to));
        }
        from = to;
    }
    kept
}

/// First and past-the-last column of each row of a convex polygon.
#[derive(Debug)]
pub(crate) struct Outline {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Outline {
    pub(crate) fn new(height: usize) -> Self {
        Self { starts: vec![0; height], ends: vec![0; height] }
    }

    /// Traces a polygon whose visible side runs counter-clockwise; returns the rows it covers.
    /// Its rows are then read with [`Outline::columns`].
    #[inline(always)]
    pub(crate) fn trace(&mut self, polygon: &Polygon<PixelPoint>, width: usize) -> std::ops::Range<usize> {
        let height = self.starts.len();
        let corners = polygon.corners();
        let (mut top, mut bottom) = (f32::INFINITY, f32::NEG_INFINITY);
        for corner in corners {
            if !(corner.i.is_finite() && corner.j.is_finite()) {
                return 0..0;
            }
            top = if corner.j < top { corner.j } else { top };
            bottom = if corner.j > bottom { corner.j } else { bottom };
        }
        let rows = ceil_within(top, height)..ceil_within(bottom, height);
        let Some(&last) = corners.last() else { return 0..0 };
        if rows.is_empty() {
            return 0..0;
        }
        if let (Some(starts), Some(ends)) = (self.starts.get_mut(rows.clone()), self.ends.get_mut(rows.clone())) {
            starts.fill(0);
            ends.fill(width as u32);
        }
        let mut from = last;
        for &to in corners {
            // Counter-clockwise with rows counted downwards: an edge that goes down the picture bounds it on the left.
            let down = to.j > from.j;
            let (upper, lower) = if down { (from, to) } else { (to, from) };
            let columns = if down { &mut self.starts } else { &mut self.ends };
            let edge_rows = ceil_within(upper.j, height)..ceil_within(lower.j, height);
            let slope = (lower.i - upper.i) / (lower.j - upper.j);
            if let Some(columns) = columns.get_mut(edge_rows.clone()) {
                for (j, column) in edge_rows.zip(columns) {
                    *column = ceil_within(upper.i + (j as i32 as f32 - upper.j) * slope, width) as u32;
                }
            }
            from = to;
        }
        rows
    }

    /// First and past-the-last column of row `j` of the polygon traced last.
    #[inline(always)]
    pub(crate) fn columns(&self, j: usize) -> (usize, usize) {
        match (self.starts.get(j), self.ends.get(j)) {
            (Some(&start), Some(&end)) => (start as usize, (end.max(start)) as usize),
            _ => (0, 0),
        }
    }
}
