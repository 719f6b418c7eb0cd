//! Many rooms, stepped on all cores.

use std::borrow::Cow;
use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread;

use groundling_interface::Environment;
use numpy::{PyArray1, PyArray3, PyArrayMethods, PyReadonlyArray1, PyReadwriteArray1, PyReadwriteArray4};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::asking::Asking;
use crate::failure::{Failure, unknown_action};
use crate::live_room::{LiveRoom, Outcome, Past, in_use};
use crate::mode::Mode;
use crate::pool::Pool;
use crate::settings::Settings;

/// Many rooms of the same resolved settings. The lock of Python is released while they move and draw.
#[pyclass(frozen, module = "groundling._native")]
pub(crate) struct Rooms {
    rooms: Mutex<(Vec<LiveRoom>, Pool)>,
    arguments: Arguments,
    asking: Asking,
    mode: Mode,
    wants_facts: bool,
    wants_questions: bool,
    action_names: Vec<String>,
    shape: [usize; 3],
    steps_per_second: f64,
    most_reward: f64,
}

type State = Vec<(u64, u64, u64, Option<Vec<u16>>)>;
/// What `new` was given.
type Arguments = (String, usize, Option<usize>, &'static str, bool, bool);
/// Index, picture, facts and questions of a room whose episode ended and whose next one has begun.
type Last<'py> = (usize, Bound<'py, PyArray3<u8>>, Option<String>, Option<String>);

#[pymethods]
impl Rooms {
    #[new]
    fn new(
        py: Python<'_>,
        resolved: String,
        num_rooms: usize,
        num_threads: Option<usize>,
        mode: &str,
        wants_facts: bool,
        wants_questions: bool,
    ) -> PyResult<Self> {
        let asking = Asking::of(&Settings::resolved(&resolved)?);
        let mode = Mode::from_name(mode)?;
        let rooms = (0..num_rooms).map(|_| LiveRoom::new(&resolved));
        let rooms = py.detach(|| rooms.collect::<PyResult<Vec<_>>>())?;
        let first = rooms.first().ok_or_else(|| PyValueError::new_err("num_envs must be at least 1"))?;
        let spec = first.environment().spec();
        let (action_names, shape) = (spec.action_names.clone(), [spec.height, spec.width, 3]);
        let (steps_per_second, most_reward) = (first.steps_per_second(), first.most_reward());
        let arguments = (resolved, num_rooms, num_threads, mode.name(), wants_facts, wants_questions);
        let num_threads = num_threads.unwrap_or_else(num_cores).min(num_rooms);
        let pool = Pool::new(num_threads, shape[1], shape[0])?;
        let rooms = Mutex::new((rooms, pool));
        Ok(Self {
            rooms,
            arguments,
            asking,
            mode,
            wants_facts,
            wants_questions,
            action_names,
            shape,
            steps_per_second,
            most_reward,
        })
    }

