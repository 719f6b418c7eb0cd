//! Scenes for tests and benchmarks: an L-shaped room with patterned walls, and simple objects of chosen fineness.

use std::f32::consts::{PI, TAU};
use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};
use groundling_interface::derive;
use groundling_room::{Camera, Instance, Light, Mesh, Pattern, Projection, Rgb, Scene, Surface, Triangle};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A closed surface of revolution: rings of the given radius and height, from the bottom up.
fn revolved(rings: &[(f32, f32)], sides: u16) -> Mesh {
    let mut positions = vec![Vec3::new(0.0, rings[0].1, 0.0)];
    for &(radius, height) in rings {
        for side in 0..sides {
            let (sin, cos) = (
                libm::sinf(TAU * f32::from(side) / f32::from(sides)),
                libm::cosf(TAU * f32::from(side) / f32::from(sides)),
            );
            positions.push(Vec3::new(radius * cos, height, radius * sin));
        }
    }
    positions.push(Vec3::new(0.0, rings[rings.len() - 1].1, 0.0));
    let top = positions.len() as u16 - 1;
    let at = |ring: u16, side: u16| 1 + ring * sides + side % sides;
    let mut triangles = Vec::new();
    let last = rings.len() as u16 - 1;
    for side in 0..sides {
        triangles.push(Triangle { vertices: [0, at(0, side), at(0, side + 1)], slot: 0 });
        for ring in 0..last {
            let slot = (ring % 2) as u8;
            let (a, b, c, d) = (at(ring, side), at(ring, side + 1), at(ring + 1, side), at(ring + 1, side + 1));
            triangles.push(Triangle { vertices: [a, c, b], slot });
            triangles.push(Triangle { vertices: [b, c, d], slot });
        }
        triangles.push(Triangle { vertices: [top, at(last, side + 1), at(last, side)], slot: 1 });
    }
    Mesh { positions, triangles }
}

/// A ball of about 160 triangles, radius 0.5, standing on the ground.
pub(crate) fn ball() -> Mesh {
    let ring = |k: u16| {
        let angle = PI * f32::from(k) / 9.0;
        (0.5 * libm::sinf(angle), 0.5 - 0.5 * libm::cosf(angle))
    };
    revolved(&[ring(1), ring(2), ring(3), ring(4), ring(5), ring(6), ring(7), ring(8)], 10)
}

/// A vase of about 160 triangles.
pub(crate) fn vase() -> Mesh {
    revolved(&[(0.2, 0.0), (0.35, 0.2), (0.4, 0.4), (0.3, 0.6), (0.15, 0.75), (0.15, 0.9), (0.25, 1.0)], 12)
}

/// A box of 12 triangles, one metre wide and high.
pub(crate) fn block() -> Mesh {
    let mut mesh = revolved(&[(0.5f32.sqrt(), 0.0), (0.5f32.sqrt(), 1.0)], 4);
    for position in &mut mesh.positions {
        *position = Quat::from_rotation_y(PI / 4.0) * *position;
    }
    mesh
}

/// The three meshes.
pub(crate) fn meshes() -> [Arc<Mesh>; 3] {
    [Arc::new(ball()), Arc::new(vase()), Arc::new(block())]
}

fn wall(from: (f32, f32), to: (f32, f32), height: f32, colors: [Rgb; 2], pattern: Pattern) -> Surface {
    Surface {
        origin: Vec3::new(from.0, 0.0, from.1),
        u: Vec3::new(to.0 - from.0, 0.0, to.1 - from.1),
        v: Vec3::new(0.0, height, 0.0),
        colors,
        pattern,
        pattern_offset: [0.0; 2],
        emissive: false,
        receives_shadows: false,
    }
}

fn level(corner: (f32, f32), size: (f32, f32), height: f32, up: bool, colors: [Rgb; 2], pattern: Pattern) -> Surface {
    let (origin, u) = if up {
        (Vec3::new(corner.0, height, corner.1 + size.1), Vec3::new(size.0, 0.0, 0.0))
    } else {
        (Vec3::new(corner.0 + size.0, height, corner.1 + size.1), Vec3::new(-size.0, 0.0, 0.0))
    };
    let v = Vec3::new(0.0, 0.0, -size.1);
    Surface { origin, u, v, colors, pattern, pattern_offset: [0.0; 2], emissive: false, receives_shadows: up }
}

/// Outer size of the room: x from 0, z from 0; the quarter beyond (`NOTCH`, `NOTCH`) is cut off.
pub(crate) const SIZE: f32 = 6.0;
/// Where the L's notch begins.
pub(crate) const NOTCH: f32 = 3.5;
/// Height of the room.
pub(crate) const HEIGHT: f32 = 2.7;

