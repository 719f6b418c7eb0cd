//! A room as something to draw.

use glam::{Affine3A, Quat, Vec3};

use super::{Finish, ObjectSpec, OpeningSpec, RoomSpec, WallSpec};
use crate::scene::{Instance, Pattern, Rgb, Scene, Surface};

/// Colour of where there is nothing, linear light.
const BACKGROUND: Rgb = [0.02, 0.02, 0.025];
/// How far doors, frames and panes stand out from their wall, metres: enough for the depth buffer to tell.
const STAND_OUT: f32 = 0.02;
const FRAME: Rgb = [0.60, 0.58, 0.55];
/// Width of a door's or window's frame, metres.
const FRAME_WIDTH: f32 = 0.08;

impl RoomSpec {
    /// What there is to draw. Object `i` has the id `i + 1`.
    pub fn scene(&self) -> Scene {
        let mut surfaces = self.floor_and_ceiling();
        surfaces.extend(self.walls.iter().map(|wall| wall_surface(wall, self.wall_height)));
        if let Some(opening) = &self.door {
            self.opening_surfaces(opening, false, &mut surfaces);
        }
        for opening in &self.windows {
            self.opening_surfaces(opening, true, &mut surfaces);
        }
        let instances = (1..).zip(&self.objects).map(|(object_id, object)| instance(object, object_id)).collect();
        Scene { surfaces, instances, light: self.light, background: BACKGROUND }
    }

    /// Floor and ceiling cover the bounding rectangle, so that the floor's pattern has no seam; from inside the walls
    /// hide the notch, and from above a lid does.
    fn floor_and_ceiling(&self) -> Vec<Surface> {
        let (width, depth) = (self.floor_plan.width, self.floor_plan.depth);
        let (x, z, top) = (width / 2.0, depth / 2.0, self.wall_height);
        let ceiling = Finish { colors: [self.ceiling; 2], pattern: Pattern::Plain };
        let mut surfaces = vec![
            Surface {
                receives_shadows: true,
                ..surface([-x, 0.0, z], [width, 0.0, 0.0], [0.0, 0.0, -depth], self.floor)
            },
            surface([-x, top, -z], [width, 0.0, 0.0], [0.0, 0.0, depth], ceiling),
        ];
        if let Some(notch) = self.floor_plan.notch {
            let finish = Finish { colors: [BACKGROUND; 2], pattern: Pattern::Plain };
            let (u, v) = ([notch.x[1] - notch.x[0], 0.0, 0.0], [0.0, 0.0, notch.z[0] - notch.z[1]]);
            surfaces.push(Surface { emissive: true, ..surface([notch.x[0], top, notch.z[1]], u, v, finish) });
        }
        surfaces
    }

    fn opening_surfaces(&self, opening: &OpeningSpec, emissive: bool, surfaces: &mut Vec<Surface>) {
        let Some(wall) = self.walls.get(opening.wall) else { return };
        let from = Vec3::new(wall.from[0], 0.0, wall.from[1]);
        let along = (Vec3::new(wall.to[0], 0.0, wall.to[1]) - from).normalize_or(Vec3::X);
        let inwards = along.cross(Vec3::Y);
        let panel = |inset: f32, depth: f32, finish: Finish| {
            let low = if opening.bottom > 0.0 { opening.bottom + inset } else { 0.0 };
            let high = opening.bottom + opening.height - inset;
            let origin = from + along * (opening.start + inset) + Vec3::Y * low + inwards * depth;
            let u = along * (opening.width - 2.0 * inset);
            surface(origin.into(), u.into(), [0.0, high - low, 0.0], finish)
        };
        let frame = Finish { colors: [FRAME; 2], pattern: Pattern::Plain };
        surfaces.push(panel(0.0, STAND_OUT, frame));
        surfaces.push(Surface { emissive, ..panel(FRAME_WIDTH, 2.0 * STAND_OUT, opening.finish) });
    }
}

fn surface(origin: [f32; 3], u: [f32; 3], v: [f32; 3], finish: Finish) -> Surface {
    Surface {
        origin: origin.into(),
        u: u.into(),
        v: v.into(),
        colors: finish.colors,
        pattern: finish.pattern,
        emissive: false,
        receives_shadows: false,
    }
}

fn wall_surface(wall: &WallSpec, height: f32) -> Surface {
    let u = [wall.to[0] - wall.from[0], 0.0, wall.to[1] - wall.from[1]];
    surface([wall.from[0], 0.0, wall.from[1]], u, [0.0, height, 0.0], wall.finish)
}

fn instance(object: &ObjectSpec, object_id: u16) -> Instance {
    let mut colors = vec![object.color.rgb()];
    colors.extend_from_slice(object.shape.materials());
    Instance {
        mesh: object.shape.mesh().clone(),
        world_from_object: Affine3A::from_scale_rotation_translation(
            Vec3::splat(object.height),
            Quat::from_rotation_y(object.yaw),
            object.position.into(),
        ),
        colors,
        object_id,
        shadow_radius: object.radius(),
    }
}
