//! What a benchmark ran on.

use anyhow::Result;
use groundling_render::{MIN_SIDE, Renderer};
use serde::Serialize;

/// The machine, as far as it decides speed.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Host {
    /// As the system calls it.
    pub(super) processor: String,
    /// That a program can use at once.
    pub(super) cores: usize,
    /// The vector unit that the renderer has chosen.
    pub(super) vector_unit: &'static str,
    /// Of this program.
    pub(super) version: &'static str,
}

impl Host {
    pub(super) fn find() -> Result<Self> {
        Ok(Self {
            processor: processor().unwrap_or_else(|| std::env::consts::ARCH.to_string()),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get()),
            vector_unit: Renderer::new(MIN_SIDE, MIN_SIDE)?.vector_unit(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }

    pub(super) fn in_words(&self) -> String {
        let Self { processor, cores, vector_unit, version } = self;
        format!("{processor}, {cores} cores, vectors: {vector_unit}, groundling {version}")
    }
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_string())
}
