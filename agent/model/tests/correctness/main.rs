//! That the agent's losses teach what they should, and only that: each overfits one batch, none looks across an episode's
//! end, and gradients reach what they should and nothing else.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod carried_state;
mod episode_ends;
mod gradients;
mod latent_targets;
mod learning;
mod shares;
mod simcore;
mod world;
