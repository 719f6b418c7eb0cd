//! Seats for actors: rooms, their scripted behaviour, and the privileged handle that goes to questions only.

use std::sync::{Arc, Mutex, PoisonError};

use groundling_impala::Seat;
use groundling_interface::EnvironmentError;
use groundling_sim::{Privileged, RoomEnvironment, ScriptedExplorer, WorldConfig};

/// Makes rooms, and keeps the privileged handle of each, by its index.
#[derive(Clone)]
pub(crate) struct RoomMaker {
    world: WorldConfig,
    handles: Arc<Mutex<Vec<Option<Privileged>>>>,
}

impl RoomMaker {
    pub(crate) fn new(world: WorldConfig) -> Self {
        Self { world, handles: Arc::default() }
    }

    /// A seat in room `index`.
    pub(crate) fn seat(&self, index: usize) -> Result<Seat, EnvironmentError> {
        let made = RoomEnvironment::new(self.world.clone());
        let (environment, privileged) = made.map_err(|error| EnvironmentError::World(error.to_string()))?;
        let mut handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        if handles.len() <= index {
            handles.resize_with(index + 1, || None);
        }
        handles[index] = Some(privileged.clone());
        let scripted = Box::new(ScriptedExplorer::new(privileged));
        Ok(Seat { environment: Box::new(environment), scripted: Some(scripted) })
    }

    /// The privileged handle of room `index`, once its seat was made.
    pub(crate) fn privileged(&self, index: usize) -> Option<Privileged> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner).get(index).cloned().flatten()
    }
}
