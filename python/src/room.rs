//! One room.

use std::sync::{Mutex, MutexGuard, TryLockError};

use groundling_interface::{Environment, StepKind};
use numpy::{PyArray3, PyArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::asking::Asking;
use crate::failure::unknown_action;
use crate::live_room::{LiveRoom, Past, in_use};
use crate::settings::Settings;

/// One room, from resolved settings. The lock of Python is released while it moves and draws.
#[pyclass(frozen, module = "groundling._native")]
pub(crate) struct Room {
    room: Mutex<LiveRoom>,
    asking: Asking,
    resolved: String,
    action_names: Vec<String>,
    shape: [usize; 3],
    steps_per_second: f64,
    most_reward: f64,
}

impl Room {
    fn lock(&self) -> PyResult<MutexGuard<'_, LiveRoom>> {
        match self.room.try_lock() {
            Ok(room) => Ok(room),
            // Panics are caught inside; one that was not leaves a room that the next reset replaces.
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(in_use()),
        }
    }
}

type Picture<'py> = Bound<'py, PyArray3<u8>>;

#[pymethods]
impl Room {
    #[new]
    fn new(py: Python<'_>, resolved: String) -> PyResult<Self> {
        let room = py.detach(|| LiveRoom::new(&resolved))?;
        let asking = Asking::of(&Settings::resolved(&resolved)?);
        let spec = room.environment().spec();
        let (action_names, shape) = (spec.action_names.clone(), [spec.height, spec.width, 3]);
        let (steps_per_second, most_reward) = (room.steps_per_second(), room.most_reward());
        Ok(Self { room: Mutex::new(room), asking, resolved, action_names, shape, steps_per_second, most_reward })
    }

    /// Every setting, as TOML.
    #[getter]
    fn resolved(&self) -> &str {
        &self.resolved
    }

    /// One name an action, in index order.
    #[getter]
    fn action_names(&self) -> Vec<String> {
        self.action_names.clone()
    }

    /// Actions a second of the room's own time.
    #[getter]
    fn steps_per_second(&self) -> f64 {
        self.steps_per_second
    }

    /// No action's reward is greater.
    #[getter]
    fn most_reward(&self) -> f64 {
        self.most_reward
    }

    /// Rows, columns and channels of a picture.
    #[getter]
    fn shape(&self) -> (usize, usize, usize) {
        self.shape.into()
    }

    /// Episodes without a seed of their own are derived from this one from here on.
    fn set_base_seed(&self, seed: u64) -> PyResult<()> {
        self.lock()?.set_base_seed(seed);
        Ok(())
    }

    /// Begins the episode of `seed`, or the next derived one; returns its first picture.
    #[pyo3(signature = (seed=None))]
    fn reset<'py>(&self, py: Python<'py>, seed: Option<u64>) -> PyResult<Picture<'py>> {
        let room = &mut *self.lock()?;
        py.detach(|| room.reset(seed)).map_err(|failure| failure.of_room(None))?;
        self.picture_of(py, room)
    }

    /// Takes an action; returns picture, reward, terminated, truncated.
    fn step<'py>(&self, py: Python<'py>, action: &Bound<'py, PyAny>) -> PyResult<(Picture<'py>, f64, bool, bool)> {
        let action = self.action(action)?;
        let room = &mut *self.lock()?;
        let (reward, kind) = py
            .detach(|| room.act(action).map(|step| (f64::from(step.observation.last_reward), step.kind)))
            .map_err(|failure| failure.of_room(None))?;
        let picture = self.picture_of(py, room)?;
        Ok((picture, reward, kind == StepKind::Terminated, kind == StepKind::Truncated))
    }

    /// A copy of the present picture.
    fn picture<'py>(&self, py: Python<'py>) -> PyResult<Picture<'py>> {
        self.picture_of(py, &*self.lock()?)
    }

    /// The seed that names the present episode.
    fn episode_seed(&self) -> PyResult<u64> {
        let room = self.lock()?;
        room.step().map_err(|failure| failure.of_room(None))?;
        Ok(room.past().episode_seed)
    }

    /// Short names of state and picture of the present step, hexadecimal.
    fn digest(&self) -> PyResult<(String, String)> {
        self.lock()?.digest().map_err(|failure| failure.of_room(None))
    }

    /// What only the simulator knows of the present step, as JSON.
    fn facts(&self) -> PyResult<String> {
        let room = self.lock()?;
        room.step().map_err(|failure| failure.of_room(None))?;
        Ok(room.facts())
    }

    /// Makes what makes questions, where this process has none for these settings yet.
    fn prepare_questions(&self, py: Python<'_>) -> PyResult<()> {
        self.asking.examination(py).map(drop)
    }

    /// The questions that have their one right answer at the present step, as JSON.
    fn questions(&self, py: Python<'_>) -> PyResult<String> {
        let examination = self.asking.examination(py)?;
        let room = &*self.lock()?;
        py.detach(|| room.questions(&examination)).map_err(|failure| failure.of_room(None))
    }

    /// Base seed, number of derived episodes, episode seed and actions: all that led here.
    fn __getstate__(&self) -> PyResult<(u64, u64, u64, Option<Vec<u16>>)> {
        let Past { base_seed, num_derived, episode_seed, actions } = self.lock()?.past().clone();
        Ok((base_seed, num_derived, episode_seed, actions))
    }

    /// Goes to where such a state was taken, by stepping there.
    fn __setstate__(&self, py: Python<'_>, state: (u64, u64, u64, Option<Vec<u16>>)) -> PyResult<()> {
        let (base_seed, num_derived, episode_seed, actions) = state;
        let room = &mut *self.lock()?;
        py.detach(|| room.relive(Past { base_seed, num_derived, episode_seed, actions }))
    }

    fn __getnewargs__(&self) -> (&str,) {
        (&self.resolved,)
    }
}

impl Room {
    fn picture_of<'py>(&self, py: Python<'py>, room: &LiveRoom) -> PyResult<Picture<'py>> {
        let step = room.step().map_err(|failure| failure.of_room(None))?;
        let picture = PyArray3::zeros(py, self.shape, false);
        picture.readwrite().as_slice_mut()?.copy_from_slice(&step.observation.rgb);
        Ok(picture)
    }

    /// The index of an action: any integer of Python or NumPy, and no bool.
    fn action(&self, action: &Bound<'_, PyAny>) -> PyResult<u16> {
        let num_actions = self.action_names.len();
        let wrong_type = || -> PyErr {
            let kind = action.get_type().name().map(|name| name.to_string()).unwrap_or_default();
            PyTypeError::new_err(format!("action must be one integer from 0 to {}, not {kind}", num_actions - 1))
        };
        if action.is_instance_of::<PyBool>() || !action.hasattr("__index__")? {
            return Err(wrong_type());
        }
        // NumPy's arrays of more than one dimension have `__index__`, and refuse it.
        let index = action.call_method0("__index__").map_err(|_| wrong_type())?;
        let within = index.extract::<u16>().ok().filter(|&index| usize::from(index) < num_actions);
        within.ok_or_else(|| unknown_action(&index.to_string(), num_actions, None))
    }
}
