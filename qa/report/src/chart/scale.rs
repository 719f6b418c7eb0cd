//! From values to places on the paper, and the values that get a tick.

use crate::number_format::decimal;

/// Beyond this, values are drawn at the edge: their differences would overflow.
const LARGEST: f64 = 1e100;

/// An axis: `low` stands at pixel `from`, `high` at `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    is_log: bool,
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A linear axis over exactly `low..=high`, or a little more where that is empty.
    pub(crate) fn linear(low: f64, high: f64, from: f64, to: f64) -> Self {
        let (low, high) = (low.clamp(-LARGEST, LARGEST), high.clamp(-LARGEST, LARGEST));
        let spread = if high > low { 0.0 } else { (0.1 * high.abs()).max(1e-6) };
        Self { is_log: false, low: low - spread, high: high + spread, from, to }
    }

    /// An axis that fits all of `values`: logarithmic where they are positive and span more than `log_ratio`, and
    /// linear with a little room above and below otherwise.
    pub(crate) fn fitting(values: &[f64], log_ratio: f64, from: f64, to: f64) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if low > high {
            return Self::linear(0.0, 1.0, from, to);
        }
        if low > 0.0 && high / low > log_ratio {
            let (low, high) = (low.clamp(1.0 / LARGEST, LARGEST).log10(), high.clamp(1.0 / LARGEST, LARGEST).log10());
            let room = 0.04 * (high - low);
            return Self { is_log: true, low: low - room, high: high + room, from, to };
        }
        let (low, high) = (low.clamp(-LARGEST, LARGEST), high.clamp(-LARGEST, LARGEST));
        let room = 0.06 * (high - low);
        // Zero is shown where it is near: a loss that falls to a tenth should look like that.
        let floor = if low >= 0.0 && low < 0.4 * high { 0.0 } else { low - room };
        Self::linear(floor, high + room, from, to)
    }

    pub(crate) fn is_log(&self) -> bool {
        self.is_log
    }

    /// Where `value` stands.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let value = if self.is_log { value.max(1.0 / LARGEST).log10() } else { value };
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.from + share * (self.to - self.from)
    }

    /// About `num` values to mark, with their labels.
    pub(crate) fn ticks(&self, num: usize) -> Vec<(f64, String)> {
        if self.is_log {
            return log_ticks(self.low, self.high);
        }
        let step = round_step((self.high - self.low) / num.max(1) as f64);
        let (first, last) = ((self.low / step - 1e-9).ceil(), (self.high / step + 1e-9).floor());
        let num = (last - first).clamp(0.0, 50.0) as usize;
        (0..=num).map(|index| (first + index as f64) * step).map(|value| (value, tick_label(value, step))).collect()
    }
}

/// The next of 1, 2, 5, 10, … × 10ⁿ.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= step * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

fn log_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    // Long axes mark some of the powers, short ones also values between them.
    let every = ((last - first) / 6).max(1);
    let factors: &[f64] = match high - low {
        ..2.0 => &[1.0, 2.0, 5.0],
        ..3.0 => &[1.0, 3.0],
        _ => &[1.0],
    };
    let values = (first..=last).filter(|power| power.rem_euclid(every) == 0);
    values
        .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
        .filter(|value| (low..=high).contains(&value.log10()))
        .map(|value| (value, tick_label(value, value)))
        .collect()
}

/// `value` with as many digits as ticks `step` apart need.
pub(crate) fn tick_label(value: f64, step: f64) -> String {
    let size = value.abs();
    if size < step * 1e-6 {
        return "0".into();
    }
    let suffixed = |unit: f64, suffix: &str| {
        let decimals = (-(step / unit).log10().floor()).clamp(0.0, 3.0) as usize;
        format!("{}{suffix}", decimal(value / unit, decimals))
    };
    match size {
        1e15.. => format!("{value:.1e}"),
        1e9.. => suffixed(1e9, " G"),
        1e6.. => suffixed(1e6, " M"),
        1e4.. => suffixed(1e3, " k"),
        ..1e-4 => format!("{value:.0e}"),
        _ => suffixed(1.0, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale) -> Vec<String> {
        scale.ticks(5).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(labels(Scale::linear(0.0, 1.0, 0.0, 100.0)), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(Scale::linear(0.0, 2_400_000.0, 0.0, 1.0)), ["0", "500 k", "1.0 M", "1.5 M", "2.0 M"]);
        assert_eq!(labels(Scale::linear(-3.0, 3.0, 0.0, 1.0)), ["\u{2212}2", "0", "2"]);
        assert_eq!(labels(Scale::fitting(&[0.001, 1.0], 50.0, 0.0, 1.0)), ["0.001", "0.01", "0.1", "1"]);
    }

    #[test]
    fn strange_ranges_stay_drawable() {
        for values in [vec![], vec![0.0], vec![5.0, 5.0], vec![-1e300, 1e300], vec![1e-300, 1e300], vec![1e-9, 2e-9]] {
            let scale = Scale::fitting(&values, 50.0, 10.0, 90.0);
            assert!(scale.ticks(5).len() < 60);
            for value in values {
                assert!((10.0..=90.0).contains(&scale.place(value)), "{value} in {scale:?}");
            }
        }
    }
}
