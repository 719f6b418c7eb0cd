//! What actors hand to the learner: `T + 1` observations of `E` rooms, with what was done in between.
//!
//! Row `T` is the observation from which the value is bootstrapped; it is row 0 of the next unroll. A step whose row is
//! the last observation of an episode is a seam: its action and reward mean nothing.

use groundling_belief::FrozenBelief;
use groundling_interface::{Action, EnvironmentSpec, Observation, StepKind, TimeStep};
use groundling_nn::send_bytes;
use tch::{Device, Kind, Tensor};

use crate::StepTarget;

/// Sizes of an unroll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnrollShape {
    /// `T`, number of actions.
    pub length: usize,
    /// `E` or `B`, number of rooms.
    pub num_rooms: usize,
    /// Rows of a picture.
    pub height: usize,
    /// Columns of a picture.
    pub width: usize,
    /// `A`.
    pub num_actions: usize,
}

impl UnrollShape {
    /// For rooms of that spec.
    pub fn new(length: usize, num_rooms: usize, spec: &EnvironmentSpec) -> Self {
        Self { length, num_rooms, height: spec.height, width: spec.width, num_actions: spec.num_actions() }
    }

    /// Bytes of an unroll of this shape on the host, for a core of `core_size` units; targets, of which few rows have one,
    /// come on top.
    pub fn num_bytes(&self, core_size: usize) -> usize {
        let row = self.num_pixels() + size_of::<StepKind>() + size_of::<i64>() + size_of::<f32>();
        let step = size_of::<i64>() + self.num_actions * size_of::<f32>();
        let beliefs = 2 * core_size * size_of::<f32>();
        self.num_rooms * ((self.length + 1) * row + self.length * step + beliefs)
    }

    pub(crate) fn num_pixels(&self) -> usize {
        self.height * self.width * 3
    }
}

/// One unroll, on the host.
///
/// | field | shape | row `t` holds |
/// |---|---|---|
/// | `rgb` | `[T+1, E, H, W, 3]` u8 | the picture |
/// | `kinds` | `[T+1, E]` | where in its episode it stands |
/// | `last_actions` | `[T+1, E]` | the action that led there; `A` for none |
/// | `last_rewards` | `[T+1, E]` | the reward that came with it |
/// | `actions` | `[T, E]` | the action taken there |
/// | `behavior_logits` | `[T, E, A]` | the policy that took it, if it was the agent's own |
/// | `initial_beliefs` | `[E]` | the core state before row 0 |
/// | `targets` | some of `[T, E]` | what an auxiliary loss is to learn there, if the agent has one |
#[derive(Debug, Clone, PartialEq)]
pub struct Unroll {
    pub(crate) shape: UnrollShape,
    pub(crate) rgb: Vec<u8>,
    pub(crate) kinds: Vec<StepKind>,
    pub(crate) last_actions: Vec<i64>,
    pub(crate) last_rewards: Vec<f32>,
    pub(crate) actions: Vec<i64>,
    pub(crate) behavior_logits: Vec<f32>,
    pub(crate) initial_beliefs: Vec<FrozenBelief>,
    pub(crate) targets: Vec<StepTarget>,
}

impl Unroll {
    /// An empty unroll that begins in these core states.
    pub fn begin(shape: UnrollShape, initial_beliefs: Vec<FrozenBelief>) -> Self {
        let (rows, steps) = ((shape.length + 1) * shape.num_rooms, shape.length * shape.num_rooms);
        Self {
            shape,
            rgb: Vec::with_capacity(rows * shape.num_pixels()),
            kinds: Vec::with_capacity(rows),
            last_actions: Vec::with_capacity(rows),
            last_rewards: Vec::with_capacity(rows),
            actions: Vec::with_capacity(steps),
            behavior_logits: Vec::with_capacity(steps * shape.num_actions),
            initial_beliefs,
            targets: Vec::new(),
        }
    }

    /// Adds the next room's observation of the present row; rooms in order.
    pub fn push_observation(&mut self, step: &TimeStep) {
        let Observation { rgb, last_action, last_reward } = &step.observation;
        self.rgb.extend_from_slice(rgb);
        self.kinds.push(step.kind);
        self.last_actions.push(last_action.map_or(self.shape.num_actions as i64, |action| i64::from(action.0)));
        self.last_rewards.push(*last_reward);
    }

    /// Notes the target of the observation that was added last, which is not of the last row.
    pub fn push_target(&mut self, values: Vec<i64>) {
        let (cell, num_rooms) = (self.kinds.len().saturating_sub(1), self.shape.num_rooms.max(1));
        self.targets.push(StepTarget { t: cell / num_rooms, room: cell % num_rooms, values });
    }

