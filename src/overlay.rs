//! What is drawn over the painted scenes of a step.

use std::f32::consts::TAU;

use glam::Vec3;
use groundling_film::story::{Agent, Map, Mark, draw_path};
use groundling_film::{Canvas, Color};
use groundling_room::Camera;
use groundling_sim::Body;

use crate::drawing::{MapScale, draw_walls};
use crate::field_of_view::field_of_view;
use crate::moment::{Moment, Visited};
use crate::orbit::projected;

const VISITED: Color = [96, 220, 140];
const IN_VIEW: Color = [255, 244, 200];
/// How much of the room the field of view hides.
const IN_VIEW_OPACITY: f32 = 0.3;
/// Corners of a ring that is seen aslant.
const RING: usize = 48;

/// What of a step is drawn over its scene, as it is painted through `camera`.
pub(crate) struct Overlay<'a> {
    pub(crate) moment: &'a Moment,
    /// That of the map, or of the orbit.
    pub(crate) camera: Camera,
    /// Where the agent has been, up to this step.
    pub(crate) path: &'a [Vec3],
}

impl Overlay<'_> {
    /// Has `draw` draw the map whose room was painted; `fov_x` is the angle that the agent sees, radians.
    pub(crate) fn draw_map(&self, mut picture: Canvas, fov_x: f32, draw: impl FnOnce(Map<'_>)) {
        let Moment { body, room, visited, .. } = self.moment;
        let scale = MapScale::new(&self.camera, picture.width(), picture.height());
        let place = |[x, z]: [f32; 2]| scale.place(x, z);
        let in_view = field_of_view(body, fov_x, &room.walls);
        let in_view: Vec<[f32; 2]> = in_view.into_iter().map(place).collect();
        picture.polygon(&in_view, IN_VIEW_OPACITY, IN_VIEW);
        draw_walls(&mut picture, room, scale);
        let path: Vec<[f32; 2]> = self.path.iter().map(|at| scale.place(at.x, at.z)).collect();
        let mark = |visited: &Visited| Mark {
            at: place(visited.middle),
            radius: visited.radius * scale.per_metre,
            color: VISITED,
        };
        let marks: Vec<Mark> = visited.iter().map(mark).collect();
        let Body { position, yaw, .. } = *body;
        let agent = Agent { at: scale.place(position.x, position.z), looks: [-yaw.sin(), -yaw.cos()] };
        draw(Map { picture: picture.picture(), path: &path, agent: Some(agent), marks: &marks });
    }

    /// Draws path and visited objects upon the floor of a room that is seen from aside.
    pub(crate) fn draw_on_floor(&self, picture: &mut Canvas, unit: f32) {
        let size = (picture.width(), picture.height());
        let seen = |point: Vec3| projected(&self.camera, size, point);
        let path: Vec<Option<[f32; 2]>> = self.path.iter().map(|&at| seen(at)).collect();
        // What lies behind the camera is seen nowhere, and nothing is drawn across.
        for part in path.split(Option::is_none) {
            draw_path(picture, &part.iter().flatten().copied().collect::<Vec<_>>(), unit);
        }
        for Visited { middle: [x, z], radius } in &self.moment.visited {
            let corner = |index: usize| {
                let angle = TAU * index as f32 / RING as f32;
                seen(Vec3::new(x + radius * angle.cos(), 0.0, z + radius * angle.sin()))
            };
            let ring: Vec<Option<[f32; 2]>> = (0..=RING).map(corner).collect();
            for part in ring.split(Option::is_none) {
                picture.polyline(&part.iter().flatten().copied().collect::<Vec<_>>(), 3.0 * unit, VISITED);
            }
        }
    }
}
