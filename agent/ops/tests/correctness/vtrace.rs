//! That V-trace is the sum of products of the paper, also where unrolls are cut and where episodes end.

use crate::differences::{numbers, wave};
use groundling_ops::{Clips, VTrace, baseline_loss, log_probabilities_of, policy_gradient_loss, vtrace};
use tch::Tensor;

const CLIPS: Clips = Clips { rho: 1.0, c: 0.9, pg_rho: 1.1 };

/// One room's trajectory: `values` has one more number than the others, that of the row behind the last step.
#[derive(Clone)]
struct Trajectory {
    log_rhos: Vec<f64>,
    discounts: Vec<f64>,
    rewards: Vec<f64>,
    values: Vec<f64>,
    mask: Vec<f64>,
}

impl Trajectory {
    fn new(steps: usize) -> Self {
        let waves = |offset, scale, count: usize| numbers(&wave(&[count as i64], offset, scale));
        Self {
            log_rhos: waves(0.1, 0.8, steps),
            discounts: vec![0.9; steps],
            rewards: waves(2.0, 1.0, steps),
            values: waves(4.0, 2.0, steps + 1),
            mask: vec![1.0; steps],
        }
    }

    /// Row `seam` holds an episode's last observation: its own step is none, and a terminal one is worth nothing.
    /// The mask alone must cut; the seam keeps its discount.
    fn ends_in(mut self, seam: usize, terminated: bool) -> Self {
        if seam < self.mask.len() {
            self.mask[seam] = 0.0;
        }
        if terminated {
            self.discounts[seam - 1] = 0.0;
        }
        self
    }

    /// The rows `first..last` as an unroll of their own, bootstrapped from row `last`.
    fn cut(&self, first: usize, last: usize) -> Self {
        Self {
            log_rhos: self.log_rhos[first..last].to_vec(),
            discounts: self.discounts[first..last].to_vec(),
            rewards: self.rewards[first..last].to_vec(),
            values: self.values[first..=last].to_vec(),
            mask: self.mask[first..last].to_vec(),
        }
    }

    fn steps(&self) -> usize {
        self.rewards.len()
    }

    fn rho(&self, t: usize, clip: f64) -> f64 {
        self.log_rhos[t].exp().min(clip) * self.mask[t]
    }

    /// Straight from the formula: for each s a sum over t of products over i. Targets and advantages.
    fn slow(&self) -> (Vec<f64>, Vec<f64>) {
        let next = |t: usize, values: &[f64]| self.rewards[t] + self.discounts[t] * values[t + 1] - self.values[t];
        let target = |s: usize| {
            let terms = (s..self.steps()).map(|t| {
                let product: f64 = (s..t).map(|i| self.discounts[i] * self.rho(i, CLIPS.c)).product();
                product * self.rho(t, CLIPS.rho) * next(t, &self.values)
            });
            self.values[s] + terms.sum::<f64>()
        };
        let mut vs: Vec<f64> = (0..self.steps()).map(target).collect();
        vs.push(self.values[self.steps()]);
        let advantages = (0..self.steps()).map(|s| self.rho(s, CLIPS.pg_rho) * next(s, &vs)).collect();
        vs.pop();
        (vs, advantages)
    }

    /// By the function under test.
    fn fast(&self) -> (Vec<f64>, Vec<f64>) {
        let column = |values: &[f64]| Tensor::from_slice(values).view([-1, 1]);
        let steps = self.steps();
        let VTrace { vs, pg_advantages } = vtrace(
            &column(&self.log_rhos),
            &column(&self.discounts),
            &column(&self.rewards),
            &column(&self.values[..steps]),
            &Tensor::from_slice(&self.values[steps..]),
            &column(&self.mask),
            CLIPS,
        );
        (numbers(&vs), numbers(&pg_advantages))
    }
}

fn assert_near(one: &[f64], other: &[f64]) {
    assert_eq!(one.len(), other.len());
    for (t, (a, b)) in one.iter().zip(other).enumerate() {
        assert!((a - b).abs() < 1e-12, "step {t}: {a} against {b}");
    }
}

