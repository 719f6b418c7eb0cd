//! The arithmetic of one row of an LSTM between its matrix products, on the host, in the widest vectors there are.
//!
//! Gates in the order input `i`, forget `f`, output `o`, candidate `g`; `c' = f c + i g`, `h' = o tanh c'`.

/// `a b + c`, rounded once where the machine does that in one instruction.
#[inline(always)]
fn fma<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// Hyperbolic tangent to a few units in the last place: a rational function, as Eigen's, since it is arithmetic only.
#[inline(always)]
fn tanh<const FUSED: bool>(x: f32) -> f32 {
    // Beyond it the result is 1 to the last bit.
    let x = x.clamp(-7.905_311, 7.905_311);
    let square = x * x;
    let odd = [2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619e-4, 4.893_524_6e-3];
    let even = [1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];
    let horner = |first: f32, rest: &[f32]| rest.iter().fold(first, |sum, &term| fma::<FUSED>(sum, square, term));
    x * horner(-2.760_768_5e-16, &odd) / horner(1.198_258_4e-6, &even)
}

#[inline(always)]
fn sigmoid<const FUSED: bool>(x: f32) -> f32 {
    fma::<FUSED>(tanh::<FUSED>(0.5 * x), 0.5, 0.5)
}

/// What a step reads and writes of one room.
pub(super) struct Forward<'a> {
    /// `[4 N]`, before the activation functions; afterwards behind them.
    pub(super) gates: &'a mut [f32],
    /// `[N]`, the cell before the step.
    pub(super) before: &'a [f32],
    /// What remains of that cell: 0 where an episode begins, else 1.
    pub(super) keep: f32,
    /// `[N]`, the cell behind the step.
    pub(super) cell: &'a mut [f32],
    /// `[N]`, the output.
    pub(super) hidden: &'a mut [f32],
}

/// What the way back through a step reads and writes of one room; gates as `Forward` left them.
pub(super) struct Backward<'a> {
    /// `[4 N]`.
    pub(super) gates: &'a [f32],
    /// `[N]`, the cell before the step.
    pub(super) before: &'a [f32],
    /// As in `Forward`.
    pub(super) keep: f32,
    /// `[N]`, the cell behind the step.
    pub(super) cell: &'a [f32],
    /// `[N]`, gradient of the output.
    pub(super) d_hidden: &'a [f32],
    /// `[N]`, gradient of the cell behind the step; afterwards of the one before it.
    pub(super) d_cell: &'a mut [f32],
    /// `[4 N]`, gradient of the gates before the activation functions; written.
    pub(super) d_gates: &'a mut [f32],
}

#[inline(always)]
fn forward_as<const FUSED: bool>(row: Forward<'_>) {
    let size = row.cell.len();
    let (i, rest) = row.gates.split_at_mut(size);
    let (f, rest) = rest.split_at_mut(size);
    let (o, g) = rest.split_at_mut(size);
    let (g, before, hidden) = (&mut g[..size], &row.before[..size], &mut row.hidden[..size]);
    for n in 0..size {
        i[n] = sigmoid::<FUSED>(i[n]);
        f[n] = sigmoid::<FUSED>(f[n]);
        o[n] = sigmoid::<FUSED>(o[n]);
        g[n] = tanh::<FUSED>(g[n]);
        row.cell[n] = fma::<FUSED>(f[n], row.keep * before[n], i[n] * g[n]);
        hidden[n] = o[n] * tanh::<FUSED>(row.cell[n]);
    }
}

#[inline(always)]
fn backward_as<const FUSED: bool>(row: Backward<'_>) {
    let size = row.cell.len();
    let (i, rest) = row.gates.split_at(size);
    let (f, rest) = rest.split_at(size);
    let (o, g) = rest.split_at(size);
    let (d_i, rest) = row.d_gates.split_at_mut(size);
    let (d_f, rest) = rest.split_at_mut(size);
    let (d_o, d_g) = rest.split_at_mut(size);
    let (g, before, d_g) = (&g[..size], &row.before[..size], &mut d_g[..size]);
    let (d_hidden, d_cell) = (&row.d_hidden[..size], &mut row.d_cell[..size]);
    for n in 0..size {
        let tanh_cell = tanh::<FUSED>(row.cell[n]);
        let slope = d_hidden[n] * o[n];
        let d = d_cell[n] + slope * fma::<FUSED>(-tanh_cell, tanh_cell, 1.0);
        d_i[n] = d * g[n] * (i[n] * (1.0 - i[n]));
        d_f[n] = d * (row.keep * before[n]) * (f[n] * (1.0 - f[n]));
        d_o[n] = d_hidden[n] * tanh_cell * (o[n] * (1.0 - o[n]));
        d_g[n] = d * i[n] * fma::<FUSED>(-g[n], g[n], 1.0);
        d_cell[n] = d * f[n] * row.keep;
    }
}

