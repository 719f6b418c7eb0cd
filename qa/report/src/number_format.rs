//! Numbers as they are printed: percentages with one decimal, thousands apart, a true minus sign.

use crate::statistics::{Estimate, Interval};

const MINUS: char = '\u{2212}';

/// `value` with `decimals` decimals and a true minus, never "−0".
pub(crate) fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    if value < 0.0 && !is_zero { format!("{MINUS}{text}") } else { text }
}

/// 0.5321 as `53.2`.
pub(crate) fn percent(share: f64) -> String {
    decimal(100.0 * share, 1)
}

/// `[51.0, 55.4]`
pub(crate) fn percent_interval(interval: &Interval) -> String {
    format!("[{}, {}]", percent(interval.low), percent(interval.high))
}

/// `+21.3`
pub(crate) fn signed_percent(difference: f64) -> String {
    let text = percent(difference);
    let is_positive = difference > 0.0 && !text.chars().all(|c| c == '0' || c == '.');
    if is_positive { format!("+{text}") } else { text }
}

/// `53.2 [51.0, 55.4]`
pub(crate) fn accuracy(estimate: &Estimate) -> String {
    format!("{} {}", percent(estimate.value), percent_interval(&estimate.interval))
}

/// 0.0234 as `0.023`, and what is smaller than that has digits as `< 0.001`.
pub(crate) fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".into() } else { decimal(p, 3) }
}

/// 4096 as `4,096`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// 2400000 as `2.4 M`, 51200 as `51.2 k`.
pub(crate) fn short_count(number: u64) -> String {
    let trimmed = |value: f64| decimal(value, 1).trim_end_matches(".0").to_owned();
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{} k", trimmed(number as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{} M", trimmed(number as f64 / 1e6)),
        _ => format!("{} G", trimmed(number as f64 / 1e9)),
    }
}

/// 754.3 as `12 min 34 s`.
pub(crate) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "unknown".into();
    }
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{} s", decimal(seconds, 1)),
        10..60 => format!("{whole} s"),
        60..3_600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", count(whole / 3_600), whole / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([count(0), count(999), count(1_000), count(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [short_count(7), short_count(51_200), short_count(2_400_000), short_count(3_000_000_000)],
            ["7", "51.2 k", "2.4 M", "3 G"]
        );
        assert_eq!(
            [duration(1.25), duration(59.0), duration(754.3), duration(7_300.0)],
            ["1.2 s", "59 s", "12 min 34 s", "2 h 1 min"]
        );
        assert_eq!(duration(f64::NAN), "unknown");
        assert_eq!([p_value(0.0234), p_value(0.0004), p_value(1.0)], ["0.023", "< 0.001", "1.000"]);
        assert_eq!([percent(-0.0004), percent(-0.013), percent(1.0)], ["0.0", "\u{2212}1.3", "100.0"]);
        assert_eq!(
            [signed_percent(0.213), signed_percent(-0.02), signed_percent(0.0004)],
            ["+21.3", "\u{2212}2.0", "0.0"]
        );
    }
}
