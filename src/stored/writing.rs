//! What was asked of an agent, as a file of stored beliefs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use groundling_probe::{EpisodeBeliefs, ProbeExample};
use groundling_questions::SplitPart;
use groundling_stored::{Asking, Existing, StoredError, StoredHeader, StoredWriter, Written};

use crate::failure::wrong_input;
use crate::probing::AskedOf;

/// A question of an episode, and what it counts for.
struct Marked<'a> {
    example: &'a ProbeExample,
    headline: bool,
    timeline: bool,
}

/// One episode: its beliefs, and its questions by (step, number).
struct Episode<'a> {
    beliefs: &'a Arc<EpisodeBeliefs>,
    questions: BTreeMap<(usize, u32), Marked<'a>>,
}

/// Writes all that was asked. Episodes of the parts are numbered one after the other, as the header then says.
pub(super) fn write(path: &Path, mut header: StoredHeader, asked: &AskedOf, existing: Existing) -> Result<Written> {
    let parts = SplitPart::ALL.map(|part| (part, episodes(part, asked)));
    let mut first = 0;
    for (place, (_, episodes)) in header.first_episodes.iter_mut().zip(&parts) {
        *place = first;
        first += episodes.keys().last().map_or(0, |last| last + 1);
    }
    let mut writer = StoredWriter::create(path, &header, existing).map_err(failure)?;
    for ((part, episodes), first) in parts.iter().zip(header.first_episodes) {
        for (number, episode) in episodes {
            let steps = episode.beliefs.steps().iter().zip(episode.beliefs.beliefs()).enumerate();
            for (at, (step, belief)) in steps {
                let questions = episode.questions.range((at, 0)..=(at, u32::MAX)).map(|((_, number), marked)| Asking {
                    number: *number,
                    question: &marked.example.question,
                    headline: marked.headline,
                    timeline: marked.timeline,
                });
                writer.write_step((*part, first + number, *step), belief, questions).map_err(failure)?;
            }
        }
    }
    writer.finish().map_err(failure)
}

/// The exit code of a file of stored beliefs that could not be read or written: the system's failures are nobody's input.
pub(super) fn failure(error: StoredError) -> anyhow::Error {
    match error {
        StoredError::Unreadable { ref source, .. } if source.kind() != std::io::ErrorKind::NotFound => error.into(),
        StoredError::Unwritable { .. } | StoredError::Unfit { .. } => error.into(),
        _ => wrong_input(error),
    }
}

fn episodes(part: SplitPart, asked: &AskedOf) -> BTreeMap<u64, Episode<'_>> {
    let mut episodes: BTreeMap<u64, Episode<'_>> = BTreeMap::new();
    for (examples, is_headline) in [(&asked.at_the_end, true), (&asked.over_time, false)] {
        for example in examples.of(part) {
            let episode = episodes
                .entry(example.episode)
                .or_insert_with(|| Episode { beliefs: &example.beliefs, questions: BTreeMap::new() });
            let marked = episode.questions.entry((example.at, example.number)).or_insert(Marked {
                example,
                headline: false,
                timeline: false,
            });
            marked.headline |= is_headline;
            marked.timeline |= !is_headline;
        }
    }
    episodes
}
