//! A slow-moving copy of some layers, whose parameters are an exponential average of theirs (a momentum encoder: Grill et
//! al. 2020, "Bootstrap Your Own Latent").

use tch::Tensor;

use crate::Scope;

/// The buffers of a copy, each with the trainable tensor that it follows.
#[derive(Debug)]
pub struct SlowCopy(Vec<(Tensor, Tensor)>);

impl SlowCopy {
    /// Moves each buffer to `momentum` times itself plus the rest of what it follows. A momentum of 0 copies.
    pub fn advance(&self, momentum: f64) {
        let _guard = tch::no_grad_guard();
        for (slow, fast) in &self.0 {
            let _ = slow.shallow_clone().lerp_(fast, 1.0 - momentum);
        }
    }
}

impl Scope<'_> {
    /// What `make` makes in the scope `name` below this one, of buffers: they are saved, no gradient reaches them and no
    /// optimiser moves them. They begin as copies of the tensors below the full name `of`, and follow those from then on.
    /// `make` makes the same as was made there. To be called on the device where all stay.
    ///
    /// # Panics
    ///
    /// Where there is nothing, or something of another shape, for one of them to follow.
    pub fn slow_copy<L>(&mut self, name: &str, of: &str, make: impl FnOnce(Scope<'_>) -> L) -> (L, SlowCopy) {
        let made = make(self.sub(name).frozen());
        let prefix = self.sub(name).prefix().to_string();
        let pairs = self.entries().iter().filter_map(|(full_name, slow)| {
            let name = format!("{of}.{}", full_name.strip_prefix(&prefix)?);
            let followed = self.entries().iter().find(|(other, fast)| *other == name && fast.size() == slow.size());
            assert!(followed.is_some(), "{full_name} has no {name} of its shape to follow");
            followed.map(|(_, fast)| (slow.shallow_clone(), fast.shallow_clone()))
        });
        let copy = SlowCopy(pairs.collect());
        copy.advance(0.0);
        (made, copy)
    }
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind};

    use super::*;
    use crate::{Linear, NamedValues, Parameters};

    struct Pair {
        parameters: Parameters,
        fast: Linear,
        slow: Linear,
        copy: SlowCopy,
    }

    fn pair() -> Pair {
        let mut parameters = Parameters::new(Device::Cpu);
        let make = |scope: Scope<'_>| Linear::new(scope, 3, 2, 1.0);
        let fast = make(parameters.scope(1).sub("encoder"));
        let (slow, copy) = parameters.scope(1).sub("loss").slow_copy("slow", "encoder", make);
        Pair { parameters, fast, slow, copy }
    }

    fn weight(parameters: &Parameters, name: &str) -> Vec<f32> {
        parameters.values().get(name, &[2, 3]).unwrap().to_vec()
    }

    fn raise(parameters: &Parameters, by: f64) {
        tch::no_grad(|| {
            for (_, tensor) in parameters.iter().filter(|(name, _)| name.starts_with("encoder")) {
                let _ = tensor.shallow_clone().g_add_scalar_(by);
            }
        });
    }

    #[test]
    fn it_begins_as_a_copy_and_follows_by_an_average() {
        let Pair { parameters, fast, slow, copy } = pair();
        let input = Tensor::ones([1, 3], (Kind::Float, Device::Cpu));
        assert_eq!(slow.forward(&input), fast.forward(&input));
        let before = weight(&parameters, "encoder.weight");
        raise(&parameters, 1.0);
        copy.advance(0.75);
        copy.advance(0.75);
        for (slow, before) in weight(&parameters, "loss.slow.weight").iter().zip(&before) {
            assert!((slow - before - (1.0 - 0.75 * 0.75)).abs() < 1e-6, "{slow} after {before}");
        }
        copy.advance(0.0);
        assert_eq!(slow.forward(&input), fast.forward(&input));
    }

    #[test]
    fn it_is_saved_and_not_trained() {
        let Pair { parameters, fast, slow, copy } = pair();
        let input = Tensor::ones([1, 3], (Kind::Float, Device::Cpu));
        assert_eq!(parameters.num_values(), 3 * 2 + 2);
        let output = slow.forward(&input);
        assert!(!output.requires_grad());
        (fast.forward(&input) - output).square().sum(Kind::Float).backward();
        raise(&parameters, 1.0);
        copy.advance(0.5);
        let bytes = parameters.values().to_safetensors().unwrap();
        let resumed = pair();
        resumed.parameters.set_values(&NamedValues::from_safetensors(&bytes).unwrap()).unwrap();
        for name in ["encoder.weight", "loss.slow.weight"] {
            assert_eq!(weight(&resumed.parameters, name), weight(&parameters, name));
        }
        assert_ne!(weight(&parameters, "encoder.weight"), weight(&parameters, "loss.slow.weight"));
    }

    #[test]
    fn it_follows_parameters_whose_memory_is_shared_later() {
        let (first, mut other) = (pair(), pair());
        other.parameters.share_memory_of(&first.parameters);
        raise(&first.parameters, 1.0);
        other.copy.advance(0.0);
        assert_eq!(weight(&other.parameters, "loss.slow.weight"), weight(&first.parameters, "encoder.weight"));
    }
}
