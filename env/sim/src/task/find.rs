//! `find`: one object, drawn from the room's seed, is worth 1 when it is visited; then the task is done. The agent is
//! not told which one. A room without objects has nothing to find, and its episodes last their full time.

use groundling_interface::derive;
use groundling_room::RoomSpec;
use rand::RngExt;

use super::{Task, TaskOutcome, TaskView};

#[derive(Clone)]
struct Find {
    wanted: Option<u16>,
}

pub(super) fn begin(spec: &RoomSpec) -> Box<dyn Task> {
    let num_objects = spec.objects.len() as u16;
    let wanted = (num_objects > 0).then(|| derive(spec.seed, "task find", &[]).random_range(0..num_objects));
    Box::new(Find { wanted })
}

impl Task for Find {
    fn after_physics_step(&mut self, view: &TaskView<'_>) -> TaskOutcome {
        let is_done = self.wanted.is_some_and(|wanted| view.newly_visited().contains(&wanted));
        TaskOutcome { reward: if is_done { 1.0 } else { 0.0 }, is_done }
    }
}
