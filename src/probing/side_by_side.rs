//! Two trainings at a time: a probe is so small that two of them on a core each take half the time of one after the other,
//! while one on two cores is hardly faster than on one.

use anyhow::{Result, anyhow};

/// Does both, on a thread each if there may be two. Tensor operations of each use one thread, so that the bits do not depend
/// on it. Both are waited for; of two errors the first one's is told.
pub(super) fn side_by_side<A, B: Send>(
    num_threads: usize,
    one: impl FnOnce() -> Result<A>,
    other: impl FnOnce() -> Result<B> + Send,
) -> Result<(A, B)> {
    if num_threads < 2 {
        return Ok((one()?, other()?));
    }
    std::thread::scope(|scope| {
        let second = std::thread::Builder::new().name("probing".into()).spawn_scoped(scope, || {
            groundling_nn::set_threads_of_this_thread(1);
            other()
        })?;
        let one = one();
        let other = second.join().unwrap_or_else(|_| Err(anyhow!("the second probing thread panicked")));
        Ok((one?, other?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_done_and_errors_are_told() {
        for num_threads in [1, 2] {
            assert_eq!(side_by_side(num_threads, || Ok(1), || Ok("two")).unwrap(), (1, "two"));
            let failed = side_by_side::<u8, u8>(num_threads, || Ok(1), || Err(anyhow!("no second")));
            assert_eq!(failed.unwrap_err().to_string(), "no second");
            let failed = side_by_side::<u8, u8>(num_threads, || Err(anyhow!("no first")), || Ok(2));
            assert_eq!(failed.unwrap_err().to_string(), "no first");
        }
    }
}
