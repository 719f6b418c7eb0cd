//! The threads of a vector environment, in whichever process it is.

use std::process;

use pyo3::PyResult;
use pyo3::exceptions::PyRuntimeError;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Threads that are started when they are first needed.
///
/// A fork copies one thread only. In the child of a process whose threads had been started, this still looks like a pool
/// of threads, and waiting for it would never end. So it remembers its process, and another process starts its own.
#[derive(Debug)]
pub(crate) struct Pool {
    num_threads: usize,
    started: Option<(u32, ThreadPool)>,
}

impl Pool {
    pub(crate) fn new(num_threads: usize) -> Self {
        Self { num_threads, started: None }
    }

    pub(crate) fn num_threads(&self) -> usize {
        self.num_threads
    }

    /// The threads of this process; `None` where one is enough, which is then the caller's.
    pub(crate) fn threads(&mut self) -> PyResult<Option<&ThreadPool>> {
        if self.num_threads <= 1 {
            return Ok(None);
        }
        let process = process::id();
        let foreign = self.started.take_if(|(started_in, _)| *started_in != process);
        // Its locks may have been held by threads that are not in this process, so it is not even taken down.
        std::mem::forget(foreign);
        if self.started.is_none() {
            let pool = ThreadPoolBuilder::new()
                .num_threads(self.num_threads)
                .thread_name(|index| format!("groundling-{index}"))
                .build()
                .map_err(|error| {
                    let threads = self.num_threads;
                    PyRuntimeError::new_err(format!("cannot start {threads} threads: {error}; give fewer `threads`"))
                })?;
            self.started = Some((process, pool));
        }
        Ok(self.started.as_ref().map(|(_, pool)| pool))
    }
}
