//! How exactly layers multiply, and on which device their tensors live.

use std::ffi::c_void;

use serde::{Deserialize, Serialize};
use tch::{Device, Kind, Tensor};

/// How exactly layers multiply. Parameters, gradients, losses and the optimiser's state are f32 with each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// IEEE single precision: 24 bits of significand. The only one on a CPU.
    #[default]
    F32,
    /// An accelerator's matrix units round the factors of f32 products to 11 bits and add in f32. Several times as fast;
    /// costs no memory and changes no code path.
    Tf32,
    /// Convolutions and matrix products of layers take factors of 8 bits (bfloat16, the range of f32) and add in f32.
    /// The fastest, and it halves the memory of the encoder's maps. What is not a layer's product multiplies as with `tf32`.
    Bf16,
}

impl Precision {
    /// As a configuration has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Tf32 => "tf32",
            Self::Bf16 => "bf16",
        }
    }

    /// The kind that the factors of a layer's product have. What begins a chain of layers in it, stays in it.
    pub fn factor_kind(self) -> Kind {
        match self {
            Self::F32 | Self::Tf32 => Kind::Float,
            Self::Bf16 => Kind::BFloat16,
        }
    }

    /// `tensor`, such as a weight, as a factor of a layer's product. Gradients come back in the kind that `tensor` has.
    pub fn factor(self, tensor: &Tensor) -> Tensor {
        self.reduced().map_or_else(|| tensor.shallow_clone(), |kind| tensor.to_kind(kind))
    }

    /// What a layer's factors are cast to; none where they stay as they are, f64 too.
    fn reduced(self) -> Option<Kind> {
        (self == Self::Bf16).then_some(Kind::BFloat16)
    }

    /// A layer's product `multiply` of `input` and of other factors, computed in this precision; the result has the kind of `input`, so that a
    /// chain of layers stays in reduced precision if it begins in it, and everything else keeps getting f32.
    pub fn product(self, input: &Tensor, multiply: impl FnOnce(&Tensor) -> Tensor) -> Tensor {
        match self.reduced() {
            None => multiply(input),
            Some(kind) => multiply(&input.to_kind(kind)).to_kind(input.kind()),
        }
    }
}

/// Where tensors live, and how exactly layers multiply there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compute {
    /// Where.
    pub device: Device,
    /// How exactly.
    pub precision: Precision,
}

impl From<Device> for Compute {
    /// In f32.
    fn from(device: Device) -> Self {
        Self { device, precision: Precision::F32 }
    }
}

impl Compute {
    /// Makes libtorch multiply f32 on an accelerator as this precision says. By itself it would round the factors of
    /// convolutions and not those of matrices. The switch is one for the whole process.
    pub(crate) fn prepare(self) {
        if self.device.is_cuda() {
            allow_tf32(self.precision != Precision::F32);
        }
    }
}

// tch has no way to these; they are exported by the one release of libtorch that tch is pinned to.
unsafe extern "C" {
    /// `at::Context& at::globalContext()`
    #[link_name = "_ZN2at13globalContextEv"]
    fn global_context() -> *mut c_void;
    /// `void at::Context::setAllowTF32CuBLAS(bool)`
    #[link_name = "_ZN2at7Context18setAllowTF32CuBLASEb"]
    fn set_allow_tf32_matrices(context: *mut c_void, allow: bool);
    /// `void at::Context::setAllowTF32CuDNN(bool)`
    #[link_name = "_ZN2at7Context17setAllowTF32CuDNNEb"]
    fn set_allow_tf32_convolutions(context: *mut c_void, allow: bool);
}

/// Whether f32 products on an accelerator may round their factors, in this process.
fn allow_tf32(allow: bool) {
    // SAFETY: the names above are those of libtorch 2.11.0's functions in the Itanium C++ ABI, by which a reference and
    // `this` are passed as pointers and a `bool` as Rust's. The context is a static of libtorch that is never freed. The
    // two setters write its fields only and throw nothing; like the setters behind PyTorch's own `allow_tf32` they may be
    // called at any time, and they are called when a network is made, before anything of it computes.
    unsafe {
        let context = global_context();
        set_allow_tf32_matrices(context, allow);
        set_allow_tf32_convolutions(context, allow);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" {
        /// `bool at::Context::allowTF32CuBLAS() const`
        #[link_name = "_ZNK2at7Context15allowTF32CuBLASEv"]
        fn allow_tf32_matrices(context: *const c_void) -> bool;
        /// `bool at::Context::allowTF32CuDNN(std::optional<at::Float32Op>) const`
        #[link_name = "_ZNK2at7Context14allowTF32CuDNNESt8optionalINS_9Float32OpEE"]
        fn allow_tf32_convolutions(context: *const c_void, operation: u64) -> bool;
    }

    #[test]
    fn libtorch_is_told_how_exactly_to_multiply() {
        for allow in [true, false, true, false] {
            allow_tf32(allow);
            // SAFETY: as in `allow_tf32`. An empty optional of a 4-byte enumeration is 8 bytes of zeros in one register.
            let (matrices, convolutions) =
                unsafe { (allow_tf32_matrices(global_context()), allow_tf32_convolutions(global_context(), 0)) };
            assert_eq!((matrices, convolutions), (allow, allow));
        }
    }

    #[test]
    fn names_are_those_of_a_configuration() {
        for precision in [Precision::F32, Precision::Tf32, Precision::Bf16] {
            let read: Precision = serde_json::from_value(precision.name().into()).unwrap();
            assert_eq!(read, precision);
        }
    }
}
