//! Filled polygons through which one sees what is beneath.

use crate::Color;
use crate::canvas::Canvas;

/// Lines that are tried in each row of pixels, from which it is told how much of a pixel is covered.
const LINES: usize = 4;
/// Farther from the canvas than this many of its sides, a corner is brought nearer; sums stay exact.
const FAR: f32 = 16.0;

impl Canvas {
    /// A polygon of any shape, its corners in order; where it crosses itself, even-odd. `opacity` 0 shows all that is
    /// beneath, 1 nothing. A corner that is no number paints nothing.
    pub fn polygon(&mut self, corners: &[[f32; 2]], opacity: f32, color: Color) {
        if corners.iter().flatten().any(|x| !x.is_finite()) {
            return;
        }
        let (width, height) = (self.width(), self.height());
        let near = |[x, y]: [f32; 2]| {
            let clamp = |at: f32, side: usize| at.clamp(-FAR * side as f32, FAR * side as f32);
            [clamp(x, width), clamp(y, height)]
        };
        let corners: Vec<[f32; 2]> = corners.iter().map(|&corner| near(corner)).collect();
        let top = corners.iter().map(|corner| corner[1]).fold(f32::INFINITY, f32::min).max(0.0) as usize;
        let bottom = corners.iter().map(|corner| corner[1]).fold(0.0, f32::max).ceil() as usize;
        let mut covered = vec![0.0_f32; width];
        let mut crossings = Vec::new();
        for y in top..bottom.min(height) {
            covered.fill(0.0);
            for line in 0..LINES {
                cross(&corners, y as f32 + (line as f32 + 0.5) / LINES as f32, &mut crossings);
                for pair in crossings.chunks_exact(2) {
                    if let &[from, to] = pair {
                        cover(&mut covered, from, to);
                    }
                }
            }
            for (x, &sum) in covered.iter().enumerate().filter(|(_, sum)| **sum > 0.0) {
                self.mix(x, y, opacity * sum / LINES as f32, color);
            }
        }
    }
}

/// Where the level line `y` crosses the outline, from left to right.
fn cross(corners: &[[f32; 2]], y: f32, crossings: &mut Vec<f32>) {
    crossings.clear();
    let next = corners.iter().cycle().skip(1);
    for (from, to) in corners.iter().zip(next) {
        if (from[1] <= y) != (to[1] <= y) {
            crossings.push(from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0]));
        }
    }
    crossings.sort_by(f32::total_cmp);
}

/// Adds what `from..to` covers of each pixel of a row.
fn cover(row: &mut [f32], from: f32, to: f32) {
    let (from, to) = (from.max(0.0), to.min(row.len() as f32));
    if from >= to {
        return;
    }
    let (first, last) = (from as usize, (to.ceil() as usize).min(row.len()));
    for (x, sum) in row.iter_mut().enumerate().take(last).skip(first) {
        *sum += to.min(x as f32 + 1.0) - from.max(x as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(corners: &[[f32; 2]], opacity: f32) -> f32 {
        let mut canvas = Canvas::new(40, 40, [0; 3]).unwrap();
        canvas.polygon(corners, opacity, [255; 3]);
        canvas.rgb().iter().map(|&value| f32::from(value)).sum::<f32>() / (3.0 * 255.0)
    }

    #[test]
    fn a_polygon_covers_its_area_at_its_opacity() {
        let arrow = [[5.0, 5.0], [35.0, 20.0], [5.0, 35.0], [12.0, 20.0]];
        assert!((total(&arrow, 1.0) - 345.0).abs() < 2.0, "{}", total(&arrow, 1.0));
        assert!((total(&arrow, 0.5) - 172.5).abs() < 2.0, "{}", total(&arrow, 0.5));
        let sliver = [[5.25, 10.0], [5.75, 10.0], [5.75, 20.0], [5.25, 20.0]];
        assert!((total(&sliver, 1.0) - 5.0).abs() < 0.1, "{}", total(&sliver, 1.0));
    }

    #[test]
    fn what_lies_outside_is_cut_off_and_absurd_corners_paint_nothing() {
        assert_eq!(total(&[[-1e30, -1e30], [1e30, -1e30], [1e30, 1e30], [-1e30, 1e30]], 1.0), 1600.0);
        assert_eq!(total(&[[f32::NAN, 0.0], [9.0, 0.0], [9.0, 9.0]], 1.0), 0.0);
        assert_eq!(total(&[[f32::INFINITY, 0.0], [9.0, 0.0], [9.0, 9.0]], 1.0), 0.0);
        assert_eq!(total(&[], 1.0) + total(&[[3.0, 3.0]], 1.0) + total(&[[3.0, 3.0], [9.0, 9.0]], 1.0), 0.0);
    }
}
