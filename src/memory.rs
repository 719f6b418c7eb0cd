//! How much memory this process takes.

use anyhow::{Context, Result, anyhow};

const PATH: &str = "/proc/self/status";

/// Bytes of this process that are in memory now.
pub(crate) fn resident_bytes() -> Result<u64> {
    let text = std::fs::read_to_string(PATH)
        .with_context(|| format!("cannot read {PATH}; memory is measured on Linux only"))?;
    let kibibytes = text.lines().find_map(|text| text.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
    let kibibytes: u64 = kibibytes.ok_or_else(|| anyhow!("{PATH} does not tell the resident memory"))?;
    Ok(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_is_touched_is_resident() {
        let before = resident_bytes().unwrap();
        let touched = vec![1_u8; 64 << 20];
        let after = resident_bytes().unwrap();
        assert!(touched.iter().all(|&byte| byte == 1) && after > before + (32 << 20), "{before} {after}");
    }
}
