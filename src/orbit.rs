//! A camera that goes slowly around the room and looks down into it, and the agent's body, which no other view shows.

use std::f32::consts::TAU;
use std::sync::{Arc, LazyLock};

use glam::{Affine3A, Quat, Vec3};
use groundling_room::{Camera, Instance, Mesh, Projection, RoomSpec, Scene, Surface, Triangle};
use groundling_sim::Body;

use crate::drawing::map_scene;
use crate::moment::Moment;

const FOV_Y: f32 = 0.7;
const PITCH: f32 = -0.65;
/// Share of a whole round in one episode.
const ROUND: f32 = 0.5;
/// Height and radius of the body, metres.
const HEIGHT: f32 = 0.8;
const RADIUS: f32 = 0.18;

/// The camera at a share of the episode, 0 to 1, for pictures whose width is `aspect` times their height.
pub(crate) fn camera(spec: &RoomSpec, share: f32, aspect: f32) -> Camera {
    let plan = &spec.floor_plan;
    let radius = 0.5 * Vec3::new(plan.width, spec.wall_height, plan.depth).length();
    let half = 0.5 * FOV_Y;
    let narrower = half.min((half.tan() * aspect).atan());
    let yaw = 0.6 + TAU * ROUND * share;
    let forward = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(PITCH) * Vec3::NEG_Z;
    let middle = Vec3::Y * 0.3 * spec.wall_height;
    Camera {
        position: middle - forward * (0.92 * radius / narrower.sin()),
        yaw,
        pitch: PITCH,
        projection: Projection::Perspective { fov_y: FOV_Y },
    }
}

/// The pixel at which a camera shows a point; none for what lies behind it.
pub(crate) fn projected(camera: &Camera, (width, height): (usize, usize), point: Vec3) -> Option<[f32; 2]> {
    let turn = Quat::from_rotation_y(camera.yaw) * Quat::from_rotation_x(camera.pitch);
    let seen = turn.inverse() * (point - camera.position);
    let (width, height) = (width as f32, height as f32);
    let per_unit = match camera.projection {
        Projection::Perspective { fov_y } => 0.5 * height / ((0.5 * fov_y).tan() * -seen.z),
        Projection::Orthographic { height: metres } => height / metres,
    };
    (seen.z < 0.0).then_some([0.5 * width + seen.x * per_unit, 0.5 * height - seen.y * per_unit])
}

/// The room with the agent's body in it. What is outdoors is seen through windows, and so from within only.
pub(crate) fn scene(moment: &Moment, camera: &Camera) -> Scene {
    let Vec3 { x, y, z } = camera.position;
    let is_within = moment.room.contains(x, z, 0.0) && y < moment.room.wall_height;
    let scene = moment.scene.clone();
    let mut scene = if is_within { scene } else { map_scene(scene) };
    lower_lid(&mut scene);
    scene.instances.push(body(moment.body));
    scene
}

/// Where an L-shaped room is not, there is floor, and a lid for the view from above. From aside the lid would hide what
/// stands behind it: here it lies on the floor.
fn lower_lid(scene: &mut Scene) {
    const ABOVE_FLOOR: f32 = 0.01;
    let is_lid = |surface: &Surface| surface.emissive && surface.u.cross(surface.v).y > 0.0;
    for lid in scene.surfaces.iter_mut().filter(|surface| is_lid(surface)) {
        lid.origin.y = ABOVE_FLOOR;
    }
}

/// A post with a nose that points where the agent looks.
fn body(body: Body) -> Instance {
    static MESH: LazyLock<Arc<Mesh>> = LazyLock::new(|| {
        let ring = |index: usize| (Vec3::new(1.0, 0.0, 0.0), index as f32 / 12.0 * TAU);
        let post = (0..12).map(|index| {
            let (out, angle) = ring(index);
            RADIUS * (Quat::from_rotation_y(angle) * out)
        });
        let mut mesh = Mesh { positions: Vec::new(), triangles: Vec::new() };
        add_prism(&mut mesh, &post.collect::<Vec<_>>(), [0.0, HEIGHT], 0);
        let nose = [Vec3::new(0.0, 0.0, -2.4 * RADIUS), Vec3::new(-RADIUS, 0.0, 0.0), Vec3::new(RADIUS, 0.0, 0.0)];
        add_prism(&mut mesh, &nose, [0.75 * HEIGHT, 0.9 * HEIGHT], 1);
        Arc::new(mesh)
    });
    let rotation = Quat::from_rotation_y(body.yaw);
    let position = Vec3::new(body.position.x, 0.0, body.position.z);
    Instance {
        mesh: Arc::clone(&MESH),
        world_from_object: Affine3A::from_rotation_translation(rotation, position),
        colors: vec![[0.9, 0.12, 0.06], [1.0, 0.75, 0.1]],
        // As the room itself: it is no object that a question could be about.
        object_id: 0,
        shadow_radius: 1.5 * RADIUS,
    }
}

