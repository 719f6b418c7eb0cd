//! The native part of the Python package `groundling`: settings, one room, many rooms on all cores, what is asked in
//! them, and files of stored beliefs.
//!
//! Python sees it as `groundling._native`; what users see are the Gymnasium environments in `python/groundling`, and
//! the types of what is here stand in `python/groundling/_native.pyi`. Nothing here ends the interpreter: every error,
//! and a panic too, becomes an exception.

mod asking;
mod belief_writer;
mod check_beliefs;
mod failure;
mod live_room;
mod mode;
mod pool;
mod room;
mod rooms;
mod settings;
mod values;
mod words;

/// `groundling._native`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::belief_writer::BeliefWriter;
    #[pymodule_export]
    use crate::check_beliefs::check_beliefs;
    #[pymodule_export]
    use crate::room::Room;
    #[pymodule_export]
    use crate::rooms::Rooms;
    #[pymodule_export]
    use crate::settings::{evaluation_seeds, resolve};
}
