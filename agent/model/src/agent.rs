//! The agent as a whole: acting, its losses, and its optimiser.

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentSpec, TimeStep};
use groundling_nn::{Compute, NamedValues, Optimizer, OptimizerConfig, Parameters, ValuesError, to_host};
use groundling_ops::{
    Clips, baseline_loss, entropy_loss, imitation_loss, log_probabilities_of, policy_gradient_loss, vtrace,
};
use rand_chacha::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use crate::losses::Losses;
use crate::network::{Network, UnrollOutput};
use crate::predictive::{PredictiveLoss, Surroundings};
use crate::unroll::{Batch, stack_inputs};
use crate::{
    AgentConfig, CoreState, EncoderTooDeep, Inputs, LossReport, LossScales, PredictiveConfig, Unroll, VTraceConfig,
};

/// The scope of every parameter that acting does not need.
const PREDICTIVE: &str = "predictive";

/// An agent for environments of one spec.
pub struct Agent {
    spec: EnvironmentSpec,
    parameters: Parameters,
    network: Network,
    predictive: Option<Box<dyn PredictiveLoss>>,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Agent").field("spec", &self.spec).field("network", &self.network).finish()
    }
}

/// What acting gives.
#[derive(Debug)]
pub struct ActOutput {
    /// Logits of the policy, `[B][A]`.
    pub logits: Vec<Vec<f32>>,
    /// The core state after seeing the present step.
    pub state: CoreState,
}

/// What the losses depend on besides the unrolls.
#[derive(Debug, Clone)]
pub struct LossSettings {
    /// Factor on each loss.
    pub scales: LossScales,
    /// Settings of V-trace.
    pub vtrace: VTraceConfig,
    /// Whether the actions were those of a scripted behaviour, which the policy then learns by imitation.
    pub scripted: bool,
}

/// The losses of one batch, each a scalar whose graph leads to this agent's parameters.
#[derive(Debug)]
pub struct AgentLoss {
    losses: Losses,
    scaled: Losses,
    series: Vec<(&'static str, f64)>,
}

impl AgentLoss {
    /// The value of each loss before scaling.
    pub fn report(&self) -> LossReport {
        self.losses.report(|loss| loss.double_value(&[]))
    }

