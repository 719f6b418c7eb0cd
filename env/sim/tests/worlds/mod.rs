//! Worlds that are unlike each other, with small pictures and short episodes, for tests that hold of every world.

use groundling_room::{Layout, RoomConfig, Size};
use groundling_sim::{ActionSet, CameraConfig, ControlConfig, TaskConfig, TaskName, WorldConfig};

/// Name and settings of each world.
pub(crate) fn worlds() -> Vec<(&'static str, WorldConfig)> {
    let camera = |width, height| CameraConfig { width, height, ..CameraConfig::default() };
    let task = |episode_steps| TaskConfig { episode_steps, ..TaskConfig::default() };
    let name = TaskName::from_name("find").expect("a task of this name");
    let find = TaskConfig { name, episode_steps: 60, visit_distance: 0.3, visit_in_view: false };
    let large = RoomConfig { layout: Layout::Any, side: [7.0, 8.0], num_objects: [12, 12], ..RoomConfig::default() };
    let lonely = RoomConfig { layout: Layout::Square, side: [4.0, 4.0], num_objects: [1, 1], ..RoomConfig::default() };
    let fast = ControlConfig { move_speed: 6.0, rate_hz: 20, action_repeat: 3, ..ControlConfig::default() };
    let handy = ControlConfig { actions: ActionSet::Manipulate, ..ControlConfig::default() };
    let full = RoomConfig {
        layout: Layout::Square,
        side: [6.0, 7.0],
        num_objects: [12, 12],
        sizes: vec![Size::Small],
        ..RoomConfig::default()
    };
    let base = WorldConfig { camera: camera(32, 24), task: task(40), ..WorldConfig::default() };
    vec![
        ("default", base.clone()),
        ("find", WorldConfig { task: find, ..base.clone() }),
        ("large and fast", WorldConfig { room: large, control: fast, camera: camera(16, 12), ..base.clone() }),
        ("one object", WorldConfig { room: lonely, camera: camera(24, 24), task: task(15), ..base.clone() }),
        ("manipulate", WorldConfig { control: handy, task: task(80), ..base.clone() }),
        ("manipulate many", WorldConfig { control: handy, room: full, task: task(60), ..base.clone() }),
        ("one step", WorldConfig { task: task(1), camera: camera(40, 16), ..base }),
    ]
}
