//! Devices: which this process can compute on, and what keeps it from others.

use anyhow::Result;
use groundling_nn::DeviceName;
use tch::{Cuda, Device};

use crate::failure::wrong_input;

/// What to do about a GPU that this process cannot compute on.
pub(crate) const REMEDY: &str = "start the program with the torch/lib of PyTorch 2.11 first in LD_LIBRARY_PATH and its \
                                 libtorch_cuda.so in LD_PRELOAD (docs/gpu.md)";

/// What there is of accelerators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accelerators {
    /// Devices that libtorch can compute on.
    pub(crate) num_usable: usize,
    /// Models that the system's NVIDIA driver tells of.
    pub(crate) models: Vec<String>,
    /// Whether the part of libtorch that computes on them is loaded.
    pub(crate) library_loaded: bool,
}

impl Accelerators {
    /// Looks.
    pub(crate) fn find() -> Self {
        let num_usable = usize::try_from(Cuda::device_count()).unwrap_or(0);
        Self { num_usable, models: models(), library_loaded: is_loaded("libtorch_cuda") }
    }

    /// What keeps devices from being used, in words.
    pub(crate) fn describe(&self) -> String {
        let models = if self.models.is_empty() { "no NVIDIA GPU".into() } else { self.models.join(", ") };
        let library = if self.library_loaded { "is loaded" } else { "is not loaded" };
        format!("{} usable by libtorch; the system has {models}; libtorch_cuda.so {library}", self.num_usable)
    }

    /// The device of that name, or what was found instead of it and the remedy.
    fn choose(&self, name: DeviceName) -> Result<Device, String> {
        let missing = |remedy: &str| {
            let found = self.describe();
            format!("training.device = {name}: there is no such device ({found}); {remedy}, or set training.device=cpu")
        };
        match name {
            DeviceName::Cuda(_) if self.num_usable == 0 => Err(missing(REMEDY)),
            DeviceName::Cuda(index) if index >= self.num_usable => {
                Err(missing(&format!("give a number below {}", self.num_usable)))
            }
            found => Ok(found.into()),
        }
    }
}

/// The device of that name. One that is not there is the user's to mend; nothing else is taken instead.
pub fn find_device(name: DeviceName) -> Result<Device> {
    match name {
        DeviceName::Cpu => Ok(Device::Cpu),
        DeviceName::Cuda(_) => Accelerators::find().choose(name).map_err(wrong_input),
    }
}

/// Whether a library whose file's name begins like that is loaded in this process, where the system tells.
fn is_loaded(name: &str) -> bool {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines().filter_map(|line| line.rsplit('/').next()).any(|file| file.starts_with(name))
}

/// What the NVIDIA driver says its GPUs are.
fn models() -> Vec<String> {
    let Ok(folder) = std::fs::read_dir("/proc/driver/nvidia/gpus") else { return Vec::new() };
    let texts = folder.flatten().filter_map(|gpu| std::fs::read_to_string(gpu.path().join("information")).ok());
    texts.filter_map(|text| model_of(&text)).collect()
}

/// The model in one GPU's `information`.
fn model_of(information: &str) -> Option<String> {
    let line = information.lines().find_map(|line| line.strip_prefix("Model:"))?;
    Some(line.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_is_there_is_chosen_and_no_other() {
        let none = Accelerators { num_usable: 0, models: vec!["NVIDIA H100".into()], library_loaded: false };
        let two = Accelerators { num_usable: 2, library_loaded: true, ..none.clone() };
        assert_eq!(none.choose(DeviceName::Cpu), Ok(Device::Cpu));
        assert_eq!(two.choose(DeviceName::Cpu), Ok(Device::Cpu));
        assert_eq!(two.choose(DeviceName::Cuda(1)), Ok(Device::Cuda(1)));
        let refusal = none.choose(DeviceName::Cuda(0)).unwrap_err();
        for word in ["training.device = cuda:0", "NVIDIA H100", "not loaded", "LD_PRELOAD", "training.device=cpu"] {
            assert!(refusal.contains(word), "{word}: {refusal}");
        }
        let refusal = two.choose(DeviceName::Cuda(2)).unwrap_err();
        assert!(refusal.contains("2 usable") && refusal.contains("a number below 2"), "{refusal}");
    }

    #[test]
    fn what_is_there_is_told() {
        assert!(is_loaded("libtorch_cpu"));
        assert!(!is_loaded("libtorch_of_nobody"));
        let information = "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 42\n";
        assert_eq!(model_of(information).as_deref(), Some("NVIDIA H100 80GB HBM3"));
        assert_eq!(model_of("IRQ: 42"), None);
    }
}
