//! What holds of every picture: same bytes again, all sizes, no harm from absurd input, and a few goldens to look at.

mod scenes;

use std::path::Path;
use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};
use groundling_render::{RenderError, Renderer};
use groundling_room::{Camera, Instance, Mesh, Pattern, Projection, Scene, Triangle};
use proptest::prelude::*;

fn picture(scene: &Scene, camera: &Camera, width: usize, height: usize) -> Renderer {
    let mut renderer = Renderer::new(width, height).expect("an allowed size");
    renderer.render(scene, camera);
    renderer
}

#[test]
fn a_picture_depends_on_scene_and_camera_alone() {
    let scenes: Vec<_> = (0..6).map(|seed| scenes::furnished(seed, 12)).collect();
    let mut used = Renderer::new(96, 72).expect("an allowed size");
    for index in [3u64, 0, 5, 3, 2, 5, 0, 1, 4] {
        let (scene, camera) = (&scenes[index as usize], scenes::eye(7, index));
        used.render(scene, &camera);
        let fresh = picture(scene, &camera, 96, 72);
        assert_eq!(used.rgb(), fresh.rgb());
        assert_eq!(used.object_ids(), fresh.object_ids());
        let bits = |renderer: &Renderer| renderer.depth().iter().map(|depth| depth.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&used), bits(&fresh));
    }
}

#[test]
fn buffers_that_were_traded_do_not_show() {
    let scenes: Vec<_> = (0..3).map(|seed| scenes::furnished(seed, 12)).collect();
    let mut of_rooms: Vec<_> = scenes.iter().map(|_| Renderer::new(96, 72).expect("an allowed size")).collect();
    let mut lent = Renderer::new(96, 72).expect("an allowed size");
    for index in 0..6u64 {
        for (scene, renderer) in scenes.iter().zip(&mut of_rooms) {
            let camera = scenes::eye(7, index);
            let fresh = picture(scene, &camera, 96, 72);
            assert!(renderer.trade_buffers(&mut lent));
            renderer.render(scene, &camera);
            assert_eq!((renderer.rgb(), renderer.object_ids()), (fresh.rgb(), fresh.object_ids()));
            assert!(renderer.trade_buffers(&mut lent));
            // The picture went with the memory that it is in.
            assert_eq!((lent.rgb(), lent.depth()), (fresh.rgb(), fresh.depth()));
        }
    }
    let mut other = Renderer::new(72, 96).expect("an allowed size");
    assert!(!lent.trade_buffers(&mut other));
    assert_eq!((lent.width(), other.width()), (96, 72));
}

#[test]
fn all_promised_sizes_are_drawn() {
    let scene = scenes::furnished(1, 12);
    for (width, height) in [(16, 12), (17, 13), (96, 72), (31, 200), (640, 480)] {
        let renderer = picture(&scene, &scenes::walker(5, 1), width, height);
        assert_eq!((renderer.width(), renderer.height()), (width, height));
        assert_eq!(renderer.rgb().len(), width * height * 3);
        assert_eq!(renderer.object_ids().len(), width * height);
        // The room is closed: every ray meets something, so no crack shows the background.
        assert!(renderer.depth().iter().all(|depth| depth.is_finite() && *depth > 0.0));
    }
    for (width, height) in [(0, 0), (3, 12), (16, 5000), (usize::MAX, 12)] {
        assert_eq!(Renderer::new(width, height).err(), Some(RenderError::PictureSize { width, height }));
    }
}

#[test]
fn no_crack_opens_between_the_faces_of_the_room() {
    for index in 0..200u16 {
        // Turned, and far from the origin, so that corners which should be one point differ by rounding.
        let turn = Quat::from_rotation_y(0.377 * f32::from(index));
        let shift = Vec3::new(400.1, 0.0, -300.3);
        let mut scene = scenes::room();
        for surface in &mut scene.surfaces {
            surface.origin = turn * surface.origin + shift;
            (surface.u, surface.v) = (turn * surface.u, turn * surface.v);
        }
        let eye = scenes::eye(11, index.into());
        let camera = Camera { position: turn * eye.position + shift, ..eye };
        let renderer = picture(&scene, &camera, 160, 120);
        assert!(renderer.depth().iter().all(|depth| depth.is_finite()), "a crack in view {index}");
    }
}