/// The vector units for which the loops above are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vectors {
    /// 16 numbers at once.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 8 numbers at once.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// What every machine of this kind has.
    Baseline,
}

impl Vectors {
    /// Those of this machine, widest first.
    pub(super) fn available() -> Vec<Self> {
        let mut all = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let fused = std::arch::is_x86_feature_detected!("fma");
            if fused && std::arch::is_x86_feature_detected!("avx512f") {
                all.push(Self::Avx512);
            }
            if fused && std::arch::is_x86_feature_detected!("avx2") {
                all.push(Self::Avx2);
            }
        }
        all.push(Self::Baseline);
        all
    }

    /// The widest of this machine.
    pub(super) fn widest() -> Self {
        Self::available()[0]
    }

    /// One step of one room.
    pub(super) fn forward(self, row: Forward<'_>) {
        match self {
            // SAFETY: such a value comes from `available` only, which has asked for these instructions.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { forward_avx512(row) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { forward_avx2(row) },
            Self::Baseline => forward_as::<false>(row),
        }
    }

    /// The way back through one step of one room.
    pub(super) fn backward(self, row: Backward<'_>) {
        match self {
            // SAFETY: such a value comes from `available` only, which has asked for these instructions.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { backward_avx512(row) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { backward_avx2(row) },
            Self::Baseline => backward_as::<false>(row),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn forward_avx512(row: Forward<'_>) {
    forward_as::<true>(row);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn forward_avx2(row: Forward<'_>) {
    forward_as::<true>(row);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,fma")]
fn backward_avx512(row: Backward<'_>) {
    backward_as::<true>(row);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn backward_avx2(row: Backward<'_>) {
    backward_as::<true>(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tangent_is_exact_to_a_few_units() {
        for step in -4000..=4000 {
            let x = step as f32 * 0.005;
            let exact = f64::from(x).tanh();
            for found in [tanh::<true>(x), tanh::<false>(x)] {
                assert!((f64::from(found) - exact).abs() <= 4e-7 * exact.abs(), "{x}: {found} for {exact}");
            }
        }
        assert!(tanh::<true>(f32::NAN).is_nan());
    }

    #[test]
    fn every_vector_unit_computes_the_same() {
        const N: usize = 37;
        let number = |k: usize| ((k * 7919) % 613) as f32 / 100.0 - 3.0;
        let numbers = |from: usize, count: usize| (from..from + count).map(number).collect::<Vec<f32>>();
        let run = |vectors: Vectors| {
            let (mut gates, mut cell, mut hidden) = (numbers(0, 4 * N), vec![0.0; N], vec![0.0; N]);
            let before = numbers(500, N);
            let (cell_out, hidden_out) = (&mut cell, &mut hidden);
            vectors.forward(Forward {
                gates: &mut gates,
                before: &before,
                keep: 1.0,
                cell: cell_out,
                hidden: hidden_out,
            });
            let (d_hidden, mut d_cell, mut d_gates) = (numbers(900, N), numbers(950, N), vec![0.0; 4 * N]);
            vectors.backward(Backward {
                gates: &gates,
                before: &before,
                keep: 1.0,
                cell: &cell,
                d_hidden: &d_hidden,
                d_cell: &mut d_cell,
                d_gates: &mut d_gates,
            });
            [cell, hidden, d_cell, d_gates].concat()
        };
        let baseline = run(Vectors::Baseline);
        for vectors in Vectors::available() {
            for (one, other) in run(vectors).iter().zip(&baseline) {
                assert!((one - other).abs() < 1e-5, "{vectors:?}: {one} for {other}");
            }
        }
    }
}
