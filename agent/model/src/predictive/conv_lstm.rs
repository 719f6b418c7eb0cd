//! A long short-term memory whose state is a grid of cells and whose products are convolutions (Shi et al. 2015).

use groundling_nn::{Initializer, Precision, Scope};
use tch::{Kind, Tensor};

/// Side of the kernels.
const KERNEL: i64 = 3;

/// Output and cell, each `[M, N, h, w]`.
#[derive(Debug)]
pub(crate) struct GridState {
    /// Output.
    pub(crate) hidden: Tensor,
    /// Cell.
    pub(crate) cell: Tensor,
}

impl GridState {
    /// A state of this output whose cell is empty.
    pub(crate) fn begin(hidden: Tensor) -> Self {
        let cell = hidden.zeros_like();
        Self { hidden, cell }
    }
}

/// Convolutional LSTM without peepholes; gates in the order input, forget, output, candidate. What does not change
/// over the steps (`constant`) is projected once, what does (`changing`) at every step.
#[derive(Debug)]
pub(crate) struct ConvLstm {
    constant_weight: Tensor,
    changing_weight: Tensor,
    bias: Tensor,
    channels: i64,
    precision: Precision,
}

impl ConvLstm {
    /// LeCun-uniform weights, forget bias 1, other biases 0. `changing` counts the inputs besides the own output.
    pub(crate) fn new(mut scope: Scope<'_>, constant: i64, changing: i64, channels: i64) -> Self {
        let precision = scope.precision();
        let mut weight = |name: &str, inputs: i64| {
            let shape = [4 * channels, inputs, KERNEL, KERNEL];
            scope.parameter(name, &shape, Initializer::FanIn { gain: 1.0 })
        };
        let constant_weight = weight("constant_weight", constant);
        let changing_weight = weight("changing_weight", changing + channels);
        let bias = scope.parameter("bias", &[4 * channels], Initializer::Constant(0.0));
        tch::no_grad(|| {
            let _ = bias.narrow(0, channels, channels).fill_(1.0);
        });
        Self { constant_weight, changing_weight, bias, channels, precision }
    }

    /// An empty state `[num, N, rows, columns]`.
    pub(crate) fn zero_state(&self, num: i64, rows: i64, columns: i64) -> GridState {
        GridState::begin(Tensor::zeros([num, self.channels, rows, columns], (Kind::Float, self.bias.device())))
    }

    /// What constant inputs `[M, constant, h, w]` add to the gates at every step, `[M, 4 N, h, w]`.
    pub(crate) fn project(&self, constant: &Tensor) -> Tensor {
        let (weight, bias) = (self.precision.factor(&self.constant_weight), self.precision.factor(&self.bias));
        self.precision.product(constant, |constant| constant.conv2d(&weight, Some(&bias), 1, KERNEL / 2, 1, 1))
    }

    /// One step from projected constant inputs and `changing` ones, each `[M, .., h, w]`, in a fixed order.
    pub(crate) fn step(&self, projected: &Tensor, changing: &[&Tensor], state: &GridState) -> GridState {
        let inputs = Tensor::cat(&[changing, &[&state.hidden]].concat(), 1);
        let weight = self.precision.factor(&self.changing_weight);
        let changed = |inputs: &Tensor| inputs.conv2d(&weight, None::<&Tensor>, 1, KERNEL / 2, 1, 1);
        let gates = projected + self.precision.product(&inputs, changed);
        let parts = gates.split_with_sizes([3 * self.channels, self.channels], 1);
        let sigmoids = parts[0].sigmoid().chunk(3, 1);
        let cell = (&sigmoids[1] * &state.cell).addcmul(&sigmoids[0], &parts[1].tanh());
        let hidden = &sigmoids[2] * cell.tanh();
        GridState { hidden, cell }
    }
}
