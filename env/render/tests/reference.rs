//! The renderer against a slow one that casts a ray through each pixel's centre, in double precision, and knows no
//! clipping, no spans and no z-buffer.

#![expect(clippy::disallowed_methods, reason = "compared with a tolerance")]

#[expect(dead_code, reason = "other tests use the rest")]
mod scenes;

use std::ops::{Add, Mul, Sub};

use glam::Vec3;
use groundling_interface::derive;
use groundling_render::{NEAR, Renderer};
use groundling_room::{Camera, Projection, Scene};
use rand::RngExt;

/// A vector in double precision.
#[derive(Clone, Copy)]
struct DVec3(f64, f64, f64);

impl DVec3 {
    fn of(v: Vec3) -> Self {
        Self(f64::from(v.x), f64::from(v.y), f64::from(v.z))
    }

    fn dot(self, o: Self) -> f64 {
        self.0 * o.0 + self.1 * o.1 + self.2 * o.2
    }

    fn cross(self, o: Self) -> Self {
        Self(self.1 * o.2 - self.2 * o.1, self.2 * o.0 - self.0 * o.2, self.0 * o.1 - self.1 * o.0)
    }
}

impl Add for DVec3 {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0 + o.0, self.1 + o.1, self.2 + o.2)
    }
}

impl Sub for DVec3 {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0 - o.0, self.1 - o.1, self.2 - o.2)
    }
}

impl Mul<f64> for DVec3 {
    type Output = Self;
    fn mul(self, x: f64) -> Self {
        Self(self.0 * x, self.1 * x, self.2 * x)
    }
}

/// What a ray met first.
#[derive(Clone, Copy, PartialEq)]
struct Hit {
    depth: f64,
    object_id: u16,
}

struct Eye {
    position: DVec3,
    right: DVec3,
    up: DVec3,
    forward: DVec3,
}

impl Eye {
    fn new(camera: &Camera) -> Self {
        let (yaw, pitch) = (f64::from(camera.yaw), f64::from(camera.pitch));
        let forward = DVec3(-yaw.sin() * pitch.cos(), pitch.sin(), -yaw.cos() * pitch.cos());
        let right = DVec3(yaw.cos(), 0.0, -yaw.sin());
        Self { position: DVec3::of(camera.position), right, up: right.cross(forward), forward }
    }

    /// Origin and direction of a pixel's ray; the direction advances one metre of depth.
    fn ray(&self, camera: &Camera, (i, j): (usize, usize), (width, height): (usize, usize)) -> (DVec3, DVec3) {
        let x = i as f64 - 0.5 * (width as f64 - 1.0);
        let y = 0.5 * (height as f64 - 1.0) - j as f64;
        match camera.projection {
            Projection::Perspective { fov_y } => {
                let unit = (0.5 * f64::from(fov_y)).tan() / (0.5 * height as f64);
                (self.position, self.forward + self.right * (x * unit) + self.up * (y * unit))
            }
            Projection::Orthographic { height: metres } => {
                let unit = f64::from(metres) / height as f64;
                (self.position + self.right * (x * unit) + self.up * (y * unit), self.forward)
            }
        }
    }
}

/// Depth at which a ray meets the front of a triangle.
fn meets((origin, direction): (DVec3, DVec3), [a, b, c]: [DVec3; 3]) -> Option<f64> {
    let normal = (b - a).cross(c - a);
    let against = normal.dot(direction);
    if against >= 0.0 {
        return None;
    }
    let depth = normal.dot(a - origin) / against;
    let point = origin + direction * depth;
    let inside = |p: DVec3, q: DVec3| (q - p).cross(point - p).dot(normal) >= 0.0;
    (depth >= f64::from(NEAR) && inside(a, b) && inside(b, c) && inside(c, a)).then_some(depth)
}

/// All triangles of a scene in the world, with their object ids.
fn triangles(scene: &Scene) -> Vec<([DVec3; 3], u16)> {
    let mut all = Vec::new();
    for surface in &scene.surfaces {
        let (o, u, v) = (DVec3::of(surface.origin), DVec3::of(surface.u), DVec3::of(surface.v));
        all.push(([o, o + u, o + u + v], 0));
        all.push(([o, o + u + v, o + v], 0));
    }
    for instance in &scene.instances {
        for triangle in &instance.mesh.triangles {
            let corner = |k: usize| {
                let local = instance.mesh.positions[usize::from(triangle.vertices[k])];
                DVec3::of(instance.world_from_object.transform_point3(local))
            };
            all.push(([corner(0), corner(1), corner(2)], instance.object_id));
        }
    }
    all
}

