//! V-trace (Espeholt et al. 2018, "IMPALA", section 4.1).
//!
//! v_s = V(x_s) + Σ_{t≥s} γ^{t−s} (Π_{s≤i<t} c_i) ρ_t (r_t + γ V(x_{t+1}) − V(x_t)), with ρ_t = min(ρ̄, π/μ) and
//! c_i = min(c̄, π/μ). Names: `log_rhos` log π/μ, `values` V(x_t), `bootstrap_value` V(x_T), `discounts` γ.

use tch::Tensor;

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
    VTrace { vs, pg_advantages }
}
