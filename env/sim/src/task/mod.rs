//! Tasks: what is rewarded, and when the work is done.
//!
//! To add a task: write a file beside `find.rs` with a type that is `Clone` and implements `Task`, and a function that
//! begins it in a room; add its line to `TASKS`. It is then chosen by `task.name` in every configuration and with
//! `--set`. A task draws what it needs from the room's seed under a name of its own, and keeps all else that it
//! remembers in its fields, so that a copy of the world is a copy of it.

mod explore;
mod find;
mod name;
mod view;

use groundling_room::RoomSpec;

pub use name::TaskName;
pub use view::TaskView;

/// What a physics step was worth.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TaskOutcome {
    /// Added to the reward of the action that the physics step is part of.
    pub reward: f32,
    /// Whether the task is done: the episode ends here as `StepKind::Terminated`.
    pub is_done: bool,
}

/// What is rewarded in one episode.
///
/// It is asked after every physics step, and so an action that lasts four of them is worth what four actions are that
/// last one each. What it answers is a function of the room and of the physics steps so far.
pub trait Task: CloneTask + Send {
    /// What the physics step that has just been done was worth.
    fn after_physics_step(&mut self, view: &TaskView<'_>) -> TaskOutcome;
}

/// Copies a boxed task; every task that is `Clone` can do it.
pub trait CloneTask {
    /// A copy with the same memory.
    fn clone_box(&self) -> Box<dyn Task>;
}

impl<T: Task + Clone + 'static> CloneTask for T {
    fn clone_box(&self) -> Box<dyn Task> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Task> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// The name of a task and how it begins in a room.
struct TaskRow {
    name: &'static str,
    begin: fn(&RoomSpec) -> Box<dyn Task>,
}

/// Every task; the first is the default.
const TASKS: &[TaskRow] =
    &[TaskRow { name: "explore", begin: explore::begin }, TaskRow { name: "find", begin: find::begin }];
