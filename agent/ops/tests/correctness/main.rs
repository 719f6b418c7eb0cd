//! Each loss against a slow reference straight from its paper's formula, hand-sized numbers, and gradients by
//! differences in f64; and that no gradient flows to what is only told, not learnt.

mod cpc;
mod differences;
mod policy;
mod vtrace;
