//! Controls that need no training of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use groundling_interface::derive;
use groundling_report::Outcome;
use rand::RngExt;

use crate::example::{Answered, EpisodeBeliefs, ProbeExample, outcomes};

/// The outcomes of always giving the commonest answer that `train` has for a question's template; of several equally
/// common ones, or of none, the first of the vocabulary.
pub fn majority_outcomes(train: &[ProbeExample], test: &[ProbeExample]) -> Vec<Outcome> {
    let mut counts: BTreeMap<u16, BTreeMap<u16, u64>> = BTreeMap::new();
    for example in train {
        *counts.entry(example.question.template).or_default().entry(example.question.answer).or_default() += 1;
    }
    let commonest = |counts: &BTreeMap<u16, u64>| counts.iter().rev().max_by_key(|(_, count)| **count).map(|(a, _)| *a);
    let answered: Vec<Answered> = test
        .iter()
        .map(|example| {
            let predicted = counts.get(&example.question.template).and_then(commonest).unwrap_or(0);
            let correct = predicted == example.question.answer;
            let probability = f32::from(u8::from(correct));
            Answered { predicted, correct, probability, confidence: 1.0 }
        })
        .collect();
    outcomes(test, &answered)
}

/// The same questions, each with the last belief of another episode: episodes are put on a random ring, and each
/// gets its neighbour's. With one episode only there is no other, and nothing changes.
pub fn with_other_beliefs(examples: &[ProbeExample], seed: u64) -> Vec<ProbeExample> {
    let mut last_beliefs: BTreeMap<u64, (Arc<EpisodeBeliefs>, usize)> = BTreeMap::new();
    for example in examples {
        last_beliefs.insert(example.episode, (Arc::clone(&example.beliefs), example.at));
    }
    let mut ring: Vec<u64> = last_beliefs.keys().copied().collect();
    let mut generator = derive(seed, "other beliefs", &[]);
    for end in (1..ring.len()).rev() {
        ring.swap(end, generator.random_range(0..=end));
    }
    let neighbours: BTreeMap<u64, u64> = ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)).collect();
    let exchange = |example: &ProbeExample| {
        let neighbour = neighbours.get(&example.episode).and_then(|episode| last_beliefs.get(episode));
        let (beliefs, at) = neighbour.map_or((&example.beliefs, example.at), |(beliefs, at)| (beliefs, *at));
        ProbeExample { beliefs: Arc::clone(beliefs), at, ..example.clone() }
    };
    examples.iter().map(exchange).collect()
}
