//! The thread that draws: it takes the newest picture that is wanted, and what was wanted in between is dropped.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use groundling_film::Canvas;

use crate::episode::{Pictures, Wanted};

/// What has happened on the thread that draws, since it was asked last.
pub(crate) struct News<E> {
    /// The newest picture.
    pub(crate) drawn: Option<(Wanted, Canvas)>,
    /// Pictures in all.
    pub(crate) num_drawn: u64,
    /// Whether pictures can be asked for.
    pub(crate) is_ready: bool,
    /// Why there will be no more.
    pub(crate) failure: Option<E>,
    /// Whether the thread has ended.
    pub(crate) is_gone: bool,
}

struct State<E> {
    wanted: Option<Wanted>,
    is_closing: bool,
    news: News<E>,
}

/// What the thread that draws and the one of the window tell each other.
pub(crate) struct Exchange<E> {
    state: Mutex<State<E>>,
    changed: Condvar,
}

impl<E: Send> Exchange<E> {
    pub(crate) fn new() -> Self {
        let news = News { drawn: None, num_drawn: 0, is_ready: false, failure: None, is_gone: false };
        Self { state: Mutex::new(State { wanted: None, is_closing: false, news }), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<E>> {
        // A panic leaves whole values behind: each is set in one piece.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This picture is wanted now, and no other.
    pub(crate) fn want(&self, wanted: Wanted) {
        let mut state = self.lock();
        if state.wanted != Some(wanted) {
            state.wanted = Some(wanted);
            self.changed.notify_one();
        }
    }

    /// No more pictures are wanted.
    pub(crate) fn close(&self) {
        self.lock().is_closing = true;
        self.changed.notify_one();
    }

    pub(crate) fn news(&self) -> News<E> {
        let news = &mut self.lock().news;
        News {
            drawn: news.drawn.take(),
            num_drawn: news.num_drawn,
            is_ready: news.is_ready,
            failure: news.failure.take(),
            is_gone: news.is_gone,
        }
    }

    /// Draws until the window closes, or a picture fails. `wake` is called whenever there is news.
    pub(crate) fn draw<P: Pictures<Error = E>>(&self, open: impl FnOnce() -> Result<P, E>, wake: impl Fn()) {
        let leaving = Leaving { exchange: self, wake: &wake };
        let drawn = open().and_then(|mut pictures| {
            self.lock().news.is_ready = true;
            wake();
            let mut last = None;
            while let Some(wanted) = self.next(last) {
                let canvas = pictures.draw(&wanted)?;
                let mut state = self.lock();
                state.news.drawn = Some((wanted, canvas));
                state.news.num_drawn += 1;
                drop(state);
                last = Some(wanted);
                wake();
            }
            Ok(())
        });
        if let Err(failure) = drawn {
            self.lock().news.failure = Some(failure);
        }
        drop(leaving);
    }

    /// Waits for a picture to be wanted that is not the last one; none when the window closes.
    fn next(&self, last: Option<Wanted>) -> Option<Wanted> {
        let mut state = self.lock();
        loop {
            if state.is_closing {
                return None;
            }
            if state.wanted != last {
                return state.wanted;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Tells that the thread has ended, however it does.
struct Leaving<'a, E: Send, W: Fn()> {
    exchange: &'a Exchange<E>,
    wake: &'a W,
}

impl<E: Send, W: Fn()> Drop for Leaving<'_, E, W> {
    fn drop(&mut self) {
        self.exchange.lock().news.is_gone = true;
        (self.wake)();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;

    use super::*;

    /// Tells which step it begins to draw, and draws on when it is told to.
    struct Slow {
        begun: Sender<u32>,
        go_on: Receiver<()>,
    }

    impl Pictures for Slow {
        type Error = String;

        fn draw(&mut self, wanted: &Wanted) -> Result<Canvas, String> {
            self.begun.send(wanted.step).unwrap();
            self.go_on.recv().unwrap();
            if wanted.step == 9 {
                Err("no ninth".into())
            } else {
                Ok(Canvas::new(4, 4, [wanted.step as u8; 3]).unwrap())
            }
        }
    }

    fn wanted(step: u32) -> Wanted {
        Wanted { step, view: 0, question: 0, camera: None, size: (4, 4) }
    }

    #[test]
    fn the_newest_is_drawn_and_what_was_wanted_in_between_is_dropped() {
        let exchange = Exchange::new();
        let (begun, begins) = channel();
        let (go_on, waits) = channel();
        thread::scope(|scope| {
            scope.spawn(|| exchange.draw(|| Ok(Slow { begun, go_on: waits }), || {}));
            exchange.want(wanted(1));
            assert_eq!(begins.recv(), Ok(1));
            for step in 2..=5 {
                exchange.want(wanted(step));
            }
            go_on.send(()).unwrap();
            assert_eq!(begins.recv(), Ok(5));
            go_on.send(()).unwrap();
            // While nothing else is wanted, nothing is drawn; and what fails is told.
            exchange.want(wanted(9));
            assert_eq!(begins.recv(), Ok(9));
            go_on.send(()).unwrap();
            assert_eq!(begins.recv().ok(), None);
        });
        let news = exchange.news();
        assert_eq!((news.num_drawn, news.failure.as_deref(), news.is_gone), (2, Some("no ninth"), true));
        assert_eq!(news.drawn.map(|(wanted, canvas)| (wanted.step, canvas.rgb()[0])), Some((5, 5)));
        assert!(exchange.news().drawn.is_none(), "news are told once");
    }

    #[test]
    fn closing_ends_the_thread_whatever_it_waits_for() {
        let exchange = Exchange::<String>::new();
        let (begun, _begins) = channel();
        let (_go_on, waits) = channel();
        thread::scope(|scope| {
            scope.spawn(|| exchange.draw(|| Ok(Slow { begun, go_on: waits }), || {}));
            exchange.close();
        });
        assert!(exchange.news().is_gone);
    }
}
