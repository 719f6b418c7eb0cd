//! Machines without a display.

use std::env;

/// Where no session of a desktop is, Mesa's choice of a graphics device looks for one all the same and complains on the
/// standard error, once for each look, in words that read as if something had failed. To be called before any thread is
/// started.
pub fn quieten_where_there_is_none() {
    const SWITCH: &str = "NODEVICE_SELECT";
    if env::var_os("XDG_RUNTIME_DIR").is_none() && env::var_os(SWITCH).is_none() {
        // SAFETY: nothing else reads or writes the environment while there is one thread only.
        unsafe { env::set_var(SWITCH, "1") };
    }
}
