//! Examples for a probe: a frozen agent plays the rooms of every part and is asked.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use groundling_impala::{AgentBlueprint, BeliefObserver, Exploring, PlayError, PlaySetup, play};
use groundling_nn::NamedValues;
use groundling_questions::{Domain, QuestionMaker};

use super::Examples;
use super::examiner::{Collected, Exam, Examined, Examiner};
use super::schedule::Schedule;
use crate::config::Config;
use crate::examples::part_episode_seeds;
use crate::failure::{interrupted, wrong_input};
use crate::progress::ProgressLine;
use crate::rooms::RoomMaker;
use crate::split::SplitPart;

/// Whose belief is frozen.
pub(super) enum Believer<'a> {
    /// This agent with these parameters.
    Trained(&'a AgentBlueprint, &'a NamedValues),
    /// This agent as it is before any training.
    Untrained(&'a AgentBlueprint),
    /// The facts themselves, in the place of a belief; the scripted explorer goes about. So nothing of an agent is in them.
    Facts(&'a AgentBlueprint),
}

/// All that one believer was asked.
#[derive(Debug, Default)]
pub(crate) struct AskedOf {
    /// Questions at the last step of each episode.
    pub(crate) at_the_end: Examples,
    /// Questions at steps of the schedule, and of the test at all of them; empty where only the end is asked.
    pub(crate) over_time: Examples,
    /// The questions at the last step, with what the encoder made of the last frame alone; of a trained agent only.
    pub(crate) last_frame: Examples,
    /// Questions of the test that no longer had their one right answer at the end.
    pub(crate) num_dropped: u64,
}

/// Plays all episodes of an evaluation and asks. `makers` are those of the parts, in their order.
pub(super) fn ask(
    config: &Config,
    makers: &[Arc<QuestionMaker>; 3],
    schedule: &Schedule,
    believer: &Believer<'_>,
    name: &str,
    stop: &AtomicBool,
) -> Result<AskedOf> {
    let total: u64 = SplitPart::ALL.into_iter().map(|part| config.num_episodes(part)).sum();
    let progress = Arc::new(Mutex::new(ProgressLine::new(format!("playing {name}"))));
    let mut asked = AskedOf::default();
    for (part, maker) in SplitPart::ALL.into_iter().zip(makers) {
        let exam = Exam {
            part,
            maker: Arc::clone(maker),
            draws: config.questions.last_step_draws,
            schedule: schedule.clone(),
            keeps_last_frame: matches!(believer, Believer::Trained(..)),
            facts_of: matches!(believer, Believer::Facts(_)).then(|| Domain::from(&config.room_of(part))),
        };
        let examined = play_part(config, exam, believer, &progress, total, stop)?;
        for episode in examined {
            asked.at_the_end.of_mut(part).extend(episode.at_the_end);
            asked.over_time.of_mut(part).extend(episode.over_time);
            asked.last_frame.of_mut(part).extend(episode.last_frame);
            asked.num_dropped += if part == SplitPart::Test { episode.num_dropped } else { 0 };
        }
    }
    progress.lock().unwrap_or_else(PoisonError::into_inner).finish();
    Ok(asked)
}

/// What the episodes of one part gave, in their order.
fn play_part(
    config: &Config,
    exam: Exam,
    believer: &Believer<'_>,
    progress: &Arc<Mutex<ProgressLine>>,
    of_episodes: u64,
    stop: &AtomicBool,
) -> Result<Vec<Examined>> {
    let evaluation = &config.evaluation;
    let seeds = part_episode_seeds(config, exam.part);
    let num_rooms = evaluation.threads * evaluation.rooms_per_thread;
    let collected: Collected = Arc::new(Mutex::new(vec![Examined::default(); seeds.len()]));
    let rooms = RoomMaker::new(config.world_of(exam.part));
    let exam = Arc::new(exam);
    let observers = |_| -> Box<dyn BeliefObserver> {
        let (exam, collected, progress) = (Arc::clone(&exam), Arc::clone(&collected), Arc::clone(progress));
        Box::new(Examiner::new(exam, rooms.clone(), num_rooms, collected, progress, of_episodes))
    };
    let (blueprint, values, exploring) = match believer {
        Believer::Trained(blueprint, values) => (*blueprint, Some(*values), config.training.exploring),
        Believer::Untrained(blueprint) => (*blueprint, None, config.training.exploring),
        Believer::Facts(blueprint) => (*blueprint, None, Exploring::Scripted),
    };
    let played = play(&PlaySetup {
        blueprint,
        values,
        exploring,
        seed: evaluation.seed,
        episode_seeds: &seeds,
        num_threads: evaluation.threads,
        rooms_per_thread: evaluation.rooms_per_thread,
        seats: &|room| rooms.seat(room),
        observers: &observers,
        stop,
    });
    match played {
        Ok(()) => Ok(std::mem::take(&mut *collected.lock().unwrap_or_else(PoisonError::into_inner))),
        Err(PlayError::Interrupted) => Err(interrupted("interrupted; nothing of this measurement is kept")),
        Err(error @ PlayError::Misfit(_)) => Err(wrong_input(error)),
        Err(error) => Err(error.into()),
    }
}