/// The L-shaped room without objects.
pub(crate) fn room() -> Scene {
    let floor = [[0.45, 0.30, 0.18], [0.33, 0.21, 0.12]];
    let ceiling = [[0.8, 0.8, 0.78], [0.8, 0.8, 0.78]];
    let (s, n, h) = (SIZE, NOTCH, HEIGHT);
    let mut window = wall((4.5, 0.0), (2.0, 0.0), 0.0, [[0.6, 0.8, 1.0]; 2], Pattern::Plain);
    window.origin = Vec3::new(2.0, 1.0, 0.0);
    window.u = Vec3::new(2.5, 0.0, 0.0);
    window.v = Vec3::new(0.0, 1.2, 0.0);
    window.emissive = true;
    let door = Surface {
        origin: Vec3::new(0.0, 0.0, 2.0),
        u: Vec3::new(0.0, 0.0, -0.9),
        v: Vec3::new(0.0, 2.1, 0.0),
        ..wall((0.0, 0.0), (1.0, 0.0), h, [[0.35, 0.16, 0.07], [0.3, 0.13, 0.05]], Pattern::Stripes(0.15))
    };
    let surfaces = vec![
        level((0.0, 0.0), (s, n), 0.0, true, floor, Pattern::Planks(0.2)),
        level((0.0, n), (n, s - n), 0.0, true, floor, Pattern::Checker(0.5)),
        level((0.0, 0.0), (s, n), h, false, ceiling, Pattern::Plain),
        level((0.0, n), (n, s - n), h, false, ceiling, Pattern::Plain),
        wall((0.0, 0.0), (s, 0.0), h, [[0.7, 0.6, 0.4], [0.6, 0.45, 0.3]], Pattern::Stripes(0.25)),
        wall((s, 0.0), (s, n), h, [[0.5, 0.15, 0.1], [0.6, 0.55, 0.5]], Pattern::Bricks(0.15)),
        wall((s, n), (n, n), h, [[0.2, 0.4, 0.5], [0.25, 0.5, 0.6]], Pattern::Checker(0.3)),
        wall((n, n), (n, s), h, [[0.6, 0.6, 0.2], [0.5, 0.5, 0.15]], Pattern::Bands(0.3)),
        wall((n, s), (0.0, s), h, [[0.3, 0.5, 0.3], [0.3, 0.5, 0.3]], Pattern::Plain),
        wall((0.0, s), (0.0, 0.0), h, [[0.55, 0.35, 0.5], [0.5, 0.3, 0.45]], Pattern::Planks(0.3)),
        door,
        window,
    ];
    let light =
        Light { direction: Vec3::new(0.4, 0.8, 0.45).normalize(), direct: 0.55, ambient_up: 0.65, ambient_down: 0.4 };
    Scene { surfaces, outdoors: Vec::new(), instances: Vec::new(), light, background: [0.02, 0.02, 0.03] }
}

/// A point of the room's floor at least `margin` from every wall.
pub(crate) fn spot(random: &mut ChaCha8Rng, margin: f32) -> Vec3 {
    loop {
        let at = |random: &mut ChaCha8Rng| random.random_range(margin..SIZE - margin);
        let (x, z) = (at(random), at(random));
        if x < NOTCH - margin || z < NOTCH - margin {
            return Vec3::new(x, 0.0, z);
        }
    }
}

/// The room with objects strewn over its floor.
pub(crate) fn furnished(seed: u64, num_objects: u16) -> Scene {
    let mut random = derive(seed, "scene", &[]);
    let meshes = meshes();
    let mut scene = room();
    for index in 0..num_objects {
        let scale = Vec3::new(1.0, random.random_range(0.7..1.3), 1.0) * random.random_range(0.25..0.8);
        let yaw = Quat::from_rotation_y(random.random_range(0.0..TAU));
        let at = spot(&mut random, 0.6);
        let mut color = || [0; 3].map(|_| random.random_range(0.05..0.95f32));
        let colors = vec![color(), color()];
        scene.instances.push(Instance {
            mesh: Arc::clone(&meshes[usize::from(index) % 3]),
            world_from_object: Affine3A::from_scale_rotation_translation(scale, yaw, at),
            colors,
            object_id: index + 1,
            shadow_radius: 0.5 * scale.x,
        });
    }
    scene
}

/// An eye somewhere in the room.
pub(crate) fn eye(seed: u64, index: u64) -> Camera {
    let mut random = derive(seed, "eye", &[index]);
    let position = spot(&mut random, 0.25) + Vec3::new(0.0, random.random_range(0.3..2.2), 0.0);
    Camera {
        position,
        yaw: random.random_range(-PI..PI),
        pitch: random.random_range(-1.2..0.8),
        projection: Projection::Perspective { fov_y: random.random_range(0.6..1.6) },
    }
}

/// A camera above the whole room, looking straight down.
pub(crate) fn map() -> Camera {
    Camera {
        position: Vec3::new(0.5 * SIZE, 20.0, 0.5 * SIZE),
        yaw: 0.0,
        pitch: -PI / 2.0,
        projection: Projection::Orthographic { height: SIZE + 0.4 },
    }
}

/// An eye as an agent has it: 1.2 m above the floor, looking a little down.
pub(crate) fn walker(seed: u64, index: u64) -> Camera {
    let mut random = derive(seed, "walker", &[index]);
    Camera {
        position: spot(&mut random, 0.25) + Vec3::new(0.0, 1.2, 0.0),
        yaw: random.random_range(-PI..PI),
        pitch: random.random_range(-0.35..0.1),
        projection: Projection::Perspective { fov_y: 1.05 },
    }
}
