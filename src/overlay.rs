//! What is drawn over the painted scenes of a step: kept while these are being painted.

use std::f32::consts::TAU;

use glam::Vec3;
use groundling_film::story::{Agent, Map, Mark, draw_path};
use groundling_film::{Canvas, Color};
use groundling_room::{Camera, ObjectFacts, RoomSpec};
use groundling_sim::{Body, Privileged};

use crate::drawing::{MapScale, draw_walls};
use crate::field_of_view::field_of_view;
use crate::orbit::projected;

const VISITED: Color = [96, 220, 140];
const IN_VIEW: Color = [255, 244, 200];
/// How much of the room the field of view hides.
const IN_VIEW_OPACITY: f32 = 0.3;
/// Corners of a ring that is seen aslant.
const RING: usize = 48;

/// An object that was visited, as a disc on the floor.
struct Visited {
    /// Metres, `(x, z)`.
    middle: [f32; 2],
    /// Metres.
    radius: f32,
}

/// One step, for people.
pub(crate) struct Overlay {
    pub(crate) step: u32,
    pub(crate) total_reward: f32,
    /// How many points of the path have been walked.
    path_length: usize,
    body: Body,
    visited: Vec<Visited>,
    spec: RoomSpec,
    /// That of the map, or of the orbit.
    camera: Camera,
}

impl Overlay {
    /// The present step. `camera` is that of the picture which it is drawn over.
    pub(crate) fn of(privileged: &Privileged, camera: Camera, total_reward: f32, path_length: usize) -> Self {
        let facts = privileged.facts();
        let disc = |object: &ObjectFacts| Visited {
            middle: [object.middle[0], object.middle[2]],
            radius: object.radius + 0.08,
        };
        Self {
            step: facts.step,
            total_reward,
            path_length,
            body: privileged.body(),
            visited: facts.objects.iter().filter(|object| object.visited).map(disc).collect(),
            spec: privileged.spec(),
            camera,
        }
    }

    fn walked<'a>(&self, path: &'a [Vec3]) -> &'a [Vec3] {
        path.get(..self.path_length).unwrap_or(path)
    }

    /// Has `draw` draw the map whose room was painted; `fov_x` is the angle that the agent sees, radians.
    pub(crate) fn draw_map(&self, mut picture: Canvas, path: &[Vec3], fov_x: f32, draw: impl FnOnce(Map<'_>)) {
        let scale = MapScale::new(&self.camera, picture.width(), picture.height());
        let place = |[x, z]: [f32; 2]| scale.place(x, z);
        let in_view = field_of_view(&self.body, fov_x, &self.spec.walls);
        let in_view: Vec<[f32; 2]> = in_view.into_iter().map(place).collect();
        picture.polygon(&in_view, IN_VIEW_OPACITY, IN_VIEW);
        draw_walls(&mut picture, &self.spec, scale);
        let path: Vec<[f32; 2]> = self.walked(path).iter().map(|at| scale.place(at.x, at.z)).collect();
        let mark = |visited: &Visited| Mark {
            at: place(visited.middle),
            radius: visited.radius * scale.per_metre,
            color: VISITED,
        };
        let marks: Vec<Mark> = self.visited.iter().map(mark).collect();
        let Body { position, yaw, .. } = self.body;
        let agent = Agent { at: scale.place(position.x, position.z), looks: [-yaw.sin(), -yaw.cos()] };
        draw(Map { picture: picture.picture(), path: &path, agent: Some(agent), marks: &marks });
    }

    /// Draws path and visited objects upon the floor of a room that is seen from aside.
    pub(crate) fn draw_on_floor(&self, picture: &mut Canvas, path: &[Vec3], unit: f32) {
        let size = (picture.width(), picture.height());
        let seen = |point: Vec3| projected(&self.camera, size, point);
        let path: Vec<[f32; 2]> = self.walked(path).iter().filter_map(|&at| seen(at)).collect();
        draw_path(picture, &path, unit);
        for Visited { middle: [x, z], radius } in &self.visited {
            let corner = |index: usize| {
                let angle = TAU * index as f32 / RING as f32;
                seen(Vec3::new(x + radius * angle.cos(), 0.0, z + radius * angle.sin()))
            };
            let ring: Vec<[f32; 2]> = (0..=RING).filter_map(corner).collect();
            picture.polyline(&ring, 3.0 * unit, VISITED);
        }
    }
}
