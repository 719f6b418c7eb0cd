//! Keeps memory that one update frees for the next.

/// Tensors up to this size come from memory that the process keeps, bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: i32 = 512 << 20;

/// glibc gives large blocks back to the system as soon as they are freed, and an update frees and asks for the same large
/// tensors again: a tenth of a learner's time went into the kernel's clearing of pages. No effect elsewhere.
pub fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `mallopt` takes two integers and may be called at any time; it is called before any thread is started.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, KEPT);
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT);
    }
}
