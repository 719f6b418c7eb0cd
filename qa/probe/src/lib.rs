//! The probe: reads what an agent knows, and never teaches it.
//!
//! A decoder is started from a [`FrozenBelief`](groundling_belief::FrozenBelief) (plain numbers, copied out of the
//! agent), is fed a question, and answers with one word. Its parameters, its loss and its optimiser are types of this
//! crate, and no tensor passes the crate's border in either direction: there is nothing here through which a
//! gradient could reach an agent, and no way to name an agent's parameters.

mod batch;
mod config;
mod controls;
mod error;
mod example;
mod facts_belief;
mod offline;
mod online;
mod online_metrics;
mod optimizer;
mod saved;
mod selectivity;
#[cfg(test)]
mod tests;
mod trainer;

pub use config::{OfflineConfig, OnlineConfig, ProbeConfig};
pub use controls::{majority_outcomes, with_other_beliefs};
pub use error::{ProbeError, SavedProbeError};
pub use example::{Answered, EpisodeBeliefs, ProbeExample, mean_accuracy, outcomes};
pub use facts_belief::facts_belief;
pub use groundling_decoder::{
    AttentionConfig, BeliefsRead, DecoderName, DecoderSettings, GatedConfig, LinearConfig, LstmConfig, MlpConfig,
    UnscaledConfig, UnscaledNetwork,
};
pub use offline::{OfflineData, OfflineProbe, OfflineProgress, TrainedProbe, train_offline};
pub use online::{EpisodeSender, OnlineProbe};
pub use online_metrics::OnlineMetrics;
pub use optimizer::{ProbeLoss, ProbeOptimizer};
pub use selectivity::{measure_selectivity, with_control_answers, with_random_answers};
pub use trainer::{ProbeSpec, ProbeTrainer, Reading, StepReport};
