//! The few tails and quantiles of distributions that intervals and tests need.

use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::erf::erfc;
use statrs::function::gamma::ln_gamma;

/// The 97.5 % point of the normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// Above so many degrees of freedom Student's t is the normal distribution to five digits.
const MANY: f64 = 1e5;

/// The 97.5 % point of Student's t with `freedom` degrees of freedom; a freedom below 1 counts as 1.
pub(super) fn t_quantile(freedom: f64) -> f64 {
    student(freedom).map_or(Z, |t| t.inverse_cdf(0.975))
}

/// Probability that Student's t lies at least as far from 0 as `t`, to either side.
pub(super) fn t_p_value(t: f64, freedom: f64) -> f64 {
    student(freedom).map_or_else(|| normal_p_value(t), |student| (2.0 * student.sf(t.abs())).min(1.0))
}

/// Probability that a standard normal number lies at least as far from 0 as `z`, to either side.
pub(super) fn normal_p_value(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

fn student(freedom: f64) -> Option<StudentsT> {
    (freedom < MANY).then(|| StudentsT::new(0.0, 1.0, freedom.max(1.0)).ok()).flatten()
}

/// Probability of exactly `num_heads` heads in `num` throws of a fair coin.
pub(super) fn fair_coin(num_heads: u64, num: u64) -> f64 {
    let ln_factorial = |n: u64| ln_gamma(n as f64 + 1.0);
    let tails = num.saturating_sub(num_heads);
    (ln_factorial(num) - ln_factorial(num_heads) - ln_factorial(tails) - num as f64 * std::f64::consts::LN_2).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-4 * expected.abs().max(0.1), "{found} is not {expected}");
    }

    #[test]
    fn quantiles_and_tails_are_those_of_the_tables() {
        for (freedom, quantile) in [(1.0, 12.706), (2.0, 4.303), (4.0, 2.776), (30.0, 2.042), (1e3, 1.962), (1e9, Z)] {
            close(t_quantile(freedom), quantile);
            close(t_p_value(quantile, freedom), 0.05);
        }
        close(t_quantile(0.2), 12.706);
        // Between whole degrees of freedom lie the values between.
        assert!((2.776..3.182).contains(&t_quantile(3.4)));
        close(normal_p_value(-2.576), 0.01);
        assert_eq!(t_p_value(0.0, 5.0), 1.0);
    }

    #[test]
    fn coins() {
        close(fair_coin(2, 4), 0.375);
        close(fair_coin(0, 10), 1.0 / 1024.0);
        close((0..=2_000).map(|heads| fair_coin(heads, 2_000)).sum(), 1.0);
    }
}
