//! Promised of every configuration in range: a room that keeps its clearances, or an error that names the numbers.

use groundling_room::{Layout, RoomConfig, RoomError, RoomSpec, Size, Variation};
use proptest::prelude::*;

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

fn gap(a: [f32; 3], b: [f32; 3]) -> f32 {
    let (x, z) = (a[0] - b[0], a[2] - b[2]);
    (x * x + z * z).sqrt()
}

fn check(config: &RoomConfig, spec: &RoomSpec) {
    let [least, greatest] = config.num_objects;
    assert!((least..=greatest).contains(&(spec.objects.len() as u32)));
    assert_eq!(spec.walls.len(), if spec.floor_plan.notch.is_some() { 6 } else { 4 });
    for (index, object) in spec.objects.iter().enumerate() {
        let [x, _, z] = object.position;
        assert!(
            spec.contains(x, z, object.radius() + config.wall_clearance - 1e-4),
            "{object:?} is too near to a wall"
        );
        for other in &spec.objects[..index] {
            let between = gap(object.position, other.position) - object.radius() - other.radius();
            assert!(between >= config.object_clearance - 1e-4, "{object:?} is too near to {other:?}");
        }
        assert!(gap(spec.spawn.position, object.position) - object.radius() >= config.spawn_clearance - 1e-4);
        assert_eq!(object.distance(x, z), 0.0);
        if let Some(radius) = config.object_radius {
            let largest = object.radius().max(object.height / 2.0);
            assert!((largest - radius * object.size.factor()).abs() < 1e-4, "{object:?}");
        }
    }
    assert!(spec.contains(spec.spawn.position[0], spec.spawn.position[2], config.spawn_clearance));
    for opening in spec.door.iter().chain(&spec.windows) {
        let length = spec.walls[opening.wall].length();
        assert!(opening.start >= 0.0 && opening.start + opening.width <= length, "{opening:?} on a wall of {length} m");
        assert!(opening.bottom + opening.height < spec.wall_height);
    }
    let scene = spec.scene();
    assert_eq!(scene.instances.len(), spec.objects.len());
    for (index, instance) in scene.instances.iter().enumerate() {
        assert_eq!(usize::from(instance.object_id), index + 1);
        assert!(instance.mesh.triangles.iter().all(|triangle| usize::from(triangle.slot) < instance.colors.len()));
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
fn default_rooms_never_fail_and_vary() {
    let config = RoomConfig::default();
    let mut pairs = std::collections::BTreeSet::new();
    for seed in 0..2000 {
        let spec = RoomSpec::sample(&config, seed).unwrap();
        pairs.extend(spec.objects.iter().map(|object| (object.shape, object.color)));
    }
    assert_eq!(pairs.len(), groundling_room::Shape::COUNT * groundling_room::Color::COUNT, "every pair occurs");
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

#[test]
fn a_setting_out_of_range_is_named() {
    let message = |text: &str| {
        let config: RoomConfig = toml::from_str(text).unwrap();
        RoomSpec::sample(&config, 1).unwrap_err().to_string()
    };
    assert!(message("side = [2.0, 4.0]").starts_with("room.side = [2, 4]: must be [low, high] with 3 <= low"));
    assert!(message("side = [nan, 4.0]").starts_with("room.side"));
    assert!(message("shapes = ['unicorn']").starts_with("room.shapes = unicorn: must be names of ball, crate"));
    assert!(message("colors = ['red', 'red']").starts_with("room.colors = \"red\": must be given once only"));
    assert!(message("num_objects = [4, 3]").starts_with("room.num_objects = [4, 3]"));
    let crowded = message("side = [3.0, 3.0]\nnum_objects = [20, 20]");
    assert!(crowded.starts_with("the room is too small for its objects: of 20 objects at most"), "{crowded}");
    let error = toml::from_str::<RoomConfig>("colour = 'red'").unwrap_err();
    assert!(error.to_string().contains("unknown field `colour`"), "{error}");
}
