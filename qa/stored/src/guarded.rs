//! The Parquet reader panics at some kinds of damage within a page; here that becomes an error like the others.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use parquet::errors::ParquetError;

thread_local! {
    /// Whether this thread is within the Parquet reader, whose panics nobody needs to see.
    static IS_READING: Cell<bool> = const { Cell::new(false) };
}

static QUIET: Once = Once::new();

/// What `read` returns; its panic as an error, without the panic's usual report. What `read` had borrowed must not be
/// used after an error.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_READING.get() {
                usual(panic);
            }
        }));
    });
    IS_READING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(read));
    IS_READING.set(false);
    outcome.unwrap_or_else(|_| Err(ParquetError::General("a page does not hold what its header says".into())))
}
