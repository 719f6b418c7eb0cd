//! V-trace (Espeholt et al. 2018, "IMPALA", section 4.1).
//!
//! v_s = V(x_s) + Σ_{t≥s} γ^{t−s} (Π_{s≤i<t} c_i) ρ_t (r_t + γ V(x_{t+1}) − V(x_t)), with ρ_t = min(ρ̄, π/μ) and
//! c_i = min(c̄, π/μ). Names: `log_rhos` log π/μ, `values` V(x_t), `bootstrap_value` V(x_T), `discounts` γ.

use tch::{Kind, Tensor};

/// Upper bounds of the importance weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clips {
    /// ρ̄: decides which value function is the fixed point.
    pub rho: f64,
    /// c̄: how far corrections travel back.
    pub c: f64,
    /// Bound of ρ in the policy gradient.
    pub pg_rho: f64,
}

/// What V-trace gives; no gradient flows through either.
#[derive(Debug)]
pub struct VTrace {
    /// Targets of the values, `[T, B]`.
    pub vs: Tensor,
    /// ρ_s (r_s + γ v_{s+1} − V(x_s)), `[T, B]`.
    pub pg_advantages: Tensor,
}

/// Targets and advantages. All of `log_rhos`, `discounts`, `rewards`, `values` and `mask` are `[T, B]`,
/// `bootstrap_value` is `[B]`.
///
/// A masked step is the seam from an episode's last observation to the next one's first: nothing is learnt from it,
/// and its target is its own value, so the step before it bootstraps from V of the last observation
/// (a truncated episode) unless its discount is 0 (a terminated one).
pub fn vtrace(
    log_rhos: &Tensor,
    discounts: &Tensor,
    rewards: &Tensor,
    values: &Tensor,
    bootstrap_value: &Tensor,
    mask: &Tensor,
    clips: Clips,
) -> VTrace {
    let shape = values.size();
    for tensor in [log_rhos, discounts, rewards, mask] {
        assert_eq!(tensor.size(), shape, "every input of V-trace is [T, B]");
    }
    assert_eq!(bootstrap_value.size(), shape[1..], "bootstrap_value is [B]");

    let _stop_gradient = tch::no_grad_guard();
    let ratios = log_rhos.exp();
    let rhos = ratios.clamp_max(clips.rho) * mask;
    let cs = ratios.clamp_max(clips.c) * mask;
    let bootstrap = bootstrap_value.unsqueeze(0);
    let values_next = Tensor::cat(&[values.narrow(0, 1, shape[0] - 1), bootstrap.shallow_clone()], 0);
    let deltas = &rhos * (rewards + discounts * &values_next - values);

    let decays = discounts * cs;
    let mut correction = bootstrap_value.zeros_like();
    let mut corrections = Vec::with_capacity(shape[0] as usize);
    for (delta, decay) in deltas.unbind(0).iter().zip(decays.unbind(0)).rev() {
        correction = delta + decay * correction;
        corrections.push(correction.shallow_clone());
    }
    corrections.reverse();
    let vs = Tensor::stack(&corrections, 0) + values;
    let vs_next = Tensor::cat(&[vs.narrow(0, 1, shape[0] - 1), bootstrap], 0);
    let pg_rhos = ratios.clamp_max(clips.pg_rho) * mask;
    let pg_advantages = pg_rhos * (rewards + discounts * vs_next - values);
    VTrace { vs: vs.to_kind(Kind::Float), pg_advantages }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIPS: Clips = Clips { rho: 1.0, c: 0.9, pg_rho: 1.1 };

    /// Straight from the formula: a sum over t of products over i, in f64, one room.
    fn slow(
        log_rhos: &[f64],
        discounts: &[f64],
        rewards: &[f64],
        values: &[f64],
        mask: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let steps = rewards.len();
        let rho = |t: usize, clip: f64| log_rhos[t].exp().min(clip) * mask[t];
        let delta = |t: usize| rho(t, CLIPS.rho) * (rewards[t] + discounts[t] * values[t + 1] - values[t]);
        let mut vs: Vec<f64> = (0..steps)
            .map(|s| {
                let terms = (s..steps).map(|t| {
                    let product: f64 = (s..t).map(|i| discounts[i] * rho(i, CLIPS.c)).product();
                    product * delta(t)
                });
                values[s] + terms.sum::<f64>()
            })
            .collect();
        vs.push(values[steps]);
        let advantage = |s: usize| rho(s, CLIPS.pg_rho) * (rewards[s] + discounts[s] * vs[s + 1] - values[s]);
        let advantages = (0..steps).map(advantage).collect();
        vs.pop();
        (vs, advantages)
    }

    fn wave(offset: f64, scale: f64, count: usize) -> Vec<f64> {
        (0..count).map(|i| ((i * i) as f64 * 0.7 + offset).sin() * scale).collect()
    }

    fn column(values: &[f64]) -> Tensor {
        Tensor::from_slice(values).view([-1, 1])
    }

    fn check(discounts: Vec<f64>, mask: Vec<f64>) {
        let steps = discounts.len();
        let (log_rhos, rewards, values) = (wave(0.1, 0.8, steps), wave(2.0, 1.0, steps), wave(4.0, 2.0, steps + 1));
        let result = vtrace(
            &column(&log_rhos),
            &column(&discounts),
            &column(&rewards),
            &column(&values[..steps]),
            &Tensor::from_slice(&values[steps..]),
            &column(&mask),
            CLIPS,
        );
        let (vs, advantages) = slow(&log_rhos, &discounts, &rewards, &values, &mask);
        for t in 0..steps {
            assert!((result.vs.double_value(&[t as i64, 0]) - vs[t]).abs() < 1e-5);
            assert!((result.pg_advantages.double_value(&[t as i64, 0]) - advantages[t]).abs() < 1e-5);
        }
    }

    #[test]
    fn agrees_with_the_formula() {
        check(vec![0.9; 12], vec![1.0; 12]);
    }

    #[test]
    fn agrees_across_a_terminated_and_a_truncated_episode() {
        let (mut discounts, mut mask) = (vec![0.9; 12], vec![1.0; 12]);
        // Step 3 leads into a terminal observation (row 4); step 7 into a truncated one (row 8).
        discounts[3] = 0.0;
        (discounts[4], mask[4]) = (0.0, 0.0);
        (discounts[8], mask[8]) = (0.0, 0.0);
        check(discounts, mask);
    }

    #[test]
    fn on_policy_it_is_the_n_step_return() {
        let (rewards, bootstrap) = ([1.0, 2.0, 3.0], 10.0);
        let clips = Clips { rho: 1.0, c: 1.0, pg_rho: 1.0 };
        let ones = column(&[1.0; 3]);
        let result = vtrace(
            &column(&[0.0; 3]),
            &(&ones * 0.5),
            &column(&rewards),
            &column(&[5.0, -7.0, 0.3]),
            &Tensor::from_slice(&[bootstrap]),
            &ones,
            clips,
        );
        let expected = [1.0 + 0.5 * (2.0 + 0.5 * (3.0 + 0.5 * 10.0)), 2.0 + 0.5 * (3.0 + 0.5 * 10.0), 3.0 + 5.0];
        for (t, value) in expected.iter().enumerate() {
            assert!((result.vs.double_value(&[t as i64, 0]) - value).abs() < 1e-6);
        }
    }

    #[test]
    fn no_gradient_flows_through_targets() {
        let values = column(&[1.0, 2.0]).to_kind(Kind::Float).set_requires_grad(true);
        let plain = column(&[0.5, 0.5]).to_kind(Kind::Float);
        let result = vtrace(&plain, &plain, &plain, &values, &Tensor::from_slice(&[1.0f32]), &plain.ones_like(), CLIPS);
        assert!(!result.vs.requires_grad() && !result.pg_advantages.requires_grad());
    }
}
