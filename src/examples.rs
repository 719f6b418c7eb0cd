//! Examples for a probe: a frozen agent plays, and is asked at the last step of each episode.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_impala::{AgentBlueprint, BeliefObserver, ObservedStep, PlaySetup, play};
use groundling_interface::derive_seed;
use groundling_nn::NamedValues;
use groundling_probe::{ProbeExample, facts_belief};
use groundling_questions::{Domain, QuestionMaker};

use crate::config::Config;
use crate::progress::ProgressLine;
use crate::rooms::RoomMaker;

/// The splits of an evaluation: what the probe learns from, what ends its learning, what it is scored on.
pub(crate) const SPLITS: [&str; 3] = ["probe training", "probe validation", "probe test"];

/// Whose belief is frozen.
pub(crate) enum Believer<'a> {
    /// This agent with these parameters.
    Trained(&'a AgentBlueprint, &'a NamedValues),
    /// The agent of the configuration as it is before any training.
    Untrained,
    /// The facts themselves, in the place of a belief.
    Facts,
}

/// The three sets of examples of one believer.
pub(crate) struct Examples {
    pub(crate) train: Vec<ProbeExample>,
    pub(crate) validation: Vec<ProbeExample>,
    pub(crate) test: Vec<ProbeExample>,
}

/// The makers of the questions that a configuration asks for, the same in every command.
pub(crate) fn question_maker(config: &Config) -> Result<QuestionMaker> {
    let seed = derive_seed(config.evaluation.seed, "questions", &[]);
    QuestionMaker::new(&config.room, &config.questions, seed).map_err(crate::failure::wrong_input)
}

/// The seed of a split of rooms, such as `probe test`; none is that of another, nor of training.
pub(crate) fn split_seed(config: &Config, split: &str) -> u64 {
    derive_seed(config.evaluation.seed, split, &[])
}

/// Seeds of the episodes of one split.
pub(crate) fn episode_seeds(config: &Config, split: &str, num_episodes: usize) -> Vec<u64> {
    let seed = split_seed(config, split);
    (0..num_episodes as u64).map(|i| derive_seed(seed, "episode", &[i])).collect()
}

/// Plays all episodes of the evaluation and asks at each one's end.
pub(crate) fn collect(
    config: &Config,
    maker: &Arc<QuestionMaker>,
    believer: &Believer<'_>,
    name: &str,
    stop: &AtomicBool,
) -> Result<Examples> {
    let evaluation = &config.evaluation;
    let sizes = [evaluation.train_episodes, evaluation.validation_episodes, evaluation.test_episodes];
    let seeds: Vec<u64> =
        SPLITS.iter().zip(sizes).flat_map(|(split, size)| episode_seeds(config, split, size)).collect();
    let num_rooms = evaluation.threads * evaluation.rooms_per_thread;
    let collected: Arc<Mutex<Vec<Vec<ProbeExample>>>> = Arc::new(Mutex::new(vec![Vec::new(); seeds.len()]));
    let rooms = RoomMaker::new(config.world());
    let progress = Arc::new(Mutex::new(ProgressLine::new(format!("playing {name}"))));
    let observers = |_| -> Box<dyn BeliefObserver> {
        Box::new(AskAtTheEnd {
            maker: Arc::clone(maker),
            draws: config.questions.last_step_draws,
            rooms: rooms.clone(),
            facts_of: matches!(believer, Believer::Facts).then(|| Domain::from(&config.room)),
            num_rooms,
            num_episodes: seeds.len(),
            collected: Arc::clone(&collected),
            progress: Arc::clone(&progress),
        })
    };
    let own = config.blueprint()?;
    let (blueprint, values) = match believer {
        Believer::Trained(blueprint, values) => (*blueprint, Some(*values)),
        Believer::Untrained | Believer::Facts => (&own, None),
    };
    play(&PlaySetup {
        blueprint,
        values,
        exploring: config.training.exploring,
        seed: config.evaluation.seed,
        episode_seeds: &seeds,
        num_threads: evaluation.threads,
        rooms_per_thread: evaluation.rooms_per_thread,
        seats: &|room| rooms.seat(room),
        observers: &observers,
        stop,
    })?;
    progress.lock().unwrap_or_else(PoisonError::into_inner).finish();
    let mut episodes = std::mem::take(&mut *collected.lock().unwrap_or_else(PoisonError::into_inner)).into_iter();
    let mut next = |size: usize| episodes.by_ref().take(size).flatten().collect();
    Ok(Examples { train: next(sizes[0]), validation: next(sizes[1]), test: next(sizes[2]) })
}

/// Freezes the belief at an episode's last step, and asks about the room as it is then.
struct AskAtTheEnd {
    maker: Arc<QuestionMaker>,
    draws: usize,
    rooms: RoomMaker,
    facts_of: Option<Domain>,
    num_rooms: usize,
    num_episodes: usize,
    collected: Arc<Mutex<Vec<Vec<ProbeExample>>>>,
    progress: Arc<Mutex<ProgressLine>>,
}

impl BeliefObserver for AskAtTheEnd {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        if !step.time_step.kind.is_last() {
            return;
        }
        let Some(privileged) = self.rooms.privileged(step.room) else { return };
        let facts = privileged.facts();
        let questions = self.maker.ask(&facts, self.draws);
        let belief: FrozenBelief = match &self.facts_of {
            Some(domain) => facts_belief(&facts, domain),
            None => (step.belief)(),
        };
        let episode = step.room + step.episode as usize * self.num_rooms;
        let examples = ProbeExample::of_step(episode as u64, 0, step.step, belief, questions);
        if let Some(place) = self.collected.lock().unwrap_or_else(PoisonError::into_inner).get_mut(episode) {
            *place = examples;
        }
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.add(self.num_episodes as u64, || "episodes".into());
    }
}
