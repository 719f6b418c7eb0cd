//! Figures of what an agent imagined for the frames to come, beside what came.

use std::ops::Range;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_film::{Canvas, Picture, Rect, TextSize, TextStyle};
use groundling_impala::{AgentBlueprint, BeliefObserver, ObservedStep, PlayError, PlaySetup, play};
use groundling_interface::{Action, derive};
use groundling_model::Agent;
use groundling_nn::NamedValues;
use groundling_report::Figure;
use rand_chacha::ChaCha8Rng;
use tch::Device;

use crate::config::Config;
use crate::examples::episode_seeds;
use crate::failure::wrong_input;
use crate::rooms::RoomMaker;
use crate::trained::TrainedRun;

/// Episodes shown.
const NUM_EPISODES: usize = 4;
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
        "Rooms never trained in. Above, what came; below, what the agent imagined, now and so many steps ahead, \
                   from its belief late in the episode and the actions alone: two draws where its decoder is a \
                   distribution over frames."
            .to_string();
    canvas.map(|canvas| Ok(Figure { png: canvas.to_png()?, caption, run: run.name.clone() })).transpose()
}

/// The steps of an episode that are shown: from two thirds of it on, or earlier where the longest prediction takes more
/// than a third, but not from its first third, of which there is little to know.
fn window(episode_steps: u32, overshoot: usize) -> Range<u32> {
    let overshoot = u32::try_from(overshoot).unwrap_or(u32::MAX);
    let start = episode_steps.saturating_sub(overshoot).clamp(episode_steps / 3, episode_steps * 2 / 3);
    start..start + overshoot.min(episode_steps - start) + 1
}

/// Frames ahead that are shown of `num_frames`: the present one, powers of two, and the last.
fn offsets(num_frames: usize) -> Vec<usize> {
    let last = num_frames.saturating_sub(1);
    let doubling = std::iter::successors(Some(1usize), |offset| offset.checked_mul(2));
    let mut offsets: Vec<usize> = std::iter::once(0).chain(doubling.take_while(|&offset| offset < last)).collect();
    if last > 0 {
        offsets.push(last);
    }
    offsets
}

/// Frames of one episode, step by step.
type Frames = Vec<Vec<u8>>;

