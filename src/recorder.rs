//! Records the episodes of one playing thread as they happen.

use std::collections::BTreeMap;
use std::sync::mpsc::SyncSender;

use groundling_belief::FrozenBelief;
use groundling_impala::{BeliefObserver, ObservedStep};
use groundling_interface::StepKind;
use groundling_room::WorldFacts;
use groundling_sim::{Privileged, Recording, StepInformation, WorldConfig};

use crate::rooms::RoomMaker;

/// An episode that is over.
pub(crate) struct Played {
    /// Its place among all episodes.
    pub(crate) index: usize,
    /// What was done; not annotated.
    pub(crate) recording: Recording,
    /// The agent's belief at each step; empty when nobody asks.
    pub(crate) beliefs: Vec<FrozenBelief>,
    /// The truth at its last step.
    pub(crate) facts: WorldFacts,
    /// Visits, and why it ended.
    pub(crate) information: StepInformation,
    /// Sum of the rewards.
    pub(crate) reward: f32,
}

struct Running {
    recording: Recording,
    privileged: Privileged,
    beliefs: Vec<FrozenBelief>,
    reward: f32,
}

/// Observes rooms and sends every finished episode.
pub(crate) struct Recorder {
    rooms: RoomMaker,
    world: WorldConfig,
    agent: String,
    num_rooms: usize,
    keeps_beliefs: bool,
    sender: SyncSender<Played>,
    running: BTreeMap<usize, Running>,
}

impl Recorder {
    /// `num_rooms` of all threads together; `agent` is who acts, in words.
    pub(crate) fn new(
        rooms: RoomMaker,
        world: WorldConfig,
        agent: &str,
        num_rooms: usize,
        keeps_beliefs: bool,
        sender: SyncSender<Played>,
    ) -> Self {
        Self { rooms, world, agent: agent.into(), num_rooms, keeps_beliefs, sender, running: BTreeMap::new() }
    }
}

impl BeliefObserver for Recorder {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        let time_step = step.time_step;
        if time_step.kind == StepKind::First {
            let Some(privileged) = self.rooms.privileged(step.room) else { return };
            let (world, seed, agent) = (self.world.clone(), step.episode_seed, self.agent.as_str());
            let recording = Recording::begin(world, seed, agent, time_step, &privileged);
            self.running.insert(step.room, Running { recording, privileged, beliefs: Vec::new(), reward: 0.0 });
        }
        let Some(running) = self.running.get_mut(&step.room) else { return };
        if let Some(action) = time_step.observation.last_action {
            running.recording.push(action, time_step, &running.privileged);
        }
        running.reward += time_step.observation.last_reward;
        if self.keeps_beliefs {
            running.beliefs.push((step.belief)());
        }
        if !time_step.kind.is_last() {
            return;
        }
        let Some(Running { recording, privileged, beliefs, reward }) = self.running.remove(&step.room) else { return };
        let index = step.room + step.episode as usize * self.num_rooms;
        // Nobody receives any more when writing has failed; play is then stopped anyway.
        let (facts, information) = (privileged.facts(), privileged.information());
        let _ = self.sender.send(Played { index, recording, beliefs, facts, information, reward });
    }
}
