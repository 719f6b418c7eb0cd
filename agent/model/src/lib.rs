//! The agent: encoder, recurrent core, policy and value heads, and the predictive losses that shape its state.
//!
//! Its parameters and its recurrent state are private. The one exit of the state is `CoreState::freeze`, which copies;
//! an `AuxiliaryLoss`, which only whoever makes the agent can give it, reads states with their graphs.

mod agent;
mod auxiliary;
mod config;
mod core_state;
mod encoder;
mod losses;
mod network;
mod predictive;
mod replica;
mod replicas;
mod unroll;

pub use agent::{ActOutput, Agent, AgentError, AgentLoss, AgentOptimizer, Features};
pub use auxiliary::{AgentStates, AuxiliaryBlueprint, AuxiliaryFigure, AuxiliaryLoss, AuxiliaryOutput, StepTarget};
pub use config::{AgentConfig, LossScales, VTraceConfig};
pub use core_state::CoreState;
pub use encoder::{ConvLayer, DeepConfig, EncoderName, EncoderTooDeep};
pub use losses::LossReport;
pub use predictive::{
    ConvDrawConfig, CpcAConfig, DecoderName, GecoConfig, LatentTargetsConfig, Likelihood, OtherViewsConfig,
    PredictiveConfig, PredictiveName, SimCoreConfig, UnknownPredictiveName,
};
pub use replica::LossSettings;
pub use unroll::{Inputs, Unroll, UnrollShape};
