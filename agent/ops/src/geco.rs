//! GECO (Rezende & Viola 2018, "Taming VAEs", algorithm 1): minimise a divergence subject to a constraint.
//!
//! The Lagrangian is KL + λ C, with C ≤ 0 where the constraint holds. The parameters go down its gradient. The
//! multiplier goes up on a moving average: C_ma ← α C_ma + (1 − α) C (the first time C itself), then
//! λ ← λ exp(η C_ma), so that it stays positive. Names: `multiplier` λ, `constraint` C, `decay` α, `step_size` η.
//! Beyond the paper, λ is clamped, and C is clipped before it enters the average: an error can be many times its aim at
//! the start, but never less than none, so what was wound up then would take far longer to unwind.

use tch::Tensor;

/// How the multiplier moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geco {
    /// α, of the moving average of the constraint.
    pub decay: f64,
    /// η, by which the average moves log λ.
    pub step_size: f64,
    /// C is clipped to ± this in the average.
    pub constraint_clip: f64,
    /// Smallest λ, greater than 0.
    pub min_multiplier: f64,
    /// Largest λ.
    pub max_multiplier: f64,
}

/// Multiplier and moving average between updates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GecoState {
    /// log λ.
    pub log_multiplier: f64,
    /// C_ma; none before the first update.
    pub average: Option<f64>,
}

impl GecoState {
    /// λ.
    pub fn multiplier(&self) -> f64 {
        self.log_multiplier.exp()
    }
}

impl Geco {
    /// The state after a batch whose mean constraint was `constraint`. One that is not finite changes nothing.
    pub fn advance(&self, state: GecoState, constraint: f64) -> GecoState {
        if !constraint.is_finite() {
            return state;
        }
        let constraint = constraint.clamp(-self.constraint_clip, self.constraint_clip);
        let blend = |average: f64| self.decay * average + (1.0 - self.decay) * constraint;
        let average = state.average.map_or(constraint, blend);
        let moved = state.log_multiplier + self.step_size * average;
        let log_multiplier = moved.max(self.min_multiplier.ln()).min(self.max_multiplier.ln());
        GecoState { log_multiplier, average: Some(average) }
    }
}

/// KL + λ C, scalars. No gradient flows through the multiplier: it is a number.
pub fn lagrangian(kl: &Tensor, constraint: &Tensor, multiplier: f64) -> Tensor {
    kl + constraint * multiplier
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient_check::agrees_with_differences;

    const GECO: Geco =
        Geco { decay: 0.5, step_size: 0.1, constraint_clip: 200.0, min_multiplier: 0.5, max_multiplier: 4.0 };
    const START: GecoState = GecoState { log_multiplier: 0.0, average: None };

    #[test]
    fn hand_sized_numbers() {
        let first = GECO.advance(START, 2.0);
        assert_eq!(first, GecoState { log_multiplier: 0.2, average: Some(2.0) });
        let second = GECO.advance(first, -1.0);
        assert_eq!(second.average, Some(0.5));
        assert!((second.multiplier() - 0.25f64.exp()).abs() < 1e-12);
    }

    #[test]
    fn the_multiplier_is_clamped_and_comes_back() {
        let high = GECO.advance(START, 100.0);
        assert!((high.multiplier() - 4.0).abs() < 1e-12);
        assert!((GECO.advance(START, -100.0).multiplier() - 0.5).abs() < 1e-12);
        // Not wound up: it leaves the clamp as soon as the average has changed its sign.
        let below = GECO.advance(GecoState { average: Some(0.0), ..high }, -2.0);
        assert!((below.multiplier() - 4.0 * (-0.1f64).exp()).abs() < 1e-12);
    }

    #[test]
    fn a_wild_constraint_counts_as_the_clip() {
        let clipped = Geco { constraint_clip: 2.0, ..GECO };
        assert_eq!(clipped.advance(START, 50.0), GECO.advance(START, 2.0));
        assert_eq!(clipped.advance(START, -50.0), GECO.advance(START, -2.0));
        assert_eq!(clipped.advance(START, 1.9), GECO.advance(START, 1.9));
    }

    #[test]
    fn what_is_not_finite_changes_nothing() {
        let state = GECO.advance(START, 0.3);
        for broken in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(GECO.advance(state, broken), state);
        }
    }

    #[test]
    fn agrees_with_the_formula_written_out() {
        // λ_n = λ_0 exp(η Σ_t C_ma(t)), C_ma(t) = α^t C_0 + (1 − α) Σ_{1≤i≤t} α^{t−i} C_i, without clamps.
        let free =
            Geco { decay: 0.9, step_size: 0.01, constraint_clip: 200.0, min_multiplier: 1e-30, max_multiplier: 1e30 };
        let constraints: Vec<f64> = (0..40).map(|t| (t as f64 * 0.7).sin() * 3.0).collect();
        let last = constraints.iter().fold(START, |state, &constraint| free.advance(state, constraint));
        let average = |t: usize| {
            let later = (1..=t).map(|i| 0.9f64.powi((t - i) as i32) * constraints[i]).sum::<f64>();
            0.9f64.powi(t as i32) * constraints[0] + 0.1 * later
        };
        let expected = (0.01 * (0..40).map(average).sum::<f64>()).exp();
        assert!((last.multiplier() - expected).abs() < 1e-12);
    }

    #[test]
    fn gradients_agree_with_differences_and_pass_the_multiplier_by() {
        agrees_with_differences(&[1.3, -0.4], |leaf| {
            // The multiplier follows the constraint's value, and yet is a constant to the gradient: differences are
            // taken with that of the point itself.
            let multiplier = GECO.advance(START, 0.4).multiplier();
            lagrangian(&leaf.get(0).square(), &leaf.get(1).exp(), multiplier)
        });
        let leaf = Tensor::from_slice(&[0.4f64]).set_requires_grad(true);
        let multiplier = GECO.advance(START, leaf.double_value(&[0])).multiplier();
        lagrangian(&(&leaf * 0.0), &leaf, multiplier).sum(tch::Kind::Double).backward();
        assert!((leaf.grad().double_value(&[0]) - multiplier).abs() < 1e-12, "no term from the multiplier's own slope");
    }

    #[test]
    fn the_constraint_is_met_and_the_divergence_then_falls() {
        // One number x: "KL" is x², the error (x − 1)² must be 0.09 at most, so the best x is 0.7.
        let geco =
            Geco { decay: 0.9, step_size: 0.1, constraint_clip: 200.0, min_multiplier: 1e-3, max_multiplier: 1e3 };
        let (mut x, mut state) = (0.0f64, GecoState { log_multiplier: -4.0, average: None });
        let mut divergences = Vec::new();
        for _ in 0..6000 {
            let leaf = Tensor::from_slice(&[x]).set_requires_grad(true);
            let constraint = ((&leaf - 1.0).square() - 0.09) / 0.09;
            let loss = lagrangian(&leaf.square(), &constraint, state.multiplier());
            loss.sum(tch::Kind::Double).backward();
            x -= 0.01 * leaf.grad().double_value(&[0]).clamp(-10.0, 10.0);
            state = geco.advance(state, constraint.double_value(&[0]));
            divergences.push(x * x);
        }
        let highest = divergences.iter().copied().fold(0.0, f64::max);
        assert!((x - 0.7).abs() < 0.01, "{x}");
        assert!(highest > 0.55, "it overshot the constraint first: {highest}");
        assert!((divergences[5999] - 0.49).abs() < 0.02, "and the divergence fell to what the constraint leaves");
    }
}
