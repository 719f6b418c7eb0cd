//! Linear light to sRGB bytes, by table.

use fearless_simd::{f32x8, prelude::*};
use groundling_room::Rgb;

use crate::frame::LANES;
use crate::picture::Colors;

const LAST: usize = 4095;

/// sRGB byte of each of 4,096 equally spaced strengths of linear light.
#[derive(Debug)]
pub(crate) struct SrgbTable(Box<[u8; LAST + 1]>);

impl SrgbTable {
    pub(crate) fn new() -> Self {
        let mut bytes = Box::new([0; LAST + 1]);
        for (i, byte) in bytes.iter_mut().enumerate() {
            let linear = i as f32 / LAST as f32;
            let encoded =
                if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * libm::powf(linear, 1.0 / 2.4) - 0.055 };
            *byte = (encoded * 255.0 + 0.5) as u8;
        }
        Self(bytes)
    }

    /// Where in the table strengths are found; what lies outside `[0, 1]` is clamped, NaN is black.
    #[inline(always)]
    fn indices<S: Simd>(linear: f32x8<S>) -> [u32; LANES] {
        let clamped = linear.max(0.0).min(1.0);
        // Beside 2^23 a float has no bits for a fraction: the sum holds the nearest whole number in its lowest bits.
        const SHIFT: f32 = 8_388_608.0;
        (((clamped * LAST as f32 + SHIFT).to_bits()) & LAST as u32).into()
    }

    /// A block's colours as `0x00bbggrr`.
    #[inline(always)]
    pub(crate) fn block<S: Simd>(&self, linear: [f32x8<S>; 3]) -> Colors {
        let [r, g, b] = [Self::indices(linear[0]), Self::indices(linear[1]), Self::indices(linear[2])];
        let at = |index: u32| u32::from(self.0[index as usize & LAST]);
        let mut colors = [0; LANES];
        for k in 0..LANES {
            colors[k] = at(r[k]) | at(g[k]) << 8 | at(b[k]) << 16;
        }
        colors
    }

    /// A colour as `0x00bbggrr`.
    #[inline(always)]
    pub(crate) fn packed<S: Simd>(&self, simd: S, linear: Rgb) -> u32 {
        let [r, g, b] = linear;
        self.block([f32x8::splat(simd, r), f32x8::splat(simd, g), f32x8::splat(simd, b)])[0]
    }
}

#[cfg(test)]
mod tests {
    use super::SrgbTable;
    use crate::vector_unit::{VectorUnit, with_vectors};

    #[test]
    fn known_values() {
        let table = SrgbTable::new();
        let packed = |linear| with_vectors!(VectorUnit::detect(), simd => table.packed(simd, linear));
        assert_eq!(packed([0.0, 1.0, 0.215_86]), 0x80_ff_00);
        assert_eq!(packed([-1.0, 7.0, f32::NAN]), 0x00_ff_00);
    }
}
