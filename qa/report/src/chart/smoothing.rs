//! Fewer points and less noise, so that a curve can be read and a page stays small.

/// Each of at most `num` stretches of equal length, as (x, mean, lowest, highest) of its points.
pub(crate) fn bucketed(points: &[(f64, f64)], num: usize) -> Vec<(f64, f64, f64, f64)> {
    let length = points.len().div_ceil(num.max(1)).max(1);
    points
        .chunks(length)
        .map(|chunk| {
            let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / chunk.len() as f64;
            let low = chunk.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
            let high = chunk.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
            let x = mean(&mut chunk.iter().map(|point| point.0));
            // The mean of values near the largest number overflows; it still lies between lowest and highest.
            (x, mean(&mut chunk.iter().map(|point| point.1)).clamp(low, high), low, high)
        })
        .collect()
}

/// The centred moving mean over `2 * reach + 1` points, fewer at the ends, so that the ends are not drawn inwards.
pub(crate) fn smoothed(values: &[f64], reach: usize) -> Vec<f64> {
    (0..values.len())
        .map(|index| {
            let reach = reach.min(index).min(values.len() - 1 - index);
            let window = &values[index - reach..=index + reach];
            window.iter().map(|value| value / window.len() as f64).sum()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_keep_mean_and_range() {
        let points: Vec<(f64, f64)> = (0..10).map(|i| (f64::from(i), f64::from(i % 2))).collect();
        assert_eq!(bucketed(&points, 5)[0], (0.5, 0.5, 0.0, 1.0));
        assert_eq!(bucketed(&points, 5).len(), 5);
        assert_eq!(bucketed(&points, 100).len(), 10);
        assert!(bucketed(&[], 5).is_empty());
        assert_eq!(bucketed(&points, 0).len(), 1);
    }

    #[test]
    fn smoothing_keeps_a_straight_line_straight_to_its_ends() {
        let line: Vec<f64> = (0..20).map(f64::from).collect();
        for (value, smooth) in line.iter().zip(smoothed(&line, 4)) {
            assert!((value - smooth).abs() < 1e-12);
        }
        assert!(smoothed(&[], 3).is_empty());
    }
}
