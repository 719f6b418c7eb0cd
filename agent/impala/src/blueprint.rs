//! What is needed to build the same agent again, in another thread or another process.

use groundling_interface::EnvironmentSpec;
use std::sync::Arc;

use groundling_model::{Agent, AgentConfig, AgentError, AuxiliaryBlueprint, PredictiveConfig, PredictiveName};
use groundling_nn::Compute;

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
    /// A loss from outside that teaches the agent besides; none for an agent that learns from what it sees only.
    pub auxiliary: Option<Arc<dyn AuxiliaryBlueprint>>,
    /// Decides the first parameters.
    pub seed: u64,
}

impl AgentBlueprint {
    /// A new agent. A `Device` alone stands for f32.
    pub fn build(&self, compute: impl Into<Compute>) -> Result<Agent, AgentError> {
        let agent = Agent::new(&self.spec, &self.agent, &self.predictive, self.clip_reward, self.seed, compute)?;
        Ok(match &self.auxiliary {
            Some(auxiliary) => agent.with_auxiliary(&**auxiliary, self.seed),
            None => agent,
        })
    }

    /// A new agent that computes losses in `num_shares` shares of a batch's rooms, each on a thread of its own.
    pub fn build_in_shares(&self, compute: impl Into<Compute>, num_shares: usize) -> Result<Agent, AgentError> {
        let compute = compute.into();
        let others = (1..num_shares).map(|_| self.build(compute)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.build(compute)?.with_replicas(others))
    }

    /// The same agent without the networks of its predictive and auxiliary losses, which acting does not need. Its parameters are the
    /// `acting_values` of the whole one.
    pub(crate) fn build_actor(&self, compute: impl Into<Compute>) -> Result<Agent, AgentError> {
        let predictive = PredictiveConfig { loss: PredictiveName::None, ..self.predictive.clone() };
        Agent::new(&self.spec, &self.agent, &predictive, self.clip_reward, self.seed, compute)
    }
}
