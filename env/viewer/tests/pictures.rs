//! bevy's pictures beside the CPU renderer's: the same things at the same places, in nearly the same colours.

use groundling_interface::{Environment, ScriptedPolicy};
use groundling_render::Renderer;
use groundling_room::{Camera, Scene};
use groundling_sim::{RoomEnvironment, ScriptedExplorer, WorldConfig};
use groundling_viewer::{Quality, Shot, Viewer};

const WIDTH: usize = 320;
const HEIGHT: usize = 240;
/// Average difference of a colour's values. Shadows, which the CPU renderer draws as discs below things, and highlights
/// make it; without shadows it is about 1.
const MOST_APART: f32 = 6.0;

/// Scenes and eyes along a few episodes, and each room from above.
fn poses(num_rooms: u64) -> Vec<(Scene, Camera)> {
    let mut poses = Vec::new();
    for seed in 0..num_rooms {
        let (mut environment, privileged) = RoomEnvironment::new(WorldConfig::default()).expect("the default room");
        let mut explorer = ScriptedExplorer::new(privileged.clone());
        environment.reset(seed).expect("a reset");
        explorer.begin(seed);
        for index in 0..40 {
            if index % 8 == 0 {
                poses.push((privileged.scene(), privileged.eye()));
            }
            let action = explorer.action();
            environment.step(action).expect("a step");
        }
        let mut scene = privileged.scene();
        scene.outdoors.clear();
        poses.push((scene, privileged.top_down_camera(WIDTH as f32 / HEIGHT as f32)));
    }
    poses
}

#[test]
fn bevy_and_the_cpu_renderer_show_the_same() {
    let mut viewer = Viewer::new(Quality::Plain).unwrap();
    let mut renderer = Renderer::new(WIDTH, HEIGHT).unwrap();
    for (index, (scene, camera)) in poses(4).into_iter().enumerate() {
        renderer.render(&scene, &camera);
        let shot = Shot { scene, camera, width: WIDTH, height: HEIGHT };
        viewer.submit(index as u32, vec![shot]).unwrap();
        let frame = viewer.receive().unwrap().unwrap();
        let shown = &frame.pictures[0];
        if let Ok(folder) = std::env::var("GROUNDLING_PICTURES") {
            let save = |name: &str, rgb: &[u8]| {
                let path = format!("{folder}/{index:02}-{name}.png");
                image::save_buffer(path, rgb, WIDTH as u32, HEIGHT as u32, image::ColorType::Rgb8).unwrap();
            };
            save("cpu", renderer.rgb());
            save("bevy", &shown.rgb);
        }
        let same =
            renderer.object_ids().iter().zip(&shown.marks).filter(|&(&id, &mark)| id == u16::from(mark.max(1)) - 1);
        let agreement = same.count() as f32 / (WIDTH * HEIGHT) as f32;
        let apart: u64 = renderer.rgb().iter().zip(&shown.rgb).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
        let apart = apart as f32 / shown.rgb.len() as f32;
        assert!(agreement >= 0.97, "pose {index}: only {agreement} of the pixels show the same thing");
        assert!(apart <= MOST_APART, "pose {index}: colours {apart} of 255 apart on average");
        println!("pose {index}: {:.2} % the same thing, colours {apart:.1} of 255 apart on average", 100.0 * agreement);
    }
}

#[test]
fn sizes_come_and_go() {
    let (scene, camera) = poses(1).remove(0);
    let mut viewer = Viewer::new(Quality::Plain).unwrap();
    let mut draw = |width: usize| {
        let shot = Shot { scene: scene.clone(), camera, width, height: 60 };
        // Two under way, of which the second may take the place of the first one's size.
        viewer.submit(0, vec![shot.clone()]).unwrap();
        viewer.submit(1, vec![Shot { width: width + 8, ..shot }]).unwrap();
        [0, 1].map(|_| viewer.receive().unwrap().unwrap().pictures.remove(0))
    };
    let first = draw(80);
    for width in [100, 120, 140, 160] {
        assert_eq!(draw(width).map(|shown| shown.width), [width, width + 8]);
    }
    assert!(draw(80) == first, "a size that was given up and comes back is drawn as before");
}