    /// Every setting, as TOML.
    #[getter]
    fn resolved(&self) -> &str {
        &self.arguments.0
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

    /// Threads that step the rooms; with one, it is the caller's.
    #[getter]
    fn num_threads(&self) -> PyResult<usize> {
        Ok(self.lock()?.1.num_threads())
    }

    /// Room `i` derives its episodes without a seed of their own from `seeds[i]` from here on.
    fn set_base_seeds(&self, seeds: Vec<u64>) -> PyResult<()> {
        self.lock()?.0.iter_mut().zip(seeds).for_each(|(room, seed)| room.set_base_seed(seed));
        Ok(())
    }

    /// Begins an episode in each room of `mask`, of its seed or the next derived one; writes every room's picture.
    fn reset(
        &self,
        py: Python<'_>,
        seeds: Vec<Option<u64>>,
        mask: Vec<bool>,
        pictures: PyReadwriteArray4<'_, u8>,
    ) -> PyResult<()> {
        let mut pictures = pictures;
        let mut rooms = self.lock()?;
        let asked = seeds.into_iter().zip(mask).collect();
        let reset = |room: &mut LiveRoom, (seed, is_asked): (Option<u64>, bool)| {
            if is_asked { room.reset(seed) } else { Ok(()) }
        };
        self.each(py, &mut rooms, asked, pictures.as_slice_mut()?, reset)?;
        Ok(())
    }

    /// Takes one action in each room and writes what came of it; returns the last steps of episodes that ended where
    /// the next ones have begun. Where an action is wrong, no room has moved.
    fn step<'py>(
        &self,
        py: Python<'py>,
        actions: PyReadonlyArray1<'py, i64>,
        pictures: PyReadwriteArray4<'py, u8>,
        rewards: PyReadwriteArray1<'py, f64>,
        terminated: PyReadwriteArray1<'py, bool>,
        truncated: PyReadwriteArray1<'py, bool>,
    ) -> PyResult<Vec<Last<'py>>> {
        let (mut pictures, mut rewards) = (pictures, rewards);
        let (mut terminated, mut truncated) = (terminated, truncated);
        let actions = self.actions(actions.as_slice()?)?;
        let (mode, wants_facts) = (self.mode, self.wants_facts);
        // Only this mode loses the last step; in the others it can be asked about afterwards.
        let examines = self.wants_questions && mode == Mode::SameStep;
        let examination = examines.then(|| self.asking.examination(py)).transpose()?;
        let mut rooms = self.lock()?;
        for (index, room) in rooms.0.iter().enumerate() {
            let step = room.step().map_err(|failure| failure.of_room(Some(index)))?;
            if mode == Mode::Disabled && step.kind.is_last() {
                return Err(no_episode(index));
            }
        }
        let advance = |room: &mut LiveRoom, action| room.advance(action, mode, wants_facts, examination.as_ref());
        let outcomes = self.each(py, &mut rooms, actions, pictures.as_slice_mut()?, advance)?;
        let mut ended = Vec::new();
        let rows = rewards.as_slice_mut()?.iter_mut().zip(terminated.as_slice_mut()?).zip(truncated.as_slice_mut()?);
        for ((index, outcome), ((reward, terminated), truncated)) in outcomes.into_iter().enumerate().zip(rows) {
            let Outcome { reward: found, terminated: is_terminated, truncated: is_truncated, last } = outcome;
            (*reward, *terminated, *truncated) = (found, is_terminated, is_truncated);
            if let Some(last) = last {
                let picture = PyArray1::from_vec(py, last.rgb).reshape(self.shape)?;
                ended.push((index, picture, last.facts, last.questions));
            }
        }
        Ok(ended)
    }

    /// Each room's seed of the present episode.
    fn episode_seeds(&self) -> PyResult<Vec<u64>> {
        self.of_each(|room| room.step().map(|_| room.past().episode_seed))
    }

    /// Each room's short names of state and picture of the present step, hexadecimal.
    fn digests(&self) -> PyResult<Vec<(String, String)>> {
        self.of_each(LiveRoom::digest)
    }

    /// Each room's facts of the present step, as JSON.
    fn facts(&self) -> PyResult<Vec<String>> {
        self.of_each(|room| room.step().map(|_| room.facts()))
    }

    /// Makes what makes questions, where this process has none for these settings yet.
    fn prepare_questions(&self, py: Python<'_>) -> PyResult<()> {
        self.asking.examination(py).map(drop)
    }

    /// The questions that have their one right answer at the present step, as JSON, of each room that is named.
    fn questions(&self, py: Python<'_>, indices: Vec<usize>) -> PyResult<Vec<String>> {
        let examination = self.asking.examination(py)?;
        let rooms = &*self.lock()?;
        let named = indices.into_iter().filter_map(|index| Some((index, rooms.0.get(index)?)));
        let ask = |(index, room): (usize, &LiveRoom)| {
            room.questions(&examination).map_err(|failure| failure.of_room(Some(index)))
        };
        py.detach(|| named.map(ask).collect())
    }

    /// Each room's present picture.
    fn pictures<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyArray3<u8>>>> {
        let pictures = self.of_each(|room| room.picture().map(Cow::into_owned))?;
        pictures.into_iter().map(|picture| PyArray1::from_vec(py, picture).reshape(self.shape)).collect()
    }

    /// All that led here, room by room.
    fn __getstate__(&self) -> PyResult<State> {
        let rooms = self.lock()?;
        let pasts = rooms.0.iter().map(|room| room.past().clone());
        Ok(pasts.map(|past| (past.base_seed, past.num_derived, past.episode_seed, past.actions)).collect())
    }

    /// Goes to where such a state was taken, by stepping there.
    fn __setstate__(&self, py: Python<'_>, state: State) -> PyResult<()> {
        let (rooms, _) = &mut *self.lock()?;
        py.detach(|| {
            rooms.iter_mut().zip(state).try_for_each(|(room, (base_seed, num_derived, episode_seed, actions))| {
                room.relive(Past { base_seed, num_derived, episode_seed, actions })
            })
        })
    }

    fn __getnewargs__(&self) -> Arguments {
        self.arguments.clone()
    }
}

