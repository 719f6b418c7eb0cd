//! GECO's multiplier as a loss keeps it: settings, and state that is saved with the parameters.

use groundling_interface::InvalidSetting;
use groundling_nn::Scope;
use groundling_ops::{Geco, GecoState};
use serde::{Deserialize, Serialize};
use tch::Tensor;

/// Settings of GECO (Rezende & Viola 2018): the divergence is minimised subject to an error of at most `target`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GecoConfig {
    /// Typical error a colour value, between 0 and 1, that reconstructions must not exceed; what is typical is told
    /// with each likelihood. It does not depend on the size of the picture. Lowering it tells more of each frame in the
    /// latents, at more nats; a target that cannot be reached drives the multiplier to its upper bound.
    pub target: f64,
    /// Decay of the moving average of the constraint, an update. Raising it steadies the multiplier and makes it late.
    pub decay: f64,
    /// Factor on the average constraint (nats a colour value) by which log λ moves an update. Too large a one swings.
    pub step_size: f64,
    /// The constraint is clipped to ± this before it enters the average, so that the first, wild reconstructions do not
    /// wind the multiplier up. Raising it reaches the target sooner and overshoots.
    pub constraint_clip: f64,
    /// First multiplier λ. At 1 the loss is the variational bound of a likelihood of width `target`. Begun low, the
    /// decoder first learns what the condition tells, and latents are opened as λ rises to what the target needs; begun
    /// at 1, latents tell everything from the start: frames that a condition gave away took 36 nats at an error of
    /// 0.090 begun at 0.01, and 319 nats at 0.092 begun at 1.
    pub first_multiplier: f64,
    /// Smallest multiplier. With both bounds 1, the plain bound is minimised.
    pub min_multiplier: f64,
    /// Largest multiplier.
    pub max_multiplier: f64,
}

impl Default for GecoConfig {
    fn default() -> Self {
        Self {
            target: 0.07,
            decay: 0.99,
            step_size: 0.01,
            constraint_clip: 1.0,
            first_multiplier: 0.01,
            min_multiplier: 1e-3,
            max_multiplier: 100.0,
        }
    }
}

impl GecoConfig {
    /// Checks ranges; `section` is the dotted name of the table.
    pub(crate) fn validate(&self, section: &str) -> Result<(), InvalidSetting> {
        let check = |holds, name: &str, value: f64, expected| {
            InvalidSetting::unless(holds, &format!("{section}.{name}"), value, expected)
        };
        let target = self.target > 0.0 && self.target <= 1.0;
        check(target, "target", self.target, "must be greater than 0 and at most 1")?;
        check((0.0..1.0).contains(&self.decay), "decay", self.decay, "must lie in [0, 1)")?;
        let step_size = (0.0..=1.0).contains(&self.step_size);
        check(step_size, "step_size", self.step_size, "must lie between 0 and 1")?;
        let clip = self.constraint_clip > 0.0 && self.constraint_clip.is_finite();
        check(clip, "constraint_clip", self.constraint_clip, "must be greater than 0")?;
        let least = self.min_multiplier > 0.0 && self.min_multiplier <= 1e6;
        check(least, "min_multiplier", self.min_multiplier, "must be greater than 0 and at most 1e6")?;
        let most = self.max_multiplier >= self.min_multiplier && self.max_multiplier <= 1e6;
        let expected = "must be at least min_multiplier and at most 1e6";
        check(most, "max_multiplier", self.max_multiplier, expected)?;
        let first = (self.min_multiplier..=self.max_multiplier).contains(&self.first_multiplier);
        check(first, "first_multiplier", self.first_multiplier, "must lie between min_multiplier and max_multiplier")
    }
}

/// The multiplier of one loss, moved once for every batch.
#[derive(Debug)]
pub(crate) struct Multiplier {
    geco: Geco,
    /// log λ, moving average of the constraint, and whether there is one yet (1) or not (0): `[3]`.
    state: Tensor,
}

