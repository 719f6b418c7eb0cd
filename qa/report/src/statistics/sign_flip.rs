//! The clustered form of McNemar's test: between equal agents, the difference within an episode is as likely to have the
//! other sign. All questions of an episode change their sign together, so that they need not be independent.
//!
//! With few episodes that differ, all ways of exchanging signs are tried; with many, the normal form of the same is taken,
//! z = Σ d / √Σ d², which is Obuchowski's test (1998) and, with weights, that of the mean over templates.

use super::distribution::normal_p_value;

/// Up to so many episodes that differ, all ways are tried.
const MOST_TRIED: u32 = 16;

/// Probability, between equal agents, of a sum of differences at least as far from 0; `differences` has one an episode.
pub(super) fn sign_flip(differences: &[f64]) -> f64 {
    let mut differing: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    let sum = differing.iter().sum::<f64>();
    if differing.len() > MOST_TRIED as usize {
        return normal_p_value(sum / differing.iter().map(|d| d * d).sum::<f64>().sqrt());
    }
    // What is equal but for rounding counts as at least as far.
    let bound = sum.abs() - 1e-9 * differing.iter().map(|d| d.abs()).sum::<f64>();
    let num_ways = 1_u64 << differing.len();
    let mut flipped = sum;
    let mut num_as_far = 0_u64;
    for way in 1..=num_ways {
        num_as_far += u64::from(flipped.abs() >= bound);
        // In the order of a Gray code each way differs from the last in one sign.
        if let Some(changed) = differing.get_mut(way.trailing_zeros() as usize) {
            flipped -= 2.0 * *changed;
            *changed = -*changed;
        }
    }
    num_as_far as f64 / num_ways as f64
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
        for (up, down) in [(1, 7), (3, 13), (5, 5), (0, 16)] {
            assert!((sign_flip(&differences(up, down)) - mcnemar(up as u64, down as u64).p_value).abs() < 1e-9);
        }
        assert_eq!(sign_flip(&[]), 1.0);
        // The normal form, here McNemar's z = (150 - 86) / sqrt(236).
        let normal = sign_flip(&differences(150, 86));
        assert!((normal - 3.1e-5).abs() < 2e-6, "{normal}");
    }

    #[test]
    fn an_episode_counts_once_however_many_questions_it_has() {
        // Three episodes of twenty discordant questions each are three episodes: p = 2 / 8.
        assert_eq!(sign_flip(&[20.0, 20.0, 20.0]), 0.25);
        // Of +2, +1 and −1, six of eight ways have a sum of 2 or more to either side.
        assert_eq!(sign_flip(&[2.0, 1.0, -1.0]), 0.75);
    }
}
