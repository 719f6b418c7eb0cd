//! Promised of every configuration in range: a room that keeps its clearances, or an error that names the numbers.

use std::collections::BTreeSet;

use glam::Vec3;
use groundling_interface::derive;
use groundling_room::{
    Finish, Layout, OpeningSpec, Pattern, RoomConfig, RoomError, RoomSpec, Scene, Size, Spawn, Surface, Variation,
    WallSpec,
};
use proptest::prelude::*;
use rand::RngExt;

fn pair<T: PartialOrd>(a: T, b: T) -> [T; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

fn variation() -> impl Strategy<Value = Variation> {
    prop_oneof![Just(Variation::Fixed), Just(Variation::Sampled)]
}

prop_compose! {
    fn outlines()(
        layout in prop_oneof![Just(Layout::Square), Just(Layout::LShape), Just(Layout::Any)],
        sides in (3.0..=12.0_f32, 3.0..=12.0_f32),
        notches in (0.2..=0.7_f32, 0.2..=0.7_f32),
        wall_heights in (1.5..=5.0_f32, 1.5..=5.0_f32),
    ) -> RoomConfig {
        RoomConfig { layout, side: pair(sides.0, sides.1), notch: pair(notches.0, notches.1), wall_height: pair(wall_heights.0, wall_heights.1), ..RoomConfig::default() }
    }
}

prop_compose! {
    fn configs()(
        outline in outlines(),
        looks in (variation(), variation(), variation(), 0.0..=1.0_f32, 0..=3_u32),
        counts in (0..=64_u32, 0..=64_u32),
        object_radius in proptest::option::of(0.05..=1.0_f32),
        clearances in (0.0..=1.0_f32, 0.0..=1.0_f32, 0.0..=1.0_f32),
        one_size in proptest::option::of(prop_oneof![Just(Size::Small), Just(Size::Large)]),
    ) -> RoomConfig {
        RoomConfig {
            walls: looks.0,
            floor: looks.1,
            light: looks.2,
            door_chance: looks.3,
            num_windows: [looks.4, 3],
            num_objects: pair(counts.0, counts.1),
            object_radius,
            object_clearance: clearances.0,
            wall_clearance: clearances.1,
            spawn_clearance: clearances.2,
            sizes: one_size.into_iter().collect(),
            ..outline
        }
    }
}

fn check(config: &RoomConfig, spec: &RoomSpec) {
    let [least, greatest] = config.num_objects;
    assert!((least..=greatest).contains(&(spec.objects.len() as u32)));
    assert_eq!(spec.walls.len(), if spec.floor_plan.notch.is_some() { 6 } else { 4 });
    for (index, object) in spec.objects.iter().enumerate() {
        assert!(object.stands_on(&spec.floor_plan, config.wall_clearance - 1e-4), "{object:?} is too near to a wall");
        for other in &spec.objects[..index] {
            assert!(object.gap(other) >= config.object_clearance - 1e-4, "{object:?} is too near to {other:?}");
        }
        let [x, _, z] = spec.spawn.position;
        assert!(object.distance(x, z) >= config.spawn_clearance - 1e-4);
        let [x, _, z] = object.position;
        assert_eq!(object.distance(x, z), 0.0);
        if let Some(radius) = config.object_radius {
            let largest = object.radius().max(object.height / 2.0);
            assert!((largest - radius * object.size.factor()).abs() < 1e-4, "{object:?}");
        }
    }
    assert!(spec.contains(spec.spawn.position[0], spec.spawn.position[2], config.spawn_clearance));
    check_openings(config, spec);
    let scene = spec.scene();
    check_surfaces(&scene);
    assert_eq!(scene.instances.len(), spec.objects.len());
    for (index, instance) in scene.instances.iter().enumerate() {
        assert_eq!(usize::from(instance.object_id), index + 1);
        assert!(instance.mesh.triangles.iter().all(|triangle| usize::from(triangle.slot) < instance.colors.len()));
    }
}

fn check_openings(config: &RoomConfig, spec: &RoomSpec) {
    let [least, most] = config.num_windows;
    assert!((least..=most).contains(&(spec.windows.len() as u32)));
    assert_eq!(spec.outdoors.is_some(), !spec.windows.is_empty());
    let openings: Vec<&OpeningSpec> = spec.door.iter().chain(&spec.windows).collect();
    for (index, opening) in openings.iter().enumerate() {
        let (from, to) = (opening.start, opening.start + opening.width);
        let length = spec.walls[opening.wall].length();
        assert!(from >= 0.1 && to <= length - 0.1, "{opening:?} on a wall of {length} m");
        assert!(opening.bottom >= 0.0 && opening.bottom + opening.height <= 0.96 * spec.wall_height, "{opening:?}");
        for other in openings[..index].iter().filter(|other| other.wall == opening.wall) {
            assert!(other.start >= to + 0.1 || from >= other.start + other.width + 0.1, "{opening:?} on {other:?}");
        }
    }
    for window in &spec.windows {
        let wall = &spec.walls[window.wall];
        assert!(spec.floor_plan.is_outer(wall.from, wall.to), "{window:?} looks into the notch");
    }
}

fn check_surfaces(scene: &Scene) {
    assert!(scene.surfaces.len() <= 100 && scene.outdoors.len() <= 64, "so many surfaces make pictures slow");
    for surface in scene.surfaces.iter().chain(&scene.outdoors) {
        let area = surface.u.cross(surface.v).length();
        assert!(surface.origin.is_finite() && area.is_finite() && area > 0.0, "{surface:?}");
        assert!(surface.colors.as_flattened().iter().all(|light| (0.0..=1.0).contains(light)), "{surface:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_room_keeps_its_promises_or_the_error_names_the_numbers(config in configs(), seed: u64) {
        config.validate().unwrap();
        match RoomSpec::sample(&config, seed) {
            Ok(spec) => {
                check(&config, &spec);
                prop_assert_eq!(&spec, &RoomSpec::sample(&config, seed).unwrap());
                let json = serde_json::to_string(&spec).unwrap();
                prop_assert_eq!(spec, serde_json::from_str(&json).unwrap());
            }
            Err(RoomError::RoomTooSmallForObjects { num_objects, most_placed, .. }) => prop_assert!(most_placed < num_objects),
            Err(RoomError::NoPlaceToSpawn { clearance, .. }) => prop_assert_eq!(clearance, config.spawn_clearance),
            Err(RoomError::TooFewWallsForWindows { .. }) => prop_assert!(false, "three windows always find place"),
            Err(RoomError::Setting(error)) => prop_assert!(false, "{}", error),
        }
    }
}

#[test]
fn default_rooms_are_sound_and_vary() {
    let config = RoomConfig::default();
    let (mut pairs, mut palettes, mut patterns) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut landscapes, mut num_windows) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..2000 {
        let spec = RoomSpec::sample(&config, seed).unwrap();
        check(&config, &spec);
        pairs.extend(spec.objects.iter().map(|object| (object.shape, object.color)));
        palettes.insert(spec.palette);
        let finishes = spec.walls.iter().map(|wall| wall.finish).chain([spec.floor]);
        let name = |finish: Finish| format!("{:?}", finish.pattern).split('(').next().map(str::to_owned);
        patterns.extend(finishes.filter_map(name));
        num_windows.insert(spec.windows.len());
        landscapes.extend(spec.outdoors.map(|outdoors| outdoors.landscape));
    }
    assert_eq!(pairs.len(), groundling_room::Shape::COUNT * groundling_room::Color::COUNT, "every pair occurs");
    assert_eq!((palettes.len(), patterns.len(), landscapes.len()), (12, 13, 6));
    assert_eq!(num_windows, BTreeSet::from([1, 2, 3]));
}

/// The surfaces in a wall's plane that hold the point `x` along it and `y` above the floor.
fn at<'a>(scene: &'a Scene, wall: &WallSpec, x: f32, y: f32) -> Vec<&'a Surface> {
    let from = Vec3::new(wall.from[0], 0.0, wall.from[1]);
    let along = (Vec3::new(wall.to[0], 0.0, wall.to[1]) - from).normalize();
    let point = from + along * x + Vec3::Y * y;
    let holds = |surface: &&Surface| {
        let (offset, normal) = (point - surface.origin, surface.u.cross(surface.v).normalize());
        let share = |edge: Vec3| offset.dot(edge) / edge.length_squared();
        let faces = normal.dot(along.cross(Vec3::Y)) > 0.99 && offset.dot(normal).abs() < 1e-3;
        faces && (0.0..1.0).contains(&share(surface.u)) && (0.0..1.0).contains(&share(surface.v))
    };
    scene.surfaces.iter().filter(holds).collect()
}

