//! A long short-term memory whose state is always in plain sight.

mod cell;
mod sequence;

use tch::{Kind, Tensor};

use crate::host::is_host_f32;
use crate::{Initializer, Precision, Scope};

/// Hidden output and cell, each `[B, N]`.
#[derive(Debug)]
pub struct LstmState {
    /// Output, `[B, N]`.
    pub hidden: Tensor,
    /// Cell, `[B, N]`.
    pub cell: Tensor,
}

impl LstmState {
    /// Another handle to the same tensors.
    pub fn shallow_clone(&self) -> Self {
        Self { hidden: self.hidden.shallow_clone(), cell: self.cell.shallow_clone() }
    }

    /// Each room's state times `keep` (`[B, 1]`; 0 forgets, 1 keeps).
    pub fn keep(&self, keep: &Tensor) -> Self {
        Self { hidden: &self.hidden * keep, cell: &self.cell * keep }
    }
}

/// LSTM: gates in the order input, forget, output, candidate.
#[derive(Debug)]
pub struct Lstm {
    input_weight: Tensor,
    recurrent_weight: Tensor,
    bias: Tensor,
    size: i64,
    precision: Precision,
}

impl Lstm {
    /// Orthogonal recurrent weights, LeCun-uniform input weights, forget bias `forget_bias`, other biases 0.
    pub fn new(mut scope: Scope<'_>, inputs: i64, size: i64, forget_bias: f64) -> Self {
        let precision = scope.precision();
        let input_weight = scope.parameter("input_weight", &[4 * size, inputs], Initializer::FanIn { gain: 1.0 });
        let recurrent_weight = scope.parameter("recurrent_weight", &[4 * size, size], Initializer::OrthogonalBlocks);
        let bias = scope.parameter("bias", &[4 * size], Initializer::Constant(0.0));
        tch::no_grad(|| {
            let _ = bias.narrow(0, size, size).fill_(forget_bias);
        });
        Self { input_weight, recurrent_weight, bias, size, precision }
    }

    /// With cells that begin with different time constants, spread evenly in the logarithm from 1 step to `longest`: a forget
    /// bias of ln τ keeps `τ / (1 + τ)` a step, and an input bias of −ln τ lets in as much as is let go (Tallec & Ollivier
    /// 2018, "Can recurrent neural networks warp time?"). `longest` is 1 or more.
    #[must_use]
    pub fn with_time_constants(self, longest: f64) -> Self {
        let last_unit = (self.size - 1).max(1) as f64;
        let forget = Tensor::arange(self.size, (Kind::Float, self.bias.device())) * (longest.ln() / last_unit);
        tch::no_grad(|| {
            self.bias.narrow(0, 0, self.size).copy_(&-&forget);
            self.bias.narrow(0, self.size, self.size).copy_(&forget);
        });
        self
    }

    /// Number of units `N`.
    pub fn size(&self) -> i64 {
        self.size
    }

    /// The state of `batch` rooms in which nothing has happened yet.
    pub fn zero_state(&self, batch: i64) -> LstmState {
        let zeros = || Tensor::zeros([batch, self.size], (Kind::Float, self.bias.device()));
        LstmState { hidden: zeros(), cell: zeros() }
    }

    /// What the inputs add to the gates, for all steps in one product: `[.., inputs] -> [.., 4 N]`.
    pub fn project(&self, inputs: &Tensor) -> Tensor {
        let (weight, bias) = (self.precision.factor(&self.input_weight), self.precision.factor(&self.bias));
        self.precision.product(inputs, |inputs| inputs.linear(&weight, Some(&bias)))
    }

    /// One step from projected inputs `[B, 4 N]`.
    pub fn step(&self, projected: &Tensor, state: &LstmState) -> LstmState {
        if self.is_fused(projected) {
            let LstmState { hidden, cell } =
                sequence::run(&projected.unsqueeze(0), state, &self.recurrent_weight, &[None]);
            return LstmState { hidden: hidden.squeeze_dim(0), cell: cell.squeeze_dim(0) };
        }
        self.step_with(projected, state, &self.recurrent_factor())
    }

    /// Whether steps are one operation of the graph.
    fn is_fused(&self, projected: &Tensor) -> bool {
        self.precision != Precision::Bf16 && is_host_f32(projected)
    }

    /// The recurrent weights `[N, 4 N]` as they are multiplied: cast once for all steps.
    fn recurrent_factor(&self) -> Tensor {
        self.precision.factor(&self.recurrent_weight).tr()
    }

