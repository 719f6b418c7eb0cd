//! What a task is shown after a physics step.

use groundling_room::RoomSpec;

use crate::visit_rule::VisitRule;
use crate::visits::Visits;
use crate::world::{Body, ObjectPose};

/// The room as it is now.
#[derive(Clone, Copy)]
pub struct TaskView<'a> {
    pub(crate) room: VisitRule<'a>,
    pub(crate) visits: &'a Visits,
}

impl<'a> TaskView<'a> {
    /// The room as it was drawn; objects may have moved since.
    pub fn spec(&self) -> &'a RoomSpec {
        self.room.spec
    }

    /// The agent's body.
    pub fn body(&self) -> Body {
        self.room.body
    }

    /// Where every object is, in the order of the room's spec.
    pub fn poses(&self) -> &'a [ObjectPose] {
        self.room.poses
    }

    /// Metres between the body and the outline of object `index` seen from above, as it is turned now; negative where
    /// they overlap, `None` where there is no such object.
    pub fn gap(&self, index: usize) -> Option<f32> {
        self.room.gap(index)
    }

    /// Whether object `index` is in view, as the setting `task.visit_in_view` describes it.
    pub fn is_in_view(&self, index: usize) -> bool {
        self.room.is_in_view(index)
    }

    /// The object in the agent's grasp.
    pub fn held(&self) -> Option<usize> {
        self.room.held
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