/// Renders both ways; returns the shares of pixels whose ids, and whose depths, disagree.
fn disagreement(scene: &Scene, camera: &Camera, size: (usize, usize)) -> (f64, f64) {
    let mut renderer = Renderer::new(size.0, size.1).expect("an allowed size");
    renderer.render(scene, camera);
    let (eye, triangles) = (Eye::new(camera), triangles(scene));
    let (mut other_ids, mut other_depths) = (0, 0);
    for j in 0..size.1 {
        for i in 0..size.0 {
            let ray = eye.ray(camera, (i, j), size);
            let mut nearest = Hit { depth: f64::INFINITY, object_id: 0 };
            for &(corners, object_id) in &triangles {
                if let Some(depth) = meets(ray, corners)
                    && depth < nearest.depth
                {
                    nearest = Hit { depth, object_id };
                }
            }
            let at = j * size.0 + i;
            other_ids += usize::from(renderer.object_ids()[at] != nearest.object_id);
            let depth = f64::from(renderer.depth()[at]);
            let close = depth == nearest.depth || (depth - nearest.depth).abs() < 2e-3 + 2e-3 * nearest.depth;
            other_depths += usize::from(!close);
        }
    }
    let num_pixels = (size.0 * size.1) as f64;
    (other_ids as f64 / num_pixels, other_depths as f64 / num_pixels)
}

/// Checks one picture: edges may fall on the other side of a pixel's centre, no more.
fn check(scene: &Scene, camera: &Camera, size: (usize, usize)) -> (f64, f64) {
    let (ids, depths) = disagreement(scene, camera, size);
    assert!(ids < 0.02 && depths < 0.02, "{ids} of the ids and {depths} of the depths disagree at {camera:?}");
    (ids, depths)
}

#[test]
fn random_views_of_random_rooms() {
    let (mut ids, mut depths, num_views) = (0.0, 0.0, 40);
    for index in 0..num_views {
        let scene = scenes::furnished(index, 10);
        let found = check(&scene, &scenes::eye(1, index), (96, 72));
        ids += found.0;
        depths += found.1;
    }
    let num_views = num_views as f64;
    assert!(ids / num_views < 0.001, "{} of the ids disagree", ids / num_views);
    assert!(depths / num_views < 0.002, "{} of the depths disagree", depths / num_views);
}

#[test]
fn every_orientation_of_the_camera() {
    let scene = scenes::furnished(4, 10);
    let right_angle = std::f32::consts::FRAC_PI_2;
    for yaw in [-3.2, -right_angle, 0.0, 0.4, right_angle, 3.0, 40.0] {
        for pitch in [-right_angle, -1.2, 0.0, 0.7, right_angle] {
            for projection in [Projection::Perspective { fov_y: 1.2 }, Projection::Orthographic { height: 3.0 }] {
                let camera = Camera { position: Vec3::new(2.0, 1.3, 2.1), yaw, pitch, projection };
                check(&scene, &camera, (48, 36));
            }
        }
    }
}

#[test]
fn the_map_from_above() {
    let scene = scenes::furnished(5, 12);
    let (ids, _) = check(&scene, &scenes::map(), (120, 120));
    assert!(ids < 0.005);
}

#[test]
fn objects_that_cross_the_near_plane() {
    let mut random = derive(9, "near", &[]);
    let mut num_crossing = 0;
    for index in 0..30 {
        let scene = scenes::furnished(index, 6);
        // An eye inside, on and right before an object's surface.
        let instance = &scene.instances[index as usize % 6];
        let (scale, _, at) = instance.world_from_object.to_scale_rotation_translation();
        let mut offset = || random.random_range(-0.6..0.6f32);
        let position = at + scale * Vec3::new(offset(), 0.5 + offset(), offset());
        let camera = Camera { position, ..scenes::eye(2, index) };
        let (ids, _) = disagreement(&scene, &camera, (64, 48));
        assert!(ids < 0.03, "{ids} of the ids disagree in view {index}");
        let mut renderer = Renderer::new(64, 48).expect("an allowed size");
        renderer.render(&scene, &camera);
        num_crossing += usize::from(renderer.depth().iter().any(|&depth| depth < 0.06));
    }
    assert!(num_crossing >= 5, "only {num_crossing} views cut anything");
}
