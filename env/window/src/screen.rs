//! The system's windows, as far as it has any.

use std::panic;

use winit::event_loop::EventLoop;

use crate::error::WindowError;

/// The connection to a display, made before anything else so that a machine without one is told at once.
pub struct Screen {
    pub(crate) event_loop: EventLoop<()>,
}

impl Screen {
    /// Connects; to be called from the main thread, once in a process.
    pub fn open() -> Result<Self, WindowError> {
        // winit answers a display that lacks something, or a missing library, with a panic.
        let told = panic::take_hook();
        panic::set_hook(Box::new(|_| {}));
        let opened = panic::catch_unwind(|| EventLoop::<()>::with_user_event().build());
        panic::set_hook(told);
        match opened {
            Ok(Ok(event_loop)) => Ok(Self { event_loop }),
            Ok(Err(error)) => Err(WindowError::NoDisplay(reason(&error.to_string()))),
            Err(payload) => {
                let words = payload.downcast_ref::<String>().map(String::as_str);
                let words = words.or_else(|| payload.downcast_ref::<&str>().copied());
                Err(WindowError::NoDisplay(reason(words.unwrap_or("it lacks something"))))
            }
        }
    }
}

/// In one line, and without the place in somebody's source that it begins with.
fn reason(words: &str) -> String {
    let line = words.replace('\n', " ");
    let line = match line.split_once(".rs:") {
        Some((_, rest)) => rest.split_once(": ").map_or(rest, |(_, rest)| rest),
        None => &line,
    };
    line.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_without_the_place_in_a_source() {
        assert_eq!(reason("os error at /a/mod.rs:766: DISPLAY is\nnot set."), "DISPLAY is not set");
        assert_eq!(reason("no library"), "no library");
    }
}
