//! `explore`: 1 for each object newly visited; once all are visited, all count again. It is never done.

use groundling_room::RoomSpec;

use super::{Task, TaskOutcome, TaskView};

#[derive(Clone)]
struct Explore;

pub(super) fn begin(_: &RoomSpec) -> Box<dyn Task> {
    Box::new(Explore)
}

impl Task for Explore {
    fn after_physics_step(&mut self, view: &TaskView<'_>) -> TaskOutcome {
        TaskOutcome { reward: view.newly_visited().len() as f32, is_done: false }
    }
}