#[test]
fn agrees_with_the_formula() {
    let plain = Trajectory::new(12);
    let ended = plain.clone().ends_in(4, true).ends_in(8, false).ends_in(12, true);
    for trajectory in [plain, ended] {
        let ((vs, advantages), (slow_vs, slow_advantages)) = (trajectory.fast(), trajectory.slow());
        assert_near(&vs, &slow_vs);
        assert_near(&advantages, &slow_advantages);
    }
}

#[test]
fn rooms_side_by_side_do_not_touch() {
    let (one, other) = (Trajectory::new(6), Trajectory::new(6).ends_in(3, true));
    let beside = |one: &[f64], other: &[f64]| {
        Tensor::stack(&[Tensor::from_slice(&one[..6]), Tensor::from_slice(&other[..6])], 1)
    };
    let both = vtrace(
        &beside(&one.log_rhos, &other.log_rhos),
        &beside(&one.discounts, &other.discounts),
        &beside(&one.rewards, &other.rewards),
        &beside(&one.values, &other.values),
        &Tensor::from_slice(&[one.values[6], other.values[6]]),
        &beside(&one.mask, &other.mask),
        CLIPS,
    );
    for (room, trajectory) in [one, other].iter().enumerate() {
        let (vs, advantages) = trajectory.fast();
        assert_eq!(numbers(&both.vs.select(1, room as i64)), vs);
        assert_eq!(numbers(&both.pg_advantages.select(1, room as i64)), advantages);
    }
}

#[test]
fn hand_sized_numbers_of_the_n_step_return() {
    // On policy and unclipped, whatever the values are: r + γ (r' + γ (r'' + γ V(x_3))) with γ = 1/2.
    let trajectory = Trajectory {
        log_rhos: vec![0.0; 3],
        discounts: vec![0.5; 3],
        rewards: vec![1.0, 2.0, 3.0],
        values: vec![5.0, -7.0, 0.3, 10.0],
        mask: vec![1.0; 3],
    };
    let clips = Clips { rho: 1.0, c: 1.0, pg_rho: 1.0 };
    let column = |values: &[f64]| Tensor::from_slice(values).view([-1, 1]);
    let VTrace { vs, pg_advantages } = vtrace(
        &column(&trajectory.log_rhos),
        &column(&trajectory.discounts),
        &column(&trajectory.rewards),
        &column(&trajectory.values[..3]),
        &Tensor::from_slice(&trajectory.values[3..]),
        &column(&trajectory.mask),
        clips,
    );
    assert_near(&numbers(&vs), &[4.0, 6.0, 8.0]);
    assert_near(&numbers(&pg_advantages), &[4.0 - 5.0, 6.0 + 7.0, 8.0 - 0.3]);
}

#[test]
fn hand_sized_numbers_off_policy() {
    // π/μ = 2 and 1/2, ρ̄ = 1, c̄ = 0.9, bound of the policy gradient 1.1; γ = 1/2, V = 1, 2, 4, r = 3, 5.
    let trajectory = Trajectory {
        log_rhos: vec![2f64.ln(), 0.5f64.ln()],
        discounts: vec![0.5; 2],
        rewards: vec![3.0, 5.0],
        values: vec![1.0, 2.0, 4.0],
        mask: vec![1.0; 2],
    };
    let (vs, advantages) = trajectory.fast();
    // δ_1 = ½ (5 + 2 − 2) = 2.5; v_1 = 4.5. δ_0 = 1 (3 + 1 − 1) = 3; v_0 = 1 + 3 + ½·0.9·2.5 = 5.125.
    assert_near(&vs, &[5.125, 4.5]);
    assert_near(&advantages, &[1.1 * (3.0 + 0.5 * 4.5 - 1.0), 0.5 * (5.0 + 2.0 - 2.0)]);
}

#[test]
fn a_cut_loses_exactly_the_corrections_behind_it() {
    // v_s of the whole = v_s of the part before the cut + Π_{s≤i<cut} γ c_i · (v_cut − V(x_cut)).
    let (whole, cut) = (Trajectory::new(12), 5);
    let (vs, advantages) = whole.fast();
    let (before, _) = whole.cut(0, cut).fast();
    let (behind, advantages_behind) = whole.cut(cut, 12).fast();
    assert_near(&behind, &vs[cut..]);
    assert_near(&advantages_behind, &advantages[cut..]);
    for s in 0..cut {
        let product: f64 = (s..cut).map(|i| whole.discounts[i] * whole.rho(i, CLIPS.c)).product();
        let lost = product * (vs[cut] - whole.values[cut]);
        assert!(lost.abs() > 1e-6, "a cut that loses nothing tells nothing");
        assert!((before[s] + lost - vs[s]).abs() < 1e-12, "step {s}");
    }
}

