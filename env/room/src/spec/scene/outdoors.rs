//! What is seen through the windows: flat things at different distances, unlit.

use glam::Vec3;

use super::{plain, surface};
use crate::scene::{Pattern, Surface};
use crate::spec::{Finish, OutdoorKind, OutdoorThing, OutdoorsSpec, RoomSpec, WallSpec};

/// Where the ground ends and the sky begins, metres beyond the wall.
const HORIZON: f32 = 90.0;
/// Width of sky and ground, metres: from close to a window one sees far to the side.
const WIDTH: f32 = 2000.0;
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
        self.card(HORIZON, [-0.5 * WIDTH, 0.0], [WIDTH, 0.0], [0.0, HAZE_HEIGHT], finish)
    }

    fn ground(&self, outdoors: &OutdoorsSpec) -> Surface {
        let origin = self.from - self.along * (0.5 * WIDTH);
        let ground = surface(origin, self.along * WIDTH, self.outwards * HORIZON, outdoors.ground);
        Surface { emissive: true, pattern_offset: [-0.5 * WIDTH, 0.0], ..ground }
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
    /// Sky and ground beyond each wall that has a window, and what stands there.
    pub(super) fn outdoor_surfaces(&self, outdoors: &OutdoorsSpec) -> Vec<Surface> {
        let mut surfaces = Vec::new();
        for (index, wall) in self.walls.iter().enumerate() {
            if self.windows.iter().all(|window| window.wall != index) {
                continue;
            }
            let beyond = Beyond::new(wall, outdoors.ground_level);
            surfaces.extend([beyond.sky(outdoors), beyond.ground(outdoors)]);
            surfaces.extend(outdoors.things.iter().filter(|thing| thing.wall == index).flat_map(|t| beyond.thing(t)));
        }
        surfaces
    }
}
