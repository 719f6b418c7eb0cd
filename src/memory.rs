//! How much memory and how many threads this process has.

use anyhow::{Context, Result, anyhow};

const PATH: &str = "/proc/self/status";

/// Bytes of this process that are in memory now.
pub(crate) fn resident_bytes() -> Result<u64> {
    kibibytes("VmRSS:")
}

/// The most bytes of this process that were in memory at once.
pub(crate) fn peak_resident_bytes() -> Result<u64> {
    kibibytes("VmHWM:")
}

/// Threads of this process.
pub(crate) fn num_threads() -> Result<u64> {
    let text = status("Threads:")?;
    text.parse().map_err(|_| anyhow!("{PATH} does not tell the number of threads"))
}

fn kibibytes(line: &str) -> Result<u64> {
    let text = status(line)?;
    let kibibytes: Option<u64> = text.strip_suffix(" kB").and_then(|number| number.parse().ok());
    Ok(1024 * kibibytes.ok_or_else(|| anyhow!("{PATH} does not tell the resident memory"))?)
}

/// What stands behind `name`.
fn status(name: &str) -> Result<String> {
    let text = std::fs::read_to_string(PATH)
        .with_context(|| format!("cannot read {PATH}; memory and threads are counted on Linux only"))?;
    let found = text.lines().find_map(|line| line.strip_prefix(name));
    Ok(found.ok_or_else(|| anyhow!("{PATH} has no line `{name}`"))?.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_touched_is_resident_and_what_is_freed_was() {
        let before = resident_bytes().unwrap();
        let touched = vec![1_u8; 64 << 20];
        let after = resident_bytes().unwrap();
        assert!(touched.iter().all(|&byte| byte == 1) && after > before + (32 << 20), "{before} {after}");
        drop(touched);
        assert!(peak_resident_bytes().unwrap() > before + (32 << 20));
    }
    #[test]
    fn threads_that_wait_are_counted() {
        const MANY: usize = 200;
        let before = num_threads().unwrap();
        let barrier = std::sync::Barrier::new(MANY + 1);
        std::thread::scope(|scope| {
            (0..MANY).for_each(|_| drop(scope.spawn(|| barrier.wait())));
            // Other tests start and end a few threads of their own meanwhile.
            assert!(num_threads().unwrap() > before + 100);
            barrier.wait();
        });
    }
}
