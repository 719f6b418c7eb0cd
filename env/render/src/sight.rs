//! What the pixels of a row see of a surface: pattern coordinates and footprints.

use fearless_simd::{f32x8, prelude::*};

use crate::camera::Functional;
use crate::pattern::Footprint;
use crate::surface::ReadySurface;

/// One row's view of a surface. In an orthographic picture (`!PERSPECTIVE`) depth is linear over the picture and
/// coordinates do not depend on it; in a perspective one `1 / depth` is linear.
pub(crate) struct Sight<const PERSPECTIVE: bool> {
    nearness: f32,
    nearness_i: f32,
    nearness_j: f32,
    s: Coordinate<PERSPECTIVE>,
    t: Coordinate<PERSPECTIVE>,
}

/// One pattern coordinate along a row: `constant + depth * by_depth`, with the derivatives of both.
struct Coordinate<const PERSPECTIVE: bool> {
    constant: f32,
    constant_i: f32,
    constant_j: f32,
    by_depth: f32,
    by_depth_i: f32,
    by_depth_j: f32,
}

impl<const PERSPECTIVE: bool> Coordinate<PERSPECTIVE> {
    #[inline(always)]
    fn new(functional: &Functional, row: f32) -> Self {
        let Functional { constant, by_depth } = functional;
        Self {
            constant: if PERSPECTIVE { constant.at } else { constant.row(row) },
            constant_i: constant.along_i,
            constant_j: constant.along_j,
            by_depth: if PERSPECTIVE { by_depth.row(row) } else { by_depth.at },
            by_depth_i: by_depth.along_i,
            by_depth_j: by_depth.along_j,
        }
    }

    #[inline(always)]
    fn at<S: Simd>(&self, column: f32x8<S>, depth: f32x8<S>) -> f32x8<S> {
        if PERSPECTIVE {
            self.constant + depth * (self.by_depth + column * self.by_depth_i)
        } else {
            self.constant + column * self.constant_i + depth * self.by_depth
        }
    }

    /// How far the pixel's footprint reaches along it.
    #[inline(always)]
    fn width<S: Simd>(&self, column: f32x8<S>, depths: [f32x8<S>; 3]) -> f32x8<S> {
        let [depth, depth_i, depth_j] = depths;
        let (along_i, along_j) = if PERSPECTIVE {
            let by_depth = self.by_depth + column * self.by_depth_i;
            (depth * self.by_depth_i + depth_i * by_depth, depth * self.by_depth_j + depth_j * by_depth)
        } else {
            (self.constant_i + depth_i * self.by_depth, self.constant_j + depth_j * self.by_depth)
        };
        along_i.abs() + along_j.abs()
    }
}

impl<const PERSPECTIVE: bool> Sight<PERSPECTIVE> {
    #[inline(always)]
    pub(crate) fn new(surface: &ReadySurface, row: f32) -> Self {
        Self {
            nearness: surface.nearness.row(row),
            nearness_i: surface.nearness.along_i,
            nearness_j: surface.nearness.along_j,
            s: Coordinate::new(&surface.s, row),
            t: Coordinate::new(&surface.t, row),
        }
    }

    /// What the pixels of these columns see.
    #[inline(always)]
    pub(crate) fn footprint<S: Simd>(&self, column: f32x8<S>) -> Footprint<S> {
        let nearness = self.nearness + column * self.nearness_i;
        // Depth, and how it grows with nearness.
        let (depth, slope) = if PERSPECTIVE {
            let depth = 1.0 / nearness;
            (depth, -depth * depth)
        } else {
            (-nearness, f32x8::splat(column.token(), -1.0))
        };
        let depths = [depth, slope * self.nearness_i, slope * self.nearness_j];
        Footprint {
            s: self.s.at(column, depth),
            t: self.t.at(column, depth),
            width_s: self.s.width(column, depths),
            width_t: self.t.width(column, depths),
        }
    }
}
