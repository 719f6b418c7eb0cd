//! Losses of the policy and value heads. Each is a mean over the steps that count.

use tch::Tensor;

use crate::precision::reduction_kind;

/// Mean of `values` over the steps whose `mask` is 1; both `[T, B]`. 0 where no step counts.
pub fn masked_mean(values: &Tensor, mask: &Tensor) -> Tensor {
    assert_eq!(values.size(), mask.size(), "values and mask are both [T, B]");
    let kind = reduction_kind(values);
    (values * mask).sum(kind) / mask.sum(kind).clamp_min(1.0)
}

/// log π(a_t | x_t), `[T, B]`, of `logits` `[T, B, A]` and `actions` i64 `[T, B]`.
pub fn log_probabilities_of(logits: &Tensor, actions: &Tensor) -> Tensor {
    logits.log_softmax(-1, reduction_kind(logits)).gather(-1, &actions.unsqueeze(-1), false).squeeze_dim(-1)
}

/// −log π(a_t | x_t) · advantage. No gradient flows through the advantages.
pub fn policy_gradient_loss(logits: &Tensor, actions: &Tensor, advantages: &Tensor, mask: &Tensor) -> Tensor {
    masked_mean(&(-log_probabilities_of(logits, actions) * advantages.detach()), mask)
}

/// ½ (v_t − V(x_t))². No gradient flows through the targets `vs`.
pub fn baseline_loss(values: &Tensor, vs: &Tensor, mask: &Tensor) -> Tensor {
    masked_mean(&((values - vs.detach()).square() * 0.5), mask)
}

/// Negative entropy of the policy, so that lowering it explores more; `logits` `[T, B, A]`.
pub fn entropy_loss(logits: &Tensor, mask: &Tensor) -> Tensor {
    let kind = reduction_kind(logits);
    let log_probabilities = logits.log_softmax(-1, kind);
    let negative_entropy = (log_probabilities.exp() * &log_probabilities).sum_dim_intlist(-1, false, kind);
    masked_mean(&negative_entropy, mask)
}

/// Cross-entropy of the policy with the actions of the behaviour that is imitated.
pub fn imitation_loss(logits: &Tensor, actions: &Tensor, mask: &Tensor) -> Tensor {
    masked_mean(&-log_probabilities_of(logits, actions), mask)
}