/// A convex outline on the floor, counter-clockwise seen from above, drawn up from one height to another.
fn add_prism(mesh: &mut Mesh, outline: &[Vec3], [low, high]: [f32; 2], slot: u8) {
    let first = mesh.positions.len() as u16;
    let num = outline.len() as u16;
    mesh.positions.extend(outline.iter().map(|&point| point + low * Vec3::Y));
    mesh.positions.extend(outline.iter().map(|&point| point + high * Vec3::Y));
    let mut add = |vertices: [u16; 3]| mesh.triangles.push(Triangle { vertices: vertices.map(|v| v + first), slot });
    for index in 0..num {
        let next = (index + 1) % num;
        add([index, next, num + next]);
        add([index, num + next, num + index]);
    }
    for index in 1..num - 1 {
        add([num, num + index, num + index + 1]);
        add([0, index + 1, index]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faces_of_a_prism_look_outwards() {
        let mut mesh = Mesh { positions: Vec::new(), triangles: Vec::new() };
        let square = [[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]].map(|[x, z]| Vec3::new(x, 0.0, z));
        add_prism(&mut mesh, &square, [-1.0, 1.0], 0);
        for triangle in &mesh.triangles {
            let [a, b, c] = triangle.vertices.map(|vertex| mesh.positions[usize::from(vertex)]);
            let normal = (b - a).cross(c - a);
            assert!(normal.dot(a + b + c) > 0.0, "{triangle:?}");
        }
        assert_eq!(mesh.triangles.len(), 12);
    }

    #[test]
    fn nothing_lies_on_the_walls_of_an_l_shaped_room() {
        let spec = RoomSpec::sample(&groundling_room::RoomConfig::default(), 3).unwrap();
        assert!(spec.floor_plan.notch.is_some());
        let upwards = |scene: &Scene| -> Vec<f32> {
            let up = scene.surfaces.iter().filter(|surface| surface.u.cross(surface.v).y > 0.1);
            up.map(|surface| surface.origin.y).collect()
        };
        let mut scene = spec.scene();
        assert!(upwards(&scene).contains(&spec.wall_height));
        lower_lid(&mut scene);
        assert!(!upwards(&scene).contains(&spec.wall_height));
    }

    #[test]
    fn points_are_where_the_renderer_shows_them() {
        let (_, privileged) = groundling_sim::RoomEnvironment::new(groundling_sim::WorldConfig::default()).unwrap();
        let size = (320, 200);
        let camera = camera(&privileged.spec(), 0.3, 1.6);
        let mut renderer = groundling_render::Renderer::new(size.0, size.1).unwrap();
        for [x, z] in [[1.0, 1.5], [-1.5, 0.5]] {
            let at = Vec3::new(x, 0.0, z);
            let post = Instance { object_id: 1, ..body(Body { position: at, yaw: 0.0, pitch: 0.0 }) };
            let scene = Scene { surfaces: vec![], outdoors: vec![], instances: vec![post], ..privileged.scene() };
            renderer.render(&scene, &camera);
            let shown = (renderer.object_ids().iter().enumerate()).filter(|(_, id)| **id == 1);
            let shown: Vec<_> = shown.map(|(at, _)| [(at % size.0) as f32 + 0.5, (at / size.0) as f32 + 0.5]).collect();
            let mean = |axis: usize| shown.iter().map(|at| at[axis]).sum::<f32>() / shown.len() as f32;
            let [x, y] = projected(&camera, size, at + Vec3::Y * (0.5 * HEIGHT)).unwrap();
            assert!((mean(0) - x).abs() < 2.5 && (mean(1) - y).abs() < 2.5, "({x}, {y}): {} {}", mean(0), mean(1));
        }
        assert_eq!(projected(&camera, size, 2.0 * camera.position), None);
    }
}
