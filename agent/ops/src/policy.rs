//! Losses of the policy and value heads. Each is a mean over the steps that count.

use tch::{Kind, Tensor};

/// Mean of `values` over the steps whose `mask` is 1; both `[T, B]`. 0 where no step counts.
pub fn masked_mean(values: &Tensor, mask: &Tensor) -> Tensor {
    assert_eq!(values.size(), mask.size(), "values and mask are both [T, B]");
    (values * mask).sum(Kind::Float) / mask.sum(Kind::Float).clamp_min(1.0)
}

/// log π(a_t | x_t), `[T, B]`, of `logits` `[T, B, A]` and `actions` i64 `[T, B]`.
pub fn log_probabilities_of(logits: &Tensor, actions: &Tensor) -> Tensor {
    logits.log_softmax(-1, Kind::Float).gather(-1, &actions.unsqueeze(-1), false).squeeze_dim(-1)
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
    let log_probabilities = logits.log_softmax(-1, Kind::Float);
    let negative_entropy = (log_probabilities.exp() * &log_probabilities).sum_dim_intlist(-1, false, Kind::Float);
    masked_mean(&negative_entropy, mask)
}

/// Cross-entropy of the policy with the actions of the behaviour that is imitated.
pub fn imitation_loss(logits: &Tensor, actions: &Tensor, mask: &Tensor) -> Tensor {
    masked_mean(&-log_probabilities_of(logits, actions), mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logits() -> Tensor {
        Tensor::from_slice(&[0.2f32, -1.0, 0.5, 1.5, 0.0, -0.3]).view([2, 1, 3])
    }

    fn plain(values: [f32; 2]) -> Tensor {
        Tensor::from_slice(&values).view([2, 1])
    }

    fn softmax(row: [f64; 3]) -> [f64; 3] {
        let sum: f64 = row.iter().map(|x| x.exp()).sum();
        row.map(|x| x.exp() / sum)
    }

    #[test]
    fn hand_sized_numbers() {
        let probabilities = [softmax([0.2, -1.0, 0.5]), softmax([1.5, 0.0, -0.3])];
        let actions = Tensor::from_slice(&[2i64, 0]).view([2, 1]);
        let both = plain([1.0, 1.0]);
        let expected = (-probabilities[0][2].ln() * 2.0 + probabilities[1][0].ln() * 3.0) / 2.0;
        let loss = policy_gradient_loss(&logits(), &actions, &plain([2.0, -3.0]), &both);
        assert!((loss.double_value(&[]) - expected).abs() < 1e-6);

        let only_first = plain([1.0, 0.0]);
        let imitation = imitation_loss(&logits(), &actions, &only_first);
        assert!((imitation.double_value(&[]) + probabilities[0][2].ln()).abs() < 1e-6);
        let negative_entropy: f64 = probabilities[0].iter().map(|p| p * p.ln()).sum();
        assert!((entropy_loss(&logits(), &only_first).double_value(&[]) - negative_entropy).abs() < 1e-6);
        let baseline = baseline_loss(&plain([1.0, 9.0]), &plain([4.0, 0.0]), &only_first);
        assert!((baseline.double_value(&[]) - 4.5).abs() < 1e-6);
    }

    /// Central differences in f64 against autograd.
    fn check_gradient(loss: impl Fn(&Tensor) -> Tensor) {
        let point = logits().to_kind(Kind::Double);
        let leaf = point.copy().set_requires_grad(true);
        loss(&leaf).backward();
        for index in 0..6 {
            let shifted = |step: f64| {
                let moved = point.copy();
                let _ = moved.view([-1]).get(index).g_add_scalar_(step);
                loss(&moved).double_value(&[])
            };
            // The losses reduce in f32, so the step is as large as smoothness allows.
            let slope = (shifted(1e-2) - shifted(-1e-2)) / 2e-2;
            assert!((slope - leaf.grad().view([-1]).double_value(&[index])).abs() < 2e-4);
        }
    }

    #[test]
    fn gradients_agree_with_differences() {
        let actions = Tensor::from_slice(&[2i64, 0]).view([2, 1]);
        let mask = plain([1.0, 1.0]);
        check_gradient(|logits| policy_gradient_loss(logits, &actions, &plain([2.0, -3.0]), &mask));
        check_gradient(|logits| imitation_loss(logits, &actions, &mask));
        check_gradient(|logits| entropy_loss(logits, &mask));
    }

    #[test]
    fn no_gradient_flows_to_advantages_or_targets() {
        let advantages = plain([1.0, 2.0]).set_requires_grad(true);
        let actions = Tensor::from_slice(&[2i64, 0]).view([2, 1]);
        let leaf = logits().set_requires_grad(true);
        policy_gradient_loss(&leaf, &actions, &advantages, &plain([1.0, 1.0])).backward();
        assert!(!advantages.grad().defined());
        let values = plain([0.0, 0.0]).set_requires_grad(true);
        baseline_loss(&values, &advantages, &plain([1.0, 1.0])).backward();
        assert!(!advantages.grad().defined() && values.grad().defined());
    }
}
