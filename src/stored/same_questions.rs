//! Whether two files ask the same questions, so that agents may be compared on them.

use std::collections::BTreeMap;

use groundling_probe::ProbeExample;
use groundling_questions::SplitPart;

use crate::probing::AskedOf;

/// The first question that two files have in different words or with different answers, or that none of the test is in
/// both; nothing if they ask the same. One may lack questions of the other: those that had no one right answer any more.
pub(super) fn difference(one: &AskedOf, other: &AskedOf) -> Option<String> {
    for part in SplitPart::ALL {
        let known: BTreeMap<(u64, u32), &ProbeExample> =
            one.at_the_end.of(part).iter().map(|example| ((example.episode, example.number), example)).collect();
        let mut num_shared = 0;
        for there in other.at_the_end.of(part) {
            let Some(here) = known.get(&(there.episode, there.number)) else { continue };
            num_shared += 1;
            let same = here.question.tokens == there.question.tokens
                && here.question.template == there.question.template
                && here.question.answer == there.question.answer;
            if !same {
                let (number, episode) = (there.number, there.episode);
                return Some(format!("question {number} of {part} episode {episode}"));
            }
        }
        if num_shared == 0 && part == SplitPart::Test {
            return Some("every question of the test".into());
        }
    }
    None
}
