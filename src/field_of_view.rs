//! What part of the floor lies in the agent's field of view: a wedge that walls cut short. Things hide nothing here.

use std::f32::consts::PI;

use groundling_room::WallSpec;
use groundling_sim::Body;

/// How far the wedge reaches where no wall is in its way, metres.
const REACH: f32 = 3.0;
/// Between two rays, radians.
const STEP: f32 = PI / 180.0;

/// The outline, beginning with the agent, in metres `(x, z)`; `fov_x` is the full horizontal opening angle, radians.
pub(crate) fn field_of_view(body: &Body, fov_x: f32, walls: &[WallSpec]) -> Vec<[f32; 2]> {
    let from = [body.position.x, body.position.z];
    let num_rays = (fov_x / STEP).ceil().max(1.0) as usize;
    let ray = |index: usize| {
        let yaw = body.yaw + fov_x * (index as f32 / num_rays as f32 - 0.5);
        let along = [-yaw.sin(), -yaw.cos()];
        let reach = walls.iter().filter_map(|wall| hit(from, along, wall)).fold(REACH, f32::min);
        [from[0] + reach * along[0], from[1] + reach * along[1]]
    };
    std::iter::once(from).chain((0..=num_rays).map(ray)).collect()
}

/// How far along a ray the wall stands, if it is met.
fn hit(from: [f32; 2], along: [f32; 2], wall: &WallSpec) -> Option<f32> {
    let edge = [wall.to[0] - wall.from[0], wall.to[1] - wall.from[1]];
    let offset = [wall.from[0] - from[0], wall.from[1] - from[1]];
    let cross = |a: [f32; 2], b: [f32; 2]| a[0] * b[1] - a[1] * b[0];
    let turn = cross(along, edge);
    let (reach, share) = (cross(offset, edge) / turn, cross(offset, along) / turn);
    // What is parallel gives no number, which lies in no range.
    (reach > 0.0 && (0.0..=1.0).contains(&share)).then_some(reach)
}

#[cfg(test)]
mod tests {
    use groundling_room::{RoomConfig, RoomSpec};

    use super::*;

    #[test]
    fn it_has_the_cameras_angle_and_stops_at_walls() {
        let spec = RoomSpec::sample(&RoomConfig::default(), 3).unwrap();
        let plan = &spec.floor_plan;
        let position = glam::Vec3::from(spec.spawn.position);
        for yaw in [0.0, 1.0, 2.5, -2.0] {
            let body = Body { position, yaw, pitch: 0.0 };
            let outline = field_of_view(&body, 1.2, &spec.walls);
            let edge = |index: usize| {
                let [x, z] = outline[index];
                (-(x - position.x)).atan2(-(z - position.z))
            };
            let opening = (edge(outline.len() - 1) - edge(1)).rem_euclid(2.0 * PI);
            assert!((opening - 1.2).abs() < 1e-3, "{opening}");
            for &[x, z] in &outline {
                assert!((x - position.x).hypot(z - position.z) < REACH + 1e-3);
                let before = |from: f32, to: f32| from + 0.999 * (to - from);
                let floor = plan.contains(before(position.x, x), before(position.z, z), 0.0);
                assert!(floor, "({x}, {z}) is beyond a wall");
            }
        }
    }
}
