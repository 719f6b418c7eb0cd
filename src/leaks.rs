//! That nothing of a test was trained on, shown on the rooms and questions themselves.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use groundling_impala::training_episode_seed;
use groundling_questions::{
    CheckedPart, LeakFreeParts, LeakReport, QuestionMaker, QuestionSet, QuestionSetSource, RoomRecord, TrainedEpisode,
    check_leaks,
};
use groundling_room::{Color, HeldOut, Shape};

use crate::config::Config;
use crate::failure::wrong_input;
use crate::progress::ProgressLine;
use crate::split::SplitPart;
use crate::trained::TrainedRun;

/// The rooms and questions of one part.
pub(crate) struct PartData {
    /// What messages call it.
    name: String,
    set: QuestionSet,
    rooms: Vec<RoomRecord>,
}

impl PartData {
    /// Draws the rooms of `source` and asks of them; `maker` is that of the source.
    fn make(name: String, source: QuestionSetSource, maker: &QuestionMaker) -> Result<Self> {
        let total = source.num_rooms;
        let mut progress = ProgressLine::new(format!("looking for leaks of {name}"));
        let mut rooms = Vec::new();
        let mut each_room = |spec: &_| {
            rooms.push(RoomRecord::of(spec));
            progress.add(total, || "rooms".into());
        };
        let set = QuestionSet::make(source, maker, &mut each_room).map_err(wrong_input)?;
        progress.finish();
        Ok(Self { name, set, rooms })
    }

    /// Draws the rooms of a set.
    pub(crate) fn of_set(name: String, set: QuestionSet) -> Result<Self> {
        let total = set.source().num_rooms;
        let mut progress = ProgressLine::new(format!("drawing the rooms of {name}"));
        let rooms = (0..total).map(|index| {
            progress.add(total, || "rooms".into());
            set.source().room(index).map(|spec| RoomRecord::of(&spec))
        });
        let rooms = rooms.collect::<Result<Vec<_>, _>>().map_err(wrong_input)?;
        progress.finish();
        Ok(Self { name, set, rooms })
    }
}

/// Parts of an evaluation that were found to leak nothing into each other, to be held against agents' trainings.
pub(crate) struct LeakCheck {
    leak_free: LeakFreeParts,
    /// The parts' names.
    name: String,
    held_out: BTreeSet<(Shape, Color)>,
}

impl LeakCheck {
    /// Checks parts against each other.
    pub(crate) fn of(parts: &[PartData]) -> Result<Self> {
        let checked = parts.iter().map(|part| CheckedPart { name: &part.name, set: &part.set, rooms: &part.rooms });
        let leak_free =
            check_leaks(&checked.collect::<Vec<_>>()).map_err(|leak| wrong_input(format!("a leak: {leak}")))?;
        let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
        let held_out = parts.first().map(|part| part.set.source().room.held_out_pairs()).unwrap_or_default();
        Ok(Self { leak_free, name: names.join(", "), held_out })
    }

    /// Checks all rooms and questions of an evaluation; `makers` are those of its parts.
    pub(crate) fn of_evaluation(config: &Config, makers: &[Arc<QuestionMaker>; 3]) -> Result<Self> {
        let parts = SplitPart::ALL.into_iter().zip(makers).map(|(part, maker)| {
            let source = config.question_set_source(part, config.num_episodes(part));
            PartData::make(part.name().into(), source, maker)
        });
        Self::of(&parts.collect::<Result<Vec<_>>>()?)
    }

    /// Checks that a run's agent was trained in none of these rooms, up to its checkpoint, and that it never met a pair
    /// that is held out. How many episodes it was trained in.
    pub(crate) fn check_run(&self, run: &TrainedRun) -> Result<usize> {
        let (name, room) = (&run.name, &run.config.room);
        let never_met = if room.held_out == HeldOut::Absent { room.held_out_pairs() } else { BTreeSet::new() };
        if let Some((shape, color)) = self.held_out.difference(&never_met).next() {
            return Err(wrong_input(format!(
                "a leak: the agent of {name} was trained in rooms that may hold a {color} {shape}, which {} hold out",
                self.name
            )));
        }
        let places = run.checkpoint.cursors.iter().enumerate();
        let episodes = places.flat_map(|(room, cursor)| (0..=cursor.episode).map(move |episode| (room, episode)));
        let trained = episodes.map(|(room, episode)| {
            let seed = training_episode_seed(run.config.seed, room, episode);
            TrainedEpisode { seed, room, episode }
        });
        let checked = self.leak_free.check_training(trained);
        checked.map_err(|leak| wrong_input(format!("a leak into the training of {name}: {leak}")))
    }

    /// What was looked at.
    pub(crate) fn report(&self) -> &LeakReport {
        self.leak_free.report()
    }
}
