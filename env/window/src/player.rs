//! What is wanted, as keys, the pointer and time make it: a state that knows no window and no picture.

use std::time::Duration;

use crate::episode::{Episode, Opening, Wanted};
use crate::free_camera::FreeCamera;
use crate::keys::{Key, Press};
use crate::places::Places;

/// How much faster than its own rate an episode is played.
const SPEEDS: [f64; 9] = [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
/// Index of the speed that it begins with.
const USUAL: usize = 3;
/// Steps that shift jumps.
const JUMP: u32 = 10;
/// Between two pictures of a camera that moves.
const MOVING: Duration = Duration::from_millis(16);

/// What the pointer is drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Drag {
    Timeline,
    Look,
}

/// The state of a window.
#[derive(Debug, Clone)]
pub struct Player {
    episode: Episode,
    opening: Opening,
    step: u32,
    /// How far the next step has come, 0 to 1.
    towards_next: f64,
    speed: usize,
    is_playing: bool,
    is_looping: bool,
    view: usize,
    question: usize,
    free_camera: Option<FreeCamera>,
    shows_help: bool,
    is_closing: bool,
    drag: Option<Drag>,
    pointer: [f32; 2],
    /// The time of the last [`advance`](Self::advance).
    now: Duration,
}

impl Player {
    /// At its beginning, and not playing; `opening` lies within the episode.
    pub fn new(episode: Episode, opening: Opening) -> Self {
        Self {
            step: opening.from.min(episode.last_step()),
            towards_next: 0.0,
            speed: USUAL,
            is_playing: false,
            is_looping: false,
            view: opening.view,
            question: opening.question,
            free_camera: None,
            shows_help: false,
            is_closing: false,
            drag: None,
            pointer: [0.0; 2],
            now: Duration::ZERO,
            episode,
            opening,
        }
    }

    /// What is played.
    pub fn episode(&self) -> &Episode {
        &self.episode
    }

    /// Columns and rows of the picture that were asked for.
    pub(crate) fn opening_size(&self) -> Option<(usize, usize)> {
        self.opening.size
    }

    /// The picture that is wanted now, in a window of which `size` pixels are free for it.
    pub fn wanted(&self, size: (usize, usize)) -> Wanted {
        let camera = self.free_camera.as_ref().map(FreeCamera::camera);
        Wanted { step: self.step, view: self.view, question: self.question, camera, size }
    }

    /// The step that is wanted.
    pub fn step(&self) -> u32 {
        self.step
    }

    /// Whether steps follow each other by themselves.
    pub fn is_playing(&self) -> bool {
        self.is_playing
    }

    /// Whether it begins anew at the end.
    pub fn is_looping(&self) -> bool {
        self.is_looping
    }

    /// How many times its own rate it is played at.
    pub fn speed(&self) -> f64 {
        SPEEDS[self.speed]
    }

    /// Steps a second, when it plays.
    pub fn rate(&self) -> f64 {
        self.opening.rate * self.speed()
    }

    /// Whether the keys are told.
    pub fn shows_help(&self) -> bool {
        self.shows_help
    }

    /// Whether the window is to be closed.
    pub fn is_closing(&self) -> bool {
        self.is_closing
    }

    /// How long nothing changes if no key is pressed; none: for ever.
    pub fn rest(&self) -> Option<Duration> {
        let step = self.is_playing.then(|| {
            let seconds = (1.0 - self.towards_next).max(0.0) / self.rate();
            Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
        });
        let moves = self.free_camera.as_ref().is_some_and(FreeCamera::is_moving).then_some(MOVING);
        step.into_iter().chain(moves).min()
    }

    /// It is `now`, counted from any beginning.
    pub fn advance(&mut self, now: Duration) {
        let elapsed = now.saturating_sub(self.now);
        self.now = now;
        if let Some(camera) = &mut self.free_camera {
            camera.advance(elapsed);
        }
        if self.is_playing {
            self.towards_next += elapsed.as_secs_f64() * self.rate();
            let taken = self.towards_next.floor();
            self.towards_next -= taken;
            self.play(taken as u64);
        }
    }

    /// Goes on by so many steps, to the end or around.
    fn play(&mut self, taken: u64) {
        let (first, end) = (self.opening.from, self.end());
        let reached = u64::from(self.step) + taken;
        if reached < u64::from(end) || (self.is_looping && reached == u64::from(end)) {
            self.step = reached as u32;
        } else if self.is_looping {
            let num_steps = u64::from(end.saturating_sub(first)) + 1;
            self.step = first + (reached.saturating_sub(u64::from(first)) % num_steps) as u32;
        } else {
            self.step = end;
            self.stop();
        }
    }

