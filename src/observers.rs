//! Several observers of one actor's rooms as one.

use groundling_impala::{BeliefObserver, ObservedStep};

/// Shows each step to every one of them, in their order.
pub(crate) struct Observers(pub(crate) Vec<Box<dyn BeliefObserver>>);

impl BeliefObserver for Observers {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        self.0.iter_mut().for_each(|observer| observer.observe(step));
    }
}
