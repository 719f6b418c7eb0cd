//! Streams of an accelerator: queues of work that do not wait for each other.

use tch::Device;

/// A device gave no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no stream of its own could be had for a thread on {device:?}")]
pub struct NoStream {
    /// Which.
    pub device: Device,
}

unsafe extern "C" {
    fn groundling_stream_take_own(device: i32, urgent: bool) -> bool;
}

/// From now on, what this thread computes on `device` is queued apart from what other threads compute there, and before
/// it. By itself libtorch has one queue for all threads: a policy's small step would wait until all of a learner's update
/// that is queued already is done. Tensors must not pass between this thread and others but by way of the host.
/// Without effect on a CPU.
pub fn take_urgent_stream(device: Device) -> Result<(), NoStream> {
    let Device::Cuda(index) = device else { return Ok(()) };
    // SAFETY: takes two numbers, sets which stream libtorch takes for this thread, and catches what it throws.
    let taken = i32::try_from(index).is_ok_and(|index| unsafe { groundling_stream_take_own(index, true) });
    if taken { Ok(()) } else { Err(NoStream { device }) }
}

#[cfg(test)]
mod tests {
    use tch::Cuda;

    use super::*;

    #[test]
    fn a_stream_is_there_where_a_device_is() {
        assert_eq!(take_urgent_stream(Device::Cpu), Ok(()));
        let device = Device::Cuda(0);
        let expected = if Cuda::is_available() { Ok(()) } else { Err(NoStream { device }) };
        assert_eq!(take_urgent_stream(device), expected);
        assert_eq!(take_urgent_stream(Device::Cuda(100)), Err(NoStream { device: Device::Cuda(100) }));
    }
}
