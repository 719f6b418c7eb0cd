//! That nothing of a test was trained on, shown on the rooms and questions themselves.

use anyhow::Result;
use groundling_impala::training_episode_seed;
use groundling_questions::{CheckedPart, LeakFreeParts, QuestionSet, RoomRecord, TrainedEpisode, check_leaks};
use groundling_room::HeldOut;

use crate::failure::wrong_input;
use crate::progress::ProgressLine;
use crate::trained::TrainedRun;

/// The rooms and questions of one part.
pub(crate) struct PartData {
    /// What messages call it.
    pub(crate) name: String,
    pub(crate) set: QuestionSet,
    pub(crate) rooms: Vec<RoomRecord>,
}

impl PartData {
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

/// Checks parts against each other.
pub(crate) fn check_parts(parts: &[PartData]) -> Result<LeakFreeParts> {
    let parts: Vec<CheckedPart<'_>> =
        parts.iter().map(|part| CheckedPart { name: &part.name, set: &part.set, rooms: &part.rooms }).collect();
    check_leaks(&parts).map_err(|leak| wrong_input(format!("a leak: {leak}")))
}

/// Checks that a run's agent was trained in none of the rooms of these parts, up to its checkpoint, and that it never met
/// a pair that they hold out.
pub(crate) fn check_run(leak_free: &mut LeakFreeParts, parts: &[PartData], run: &TrainedRun) -> Result<()> {
    let (name, room) = (&run.name, &run.config.room);
    let held_out = parts.first().map(|part| part.set.source().room.held_out_pairs()).unwrap_or_default();
    let met = if room.held_out == HeldOut::Absent { room.held_out_pairs() } else { Default::default() };
    if let Some((shape, color)) = held_out.difference(&met).next() {
        let pair = format!("{color} {shape}");
        return Err(wrong_input(format!(
            "a leak: the agent of {name} was trained in rooms that may hold a {pair}, which {} holds out",
            parts[0].name
        )));
    }
    let places = run.checkpoint.cursors.iter().enumerate();
    let episodes = places.flat_map(|(room, cursor)| (0..=cursor.episode).map(move |episode| (room, episode)));
    let seed = run.config.seed;
    let trained = episodes.map(|(room, episode)| {
        let seed = training_episode_seed(seed, room, episode);
        TrainedEpisode { seed, room, episode }
    });
    leak_free.check_training(trained).map_err(|leak| wrong_input(format!("a leak into {name}: {leak}")))
}
