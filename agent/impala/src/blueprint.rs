//! What is needed to build the same agent again, in another thread or another process.

use groundling_interface::EnvironmentSpec;
use groundling_model::{Agent, AgentConfig, EncoderTooDeep, PredictiveConfig};
use tch::Device;

/// Everything an agent's construction depends on.
#[derive(Debug, Clone)]
pub struct AgentBlueprint {
    /// The environment's spec.
    pub spec: EnvironmentSpec,
    /// Sizes of the networks.
    pub agent: AgentConfig,
    /// The predictive loss.
    pub predictive: PredictiveConfig,
    /// Rewards are clipped to ± this before the core reads them.
    pub clip_reward: f64,
    /// Decides the first parameters.
    pub seed: u64,
}

impl AgentBlueprint {
    /// A new agent.
    pub fn build(&self, device: Device) -> Result<Agent, EncoderTooDeep> {
        Agent::new(&self.spec, &self.agent, &self.predictive, self.clip_reward, self.seed, device)
    }
}
