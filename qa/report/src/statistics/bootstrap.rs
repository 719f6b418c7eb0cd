//! The cluster bootstrap: episodes are drawn with replacement, each with all its questions.

use groundling_interface::derive;
use rand::Rng;

use super::interval::{Estimate, Interval, wilson_of_share};

/// Resamples an interval is read from; its ends then move by less than a tenth of its width from seed to seed.
pub(super) const NUM_RESAMPLES: usize = 2_000;

/// The sum of the values of some questions (1 or 0 for right and wrong, or a difference of these), and their number.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) sum: i64,
    pub(super) num: u64,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.sum += other.sum;
        self.num += other.num;
    }

    fn ratio(self) -> Option<f64> {
        (self.num > 0).then(|| self.sum as f64 / self.num as f64)
    }
}

/// What values the questions have, which decides the interval where resampling has nothing to vary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// 0 or 1.
    Share,
    /// −1, 0 or 1.
    Difference,
}

/// Estimates for each group of questions, and for the mean over the groups that have any.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupEstimates {
    pub(super) groups: Vec<Option<Estimate>>,
    pub(super) mean: Option<Estimate>,
}

/// `clusters[episode][group]`; every inner vector has `num_groups` entries.
pub(super) fn estimate(
    clusters: &[Vec<Tally>],
    num_groups: usize,
    values: Values,
    num_resamples: usize,
) -> GroupEstimates {
    let total = sum_of(clusters.iter(), num_groups);
    let mut resampled: Vec<Vec<f64>> = vec![Vec::new(); num_groups];
    let mut resampled_means = Vec::new();
    // One episode drawn again and again says nothing of how episodes differ.
    if clusters.len() > 1 {
        let mut generator = derive(0, "report/bootstrap", &[clusters.len() as u64]);
        for _ in 0..num_resamples {
            let drawn = (0..clusters.len()).map(|_| {
                // The product of two numbers below 2^32 fits; the bias of at most 2^-32 per episode is no matter.
                let index = (u64::from(generator.next_u32()) * clusters.len() as u64) >> 32;
                &clusters[index as usize]
            });
            let tallies = sum_of(drawn, num_groups);
            for (ratios, tally) in resampled.iter_mut().zip(&tallies) {
                ratios.extend(tally.ratio());
            }
            resampled_means.extend(mean_ratio(&tallies));
        }
    }
    let groups = (0..num_groups)
        .map(|group| {
            let value = total[group].ratio()?;
            let num_episodes = clusters.iter().filter(|tallies| tallies[group].num > 0).count() as u64;
            let interval = interval(value, &mut resampled[group], num_episodes, values);
            Some(Estimate { value, interval, num_questions: total[group].num, num_episodes })
        })
        .collect();
    let mean = mean_ratio(&total).map(|value| {
        let num_episodes = clusters.iter().filter(|tallies| tallies.iter().any(|tally| tally.num > 0)).count() as u64;
        let interval = interval(value, &mut resampled_means, num_episodes, values);
        Estimate { value, interval, num_questions: total.iter().map(|tally| tally.num).sum(), num_episodes }
    });
    GroupEstimates { groups, mean }
}

fn sum_of<'a>(clusters: impl Iterator<Item = &'a Vec<Tally>>, num_groups: usize) -> Vec<Tally> {
    let mut total = vec![Tally::default(); num_groups];
    for tallies in clusters {
        for (sum, tally) in total.iter_mut().zip(tallies) {
            sum.add(*tally);
        }
    }
    total
}

fn mean_ratio(tallies: &[Tally]) -> Option<f64> {
    let ratios: Vec<f64> = tallies.iter().filter_map(|tally| tally.ratio()).collect();
    (!ratios.is_empty()).then(|| ratios.iter().sum::<f64>() / ratios.len() as f64)
}

