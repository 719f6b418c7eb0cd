//! Threads of tensor operations, thread by thread.

/// From now on, tensor operations called on this thread use up to `num_threads` threads.
///
/// libtorch gives a thread the number that was set last, by any thread, when it computes for the first time. Asking first
/// gets that over with, so that the number set here stays, whatever other threads set later.
pub fn set_threads_of_this_thread(num_threads: usize) {
    let _ = tch::get_num_threads();
    tch::set_num_threads(num_threads as i32);
}
