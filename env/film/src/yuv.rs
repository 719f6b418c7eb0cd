//! sRGB pictures as the planes that H.264 encodes: BT.709 matrix, limited range, chroma at half the resolution.

use crate::canvas::Canvas;

/// Luma at full, chroma at half size; sides are even.
#[derive(Debug)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) y: Vec<u8>,
    pub(crate) u: Vec<u8>,
    pub(crate) v: Vec<u8>,
}

const RED: f32 = 0.2126;
const BLUE: f32 = 0.0722;
const GREEN: f32 = 1.0 - RED - BLUE;

impl Planes {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let (luma, chroma) = (width * height, (width / 2) * (height / 2));
        Self { width, height, y: vec![16; luma], u: vec![128; chroma], v: vec![128; chroma] }
    }

    /// Takes over a picture of the same size.
    pub(crate) fn read(&mut self, canvas: &Canvas) {
        for (luma, pixel) in self.y.iter_mut().zip(canvas.rgb().chunks_exact(3)) {
            if let &[r, g, b] = pixel {
                let bright = RED * f32::from(r) + GREEN * f32::from(g) + BLUE * f32::from(b);
                *luma = (16.5 + bright * (219.0 / 255.0)) as u8;
            }
        }
        let half = (self.width / 2).max(1);
        let row_pairs = canvas.rgb().chunks_exact(6 * self.width);
        let chroma_rows = self.u.chunks_exact_mut(half).zip(self.v.chunks_exact_mut(half));
        for (pair, (row_u, row_v)) in row_pairs.zip(chroma_rows) {
            let (upper, lower) = pair.split_at(3 * self.width);
            let blocks = upper.chunks_exact(6).zip(lower.chunks_exact(6));
            for ((upper, lower), (u, v)) in blocks.zip(row_u.iter_mut().zip(row_v)) {
                let sum = |c: usize| -> f32 {
                    [upper, lower].iter().flat_map(|row| row.iter().skip(c).step_by(3)).map(|&x| f32::from(x)).sum()
                };
                let (r, g, b) = (0.25 * sum(0), 0.25 * sum(1), 0.25 * sum(2));
                let bright = RED * r + GREEN * g + BLUE * b;
                *u = (128.5 + (b - bright) * (224.0 / 255.0 / (2.0 * (1.0 - BLUE)))) as u8;
                *v = (128.5 + (r - bright) * (224.0 / 255.0 / (2.0 * (1.0 - RED)))) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colors() {
        let expected = [
            ([0, 0, 0], [16, 128, 128]),
            ([255, 255, 255], [235, 128, 128]),
            ([255, 0, 0], [63, 102, 240]),
            ([0, 255, 0], [173, 42, 26]),
            ([0, 0, 255], [32, 240, 118]),
        ];
        for (rgb, yuv) in expected {
            let mut planes = Planes::new(4, 2);
            planes.read(&Canvas::new(4, 2, rgb).unwrap());
            assert_eq!([planes.y[5], planes.u[1], planes.v[1]], yuv, "{rgb:?}");
        }
    }
}
