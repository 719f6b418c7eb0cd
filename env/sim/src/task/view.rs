//! What a task is shown after a physics step.

use groundling_room::RoomSpec;

use crate::visits::Visits;
use crate::world::{Body, ObjectPose};

/// The room as it is now.
#[derive(Clone, Copy)]
pub struct TaskView<'a> {
    pub(crate) spec: &'a RoomSpec,
    pub(crate) body: Body,
    pub(crate) poses: &'a [ObjectPose],
    pub(crate) held: Option<usize>,
    pub(crate) visits: &'a Visits,
}

impl<'a> TaskView<'a> {
    /// The room as it was drawn; objects may have moved since.
    pub fn spec(&self) -> &'a RoomSpec {
        self.spec
    }

    /// The agent's body.
    pub fn body(&self) -> Body {
        self.body
    }

    /// Where every object is, in the order of the room's spec.
    pub fn poses(&self) -> &'a [ObjectPose] {
        self.poses
    }

    /// The object in the agent's grasp.
    pub fn held(&self) -> Option<usize> {
        self.held
    }

    /// The objects whose visit began with this physics step.
    pub fn newly_visited(&self) -> &'a [u16] {
        self.visits.newly_visited()
    }

    /// Whether object `index` was visited since all were last refreshed.
    pub fn is_visited(&self, index: usize) -> bool {
        self.visits.is_visited(index)
    }

    /// How often all were visited, and all counted again.
    pub fn num_refreshes(&self) -> u32 {
        self.visits.num_refreshes()
    }
}