    fn step_with(&self, projected: &Tensor, state: &LstmState, recurrent_t: &Tensor) -> LstmState {
        let gates = match self.precision {
            Precision::Bf16 => projected + self.precision.product(&state.hidden, |hidden| hidden.mm(recurrent_t)),
            Precision::F32 | Precision::Tf32 => projected.addmm(&state.hidden, recurrent_t),
        };
        let parts = gates.split_with_sizes([3 * self.size, self.size], 1);
        let sigmoids = parts[0].sigmoid().chunk(3, 1);
        let cell = (&sigmoids[1] * &state.cell).addcmul(&sigmoids[0], &parts[1].tanh());
        let hidden = &sigmoids[2] * cell.tanh();
        LstmState { hidden, cell }
    }

    /// Runs over time: projected inputs `[T, B, 4 N]` from `state`, `T ≥ 1`. `keeps[t]` (`[B, 1]`), where given, multiplies
    /// the state before step `t`. Returns the state after each step, `[T, B, N]`.
    pub fn unroll(&self, projected: &Tensor, state: &LstmState, keeps: &[Option<Tensor>]) -> LstmState {
        if self.is_fused(projected) {
            return sequence::run(projected, state, &self.recurrent_weight, keeps);
        }
        self.unroll_step_by_step(projected, state, keeps)
    }

