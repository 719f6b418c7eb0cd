//! Three rooms as they have always been: a change here changes every result ever measured in such rooms.

use groundling_room::{Layout, RoomConfig, RoomSpec, Variation};

#[test]
fn the_default_room() {
    insta::assert_json_snapshot!(RoomSpec::sample(&RoomConfig::default(), 1).unwrap());
}

#[test]
fn a_fixed_square_room() {
    let config = RoomConfig {
        layout: Layout::Square,
        side: [4.0, 4.0],
        walls: Variation::Fixed,
        floor: Variation::Fixed,
        light: Variation::Fixed,
        wall_height: [2.6, 2.6],
        skirting_height: [0.0, 0.0],
        door_chance: 0.0,
        num_windows: [0, 0],
        shapes: ["ball", "crate", "cone", "table", "ring", "bottle"].map(String::from).to_vec(),
        num_objects: [3, 3],
        object_radius: Some(0.4),
        ..RoomConfig::default()
    };
    insta::assert_json_snapshot!(RoomSpec::sample(&config, 2).unwrap());
}

#[test]
fn a_crowded_room() {
    let config = RoomConfig { side: [8.0, 9.0], num_objects: [12, 12], ..RoomConfig::default() };
    insta::assert_json_snapshot!(RoomSpec::sample(&config, 3).unwrap());
}
