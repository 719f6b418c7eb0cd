//! McNemar's test: of the questions that only one of two agents answered right, was it one of them more often than a coin
//! would have it?

use serde::Serialize;

use super::distribution::fair_coin;

/// From so many discordant questions on the mid-p form is taken, which is nearer its level than the exact one and, in the
/// comparisons of Fagerland, Lydersen and Laake (2013), hardly ever above it.
const FEWEST_FOR_MID_P: u64 = 25;

/// McNemar's test of two agents on the same questions. It takes questions for independent, which those about one room are
/// not: beside it stands a p-value that does not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct McNemar {
    /// Questions that only the first answered right.
    pub only_first: u64,
    /// Questions that only the second answered right.
    pub only_second: u64,
    /// Probability of a division at least as uneven between equal agents, to either side.
    pub p_value: f64,
    /// How it was worked out.
    pub method: McNemarMethod,
}

/// How a p-value of McNemar's test was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum McNemarMethod {
    /// The binomial distribution, for fewer than 25 discordant questions: never too small.
    Exact,
    /// The same, with half the probability of what was observed.
    MidP,
}

/// The test of so many questions that only the first, and only the second, answered right.
pub(super) fn mcnemar(only_first: u64, only_second: u64) -> McNemar {
    let num = only_first + only_second;
    let fewer = only_first.min(only_second);
    let method = if num < FEWEST_FOR_MID_P { McNemarMethod::Exact } else { McNemarMethod::MidP };
    let tail: f64 = (0..=fewer).map(|heads| fair_coin(heads, num)).sum();
    let observed = match method {
        McNemarMethod::Exact => 0.0,
        McNemarMethod::MidP => fair_coin(fewer, num),
    };
    McNemar { only_first, only_second, p_value: (2.0 * tail - observed).clamp(0.0, 1.0), method }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples() {
        // Fagerland, Lydersen and Laake 2013, table 1: airway hyper-responsiveness before and after transplantation,
        // 1 and 7 discordant pairs of 21; exact conditional p = 0.0703.
        let few = mcnemar(1, 7);
        assert!((few.p_value - 0.070_31).abs() < 5e-6 && few.method == McNemarMethod::Exact, "{few:?}");
        // Approval of a prime minister, Agresti 1990: 150 and 86 discordant of 1,600, z² = 17.36, p of about 3e-5.
        let many = mcnemar(150, 86);
        assert!((2.5e-5..3.6e-5).contains(&many.p_value) && many.method == McNemarMethod::MidP, "{many:?}");
        // The sides may be exchanged.
        assert_eq!(mcnemar(86, 150).p_value, many.p_value);
    }

    #[test]
    fn no_difference_and_no_questions() {
        assert_eq!([mcnemar(0, 0).p_value, mcnemar(5, 5).p_value], [1.0, 1.0]);
        assert!((mcnemar(50, 50).p_value - 1.0).abs() < 1e-9);
        assert!(mcnemar(0, 100_000).p_value < 1e-300);
    }
}
