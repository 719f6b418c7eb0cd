//! The agent as a whole: acting, its losses, and its optimiser.

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentSpec, InvalidSetting, TimeStep};
use groundling_nn::{Compute, NamedValues, Optimizer, OptimizerConfig, Parameters, ValuesError, to_host};
use rand_chacha::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use crate::auxiliary::{Auxiliary, AuxiliaryBlueprint, StepTarget};
use crate::encoder::EncoderPlan;
use crate::network::Network;
use crate::predictive::Surroundings;
use crate::replica::{LossSettings, Part, Replica};
use crate::replicas::Replicas;
use crate::unroll::{Batch, stack_inputs};
use crate::{AgentConfig, CoreState, EncoderTooDeep, Inputs, LossReport, PredictiveConfig, Unroll};

/// The scopes of the parameters that acting does not need.
const PREDICTIVE: &str = "predictive";
const AUXILIARY: &str = "auxiliary";

/// Why an agent cannot be made for an environment.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AgentError {
    /// Its encoder has nothing left of so small a picture.
    #[error(transparent)]
    Encoder(#[from] EncoderTooDeep),
    /// Its predictive loss needs what the environment does not tell.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
}

/// An agent for environments of one spec.
pub struct Agent {
    spec: EnvironmentSpec,
    replica: Replica,
    /// Further ones, for shares of a batch.
    replicas: Replicas,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Agent").field("spec", &self.spec).field("network", &self.replica.network).finish()
    }
}

/// What acting gives.
#[derive(Debug)]
pub struct ActOutput {
    /// Logits of the policy, `[B][A]`.
    pub logits: Vec<Vec<f32>>,
    /// The core state after seeing the present step.
    pub state: CoreState,
    /// What the encoder made of the present pictures.
    pub features: Features,
}

/// What the encoder made of the pictures of `B` rooms: opaque, and left only by copying.
#[derive(Debug)]
pub struct Features(Tensor);

impl Features {
    /// Copies what one room's picture gave out of the agent: perception without memory, in the form of a belief.
    pub fn freeze(&self, room: usize) -> FrozenBelief {
        FrozenBelief::without_cell(to_host(&self.0.get(room as i64)))
    }
}

/// The losses of one batch, whose graphs lead to this agent's parameters.
#[derive(Debug)]
pub struct AgentLoss {
    parts: Vec<Part>,
}

impl AgentLoss {
    /// The value of each loss before scaling.
    pub fn report(&self) -> LossReport {
        Part::report(&self.parts)
    }

    /// What the predictive loss tells of itself besides its value, by name.
    pub fn predictive_series(&self) -> Vec<(&'static str, f64)> {
        Part::series(&self.parts)
    }

    /// What the auxiliary loss tells of itself besides its value, by name.
    pub fn auxiliary_series(&self) -> Vec<(String, f64)> {
        Part::figures(&self.parts)
    }

    /// For each scaled loss, the norm of its gradient at the parameters whose names begin with `prefix`
    /// (`encoder.`, `core.`). Costs a backward pass a loss.
    pub fn gradient_norms(&self, agent: &Agent, prefix: &str) -> LossReport {
        agent.replicas.gradient_norms(&agent.replica, &self.parts, prefix)
    }
}

impl Agent {
    /// A new agent whose first parameters `seed` decides. A `Device` alone for `compute` stands for f32.
    pub fn new(
        spec: &EnvironmentSpec,
        config: &AgentConfig,
        predictive: &PredictiveConfig,
        clip_reward: f64,
        seed: u64,
        compute: impl Into<Compute>,
    ) -> Result<Self, AgentError> {
        let mut parameters = Parameters::new(compute);
        let encoder = EncoderPlan::new(config, spec.height, spec.width)?;
        let network = Network::new(parameters.scope(seed), &encoder, spec, config, clip_reward);
        let (core_size, memory_steps) = (network.core_size(), config.memory_steps);
        let surroundings = Surroundings { spec, core_size, memory_steps, encoder: &encoder };
        let predictive = predictive.build(parameters.scope(seed).sub(PREDICTIVE), surroundings)?;
        let replica = Replica { parameters, network, predictive, auxiliary: None };
        Ok(Self { spec: spec.clone(), replica, replicas: Replicas::default() })
    }

