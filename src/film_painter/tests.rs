//! Promised of films: frames of the steps that were asked for, and nothing made of another step's pictures.

use std::cell::Cell;
use std::rc::Rc;

use groundling_interface::{Action, Environment};
use groundling_sim::{CameraConfig, Imagination, Recording, Replay, RoomEnvironment, TaskConfig, WorldConfig};

use super::*;
use crate::moment::Moments;
use crate::painting::{PainterName, Shot};
use crate::scenes::{FilmStyle, View};

const NUM_ACTIONS: u16 = 9;

fn recording() -> Recording {
    let config = WorldConfig {
        camera: CameraConfig { width: 16, height: 12, ..CameraConfig::default() },
        task: TaskConfig { episode_steps: u32::from(NUM_ACTIONS), ..TaskConfig::default() },
        ..WorldConfig::default()
    };
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
    let first = environment.reset(4).unwrap();
    let mut recording = Recording::begin(config, 4, "walker", &first, &privileged);
    for index in 0..NUM_ACTIONS {
        let action = Action(1 + index % 5);
        let step = environment.step(action).unwrap();
        recording.push(action, &step, &privileged);
    }
    recording
}

/// The same with what was imagined at two of its steps.
fn imagining() -> Recording {
    let frames = |num_frames: usize| vec![vec![90; 16 * 12 * 3]; num_frames];
    let imagined = [(0, 4), (4, 6)].map(|(step, num_frames)| Imagination::new(step, &frames(num_frames)));
    Recording { imagined: imagined.into(), ..recording() }
}

/// Paints each shot in one colour, which tells its step; from `wrong_from` on it says that it is the step before.
struct Plain {
    depth: usize,
    wrong_from: u32,
    most_under_way: Rc<Cell<usize>>,
    waiting: VecDeque<Painted>,
}

impl ScenePainter for Plain {
    fn submit(&mut self, step: u32, shots: Vec<Shot>) -> Result<()> {
        let paint = |shot: &Shot| Canvas::new(shot.width, shot.height, [10 * step as u8; 3]).unwrap();
        let told = if step < self.wrong_from { step } else { step - 1 };
        self.waiting.push_back(Painted { step: told, canvases: shots.iter().map(paint).collect() });
        self.most_under_way.set(self.most_under_way.get().max(self.waiting.len()));
        Ok(())
    }

    fn receive(&mut self) -> Result<Option<Painted>> {
        Ok(self.waiting.pop_front())
    }

    fn depth(&self) -> usize {
        self.depth
    }

    fn describe(&self) -> String {
        "plain colours".into()
    }
}

fn style(view: View, size: Option<(usize, usize)>, warning: Option<&str>) -> FilmStyle {
    FilmStyle { view, size, viewpoint: None, question: None, warning: warning.map(str::to_owned) }
}

/// The frames of the steps from `from` on, as the command has them drawn.
fn frames(style: FilmStyle, painter: Box<dyn ScenePainter>, from: u32) -> Result<Vec<Canvas>> {
    frames_of(recording(), style, painter, from)
}

fn frames_of(
    recording: Recording,
    style: FilmStyle,
    mut painter: Box<dyn ScenePainter>,
    from: u32,
) -> Result<Vec<Canvas>> {
    let painter = painter.as_mut();
    let mut film = FilmPainter::new(Composition::new(&recording, style)?)?;
    let mut replay = Replay::new(recording)?;
    let (mut moments, mut frames) = (Moments::default(), Vec::new());
    for step in 0..=u32::from(NUM_ACTIONS) {
        let time_step = replay.advance()?.unwrap();
        let moment = moments.take(&time_step, replay.privileged());
        if step < from {
            film.pass(&moment);
            continue;
        }
        if film.is_full(painter) {
            frames.extend(film.finish(painter)?.cloned());
        }
        film.begin(painter, moment)?;
    }
    while let Some(frame) = film.finish(painter)? {
        frames.push(frame.clone());
    }
    Ok(frames)
}

fn cpu() -> Box<dyn ScenePainter> {
    PainterName::Cpu.open().unwrap()
}

