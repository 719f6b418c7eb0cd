//! What our own copy of libtorch for the CPU is made from.
//!
//! The ready-made libtorch archive is not needed: the Python wheel of PyTorch holds the same libraries. Of the 530 MB
//! wheel only the headers and the CPU libraries are kept. `libtorch_cpu.so` of that wheel is linked to two small CUDA
//! libraries (13 MB together), which are taken from their own wheels; the large ones are never downloaded.

use sha2::{Digest, Sha256};

/// The version that tch 0.24 is written for.
pub const VERSION: &str = "2.11.0";

/// Raised when the way of putting the parts together changes, so that older copies are not used any more.
const REVISION: u32 = 1;

/// Bytes that set-up needs free: pip holds the largest wheel twice for a moment (1.07 GB), rounded up.
pub const SPACE_NEEDED: u64 = 1_300_000_000;

/// One file to download.
#[derive(Debug)]
pub struct Wheel {
    /// The package's name at the Python Package Index.
    pub package: &'static str,
    /// Its exact version.
    pub version: &'static str,
    /// The platform tag that pip is asked for, whatever Python runs it.
    pub platform: &'static str,
    /// Length in bytes.
    pub num_bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: &'static str,
    /// What is taken out of it.
    pub parts: &'static [Part],
}

/// A file, or a folder if both names end in `/`, taken out of a wheel.
#[derive(Debug)]
pub struct Part {
    /// Path inside the wheel.
    pub from: &'static str,
    /// Path inside libtorch's folder.
    pub to: &'static str,
}

/// Everything that is downloaded.
pub const WHEELS: &[Wheel] = &[
    Wheel {
        package: "nvidia-cuda-runtime",
        version: "13.0.96",
        platform: "manylinux2014_x86_64",
        num_bytes: 2_243_632,
        sha256: "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
        parts: &[Part { from: "nvidia/cu13/lib/libcudart.so.13", to: "lib/libcudart.so.13" }],
    },
    Wheel {
        package: "nvidia-cuda-cupti",
        version: "13.0.85",
        platform: "manylinux_2_25_x86_64",
        num_bytes: 10_715_597,
        sha256: "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
        parts: &[Part { from: "nvidia/cu13/lib/libcupti.so.13", to: "lib/libcupti.so.13" }],
    },
    Wheel {
        package: "torch",
        version: VERSION,
        platform: "manylinux_2_28_x86_64",
        num_bytes: 530_604_548,
        sha256: "7aa2f9bbc6d4595ba72138026b2074be1233186150e9292865e04b7a63b8c67a",
        parts: &[
            Part { from: "torch/include/", to: "include/" },
            Part { from: "torch/lib/libtorch_cpu.so", to: "lib/libtorch_cpu.so" },
            Part { from: "torch/lib/libc10.so", to: "lib/libc10.so" },
            Part { from: "torch/lib/libgomp.so.1", to: "lib/libgomp.so.1" },
        ],
    },
];

/// The name of the folder that holds what this recipe makes, inside the cache.
pub fn folder_name() -> String {
    let mut hasher = Sha256::new();
    hasher.update(REVISION.to_le_bytes());
    for wheel in WHEELS {
        hasher.update(wheel.sha256);
        for part in wheel.parts {
            hasher.update(part.from);
            hasher.update(part.to);
        }
    }
    let short_hash: String = hasher.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("libtorch-{VERSION}-cpu-{short_hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_files_are_not_mixed() {
        for part in WHEELS.iter().flat_map(|wheel| wheel.parts) {
            assert_eq!(part.from.ends_with('/'), part.to.ends_with('/'), "{part:?}");
        }
    }

    #[test]
    fn the_folder_is_named_by_version_and_recipe() {
        let name = folder_name();
        assert!(name.starts_with("libtorch-2.11.0-cpu-"), "{name}");
        assert_eq!(name.len(), "libtorch-2.11.0-cpu-".len() + 8);
    }
}
