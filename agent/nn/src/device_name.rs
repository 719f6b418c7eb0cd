//! The name of a device, as a configuration has it.

use std::fmt;

use serde::{Deserialize, Serialize};
use tch::Device;

/// `cpu`, `cuda` (the first) or `cuda:N`. Says nothing about whether such a device is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DeviceName {
    /// The processor.
    #[default]
    Cpu,
    /// The accelerator of that number, from 0.
    Cuda(usize),
}

/// What was given is no device's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no device; give \"cpu\", \"cuda\" or \"cuda:1\" for the second")]
pub struct UnknownDevice(String);

impl TryFrom<String> for DeviceName {
    type Error = UnknownDevice;

    fn try_from(name: String) -> Result<Self, UnknownDevice> {
        match name.as_str() {
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            // libtorch counts devices in a signed byte.
            other => match other.strip_prefix("cuda:").map(str::parse::<u8>) {
                Some(Ok(index)) if index < 128 => Ok(Self::Cuda(usize::from(index))),
                _ => Err(UnknownDevice(name)),
            },
        }
    }
}

impl From<DeviceName> for String {
    fn from(name: DeviceName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => formatter.write_str("cpu"),
            Self::Cuda(index) => write!(formatter, "cuda:{index}"),
        }
    }
}

impl From<DeviceName> for Device {
    fn from(name: DeviceName) -> Self {
        match name {
            DeviceName::Cpu => Device::Cpu,
            DeviceName::Cuda(index) => Device::Cuda(index),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written() {
        for (name, device, written) in [
            ("cpu", DeviceName::Cpu, "cpu"),
            ("cuda", DeviceName::Cuda(0), "cuda:0"),
            ("cuda:3", DeviceName::Cuda(3), "cuda:3"),
        ] {
            let read: DeviceName = serde_json::from_value(name.into()).unwrap();
            assert_eq!(read, device);
            assert_eq!(serde_json::to_value(read).unwrap(), written);
        }
        for name in ["gpu", "CUDA", "cuda:", "cuda:-1", "cuda:128", "cuda:x", "cpu:0", ""] {
            assert_eq!(DeviceName::try_from(name.to_string()), Err(UnknownDevice(name.into())));
        }
    }
}