#[test]
fn walls_are_whole_but_for_their_windows_and_their_pattern_has_no_seam() {
    let (mut num_seen_through, mut num_pieces) = (0, 0);
    for seed in 0..60 {
        let spec = RoomSpec::sample(&RoomConfig::default(), seed).unwrap();
        let (scene, mut rng) = (spec.scene(), derive(seed, "points of walls", &[]));
        let skirting = spec.skirting.unwrap().height;
        for _ in 0..200 {
            let index = rng.random_range(0..spec.walls.len());
            let wall = &spec.walls[index];
            let (x, y) = (rng.random_range(0.0..wall.length()), rng.random_range(0.0..spec.wall_height));
            let pieces = at(&scene, wall, x, y);
            let is_within = |window: &&OpeningSpec| {
                let [across, up] = [x - window.start, y - window.bottom];
                window.wall == index && (0.0..window.width).contains(&across) && (0.0..window.height).contains(&up)
            };
            if spec.windows.iter().any(|window| is_within(&window)) {
                num_seen_through += usize::from(pieces.is_empty());
                continue;
            }
            assert_eq!(pieces.len(), 1, "seed {seed}, {x} along {wall:?}, {y} m high");
            if y > skirting {
                let piece = pieces[0];
                assert_eq!((piece.colors, piece.pattern), (wall.finish.colors, wall.finish.pattern));
                let found = [x - piece.pattern_offset[0], y - piece.pattern_offset[1]];
                let from = Vec3::new(wall.from[0], 0.0, wall.from[1]);
                let along = (piece.origin - from).dot(piece.u.normalize());
                let expected = [x - along, y - piece.origin.y];
                assert!((found[0] - expected[0]).abs() < 1e-3 && (found[1] - expected[1]).abs() < 1e-3, "{piece:?}");
                num_pieces += 1;
            }
        }
    }
    assert!(num_seen_through > 200 && num_pieces > 5000, "{num_seen_through} {num_pieces}");
}

