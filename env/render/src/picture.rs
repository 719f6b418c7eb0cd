//! The picture that is given out, written a block of pixels at a time.

use fearless_simd::{prelude::*, u8x32, u32x8};

use crate::frame::LANES;

/// Bytes of a block's colours.
const BLOCK_BYTES: usize = 3 * LANES;
/// Bytes written with a block: two halves of sixteen, of which the last four of each are covered by what comes next.
const WRITTEN: usize = BLOCK_BYTES + 4;
const HALF_BYTES: usize = BLOCK_BYTES / 2;

/// Takes the three colour bytes of each of four pixels together.
#[rustfmt::skip]
const GATHER: [u8; 32] = [
    0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 3, 3, 3,
    0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 3, 3, 3,
];

/// A block's colours, `0x00bbggrr`.
pub(crate) type Colors = [u32; LANES];

/// Colours and object ids. Blocks are written from left to right and from top to bottom, so that what a row's last
/// block writes past the picture's edge is covered by the next row, or lies in the slack at the end.
#[derive(Debug)]
pub(crate) struct Picture {
    num_pixels: usize,
    rgb: Vec<u8>,
    object_ids: Vec<u16>,
}

impl Picture {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let num_pixels = width * height;
        let rgb = vec![0; 3 * num_pixels + WRITTEN];
        Self { num_pixels, rgb, object_ids: vec![0; num_pixels + LANES] }
    }

    pub(crate) fn rgb(&self) -> &[u8] {
        self.rgb.get(..3 * self.num_pixels).unwrap_or(&[])
    }

    pub(crate) fn object_ids(&self) -> &[u16] {
        self.object_ids.get(..self.num_pixels).unwrap_or(&[])
    }

    /// Says of every pixel that it shows no object.
    #[inline(always)]
    pub(crate) fn clear_ids(&mut self) {
        self.object_ids.fill(0);
    }

    /// Writes the colours of the block that begins at pixel `at`.
    #[inline(always)]
    pub(crate) fn set_colors<S: Simd>(&mut self, at: usize, colors: u32x8<S>) {
        let gather = u8x32::load_array_ref(colors.token(), &GATHER);
        self.set_bytes(at, colors.bitcast::<u8x32<S>>().swizzle_dyn_within_blocks(gather));
    }

    #[inline(always)]
    fn set_bytes<S: Simd>(&mut self, at: usize, bytes: u8x32<S>) {
        let Some(rgb) = self.rgb.get_mut(3 * at..).and_then(|rgb| rgb.first_chunk_mut::<WRITTEN>()) else { return };
        let (low, high) = bytes.split();
        low.store_slice(&mut rgb[..16]);
        high.store_slice(&mut rgb[HALF_BYTES..]);
    }

    /// Writes the colours of the blocks that begin at pixel `at`.
    #[inline(always)]
    pub(crate) fn copy<S: Simd>(&mut self, simd: S, mut at: usize, blocks: &[Colors]) {
        for block in blocks {
            self.set_colors(at, u32x8::load_array_ref(simd, block));
            at += LANES;
        }
    }

    /// Writes one colour and one object id to all pixels of `num_blocks` blocks from pixel `at`.
    #[inline(always)]
    pub(crate) fn fill<S: Simd>(&mut self, simd: S, at: usize, num_blocks: usize, rgb: u32, object_id: u16) {
        let gather = u8x32::load_array_ref(simd, &GATHER);
        let bytes = u32x8::splat(simd, rgb).bitcast::<u8x32<S>>().swizzle_dyn_within_blocks(gather);
        for block in 0..num_blocks {
            self.set_bytes(at + block * LANES, bytes);
        }
        if object_id != 0 {
            for block in 0..num_blocks {
                self.set_ids(at + block * LANES, &[object_id; LANES]);
            }
        }
    }

    /// Writes the object ids of the block that begins at pixel `at`.
    #[inline(always)]
    pub(crate) fn set_ids(&mut self, at: usize, ids: &[u16; LANES]) {
        if let Some(slots) = self.object_ids.get_mut(at..).and_then(|slots| slots.first_chunk_mut::<LANES>()) {
            *slots = *ids;
        }
    }
}
