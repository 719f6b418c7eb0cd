//! Gradients by central differences in f64, against those of autograd.

use tch::{Kind, Tensor};

/// Far enough for rounding (1e-16 / 1e-5) and near enough for curvature (1e-10) to vanish beside the tolerance.
const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-8;

/// Values that are neither regular nor random, f64 of `shape`.
pub(crate) fn wave(shape: &[i64], offset: f64, scale: f64) -> Tensor {
    let count: i64 = shape.iter().product();
    let values: Vec<f64> = (0..count).map(|i| ((i * i) as f64 * 0.7 + offset).sin() * scale).collect();
    Tensor::from_slice(&values).view(shape)
}

/// All numbers of an f64 tensor, in row-major order. Refuses other kinds: what has once been rounded to f32 proves nothing.
pub(crate) fn numbers(tensor: &Tensor) -> Vec<f64> {
    assert_eq!(tensor.kind(), Kind::Double, "computed in f64 throughout");
    let flat = tensor.detach().contiguous().view([-1]);
    (0..flat.numel() as i64).map(|index| flat.double_value(&[index])).collect()
}

/// The gradient of `loss` at `point` by autograd, after comparing it with differences.
pub(crate) fn checked_gradient(point: &Tensor, loss: impl Fn(&Tensor) -> Tensor) -> Vec<f64> {
    let leaf = point.copy().set_requires_grad(true);
    loss(&leaf).backward();
    let gradient = numbers(&leaf.grad());
    for (index, &by_autograd) in gradient.iter().enumerate() {
        let shifted = |step: f64| {
            let moved = point.copy();
            let _ = moved.view([-1]).get(index as i64).g_add_scalar_(step);
            numbers(&loss(&moved))[0]
        };
        let slope = (shifted(STEP) - shifted(-STEP)) / (2.0 * STEP);
        assert!((slope - by_autograd).abs() < TOLERANCE, "number {index}: {by_autograd}, differences say {slope}");
    }
    gradient
}
