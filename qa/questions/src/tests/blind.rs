//! Whoever reads only the question: the strongest of several predictors that are trained on one set of questions and
//! scored on another.

use std::collections::BTreeMap;

/// The words of a question and its answer.
pub(super) type Asked = (Vec<u16>, u16);

/// Adds to each answer how well it fits the words.
type Scoring<'a> = dyn Fn(&[u16], &mut BTreeMap<u16, f64>) + 'a;

/// Accuracies on the second set of predictors trained on the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlindAccuracies {
    /// Always the commonest answer.
    pub(super) majority: f64,
    /// The best of: the commonest answer overall, given all words, given each word, given each two words; naive Bayes
    /// over single words, and over single words and pairs.
    pub(super) best: f64,
}

/// How often each answer was met with what is seen of a question: with the words in some places.
struct Counts {
    places: Vec<usize>,
    met: BTreeMap<Vec<Option<u16>>, BTreeMap<u16, f64>>,
}

impl Counts {
    fn of(places: Vec<usize>, asked: &[Asked]) -> Self {
        let mut counts = Self { places, met: BTreeMap::new() };
        for (words, answer) in asked {
            let seen = counts.seen(words);
            *counts.met.entry(seen).or_default().entry(*answer).or_default() += 1.0;
        }
        counts
    }

    fn seen(&self, words: &[u16]) -> Vec<Option<u16>> {
        self.places.iter().map(|&place| words.get(place).copied()).collect()
    }

    fn add_scores(&self, words: &[u16], scores: &mut BTreeMap<u16, f64>, term: impl Fn(u16, f64) -> f64) {
        let met = self.met.get(&self.seen(words));
        for (answer, score) in scores {
            *score += term(*answer, met.and_then(|met| met.get(answer)).copied().unwrap_or(0.0));
        }
    }
}

/// Nothing; all places where words differ from question to question; each of those; each two of them.
fn views(asked: &[Asked]) -> Vec<Vec<usize>> {
    let length = asked.iter().map(|(words, _)| words.len()).max().unwrap_or(0);
    let varies = |&place: &usize| asked.iter().any(|(words, _)| words.get(place) != asked[0].0.get(place));
    let places: Vec<usize> = (0..length).filter(varies).collect();
    let mut views = vec![Vec::new()];
    views.extend(places.iter().map(|&place| vec![place]));
    let pairs = places.iter().flat_map(|&one| places.iter().map(move |&other| vec![one, other]));
    views.extend(pairs.filter(|pair| pair[0] < pair[1]));
    if places.len() > 2 {
        views.push(places);
    }
    views
}

pub(super) fn blind_accuracies(known: &[Asked], unknown: &[Asked]) -> BlindAccuracies {
    let counts: Vec<Counts> = views(known).into_iter().map(|places| Counts::of(places, known)).collect();
    let prior: BTreeMap<u16, f64> = counts[0].met.values().flatten().map(|(answer, met)| (*answer, *met)).collect();
    let accuracy = |add_scores: &Scoring<'_>| {
        let is_right = |(words, answer): &&Asked| {
            // What was never met is decided by the commonest answer, as are ties.
            let mut scores = prior.iter().map(|(answer, met)| (*answer, 1e-9 * met)).collect();
            add_scores(words, &mut scores);
            scores.iter().max_by(|a, b| a.1.total_cmp(b.1)).is_some_and(|(guess, _)| guess == answer)
        };
        unknown.iter().filter(is_right).count() as f64 / unknown.len() as f64
    };
    let commonest = |counts: &Counts| accuracy(&|words, scores| counts.add_scores(words, scores, |_, met| met));
    let naive_bayes = |most_places: usize| {
        let used: Vec<&Counts> = counts.iter().filter(|c| (1..=most_places).contains(&c.places.len())).collect();
        accuracy(&|words, scores| {
            scores.iter_mut().for_each(|(answer, score)| *score += prior[answer].ln());
            for counts in &used {
                let kinds = counts.met.len() as f64;
                counts.add_scores(words, scores, |answer, met| ((met + 1.0) / (prior[&answer] + kinds)).ln());
            }
        })
    };
    let majority = commonest(&counts[0]);
    let best = counts[1..].iter().map(commonest).chain([naive_bayes(1), naive_bayes(2)]).fold(majority, f64::max);
    BlindAccuracies { majority, best }
}
