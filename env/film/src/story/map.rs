//! The room from above, with what is pointed out upon it.

#![expect(clippy::disallowed_methods, reason = "what is painted into a film decides nothing")]

use super::GROUND;
use crate::Color;
use crate::canvas::Canvas;
use crate::picture::{Picture, Rect};

const PATH: Color = [255, 214, 90];
const AGENT: Color = [255, 84, 60];
const ARROW: f32 = 15.0;

/// Where the agent is on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agent {
    /// Pixels of the map picture.
    pub at: [f32; 2],
    /// Direction it looks in, as a vector on the map picture; of any length but zero.
    pub looks: [f32; 2],
}

/// Something to point out on the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Pixels of the map picture.
    pub at: [f32; 2],
    /// Radius of the ring, pixels of the map picture.
    pub radius: f32,
    /// Colour of the ring.
    pub color: Color,
}

/// The room from above. Positions are pixels of the picture.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    /// The room.
    pub picture: Picture<'a>,
    /// Where the agent has been, oldest first.
    pub path: &'a [[f32; 2]],
    /// Where it is now.
    pub agent: Option<Agent>,
    /// What to point out.
    pub marks: &'a [Mark],
}

impl Map<'_> {
    /// Draws it into a part of a canvas; `unit` is the thickness of the finest line, pixels.
    pub fn draw(&self, canvas: &mut Canvas, panel: Rect, unit: f32) {
        let fit = canvas.draw_picture(self.picture, panel);
        let path: Vec<[f32; 2]> = self.path.iter().map(|&at| fit.place(at)).collect();
        draw_path(canvas, &path, unit);
        for mark in self.marks {
            draw_ring(canvas, fit.place(mark.at), mark.radius * fit.scale, unit, mark.color);
        }
        if let Some(agent) = self.agent {
            draw_arrow(canvas, fit.place(agent.at), agent.looks, ARROW * unit);
        }
    }
}

/// Draws where the agent has been, in the colour that paths have, on any picture.
pub fn draw_path(canvas: &mut Canvas, path: &[[f32; 2]], unit: f32) {
    canvas.polyline(path, 5.0 * unit, GROUND);
    canvas.polyline(path, 3.0 * unit, PATH);
}

fn draw_ring(canvas: &mut Canvas, at: [f32; 2], radius: f32, unit: f32, color: Color) {
    canvas.circle(at, radius, 5.0 * unit, GROUND);
    canvas.circle(at, radius, 3.0 * unit, color);
}

fn draw_arrow(canvas: &mut Canvas, at: [f32; 2], looks: [f32; 2], size: f32) {
    let length = looks[0].hypot(looks[1]);
    if !(length > 0.0 && length.is_finite()) {
        canvas.disc(at, 0.6 * size, GROUND);
        canvas.disc(at, 0.5 * size, AGENT);
        return;
    }
    let forward = [looks[0] / length, looks[1] / length];
    let corners = |size: f32| {
        let point = |ahead: f32, aside: f32| {
            [
                at[0] + size * (ahead * forward[0] - aside * forward[1]),
                at[1] + size * (ahead * forward[1] + aside * forward[0]),
            ]
        };
        [point(1.3, 0.0), point(-0.7, 0.5), point(-0.7, -0.5)]
    };
    canvas.triangle(corners(1.4 * size), GROUND);
    canvas.triangle(corners(size), AGENT);
}
