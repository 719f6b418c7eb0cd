//! Who can draw films here.

use super::Finding;

/// The CPU can in any case.
#[cfg(not(feature = "viewer"))]
pub(super) fn find() -> Finding {
    Finding::good("renderers", "the CPU's; bevy's is not built in (cargo build --release --features viewer)")
}

/// The CPU can in any case, bevy where there is an adapter.
#[cfg(feature = "viewer")]
pub(super) fn find() -> Finding {
    let name = |adapter: groundling_viewer::Adapter| {
        let kind = if adapter.is_software { " (in software)" } else { "" };
        format!("{}{kind}", adapter.name)
    };
    let adapters: Vec<String> = groundling_viewer::adapters().into_iter().map(name).collect();
    if adapters.is_empty() {
        let remedy = "for films by bevy without a GPU: `apt-get install mesa-vulkan-drivers`; all else needs none";
        return Finding::lacking("renderers", super::Status::Note, "the CPU's; no Vulkan adapter for bevy's", remedy);
    }
    Finding::good("renderers", format!("the CPU's; bevy's on {}", adapters.join(", ")))
}
