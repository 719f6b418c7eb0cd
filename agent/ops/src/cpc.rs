//! Contrastive predictive coding with a binary classifier (Guo et al. 2018, "Neural Predictive Belief
//! Representations", section 3.2).
//!
//! A classifier f tells the encoding z⁺ that really came after a state s from encodings z⁻ of other moments:
//! loss = −log σ(f(s, z⁺)) − log(1 − σ(f(s, z⁻))). Names: `positive_logits` f(s, z⁺), `negative_logits` f(s, z⁻).
//! With N negatives a pair both terms are means, so the loss does not grow with N and a classifier that knows nothing
//! stands at 2 ln 2 ≈ 1.386 and is right in half of the cases, whatever N is.

use tch::Tensor;

use crate::precision::reduction_kind;

/// Binary cross-entropy of `positive_logits` `[M]` with 1 plus that of `negative_logits` `[M, N]` with 0, each a mean.
/// A scalar; not a number where there is no pair. A prediction across an episode's end is no term: leave it out.
pub fn contrastive_loss(positive_logits: &Tensor, negative_logits: &Tensor) -> Tensor {
    check_shapes(positive_logits, negative_logits);
    // −log σ(x) = softplus(−x), which neither overflows nor loses the small values.
    let (kind, negative_kind) = (reduction_kind(positive_logits), reduction_kind(negative_logits));
    (-positive_logits).softplus().mean(kind) + negative_logits.softplus().mean(negative_kind)
}

/// Share of the positives and share of the negatives that the classifier tells rightly, `[2]`; no gradient flows.
pub fn contrastive_accuracy(positive_logits: &Tensor, negative_logits: &Tensor) -> Tensor {
    check_shapes(positive_logits, negative_logits);
    let _stop_gradient = tch::no_grad_guard();
    let share = |right: Tensor| right.to_kind(tch::Kind::Float).mean(tch::Kind::Float);
    Tensor::stack(&[share(positive_logits.gt(0.0)), share(negative_logits.le(0.0))], 0)
}

fn check_shapes(positive_logits: &Tensor, negative_logits: &Tensor) {
    let (positive, negative) = (positive_logits.size(), negative_logits.size());
    assert_eq!(positive.len(), 1, "positive_logits is [M]");
    assert_eq!(negative.len(), 2, "negative_logits is [M, N]");
    assert_eq!(positive[0], negative[0], "positive_logits is [M] and negative_logits [M, N]");
}
