//! Standard normal numbers for latents.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use tch::{Cuda, Device, Kind, Tensor};

/// A tensor f32 of independent standard normal numbers that `generator` decides.
///
/// On the CPU they are made here, one by one: libtorch's own generator belongs to the whole process. On a GPU its
/// generator, which nobody else uses, is seeded from `generator` and fills the tensor where it lies.
pub(crate) fn standard_normal(shape: &[i64], device: Device, generator: &mut ChaCha8Rng) -> Tensor {
    if let Device::Cuda(_) = device {
        Cuda::manual_seed(generator.next_u64());
        return Tensor::randn(shape, (Kind::Float, device));
    }
    let num_values = shape.iter().product::<i64>() as usize;
    let mut values = Vec::with_capacity(num_values + 1);
    while values.len() < num_values {
        // Box and Muller: a pair of independent normal numbers from a radius and an angle. 1 − u lies in (0, 1].
        let radius = (-2.0 * (1.0 - generator.random::<f32>()).ln()).sqrt();
        let (sine, cosine) = (generator.random::<f32>() * std::f32::consts::TAU).sin_cos();
        values.extend([radius * cosine, radius * sine]);
    }
    values.truncate(num_values);
    Tensor::from_slice(&values).reshape(shape).to_device(device)
}

#[cfg(test)]
mod tests {
    use groundling_interface::derive;

    use super::*;

    #[test]
    fn moments_and_tails_are_those_of_a_normal_distribution() {
        let noise = standard_normal(&[101, 999], Device::Cpu, &mut derive(1, "noise", &[]));
        assert_eq!(noise.size(), [101, 999]);
        for (power, expected) in [(1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)] {
            let moment = noise.pow_tensor_scalar(power).mean(Kind::Double).double_value(&[]);
            assert!((moment - expected).abs() < 0.06, "moment {power}: {moment}");
        }
        let outside = noise.abs().gt(1.96).to_kind(Kind::Float).mean(Kind::Double).double_value(&[]);
        assert!((outside - 0.05).abs() < 0.003, "{outside}");
        // Neighbours, which come from one radius, are not correlated, nor are their squares.
        let flat = noise.flatten(0, -1);
        let (even, odd) = (flat.slice(0, 0, 100_898, 2), flat.slice(0, 1, 100_898, 2));
        assert!((&even * &odd).mean(Kind::Double).double_value(&[]).abs() < 0.02);
        let squares = (even.square() - 1.0) * (odd.square() - 1.0);
        assert!(squares.mean(Kind::Double).double_value(&[]).abs() < 0.03);
    }

    #[test]
    fn the_generator_decides_them() {
        let draw = |seed| standard_normal(&[5], Device::Cpu, &mut derive(seed, "noise", &[]));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
