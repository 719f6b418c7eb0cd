//! Promised of every configuration, however absurd: one error that names the setting and its numbers, and soon; never a
//! panic, and never a room that breaks its own settings.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_room::{Layout, RoomConfig, RoomError, RoomSpec, Variation};
use proptest::prelude::*;

fn message(text: &str) -> String {
    let config: RoomConfig = toml::from_str(text).unwrap();
    let error = RoomSpec::sample(&config, 1).unwrap_err();
    assert_eq!(config.validate().err().map(|error| error.to_string()), is_setting(&error).then(|| error.to_string()));
    error.to_string()
}

fn is_setting(error: &RoomError) -> bool {
    matches!(error, RoomError::Setting(_))
}

/// Keys of ranges, with bounds.
const RANGES: [(&str, f32, f32); 12] = [
    ("side", 3.0, 12.0),
    ("notch", 0.2, 0.7),
    ("wall_height", 1.5, 5.0),
    ("skirting_height", 0.0, 0.4),
    ("door_width", 0.5, 1.5),
    ("door_height", 1.0, 3.0),
    ("window_width", 0.1, 0.9),
    ("window_sill", 0.05, 0.8),
    ("window_height", 0.1, 0.9),
    ("light_elevation_degrees", 5.0, 90.0),
    ("light_direct", 0.0, 2.0),
    ("light_ambient", 0.0, 2.0),
];

/// Keys of single numbers, with bounds.
const NUMBERS: [(&str, f32, f32); 7] = [
    ("shared_walls", 0.0, 1.0),
    ("door_chance", 0.0, 1.0),
    ("object_radius", 0.05, 1.0),
    ("object_clearance", 0.0, 3.0),
    ("wall_clearance", 0.0, 3.0),
    ("spawn_clearance", 0.0, 3.0),
    ("near_distance", 0.0, 12.0),
];

#[test]
fn a_range_out_of_bounds_reversed_or_not_a_number_is_named() {
    for (key, least, greatest) in RANGES.into_iter().chain([("light_azimuth_degrees", 0.0, 360.0)]) {
        let middle = 0.5 * (least + greatest);
        let bad = [
            format!("[{:?}, {middle:?}]", least - 0.1),
            format!("[{middle:?}, {:?}]", greatest + 0.1),
            format!("[{greatest:?}, {least:?}]"),
            format!("[-1e30, {middle:?}]"),
            format!("[{middle:?}, 3e38]"),
            format!("[nan, {middle:?}]"),
            format!("[{middle:?}, nan]"),
            format!("[{middle:?}, inf]"),
            format!("[-inf, {middle:?}]"),
        ];
        for range in bad {
            let found = message(&format!("{key} = {range}"));
            let expected = format!("must be [low, high] with {least} <= low <= high <= {greatest}");
            assert!(found.starts_with(&format!("room.{key} = [")) && found.ends_with(&expected), "{range}: {found}");
        }
    }
}

#[test]
fn a_number_out_of_bounds_or_not_a_number_is_named() {
    for (key, least, greatest) in NUMBERS {
        for value in [least - 0.01, -1.0, greatest + 0.01, 1e30, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let value = if value.is_nan() { "nan".to_string() } else { format!("{value:?}") };
            let found = message(&format!("{key} = {value}"));
            let expected = format!("must lie between {least} and {greatest}");
            assert!(found.starts_with(&format!("room.{key} = ")) && found.ends_with(&expected), "{value}: {found}");
        }
    }
}

#[test]
fn an_unknown_or_repeated_name_is_told_with_those_there_are() {
    let lists = [
        ("shapes", "ball"),
        ("colors", "red"),
        ("palettes", "teal"),
        ("wall_patterns", "wainscot"),
        ("floor_patterns", "parquet"),
        ("landscapes", "meadow"),
    ];
    for (key, known) in lists {
        let found = message(&format!("{key} = ['{known}', 'unicorn']"));
        let start = format!("room.{key} = unicorn: must be names of ");
        assert!(found.starts_with(&start) && found[start.len()..].contains(known), "{found}");
        let found = message(&format!("{key} = ['{known}', '{known}']"));
        assert_eq!(found, format!("room.{key} = {known:?}: must be given once only"));
    }
    assert!(message("sizes = ['small', 'small']").starts_with("room.sizes = Small: must be given once only"));
    for (text, word) in [("sizes = ['huge']", "huge"), ("layout = 'round'", "round"), ("colour = 'red'", "colour")] {
        let error = toml::from_str::<RoomConfig>(text).unwrap_err().to_string();
        assert!(error.contains(&format!("`{word}`")), "{error}");
    }
}

