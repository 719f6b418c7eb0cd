//! That the losses of the policy and value heads are what their formulas say, to the gradient, and that nothing flows
//! to what they are told rather than what they learn.

use crate::differences::{checked_gradient, numbers, wave};
use groundling_ops::{
    baseline_loss, entropy_loss, imitation_loss, log_probabilities_of, masked_mean, policy_gradient_loss,
};
use tch::{Device, Kind, Tensor};

const STEPS: usize = 4;
const ROOMS: usize = 2;
const ACTIONS: usize = 3;

/// What a batch gives: logits `[T, B, A]`, actions, advantages or targets, values and a mask with two seams.
struct Case {
    logits: Tensor,
    actions: Tensor,
    advantages: Tensor,
    values: Tensor,
    mask: Tensor,
}

fn case() -> Case {
    let (steps, rooms, actions) = (STEPS as i64, ROOMS as i64, ACTIONS as i64);
    Case {
        logits: wave(&[steps, rooms, actions], 0.2, 2.0),
        actions: Tensor::from_slice(&[0i64, 1, 2, 0, 1, 1, 2, 0]).view([steps, rooms]),
        advantages: wave(&[steps, rooms], 1.0, 3.0),
        values: wave(&[steps, rooms], 2.0, 2.0),
        mask: Tensor::from_slice(&[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0]).view([steps, rooms]),
    }
}

/// Σ over the steps that count of `term(step, probabilities there, action there)`, over their number: one at a time.
fn slow(case: &Case, term: impl Fn(usize, &[f64], usize) -> f64) -> f64 {
    let (logits, mask) = (numbers(&case.logits), numbers(&case.mask));
    let (mut sum, mut count) = (0.0, 0.0);
    for step in (0..STEPS * ROOMS).filter(|&step| mask[step] == 1.0) {
        let exponents: Vec<f64> = logits[step * ACTIONS..(step + 1) * ACTIONS].iter().map(|x| x.exp()).collect();
        let total: f64 = exponents.iter().sum();
        let probabilities: Vec<f64> = exponents.iter().map(|x| x / total).collect();
        let action = case.actions.view([-1]).int64_value(&[step as i64]) as usize;
        sum += term(step, &probabilities, action);
        count += 1.0;
    }
    sum / count
}

fn assert_near(loss: &Tensor, expected: f64) {
    let value = numbers(loss)[0];
    assert!((value - expected).abs() < 1e-12, "{value} against {expected}");
}

#[test]
fn agree_with_their_formulas_step_by_step() {
    let case = case();
    let Case { logits, actions, advantages, values, mask } = &case;
    let (advantage, value) = (numbers(advantages), numbers(values));
    let expected = slow(&case, |step, probabilities, action| -probabilities[action].ln() * advantage[step]);
    assert_near(&policy_gradient_loss(logits, actions, advantages, mask), expected);
    let expected = slow(&case, |_, probabilities, action| -probabilities[action].ln());
    assert_near(&imitation_loss(logits, actions, mask), expected);
    let expected = slow(&case, |_, probabilities, _| probabilities.iter().map(|p| p * p.ln()).sum());
    assert_near(&entropy_loss(logits, mask), expected);
    let expected = slow(&case, |step, _, _| 0.5 * (value[step] - advantage[step]).powi(2));
    assert_near(&baseline_loss(values, advantages, mask), expected);
}

#[test]
fn hand_sized_numbers() {
    // Probabilities 1/2, 1/4, 1/4 and 1/3, 1/3, 1/3.
    let logits = Tensor::from_slice(&[2f64.ln(), 0.0, 0.0, 5.0, 5.0, 5.0]).view([2, 1, 3]);
    let column = |values: [f64; 2]| Tensor::from_slice(&values).view([2, 1]);
    let (actions, both) = (Tensor::from_slice(&[0i64, 2]).view([2, 1]), column([1.0, 1.0]));
    let (ln2, ln3) = (2f64.ln(), 3f64.ln());
    assert_near(&policy_gradient_loss(&logits, &actions, &column([2.0, -4.0]), &both), (2.0 * ln2 - 4.0 * ln3) / 2.0);
    assert_near(&imitation_loss(&logits, &actions, &both), (ln2 + ln3) / 2.0);
    assert_near(&entropy_loss(&logits, &both), -(1.5 * ln2 + ln3) / 2.0);
    assert_near(&baseline_loss(&column([1.0, 9.0]), &column([4.0, 7.0]), &both), (4.5 + 2.0) / 2.0);
    assert_near(&baseline_loss(&column([1.0, 9.0]), &column([4.0, 7.0]), &column([0.0, 1.0])), 2.0);
}

#[test]
fn a_batch_of_seams_alone_teaches_nothing() {
    let nothing = masked_mean(&wave(&[2, 2], 0.0, 1.0), &Tensor::zeros([2, 2], (Kind::Double, Device::Cpu)));
    assert_near(&nothing, 0.0);
}

#[test]
fn gradients_agree_with_differences() {
    let Case { logits, actions, advantages, values, mask } = &case();
    let of_seams = |gradient: Vec<f64>, width: usize| {
        let seam = |step: usize| gradient[step * width..(step + 1) * width].to_vec();
        [seam(2), seam(7)].concat()
    };
    let zeros = vec![0.0; 2 * ACTIONS];
    let gradient = checked_gradient(logits, |logits| policy_gradient_loss(logits, actions, advantages, mask));
    assert_eq!(of_seams(gradient, ACTIONS), zeros);
    let gradient = checked_gradient(logits, |logits| imitation_loss(logits, actions, mask));
    assert_eq!(of_seams(gradient, ACTIONS), zeros);
    let gradient = checked_gradient(logits, |logits| entropy_loss(logits, mask));
    assert_eq!(of_seams(gradient, ACTIONS), zeros);
    let gradient = checked_gradient(values, |values| baseline_loss(values, advantages, mask));
    assert_eq!(of_seams(gradient.clone(), 1), [0.0, 0.0]);
    for (step, (value, target)) in numbers(values).iter().zip(numbers(advantages)).enumerate() {
        if step != 2 && step != 7 {
            assert!((gradient[step] - (value - target) / 6.0).abs() < 1e-12);
        }
    }
    let _ = checked_gradient(logits, |logits| (log_probabilities_of(logits, actions) * advantages).sum(Kind::Double));
}

#[test]
fn no_gradient_flows_to_advantages_or_targets() {
    let Case { logits, actions, advantages, values, mask } = case();
    let [logits, advantages, values] = [logits, advantages, values].map(|tensor| tensor.set_requires_grad(true));
    policy_gradient_loss(&logits, &actions, &advantages, &mask).backward();
    baseline_loss(&values, &advantages, &mask).backward();
    assert!(!advantages.grad().defined());
    assert!(logits.grad().defined() && values.grad().defined());
}

#[test]
fn half_precision_is_summed_in_f32() {
    // In bf16 a sum of 300 ones stops at 256.
    let ones = Tensor::ones([300, 1], (Kind::BFloat16, Device::Cpu));
    let mean = masked_mean(&ones, &ones);
    assert_eq!((mean.kind(), mean.double_value(&[])), (Kind::Float, 1.0));
}