/// One episode in the figure: rows of frames, each with its label.
type Story = Vec<(&'static str, Frames)>;

/// Plays a few rooms the agent was never trained in and draws, for each, frames from late in the episode: above what
/// came, below what the agent with these parameters imagined from its belief and the actions alone, as far ahead as it
/// was trained to; twice where its decoder leaves something to chance. None when its loss predicts no pixels. `stop` ends
/// it early, as `PlayError::Interrupted`.
pub(crate) fn draw(
    config: &Config,
    blueprint: &AgentBlueprint,
    values: &NamedValues,
    stop: &AtomicBool,
) -> Result<Option<Canvas>> {
    let agent = blueprint.build(Device::Cpu)?;
    agent.set_values(values).map_err(PlayError::Misfit)?;
    let mut generator = derive(config.seed, "imagination", &[]);
    if agent.imagine(&agent.zero_state(1).freeze(0), &[], &mut generator).is_none() {
        return Ok(None);
    }
    let overshoot = blueprint.predictive.longest_prediction().map_or(0, |(_, steps)| steps);
    let window = window(config.task.episode_steps, overshoot);
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
    let stories = watched.iter().filter_map(|episode| story(&agent, episode, &mut generator)).collect::<Vec<_>>();
    let spec = agent.spec();
    table(&stories, &offsets(window.len()), [spec.width, spec.height]).map(Some)
}

/// What came in an episode, and what was imagined at its first step. None of an episode that was over before.
fn story(agent: &Agent, episode: &[Seen], generator: &mut ChaCha8Rng) -> Option<Story> {
    let (now, later) = (episode.first()?, episode.len() - 1);
    let actions: Vec<Action> = episode[..later].iter().filter_map(|seen| seen.action).collect();
    let came = episode.iter().map(|seen| seen.rgb.clone()).collect();
    let imagined = agent.imagine(&now.belief, &actions, generator)?;
    let again = agent.imagine(&now.belief, &actions, generator)?;
    let drawn = again != imagined;
    let mut story = vec![("what came", came), ("imagined", imagined)];
    if drawn {
        story.push(("once more", again));
    }
    Some(story)
}

/// The figure: a block of rows an episode, a column an offset.
fn table(stories: &[Story], offsets: &[usize], [width, height]: [usize; 2]) -> Result<Canvas> {
    let cell_height = CELL * height as i32 / width as i32;
    let block = |story: &Story| story.len() as i32 * (cell_height + GAP) + GAP;
    let style = TextStyle { size: TextSize::SMALL, bold: false, color: INK };
    let mut y = style.line_height() + GAP;
    let whole = [LABEL + offsets.len() as i32 * (CELL + GAP), y + stories.iter().map(block).sum::<i32>()];
    let mut canvas = Canvas::new(whole[0] as usize, whole[1] as usize, BACKGROUND)?;
    let column = |index: usize| LABEL + index as i32 * (CELL + GAP);
    for (index, offset) in offsets.iter().enumerate() {
        let label = if *offset == 0 { "now".to_string() } else { format!("+{offset}") };
        canvas.text(column(index), 2, &label, style);
    }
    for story in stories {
        for (line, (label, frames)) in story.iter().enumerate() {
            let top = y + line as i32 * (cell_height + GAP);
            canvas.text(0, top + (cell_height - style.line_height()) / 2, label, style);
            for (index, offset) in offsets.iter().enumerate() {
                // An episode that ended early has no frames there.
                let Some(rgb) = frames.get(*offset) else { continue };
                let place = Rect { x: column(index), y: top, width: CELL, height: cell_height };
                canvas.draw_picture(Picture::new(width, height, rgb)?, place);
            }
        }
        y += block(story);
    }
    Ok(canvas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_double_up_to_the_last_frame() {
        assert_eq!(offsets(1), [0]);
        assert_eq!(offsets(2), [0, 1]);
        assert_eq!(offsets(9), [0, 1, 2, 4, 8]);
        assert_eq!(offsets(25), [0, 1, 2, 4, 8, 16, 24]);
        assert_eq!(offsets(61), [0, 1, 2, 4, 8, 16, 32, 60]);
        assert_eq!(offsets(0), [0]);
    }

    #[test]
    fn the_window_is_as_long_as_the_overshoot_where_the_episode_allows() {
        assert_eq!(window(48, 0), 32..33);
        assert_eq!(window(48, 8), 32..41);
        assert_eq!(window(48, 24), 24..49);
        assert_eq!(window(48, 60), 16..49);
        assert_eq!(window(900, 60), 600..661);
        assert_eq!(window(1, 60), 0..2);
        assert_eq!(window(0, usize::MAX), 0..1);
    }

    #[test]
    fn a_short_episode_leaves_its_places_empty() {
        let frames = |num: usize| vec![vec![0u8; 6]; num];
        let story: Story = vec![("what came", frames(2)), ("imagined", frames(5))];
        let canvas = table(&[story], &[0, 1, 4], [2, 1]).unwrap();
        let row = |y: usize| &canvas.rgb()[y * canvas.width() * 3..(y + 1) * canvas.width() * 3];
        let pixel = |x: i32, y: usize| row(y)[x as usize * 3];
        let top = canvas.height() - 2 * (CELL as usize / 2 + GAP as usize) - GAP as usize + 10;
        let x = |column: i32| LABEL + column * (CELL + GAP) + CELL / 2;
        assert_eq!([pixel(x(0), top), pixel(x(1), top), pixel(x(2), top)], [0, 0, 255]);
        let below = top + CELL as usize / 2 + GAP as usize;
        assert_eq!([pixel(x(0), below), pixel(x(1), below), pixel(x(2), below)], [0, 0, 0]);
    }
}