    /// This agent, which from now on also learns by the loss that `blueprint` makes, whose first parameters `seed` decides.
    /// To be called before `with_replicas` and before an optimiser is made. All other parameters keep their values.
    pub fn with_auxiliary(mut self, blueprint: &dyn AuxiliaryBlueprint, seed: u64) -> Self {
        let Replica { parameters, network, .. } = &mut self.replica;
        let loss = blueprint.build(parameters.scope(seed).sub(AUXILIARY), network.core_size());
        self.replica.auxiliary = Some(Auxiliary { name: blueprint.name(), scale: blueprint.scale(), loss });
        self
    }

    /// This agent, which from now on computes losses in one more share of a batch's rooms for each of `others`, each on a
    /// thread of its own. The others are agents made as this one was, and give up their parameters for these.
    ///
    /// The bits of what is learnt depend on the number of shares. Predictive losses see their share as the batch: a
    /// contrastive loss draws its negatives there. Host only: an accelerator's memory cannot be shared so.
    pub fn with_replicas(mut self, others: impl IntoIterator<Item = Agent>) -> Self {
        let others = others.into_iter().map(|agent| agent.replica);
        self.replicas = Replicas::new(&self.replica, others);
        self
    }

    /// The spec it was made for.
    pub fn spec(&self) -> &EnvironmentSpec {
        &self.spec
    }

