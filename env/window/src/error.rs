//! Why a window could not be shown.

/// What is wrong with the window itself.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is no display, or it cannot be used.
    #[error("no window can be opened here: {0}; set DISPLAY or WAYLAND_DISPLAY, or draw a film with --out")]
    NoDisplay(String),
    /// It was there and is lost.
    #[error("the window was lost: {0}; draw a film with --out")]
    Lost(String),
    /// Something could not be put together for it.
    #[error("the window's picture could not be put together: {0}")]
    Picture(#[from] groundling_film::FilmError),
}

/// Why the window closed by itself.
#[derive(Debug)]
pub enum Stopped<E> {
    /// Because of the window.
    Window(WindowError),
    /// Because of a picture, or of what was to draw them.
    Pictures(E),
    /// What draws pictures broke off without a word.
    PicturesGone,
}

impl<E> From<WindowError> for Stopped<E> {
    fn from(error: WindowError) -> Self {
        Self::Window(error)
    }
}