    /// The same as a loop of libtorch's operations, for other devices and kinds of numbers.
    fn unroll_step_by_step(&self, projected: &Tensor, state: &LstmState, keeps: &[Option<Tensor>]) -> LstmState {
        let recurrent_t = self.recurrent_factor();
        let mut states: Vec<LstmState> = Vec::with_capacity(keeps.len());
        // Unbound once: indexing inside the loop would make each step's backward fill a full [T, B, 4 N] tensor.
        for (projected, keep) in projected.unbind(0).iter().zip(keeps) {
            let before = states.last().unwrap_or(state);
            let after = match keep {
                Some(keep) => self.step_with(projected, &before.keep(keep), &recurrent_t),
                None => self.step_with(projected, before, &recurrent_t),
            };
            states.push(after);
        }
        let (hidden, cell): (Vec<Tensor>, Vec<Tensor>) = states.into_iter().map(|s| (s.hidden, s.cell)).unzip();
        LstmState { hidden: Tensor::stack(&hidden, 0), cell: Tensor::stack(&cell, 0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameters;
    use tch::Device;

    #[test]
    fn equals_the_formula_on_scalars() {
        let mut parameters = Parameters::new(Device::Cpu);
        let lstm = Lstm::new(parameters.scope(5).sub("core"), 2, 1, 1.5);
        let input = [0.3f32, -0.7];
        let state = LstmState {
            hidden: Tensor::from_slice(&[0.2f32]).view([1, 1]),
            cell: Tensor::from_slice(&[-0.4f32]).view([1, 1]),
        };
        let next = lstm.step(&lstm.project(&Tensor::from_slice(&input).view([1, 2])), &state);

        let values = parameters.values();
        let (w, u, b) = (
            values.get("core.input_weight", &[4, 2]).unwrap(),
            values.get("core.recurrent_weight", &[4, 1]).unwrap(),
            values.get("core.bias", &[4]).unwrap(),
        );
        let gate = |k: usize| f64::from(w[2 * k] * input[0] + w[2 * k + 1] * input[1] + u[k] * 0.2 + b[k]);
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let cell = sigmoid(gate(1)) * -0.4 + sigmoid(gate(0)) * gate(3).tanh();
        let hidden = sigmoid(gate(2)) * cell.tanh();
        assert!((next.cell.double_value(&[0, 0]) - cell).abs() < 1e-6);
        assert!((next.hidden.double_value(&[0, 0]) - hidden).abs() < 1e-6);
        assert_eq!(b[1], 1.5);
    }

    #[test]
    fn cells_keep_what_their_time_constants_say() {
        let mut parameters = Parameters::new(Device::Cpu);
        let lstm = Lstm::new(parameters.scope(5).sub("core"), 2, 3, 1.5).with_time_constants(16.0);
        // Nothing seen and nothing said: the gates are their biases, and the candidate is 0.
        let state = LstmState { cell: Tensor::ones([1, 3], (Kind::Float, Device::Cpu)), ..lstm.zero_state(1) };
        let next = lstm.step(&lstm.project(&Tensor::zeros([1, 2], (Kind::Float, Device::Cpu))), &state);
        for (unit, steps) in [1.0, 4.0, 16.0].into_iter().enumerate() {
            let kept = next.cell.double_value(&[0, unit as i64]);
            assert!((kept - steps / (1.0 + steps)).abs() < 1e-6, "unit {unit}: {kept}");
        }
        let values = parameters.values();
        let bias = values.get("core.bias", &[12]).unwrap();
        assert!(bias[..3].iter().zip(&bias[3..6]).all(|(input, forget)| *input == -forget), "{bias:?}");
    }

    #[test]
    fn forgetting_equals_starting_anew() {
        let mut parameters = Parameters::new(Device::Cpu);
        let lstm = Lstm::new(parameters.scope(5).sub("core"), 3, 4, 1.0);
        let inputs = Tensor::arange(6 * 2 * 3, (Kind::Float, Device::Cpu)).sin().view([6, 2, 3]);
        let projected = lstm.project(&inputs);
        let mut keeps: Vec<Option<Tensor>> = (0..6).map(|_| None).collect();
        keeps[3] = Some(Tensor::from_slice(&[0.0f32, 1.0]).view([2, 1]));
        let whole = lstm.unroll(&projected, &lstm.zero_state(2), &keeps);
        let anew = lstm.unroll(&projected.narrow(0, 3, 3), &lstm.zero_state(2), &[None, None, None]);
        let difference = (whole.hidden.get(5) - anew.hidden.get(2)).abs();
        assert_eq!(difference.get(0).max().double_value(&[]), 0.0);
        assert!(difference.get(1).max().double_value(&[]) > 1e-4);
    }
    /// Outputs and gradients of one run, and what it depends on, with random numbers everywhere.
    fn run(by_steps: bool) -> Vec<Tensor> {
        const SHAPE: [i64; 3] = [9, 3, 5];
        let mut parameters = Parameters::new(Device::Cpu);
        let lstm = Lstm::new(parameters.scope(5).sub("core"), SHAPE[2], 7, 1.0);
        let numbers = |shape: &[i64], scale: f64| {
            let count: i64 = shape.iter().product();
            (Tensor::arange(count, (Kind::Float, Device::Cpu)) * scale).sin().view(shape).set_requires_grad(true)
        };
        let (inputs, hidden, cell) = (numbers(&SHAPE, 1.7), numbers(&[3, 7], 2.3), numbers(&[3, 7], 0.9));
        let mut keeps: Vec<Option<Tensor>> = (0..9).map(|_| None).collect();
        keeps[0] = Some(Tensor::from_slice(&[1.0f32, 0.0, 1.0]).view([3, 1]));
        keeps[4] = Some(Tensor::from_slice(&[0.0f32, 1.0, 1.0]).view([3, 1]));
        let state = LstmState { hidden: hidden.shallow_clone(), cell: cell.shallow_clone() };
        let projected = lstm.project(&inputs);
        let all = if by_steps {
            lstm.unroll_step_by_step(&projected, &state, &keeps)
        } else {
            lstm.unroll(&projected, &state, &keeps)
        };
        let loss = (&all.hidden * numbers(&[9, 3, 7], 0.3)).sum(Kind::Float)
            + (&all.cell * numbers(&[9, 3, 7], 0.7)).square().sum(Kind::Float);
        let mut targets = vec![&inputs, &hidden, &cell];
        targets.extend(parameters.iter().map(|(_, tensor)| tensor));
        let gradients = Tensor::run_backward(&[loss], &targets, true, false);
        [all.hidden, all.cell].into_iter().chain(gradients).collect()
    }

    #[test]
    fn one_operation_equals_the_loop_in_outputs_and_gradients() {
        let (fused, looped) = (run(false), run(true));
        assert_eq!(fused.len(), 8);
        for (index, (fused, looped)) in fused.iter().zip(&looped).enumerate() {
            let error = (fused - looped).abs().max().double_value(&[]);
            let size = looped.abs().max().double_value(&[]);
            assert!(size > 0.01 && error < 2e-6 * size.max(1.0), "{index}: {error} of {size}");
        }
    }

    #[test]
    fn a_gradient_of_the_cells_alone_goes_through() {
        let mut parameters = Parameters::new(Device::Cpu);
        let lstm = Lstm::new(parameters.scope(5).sub("core"), 2, 3, 1.0);
        let state = lstm.zero_state(1);
        let inputs = Tensor::ones([4, 1, 2], (Kind::Float, Device::Cpu));
        lstm.unroll(&lstm.project(&inputs), &state, &[None, None, None, None]).cell.sum(Kind::Float).backward();
        assert!(parameters.gradient_norm() > 0.01);
    }
}