#[test]
fn every_frame_is_made_of_its_own_steps_pictures_however_many_are_under_way() {
    for depth in [1, 2, 3, 20] {
        let most_under_way = Rc::new(Cell::new(0));
        let (most, waiting) = (Rc::clone(&most_under_way), VecDeque::new());
        let plain = Plain { depth, wrong_from: u32::MAX, most_under_way: most, waiting };
        let frames = frames(style(View::FirstPerson, None, None), Box::new(plain), 2).unwrap();
        let colors: Vec<u8> = frames.iter().map(|frame| frame.rgb()[0]).collect();
        assert_eq!(colors, [20, 30, 40, 50, 60, 70, 80, 90], "with {depth} under way");
        assert_eq!(most_under_way.get(), depth.min(8));
    }
}

#[test]
fn pictures_of_another_step_are_refused() {
    let plain = Plain { depth: 2, wrong_from: 5, most_under_way: Rc::default(), waiting: VecDeque::new() };
    let error = frames(style(View::Orbit, None, None), Box::new(plain), 0).unwrap_err().to_string();
    assert!(error.contains("step 5 was to be painted, and step 4 came"), "{error}");
}

#[test]
fn every_view_has_the_size_that_was_asked_for_and_its_own_without() {
    let usual = [
        (View::Story, (1280, 720)),
        (View::FirstPerson, (960, 720)),
        (View::TopDown, (720, 720)),
        (View::Orbit, (1280, 720)),
    ];
    for (view, own) in usual {
        let asked = [None, Some((641, 361)), Some((360, 640)), Some((1920, 1080))];
        for size in asked {
            let frames = frames(style(view, size, None), cpu(), 9).unwrap();
            let found: Vec<_> = frames.iter().map(|frame| (frame.width(), frame.height())).collect();
            assert_eq!(found, [size.unwrap_or(own)], "{view:?}");
        }
    }
}

#[test]
fn what_a_step_shows_does_not_depend_on_where_the_film_begins() {
    for view in [View::Story, View::TopDown, View::Orbit] {
        let (whole, end) = (frames(style(view, None, None), cpu(), 0), frames(style(view, None, None), cpu(), 9));
        assert!(whole.unwrap().pop() == end.unwrap().pop(), "{view:?}");
    }
}

#[test]
fn what_was_imagined_is_shown_in_stories_alone_wherever_the_film_begins() {
    let drawn = |recording, view, size, from| frames_of(recording, style(view, size, None), cpu(), from).unwrap();
    for size in [None, Some((640, 360)), Some((360, 640))] {
        let whole = drawn(imagining(), View::Story, size, 0);
        let plain = drawn(recording(), View::Story, size, 0);
        assert!(whole.iter().zip(&plain).all(|(with, without)| with != without), "{size:?}");
        assert!(whole[8..] == drawn(imagining(), View::Story, size, 8), "{size:?}");
    }
    for view in [View::FirstPerson, View::TopDown] {
        assert!(drawn(imagining(), view, None, 9) == drawn(recording(), view, None, 9), "{view:?}");
    }
}

#[test]
fn a_strip_is_that_of_its_step_however_many_are_under_way() {
    let drawn = |depth| {
        let most_under_way = Rc::default();
        let plain = Plain { depth, wrong_from: u32::MAX, most_under_way, waiting: VecDeque::new() };
        frames_of(imagining(), style(View::Story, None, None), Box::new(plain), 0).unwrap()
    };
    assert!(drawn(1) == drawn(4));
}

#[test]
fn a_warning_lies_across_every_frame_and_nothing_else_does() {
    let is_red = |pixel: &[u8]| pixel[0] > 150 && pixel[1] < 60 && pixel[2] < 60;
    for view in [View::Story, View::FirstPerson, View::TopDown, View::Orbit] {
        for (warning, share) in [(None, 0.0), (Some("NOT VERIFIED: differs from step 3"), 1.0)] {
            for frame in frames(style(view, None, warning), cpu(), 7).unwrap() {
                // A line of pixels above the letters.
                let row = &frame.rgb()[3 * 3 * frame.width()..4 * 3 * frame.width()];
                let red = row.chunks_exact(3).filter(|pixel| is_red(pixel)).count();
                assert_eq!(red as f32 / frame.width() as f32, share, "{view:?}");
            }
        }
    }
}