#[test]
fn of_two_surfaces_in_one_plane_the_later_is_seen() {
    let mut scene = scenes::room();
    let mut poster = scene.surfaces[4];
    poster.origin += Vec3::new(1.0, 0.5, 0.0);
    poster.u = Vec3::new(0.8, 0.0, 0.0);
    poster.v = Vec3::new(0.0, 0.8, 0.0);
    (poster.colors, poster.pattern, poster.emissive) = ([[1.0, 0.0, 1.0]; 2], Pattern::Plain, true);
    scene.surfaces.push(poster);
    for (x, z, yaw) in [(1.4, 3.0, 0.0), (3.0, 1.0, 0.9), (0.6, 5.0, -0.1)] {
        let projection = Projection::Perspective { fov_y: 0.8 };
        let camera = Camera { position: Vec3::new(x, 1.0, z), yaw, pitch: 0.0, projection };
        let renderer = picture(&scene, &camera, 200, 150);
        let seen = renderer.rgb().chunks_exact(3).filter(|pixel| *pixel == [255, 0, 255]).count();
        let rows: Vec<_> = renderer
            .rgb()
            .chunks_exact(600)
            .map(|row| {
                let columns: Vec<_> = row.chunks_exact(3).enumerate().filter(|(_, p)| *p == [255, 0, 255]).collect();
                match (columns.first(), columns.last()) {
                    (Some(first), Some(last)) => last.0 - first.0 + 1,
                    _ => 0,
                }
            })
            .collect();
        assert!(seen > 200 && seen == rows.iter().sum::<usize>(), "the wall shines through the poster");
    }
}

#[test]
fn nothing_absurd_makes_it_panic() {
    let mut scene = scenes::furnished(2, 4);
    let bad_mesh = Arc::new(Mesh {
        positions: vec![Vec3::NAN, Vec3::INFINITY, Vec3::splat(1e30), Vec3::ZERO],
        triangles: vec![
            Triangle { vertices: [0, 1, 2], slot: 9 },
            Triangle { vertices: [3, 3, 3], slot: 0 },
            Triangle { vertices: [2, 3, 900], slot: 0 },
        ],
    });
    for world_from_object in [Affine3A::IDENTITY, Affine3A::ZERO, Affine3A::NAN] {
        scene.instances.push(Instance {
            mesh: Arc::clone(&bad_mesh),
            world_from_object,
            colors: Vec::new(),
            object_id: u16::MAX,
            shadow_radius: f32::NAN,
        });
        let ball = Arc::new(scenes::ball());
        scene.instances.push(Instance {
            mesh: ball,
            world_from_object,
            colors: Vec::new(),
            object_id: 7,
            shadow_radius: f32::INFINITY,
        });
    }
    let surface = scene.surfaces[0];
    for bad in [Vec3::NAN, Vec3::ZERO, Vec3::splat(1e30), Vec3::INFINITY] {
        let mut made = surface;
        (made.u, made.pattern) = (bad, Pattern::Bricks(f32::NAN));
        scene.surfaces.push(made);
        made = surface;
        made.origin = bad;
        scene.surfaces.push(made);
    }
    let absurd = [0.0, -1.0, 4.0, 1e-30, 1e30, f32::NAN, f32::INFINITY];
    let mut renderer = Renderer::new(32, 24).expect("an allowed size");
    for value in absurd {
        for projection in [
            Projection::Perspective { fov_y: value },
            Projection::Orthographic { height: value },
            Projection::Perspective { fov_y: 1.0 },
        ] {
            let sane = Camera { projection, ..scenes::walker(1, 1) };
            renderer.render(&scene, &sane);
            renderer.render(&scene, &Camera { position: Vec3::splat(value), ..sane });
            renderer.render(&scene, &Camera { yaw: value, ..sane });
            renderer.render(&scene, &Camera { pitch: value, ..sane });
        }
    }
    scene.light.direction = Vec3::NAN;
    scene.background = [f32::NAN, -1.0, 9.0];
    renderer.render(&scene, &scenes::walker(1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bits_of_a_camera_are_drawn(bits in prop::array::uniform6(any::<u32>()), flat in any::<bool>()) {
        let [x, y, z, yaw, pitch, extent] = bits.map(f32::from_bits);
        let projection =
            if flat { Projection::Orthographic { height: extent } } else { Projection::Perspective { fov_y: extent } };
        let camera = Camera { position: Vec3::new(x, y, z), yaw, pitch, projection };
        picture(&scenes::furnished(1, 3), &camera, 20, 16);
    }
}

/// Pictures that were looked at and found right. `GROUNDLING_BLESS=1` writes them anew; look at them before committing.
#[test]
fn goldens() {
    let views = [
        ("eye_96x72", scenes::furnished(3, 12), scenes::walker(5, 2), (96, 72)),
        ("eye_32x24", scenes::furnished(3, 3), scenes::walker(5, 2), (32, 24)),
        ("map_96x96", scenes::furnished(3, 12), scenes::map(), (96, 96)),
    ];
    for (name, scene, camera, (width, height)) in views {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.png"));
        let drawn = picture(&scene, &camera, width, height);
        if std::env::var_os("GROUNDLING_BLESS").is_some() {
            let (width, height) = (width as u32, height as u32);
            image::save_buffer(&path, drawn.rgb(), width, height, image::ExtendedColorType::Rgb8).expect("written");
        }
        let golden = image::open(&path).expect("a golden picture").into_rgb8();
        assert_eq!((golden.width() as usize, golden.height() as usize), (width, height));
        let differing = golden.as_raw().iter().zip(drawn.rgb()).filter(|(a, b)| a.abs_diff(**b) > 8).count();
        let share = differing as f64 / drawn.rgb().len() as f64;
        assert!(share < 0.002, "{share} of the values of {name} differ by more than 8");
    }
}
