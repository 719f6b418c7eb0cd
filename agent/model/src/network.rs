//! Encoder, recurrent core and heads.

use groundling_interface::EnvironmentSpec;
use groundling_nn::{Linear, Lstm, LstmState, Scope};
use tch::{Kind, Tensor};

use crate::AgentConfig;
use crate::encoder::{self, Encoder, EncoderPlan};
use crate::unroll::Batch;

/// What the network makes of one row of rooms.
#[derive(Debug)]
pub(crate) struct StepOutput {
    /// `[B, A]`.
    pub(crate) logits: Tensor,
    /// The core state after the row.
    pub(crate) state: LstmState,
    /// What the encoder gives for each picture, `[B, F]`.
    pub(crate) features: Tensor,
}

/// What the network makes of a whole batch.
#[derive(Debug)]
pub(crate) struct UnrollOutput {
    /// `[T+1, B, A]`.
    pub(crate) logits: Tensor,
    /// `[T+1, B]`.
    pub(crate) values: Tensor,
    /// What the encoder gives for each picture, `[T+1, B, F]`.
    pub(crate) features: Tensor,
    /// Core output after each row, `[T+1, B, N]`.
    pub(crate) hidden: Tensor,
    /// Core cell after each row, `[T+1, B, N]`.
    pub(crate) cell: Tensor,
}

/// Every network that acting needs.
#[derive(Debug)]
pub(crate) struct Network {
    encoder: Encoder,
    core: Lstm,
    policy: Linear,
    value: Linear,
    num_actions: i64,
    clip_reward: f64,
}

impl Network {
    /// With an encoder made by `plan`, for as many actions as `spec` has.
    pub(crate) fn new(
        mut scope: Scope<'_>,
        plan: &EncoderPlan,
        spec: &EnvironmentSpec,
        config: &AgentConfig,
        clip_reward: f64,
    ) -> Self {
        let num_actions = spec.num_actions() as i64;
        let encoder = plan.build(scope.sub(encoder::SCOPE));
        let inputs = plan.num_features() + num_actions + 1;
        let core = Lstm::new(scope.sub("core"), inputs, config.core_size, config.forget_bias);
        Self {
            encoder,
            core: if config.memory_steps > 0.0 { core.with_time_constants(config.memory_steps) } else { core },
            policy: Linear::new(scope.sub("policy"), config.core_size, num_actions, 0.1),
            value: Linear::new(scope.sub("value"), config.core_size, 1, 0.1),
            num_actions,
            clip_reward,
        }
    }

    pub(crate) fn core_size(&self) -> i64 {
        self.core.size()
    }

    pub(crate) fn zero_state(&self, num_rooms: i64) -> LstmState {
        self.core.zero_state(num_rooms)
    }

    /// Projected core inputs `[N, 4 core_size]` of `N` pictures' features with their last actions and rewards.
    fn project(&self, features: &Tensor, last_actions: &Tensor, last_rewards: &Tensor) -> Tensor {
        // "No action" is the class behind the last; it is a row of zeros.
        let actions = last_actions.one_hot(self.num_actions + 1).narrow(-1, 0, self.num_actions).to_kind(Kind::Float);
        let rewards = last_rewards.clamp(-self.clip_reward, self.clip_reward).unsqueeze(-1);
        self.core.project(&Tensor::cat(&[features, &actions, &rewards], -1))
    }

    /// One row: pictures u8 `[B, H, W, 3]`, last actions i64 `[B]`, last rewards `[B]`.
    pub(crate) fn step(&self, inputs: (Tensor, Tensor, Tensor), state: &LstmState) -> StepOutput {
        let features = self.encoder.forward(&inputs.0);
        let state = self.core.step(&self.project(&features, &inputs.1, &inputs.2), state);
        StepOutput { logits: self.policy.forward(&state.hidden), state, features }
    }

    /// A whole batch from its initial core states.
    pub(crate) fn unroll(&self, batch: &Batch, initial: &LstmState) -> UnrollOutput {
        let (rows, rooms) = (batch.length as i64 + 1, batch.num_rooms as i64);
        let features = self.encoder.forward(&batch.rgb.flatten(0, 1));
        let projected = self.project(&features, &batch.last_actions.flatten(0, 1), &batch.last_rewards.flatten(0, 1));
        let LstmState { hidden, cell } = self.core.unroll(&projected.view([rows, rooms, -1]), initial, &batch.keeps());
        let logits = self.policy.forward(&hidden);
        let values = self.value.forward(&hidden).squeeze_dim(-1);
        UnrollOutput { logits, values, features: features.view([rows, rooms, -1]), hidden, cell }
    }
}
