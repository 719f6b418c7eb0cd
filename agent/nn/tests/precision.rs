//! Promised of reduced precision: each layer gives nearly what it gives in f32, in the kind of its input, its parameters
//! stay f32 and get gradients in f32 that are nearly those of f32; and f32 is not touched by the others being there.

use groundling_nn::{Compute, Conv2d, ConvTranspose2d, Gru, Linear, Lstm, Parameters, Precision};
use tch::{Device, Kind, Tensor};

/// Products of bfloat16 factors have relative errors of about 2^-9 each; their sums here stay below this.
const TOLERANCE: f64 = 0.02;

/// Positive, so that no sum cancels and errors stay those of its terms.
fn input(shape: &[i64]) -> Tensor {
    let numel = shape.iter().product::<i64>();
    (Tensor::arange(numel, (Kind::Float, Device::Cpu)) * 0.37).sin().view(shape) * 0.4 + 0.6
}

/// Outputs and gradients of every parameter of a layer made in `precision`.
fn run(precision: Precision, layer: &dyn Fn(&mut Parameters) -> Tensor) -> (Tensor, Vec<(String, Tensor)>) {
    let mut parameters = Parameters::new(Compute { device: Device::Cpu, precision });
    let output = layer(&mut parameters);
    // Its gradient is positive too.
    output.exp().sum(Kind::Float).backward();
    let gradients = parameters.iter().map(|(name, tensor)| {
        assert_eq!(tensor.kind(), Kind::Float, "{name}");
        (name.to_string(), tensor.grad())
    });
    (output, gradients.collect())
}

/// Largest difference, relative to the largest number.
fn distance(one: &Tensor, other: &Tensor) -> f64 {
    assert_eq!((one.size(), one.kind()), (other.size(), other.kind()));
    ((one - other).abs().max() / one.abs().max()).double_value(&[])
}

fn compare(name: &str, layer: &dyn Fn(&mut Parameters) -> Tensor) {
    let (exact, exact_gradients) = run(Precision::F32, layer);
    let (reduced, reduced_gradients) = run(Precision::Bf16, layer);
    assert_eq!(reduced.kind(), Kind::Float, "{name}");
    let error = distance(&exact, &reduced);
    assert!(error > 0.0, "{name}: nothing was reduced");
    assert!(error < TOLERANCE, "{name}: {error}");
    for ((parameter, exact), (_, reduced)) in exact_gradients.iter().zip(&reduced_gradients) {
        let error = distance(exact, reduced);
        assert!(error < TOLERANCE, "{name}, gradient of {parameter}: {error}");
    }
    // On a CPU the settings of an accelerator's f32 products have no effect.
    assert_eq!(distance(&exact, &run(Precision::Tf32, layer).0), 0.0, "{name}");
}

#[test]
fn each_layer_is_nearly_what_it_is_in_f32() {
    compare("linear", &|parameters| Linear::new(parameters.scope(1), 40, 30, 1.0).forward(&input(&[7, 40])));
    compare("convolution", &|parameters| {
        Conv2d::new(parameters.scope(1), 3, 8, 3, 1, 1).forward(&input(&[2, 3, 9, 11]))
    });
    compare("tiles", &|parameters| Conv2d::new(parameters.scope(1), 3, 8, 4, 4, 0).forward(&input(&[2, 3, 8, 12])));
    compare("transposed convolution", &|parameters| {
        ConvTranspose2d::new(parameters.scope(1), 6, 4, 4, 2, 1).forward(&input(&[2, 6, 3, 4]))
    });
    compare("lstm", &|parameters| {
        let lstm = Lstm::new(parameters.scope(1), 12, 16, 1.5);
        let keep = Tensor::from_slice(&[1.0f32, 0.0]).view([2, 1]);
        let keeps = [None, Some(keep), None, None, None];
        lstm.unroll(&lstm.project(&input(&[5, 2, 12])), &lstm.zero_state(2), &keeps).hidden
    });
    compare("gru", &|parameters| {
        let gru = Gru::new(parameters.scope(1), 12, 16, 1.5);
        Tensor::stack(&gru.unroll(&gru.project(&input(&[5, 2, 12])).unbind(0), &input(&[2, 16])), 0)
    });
}

#[test]
fn a_chain_that_begins_reduced_stays_so() {
    let compute = Compute { device: Device::Cpu, precision: Precision::Bf16 };
    let mut parameters = Parameters::new(compute);
    let mut scope = parameters.scope(1);
    let (first, second) = (Conv2d::new(scope.sub("a"), 3, 8, 3, 1, 1), Conv2d::new(scope.sub("b"), 8, 4, 3, 2, 1));
    let maps = second.forward(&first.forward(&input(&[2, 3, 9, 11]).to_kind(compute.precision.factor_kind())).relu());
    assert_eq!(maps.kind(), Kind::BFloat16);
    maps.to_kind(Kind::Float).square().sum(Kind::Float).backward();
    for (name, tensor) in parameters.iter() {
        assert_eq!(tensor.grad().kind(), Kind::Float, "{name}");
        assert!(tensor.grad().abs().max().double_value(&[]) > 0.0, "{name}");
    }
}
