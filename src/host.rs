//! What a benchmark or a run was computed on.

use anyhow::Result;
use groundling_render::{MIN_SIDE, Renderer};
use serde::Serialize;

/// The machine, as far as it decides speed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Host {
    /// In the network.
    pub(crate) name: String,
    /// As the system calls it.
    pub(crate) processor: String,
    /// That a program can use at once.
    pub(crate) cores: usize,
    /// The vector unit that the renderer has chosen.
    pub(crate) vector_unit: &'static str,
    /// Of this program.
    pub(crate) version: &'static str,
}

impl Host {
    pub(crate) fn find() -> Result<Self> {
        Ok(Self {
            name: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            processor: processor().unwrap_or_else(|| std::env::consts::ARCH.to_string()),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            vector_unit: Renderer::new(MIN_SIDE, MIN_SIDE)?.vector_unit(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }

    pub(crate) fn in_words(&self) -> String {
        let Self { name: _, processor, cores, vector_unit, version } = self;
        format!("{processor}, {cores} cores, vectors: {vector_unit}, groundling {version}")
    }
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}
