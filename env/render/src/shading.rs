//! The shading pass: from face numbers to colours and object ids.

use fearless_simd::{f32x8, prelude::*, u32x8};

use crate::face::FaceTable;
use crate::frame::{Frame, LANES, Lanes, columns};
use crate::pattern::{self, Footprint, Weave};
use crate::picture::{Colors, Picture};
use crate::ramp::{Ramp, Ramps};
use crate::shadow::{NearDiscs, Shadows};
use crate::sight::Sight;
use crate::srgb::SrgbTable;
use crate::surface::ReadySurface;

/// What the shading pass reads.
pub(crate) struct Shading<'a, const PERSPECTIVE: bool> {
    pub(crate) frame: &'a Frame,
    pub(crate) surfaces: &'a [ReadySurface],
    pub(crate) shadows: &'a Shadows,
    pub(crate) ramps: &'a Ramps,
    pub(crate) faces: &'a FaceTable,
    pub(crate) srgb: &'a SrgbTable,
}

/// Blocks of one row.
#[derive(Debug, Clone, Copy)]
struct Blocks {
    row: usize,
    first: usize,
    past: usize,
}

impl<const PERSPECTIVE: bool> Shading<'_, PERSPECTIVE> {
    /// Paints every pixel. `shaded` is room for the blocks of a row.
    #[inline(always)]
    pub(crate) fn paint<S: Simd>(&self, simd: S, shaded: &mut [Colors], picture: &mut Picture) {
        picture.clear_ids();
        for (row, blocks) in self.frame.faces.chunks_exact(self.frame.num_blocks).enumerate() {
            let mut first = 0;
            while let Some(block) = blocks.get(first) {
                let at = row * self.frame.width + first * LANES;
                let faces = u32x8::load_array_ref(simd, &block.0);
                let is_uniform = faces.simd_eq(block.0[0]).all_true();
                let mut past = first + 1;
                // What is flat is known at once; of the rest, which lanes it is.
                let mut colors = [0; LANES];
                let mut lanes = 0;
                if is_uniform {
                    past += count_showing(simd, blocks.get(past..).unwrap_or(&[]), block.0[0]);
                    let known = self.faces.of(block.0[0]);
                    if !known.is_shaded() {
                        picture.fill(simd, at, past - first, known.rgb(), known.object_id());
                        first = past;
                        continue;
                    }
                    lanes = 1;
                } else {
                    let mut ids = [0; LANES];
                    for k in 0..LANES {
                        let known = self.faces.of(block.0[k]);
                        (colors[k], ids[k]) = (known.rgb(), known.object_id());
                        lanes |= u64::from(known.is_shaded()) << k;
                    }
                    picture.set_ids(at, &ids);
                }
                let mut colors = u32x8::load_array(simd, colors);
                while lanes != 0 {
                    let face = block.0[lanes.trailing_zeros() as usize % LANES];
                    self.shade(simd, face, Blocks { row, first, past }, shaded);
                    if is_uniform {
                        picture.copy(simd, at, shaded.get(..past - first).unwrap_or(&[]));
                        break;
                    }
                    let Some(shown) = shaded.first() else { return };
                    let is_it = faces.simd_eq(face);
                    colors = is_it.select(u32x8::load_array_ref(simd, shown), colors);
                    lanes &= !is_it.to_bitmask();
                }
                if !is_uniform {
                    picture.set_colors(at, colors);
                }
                first = past;
            }
        }
    }

    /// The colours of blocks as if all their pixels saw surface `face`.
    #[inline(always)]
    fn shade<S: Simd>(&self, simd: S, face: u32, blocks: Blocks, colors: &mut [Colors]) {
        let index = face as usize - 1;
        let Some(surface) = self.surfaces.get(index) else { return };
        let Some(ramp) = self.ramps.of(surface.ramp) else { return };
        let discs = NearDiscs::find(self.shadows.on(index), blocks.row, blocks.first..blocks.past);
        let sight = Sight::<PERSPECTIVE>::new(surface, blocks.row as i32 as f32);
        let work = Work { surface, sight, discs, ramp, srgb: self.srgb, blocks, simd };
        // Closures are marked like functions, so that all of it becomes one piece with the vector unit's own code.
        macro_rules! each {
            ($pattern:ident, $length:expr) => {
                work.each(
                    colors,
                    #[inline(always)]
                    |at| pattern::$pattern(at, $length),
                )
            };
        }
        match surface.weave {
            Weave::Plain => each!(plain, 0.0),
            Weave::Checker { per_metre } => each!(checker, per_metre),
            Weave::Stripes { per_metre } => each!(stripes, per_metre),
            Weave::Bands { per_metre } => each!(bands, per_metre),
            Weave::Bricks { per_metre } => each!(bricks, per_metre),
            Weave::Planks { per_metre } => each!(planks, per_metre),
            Weave::Tiles { per_metre } => each!(tiles, per_metre),
            Weave::Diamonds { per_metre } => each!(diamonds, per_metre),
            Weave::Dots { per_metre } => each!(dots, per_metre),
            Weave::Plaid { per_metre } => each!(plaid, per_metre),
            Weave::Zigzag { per_metre } => each!(zigzag, per_metre),
            Weave::Parquet { per_metre } => each!(parquet, per_metre),
            Weave::Wainscot { height } => each!(wainscot, height),
            Weave::Gradient { per_metre } => each!(gradient, per_metre),
        }
    }
}

/// How many of the blocks show nothing but `face`, until one does not.
#[inline(always)]
fn count_showing<S: Simd>(simd: S, blocks: &[Lanes<u32>], face: u32) -> usize {
    for (count, block) in blocks.iter().enumerate() {
        if !u32x8::load_array_ref(simd, &block.0).simd_eq(face).all_true() {
            return count;
        }
    }
    blocks.len()
}

/// Blocks of a row to shade, and all that it takes.
struct Work<'a, S: Simd, const PERSPECTIVE: bool> {
    simd: S,
    surface: &'a ReadySurface,
    sight: Sight<PERSPECTIVE>,
    discs: NearDiscs<'a>,
    ramp: &'a Ramp,
    srgb: &'a SrgbTable,
    blocks: Blocks,
}

impl<S: Simd, const PERSPECTIVE: bool> Work<'_, S, PERSPECTIVE> {
    /// `share` gives how much of the second colour a pixel sees.
    #[inline(always)]
    fn each(&self, colors: &mut [Colors], share: impl Fn(Footprint<S>) -> f32x8<S>) {
        let [first, second] = self.surface.colors;
        let step = [second[0] - first[0], second[1] - first[1], second[2] - first[2]];
        for (block, colors) in (self.blocks.first..self.blocks.past).zip(colors) {
            let at = self.sight.footprint(columns(self.simd, (block * LANES) as i32 as f32));
            let share = share(at);
            let mut left = None;
            for index in 0..self.discs.len() {
                if let Some(disc) = self.discs.of(index)
                    && disc.reaches_into(block)
                {
                    let (s, t) = (at.s - disc.s, at.t - disc.t);
                    let by_this = disc.light_left(s * s + t * t + 2.0 * self.surface.skew * s * t);
                    left = Some(left.map_or(by_this, |left: f32x8<S>| left * by_this));
                }
            }
            // Most blocks lie in no shadow.
            *colors = match left {
                None => self.ramp.block(share),
                Some(left) => self.srgb.block([
                    (share * step[0] + first[0]) * left,
                    (share * step[1] + first[1]) * left,
                    (share * step[2] + first[2]) * left,
                ]),
            };
        }
    }
}