    /// Adds the next room's action of the present row and the logits `[A]` of the policy there.
    pub fn push_action(&mut self, action: Action, logits: &[f32]) {
        self.actions.push(i64::from(action.0));
        self.behavior_logits.extend_from_slice(logits);
    }

    /// Sizes.
    pub fn shape(&self) -> UnrollShape {
        self.shape
    }

    /// The step recorded in row `t`, `0..=T`, of a room.
    pub fn time_step(&self, t: usize, room: usize) -> TimeStep {
        let index = t * self.shape.num_rooms + room;
        let num_pixels = self.shape.num_pixels();
        let last_action = self.last_actions[index];
        let observation = Observation {
            rgb: self.rgb[index * num_pixels..(index + 1) * num_pixels].to_vec(),
            last_action: (last_action < self.shape.num_actions as i64).then_some(Action(last_action as u16)),
            last_reward: self.last_rewards[index],
        };
        TimeStep { kind: self.kinds[index], observation }
    }

    /// The action taken in row `t`, `0..T`, of a room, and the logits `[A]` of the policy there.
    pub fn action(&self, t: usize, room: usize) -> (Action, &[f32]) {
        let index = t * self.shape.num_rooms + room;
        let num_actions = self.shape.num_actions;
        let logits = &self.behavior_logits[index * num_actions..(index + 1) * num_actions];
        (Action(self.actions[index] as u16), logits)
    }

    /// The targets that were noted, in the order of rows, and of rooms within one.
    pub fn targets(&self) -> &[StepTarget] {
        &self.targets
    }

    /// The core state of each room before row 0, `[E]`.
    pub fn initial_beliefs(&self) -> &[FrozenBelief] {
        &self.initial_beliefs
    }
}

/// What the network reads of one row of `B` rooms.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The present step of each room.
    pub steps: &'a [&'a TimeStep],
}

/// Unrolls side by side, as tensors on the learner's device.
#[derive(Debug)]
pub(crate) struct Batch {
    /// `T`.
    pub(crate) length: usize,
    /// `B`.
    pub(crate) num_rooms: usize,
    /// u8 `[T+1, B, H, W, 3]`.
    pub(crate) rgb: Tensor,
    /// Host, `[T+1][B]`.
    pub(crate) kinds: Vec<Vec<StepKind>>,
    /// i64 `[T+1, B]`.
    pub(crate) last_actions: Tensor,
    /// f32 `[T+1, B]`.
    pub(crate) last_rewards: Tensor,
    /// i64 `[T, B]`.
    pub(crate) actions: Tensor,
    /// f32 `[T, B, A]`.
    pub(crate) behavior_logits: Tensor,
    /// Frozen core states before row 0, `[B]`.
    pub(crate) initial_beliefs: Vec<FrozenBelief>,
    /// Whether those are of rows before, of which the core knows; otherwise each room begins in row 0 as far as it knows.
    pub(crate) carried_state: bool,
    /// Of an auxiliary loss, if there is one.
    pub(crate) targets: Vec<StepTarget>,
}

impl Batch {
    /// Puts unrolls of one shape side by side, in the order given; without `carried_state`, all begin in zeros.
    pub(crate) fn new(unrolls: &[Unroll], carried_state: bool, device: Device) -> Self {
        let shape = unrolls[0].shape;
        let (rows, steps, rooms) = (shape.length as i64 + 1, shape.length as i64, shape.num_rooms as i64);
        let (height, width, num_actions) = (shape.height as i64, shape.width as i64, shape.num_actions as i64);
        let cat = |part: &dyn Fn(&Unroll) -> Tensor| {
            let tensors: Vec<Tensor> = unrolls.iter().map(part).collect();
            Tensor::cat(&tensors, 1).to_device(device)
        };
        let beliefs = unrolls.iter().flat_map(|unroll| &unroll.initial_beliefs);
        let kinds = (0..=shape.length).map(|t| {
            let row = |unroll: &Unroll| unroll.kinds[t * shape.num_rooms..(t + 1) * shape.num_rooms].to_vec();
            unrolls.iter().flat_map(row).collect()
        });
        Self {
            length: shape.length,
            num_rooms: unrolls.iter().map(|unroll| unroll.shape.num_rooms).sum(),
            rgb: cat(&|unroll| send_bytes(&unroll.rgb, &[rows, rooms, height, width, 3], device)),
            kinds: kinds.collect(),
            last_actions: cat(&|unroll| Tensor::from_slice(&unroll.last_actions).view([rows, rooms])),
            last_rewards: cat(&|unroll| Tensor::from_slice(&unroll.last_rewards).view([rows, rooms])),
            actions: cat(&|unroll| Tensor::from_slice(&unroll.actions).view([steps, rooms])),
            behavior_logits: cat(&|unroll| {
                Tensor::from_slice(&unroll.behavior_logits).view([steps, rooms, num_actions])
            }),
            initial_beliefs: beliefs
                .map(|belief| if carried_state { belief.clone() } else { emptied(belief) })
                .collect(),
            carried_state,
            targets: side_by_side(unrolls),
        }
    }

