//! The threads of a vector environment, in whichever process it is, and what each of them draws with.

use std::hint;
use std::mem;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use groundling_render::Renderer;
use pyo3::PyResult;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Threads that are started when they are first needed; whoever calls works with them.
///
/// A fork copies one thread only. In the child of a process whose threads had been started, this still looks like a pool
/// of threads, and waiting for it would never end. So it remembers its process, and another process starts its own.
pub(crate) struct Pool {
    /// One for each thread, the caller's last: all rooms that a thread draws are drawn in the same memory.
    renderers: Vec<Mutex<Renderer>>,
    started: Option<(u32, ThreadPool)>,
    /// Counts calls, so that a thread that lingers sees the next one come.
    calls: Arc<AtomicU64>,
}

/// How long a thread that has nothing to do waits awake. Waking one that sleeps takes as long as a step of a room.
const LINGER: Duration = Duration::from_micros(150);

impl Pool {
    /// Threads, with the caller's, for pictures of this size.
    pub(crate) fn new(num_threads: usize, width: usize, height: usize) -> PyResult<Self> {
        let renderer = |_| Renderer::new(width, height).map(Mutex::new);
        let renderers = (0..num_threads.max(1)).map(renderer).collect::<Result<_, _>>();
        let renderers = renderers.map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(Self { renderers, started: None, calls: Arc::default() })
    }

    pub(crate) fn num_threads(&self) -> usize {
        self.renderers.len()
    }

    /// Starts the threads where this process has none.
    pub(crate) fn start(&mut self) -> PyResult<()> {
        let process = process::id();
        let foreign = self.started.take_if(|(started_in, _)| *started_in != process);
        // Its locks may have been held by threads that are not in this process, so it is not even taken down.
        mem::forget(foreign);
        let num_others = self.num_threads() - 1;
        if self.started.is_none() && num_others > 0 {
            let builder = ThreadPoolBuilder::new().num_threads(num_others);
            let pool = builder.thread_name(|index| format!("groundling-{index}")).build().map_err(|error| {
                PyRuntimeError::new_err(format!("cannot start {num_others} threads: {error}; give fewer `threads`"))
            })?;
            self.started = Some((process, pool));
        }
        Ok(())
    }

    /// Does `work` for each item, on all threads that were started and the caller's; results are in the items' order.
    ///
    /// Each thread has a stretch of the items, the same at each call, so that a room mostly stays with one processor; who is
    /// done helps the others from their ends.
    pub(crate) fn each<I: Send, T: Send>(&self, items: Vec<I>, work: impl Fn(&mut Renderer, I) -> T + Sync) -> Vec<T> {
        let num_threads = self.num_threads();
        let length = items.len().div_ceil(num_threads).max(1);
        let num_items = items.len();
        let mut items = items.into_iter().enumerate();
        let stretches: Vec<_> =
            (0..num_threads).map(|_| Mutex::new(items.by_ref().take(length).collect::<Vec<_>>().into_iter())).collect();
        let done = Mutex::new(Vec::new());
        let take_part = |thread: usize| {
            let Some(renderer) = self.renderers.get(thread) else { return };
            let renderer = &mut *lock(renderer);
            let mut own = Vec::with_capacity(length);
            let (before, after) = stretches.split_at(thread.min(stretches.len()));
            for (turn, stretch) in after.iter().chain(before).enumerate() {
                let next = || if turn == 0 { lock(stretch).next() } else { lock(stretch).next_back() };
                while let Some((index, item)) = next() {
                    own.push((index, work(renderer, item)));
                }
            }
            lock(&done).append(&mut own);
        };
        match &self.started {
            None => take_part(num_threads - 1),
            Some((_, pool)) => {
                let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
                pool.in_place_scope(|scope| {
                    scope.spawn_broadcast(|_, context| take_part(context.index()));
                    take_part(num_threads - 1);
                    linger(|| lock(&done).len() < num_items);
                });
                let calls = Arc::clone(&self.calls);
                pool.spawn_broadcast(move |_| linger(|| calls.load(Ordering::Relaxed) == call));
            }
        }
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_unstable_by_key(|&(index, _)| index);
        done.into_iter().map(|(_, result)| result).collect()
    }
}

/// Waits awake while `goes_on` holds, but not for long.
fn linger(goes_on: impl Fn() -> bool) {
    let start = Instant::now();
    while goes_on() && start.elapsed() < LINGER {
        for _ in 0..32 {
            hint::spin_loop();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
