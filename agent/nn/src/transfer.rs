//! Bytes on their way to a device.

use tch::{Device, Kind, Tensor};

/// `bytes` as a tensor u8 of `shape` on `device`. To a GPU they go through pinned memory, from which the device fetches
/// them by itself while this thread goes on: the fastest way there is, at the price of one copy on the host.
/// The number of bytes must be the product of `shape`.
pub fn send_bytes(bytes: &[u8], shape: &[i64], device: Device) -> Tensor {
    if !device.is_cuda() {
        return Tensor::from_slice(bytes).view(shape).to_device(device);
    }
    assert_eq!(shape.iter().product::<i64>(), bytes.len() as i64, "bytes for a tensor of shape {shape:?}");
    // SAFETY: the view has as many bytes as the slice, as asserted, and lives within this block only, in which the slice is
    // borrowed. `pin_memory` copies it before it returns: the memory of a slice is never pinned itself.
    let pinned = unsafe { Tensor::from_blob(bytes.as_ptr(), shape, &[], Kind::Uint8, Device::Cpu).pin_memory(device) };
    // libtorch keeps the pinned block until the device has fetched it, though the handle to it ends here.
    pinned.to_device_(device, Kind::Uint8, true, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_arrive_in_their_order() {
        let bytes: Vec<u8> = (0..24).map(|index| index * 7).collect();
        let tensor = send_bytes(&bytes, &[2, 3, 4], Device::Cpu);
        assert_eq!((tensor.size(), tensor.kind()), (vec![2, 3, 4], Kind::Uint8));
        assert_eq!(tensor.int64_value(&[1, 2, 3]), i64::from(bytes[23]));
        assert_eq!(tensor.int64_value(&[0, 1, 2]), i64::from(bytes[6]));
    }
}
