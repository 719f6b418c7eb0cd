//! A gated recurrent unit (Cho et al. 2014), with the reset gate behind the recurrent product as in cuDNN and PyTorch.
//!
//! r = σ(W_r x + U_r h + b_r), z = σ(W_z x + U_z h + b_z), n = tanh(W_n x + b_n + r ⊙ U_n h), h' = (1 − z) ⊙ n + z ⊙ h.

use tch::Tensor;

use crate::{Initializer, Precision, Scope};

/// GRU: gates in the order reset, update, candidate. Its state is its output.
#[derive(Debug)]
pub struct Gru {
    input_weight: Tensor,
    recurrent_weight: Tensor,
    bias: Tensor,
    size: i64,
    precision: Precision,
}

impl Gru {
    /// Orthogonal recurrent weights, LeCun-uniform input weights, update gate's bias `update_bias`, other biases 0.
    /// An update gate of σ(`update_bias`) is the share of the state that a step keeps: at 0 half of it, so that after
    /// ten steps little of the first state is left and little gradient finds back to it; at 1.5 over four fifths.
    pub fn new(mut scope: Scope<'_>, inputs: i64, size: i64, update_bias: f64) -> Self {
        let precision = scope.precision();
        let input_weight = scope.parameter("input_weight", &[3 * size, inputs], Initializer::FanIn { gain: 1.0 });
        let recurrent_weight = scope.parameter("recurrent_weight", &[3 * size, size], Initializer::OrthogonalBlocks);
        let bias = scope.parameter("bias", &[3 * size], Initializer::Constant(0.0));
        tch::no_grad(|| {
            let _ = bias.narrow(0, size, size).fill_(update_bias);
        });
        Self { input_weight, recurrent_weight, bias, size, precision }
    }

    /// What the inputs add to the gates, for all steps in one product: `[.., inputs] -> [.., 3 N]`.
    pub fn project(&self, inputs: &Tensor) -> Tensor {
        let (weight, bias) = (self.precision.factor(&self.input_weight), self.precision.factor(&self.bias));
        self.precision.product(inputs, |inputs| inputs.linear(&weight, Some(&bias)))
    }

    /// Runs over time from `state` `[B, N]`: `projected` inputs of each step, `[B_t, 3 N]`. From step to step the first
    /// rooms go on and the last ones may leave, so `B_t` never grows. Returns the state after each step, `[B_t, N]`.
    pub fn unroll(&self, projected: &[Tensor], state: &Tensor) -> Vec<Tensor> {
        let recurrent_t = self.precision.factor(&self.recurrent_weight).tr();
        let mut states: Vec<Tensor> = Vec::with_capacity(projected.len());
        for projected in projected {
            let (before, num_rooms) = (states.last().unwrap_or(state), projected.size()[0]);
            let after = if before.size()[0] == num_rooms {
                self.step(projected, before, &recurrent_t)
            } else {
                self.step(projected, &before.narrow(0, 0, num_rooms), &recurrent_t)
            };
            states.push(after);
        }
        states
    }

    fn step(&self, projected: &Tensor, state: &Tensor, recurrent_t: &Tensor) -> Tensor {
        let sizes = [2 * self.size, self.size];
        let inputs = projected.split_with_sizes(sizes, 1);
        let recurrent = self.precision.product(state, |state| state.matmul(recurrent_t)).split_with_sizes(sizes, 1);
        let gates = (&inputs[0] + &recurrent[0]).sigmoid().chunk(2, 1);
        let candidate = inputs[1].addcmul(&gates[0], &recurrent[1]).tanh();
        // (1 − z) n + z h.
        candidate.lerp_tensor(state, &gates[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameters;
    use tch::{Device, Kind};

    fn wave(shape: &[i64], offset: f64) -> Tensor {
        (Tensor::arange(shape.iter().product::<i64>(), (Kind::Float, Device::Cpu)) + offset).sin().view(shape)
    }

    #[test]
    fn equals_the_formula_on_scalars() {
        let mut parameters = Parameters::new(Device::Cpu);
        let gru = Gru::new(parameters.scope(5).sub("core"), 2, 1, 1.5);
        assert_eq!(parameters.values().get("core.bias", &[3]).unwrap(), [0.0, 1.5, 0.0]);
        tch::no_grad(|| gru.bias.shallow_clone().copy_(&Tensor::from_slice(&[0.3f32, -0.2, 0.1])));
        let (input, state) = ([0.3f32, -0.7], 0.4f32);
        let projected = gru.project(&Tensor::from_slice(&input).view([1, 1, 2]));
        let next = gru.unroll(&projected.unbind(0), &Tensor::from_slice(&[state]).view([1, 1]));

        let values = parameters.values();
        let (w, u, b) = (
            values.get("core.input_weight", &[3, 2]).unwrap(),
            values.get("core.recurrent_weight", &[3, 1]).unwrap(),
            values.get("core.bias", &[3]).unwrap(),
        );
        let from_input = |k: usize| f64::from(w[2 * k] * input[0] + w[2 * k + 1] * input[1] + b[k]);
        let from_state = |k: usize| f64::from(u[k] * state);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let (reset, update) = (sigmoid(from_input(0) + from_state(0)), sigmoid(from_input(1) + from_state(1)));
        let candidate = (from_input(2) + reset * from_state(2)).tanh();
        let expected = (1.0 - update) * candidate + update * f64::from(state);
        assert!((next[0].double_value(&[0, 0]) - expected).abs() < 1e-6);
    }

    #[test]
    fn over_time_it_equals_libtorchs_own_cell() {
        let mut parameters = Parameters::new(Device::Cpu);
        let gru = Gru::new(parameters.scope(5).sub("core"), 3, 8, 1.5);
        let (inputs, mut state) = (wave(&[6, 2, 3], 0.2), wave(&[2, 8], 1.0));
        let states = gru.unroll(&gru.project(&inputs).unbind(0), &state);
        assert_eq!(states.len(), 6);
        let (input_weight, recurrent_weight) = (&gru.input_weight, &gru.recurrent_weight);
        let no_bias = gru.bias.zeros_like();
        for (t, found) in states.iter().enumerate() {
            state =
                inputs.get(t as i64).gru_cell(&state, input_weight, recurrent_weight, Some(&gru.bias), Some(&no_bias));
            assert!((found - &state).abs().max().double_value(&[]) < 1e-6, "step {t}");
        }
    }

    #[test]
    fn rooms_that_leave_do_not_touch_those_that_go_on() {
        let mut parameters = Parameters::new(Device::Cpu);
        let gru = Gru::new(parameters.scope(5).sub("core"), 3, 8, 1.5);
        let (projected, state) = (gru.project(&wave(&[4, 5, 3], 0.2)).unbind(0), wave(&[5, 8], 1.0));
        let all = gru.unroll(&projected, &state);
        let sizes = [5, 3, 3, 1];
        let shrinking: Vec<Tensor> = projected.iter().zip(sizes).map(|(step, size)| step.narrow(0, 0, size)).collect();
        for ((found, all), size) in gru.unroll(&shrinking, &state).iter().zip(&all).zip(sizes) {
            assert_eq!(found.size(), [size, 8]);
            assert!((found - all.narrow(0, 0, size)).abs().max().double_value(&[]) < 1e-6);
        }
    }
}
