//! Which vector unit of the processor draws: chosen when the program runs, so that one binary runs everywhere.
//!
//! All of them do the same operations on the same eight lanes in the same order, and nothing fuses a multiplication with
//! an addition: so all draw the same bits. AVX-512 is not used: on a processor that has it, it was not faster.

#[cfg(not(target_arch = "x86_64"))]
use fearless_simd::Level;
#[cfg(target_arch = "x86_64")]
use fearless_simd::x86::{Avx2, Sse2};

/// A vector unit that this processor has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum VectorUnit {
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Sse2(Sse2),
    /// What every processor of this kind has.
    #[cfg(not(target_arch = "x86_64"))]
    Baseline(Level),
}

impl VectorUnit {
    /// The widest that is of use.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn detect() -> Self {
        let level = fearless_simd::Level::new();
        match (level.as_avx2(), level.as_sse2()) {
            (Some(avx2), _) => Self::Avx2(avx2),
            (None, Some(sse2)) => Self::Sse2(sse2),
            (None, None) => unreachable!("every 64-bit x86 processor has SSE2"),
        }
    }

    /// The widest that is of use.
    #[cfg(not(target_arch = "x86_64"))]
    pub(crate) fn detect() -> Self {
        Self::Baseline(Level::new())
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Self::Sse2(_) => "SSE2",
            #[cfg(not(target_arch = "x86_64"))]
            Self::Baseline(_) => "baseline",
        }
    }
}

/// Runs an expression compiled for the given vector unit, whose token it gets.
macro_rules! with_vectors {
    ($unit:expr, $simd:ident => $run:expr) => {{
        #[cfg(target_arch = "x86_64")]
        use fearless_simd::Simd as _;
        match $unit {
            #[cfg(target_arch = "x86_64")]
            $crate::vector_unit::VectorUnit::Avx2($simd) => $simd.vectorize(
                #[inline(always)]
                || $run,
            ),
            #[cfg(target_arch = "x86_64")]
            $crate::vector_unit::VectorUnit::Sse2($simd) => $simd.vectorize(
                #[inline(always)]
                || $run,
            ),
            #[cfg(not(target_arch = "x86_64"))]
            $crate::vector_unit::VectorUnit::Baseline(level) => fearless_simd::dispatch!(level, $simd => $run),
        }
    }};
}
pub(crate) use with_vectors;