fn interval(value: f64, resampled: &mut [f64], num_episodes: u64, values: Values) -> Interval {
    resampled.sort_by(f64::total_cmp);
    if let (Some(low), Some(high)) = (quantile(resampled, 0.025), quantile(resampled, 0.975))
        && num_episodes > 1
        && low < high
    {
        return Interval { low, high };
    }
    match values {
        Values::Share => wilson_of_share(value, num_episodes),
        // The rule of three: what never happened in n episodes happens in fewer than 3 / n of them, at 95 %.
        Values::Difference => {
            let reach = 3.0 / num_episodes as f64;
            Interval { low: (value - reach).max(-1.0), high: (value + reach).min(1.0) }
        }
    }
}

/// The `share` quantile of `sorted`, interpolated.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)?) as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_handful() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5), Some(3.0));
        assert_eq!(quantile(&[1.0, 2.0], 0.25), Some(1.25));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn values_and_means_by_hand() {
        // Group 0: 3 of 4 right; group 1: 1 of 2; the third has no question and does not enter the mean.
        let tally = |sum, num| Tally { sum, num };
        let clusters = vec![vec![tally(1, 2), tally(1, 1), tally(0, 0)], vec![tally(2, 2), tally(0, 1), tally(0, 0)]];
        let estimates = estimate(&clusters, 3, Values::Share, 100);
        assert_eq!(estimates.groups[0].unwrap().value, 0.75);
        assert_eq!(estimates.groups[1].unwrap().value, 0.5);
        assert_eq!(estimates.groups[2], None);
        let mean = estimates.mean.unwrap();
        assert_eq!((mean.value, mean.num_questions, mean.num_episodes), (0.625, 6, 2));
    }

    #[test]
    fn nothing_to_vary_falls_back_to_a_formula() {
        let all_right = vec![vec![Tally { sum: 1, num: 1 }]; 10];
        let interval = estimate(&all_right, 1, Values::Share, 100).groups[0].unwrap().interval;
        assert!((interval.low - 0.7225).abs() < 1e-4 && interval.high == 1.0, "{interval:?}");
        let same = vec![vec![Tally { sum: 0, num: 1 }]; 100];
        let interval = estimate(&same, 1, Values::Difference, 100).groups[0].unwrap().interval;
        assert!((interval.low + 0.03).abs() < 1e-9 && (interval.high - 0.03).abs() < 1e-9, "{interval:?}");
        let one_episode = vec![vec![Tally { sum: 5, num: 10 }]];
        let interval = estimate(&one_episode, 1, Values::Share, 100).groups[0].unwrap().interval;
        assert!(interval.low < 0.1 && interval.high > 0.9, "one episode was taken for ten: {interval:?}");
        assert_eq!(estimate(&[], 2, Values::Share, 100), GroupEstimates { groups: vec![None, None], mean: None });
    }

    /// Episodes share a difficulty, so that their questions hang together; the interval must still hold the truth in
    /// about 95 of 100 repetitions, where one that took questions for independent would hold it in about 80.
    #[test]
    fn intervals_cover_the_truth_when_questions_of_a_room_hang_together() {
        let num_repetitions = 400;
        let (mut covered, mut covered_naively) = (0, 0);
        for repetition in 0..num_repetitions {
            let mut generator = derive(1, "test/coverage", &[repetition]);
            let mut uniform = || f64::from(generator.next_u32()) / f64::from(u32::MAX);
            let clusters: Vec<Vec<Tally>> = (0..80)
                .map(|_| {
                    let difficulty = if uniform() < 0.5 { 0.25 } else { 0.85 };
                    let sum = (0..6).filter(|_| uniform() < difficulty).count() as i64;
                    vec![Tally { sum, num: 6 }]
                })
                .collect();
            let estimate = estimate(&clusters, 1, Values::Share, 300).groups[0].unwrap();
            covered += usize::from(estimate.interval.contains(0.55));
            let naive = wilson_of_share(estimate.value, estimate.num_questions);
            covered_naively += usize::from(naive.contains(0.55));
        }
        let share = |covered: usize| covered as f64 / num_repetitions as f64;
        assert!((0.915..0.98).contains(&share(covered)), "covers {}", share(covered));
        assert!(share(covered_naively) < 0.85, "the questions did not hang together: {}", share(covered_naively));
    }
}