#[test]
fn a_cut_where_the_value_is_right_loses_nothing() {
    // On policy v_s does not depend on V(x_s), so V can be set to its own target where the cut will be.
    let cut = 5;
    let mut right = Trajectory { log_rhos: vec![0.0; 12], ..Trajectory::new(12) };
    right.values[cut] = right.fast().0[cut];
    let (vs, advantages) = right.fast();
    let (before, advantages_before) = right.cut(0, cut).fast();
    assert!((vs[cut] - right.values[cut]).abs() < 1e-12);
    assert_near(&before, &vs[..cut]);
    assert_near(&advantages_before, &advantages[..cut]);
}

#[test]
fn an_episodes_end_cuts_off_what_follows() {
    // Whatever the next episode brings, and wherever its unroll is cut, no target before its first row moves.
    for terminated in [false, true] {
        let whole = Trajectory::new(12).ends_in(7, terminated);
        let mut other = whole.clone();
        other.rewards[7..].iter_mut().for_each(|reward| *reward += 100.0);
        other.values[8..].iter_mut().for_each(|value| *value -= 50.0);
        assert_eq!(whole.fast().0[..8], other.fast().0[..8]);
        assert_eq!(whole.fast().1[..8], other.fast().1[..8]);
        assert_ne!(whole.fast().0[8..], other.fast().0[8..]);
        // The unroll that ends on the last observation gives the same as the one that holds the seam.
        assert_near(&whole.cut(0, 7).fast().0, &whole.fast().0[..7]);
        assert_eq!(whole.fast().0[7], whole.values[7], "a seam's target is its own value");
        assert_eq!(whole.fast().1[7], 0.0);
    }
}

#[test]
fn a_truncated_episode_is_worth_its_last_value_and_a_terminated_one_nothing() {
    let last_value = 1000.0;
    let targets = |terminated: bool, seam: usize| {
        let mut trajectory = Trajectory::new(6).ends_in(seam, terminated);
        trajectory.values[seam] = last_value;
        trajectory.fast().0[seam - 1]
    };
    // In the middle of an unroll, and on the row from which it is bootstrapped.
    for seam in [4, 6] {
        let plain = Trajectory::new(6);
        let (rho, reward, value) = (plain.rho(seam - 1, CLIPS.rho), plain.rewards[seam - 1], plain.values[seam - 1]);
        assert!((targets(true, seam) - (value + rho * (reward - value))).abs() < 1e-9);
        assert!((targets(false, seam) - (value + rho * (reward + 0.9 * last_value - value))).abs() < 1e-9);
    }
}

#[test]
fn no_gradient_flows_through_targets() {
    // Not from the values, and not from the policies that make the importance weights.
    let [logits, behavior_logits] = [0.3, 0.9].map(|offset| wave(&[3, 1, 2], offset, 1.0).set_requires_grad(true));
    let values = wave(&[3, 1], 0.1, 1.0).set_requires_grad(true);
    let bootstrap = wave(&[1], 0.5, 1.0).set_requires_grad(true);
    let (actions, ones) = (Tensor::from_slice(&[0i64, 1, 0]).view([3, 1]), values.ones_like().detach());
    let log_rhos = log_probabilities_of(&logits, &actions) - log_probabilities_of(&behavior_logits, &actions);
    let targets = vtrace(&log_rhos, &(&ones * 0.9), &ones, &values, &bootstrap, &ones, CLIPS);
    assert!(!targets.vs.requires_grad() && !targets.pg_advantages.requires_grad());

    policy_gradient_loss(&logits, &actions, &targets.pg_advantages, &ones).backward();
    baseline_loss(&values, &targets.vs, &ones).backward();
    assert!(!behavior_logits.grad().defined() && !bootstrap.grad().defined());
    // The value's gradient is that of the baseline alone: (V − v) / T.
    let expected = (values.detach() - &targets.vs) / 3.0;
    assert_near(&numbers(&values.grad()), &numbers(&expected));
}
