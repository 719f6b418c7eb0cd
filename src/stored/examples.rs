//! The examples of a file, as playing and asking would have given them.

use std::sync::Arc;

use groundling_probe::{EpisodeBeliefs, ProbeExample};
use groundling_questions::SplitPart;
use groundling_stored::{StoredBeliefs, StoredEpisode};

use crate::probing::{AskedOf, Examples};

/// What the file asks, without what it says of itself.
pub(super) fn asked_of(stored: &mut StoredBeliefs) -> AskedOf {
    let mut asked = AskedOf { num_dropped: stored.header.num_dropped, ..AskedOf::default() };
    for episode in std::mem::take(&mut stored.episodes) {
        let (part, first) = (episode.split, first_episode(stored, episode.split));
        for (in_headline, example) in examples(episode, first) {
            let set = if in_headline { &mut asked.at_the_end } else { &mut asked.over_time };
            set.of_mut(part).push(example);
        }
    }
    // A curve needs a decoder that has learnt from the course of episodes, and something to be scored on.
    let Examples { train, validation, test } = &asked.over_time;
    if train.is_empty() || validation.is_empty() || test.is_empty() {
        asked.over_time = Examples::default();
    }
    asked
}

/// What the file's own numbers of a part begin with.
pub(super) fn first_episode(stored: &StoredBeliefs, part: SplitPart) -> u64 {
    let place = SplitPart::ALL.iter().position(|other| *other == part);
    place.and_then(|place| stored.header.first_episodes.get(place)).copied().unwrap_or(0)
}

/// Every example of an episode, and whether it is one of the headline; what counts for both comes twice.
fn examples(episode: StoredEpisode, first_episode: u64) -> Vec<(bool, ProbeExample)> {
    let mut beliefs: Option<EpisodeBeliefs> = None;
    for (step, belief) in episode.beliefs {
        match &mut beliefs {
            None => beliefs = Some(EpisodeBeliefs::of_step(step, belief)),
            Some(beliefs) => drop(beliefs.push(step, belief)),
        }
    }
    let Some(beliefs) = beliefs.map(Arc::new) else { return Vec::new() };
    // Whoever writes numbers below what the file says of itself keeps them as they are.
    let number_of_episode = episode.episode.checked_sub(first_episode).unwrap_or(episode.episode);
    let mut examples = Vec::new();
    for asked in episode.questions {
        let example = ProbeExample {
            episode: number_of_episode,
            number: asked.number,
            beliefs: Arc::clone(&beliefs),
            at: asked.at,
            question: asked.question,
        };
        if asked.headline && asked.timeline {
            examples.push((true, example.clone()));
            examples.push((false, example));
        } else if asked.headline || asked.timeline {
            examples.push((asked.headline, example));
        }
    }
    examples
}
