//! In which precision a loss is computed.

use tch::{Kind, Tensor};

/// The kind in which softmaxes and sums over `tensor` are computed: f64 stays f64, so that gradients can be checked by
/// small differences; everything else is f32, since a sum in half precision would lose most of its terms.
pub(crate) fn reduction_kind(tensor: &Tensor) -> Kind {
    match tensor.kind() {
        Kind::Double => Kind::Double,
        _ => Kind::Float,
    }
}
