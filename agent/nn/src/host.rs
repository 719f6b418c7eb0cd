//! The numbers of tensors on the host, for operations written in Rust.

use tch::{Device, Kind, Tensor};

/// Whether a tensor holds f32 on the host.
pub(crate) fn is_host_f32(tensor: &Tensor) -> bool {
    tensor.device() == Device::Cpu && tensor.kind() == Kind::Float
}

/// The numbers of a contiguous f32 tensor on the host.
pub(crate) fn host(tensor: &Tensor) -> &[f32] {
    assert!(is_host_f32(tensor) && tensor.is_contiguous());
    // SAFETY: contiguous f32 on the host, of that many numbers; nothing writes to it while the tensor is borrowed.
    unsafe { std::slice::from_raw_parts(tensor.data_ptr() as *const f32, tensor.numel()) }
}

/// The same, to write to. The caller has made the tensor and given no other handle to it away.
pub(crate) fn host_mut(tensor: &mut Tensor) -> &mut [f32] {
    assert!(is_host_f32(tensor) && tensor.is_contiguous());
    // SAFETY: as above; and nothing else reads it meanwhile.
    unsafe { std::slice::from_raw_parts_mut(tensor.data_ptr() as *mut f32, tensor.numel()) }
}
