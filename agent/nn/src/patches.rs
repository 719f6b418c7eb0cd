//! A convolution as matrix products over patches, on the host, as one operation of the graph.
//!
//! With channels last, the `k` pixels of a patch's row are one run of numbers, so that gathering patches is copying runs,
//! and where a picture has few of them, oneDNN's convolutions, which go picture by picture, take longer than one product
//! over the patches of many pictures. Patches are made for a few
//! pictures at a time, which stay in the core's own cache, and made again on the way back instead of being kept.

use groundling_autograd::{attach, is_recorded};
use tch::{Device, Kind, Tensor};

use crate::host::{host, host_mut, is_host_f32};

/// Numbers of the patches that are made at a time; half of a second-level cache of 1 MiB.
const CHUNK: i64 = 128 << 10;

/// Sizes of pictures, patches and results.
#[derive(Debug, Clone, Copy)]
struct Layout {
    pictures: i64,
    rows: i64,
    columns: i64,
    channels: i64,
    kernel: i64,
    stride: i64,
    rows_out: i64,
    columns_out: i64,
}

impl Layout {
    /// Numbers in one row of patches' pixels, `k · C`.
    fn run(&self) -> i64 {
        self.kernel * self.channels
    }

    /// Numbers in one patch, `k · k · C`.
    fn patch(&self) -> i64 {
        self.kernel * self.run()
    }

    /// Patches of one picture.
    fn patches(&self) -> i64 {
        self.rows_out * self.columns_out
    }

    /// First picture and number of pictures of each chunk.
    fn chunks(&self) -> impl Iterator<Item = (i64, i64)> + use<> {
        let (pictures, most) = (self.pictures, self.most_pictures());
        (0..pictures).step_by(most as usize).map(move |first| (first, most.min(pictures - first)))
    }

    fn most_pictures(&self) -> i64 {
        (CHUNK / (self.patches() * self.patch())).clamp(1, self.pictures.max(1))
    }

    /// Calls `each` with the place of every run in the pictures and in the patches of `pictures` pictures.
    #[inline(always)]
    fn for_runs(&self, pictures: i64, mut each: impl FnMut(usize, usize)) {
        let mut in_patches = 0;
        for picture in 0..pictures {
            for y in 0..self.rows_out {
                for x in 0..self.columns_out {
                    for row in y * self.stride..y * self.stride + self.kernel {
                        let pixel = (picture * self.rows + row) * self.columns + x * self.stride;
                        each((pixel * self.channels) as usize, in_patches);
                        in_patches += self.run() as usize;
                    }
                }
            }
        }
    }

    fn gather(&self, pictures: &[f32], patches: &mut [f32], num_pictures: i64) {
        let run = self.run() as usize;
        self.for_runs(num_pictures, |from, to| patches[to..to + run].copy_from_slice(&pictures[from..from + run]));
    }

    fn scatter(&self, patches: &[f32], pictures: &mut [f32], num_pictures: i64) {
        let run = self.run() as usize;
        self.for_runs(num_pictures, |to, from| {
            let sums = pictures[to..to + run].iter_mut().zip(&patches[from..from + run]);
            sums.for_each(|(sum, term)| *sum += term);
        });
    }
}

/// Whether such a convolution is computed here: f32 on the host, and kernels that tile the picture or make few patches of
/// it. Where there are many that overlap, copying them costs what the products win.
pub(crate) fn is_for(input: &Tensor, kernel: i64, stride: i64, padding: i64) -> bool {
    const FEW: i64 = 64;
    let size = input.size();
    let patches = |side: i64| (side - kernel) / stride + 1;
    let fits = size[2] >= kernel && size[3] >= kernel;
    is_host_f32(input) && padding == 0 && fits && (kernel == stride || patches(size[2]) * patches(size[3]) <= FEW)
}

/// `[N, C, H, W]`, weight `[O, C, k, k]`, bias `[O]` -> `[N, O, H', W']`, channels last in memory.
pub(crate) fn convolution(input: &Tensor, weight: &Tensor, bias: &Tensor, stride: i64) -> Tensor {
    let (size, maps, kernel) = (input.size(), weight.size()[0], weight.size()[2]);
    let layout = Layout {
        pictures: size[0],
        rows: size[2],
        columns: size[3],
        channels: size[1],
        kernel,
        stride,
        rows_out: (size[2] - kernel) / stride + 1,
        columns_out: (size[3] - kernel) / stride + 1,
    };
    let kept = tch::no_grad(|| Kept {
        layout,
        pictures: input.detach().permute([0, 2, 3, 1]).contiguous(),
        weight: weight.detach().permute([2, 3, 1, 0]).reshape([layout.patch(), maps]),
        wants_input: input.requires_grad(),
    });
    let output = tch::no_grad(|| kept.forward(bias)).detach();
    if is_recorded(&[input, weight, bias]) {
        attach(&[&output], &[input, weight, bias], move |gradients| match &gradients[0] {
            Some(gradient) => kept.backward(gradient),
            None => vec![Tensor::new(), Tensor::new(), Tensor::new()],
        });
    }
    output
}

/// What the way back needs.
struct Kept {
    layout: Layout,
    /// `[N, H, W, C]`.
    pictures: Tensor,
    /// `[k · k · C, O]`.
    weight: Tensor,
    wants_input: bool,
}

impl Kept {
    /// A place for the patches of one chunk.
    fn scratch(&self) -> Tensor {
        let rows = self.layout.most_pictures() * self.layout.patches();
        Tensor::empty([rows, self.layout.patch()], (Kind::Float, Device::Cpu))
    }

