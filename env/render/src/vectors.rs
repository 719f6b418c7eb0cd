//! Points and directions, a block of them at a time.

use fearless_simd::{f32x8, prelude::*};
use glam::Vec3;

use crate::frame::{LANES, Lanes};

/// `LANES` vectors in memory, component by component.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VectorBlock([Lanes<f32>; 3]);

impl VectorBlock {
    /// Of the first `LANES` vectors; where there are fewer, the rest is `filler`.
    pub(crate) fn new(vectors: impl Iterator<Item = Vec3>, filler: Vec3) -> Self {
        let mut block = [0, 1, 2].map(|k| Lanes([filler[k]; LANES]));
        for (lane, vector) in vectors.take(LANES).enumerate() {
            for k in 0..3 {
                block[k].0[lane] = vector[k];
            }
        }
        Self(block)
    }

    #[inline(always)]
    pub(crate) fn load<S: Simd>(&self, simd: S) -> Vectors<S> {
        let [x, y, z] = &self.0;
        Vectors {
            x: f32x8::load_array_ref(simd, &x.0),
            y: f32x8::load_array_ref(simd, &y.0),
            z: f32x8::load_array_ref(simd, &z.0),
        }
    }
}

/// `LANES` vectors in registers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vectors<S: Simd> {
    pub(crate) x: f32x8<S>,
    pub(crate) y: f32x8<S>,
    pub(crate) z: f32x8<S>,
}

impl<S: Simd> Vectors<S> {
    /// `other · each`, added in a fixed order.
    #[inline(always)]
    pub(crate) fn dot(self, other: Vec3) -> f32x8<S> {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    /// `x_axis * x + y_axis * y + z_axis * z` of each.
    #[inline(always)]
    pub(crate) fn along(self, [x, y, z]: [Vec3; 3]) -> Self {
        Self {
            x: self.x * x.x + self.y * y.x + self.z * z.x,
            y: self.x * x.y + self.y * y.y + self.z * z.y,
            z: self.x * x.z + self.y * y.z + self.z * z.z,
        }
    }

    #[inline(always)]
    pub(crate) fn offset(self, by: Vec3) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, z: self.z + by.z }
    }

    #[inline(always)]
    pub(crate) fn normalized(self) -> Self {
        let factor = 1.0 / (self.x * self.x + self.y * self.y + self.z * self.z).sqrt();
        Self { x: self.x * factor, y: self.y * factor, z: self.z * factor }
    }
}
