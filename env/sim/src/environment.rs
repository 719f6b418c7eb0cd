//! The room as an environment: acts in, pictures and rewards out.

use groundling_interface::{
    Action, Environment, EnvironmentError, EnvironmentSpec, InvalidSetting, Observation, StepKind, TimeStep,
};
use groundling_render::{RenderError, Renderer};
use groundling_room::RoomError;

use crate::config::WorldConfig;
use crate::information::EndCause;
use crate::privileged::{Privileged, Shared};
use crate::sight::Sight;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::world::World;

/// Why an environment could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// A setting is out of range.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// No room could be drawn.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// No picture could be drawn.
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// A room that an agent explores in first person.
pub struct RoomEnvironment {
    spec: EnvironmentSpec,
    config: WorldConfig,
    privileged: Privileged,
    renderer: Renderer,
    is_running: bool,
}

impl RoomEnvironment {
    /// The environment, and the handle to what only the simulator knows.
    ///
    /// Draws the room of seed 0 at once, so that settings under which no room can be drawn are found here.
    pub fn new(config: WorldConfig) -> Result<(RoomEnvironment, Privileged), WorldError> {
        config.validate()?;
        let renderer = Renderer::new(config.camera.width, config.camera.height)?;
        let world = World::new(config.clone(), 0)?;
        let mut sight = Sight::default();
        sight.reset(world.spec().objects.len());
        let scene = world.spec().scene();
        let privileged = Privileged::new(Shared { seed: 0, world, scene, sight });
        let spec = EnvironmentSpec {
            height: config.camera.height,
            width: config.camera.width,
            motions: config.control.actions.acts().iter().map(|&act| config.control.motion(act)).collect(),
            action_names: config.control.actions.acts().iter().map(|act| act.name().to_owned()).collect(),
        };
        let environment = RoomEnvironment { spec, config, privileged: privileged.clone(), renderer, is_running: false };
        Ok((environment, privileged))
    }

    /// What it was made from.
    pub fn config(&self) -> &WorldConfig {
        &self.config
    }

    /// Trades what every picture fills anew for that of another renderer of the same size: see [`Renderer::trade_buffers`].
    pub fn trade_buffers(&mut self, renderer: &mut Renderer) -> bool {
        self.renderer.trade_buffers(renderer)
    }

    /// All of the state at the present step.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { shared: self.privileged.lock().clone(), is_running: self.is_running }
    }

    /// Goes back, or ahead, to the step of a snapshot, whatever was before. The same actions then lead to the same
    /// pictures, rewards and facts, bit for bit.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        if *snapshot.shared.world.config() != self.config {
            return Err(SnapshotError::OtherSettings);
        }
        *self.privileged.lock() = snapshot.shared.clone();
        self.is_running = snapshot.is_running;
        Ok(())
    }
}

/// Draws what the eye sees, takes note of the objects in it, and returns the picture.
fn look(renderer: &mut Renderer, shared: &mut Shared) -> Vec<u8> {
    renderer.render(&shared.scene, &shared.world.eye());
    shared.sight.update(shared.world.step_count(), renderer.object_ids());
    renderer.rgb().to_vec()
}

impl Environment for RoomEnvironment {
    fn spec(&self) -> &EnvironmentSpec {
        &self.spec
    }

    fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError> {
        self.is_running = false;
        let world = World::new(self.config.clone(), seed)
            .map_err(|error| EnvironmentError::World(format!("episode seed {seed}: {error}")))?;
        let mut shared = self.privileged.lock();
        let shared = &mut *shared;
        shared.seed = seed;
        shared.scene = world.spec().scene();
        shared.sight.reset(world.spec().objects.len());
        shared.world = world;
        self.is_running = true;
        let rgb = look(&mut self.renderer, shared);
        Ok(TimeStep { kind: StepKind::First, observation: Observation { rgb, last_action: None, last_reward: 0.0 } })
    }

    fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
        if !self.is_running {
            return Err(EnvironmentError::NoEpisodeRunning);
        }
        let act = self.config.control.actions.act(action)?;
        let mut shared = self.privileged.lock();
        let shared = &mut *shared;
        let last_reward = shared.world.act(act);
        shared.world.update_scene(&mut shared.scene);
        let end = shared.world.end();
        self.is_running = end.is_none();
        let kind = match end {
            None => StepKind::Mid,
            Some(EndCause::TaskDone) => StepKind::Terminated,
            Some(EndCause::TimeLimit | EndCause::Diverged(_)) => StepKind::Truncated,
        };
        let rgb = look(&mut self.renderer, shared);
        Ok(TimeStep { kind, observation: Observation { rgb, last_action: Some(action), last_reward } })
    }
}