impl Rooms {
    fn lock(&self) -> PyResult<MutexGuard<'_, (Vec<LiveRoom>, Pool)>> {
        match self.rooms.try_lock() {
            Ok(rooms) => Ok(rooms),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(in_use()),
        }
    }

    fn actions(&self, actions: &[i64]) -> PyResult<Vec<u16>> {
        let num_actions = self.action_names.len();
        let within = |(room, &action): (usize, &i64)| {
            let index = u16::try_from(action).ok().filter(|&index| usize::from(index) < num_actions);
            index.ok_or_else(|| unknown_action(&action.to_string(), num_actions, Some(room)))
        };
        actions.iter().enumerate().map(within).collect()
    }

    /// Does `work` in every room with what is asked of it, on all threads, and writes the pictures that follow.
    fn each<A: Send, T: Send>(
        &self,
        py: Python<'_>,
        rooms: &mut (Vec<LiveRoom>, Pool),
        asked: Vec<A>,
        pictures: &mut [u8],
        work: impl Fn(&mut LiveRoom, A) -> Result<T, Failure> + Sync + Send,
    ) -> PyResult<Vec<T>> {
        let (rooms, pool) = rooms;
        let length: usize = self.shape.iter().product();
        if asked.len() != rooms.len() || pictures.len() != rooms.len() * length {
            return Err(PyValueError::new_err("arrays do not fit the number of rooms"));
        }
        pool.start()?;
        let items: Vec<_> = rooms.iter_mut().zip(asked).zip(pictures.chunks_mut(length)).collect();
        let pool = &*pool;
        let results: Vec<Result<T, Failure>> = py.detach(|| {
            pool.each(items, |renderer, ((room, asked), picture)| {
                let result = room.with_buffers_of(renderer, |room| work(room, asked))?;
                room.hand_over(picture)?;
                Ok(result)
            })
        });
        let named =
            |(index, result): (usize, Result<T, Failure>)| result.map_err(|failure| failure.of_room(Some(index)));
        results.into_iter().enumerate().map(named).collect()
    }

    fn of_each<T>(&self, read: impl Fn(&LiveRoom) -> Result<T, Failure>) -> PyResult<Vec<T>> {
        let rooms = self.lock()?;
        let read = |(index, room)| read(room).map_err(|failure| failure.of_room(Some(index)));
        rooms.0.iter().enumerate().map(read).collect()
    }
}

/// Cores that this process may use.
fn num_cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

fn no_episode(room: usize) -> PyErr {
    Failure::Environment(groundling_interface::EnvironmentError::NoEpisodeRunning).of_room(Some(room))
}
