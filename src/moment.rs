//! One step of an episode as plain data: all that a picture of it needs. Steps can so be drawn in any order, long after
//! the room has moved on.

use std::sync::Arc;

use groundling_interface::TimeStep;
use groundling_room::{Camera, ObjectFacts, RoomSpec, Scene};
use groundling_sim::{Body, Privileged};

/// An object that was visited, as a disc on the floor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Visited {
    /// Metres, `(x, z)`.
    pub(crate) middle: [f32; 2],
    /// Metres.
    pub(crate) radius: f32,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moment {
    /// Actions so far.
    pub(crate) step: u32,
    /// What there is to draw.
    pub(crate) scene: Scene,
    /// What the agent sees through.
    pub(crate) eye: Camera,
    /// What the agent saw, `[height, width, 3]`.
    pub(crate) rgb: Arc<[u8]>,
    /// Where the agent is.
    pub(crate) body: Body,
    /// What the room was made from: one for all steps.
    pub(crate) room: Arc<RoomSpec>,
    /// What was visited so far.
    pub(crate) visited: Vec<Visited>,
    /// Sum of the rewards so far.
    pub(crate) total_reward: f32,
}

/// Makes moments of the steps of one episode, to be taken in order.
#[derive(Default)]
pub(crate) struct Moments {
    room: Option<Arc<RoomSpec>>,
    total_reward: f32,
}

impl Moments {
    /// The step that was just taken.
    pub(crate) fn take(&mut self, time_step: &TimeStep, privileged: &Privileged) -> Moment {
        self.total_reward += time_step.observation.last_reward;
        let room = self.room.get_or_insert_with(|| Arc::new(privileged.spec()));
        let facts = privileged.facts();
        let disc = |object: &ObjectFacts| Visited {
            middle: [object.middle[0], object.middle[2]],
            radius: object.radius + 0.08,
        };
        Moment {
            step: facts.step,
            scene: privileged.scene(),
            eye: privileged.eye(),
            rgb: time_step.observation.rgb.as_slice().into(),
            body: privileged.body(),
            room: Arc::clone(room),
            visited: facts.objects.iter().filter(|object| object.visited).map(disc).collect(),
            total_reward: self.total_reward,
        }
    }
}