    /// The patches of `count` pictures from the `first` on.
    fn patches(&self, scratch: &mut Tensor, first: i64, count: i64) -> Tensor {
        let numbers = self.layout.rows * self.layout.columns * self.layout.channels;
        let pictures = &host(&self.pictures)[(first * numbers) as usize..((first + count) * numbers) as usize];
        self.layout.gather(pictures, host_mut(scratch), count);
        scratch.narrow(0, 0, count * self.layout.patches())
    }

    fn forward(&self, bias: &Tensor) -> Tensor {
        let (layout, maps) = (self.layout, self.weight.size()[1]);
        let output = Tensor::empty([layout.pictures * layout.patches(), maps], (Kind::Float, Device::Cpu));
        let mut scratch = self.scratch();
        for (first, count) in layout.chunks() {
            let patches = self.patches(&mut scratch, first, count);
            let part = output.narrow(0, first * layout.patches(), count * layout.patches());
            let _ = bias.detach().addmm_out(&part, &patches, &self.weight);
        }
        output.view([layout.pictures, layout.rows_out, layout.columns_out, maps]).permute([0, 3, 1, 2])
    }

    /// Gradients of input, weight and bias.
    fn backward(&self, gradient: &Tensor) -> Vec<Tensor> {
        let (layout, maps) = (self.layout, self.weight.size()[1]);
        let rows = gradient.permute([0, 2, 3, 1]).reshape([-1, maps]);
        let mut d_weight = self.weight.tr().zeros_like().contiguous();
        let (weight_t, mut scratch) = (self.weight.tr().contiguous(), self.scratch());
        let d_patches = self.wants_input.then(|| self.scratch());
        let mut d_input = self.wants_input.then(|| self.pictures.zeros_like());
        let numbers = layout.rows * layout.columns * layout.channels;
        for (first, count) in layout.chunks() {
            let part = rows.narrow(0, first * layout.patches(), count * layout.patches());
            let patches = self.patches(&mut scratch, first, count);
            let _ = d_weight.addmm_(&part.tr(), &patches);
            if let (Some(d_patches), Some(d_input)) = (&d_patches, &mut d_input) {
                let d_patches = d_patches.narrow(0, 0, count * layout.patches());
                let _ = part.mm_out(&d_patches, &weight_t);
                let pictures = &mut host_mut(d_input)[(first * numbers) as usize..((first + count) * numbers) as usize];
                layout.scatter(host(&d_patches), pictures, count);
            }
        }
        let d_weight = d_weight.view([maps, layout.kernel, layout.kernel, layout.channels]).permute([0, 3, 1, 2]);
        let d_bias = rows.sum_dim_intlist([0i64].as_slice(), false, Kind::Float);
        vec![d_input.map_or_else(Tensor::new, |pictures| pictures.permute([0, 3, 1, 2])), d_weight.contiguous(), d_bias]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(shape: &[i64], scale: f64) -> Tensor {
        let count: i64 = shape.iter().product();
        (Tensor::arange(count, (Kind::Float, Device::Cpu)) * scale).sin().view(shape)
    }

    #[test]
    fn it_equals_libtorchs_in_output_and_gradients() {
        // Enough pictures for several chunks; sides that kernels do not divide, kernels that overlap, touch and tile.
        for (shape, kernel, stride) in [([700, 3, 11, 14], 4, 2), ([5, 2, 8, 12], 4, 4), ([150, 16, 9, 7], 3, 2)] {
            let input = numbers(&shape, 0.37).set_requires_grad(true);
            let weight = numbers(&[6, shape[1], kernel, kernel], 1.3).set_requires_grad(true);
            let bias = numbers(&[6], 2.1).set_requires_grad(true);
            // In f64, as sums of many numbers that cancel differ more between two orders than from the exact one.
            let run = |ours: bool| {
                let output = match ours {
                    true => convolution(&input, &weight, &bias, stride),
                    false => {
                        let [input, weight, bias] = [&input, &weight, &bias].map(|tensor| tensor.to_kind(Kind::Double));
                        input.conv2d(&weight, Some(&bias), stride, 0, 1, 1)
                    }
                };
                let loss = (&output * numbers(&output.size(), 0.7)).sum(Kind::Double);
                let gradients = Tensor::run_backward(&[loss], &[&input, &weight, &bias], true, false);
                std::iter::once(output).chain(gradients).collect::<Vec<_>>()
            };
            for (index, (ours, theirs)) in run(true).iter().zip(run(false)).enumerate() {
                assert_eq!(ours.size(), theirs.size());
                let (error, largest) = ((ours - &theirs).abs().max(), theirs.abs().max());
                let (error, largest) = (error.double_value(&[]), largest.double_value(&[]));
                assert!(largest > 0.1 && error < 5e-5 * largest.max(1.0), "{shape:?} {index}: {error} of {largest}");
            }
        }
    }

    #[test]
    fn pictures_that_want_no_gradient_get_none() {
        let weight = numbers(&[4, 3, 2, 2], 1.0).set_requires_grad(true);
        let output = convolution(&numbers(&[2, 3, 4, 4], 1.0), &weight, &numbers(&[4], 1.0), 2);
        output.sum(Kind::Float).backward();
        assert!(weight.grad().abs().max().double_value(&[]) > 0.0);
        assert!(
            !tch::no_grad(|| convolution(&numbers(&[2, 3, 4, 4], 1.0), &weight, &numbers(&[4], 1.0), 2))
                .requires_grad()
        );
    }
}