    /// What the predictive loss tells of itself besides its value, by name.
    pub fn predictive_series(&self) -> &[(&'static str, f64)] {
        &self.series
    }

    /// For each scaled loss, the norm of its gradient at the parameters whose names begin with `prefix`
    /// (`encoder.`, `core.`). Costs a backward pass a loss.
    pub fn gradient_norms(&self, agent: &Agent, prefix: &str) -> LossReport {
        let below = agent.parameters.iter().filter(|(name, tensor)| name.starts_with(prefix) && tensor.requires_grad());
        let parameters: Vec<&Tensor> = below.map(|(_, tensor)| tensor).collect();
        self.scaled.report(|loss| {
            let gradients = Tensor::run_backward(&[loss], &parameters, true, false);
            // A parameter that the loss does not reach has no gradient.
            let reached = gradients.iter().filter(|gradient| gradient.defined());
            reached.map(|gradient| gradient.norm().double_value(&[]).powi(2)).sum::<f64>().sqrt()
        })
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
    ) -> Result<Self, EncoderTooDeep> {
        let mut parameters = Parameters::new(compute);
        let network = Network::new(parameters.scope(seed), spec, config, clip_reward)?;
        let surroundings = Surroundings { spec, core_size: network.core_size(), num_features: network.num_features() };
        let predictive = predictive.build(parameters.scope(seed).sub(PREDICTIVE), surroundings);
        Ok(Self { spec: spec.clone(), parameters, network, predictive })
    }

    /// The spec it was made for.
    pub fn spec(&self) -> &EnvironmentSpec {
        &self.spec
    }

    /// Number of trainable numbers.
    pub fn num_parameters(&self) -> usize {
        self.parameters.num_values()
    }

    /// Number of trainable numbers of each part, in order: `encoder`, `core`, `policy`, `value`, and `predictive` where
    /// there is such a loss.
    pub fn num_parameters_by_part(&self) -> Vec<(String, usize)> {
        let mut parts: Vec<(String, usize)> = Vec::new();
        for (name, tensor) in self.parameters.iter().filter(|(_, tensor)| tensor.requires_grad()) {
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
        self.parameters.values()
    }

    /// A copy on the host of what acting needs: all parameters but those of the predictive loss. They are all parameters of
    /// the same agent made without a predictive loss.
    pub fn acting_values(&self) -> NamedValues {
        self.parameters.values_where(|name| name.split('.').next() != Some(PREDICTIVE))
    }

    /// Overwrites all parameters. On an error nothing has changed.
    pub fn set_values(&self, values: &NamedValues) -> Result<(), ValuesError> {
        self.parameters.set_values(values)
    }

    /// A copy of what losses keep for themselves (GECO's multiplier), which `loss` changes.
    pub fn buffers(&self) -> NamedValues {
        self.parameters.buffers()
    }

    /// Takes back what `loss` changed. On an error nothing has changed.
    pub fn set_buffers(&self, buffers: &NamedValues) -> Result<(), ValuesError> {
        self.parameters.set_buffers(buffers)
    }

    /// The state of `num_rooms` rooms in which nothing has happened yet.
    pub fn zero_state(&self, num_rooms: usize) -> CoreState {
        CoreState(self.network.zero_state(num_rooms as i64))
    }

    /// The state that was frozen from each room.
    pub fn thaw(&self, beliefs: &[FrozenBelief]) -> CoreState {
        CoreState::thaw(beliefs, self.parameters.device())
    }

    /// Sees the present step of each room, in `state`; forgets first where an episode begins. No gradients.
    pub fn act(&self, inputs: &Inputs<'_>, state: &CoreState) -> ActOutput {
        let _guard = tch::no_grad_guard();
        let first: Vec<bool> = inputs.steps.iter().map(|step| is_first(step)).collect();
        let tensors = stack_inputs(inputs, &self.spec, self.parameters.device());
        let output = self.network.step(tensors, &state.reset(&first));
        let logits = to_host(&output.logits).chunks(self.spec.num_actions()).map(<[f32]>::to_vec).collect();
        ActOutput { logits, state: CoreState(output.state) }
    }

    /// The losses of unrolls side by side, in the order given. Random choices come from `generator`.
    pub fn loss(&self, unrolls: &[Unroll], settings: &LossSettings, generator: &mut ChaCha8Rng) -> AgentLoss {
        let batch = Batch::new(unrolls, self.parameters.device());
        let initial = self.thaw(&batch.initial_beliefs);
        let output = self.network.unroll(&batch, &initial.0);
        let mut losses = behavior_losses(&batch, &output, settings);
        let predictive = self.predictive.as_ref().and_then(|loss| loss.loss(&batch, &output, generator));
        let (predictive, series) = predictive.map(|output| (output.loss, output.series)).unzip();
        losses.predictive = predictive;
        let scaled = losses.scaled(&settings.scales);
        AgentLoss { losses, scaled, series: series.unwrap_or_default() }
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
        let actions = Tensor::from_slice(&indices).view([-1, 1]).to_device(self.parameters.device());
        let frames = self.predictive.as_ref()?.imagine(&state.0, &actions, generator)?;
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

/// Every loss but the predictive one.
fn behavior_losses(batch: &Batch, output: &UnrollOutput, settings: &LossSettings) -> Losses {
    let steps = batch.length as i64;
    let mask = batch.mask();
    let logits = output.logits.narrow(0, 0, steps);
    let values = output.values.narrow(0, 0, steps);
    let clip = settings.vtrace.clip_reward;
    let rewards = batch.last_rewards.narrow(0, 1, steps).clamp(-clip, clip);
    let discounts = batch.discounts(settings.vtrace.discount as f32);
    // A scripted behaviour is followed, not corrected for: the values are those of the behaviour itself.
    let log_rhos = if settings.scripted {
        mask.zeros_like()
    } else {
        log_probabilities_of(&logits.detach(), &batch.actions)
            - log_probabilities_of(&batch.behavior_logits, &batch.actions)
    };
    let clips = Clips { rho: settings.vtrace.clip_rho, c: settings.vtrace.clip_c, pg_rho: settings.vtrace.clip_pg_rho };
    let bootstrap = output.values.get(steps);
    let targets = vtrace(&log_rhos, &discounts, &rewards, &values, &bootstrap, &mask, clips);
    let baseline = Some(baseline_loss(&values, &targets.vs, &mask));
    if settings.scripted {
        let imitation = Some(imitation_loss(&logits, &batch.actions, &mask));
        Losses { baseline, imitation, ..Losses::default() }
    } else {
        let policy_gradient = policy_gradient_loss(&logits, &batch.actions, &targets.pg_advantages, &mask);
        let entropy = entropy_loss(&logits, &mask);
        Losses { baseline, policy_gradient: Some(policy_gradient), entropy: Some(entropy), ..Losses::default() }
    }
}

/// The optimiser of one agent's parameters. It takes an `AgentLoss` and nothing else.
#[derive(Debug)]
pub struct AgentOptimizer(Optimizer);

impl AgentOptimizer {
    /// For the parameters of `agent`.
    pub fn new(config: &OptimizerConfig, agent: &Agent) -> Self {
        Self(Optimizer::new(config.clone(), &agent.parameters))
    }

    /// One step down the sum of the scaled losses. Returns the gradient's norm before clipping; when it is not finite
    /// nothing has changed.
    pub fn step(&mut self, agent: &Agent, loss: AgentLoss, learning_rate: f64) -> f64 {
        loss.scaled.total().backward();
        self.0.step(&agent.parameters, learning_rate)
    }

    /// Its state on the host, and the number of steps taken.
    pub fn values(&self, agent: &Agent) -> (NamedValues, u64) {
        (self.0.values(&agent.parameters), self.0.num_steps())
    }

    /// Takes over a saved state. On an error nothing has changed.
    pub fn set_values(&mut self, agent: &Agent, values: &NamedValues, num_steps: u64) -> Result<(), ValuesError> {
        self.0.set_values(&agent.parameters, values, num_steps)
    }
}