    /// Where playing stops: what lies beyond the part that was asked for is played as well when one is there.
    fn end(&self) -> u32 {
        let last = self.episode.last_step();
        if self.step > self.opening.to { last } else { self.opening.to.min(last) }
    }

    fn stop(&mut self) {
        (self.is_playing, self.towards_next) = (false, 0.0);
    }

    fn toggle_playing(&mut self) {
        if self.is_playing {
            self.stop();
            return;
        }
        self.is_playing = true;
        if self.step == self.end() {
            self.step = self.opening.from;
        }
    }

    fn go_to(&mut self, step: u32) {
        self.stop();
        self.step = step.min(self.episode.last_step());
    }

    fn go_by(&mut self, forward: bool, shift: bool) {
        let steps = if shift { JUMP } else { 1 };
        self.go_to(if forward { self.step.saturating_add(steps) } else { self.step.saturating_sub(steps) });
    }

    fn ask(&mut self, next: bool) {
        let num = self.episode.num_questions.max(1);
        self.question = (self.question + if next { 1 } else { num - 1 }) % num;
    }

    fn look(&mut self, view: usize) {
        if view < self.episode.views.len() {
            (self.view, self.free_camera) = (view, None);
        }
    }

    fn toggle_free_camera(&mut self) {
        let eye = self.episode.eyes.get(self.step as usize);
        self.free_camera = match self.free_camera {
            Some(_) => None,
            None => eye.map(FreeCamera::behind),
        };
    }

    /// A key was pressed.
    pub fn press(&mut self, Press { key, shift, repeated }: Press) {
        // Escape closes in any case; what moves the camera means nothing else while there is one.
        if self.free_camera.as_mut().is_some_and(|camera| camera.hold(key, true)) {
            return;
        }
        match key {
            Key::Left => return self.go_by(false, shift),
            Key::Right => return self.go_by(true, shift),
            Key::Sign(',') => return self.go_by(false, false),
            Key::Sign('.') => return self.go_by(true, false),
            _ => {}
        }
        if repeated {
            return;
        }
        match key {
            Key::Space => self.toggle_playing(),
            Key::Home => self.go_to(0),
            Key::End => self.go_to(u32::MAX),
            Key::Sign('+' | '=') => self.speed = (self.speed + 1).min(SPEEDS.len() - 1),
            Key::Sign('-' | '_') => self.speed = self.speed.saturating_sub(1),
            Key::Sign('l') => self.is_looping = !self.is_looping,
            Key::Sign(digit @ '1'..='9') => self.look(digit as usize - '1' as usize),
            Key::Tab if shift => self.look((self.view + self.episode.views.len() - 1) % self.episode.views.len()),
            Key::Tab => self.look((self.view + 1) % self.episode.views.len()),
            Key::Sign('f') => self.toggle_free_camera(),
            Key::Sign('n') | Key::Down => self.ask(true),
            Key::Sign('p') | Key::Up => self.ask(false),
            Key::Sign('h' | '?') => self.shows_help = !self.shows_help,
            Key::Escape | Key::Sign('q') => self.is_closing = true,
            _ => {}
        }
    }

    /// A key was let go.
    pub fn release(&mut self, key: Key) {
        if let Some(camera) = &mut self.free_camera {
            camera.hold(key, false);
        }
    }

    /// The window is no longer the one that gets the keys.
    pub fn lose_focus(&mut self) {
        self.drag = None;
        if let Some(camera) = &mut self.free_camera {
            camera.let_go();
        }
    }

    /// The window was closed from outside.
    pub fn close(&mut self) {
        self.is_closing = true;
    }

    /// The pointer is at `to`, pixels of the window.
    pub(crate) fn point(&mut self, to: [f32; 2], places: &Places) {
        let [right, down] = [to[0] - self.pointer[0], to[1] - self.pointer[1]];
        self.pointer = to;
        match self.drag {
            Some(Drag::Timeline) => self.go_to(places.step_at(to[0], self.episode.last_step())),
            Some(Drag::Look) => {
                if let Some(camera) = &mut self.free_camera {
                    camera.turn(right / places.unit, down / places.unit);
                }
            }
            None => {}
        }
    }

    /// The pointer's first button was pressed where the pointer is, or let go.
    pub(crate) fn click(&mut self, is_pressed: bool, places: &Places) {
        self.drag = None;
        if !is_pressed {
            return;
        }
        if places.is_on_button(self.pointer) {
            self.toggle_playing();
        } else if places.is_on_timeline(self.pointer) {
            self.drag = Some(Drag::Timeline);
            self.go_to(places.step_at(self.pointer[0], self.episode.last_step()));
        } else if places.is_on_picture(self.pointer) && self.free_camera.is_some() {
            self.drag = Some(Drag::Look);
        }
    }
}

#[cfg(test)]
mod tests;
