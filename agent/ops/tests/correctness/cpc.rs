//! That the contrastive loss is the binary cross-entropy of the paper, to the gradient.

use crate::differences::{checked_gradient, numbers, wave};
use groundling_ops::{contrastive_accuracy, contrastive_loss};
use tch::Tensor;

const PAIRS: usize = 5;
const NEGATIVES: usize = 3;

fn logits() -> (Tensor, Tensor) {
    (wave(&[PAIRS as i64], 0.3, 3.0), wave(&[PAIRS as i64, NEGATIVES as i64], 1.0, 3.0))
}

/// Straight from the definition: probabilities first, then their logarithms, one pair after the other.
fn slow(positives: &[f64], negatives: &[f64]) -> f64 {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let positive: f64 = positives.iter().map(|&x| -sigmoid(x).ln()).sum();
    let negative: f64 = negatives.iter().map(|&x| -(1.0 - sigmoid(x)).ln()).sum();
    positive / positives.len() as f64 + negative / negatives.len() as f64
}

#[test]
fn agrees_with_the_definition() {
    let (positives, negatives) = logits();
    let loss = numbers(&contrastive_loss(&positives, &negatives))[0];
    assert!((loss - slow(&numbers(&positives), &numbers(&negatives))).abs() < 1e-12);
}

#[test]
fn hand_sized_numbers() {
    // e^(ln 3) = 3: σ = 3/4 on the positive and on one negative; the other negative is a coin's toss.
    let (positives, negatives) = (Tensor::from_slice(&[3f64.ln()]), Tensor::from_slice(&[3f64.ln(), 0.0]).view([1, 2]));
    let loss = numbers(&contrastive_loss(&positives, &negatives))[0];
    let expected = (4.0 / 3.0f64).ln() + (4f64.ln() + 2f64.ln()) / 2.0;
    assert!((loss - expected).abs() < 1e-12, "{loss} against {expected}");

    let nothing_known = contrastive_loss(&positives.zeros_like(), &negatives.zeros_like());
    assert!((numbers(&nothing_known)[0] - 2.0 * 2f64.ln()).abs() < 1e-12);
}

#[test]
fn large_logits_stay_finite_and_linear() {
    let (positives, negatives) = (Tensor::from_slice(&[-500.0f32]), Tensor::from_slice(&[700.0f32]).view([1, 1]));
    assert_eq!(contrastive_loss(&positives, &negatives).double_value(&[]), 1200.0);
    assert_eq!(contrastive_loss(&-positives, &-negatives).double_value(&[]), 0.0);
}

#[test]
fn gradients_agree_with_differences_and_with_hand() {
    let (positives, negatives) = logits();
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let gradient = checked_gradient(&positives, |point| contrastive_loss(point, &negatives));
    for (slope, x) in gradient.iter().zip(numbers(&positives)) {
        assert!((slope - (sigmoid(x) - 1.0) / PAIRS as f64).abs() < 1e-12);
    }
    let gradient = checked_gradient(&negatives, |point| contrastive_loss(&positives, point));
    for (slope, x) in gradient.iter().zip(numbers(&negatives)) {
        assert!((slope - sigmoid(x) / (PAIRS * NEGATIVES) as f64).abs() < 1e-12);
    }
}

#[test]
fn accuracy_counts_each_side_alone() {
    let positives = Tensor::from_slice(&[1.0, -1.0, 2.0, 0.5]).set_requires_grad(true);
    let negatives = Tensor::from_slice(&[-1.0, 1.0, -2.0, 0.0, -3.0, -1.0, 4.0, -0.1]).view([4, 2]);
    let shares = contrastive_accuracy(&positives, &negatives);
    assert_eq!([shares.double_value(&[0]), shares.double_value(&[1])], [0.75, 0.75]);
    assert_eq!(contrastive_accuracy(&-&positives, &negatives).double_value(&[0]), 0.25);
    assert!(!shares.requires_grad());
}

#[test]
#[should_panic(expected = "negative_logits is [M, N]")]
fn shapes_that_would_broadcast_are_refused() {
    let _ = contrastive_loss(&wave(&[4], 0.0, 1.0), &wave(&[4], 0.0, 1.0));
}