#[test]
fn counts_out_of_bounds_are_named() {
    assert!(
        message("num_objects = [4, 3]").starts_with("room.num_objects = [4, 3]: must be [low, high] with 0 <= low")
    );
    assert!(message("num_objects = [0, 65]").ends_with("high <= 64"));
    assert!(message("num_windows = [2, 7]").starts_with("room.num_windows = [2, 7]"));
    assert!(toml::from_str::<RoomConfig>("num_objects = [-1, 3]").is_err());
    assert!(toml::from_str::<RoomConfig>("num_objects = [1, 99999999999]").is_err());
    let high = message("window_sill = [0.3, 0.6]\nwindow_height = [0.3, 0.4]");
    assert!(high.starts_with("room.window_height = [0.3, 0.4]: its greatest must be at most 0.95 less"), "{high}");
}

#[test]
fn what_finds_no_place_is_told_in_numbers() {
    let crowded = message("side = [4.0, 4.0]\nnum_objects = [40, 40]");
    assert!(crowded.starts_with("the room is too small for its objects: of 40 objects at most"), "{crowded}");
    assert!(crowded.contains("square metres; make room.side larger"), "{crowded}");
    let no_spawn = message("layout = 'square'\nside = [5.0, 5.0]\nspawn_clearance = 3.0\nnum_objects = [0, 0]");
    assert!(no_spawn.starts_with("no place for the agent 3 m away from the walls and from 0 objects"), "{no_spawn}");
    let windows = message("side = [3.0, 3.0]\nnum_windows = [6, 6]\nwindow_width = [0.9, 0.9]\nnum_objects = [0, 0]");
    assert!(windows.starts_with("the walls are too short for 6 windows: at most "), "{windows}");
    // Another error than the first, and another room: the numbers are those of this configuration.
    let RoomError::RoomTooSmallForObjects { num_objects, most_placed, attempts, largest_area } =
        RoomSpec::sample(&RoomConfig { side: [3.0, 3.0], num_objects: [64, 64], ..RoomConfig::default() }, 3)
            .unwrap_err()
    else {
        panic!("sixty-four objects in three metres")
    };
    assert!(num_objects == 64 && most_placed < 20 && attempts > 0 && largest_area < 9.0);
}

/// Numbers as a hostile or careless hand writes them; often right, so that later checks are reached too.
fn number(least: f32, greatest: f32) -> impl Strategy<Value = f32> {
    prop_oneof![
        40 => least..=greatest,
        1 => any::<u32>().prop_map(f32::from_bits),
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(-1.0), Just(0.0), Just(1e30)],
    ]
}

fn range(least: f32, greatest: f32) -> impl Strategy<Value = [f32; 2]> {
    (number(least, greatest), number(least, greatest), 0..10_u8)
        .prop_map(|(a, b, reversed)| if reversed > 0 && a > b { [b, a] } else { [a, b] })
}

prop_compose! {
    fn anything()(
        sides in (range(3.0, 12.0), range(0.2, 0.7), range(1.5, 5.0)),
        openings in (range(0.5, 1.5), range(1.0, 3.0), range(0.1, 0.9), range(0.05, 0.5), range(0.1, 0.45)),
        looks in (range(0.0, 0.4), number(0.0, 1.0), number(0.0, 1.0)),
        light in (range(0.0, 360.0), range(5.0, 90.0), range(0.0, 2.0), range(0.0, 2.0)),
        clearances in (number(0.0, 3.0), number(0.0, 3.0), number(0.0, 3.0)),
        radius in proptest::option::of(number(0.05, 1.0)),
        counts in ([0..=64_u32, 0..=64_u32], [0..=6_u32, 0..=6_u32]),
        kinds in (0..3_u8, any::<bool>()),
    ) -> RoomConfig {
        RoomConfig {
            layout: [Layout::Square, Layout::LShape, Layout::Any][usize::from(kinds.0)],
            walls: if kinds.1 { Variation::Fixed } else { Variation::Sampled },
            side: sides.0,
            notch: sides.1,
            wall_height: sides.2,
            door_width: openings.0,
            door_height: openings.1,
            window_width: openings.2,
            window_sill: openings.3,
            window_height: openings.4,
            skirting_height: looks.0,
            shared_walls: looks.1,
            door_chance: looks.2,
            light_azimuth_degrees: light.0,
            light_elevation_degrees: light.1,
            light_direct: light.2,
            light_ambient: light.3,
            object_clearance: clearances.0,
            wall_clearance: clearances.1,
            spawn_clearance: clearances.2,
            object_radius: radius,
            num_objects: counts.0,
            num_windows: counts.1,
            ..RoomConfig::default()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_configuration_panics_and_none_that_is_refused_makes_a_room(config in anything(), seed: u64) {
        let refused = config.validate().is_err();
        match RoomSpec::sample(&config, seed) {
            Ok(spec) => {
                prop_assert!(!refused);
                let scene = spec.scene();
                prop_assert!(scene.surfaces.iter().chain(&scene.outdoors).all(|surface| surface.origin.is_finite()));
            }
            Err(error) => prop_assert_eq!(refused, is_setting(&error), "{}", error),
        }
    }
}
