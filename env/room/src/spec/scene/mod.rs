//! A room as something to draw.

mod outdoors;
mod walls;

use glam::{Affine3A, Quat, Vec3};

use super::{Finish, ObjectSpec, RoomSpec};
use crate::scene::{Camera, Instance, Pattern, Projection, Rgb, Scene, Surface};

/// Colour of where there is nothing in a room without windows, linear light.
const BACKGROUND: Rgb = [0.02, 0.02, 0.025];

impl RoomSpec {
    /// What there is to draw. Object `i` has the id `i + 1`.
    pub fn scene(&self) -> Scene {
        let mut surfaces = self.floor_and_ceiling();
        surfaces.extend(self.wall_surfaces());
        surfaces.extend(self.door.iter().flat_map(|door| self.door_surfaces(door)));
        surfaces.extend(self.windows.iter().flat_map(|window| self.window_surfaces(window)));
        Scene {
            surfaces,
            outdoors: self.outdoors.as_ref().map_or_else(Vec::new, |outdoors| self.outdoor_surfaces(outdoors)),
            instances: (1..).zip(&self.objects).map(|(object_id, object)| instance(object, object_id)).collect(),
            light: self.light,
            background: self.outdoors.as_ref().map_or(BACKGROUND, |outdoors| outdoors.sky),
        }
    }

    /// A view of the whole room from above, for a picture whose width is `aspect` times its height.
    pub fn top_down_camera(&self, aspect: f32) -> Camera {
        let plan = &self.floor_plan;
        let margin = 1.04;
        Camera {
            // Below the ceiling, which is seen from below only, there is nothing higher than the walls.
            position: Vec3::Y * (self.wall_height + 1.0),
            yaw: 0.0,
            pitch: -std::f32::consts::FRAC_PI_2,
            projection: Projection::Orthographic { height: margin * plan.depth.max(plan.width / aspect.max(0.01)) },
        }
    }

    /// Floor and ceiling cover the bounding rectangle, so that the floor's pattern has no seam; from inside the walls
    /// hide the notch, and from above a lid does.
    fn floor_and_ceiling(&self) -> Vec<Surface> {
        let (width, depth) = (self.floor_plan.width, self.floor_plan.depth);
        let (x, z, top) = (width / 2.0, depth / 2.0, self.wall_height);
        let floor = surface(Vec3::new(-x, 0.0, z), Vec3::X * width, Vec3::NEG_Z * depth, self.floor);
        let mut surfaces = vec![
            Surface { receives_shadows: true, ..floor },
            surface(Vec3::new(-x, top, -z), Vec3::X * width, Vec3::Z * depth, plain(self.ceiling)),
        ];
        if let Some(notch) = self.floor_plan.notch {
            let (u, v) = (Vec3::X * (notch.x[1] - notch.x[0]), Vec3::NEG_Z * (notch.z[1] - notch.z[0]));
            let lid = surface(Vec3::new(notch.x[0], top, notch.z[1]), u, v, plain(BACKGROUND));
            surfaces.push(Surface { emissive: true, ..lid });
        }
        surfaces
    }
}

fn plain(color: Rgb) -> Finish {
    Finish { colors: [color; 2], pattern: Pattern::Plain }
}

fn surface(origin: Vec3, u: Vec3, v: Vec3, finish: Finish) -> Surface {
    Surface {
        origin,
        u,
        v,
        colors: finish.colors,
        pattern: finish.pattern,
        pattern_offset: [0.0; 2],
        emissive: false,
        receives_shadows: false,
    }
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
