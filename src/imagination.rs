//! Figures of what an agent imagined for the frames to come, beside what came.

use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_film::{Canvas, Picture, Rect, TextSize, TextStyle};
use groundling_impala::{AgentBlueprint, BeliefObserver, ObservedStep, PlayError, PlaySetup, play};
use groundling_interface::{Action, derive};
use groundling_nn::NamedValues;
use groundling_report::Figure;
use tch::Device;

use crate::config::Config;
use crate::examples::episode_seeds;
use crate::failure::wrong_input;
use crate::rooms::RoomMaker;
use crate::trained::TrainedRun;

/// Episodes shown.
const NUM_EPISODES: usize = 4;
/// Frames ahead that are shown; 0 is the present one.
const OFFSETS: [usize; 6] = [0, 1, 2, 4, 6, 8];
/// Width of one shown frame, pixels.
const CELL: i32 = 128;
const GAP: i32 = 6;
const LABEL: i32 = 100;
const BACKGROUND: [u8; 3] = [255, 255, 255];
const INK: [u8; 3] = [40, 40, 48];

/// One step of a watched episode.
struct Seen {
    rgb: Vec<u8>,
    belief: FrozenBelief,
    action: Option<Action>,
}

type Watched = Arc<Mutex<Vec<Vec<Seen>>>>;

/// Keeps the steps of each episode's window, no others: episodes can be long.
struct Watcher {
    watched: Watched,
    window: Range<u32>,
}

impl BeliefObserver for Watcher {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        if !self.window.contains(&step.step) {
            return;
        }
        let rgb = step.time_step.observation.rgb.clone();
        let seen = Seen { rgb, belief: (step.belief)(), action: step.action };
        if let Some(episode) = self.watched.lock().unwrap_or_else(PoisonError::into_inner).get_mut(step.room) {
            episode.push(seen);
        }
    }
}

/// What the agent of a finished run imagines. None when its loss predicts no pixels.
pub(crate) fn figure(run: &TrainedRun) -> Result<Option<Figure>> {
    let place = run.directory.path().display();
    let drawn = draw(&run.config, &run.blueprint, &run.checkpoint.agent, &AtomicBool::new(false));
    let canvas = drawn.map_err(|error| match error.downcast::<PlayError>() {
        Ok(error @ PlayError::Misfit(_)) => wrong_input(format!("{place}: {error}")),
        Ok(error) => error.into(),
        Err(error) => error,
    })?;
    let caption =
        "Rooms never trained in. Above, what came; below, what the agent imagined, now and so many steps ahead, from \
                   its belief at two thirds of the episode and the actions alone."
            .to_string();
    canvas.map(|canvas| Ok(Figure { png: canvas.to_png()?, caption, run: run.name.clone() })).transpose()
}

/// Plays a few rooms the agent was never trained in and draws, for each, frames from two thirds of the episode on:
/// above what came, below what the agent with these parameters imagined from its belief and the actions alone. None when
/// its loss predicts no pixels. `stop` ends it early, as `PlayError::Interrupted`.
pub(crate) fn draw(
    config: &Config,
    blueprint: &AgentBlueprint,
    values: &NamedValues,
    stop: &AtomicBool,
) -> Result<Option<Canvas>> {
    let agent = blueprint.build(Device::Cpu)?;
    agent.set_values(values).map_err(PlayError::Misfit)?;
    let start = config.task.episode_steps * 2 / 3;
    let window = start..start + OFFSETS[OFFSETS.len() - 1] as u32 + 1;
    let mut generator = derive(config.seed, "imagination", &[]);
    if agent.imagine(&agent.zero_state(1).freeze(0), &[], &mut generator).is_none() {
        return Ok(None);
    }
    let seeds = episode_seeds(config, "imagined", NUM_EPISODES);
    let watched: Watched = Arc::new(Mutex::new(seeds.iter().map(|_| Vec::new()).collect()));
    let rooms = RoomMaker::new(config.world());
    play(&PlaySetup {
        blueprint,
        values: Some(values),
        exploring: config.training.exploring,
        seed: config.seed,
        episode_seeds: &seeds,
        num_threads: 1,
        rooms_per_thread: NUM_EPISODES,
        seats: &|room| rooms.seat(room),
        observers: &|_| Box::new(Watcher { watched: Arc::clone(&watched), window: window.clone() }),
        stop,
    })?;
    let watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
    let spec = agent.spec();
    let height = CELL * spec.height as i32 / spec.width as i32;
    let row = 2 * height + 3 * GAP;
    let width = LABEL + OFFSETS.len() as i32 * (CELL + GAP);
    let style = TextStyle { size: TextSize::Small, bold: false, color: INK };
    let top = style.line_height() + GAP;
    let mut canvas = Canvas::new(width as usize, (top + NUM_EPISODES as i32 * row) as usize, BACKGROUND)?;
    for (index, offset) in OFFSETS.iter().enumerate() {
        let label = if *offset == 0 { "now".to_string() } else { format!("+{offset}") };
        canvas.text(LABEL + index as i32 * (CELL + GAP), 2, &label, style);
    }
    for (index, episode) in watched.iter().enumerate() {
        let Some(now) = episode.first() else { continue };
        let before_last = &episode[..episode.len() - 1];
        let actions: Vec<Action> = before_last.iter().filter_map(|seen| seen.action).collect();
        let Some(imagined) = agent.imagine(&now.belief, &actions, &mut generator) else { return Ok(None) };
        let y = top + index as i32 * row;
        canvas.text(0, y + height / 2 - 8, "what came", style);
        canvas.text(0, y + height + GAP + height / 2 - 8, "imagined", style);
        for (column, offset) in OFFSETS.into_iter().enumerate() {
            let pictures = [episode.get(offset).map(|seen| &seen.rgb), imagined.get(offset)];
            for (line, rgb) in pictures.into_iter().enumerate() {
                let Some(rgb) = rgb else { continue };
                let picture = Picture::new(spec.width, spec.height, rgb)?;
                let x = LABEL + column as i32 * (CELL + GAP);
                let place = Rect { x, y: y + line as i32 * (height + GAP), width: CELL, height };
                canvas.draw_picture(picture, place);
            }
        }
    }
    Ok(Some(canvas))
}