impl Multiplier {
    /// At its first value.
    pub(crate) fn new(mut scope: Scope<'_>, config: &GecoConfig) -> Self {
        let GecoConfig { decay, step_size, constraint_clip, min_multiplier, max_multiplier, .. } = *config;
        let multiplier = Self {
            geco: Geco { decay, step_size, constraint_clip, min_multiplier, max_multiplier },
            state: scope.buffer("state", &[3], 0.0),
        };
        multiplier.keep(GecoState { log_multiplier: config.first_multiplier.ln(), average: None });
        multiplier
    }

    /// Multiplier and average of now.
    pub(crate) fn state(&self) -> GecoState {
        let values = groundling_nn::to_host(&self.state);
        let average = (values[2] != 0.0).then_some(f64::from(values[1]));
        GecoState { log_multiplier: f64::from(values[0]), average }
    }

    /// Takes note of a batch's mean constraint.
    pub(crate) fn advance(&self, constraint: f64) {
        self.keep(self.geco.advance(self.state(), constraint));
    }

    fn keep(&self, state: GecoState) {
        let started = if state.average.is_some() { 1.0 } else { 0.0 };
        let values = [state.log_multiplier as f32, state.average.unwrap_or(0.0) as f32, started];
        tch::no_grad(|| self.state.shallow_clone().copy_(&Tensor::from_slice(&values)));
    }
}

#[cfg(test)]
mod tests {
    use groundling_nn::{NamedValues, Parameters};
    use tch::Device;

    use super::*;

    fn multiplier(config: &GecoConfig) -> (Parameters, Multiplier) {
        let mut parameters = Parameters::new(Device::Cpu);
        let multiplier = Multiplier::new(parameters.scope(1).sub("geco"), config);
        (parameters, multiplier)
    }

    #[test]
    fn a_checkpoint_keeps_the_state_bit_for_bit() {
        let config = GecoConfig { first_multiplier: 0.3, ..GecoConfig::default() };
        let constraint = |t: i32| (f64::from(t) * 0.9).sin() * 3.0;
        let (_, whole) = multiplier(&config);
        let (parameters, before) = multiplier(&config);
        for t in 0..7 {
            whole.advance(constraint(t));
            before.advance(constraint(t));
        }
        let bytes = parameters.values().to_safetensors().unwrap();
        let (resumed, after) = multiplier(&config);
        resumed.set_values(&NamedValues::from_safetensors(&bytes).unwrap()).unwrap();
        assert_eq!(after.state(), before.state());
        for t in 7..15 {
            whole.advance(constraint(t));
            after.advance(constraint(t));
        }
        assert_eq!(after.state(), whole.state());
        assert!((whole.state().log_multiplier - 0.3f64.ln()).abs() > 1e-3, "it moved at all");
        // No optimiser moves it.
        assert_eq!(parameters.num_values(), 0);
    }

    #[test]
    fn what_is_not_finite_leaves_it_alone() {
        let (_, multiplier) = multiplier(&GecoConfig::default());
        multiplier.advance(2.0);
        let state = multiplier.state();
        multiplier.advance(f64::NAN);
        multiplier.advance(f64::INFINITY);
        assert_eq!(multiplier.state(), state);
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let refused = |config: GecoConfig| config.validate("geco").unwrap_err().key;
        let sound = GecoConfig::default();
        assert!(sound.validate("geco").is_ok());
        assert_eq!(refused(GecoConfig { target: 0.0, ..sound.clone() }), "geco.target");
        assert_eq!(refused(GecoConfig { decay: 1.0, ..sound.clone() }), "geco.decay");
        assert_eq!(refused(GecoConfig { step_size: f64::NAN, ..sound.clone() }), "geco.step_size");
        assert_eq!(refused(GecoConfig { constraint_clip: 0.0, ..sound.clone() }), "geco.constraint_clip");
        assert_eq!(refused(GecoConfig { min_multiplier: 0.0, ..sound.clone() }), "geco.min_multiplier");
        assert_eq!(refused(GecoConfig { max_multiplier: 1e-4, ..sound.clone() }), "geco.max_multiplier");
        assert_eq!(refused(GecoConfig { first_multiplier: 101.0, ..sound }), "geco.first_multiplier");
    }
}
