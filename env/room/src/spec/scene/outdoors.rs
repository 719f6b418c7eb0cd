//! What is seen through the windows: flat things at different distances, unlit.

use glam::Vec3;

use super::{plain, surface};
use crate::scene::{Pattern, Surface};
use crate::spec::{Finish, OutdoorKind, OutdoorThing, OutdoorsSpec, RoomSpec, WallSpec};

/// Where the ground ends and the sky begins, metres beyond the wall.
const HORIZON: f32 = 90.0;
/// Width of the sky beyond a wall, metres: enough to meet those beyond the neighbouring walls.
const SKY_WIDTH: f32 = 300.0;
/// Height over which the haze fades into the sky, metres.
const HAZE_HEIGHT: f32 = 45.0;

/// The axes of what lies beyond a wall.
struct Beyond {
    from: Vec3,
    along: Vec3,
    outwards: Vec3,
}

impl Beyond {
    fn new(wall: &WallSpec, ground_level: f32) -> Self {
        let from = Vec3::new(wall.from[0], ground_level, wall.from[1]);
        let along = (Vec3::new(wall.to[0], ground_level, wall.to[1]) - from).normalize_or(Vec3::X);
        Self { from, along, outwards: Vec3::Y.cross(along) }
    }

    /// A parallelogram that faces the room: from a corner, by two edges, each given along the wall and upwards.
    fn card(&self, distance: f32, corner: [f32; 2], u: [f32; 2], v: [f32; 2], finish: Finish) -> Surface {
        let place = |[x, y]: [f32; 2]| self.along * x + Vec3::Y * y;
        let origin = self.from + self.outwards * distance + place(corner);
        Surface { emissive: true, ..surface(origin, place(u), place(v), finish) }
    }

    fn sky(&self, outdoors: &OutdoorsSpec) -> Surface {
        let finish = Finish { colors: [outdoors.haze, outdoors.sky], pattern: Pattern::Gradient(HAZE_HEIGHT) };
        self.card(HORIZON, [-0.5 * SKY_WIDTH, 0.0], [SKY_WIDTH, 0.0], [0.0, HAZE_HEIGHT], finish)
    }

    fn thing(&self, thing: &OutdoorThing) -> Vec<Surface> {
        let OutdoorThing { distance, along, width, height, finish, .. } = *thing;
        let half = 0.5 * width;
        let rhombus = |middle: f32, half_width: f32, half_height: f32, finish: Finish| {
            let (u, v) = ([half_width, half_height], [-half_width, half_height]);
            self.card(distance, [along, middle - half_height], u, v, finish)
        };
        match thing.kind {
            // The ground hides the lower half.
            OutdoorKind::Peak => vec![rhombus(0.0, half, height, finish)],
            OutdoorKind::House => {
                let front = self.card(distance - 0.1, [along - half, 0.0], [width, 0.0], [0.0, height], finish);
                let roof = rhombus(height, 1.1 * half, thing.roof, plain(thing.roof_color));
                vec![roof, front]
            }
        }
    }
}

impl RoomSpec {
    /// The sky on all four sides, the ground, and what stands beyond each wall that has a window.
    pub(super) fn outdoor_surfaces(&self, outdoors: &OutdoorsSpec) -> Vec<Surface> {
        let outer = self.walls.iter().filter(|wall| self.floor_plan.is_outer(wall.from, wall.to));
        let mut surfaces: Vec<Surface> =
            outer.map(|wall| Beyond::new(wall, outdoors.ground_level).sky(outdoors)).collect();
        surfaces.push(self.ground(outdoors));
        for thing in &outdoors.things {
            if let Some(wall) = self.walls.get(thing.wall) {
                surfaces.extend(Beyond::new(wall, outdoors.ground_level).thing(thing));
            }
        }
        surfaces
    }

    fn ground(&self, outdoors: &OutdoorsSpec) -> Surface {
        let half = Vec3::new(0.5 * self.floor_plan.width + HORIZON, 0.0, 0.5 * self.floor_plan.depth + HORIZON);
        let origin = Vec3::new(-half.x, outdoors.ground_level, half.z);
        let ground = surface(origin, Vec3::X * (2.0 * half.x), Vec3::NEG_Z * (2.0 * half.z), outdoors.ground);
        Surface { emissive: true, ..ground }
    }
}
