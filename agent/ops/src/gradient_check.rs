//! Gradients against central differences, for tests.

use tch::Tensor;

/// Panics unless autograd's gradient of the scalar `loss` at `point` equals central differences, all in f64.
pub(crate) fn agrees_with_differences(point: &[f64], loss: impl Fn(&Tensor) -> Tensor) {
    let leaf = Tensor::from_slice(point).set_requires_grad(true);
    loss(&leaf).backward();
    for index in 0..point.len() {
        let at = |step: f64| {
            let mut moved = point.to_vec();
            moved[index] += step;
            loss(&Tensor::from_slice(&moved)).double_value(&[])
        };
        let (slope, gradient) = ((at(1e-5) - at(-1e-5)) / 2e-5, leaf.grad().double_value(&[index as i64]));
        assert!((slope - gradient).abs() < 1e-7 * (1.0 + slope.abs()), "element {index}: {slope} against {gradient}");
    }
}
