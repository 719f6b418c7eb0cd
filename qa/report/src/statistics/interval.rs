//! An estimate with its interval, and Wilson's interval for a share.

use serde::Serialize;

use super::distribution::Z;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies within.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Wilson's interval of `right` of `num` independent trials; none without trials.
    pub fn of_share(right: u64, num: u64) -> Option<Self> {
        (num > 0).then(|| wilson(right as f64 / num as f64, num as f64, Z))
    }
}

/// An accuracy, or a difference of two, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The share of right answers in [0, 1], or a difference of shares in [−1, 1]; the mean over seeds where there are
    /// several.
    pub value: f64,
    /// Its 95 % interval: over episodes where there is one seed, over seeds and episodes where there are several.
    pub interval: Interval,
    /// Questions each seed was asked; the fewest where they differ.
    pub num_questions: u64,
    /// Episodes those questions are from.
    pub num_episodes: u64,
    /// Seeds; for a difference, of the side that has more.
    pub num_seeds: u64,
}

/// Wilson's 95 % interval of a share that is known as well as from `num` independent trials, `num` above 0 and not
/// necessarily whole; `quantile` is the 97.5 % point of the normal distribution, or of Student's t.
///
/// Wilson 1927, and Dean and Pagano 2015 for the effective number of trials of a clustered sample. Unlike the textbook
/// formula it never leaves [0, 1], and it has a width when every trial agrees.
pub(super) fn wilson(share: f64, num: f64, quantile: f64) -> Interval {
    // A mean of shares that are all 1 can come out above it by rounding.
    let share = share.clamp(0.0, 1.0);
    let spread = quantile * quantile / num;
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let half = quantile / (1.0 + spread) * (share * (1.0 - share) / num + spread / (4.0 * num)).sqrt();
    // The bounds keep rounding from shutting out 0, 1 and the share itself.
    Interval { low: (middle - half).clamp(0.0, share), high: (middle + half).clamp(share, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_the_numbers_of_the_books() {
        // 8 of 10 and 0 of 10, as in Newcombe 1998 and every table of it.
        let close = |interval: Interval, low: f64, high: f64| {
            assert!((interval.low - low).abs() < 5e-5 && (interval.high - high).abs() < 5e-5, "{interval:?}");
        };
        close(wilson(0.8, 10.0, Z), 0.4902, 0.9433);
        assert_eq!(Interval::of_share(8, 10), Some(wilson(0.8, 10.0, Z)));
        assert_eq!(Interval::of_share(0, 0), None);
        close(wilson(0.0, 10.0, Z), 0.0, 0.2775);
        close(wilson(81.0 / 263.0, 263.0, Z), 0.2553, 0.3662);
        assert_eq!(wilson(1.0, 10.0, Z).high, 1.0);
        // Nine ninths add up to a little more than 1.
        assert_eq!(wilson((0..9).map(|_| 1.0 / 9.0).sum::<f64>() + f64::EPSILON, 10.0, Z).high, 1.0);
    }
}
