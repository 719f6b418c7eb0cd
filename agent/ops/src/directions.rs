//! Agreement of directions: the error of BYOL (Grill et al. 2020), 2 − 2 cos of the angle between two vectors.
//!
//! |p / |p| − t / |t||². Names: `predictions` p, `targets` t. Lengths count for nothing.

use tch::Tensor;

use crate::precision::reduction_kind;

/// Shortest length that a vector is divided by: one of zeros has no direction, and stays one of zeros.
const SHORTEST: f64 = 1e-6;

/// Vectors of length 1 in the direction of `vectors`, `[M, F] -> [M, F]`.
pub fn directions(vectors: &Tensor) -> Tensor {
    let vectors = vectors.to_kind(reduction_kind(vectors));
    let squares = vectors.square().sum_dim_intlist(-1, true, vectors.kind());
    // The root of a clamped square: that of 0 itself would have no gradient.
    &vectors / squares.clamp_min(SHORTEST * SHORTEST).sqrt()
}

/// Squared distance between the directions of `predictions` and of `targets`, both `[M, F]`: `[M]` from 0 (the same
/// direction) to 4 (opposite ones).
pub fn direction_error(predictions: &Tensor, targets: &Tensor) -> Tensor {
    let difference = directions(predictions) - directions(targets);
    difference.square().sum_dim_intlist(-1, false, difference.kind())
}

/// How far the directions of `vectors` `[M, F]` are spread: 1 − |their mean|², from 0 (all the same) to 1. A scalar.
pub fn direction_spread(vectors: &Tensor) -> Tensor {
    let directions = directions(vectors);
    let mean = directions.mean_dim(Some([0i64].as_slice()), false, directions.kind());
    1.0 - mean.square().sum(directions.kind())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient_check::agrees_with_differences;
    use tch::Kind;

    fn rows(numbers: &[f64]) -> Tensor {
        Tensor::from_slice(numbers).view([-1, 2])
    }

    #[test]
    fn hand_sized_numbers() {
        let predictions = rows(&[3.0, 4.0, 0.0, 0.1, 2.0, 0.0, 0.0, 0.0]);
        let targets = rows(&[6.0, 8.0, 5.0, 0.0, -7.0, 0.0, 0.0, 3.0]);
        let found = direction_error(&predictions, &targets);
        for (row, expected) in [0.0, 2.0, 4.0, 1.0].into_iter().enumerate() {
            assert!((found.double_value(&[row as i64]) - expected).abs() < 1e-12, "{found:?}");
        }
        assert!(direction_spread(&rows(&[1.0, 1.0, 5.0, 5.0])).double_value(&[]).abs() < 1e-12);
        assert!((direction_spread(&rows(&[1.0, 0.0, -3.0, 0.0])).double_value(&[]) - 1.0).abs() < 1e-12);
        assert!((direction_spread(&rows(&[1.0, 0.0, 0.0, 2.0])).double_value(&[]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn gradients_agree_with_differences_in_f64() {
        let targets = rows(&[0.4, -0.3, 1.0, 0.2]);
        agrees_with_differences(&[0.2, 0.9, -0.4, 1.5], |predictions| {
            direction_error(&predictions.view([-1, 2]), &targets).sum(Kind::Double)
        });
    }

    #[test]
    fn a_vector_of_zeros_has_a_finite_gradient() {
        let zeros = rows(&[0.0, 0.0]).set_requires_grad(true);
        direction_error(&zeros, &rows(&[1.0, 2.0])).sum(Kind::Double).backward();
        assert!(zeros.grad().isfinite().all().int64_value(&[]) == 1);
    }
}
