//! Lines, discs and polygons with smooth edges.

#![expect(clippy::disallowed_methods, reason = "what is painted into a film decides nothing")]

use crate::Color;
use crate::canvas::Canvas;

type Point = [f32; 2];

/// A box of pixel coordinates around a shape.
#[derive(Clone, Copy)]
struct Bounds {
    low: Point,
    high: Point,
}

impl Bounds {
    fn of(points: &[Point], margin: f32) -> Option<Self> {
        let mut bounds = Self { low: [f32::INFINITY; 2], high: [f32::NEG_INFINITY; 2] };
        for point in points {
            if !point.iter().all(|x| x.is_finite()) {
                return None;
            }
            for (low, x) in bounds.low.iter_mut().zip(point) {
                *low = low.min(x - margin);
            }
            for (high, x) in bounds.high.iter_mut().zip(point) {
                *high = high.max(x + margin);
            }
        }
        margin.is_finite().then_some(bounds)
    }
}

fn segment_distance(at: Point, from: Point, to: Point) -> f32 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let offset = [at[0] - from[0], at[1] - from[1]];
    let squared = along[0] * along[0] + along[1] * along[1];
    let share =
        if squared > 0.0 { ((offset[0] * along[0] + offset[1] * along[1]) / squared).clamp(0.0, 1.0) } else { 0.0 };
    (offset[0] - share * along[0]).hypot(offset[1] - share * along[1])
}

impl Canvas {
    /// Paints where `outside(point)`, the distance in pixels from the shape's edge (negative inside), says so.
    fn paint(&mut self, bounds: Option<Bounds>, color: Color, outside: impl Fn(Point) -> f32) {
        let Some(Bounds { low, high }) = bounds else { return };
        let (width, height) = (self.width(), self.height());
        let range = |low: f32, high: f32, limit: usize| {
            ((low - 1.0).max(0.0) as usize)..((high + 2.0).max(0.0) as usize).min(limit)
        };
        for y in range(low[1], high[1], height) {
            for x in range(low[0], high[0], width) {
                let coverage = (0.5 - outside([x as f32 + 0.5, y as f32 + 0.5])).clamp(0.0, 1.0);
                if coverage > 0.0 {
                    self.mix(x, y, coverage, color);
                }
            }
        }
    }

    /// A line with round ends. Points are pixels, `[0, 0]` the canvas' upper left corner.
    pub fn line(&mut self, from: Point, to: Point, thickness: f32, color: Color) {
        let radius = 0.5 * thickness;
        self.paint(Bounds::of(&[from, to], radius), color, |at| segment_distance(at, from, to) - radius);
    }

    /// A line through all points in order.
    pub fn polyline(&mut self, points: &[Point], thickness: f32, color: Color) {
        for pair in points.windows(2) {
            if let [from, to] = *pair {
                self.line(from, to, thickness, color);
            }
        }
    }

    /// A disc.
    pub fn disc(&mut self, center: Point, radius: f32, color: Color) {
        self.paint(Bounds::of(&[center], radius), color, |at| (at[0] - center[0]).hypot(at[1] - center[1]) - radius);
    }

    /// A circle of a line of this thickness.
    pub fn circle(&mut self, center: Point, radius: f32, thickness: f32, color: Color) {
        self.paint(Bounds::of(&[center], radius + thickness), color, |at| {
            ((at[0] - center[0]).hypot(at[1] - center[1]) - radius).abs() - 0.5 * thickness
        });
    }

    /// A filled triangle, corners in any order.
    pub fn triangle(&mut self, corners: [Point; 3], color: Color) {
        let [a, b, c] = corners;
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        let turn = if area < 0.0 { -1.0 } else { 1.0 };
        let edges = [(a, b), (b, c), (c, a)];
        self.paint(Bounds::of(&corners, 0.0), color, |at| {
            edges.iter().fold(f32::NEG_INFINITY, |farthest, &(from, to)| {
                let along = [to[0] - from[0], to[1] - from[1]];
                let cross = along[0] * (at[1] - from[1]) - along[1] * (at[0] - from[0]);
                farthest.max(-turn * cross / along[0].hypot(along[1]).max(1e-6))
            })
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(canvas: &Canvas) -> f32 {
        canvas.rgb().iter().map(|&value| f32::from(value)).sum::<f32>() / (3.0 * 255.0)
    }

    #[test]
    fn shapes_cover_their_area() {
        let black = || Canvas::new(40, 40, [0; 3]).unwrap();
        let mut disc = black();
        disc.disc([20.0, 20.0], 10.0, [255; 3]);
        assert!((total(&disc) - 314.0).abs() < 4.0, "{}", total(&disc));
        let mut line = black();
        line.line([5.0, 20.0], [35.0, 20.0], 4.0, [255; 3]);
        assert!((total(&line) - 132.6).abs() < 4.0, "{}", total(&line));
        let mut triangle = black();
        triangle.triangle([[5.0, 5.0], [35.0, 5.0], [5.0, 35.0]], [255; 3]);
        assert!((total(&triangle) - 450.0).abs() < 15.0, "{}", total(&triangle));
    }

    #[test]
    fn absurd_points_paint_nothing() {
        let mut canvas = Canvas::new(8, 8, [0; 3]).unwrap();
        canvas.line([f32::NAN, 0.0], [3.0, 3.0], 2.0, [255; 3]);
        canvas.disc([f32::INFINITY, 0.0], 3.0, [255; 3]);
        canvas.disc([1e30, 1e30], 3.0, [255; 3]);
        canvas.polyline(&[], 2.0, [255; 3]);
        assert_eq!(total(&canvas), 0.0);
    }
}
