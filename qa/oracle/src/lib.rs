//! The no-stop-gradient oracle: an agent that its questions teach.
//!
//! Everywhere else in Groundling questions read an agent and never teach it. Here they do, on purpose: an agent trained as
//! usual has besides a question decoder whose loss reaches its core and its encoder, in training rooms. What a probe then
//! reads out of such an agent is the upper line of the results (Das et al. 2020 call it "no stop gradient"): what a memory
//! of this size could hold for these questions. An oracle is probed as every agent is, by a fresh probe in other rooms.
//!
//! This crate is the single place that sees both sides of the border, and nothing but the program itself may depend on it.
//! There is no switch by which a probe becomes an oracle: what learns here is another type, an
//! [`AuxiliaryLoss`](groundling_model::AuxiliaryLoss) among the agent's own parameters. With the probe it shares the form
//! of its network (`qa/decoder`) and nothing else: no tensor passes the borders of `qa/probe`.

mod config;
mod loss;
mod standardizer;
mod targets;
#[cfg(test)]
mod tests;

pub use config::OracleConfig;
pub use loss::Oracle;
pub use targets::{FactsOf, QuestionTargets};
