//! The clustered form of McNemar's test: between equal agents, the difference within an episode is as likely to have the
//! other sign. All questions of an episode change their sign together, so that they need not be independent.
//!
//! With few episodes that differ, signs are changed in all ways or in many random ones; with many, the normal form of the
//! same, z = Σ d / √Σ d², which is Obuchowski's test (1998) and, with weights, that of the mean over templates.

use groundling_interface::derive;
use rand::Rng;

use super::distribution::normal_p_value;

/// Up to so many episodes that differ, all changes of sign are tried.
const MOST_TRIED: usize = 12;
/// From so many episodes on the normal form is taken.
const FEWEST_FOR_NORMAL: usize = 40;
/// Random changes of sign between the two.
const NUM_DRAWN: u32 = 10_000;

/// Probability, between equal agents, of a sum of differences at least as far from 0; `differences` has one an episode.
pub(super) fn sign_flip(differences: &[f64]) -> f64 {
    let differing: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    let sum = differing.iter().sum::<f64>().abs();
    if differing.len() >= FEWEST_FOR_NORMAL {
        return normal_p_value(sum / differing.iter().map(|d| d * d).sum::<f64>().sqrt());
    }
    // What is equal but for rounding counts as at least as far.
    let bound = sum - 1e-9 * differing.iter().map(|d| d.abs()).sum::<f64>();
    let is_as_far = |signs: u64| {
        let flipped = differing.iter().enumerate().map(|(i, d)| if signs >> i & 1 == 1 { -d } else { *d });
        flipped.sum::<f64>().abs() >= bound
    };
    if differing.len() <= MOST_TRIED {
        let num = 1_u64 << differing.len();
        return (0..num).filter(|&signs| is_as_far(signs)).count() as f64 / num as f64;
    }
    let mut generator = derive(0, "report/sign flips", &[differing.len() as u64]);
    let found = (0..NUM_DRAWN).filter(|_| is_as_far(generator.next_u64())).count();
    // The signs that were found count as one of those drawn: p is never 0.
    (found as f64 + 1.0) / (f64::from(NUM_DRAWN) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::mcnemar::mcnemar;
    use super::*;

    fn differences(num_up: usize, num_down: usize) -> Vec<f64> {
        [vec![0.1; num_up], vec![-0.1; num_down], vec![0.0; 50]].concat()
    }

    #[test]
    fn with_one_question_an_episode_it_is_mcnemars_test() {
        // All ways.
        assert!((sign_flip(&differences(1, 7)) - mcnemar(1, 7).p_value).abs() < 1e-9);
        assert_eq!(sign_flip(&[]), 1.0);
        // Drawn ways: 6 of 24 has p = 0.0227 by the binomial distribution.
        let drawn = sign_flip(&differences(6, 18));
        assert!((drawn - mcnemar(6, 18).p_value).abs() < 0.005, "{drawn}");
        // The normal form, here McNemar's z = (150 - 86) / sqrt(236).
        let normal = sign_flip(&differences(150, 86));
        assert!((normal - 3.1e-5).abs() < 2e-6, "{normal}");
    }

    #[test]
    fn an_episode_counts_once_however_many_questions_it_has() {
        // Three episodes of twenty discordant questions each are three episodes: p = 2 / 8.
        assert_eq!(sign_flip(&[20.0, 20.0, 20.0]), 0.25);
    }
}
