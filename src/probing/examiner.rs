//! Looks on while episodes are played: freezes beliefs and asks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use groundling_impala::{BeliefObserver, ObservedStep};
use groundling_interface::StepKind;
use groundling_probe::{EpisodeBeliefs, ProbeExample, facts_belief};
use groundling_questions::{Domain, Question, QuestionMaker};

use super::schedule::Schedule;
use crate::progress::ProgressLine;
use crate::rooms::RoomMaker;
use crate::split::SplitPart;

/// What is asked in the episodes of one part, and of whom.
pub(super) struct Exam {
    pub(super) part: SplitPart,
    pub(super) maker: Arc<QuestionMaker>,
    /// Questions of each template, at most.
    pub(super) draws: usize,
    pub(super) schedule: Schedule,
    /// Where given, the facts themselves stand in the place of a belief.
    pub(super) facts_of: Option<Domain>,
    /// Whether it is also kept what the encoder made of the last frame alone.
    pub(super) keeps_last_frame: bool,
}

/// What an episode gave.
#[derive(Debug, Clone, Default)]
pub(super) struct Examined {
    /// The questions that hold at its last step, asked there.
    pub(super) at_the_end: Vec<ProbeExample>,
    /// Questions at steps of the schedule at which they hold.
    pub(super) over_time: Vec<ProbeExample>,
    /// The questions at the last step, with what the encoder made of the last frame in the place of the belief.
    pub(super) last_frame: Vec<ProbeExample>,
    /// Questions about the room as placed that have no right answer, or another one, at the last step.
    pub(super) num_dropped: u64,
}

/// Where finished episodes go, by their number.
pub(super) type Collected = Arc<Mutex<Vec<Examined>>>;

/// Examines the rooms of one playing thread.
pub(super) struct Examiner {
    exam: Arc<Exam>,
    rooms: RoomMaker,
    num_rooms: usize,
    collected: Collected,
    progress: Arc<Mutex<ProgressLine>>,
    of_episodes: u64,
    running: BTreeMap<usize, Running>,
}

/// An episode that is under way.
struct Running {
    episode: usize,
    asked: Vec<Asked>,
    beliefs: Option<EpisodeBeliefs>,
    /// Number and index of the belief of each question that was asked before the end.
    over_time: Vec<(u32, usize, Question)>,
}

/// A question about the room as placed, and when it is asked before the end.
struct Asked {
    number: u32,
    question: Question,
    steps: Vec<u32>,
}

impl Examiner {
    /// `num_rooms` of all threads together; `of_episodes` is what the progress line counts to.
    pub(super) fn new(
        exam: Arc<Exam>,
        rooms: RoomMaker,
        num_rooms: usize,
        collected: Collected,
        progress: Arc<Mutex<ProgressLine>>,
        of_episodes: u64,
    ) -> Self {
        Self { exam, rooms, num_rooms, collected, progress, of_episodes, running: BTreeMap::new() }
    }

    /// The questions about a room as placed.
    fn begin(&self, step: &ObservedStep<'_>) -> Option<Running> {
        let facts = self.rooms.privileged(step.room)?.facts();
        let episode = step.room + step.episode as usize * self.num_rooms;
        let asked = (0..).zip(self.exam.maker.ask(&facts, self.exam.draws)).map(|(number, question)| {
            let steps = self.exam.schedule.steps_of(self.exam.part, episode, number);
            Asked { number, question, steps }
        });
        Some(Running { episode, asked: asked.collect(), beliefs: None, over_time: Vec::new() })
    }
}

impl BeliefObserver for Examiner {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        if step.time_step.kind == StepKind::First {
            let Some(running) = self.begin(step) else { return };
            self.running.insert(step.room, running);
        }
        let Some(running) = self.running.get_mut(&step.room) else { return };
        let is_last = step.time_step.kind.is_last();
        let is_asked = running.asked.iter().any(|asked| asked.steps.contains(&step.step));
        if !is_last && !is_asked && !self.exam.schedule.keeps(step.step) {
            return;
        }
        let Some(facts) = self.rooms.privileged(step.room).map(|privileged| privileged.facts()) else { return };
        let belief = match &self.exam.facts_of {
            Some(domain) => facts_belief(&facts, domain),
            None => (step.belief)(),
        };
        let at = match &mut running.beliefs {
            Some(beliefs) => beliefs.push(step.step, belief),
            none => {
                *none = Some(EpisodeBeliefs::of_step(step.step, belief));
                0
            }
        };
        let features = step.features.filter(|_| is_last && self.exam.keeps_last_frame).map(|features| features());
        let mut at_the_end = Vec::new();
        for Asked { number, question, steps } in &running.asked {
            let is_asked = steps.contains(&step.step);
            if !is_last && !is_asked {
                continue;
            }
            let Some(question) = self.exam.maker.again(question, &facts) else { continue };
            if is_asked {
                running.over_time.push((*number, at, question.clone()));
            }
            if is_last {
                at_the_end.push((*number, at, question));
            }
        }
        if is_last
            && let Some(Running { episode, asked, beliefs: Some(beliefs), over_time }) = self.running.remove(&step.room)
        {
            let beliefs = Arc::new(beliefs);
            let examples = |asked: Vec<(u32, usize, Question)>| {
                let example = |(number, at, question)| {
                    let (episode, beliefs) = (episode as u64, Arc::clone(&beliefs));
                    ProbeExample { episode, number, beliefs, at, question }
                };
                asked.into_iter().map(example).collect::<Vec<_>>()
            };
            let last_frame = features.map(|features| Arc::new(EpisodeBeliefs::of_step(step.step, features)));
            let (num_dropped, at_the_end) = ((asked.len() - at_the_end.len()) as u64, examples(at_the_end));
            let last_frame = last_frame.map_or_else(Vec::new, |beliefs| {
                let seen =
                    |example: &ProbeExample| ProbeExample { beliefs: Arc::clone(&beliefs), at: 0, ..example.clone() };
                at_the_end.iter().map(seen).collect()
            });
            let examined = Examined { at_the_end, over_time: examples(over_time), last_frame, num_dropped };
            if let Some(place) = self.collected.lock().unwrap_or_else(PoisonError::into_inner).get_mut(episode) {
                *place = examined;
            }
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            progress.add(self.of_episodes, || "episodes".into());
        }
    }
}
