//! An estimate with its interval, and Wilson's interval for a share.

use serde::Serialize;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether the two share a value.
    pub fn overlaps(&self, other: &Interval) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Whether `value` lies within.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// An accuracy, or a difference of two, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The share of right answers in [0, 1], or a difference of shares in [−1, 1].
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// Questions it is from.
    pub num_questions: u64,
    /// Episodes those questions are from.
    pub num_episodes: u64,
}

/// Wilson's 95 % interval of a share seen in `num` independent trials; `None` for no trials.
///
/// Wilson 1927; unlike the textbook formula it never leaves [0, 1], and it has a width when every trial agrees.
pub fn wilson(num_correct: u64, num: u64) -> Option<Interval> {
    (num > 0 && num_correct <= num).then(|| wilson_of_share(num_correct as f64 / num as f64, num))
}

/// The same from the share itself, which needs not be a multiple of 1 / `num`.
pub(super) fn wilson_of_share(share: f64, num: u64) -> Interval {
    let num = num as f64;
    let spread = Z * Z / num;
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let half = Z / (1.0 + spread) * (share * (1.0 - share) / num + spread / (4.0 * num)).sqrt();
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
        close(wilson(8, 10).unwrap(), 0.4902, 0.9433);
        close(wilson(0, 10).unwrap(), 0.0, 0.2775);
        close(wilson(81, 263).unwrap(), 0.2553, 0.3662);
        assert_eq!(wilson(10, 10).unwrap().high, 1.0);
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(2, 1), None);
    }

    #[test]
    fn intervals_that_touch_overlap() {
        let interval = |low, high| Interval { low, high };
        assert!(interval(0.1, 0.2).overlaps(&interval(0.2, 0.3)));
        assert!(!interval(0.1, 0.2).overlaps(&interval(0.21, 0.3)));
        assert!(!interval(0.21, 0.3).overlaps(&interval(0.1, 0.2)));
        assert!(interval(0.1, 0.2).contains(0.1) && !interval(0.1, 0.2).contains(0.3));
    }
}