/// Everything about a room but what `but` clears.
fn without(config: &RoomConfig, seed: u64, but: impl Fn(&mut RoomSpec)) -> RoomSpec {
    let mut spec = RoomSpec::sample(config, seed).expect("a room");
    but(&mut spec);
    spec
}

#[test]
fn a_setting_changes_nothing_but_its_own_concern() {
    type Case = (&'static str, fn(&mut RoomConfig), fn(&mut RoomSpec));
    let cases: [Case; 8] = [
        ("light", |config| config.light_direct = [1.0, 1.5], |spec| spec.light.direct = 0.0),
        ("floor", |config| config.floor_patterns = vec!["tiles".into()], |spec| spec.floor.pattern = Pattern::Plain),
        (
            "walls",
            |config| config.wall_patterns = vec!["dots".into()],
            |spec| spec.walls.iter_mut().for_each(|wall| wall.finish.pattern = Pattern::Plain),
        ),
        ("skirting", |config| config.skirting_height = [0.0, 0.0], |spec| spec.skirting = None),
        ("landscape", |config| config.landscapes = vec!["sea".into()], |spec| spec.outdoors = None),
        (
            "windows",
            |config| config.num_windows = [0, 0],
            |spec| {
                spec.windows.clear();
                spec.outdoors = None;
            },
        ),
        (
            "colors",
            |config| config.colors = vec!["red".into()],
            |spec| {
                spec.objects.iter_mut().for_each(|object| object.color = groundling_room::Color(0));
            },
        ),
        ("spawn", |config| config.spawn_clearance = 0.6, |spec| spec.spawn = Spawn { position: [0.0; 3], yaw: 0.0 }),
    ];
    let mut num_changed = 0;
    for (name, change, clear) in cases {
        for seed in 0..5 {
            let config = RoomConfig { num_objects: [4, 4], side: [8.0, 9.0], ..RoomConfig::default() };
            let mut changed = config.clone();
            change(&mut changed);
            assert_eq!(without(&config, seed, clear), without(&changed, seed, clear), "{name}");
            num_changed += usize::from(without(&config, seed, |_| ()) != without(&changed, seed, |_| ()));
        }
    }
    assert!(num_changed >= 30, "settings that change nothing: {num_changed}");
}

#[test]
fn a_subset_of_one_and_a_room_without_objects() {
    let one = |name: &str| vec![name.to_string()];
    let config = RoomConfig {
        shapes: one("ball"),
        colors: one("red"),
        sizes: vec![Size::Small],
        palettes: one("teal"),
        wall_patterns: one("bricks"),
        floor_patterns: one("parquet"),
        landscapes: one("snow"),
        ..RoomConfig::default()
    };
    for seed in 0..20 {
        let spec = RoomSpec::sample(&config, seed).unwrap();
        assert!(spec.objects.iter().all(|object| object.shape.name() == "ball" && object.color.name() == "red"));
        assert!(spec.walls.iter().all(|wall| matches!(wall.finish.pattern, Pattern::Bricks(_))));
        assert!(matches!(spec.floor.pattern, Pattern::Parquet(_)));
        assert_eq!((spec.palette.as_str(), spec.outdoors.unwrap().landscape.as_str()), ("teal", "snow"));
        let empty = RoomConfig { num_objects: [0, 0], ..RoomConfig::default() };
        let spec = RoomSpec::sample(&empty, seed).unwrap();
        check(&empty, &spec);
        assert!(spec.objects.is_empty() && spec.scene().instances.is_empty());
    }
}

#[test]
fn what_is_drawn_is_uniform() {
    let config = RoomConfig { shapes: vec!["ball".into(), "sofa".into(), "candle".into()], ..RoomConfig::default() };
    let mut counts = [0_i32; 3];
    let (mut large, mut total) = (0_i32, 0_i32);
    for seed in 0..1500 {
        for object in RoomSpec::sample(&config, seed).unwrap().objects {
            counts[config.shapes.iter().position(|name| name == object.shape.name()).unwrap()] += 1;
            large += i32::from(object.size == Size::Large);
            total += 1;
        }
    }
    // Four standard deviations of a count with chance 1/3.
    let allowed = 4.0 * (f64::from(total) * 2.0 / 9.0).sqrt();
    for count in counts.into_iter().chain([large]) {
        assert!((f64::from(count) - f64::from(total) / 3.0).abs() < allowed, "{counts:?}, {large} large of {total}");
    }
}
