//! The colours between a surface's two, made ready once and kept between frames: what a pixel shows is then looked up by
//! its share of the second colour, in 255ths.

use fearless_simd::{f32x8, prelude::*};
use groundling_room::Rgb;

use crate::frame::LANES;
use crate::picture::Colors;
use crate::srgb::SrgbTable;

const LAST: usize = 255;
/// Ramps kept; when there are more at the beginning of a frame, all are forgotten and made again as they are needed.
const MOST_RAMPS: usize = 64;

/// From the first colour to the second, `0x00bbggrr`.
#[derive(Debug)]
pub(crate) struct Ramp {
    colors: [Rgb; 2],
    packed: Box<[u32; LAST + 1]>,
}

impl Ramp {
    #[inline(always)]
    fn new<S: Simd>(simd: S, colors: [Rgb; 2], srgb: &SrgbTable) -> Self {
        let [first, second] = colors;
        let mut packed = Box::new([0; LAST + 1]);
        for (block, slots) in packed.chunks_exact_mut(LANES).enumerate() {
            let index: [f32; LANES] = std::array::from_fn(|lane| (block * LANES + lane) as i32 as f32);
            let share = f32x8::load_array(simd, index) * (1.0 / LAST as f32);
            let mix = |k: usize| share * (second[k] - first[k]) + first[k];
            slots.copy_from_slice(&srgb.block([mix(0), mix(1), mix(2)]));
        }
        Self { colors, packed }
    }

    /// The colours of a block of pixels; shares outside `[0, 1]` are clamped, NaN is the first colour.
    #[inline(always)]
    pub(crate) fn block<S: Simd>(&self, share: f32x8<S>) -> Colors {
        // Beside 2^23 a float has no bits for a fraction: the sum holds the nearest whole number in its lowest bits.
        const SHIFT: f32 = 8_388_608.0;
        let indices = (share.max(0.0).min(1.0) * LAST as f32 + SHIFT).to_bits() & LAST as u32;
        let indices: [u32; LANES] = indices.into();
        indices.map(|index| self.packed[index as usize & LAST])
    }
}

/// The ramps of the surfaces of one scene, and of some scenes before it.
#[derive(Debug, Default)]
pub(crate) struct Ramps(Vec<Ramp>);

impl Ramps {
    /// To be called at the beginning of a frame: the indices given out before no longer count.
    pub(crate) fn begin_frame(&mut self) {
        if self.0.len() > MOST_RAMPS {
            self.0.clear();
        }
    }

    /// The index of the ramp between these colours.
    #[inline(always)]
    pub(crate) fn find<S: Simd>(&mut self, simd: S, colors: [Rgb; 2], srgb: &SrgbTable) -> usize {
        // Colours with NaN equal nothing, and are made ready again each time.
        if let Some(index) = self.0.iter().position(|ramp| ramp.colors == colors) {
            return index;
        }
        self.0.push(Ramp::new(simd, colors, srgb));
        self.0.len() - 1
    }

    #[inline(always)]
    pub(crate) fn of(&self, index: usize) -> Option<&Ramp> {
        self.0.get(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector_unit::{VectorUnit, with_vectors};

    #[test]
    fn shares_are_looked_up_to_the_nearest_255th_and_clamped() {
        let srgb = SrgbTable::new();
        with_vectors!(VectorUnit::detect(), simd => {
            let mut ramps = Ramps::default();
            let colors = [[0.0, 0.5, 1.0], [1.0, 0.5, 0.0]];
            let index = ramps.find(simd, colors, &srgb);
            assert_eq!(ramps.find(simd, colors, &srgb), index);
            assert_ne!(ramps.find(simd, [colors[1], colors[0]], &srgb), index);
            let ramp = ramps.of(index).unwrap();
            let of = |share: f32| ramp.block(f32x8::splat(simd, share))[0];
            assert_eq!([of(0.0), of(-3.0), of(f32::NAN)], [srgb.packed(simd, colors[0]); 3]);
            assert_eq!([of(1.0), of(7.0)], [srgb.packed(simd, colors[1]); 2]);
            let third = srgb.packed(simd, [85.0 / 255.0, 0.5, 170.0 / 255.0]);
            assert_eq!([of(1.0 / 3.0), of(84.6 / 255.0), of(85.4 / 255.0)], [third; 3]);
            for _ in 0..3 * MOST_RAMPS {
                ramps.begin_frame();
                ramps.find(simd, [[f32::NAN; 3], [0.0; 3]], &srgb);
            }
            assert!(ramps.0.len() <= MOST_RAMPS + 1);
        });
    }
}