    /// The batch in `num_shares` shares of its rooms, in order, as even as can be; fewer where there are not so many rooms.
    pub(crate) fn split(self, num_shares: usize) -> Vec<Self> {
        let num_shares = num_shares.clamp(1, self.num_rooms.max(1));
        let bounds = |share: usize| share * self.num_rooms / num_shares;
        let share = |index: usize| {
            let (first, end) = (bounds(index), bounds(index + 1));
            let part = |tensor: &Tensor| tensor.narrow(1, first as i64, (end - first) as i64).contiguous();
            Self {
                length: self.length,
                num_rooms: end - first,
                rgb: part(&self.rgb),
                kinds: self.kinds.iter().map(|row| row[first..end].to_vec()).collect(),
                last_actions: part(&self.last_actions),
                last_rewards: part(&self.last_rewards),
                actions: part(&self.actions),
                behavior_logits: part(&self.behavior_logits),
                initial_beliefs: self.initial_beliefs[first..end].to_vec(),
                carried_state: self.carried_state,
                targets: targets_within(&self.targets, first, end),
            }
        };
        (0..num_shares).map(share).collect()
    }

    /// Number of steps that count: those of the mask.
    pub(crate) fn num_counted_steps(&self) -> usize {
        self.kinds.iter().take(self.length).flatten().filter(|kind| !kind.is_last()).count()
    }

    /// 1 where step `t` counts, 0 where it is a seam: f32 `[T, B]`.
    pub(crate) fn mask(&self) -> Tensor {
        self.per_step(|kind, _| if kind.is_last() { 0.0 } else { 1.0 })
    }

    /// `discount`, but 0 into a terminal observation and at seams: f32 `[T, B]`.
    pub(crate) fn discounts(&self, discount: f32) -> Tensor {
        self.per_step(|kind, next| if kind.is_last() || next == StepKind::Terminated { 0.0 } else { discount })
    }

    fn per_step(&self, value: impl Fn(StepKind, StepKind) -> f32) -> Tensor {
        let steps = self.kinds.windows(2).flat_map(|rows| rows[0].iter().zip(&rows[1]));
        let values: Vec<f32> = steps.map(|(&kind, &next)| value(kind, next)).collect();
        Tensor::from_slice(&values).view([self.length as i64, self.num_rooms as i64]).to_device(self.rgb.device())
    }

    /// For each row, `[B, 1]` with 0 where an episode begins; none where no room begins one.
    pub(crate) fn keeps(&self) -> Vec<Option<Tensor>> {
        let keep = |row: &Vec<StepKind>| {
            let begins = |kind: &StepKind| *kind == StepKind::First;
            row.iter().any(begins).then(|| {
                let values: Vec<f32> = row.iter().map(|kind| if begins(kind) { 0.0 } else { 1.0 }).collect();
                Tensor::from_slice(&values).view([-1, 1]).to_device(self.rgb.device())
            })
        };
        self.kinds.iter().map(keep).collect()
    }

    /// The rows of `room` that are at least `num_rows` behind the first one of their episode, as far as the unroll
    /// shows. Where no state was carried over, row 0 is the first one that the core knows of.
    pub(crate) fn rows_behind_start(&self, room: usize, num_rows: usize) -> Vec<usize> {
        let mut first: Option<usize> = (!self.carried_state).then_some(0);
        let mut late = Vec::with_capacity(self.length + 1);
        for (t, row) in self.kinds.iter().enumerate() {
            if row[room] == StepKind::First {
                first = Some(t);
            }
            if first.is_none_or(|first| t - first >= num_rows) {
                late.push(t);
            }
        }
        late
    }

    /// Number of rows before row `t` of `room` that belong to the same episode, as far as the unroll shows.
    pub(crate) fn rows_since_start(&self, t: usize, room: usize) -> usize {
        let first = (0..=t).rev().find(|&row| self.kinds[row][room] == StepKind::First).unwrap_or(0);
        t - first
    }

    /// Number of rows after row `t` of `room` that belong to the same episode.
    pub(crate) fn rows_to_go(&self, t: usize, room: usize) -> usize {
        if self.kinds[t][room].is_last() {
            return 0;
        }
        let end = (t + 1..=self.length).find(|&row| self.kinds[row][room].is_last()).unwrap_or(self.length);
        end - t
    }
}

/// The belief of one who has seen nothing, in the size of another.
fn emptied(belief: &FrozenBelief) -> FrozenBelief {
    FrozenBelief::new(vec![0.0; belief.hidden().len()], vec![0.0; belief.cell().len()])
}

