//! Operations with a backward pass written in Rust, in libtorch's graph.
//!
//! tch has no way to add an operation of one's own to the graph, and for a recurrent network the graph of its steps costs
//! more than its arithmetic. Here an operation computes its outputs as it likes, outside of the graph, and then says how
//! gradients go through it. A few lines of C++ (`node.cpp`) are libtorch's side of it; no other crate needs a C++ compiler.
//! So the choice of an accelerator's stream, which tch lacks too, stands here as well.

mod stream;

use std::ffi::{CStr, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use tch::Tensor;
use torch_sys::C_tensor;

pub use stream::{NoStream, take_urgent_stream};

/// From the gradients of the outputs, `None` where nothing depends on one, to those of the inputs, each of its input's
/// shape.
type Backward = dyn FnMut(&[Option<Tensor>]) -> Vec<Tensor> + Send;

/// A mutex, as the graph may be walked from any thread, though from one at a time.
type Context = Mutex<Box<Backward>>;

unsafe extern "C" {
    fn groundling_autograd_is_recording() -> bool;
    fn groundling_autograd_attach(
        outputs: *const *const C_tensor,
        num_outputs: usize,
        inputs: *const *const C_tensor,
        num_inputs: usize,
        context: *mut c_void,
        backward: extern "C" fn(*mut c_void, *const *mut C_tensor, usize, *mut *mut C_tensor, usize) -> bool,
        drop: extern "C" fn(*mut c_void),
    ) -> *mut c_char;
}

/// Whether an operation on `inputs` belongs into the graph: gradients are being recorded and one of them wants one.
pub fn is_recorded(inputs: &[&Tensor]) -> bool {
    // SAFETY: reads a flag of this thread.
    let recording = unsafe { groundling_autograd_is_recording() };
    recording && inputs.iter().any(|input| input.requires_grad())
}

/// Puts an operation into the graph: `outputs`, which were computed from `inputs` without being recorded, get `backward`
/// as their history. `backward` runs once for each pass over the graph, with no recording; what it keeps of the inputs
/// is not guarded against being overwritten before it runs.
///
/// # Panics
///
/// When an output has a history already or is no float; a panic of `backward` becomes one of the pass over the graph.
pub fn attach(
    outputs: &[&Tensor],
    inputs: &[&Tensor],
    backward: impl FnMut(&[Option<Tensor>]) -> Vec<Tensor> + Send + 'static,
) {
    let context: Box<Context> = Box::new(Mutex::new(Box::new(backward)));
    let outputs: Vec<*const C_tensor> = outputs.iter().map(|output| output.as_ptr()).collect();
    let inputs: Vec<*const C_tensor> = inputs.iter().map(|input| input.as_ptr()).collect();
    // SAFETY: the tensors live through the call, which keeps no pointer to them; the context is handed over, and comes
    // back to `call` and, once, to `release`.
    let error = unsafe {
        groundling_autograd_attach(
            outputs.as_ptr(),
            outputs.len(),
            inputs.as_ptr(),
            inputs.len(),
            Box::into_raw(context).cast(),
            call,
            release,
        )
    };
    if !error.is_null() {
        // SAFETY: a string with its zero, made by `strdup`. It is not freed, as the program is about to panic.
        panic!("{}", unsafe { CStr::from_ptr(error) }.to_string_lossy());
    }
}

extern "C" fn call(
    context: *mut c_void,
    gradients: *const *mut C_tensor,
    num_gradients: usize,
    results: *mut *mut C_tensor,
    num_results: usize,
) -> bool {
    // SAFETY: the context of `attach`, not yet released, as the node that calls owns it.
    let context = unsafe { &*context.cast::<Context>() };
    // SAFETY: as many pointers as it says, each to a tensor that is given away.
    let gradients = unsafe { std::slice::from_raw_parts(gradients, num_gradients) };
    let gradients = gradients.iter().map(|&gradient| {
        // SAFETY: each is made by `new` and given away, here, once.
        let gradient = unsafe { Tensor::from_ptr(gradient) };
        gradient.defined().then_some(gradient)
    });
    let gradients: Vec<Option<Tensor>> = gradients.collect();
    let computed = catch_unwind(AssertUnwindSafe(|| {
        let mut backward = context.lock().unwrap_or_else(PoisonError::into_inner);
        let computed = backward(&gradients);
        assert_eq!(computed.len(), num_results, "a gradient for each input");
        computed
    }));
    let Ok(computed) = computed else { return false };
    for (index, mut tensor) in computed.into_iter().enumerate() {
        // SAFETY: there are `num_results` places, as many as tensors; ownership goes with the pointer.
        unsafe { *results.add(index) = tensor.as_mut_ptr() };
        std::mem::forget(tensor);
    }
    true
}

extern "C" fn release(context: *mut c_void) {
    // SAFETY: the context of `attach`, released once, by the destructor of the node that owns it.
    drop(unsafe { Box::from_raw(context.cast::<Context>()) });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use tch::Kind;

    /// `a · b`, elementwise.
    fn product(a: &Tensor, b: &Tensor) -> Tensor {
        let output = tch::no_grad(|| a * b);
        let (kept_a, kept_b) = (a.detach(), b.detach());
        attach(&[&output], &[a, b], move |gradients| {
            let gradient = gradients[0].as_ref().unwrap();
            vec![gradient * &kept_b, gradient * &kept_a]
        });
        output
    }

    fn leaf(values: &[f64]) -> Tensor {
        Tensor::from_slice(values).set_requires_grad(true)
    }

    #[test]
    fn gradients_go_through_as_through_libtorchs_own() {
        let (a, b) = (leaf(&[1.0, -2.0]), leaf(&[3.0, 0.5]));
        assert!(is_recorded(&[&a]) && !tch::no_grad(|| is_recorded(&[&a])) && !is_recorded(&[&a.detach()]));
        let loss = |product: &dyn Fn(&Tensor, &Tensor) -> Tensor| {
            let inner = product(&a.exp(), &b);
            (product(&inner, &a) * 2.0).sum(Kind::Double)
        };
        let gradients = |loss: Tensor| Tensor::run_backward(&[loss], &[&a, &b], true, false);
        let (ours, theirs) = (gradients(loss(&product)), gradients(loss(&|a, b| a * b)));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert!(ours.allclose(theirs, 1e-12, 0.0, false));
        }
    }

    #[test]
    fn a_graph_can_be_walked_twice_and_is_forgotten_with_its_outputs() {
        let (a, kept) = (leaf(&[2.0]), Arc::new(()));
        let output = tch::no_grad(|| &a * 3.0);
        let inside = Arc::clone(&kept);
        attach(&[&output], &[&a], move |gradients| {
            let _ = &inside;
            vec![gradients[0].as_ref().unwrap() * 3.0]
        });
        for _ in 0..2 {
            assert_eq!(Tensor::run_backward(&[&output], &[&a], true, false)[0].double_value(&[0]), 3.0);
        }
        assert_eq!(Arc::strong_count(&kept), 2);
        drop(output);
        assert_eq!(Arc::strong_count(&kept), 1);
    }

    #[test]
    fn an_output_that_nothing_depends_on_has_no_gradient() {
        let a = leaf(&[2.0]);
        let (first, second) = tch::no_grad(|| (&a * 3.0, &a * 5.0));
        attach(&[&first, &second], &[&a], |gradients| {
            assert!(gradients[0].is_none());
            vec![gradients[1].as_ref().unwrap() * 5.0]
        });
        second.backward();
        assert_eq!(a.grad().double_value(&[0]), 5.0);
    }

    #[test]
    fn a_failed_backward_pass_is_an_error() {
        let a = leaf(&[2.0]);
        let output = tch::no_grad(|| &a * 3.0);
        attach(&[&output], &[&a], |_| panic!("on purpose"));
        assert!(output.f_backward().is_err());
    }
}
