//! A question as asked: what the probe is given, what it should answer, and what the answer rests on.

use groundling_room::{ObjectFacts, WorldFacts};
use serde::{Deserialize, Serialize};

use crate::template::Support;

/// One question at one step of one episode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Index of its template in [`QuestionVocabulary::templates`](crate::QuestionVocabulary::templates).
    pub template: u16,
    /// As one would ask it, for people.
    pub text: String,
    /// As the probe reads it: indices of [`QuestionVocabulary::tokens`](crate::QuestionVocabulary::tokens).
    pub tokens: Vec<u16>,
    /// What stands in its slots, in order: names of colours and shapes.
    pub arguments: Vec<String>,
    /// The right answer: index of [`QuestionVocabulary::answers`](crate::QuestionVocabulary::answers).
    pub answer: u16,
    /// What the answer rests on, and how that was seen.
    pub evidence: Evidence,
}

/// The objects an answer rests on, and how the agent had seen them when the question was asked.
///
/// That something is absent, and how many there are, rests on every object of the room: seen when all were seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Indices into the facts' objects.
    pub objects: Vec<u16>,
    /// Whether enough of them were seen, by at least one pixel, to know the answer.
    pub seen: bool,
    /// Whether enough of them are in view now.
    pub in_view: bool,
    /// Steps since that was last so of each: 0 when in view now, of several needed the one longest out of view.
    /// `None` when never seen.
    pub steps_since_seen: Option<u32>,
    /// The most pixels that showed it in any step: of several needed the smallest.
    pub most_pixels: u32,
}

impl Evidence {
    pub(crate) fn new(support: &Support, facts: &WorldFacts) -> Self {
        let (indices, all) = (support.indices(facts.objects.len()), !matches!(support, Support::AnyOf(_)));
        let objects: Vec<&ObjectFacts> = indices.iter().filter_map(|&index| facts.objects.get(index)).collect();
        let gaps: Vec<u32> =
            objects.iter().filter_map(|o| o.last_seen.map(|last| facts.step.saturating_sub(last))).collect();
        let pixels = objects.iter().map(|object| object.most_pixels);
        let in_view = |object: &&ObjectFacts| object.pixels_now > 0;
        let (seen, in_view, steps_since_seen, most_pixels) = match all {
            true => (gaps.len() == objects.len(), objects.iter().all(in_view), gaps.iter().max(), pixels.min()),
            false => (!gaps.is_empty(), objects.iter().any(in_view), gaps.iter().min(), pixels.max()),
        };
        Self {
            objects: indices.iter().filter_map(|&index| u16::try_from(index).ok()).collect(),
            seen,
            in_view,
            steps_since_seen: steps_since_seen.copied().filter(|_| seen),
            most_pixels: most_pixels.unwrap_or(0),
        }
    }
}
