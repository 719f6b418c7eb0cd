//! The window itself: what happens to it goes to the player, what the player wants to whoever draws, and what is drawn
//! to the screen.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use groundling_film::{Canvas, MAX_SIDE};
use softbuffer::{Context, Surface};
use winit::application::ApplicationHandler;
use winit::dpi::PhysicalSize;
use winit::event::{ElementState, MouseButton, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, OwnedDisplayHandle};
use winit::window::{Window, WindowId};

use crate::controls::Shown;
use crate::episode::{Pictures, Wanted};
use crate::error::{Stopped, WindowError};
use crate::keys::{Key, Press};
use crate::painting::Exchange;
use crate::pixels::{compose, copy};
use crate::places::Places;
use crate::player::Player;
use crate::screen::Screen;

/// The picture where no size was asked for, in the display's own units.
const USUAL_SIZE: (f64, f64) = (1280.0, 720.0);
/// How often it is looked whether the program was asked to stop.
const GLANCE: Duration = Duration::from_millis(100);
/// What "now" means when pictures a second are told.
const RECENT: Duration = Duration::from_secs(2);

/// How a window came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was closed.
    Closed,
    /// The program was asked to stop.
    Interrupted,
}

/// Opens a window and returns when it is closed, or `stop` is set. `open` is called on the thread that draws; the window
/// opens when it has succeeded.
pub fn show<P: Pictures>(
    screen: Screen,
    player: Player,
    stop: &AtomicBool,
    open: impl FnOnce() -> Result<P, P::Error> + Send,
) -> Result<Ended, Stopped<P::Error>> {
    let exchange = Exchange::new();
    let proxy = screen.event_loop.create_proxy();
    let mut showing = Showing::new(player, stop, &exchange);
    thread::scope(|scope| {
        let exchange = &exchange;
        let drawing = scope.spawn(move || {
            exchange.draw(open, || {
                // Nobody listens any more when the window is closed.
                let _ = proxy.send_event(());
            });
        });
        let run = screen.event_loop.run_app(&mut showing);
        exchange.close();
        let drawn = drawing.join();
        if let Some(stopped) = showing.stopped {
            return Err(stopped);
        }
        run.map_err(|error| WindowError::Lost(error.to_string()))?;
        drawn.map_err(|_| Stopped::PicturesGone)?;
        Ok(if stop.load(Ordering::Relaxed) { Ended::Interrupted } else { Ended::Closed })
    })
}

/// A window that is there.
struct Open {
    window: Rc<Window>,
    surface: Surface<OwnedDisplayHandle, Rc<Window>>,
}

/// All that can be seen: what is as it was needs no drawing.
#[derive(PartialEq)]
struct Seen {
    wanted: Wanted,
    shown: Shown,
    num_drawn: u64,
    signs: (bool, bool, bool, f64),
}

struct Showing<'a, E> {
    player: Player,
    stop: &'a AtomicBool,
    exchange: &'a Exchange<E>,
    began: Instant,
    open: Option<Open>,
    picture: Option<(Wanted, Canvas)>,
    num_drawn: u64,
    /// When playing at this rate began, or a picture came, lately.
    arrivals: VecDeque<Instant>,
    arrivals_rate: f64,
    shift: bool,
    seen: Option<Seen>,
    stopped: Option<Stopped<E>>,
}

impl<'a, E: Send> Showing<'a, E> {
    fn new(player: Player, stop: &'a AtomicBool, exchange: &'a Exchange<E>) -> Self {
        Self {
            player,
            stop,
            exchange,
            began: Instant::now(),
            open: None,
            picture: None,
            num_drawn: 0,
            arrivals: VecDeque::new(),
            arrivals_rate: 0.0,
            shift: false,
            seen: None,
            stopped: None,
        }
    }

    fn open(&mut self, event_loop: &ActiveEventLoop) -> Result<(), WindowError> {
        let lost = |error: &dyn std::fmt::Display| WindowError::NoDisplay(error.to_string());
        let attributes = Window::default_attributes().with_title(self.player.episode().title.clone());
        let window = event_loop.create_window(attributes.with_visible(false)).map_err(|error| lost(&error))?;
        let scale = window.scale_factor();
        let (width, height) = self.player.opening_size().unwrap_or_else(|| {
            let pixels = |length: f64| (length * scale).round() as usize;
            (pixels(USUAL_SIZE.0), pixels(USUAL_SIZE.1))
        });
        let sized = |(width, height): (usize, usize)| {
            PhysicalSize::new(width as u32, (height + Places::strip_below(width, height, scale as f32)) as u32)
        };
        window.set_min_inner_size(Some(sized(Places::LEAST)));
        // What is given back at once is the size; otherwise an event tells it.
        let _ = window.request_inner_size(sized((width, height)));
        window.set_visible(true);
        let window = Rc::new(window);
        let context = Context::new(event_loop.owned_display_handle()).map_err(|error| lost(&error))?;
        let surface = Surface::new(&context, Rc::clone(&window)).map_err(|error| lost(&error))?;
        self.open = Some(Open { window, surface });
        Ok(())
    }

    /// Columns and rows of the window, as far as they are drawn; none while there is none, or nothing of it is seen.
    fn size(&self) -> Option<(usize, usize)> {
        let PhysicalSize { width, height } = self.open.as_ref()?.window.inner_size();
        (width > 0 && height > 0).then_some(((width as usize).min(MAX_SIDE), (height as usize).min(MAX_SIDE)))
    }

    fn places(&self) -> Option<Places> {
        let scale = self.open.as_ref()?.window.scale_factor() as f32;
        self.size().map(|(width, height)| Places::new(width, height, scale))
    }

