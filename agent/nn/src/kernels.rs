//! Which matrix kernels MKL takes.
//!
//! libtorch's matrix products are MKL's. On a processor that is not Intel's, MKL passes over the kernels of its widest
//! vector unit: on an EPYC with AVX-512 a product of f32 matrices then takes 2.3 times as long. MKL asks a function of its
//! own who made the processor; the one here answers in its stead, as the dynamic linker looks in the program first.
//! What the processor can do, MKL still finds out by itself. A libtorch without MKL never asks.

use std::ffi::c_int;

/// MKL's question: are the kernels that were made for Intel's processors to be considered?
// SAFETY: no other object of the program has this name, and the signature is that of MKL's own function.
#[unsafe(no_mangle)]
extern "C" fn mkl_serv_intel_cpu_true() -> c_int {
    1
}

/// Has the function linked into every program that makes networks: an object nobody names would be left out.
pub(crate) fn consider_all() {
    std::hint::black_box(mkl_serv_intel_cpu_true as extern "C" fn() -> c_int);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the name is exported from this program, calls from libtorch arrive here.
    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    fn the_dynamic_linker_finds_this_one_first() {
        consider_all();
        // SAFETY: the name is a string with its zero; a symbol is looked up, and only its address is used.
        let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"mkl_serv_intel_cpu_true".as_ptr()) };
        assert_eq!(found as usize, mkl_serv_intel_cpu_true as extern "C" fn() -> c_int as usize);
    }
}