    /// The name of its auxiliary loss, if it has one.
    pub fn auxiliary_name(&self) -> Option<&'static str> {
        self.replica.auxiliary.as_ref().map(|auxiliary| auxiliary.name)
    }

    /// Whether its auxiliary loss can read every target; true where it has none, which reads nothing.
    pub fn reads_targets(&self, targets: &[StepTarget]) -> bool {
        let reads = |auxiliary: &Auxiliary| targets.iter().all(|target| auxiliary.loss.reads(&target.values));
        self.replica.auxiliary.as_ref().is_none_or(reads)
    }

    /// Number of trainable numbers.
    pub fn num_parameters(&self) -> usize {
        self.replica.parameters.num_values()
    }

    /// Number of trainable numbers of each part, in order: `encoder`, `core`, `policy`, `value`, and `predictive` and
    /// `auxiliary` where there is such a loss.
    pub fn num_parameters_by_part(&self) -> Vec<(String, usize)> {
        let mut parts: Vec<(String, usize)> = Vec::new();
        for (name, tensor) in self.replica.parameters.iter().filter(|(_, tensor)| tensor.requires_grad()) {
            let part = name.split('.').next().unwrap_or(name);
            match parts.last_mut().filter(|(last, _)| last == part) {
                Some((_, number)) => *number += tensor.numel(),
                None => parts.push((part.to_string(), tensor.numel())),
            }
        }
        parts
    }

    /// A copy of all parameters on the host.
    pub fn values(&self) -> NamedValues {
        self.replica.parameters.values()
    }

    /// A copy on the host of what acting needs: all parameters but those of the predictive and of the auxiliary loss. They
    /// are all parameters of the same agent made without either.
    pub fn acting_values(&self) -> NamedValues {
        let is_of_a_loss = |name: &str| matches!(name.split('.').next(), Some(PREDICTIVE | AUXILIARY));
        self.replica.parameters.values_where(|name| !is_of_a_loss(name))
    }

    /// Overwrites all parameters. On an error nothing has changed.
    pub fn set_values(&self, values: &NamedValues) -> Result<(), ValuesError> {
        self.replica.parameters.set_values(values)
    }

    /// A copy of what losses keep for themselves (GECO's multiplier), which `loss` changes.
    pub fn buffers(&self) -> NamedValues {
        self.replica.parameters.buffers()
    }

    /// Takes back what `loss` changed. On an error nothing has changed.
    pub fn set_buffers(&self, buffers: &NamedValues) -> Result<(), ValuesError> {
        self.replica.parameters.set_buffers(buffers)
    }

    /// The state of `num_rooms` rooms in which nothing has happened yet.
    pub fn zero_state(&self, num_rooms: usize) -> CoreState {
        CoreState(self.replica.network.zero_state(num_rooms as i64))
    }

    /// The state that was frozen from each room.
    pub fn thaw(&self, beliefs: &[FrozenBelief]) -> CoreState {
        CoreState::thaw(beliefs, self.replica.parameters.device())
    }

    /// Sees the present step of each room, in `state`; forgets first where an episode begins. No gradients.
    pub fn act(&self, inputs: &Inputs<'_>, state: &CoreState) -> ActOutput {
        let _guard = tch::no_grad_guard();
        let first: Vec<bool> = inputs.steps.iter().map(|step| is_first(step)).collect();
        let tensors = stack_inputs(inputs, &self.spec, self.replica.parameters.device());
        let output = self.replica.network.step(tensors, &state.reset(&first));
        let logits = to_host(&output.logits).chunks(self.spec.num_actions()).map(<[f32]>::to_vec).collect();
        ActOutput { logits, state: CoreState(output.state), features: Features(output.features) }
    }

    /// The losses of unrolls side by side, in the order given. Random choices come from `generator`.
    pub fn loss(&self, unrolls: &[Unroll], settings: &LossSettings, generator: &mut ChaCha8Rng) -> AgentLoss {
        let batch = Batch::new(unrolls, settings.carried_state, self.replica.parameters.device());
        AgentLoss { parts: self.replicas.losses(&self.replica, batch, settings, generator) }
    }

    /// The frames the agent imagines from a belief under `actions`, the present one first: `actions.len() + 1` pictures
    /// `[H, W, 3]`. What a loss leaves to chance is drawn from `generator`. None when its loss predicts no pixels.
    pub fn imagine(
        &self,
        belief: &FrozenBelief,
        actions: &[Action],
        generator: &mut ChaCha8Rng,
    ) -> Option<Vec<Vec<u8>>> {
        let _guard = tch::no_grad_guard();
        let state = self.thaw(std::slice::from_ref(belief));
        let indices: Vec<i64> = actions.iter().map(|action| i64::from(action.0)).collect();
        let actions = Tensor::from_slice(&indices).view([-1, 1]).to_device(self.replica.parameters.device());
        let frames = self.replica.predictive.as_ref()?.imagine(&state.0, &actions, generator)?;
        let frames = (frames.squeeze_dim(1).permute([0, 2, 3, 1]) * 255.0).round().to_kind(Kind::Uint8);
        let frames = frames.to_device(Device::Cpu).contiguous();
        let mut bytes = vec![0u8; frames.numel()];
        let num_bytes = bytes.len();
        frames.copy_data(&mut bytes, num_bytes);
        Some(bytes.chunks(self.spec.num_bytes()).map(<[u8]>::to_vec).collect())
    }
}

fn is_first(step: &TimeStep) -> bool {
    step.kind == groundling_interface::StepKind::First
}

/// The optimiser of one agent's parameters. It takes an `AgentLoss` and nothing else.
#[derive(Debug)]
pub struct AgentOptimizer(Optimizer);

impl AgentOptimizer {
    /// For the parameters of `agent`.
    pub fn new(config: &OptimizerConfig, agent: &Agent) -> Self {
        Self(Optimizer::new(config.clone(), &agent.replica.parameters))
    }

    /// One step down the sum of the scaled losses. Returns the gradient's norm before clipping; when it is not finite
    /// nothing has changed.
    pub fn step(&mut self, agent: &Agent, loss: AgentLoss, learning_rate: f64) -> f64 {
        agent.replicas.backward(&agent.replica, loss.parts);
        self.0.step(&agent.replica.parameters, learning_rate)
    }

    /// Its state on the host, and the number of steps taken.
    pub fn values(&self, agent: &Agent) -> (NamedValues, u64) {
        (self.0.values(&agent.replica.parameters), self.0.num_steps())
    }

    /// Takes over a saved state. On an error nothing has changed.
    pub fn set_values(&mut self, agent: &Agent, values: &NamedValues, num_steps: u64) -> Result<(), ValuesError> {
        self.0.set_values(&agent.replica.parameters, values, num_steps)
    }
}