    fn shown(&self) -> Shown {
        let step = self.picture.as_ref().map_or(self.player.step(), |(wanted, _)| wanted.step);
        let seconds = self.arrivals.front().map_or(0.0, |first| first.elapsed().as_secs_f64());
        // Of a shorter time nothing can be told.
        let drawn = (self.player.is_playing() && seconds > 0.5).then(|| {
            let pictures = self.arrivals.len().saturating_sub(1);
            (pictures as f64 / seconds).round()
        });
        Shown { step, drawn }
    }

    fn take_news(&mut self, event_loop: &ActiveEventLoop) {
        let news = self.exchange.news();
        if news.is_ready
            && self.open.is_none()
            && !event_loop.exiting()
            && let Err(error) = self.open(event_loop)
        {
            self.stop_with(event_loop, error.into());
        }
        if let Some(drawn) = news.drawn {
            self.picture = Some(drawn);
            self.num_drawn = news.num_drawn;
            self.arrivals.push_back(Instant::now());
        }
        if let Some(failure) = news.failure {
            self.stop_with(event_loop, Stopped::Pictures(failure));
        } else if news.is_gone && !event_loop.exiting() {
            self.stop_with(event_loop, Stopped::PicturesGone);
        }
    }

    fn stop_with(&mut self, event_loop: &ActiveEventLoop, stopped: Stopped<E>) {
        self.stopped.get_or_insert(stopped);
        event_loop.exit();
    }

    /// Brings everything to the present; asks for what is missing.
    fn advance(&mut self, event_loop: &ActiveEventLoop) {
        self.player.advance(self.began.elapsed());
        if self.player.is_closing() || self.stop.load(Ordering::Relaxed) {
            event_loop.exit();
            return;
        }
        let rate = if self.player.is_playing() { self.player.rate() } else { 0.0 };
        if rate != self.arrivals_rate {
            self.arrivals = VecDeque::from([Instant::now()]);
            self.arrivals_rate = rate;
        }
        // One of before that time stays: what takes longer has a rate too.
        while self.arrivals.get(1).is_some_and(|second| second.elapsed() > RECENT) {
            self.arrivals.pop_front();
        }
        let Some(places) = self.places() else { return };
        let wanted = self.player.wanted(places.picture_size());
        self.exchange.want(wanted);
        let player = &self.player;
        let signs = (player.is_playing(), player.is_looping(), player.shows_help(), player.speed());
        let seen = Seen { wanted, shown: self.shown(), num_drawn: self.num_drawn, signs };
        if self.seen.as_ref() != Some(&seen) {
            self.seen = Some(seen);
            if let Some(open) = &self.open {
                open.window.request_redraw();
            }
        }
    }

    fn redraw(&mut self) -> Result<(), WindowError> {
        let (Some(size), Some(places)) = (self.size(), self.places()) else { return Ok(()) };
        let picture = self.picture.as_ref().map(|(_, canvas)| canvas);
        let canvas = compose(size, &places, &self.player, picture, self.shown())?;
        let Some(Open { window, surface }) = &mut self.open else { return Ok(()) };
        let PhysicalSize { width, height } = window.inner_size();
        let (Some(columns), Some(rows)) = (NonZeroU32::new(width), NonZeroU32::new(height)) else { return Ok(()) };
        let lost = |error: softbuffer::SoftBufferError| WindowError::Lost(error.to_string());
        surface.resize(columns, rows).map_err(lost)?;
        let mut buffer = surface.buffer_mut().map_err(lost)?;
        copy(&canvas, &mut buffer, width as usize);
        window.pre_present_notify();
        buffer.present().map_err(lost)
    }

    fn handle(&mut self, event: WindowEvent) -> Result<(), WindowError> {
        let now = self.began.elapsed();
        match event {
            WindowEvent::CloseRequested => self.player.close(),
            WindowEvent::RedrawRequested => self.redraw()?,
            WindowEvent::Focused(false) => self.player.lose_focus(),
            WindowEvent::ModifiersChanged(modifiers) => self.shift = modifiers.state().shift_key(),
            // A key that is held while the window gets the keys was meant for another one.
            WindowEvent::KeyboardInput { event, is_synthetic: true, .. } if event.state.is_pressed() => {}
            WindowEvent::KeyboardInput { event, .. } => {
                let Some(key) = Key::of(&event) else { return Ok(()) };
                self.player.advance(now);
                match event.state {
                    ElementState::Pressed => {
                        self.player.press(Press { key, shift: self.shift, repeated: event.repeat });
                    }
                    ElementState::Released => self.player.release(key),
                }
            }
            WindowEvent::CursorMoved { position, .. } => {
                if let Some(places) = self.places() {
                    self.player.point([position.x as f32, position.y as f32], &places);
                }
            }
            WindowEvent::MouseInput { state, button: MouseButton::Left, .. } => {
                if let Some(places) = self.places() {
                    self.player.advance(now);
                    self.player.click(state == ElementState::Pressed, &places);
                }
            }
            // Sizes are asked for whenever they are needed; what is shown is drawn anew.
            WindowEvent::Resized(_) | WindowEvent::ScaleFactorChanged { .. } => self.seen = None,
            _ => {}
        }
        Ok(())
    }
}

impl<E: Send> ApplicationHandler for Showing<'_, E> {
    fn resumed(&mut self, _: &ActiveEventLoop) {
        // The window opens when there is something to be shown in it.
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, (): ()) {
        self.take_news(event_loop);
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        if let Err(error) = self.handle(event) {
            self.stop_with(event_loop, error.into());
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.advance(event_loop);
        let rest = self.player.rest().map_or(GLANCE, |rest| rest.min(GLANCE));
        event_loop.set_control_flow(ControlFlow::WaitUntil(Instant::now() + rest));
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // Before the connection to the display is closed.
        self.open = None;
    }
}