/// The targets of unrolls as those of one batch.
fn side_by_side(unrolls: &[Unroll]) -> Vec<StepTarget> {
    let (mut targets, mut first) = (Vec::new(), 0);
    for unroll in unrolls {
        let moved = |target: &StepTarget| StepTarget { room: first + target.room, ..target.clone() };
        targets.extend(unroll.targets.iter().map(moved));
        first += unroll.shape.num_rooms;
    }
    targets
}

/// The targets of the rooms `first..end` as those of a batch of their own.
fn targets_within(targets: &[StepTarget], first: usize, end: usize) -> Vec<StepTarget> {
    let within = targets.iter().filter(|target| (first..end).contains(&target.room));
    within.map(|target| StepTarget { room: target.room - first, ..target.clone() }).collect()
}

/// Pictures `[B, H, W, 3]`, last actions `[B]` and last rewards `[B]` of the present steps.
pub(crate) fn stack_inputs(inputs: &Inputs<'_>, spec: &EnvironmentSpec, device: Device) -> (Tensor, Tensor, Tensor) {
    let rooms = inputs.steps.len() as i64;
    let mut rgb = Vec::with_capacity(inputs.steps.len() * spec.num_bytes());
    let (mut last_actions, mut last_rewards) = (Vec::new(), Vec::new());
    for step in inputs.steps {
        rgb.extend_from_slice(&step.observation.rgb);
        let action = step.observation.last_action;
        last_actions.push(action.map_or(spec.num_actions() as i64, |action| i64::from(action.0)));
        last_rewards.push(step.observation.last_reward);
    }
    let rgb = send_bytes(&rgb, &[rooms, spec.height as i64, spec.width as i64, 3], device);
    let last_rewards = Tensor::from_slice(&last_rewards).to_kind(Kind::Float);
    (rgb, Tensor::from_slice(&last_actions).to_device(device), last_rewards.to_device(device))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_stay_with_their_row_and_room() {
        let shape = UnrollShape { length: 2, num_rooms: 3, height: 1, width: 1, num_actions: 1 };
        let unroll = |number: i64| {
            let belief = FrozenBelief::new(vec![0.0], vec![0.0]);
            let mut unroll = Unroll::begin(shape, vec![belief; 3]);
            for t in 0..=2 {
                for room in 0..3 {
                    let observation = Observation { rgb: vec![0; 3], last_action: None, last_reward: 0.0 };
                    unroll.push_observation(&TimeStep { kind: StepKind::Mid, observation });
                    if t == 1 && room != 1 {
                        unroll.push_target(vec![number, room]);
                    }
                    if t < 2 {
                        unroll.push_action(Action(0), &[0.0]);
                    }
                }
            }
            unroll
        };
        let target = |room, values: [i64; 2]| StepTarget { t: 1, room, values: values.to_vec() };
        let unrolls = [unroll(7), unroll(8)];
        assert_eq!(unrolls[0].targets(), [target(0, [7, 0]), target(2, [7, 2])]);
        let batch = Batch::new(&unrolls, true, Device::Cpu);
        assert_eq!(batch.targets, [target(0, [7, 0]), target(2, [7, 2]), target(3, [8, 0]), target(5, [8, 2])]);
        let shares: Vec<Vec<StepTarget>> = batch.split(4).into_iter().map(|share| share.targets).collect();
        let expected =
            [vec![target(0, [7, 0])], vec![target(1, [7, 2])], vec![target(0, [8, 0])], vec![target(1, [8, 2])]];
        assert_eq!(shares, expected, "of rooms 0..1, 1..3, 3..4 and 4..6");
    }

    #[test]
    fn bytes_are_those_of_the_buffers() {
        let shape = UnrollShape { length: 3, num_rooms: 2, height: 12, width: 16, num_actions: 5 };
        let belief = FrozenBelief::new(vec![0.0; 7], vec![0.0; 7]);
        let mut unroll = Unroll::begin(shape, vec![belief.clone(), belief]);
        for t in 0..=3 {
            for _ in 0..2 {
                let observation = Observation { rgb: vec![0; 12 * 16 * 3], last_action: None, last_reward: 0.0 };
                unroll.push_observation(&TimeStep { kind: StepKind::Mid, observation });
                if t < 3 {
                    unroll.push_action(Action(1), &[0.0; 5]);
                }
            }
        }
        let beliefs = unroll.initial_beliefs.iter().map(|belief| (belief.hidden().len() + belief.cell().len()) * 4);
        let buffers = unroll.rgb.len()
            + size_of_val(&unroll.kinds[..])
            + size_of_val(&unroll.last_actions[..])
            + size_of_val(&unroll.last_rewards[..])
            + size_of_val(&unroll.actions[..])
            + size_of_val(&unroll.behavior_logits[..]);
        assert_eq!(shape.num_bytes(7), buffers + beliefs.sum::<usize>());
    }
}
