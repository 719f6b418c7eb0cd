//! What there is to draw with.

use bevy::tasks::block_on;
use wgpu::{Backends, DeviceType, Instance, InstanceDescriptor};

/// A graphics adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// As its driver calls it.
    pub name: String,
    /// Whether it computes on the CPU.
    pub is_software: bool,
}

/// Interfaces that bevy draws through; OpenGL is left out, whose pictures nobody has checked.
pub(crate) const BACKENDS: Backends = Backends::PRIMARY;

/// The adapters that bevy can draw with. None is no error here.
pub fn adapters() -> Vec<Adapter> {
    let instance =
        Instance::new(InstanceDescriptor { backends: BACKENDS, ..InstanceDescriptor::new_without_display_handle() });
    let found = block_on(instance.enumerate_adapters(BACKENDS));
    let described = found.iter().map(|adapter| {
        let info = adapter.get_info();
        Adapter { name: info.name, is_software: info.device_type == DeviceType::Cpu }
    });
    described.collect()
}
