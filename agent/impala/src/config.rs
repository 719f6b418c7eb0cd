//! Settings of training.

use groundling_interface::InvalidSetting;
use groundling_nn::{DeviceName, Precision};
use serde::{Deserialize, Serialize};
use tch::Device;

use crate::Retention;

/// How actors and learner keep step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Actors run ahead; V-trace corrects.
    Async,
    /// Unroll n+1 is made with parameters n exactly, while update n is computed. Bit-exact on a CPU.
    Lockstep,
}

/// Who decides where to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exploring {
    /// The agent's own policy, by reinforcement.
    Learned,
    /// A behaviour the world gives; the policy head imitates it. Every agent then has the very same experience.
    Scripted,
}

/// Where the policy of the actors is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InferencePlace {
    /// `actor` where the learner computes on a CPU, `shared` where it computes on an accelerator.
    Auto,
    /// On each actor's thread, by a copy of the network on the CPU.
    Actor,
    /// On one thread for all actors, on the learner's device.
    Shared,
}

/// Settings of one training run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// Pictures the agents see, in all. Training ends after the update that reaches it.
    pub num_frames: u64,
    /// `async` or `lockstep`.
    pub schedule: Schedule,
    /// `learned` or `scripted`.
    pub exploring: Exploring,
    /// Actors: groups of rooms that are stepped together and make one unroll at a time. 1 to 256.
    pub num_actors: usize,
    /// Threads that run the actors, 0 to `num_actors`; 0: one for each. Thread `k` of `n` runs the actors `k`, `k + n`, …
    /// In lockstep it changes no bit of what is learnt. More threads than cores cost time.
    pub actor_threads: usize,
    /// Rooms of an actor, always inferred in one batch. 1 to 1024. Memory: each room is a world of its own.
    pub rooms_per_actor: usize,
    /// Where the actors' policy is computed: `auto`, `actor` or `shared`. `auto` takes `actor`, a copy of the network for
    /// each thread, where the learner computes on a CPU, and `shared`, one thread that infers for all actors, where it
    /// computes on an accelerator. With `shared`, give each thread two actors or more: one is stepped while another is
    /// inferred.
    pub inference: InferencePlace,
    /// Most rooms that `shared` inference takes in one batch, `rooms_per_actor` to 65536. In `async` it takes the actors that
    /// have asked, up to so many rooms, and never waits for more. In `lockstep` it takes fixed sets of as many actors as fit
    /// (the bits of their beliefs depend on it), so that half of all rooms lets actors step one half while the other is
    /// inferred; all rooms make the actors wait for it, and it for them. It costs device memory for as many pictures.
    pub inference_batch_rooms: usize,
    /// Steps of an unroll.
    pub unroll_length: usize,
    /// Whether the learner begins each unroll in the core state that the actor carried over from the one before (default),
    /// or, for comparison, in zeros, as if the episode began there: beliefs are then never trained on what lies more than
    /// an unroll back, though actors carry theirs all the same and the probe reads those. A predictive loss counts
    /// `earliest_start` from there too. Where an unroll begins an episode nothing differs. Costs nothing either way.
    pub carried_state: bool,
    /// Unrolls of one batch of the learner, 0 to 1024; 0: `num_actors`. In `lockstep` a batch is one unroll of each actor, and
    /// no other number is possible. In `async` it is the next that come, in the order they come, so that two may be of one
    /// actor and none of another; they are put side by side in the order of actors. The learner takes them from the queue
    /// one by one, so that a batch may be larger than the queue. A batch has `rooms_per_actor` rooms for each.
    pub batch_unrolls: usize,
    /// Unrolls that may wait for the learner (`async` only), 1 to 1024; actors block when it is full. More of them let
    /// actors run further ahead: up to `queue_capacity + num_actors` unrolls are older than the parameters they are learnt
    /// with, and are held in memory.
    pub queue_capacity: usize,
    /// Threads that compute the learner's losses and gradients on a CPU, 1 to 256; an accelerator needs one, whatever stands
    /// here. Each takes a fixed share of the batch's rooms, or none where there are fewer rooms, so that the same bits are
    /// learnt every time, though not those of another number. A contrastive loss draws its negatives within a share. A
    /// thread costs memory for its share's gradients, and pays as long as there is a core for it.
    pub learner_threads: usize,
    /// Where the learner computes: `cpu`, `cuda` or `cuda:N`. A device that is not there is refused at start. Actors with
    /// networks of their own, and whoever reads a trained agent, compute on the CPU in f32 whatever stands here.
    pub device: DeviceName,
    /// How exactly the learner's layers multiply: `f32` anywhere; on a GPU also `tf32` and `bf16`. Parameters, losses and the
    /// optimiser's state are always f32. See `Precision` for what each costs.
    pub precision: Precision,
    /// Updates between two lines of metrics.
    pub log_interval: u64,
    /// Whether each line of metrics goes to TensorBoard too, with the settings and pictures of what the agent imagines:
    /// `tensorboard --logdir RUN` shows them. Costs about as much disk as `metrics.jsonl`, and the pictures.
    pub tensorboard: bool,
    /// Checkpoints between two pictures of what the agent imagines beside what came; 0: none. Each plays a few rooms on a
    /// thread of its own, which takes one core for as long as some two thousand steps of acting.
    pub picture_interval: u64,
    /// Of so many episodes, counted over all rooms, one is recorded: `episodes/K.episode` in the run's folder is the K-th of
    /// them; 0 (default): none. Seed, actions and digests only, a few kilobytes each, which stay on the disk; what the agent
    /// believed is not kept. An episode that an interruption falls into is left out. Changes no bit of what is learnt.
    pub record_interval: u64,
    /// Updates between two checkpoints; the end and an interruption always make one.
    pub checkpoint_interval: u64,
    /// Minutes after which a checkpoint is made even so; 0 for never. What a power cut can cost at most.
    pub checkpoint_minutes: f64,
    /// Checkpoints that are kept, the newest ones. Each takes about four times the parameters on the disk. With only one
    /// there is none to fall back to where the disk damages it.
    pub keep_checkpoints: usize,
    /// Checkpoints after a multiple of this many updates are made and kept for ever; 0 for none. For studies of what an
    /// agent knew when.
    pub keep_every: u64,
    /// A loss that is larger than this, before its scale and of either sign, ends the run as one that is no number does;
    /// nothing is learnt of its batch, which is kept. Healthy losses stay far below the default also where GECO's
    /// multiplier stands at its bound.
    pub divergence_limit: f64,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            num_frames: 10_000_000,
            schedule: Schedule::Async,
            exploring: Exploring::Learned,
            num_actors: 1,
            actor_threads: 0,
            rooms_per_actor: 16,
            inference: InferencePlace::Auto,
            inference_batch_rooms: 1024,
            unroll_length: 50,
            carried_state: true,
            batch_unrolls: 0,
            queue_capacity: 2,
            learner_threads: 1,
            device: DeviceName::Cpu,
            precision: Precision::F32,
            log_interval: 20,
            tensorboard: true,
            picture_interval: 1,
            record_interval: 0,
            checkpoint_interval: 500,
            checkpoint_minutes: 10.0,
            keep_checkpoints: 2,
            keep_every: 0,
            divergence_limit: 1e10,
        }
    }
}

impl TrainingConfig {
    /// Checks ranges; keys begin with `training.`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let check = |value: u64, name: &str, least: u64, most: u64| {
            let expected = format!("must lie between {least} and {most}");
            InvalidSetting::unless((least..=most).contains(&value), &format!("training.{name}"), value, &expected)
        };
        check(self.num_frames, "num_frames", 1, 1 << 50)?;
        check(self.num_actors as u64, "num_actors", 1, 256)?;
        let expected =
            format!("must lie between 0 and training.num_actors = {} (0: one for each actor)", self.num_actors);
        let fits = self.actor_threads <= self.num_actors;
        InvalidSetting::unless(fits, "training.actor_threads", self.actor_threads, &expected)?;
        check(self.rooms_per_actor as u64, "rooms_per_actor", 1, 1024)?;
        check(self.inference_batch_rooms as u64, "inference_batch_rooms", 1, 65_536)?;
        let expected = format!(
            "must be at least training.rooms_per_actor = {}, since the rooms of an actor are inferred together",
            self.rooms_per_actor
        );
        let fits = self.inference_batch_rooms >= self.rooms_per_actor;
        InvalidSetting::unless(fits, "training.inference_batch_rooms", self.inference_batch_rooms, &expected)?;
        check(self.batch_unrolls as u64, "batch_unrolls", 0, 1024)?;
        let expected = format!(
            "must be 0 or training.num_actors = {} with training.schedule = \"lockstep\", in which a batch is one unroll of \
             each actor; no other can ever be filled",
            self.num_actors
        );
        let fills = self.schedule == Schedule::Async || self.unrolls_per_batch() == self.num_actors;
        InvalidSetting::unless(fills, "training.batch_unrolls", self.batch_unrolls, &expected)?;
        check(self.unroll_length as u64, "unroll_length", 2, 10_000)?;
        check(self.queue_capacity as u64, "queue_capacity", 1, 1024)?;
        check(self.learner_threads as u64, "learner_threads", 1, 256)?;
        let fits = self.device != DeviceName::Cpu || self.precision == Precision::F32;
        let expected = format!("must be f32 where training.device is {}; only a GPU has the others", self.device);
        InvalidSetting::unless(fits, "training.precision", self.precision.name(), &expected)?;
        check(self.log_interval, "log_interval", 1, 1 << 30)?;
        check(self.picture_interval, "picture_interval", 0, 1 << 30)?;
        check(self.record_interval, "record_interval", 0, 1 << 30)?;
        check(self.checkpoint_interval, "checkpoint_interval", 1, 1 << 30)?;
        check(self.keep_checkpoints as u64, "keep_checkpoints", 1, 1 << 20)?;
        check(self.keep_every, "keep_every", 0, 1 << 30)?;
        let limit = self.divergence_limit > 0.0 && self.divergence_limit.is_finite();
        InvalidSetting::unless(limit, "training.divergence_limit", self.divergence_limit, "must be greater than 0")?;
        let minutes = (0.0..=1e6).contains(&self.checkpoint_minutes);
        let expected = "must lie between 0 (never) and 1000000";
        InvalidSetting::unless(minutes, "training.checkpoint_minutes", self.checkpoint_minutes, expected)
    }

    /// Which checkpoints stay.
    pub fn retention(&self) -> Retention {
        Retention {
            last: self.keep_checkpoints,
            every_frames: self.keep_every.saturating_mul(self.frames_per_update()),
        }
    }

    /// Threads that run the actors.
    pub fn num_actor_threads(&self) -> usize {
        if self.actor_threads == 0 { self.num_actors } else { self.actor_threads }
    }

    /// Unrolls an update learns from.
    pub fn unrolls_per_batch(&self) -> usize {
        if self.batch_unrolls == 0 { self.num_actors } else { self.batch_unrolls }
    }

    /// Whether one thread infers for all actors, for a learner on `device`.
    pub fn shares_inference(&self, device: Device) -> bool {
        match self.inference {
            InferencePlace::Auto => device != Device::Cpu,
            InferencePlace::Actor => false,
            InferencePlace::Shared => true,
        }
    }

    /// Shares of a batch that a learner on `device` computes beside each other.
    pub fn num_shares(&self, device: Device) -> usize {
        if device == Device::Cpu { self.learner_threads } else { 1 }
    }

    /// Rooms in all.
    pub fn num_rooms(&self) -> usize {
        self.num_actors * self.rooms_per_actor
    }

    /// Pictures an update learns from.
    pub fn frames_per_update(&self) -> u64 {
        (self.unrolls_per_batch() * self.rooms_per_actor * self.unroll_length) as u64
    }

    /// Updates of the whole run.
    pub fn num_updates(&self) -> u64 {
        self.num_frames.div_ceil(self.frames_per_update())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_together_are_refused_with_their_numbers() {
        let of = |change: &dyn Fn(&mut TrainingConfig)| {
            let mut config = TrainingConfig { num_actors: 4, rooms_per_actor: 8, ..TrainingConfig::default() };
            change(&mut config);
            config.validate().map_err(|error| error.to_string())
        };
        assert_eq!(of(&|_| {}), Ok(()));
        assert_eq!(of(&|config| config.actor_threads = 4), Ok(()));
        let error = of(&|config| config.actor_threads = 5).unwrap_err();
        assert!(
            error.starts_with("training.actor_threads = 5: must lie between 0 and training.num_actors = 4"),
            "{error}"
        );

        assert_eq!(of(&|config| config.inference_batch_rooms = 8), Ok(()));
        let error = of(&|config| config.inference_batch_rooms = 7).unwrap_err();
        assert!(error.contains("inference_batch_rooms = 7: must be at least training.rooms_per_actor = 8"), "{error}");

        let lockstep =
            |batch_unrolls| of(&|config| (config.schedule, config.batch_unrolls) = (Schedule::Lockstep, batch_unrolls));
        assert_eq!((lockstep(0), lockstep(4)), (Ok(()), Ok(())));
        let error = lockstep(6).unwrap_err();
        assert!(error.contains("batch_unrolls = 6") && error.contains("training.num_actors = 4"), "{error}");
        assert_eq!(of(&|config| config.batch_unrolls = 6), Ok(()), "in async any number comes together");
    }

    #[test]
    fn inference_is_where_the_setting_says_or_the_device_suggests() {
        let shares =
            |inference, device| TrainingConfig { inference, ..TrainingConfig::default() }.shares_inference(device);
        let devices = [Device::Cpu, Device::Cuda(0)];
        assert_eq!(devices.map(|device| shares(InferencePlace::Auto, device)), [false, true]);
        assert_eq!(devices.map(|device| shares(InferencePlace::Actor, device)), [false, false]);
        assert_eq!(devices.map(|device| shares(InferencePlace::Shared, device)), [true, true]);
    }

    #[test]
    fn a_batch_of_other_unrolls_counts_its_own_frames() {
        let config =
            TrainingConfig { num_actors: 4, rooms_per_actor: 8, unroll_length: 10, ..TrainingConfig::default() };
        assert_eq!(config.frames_per_update(), 320);
        assert_eq!(TrainingConfig { batch_unrolls: 3, ..config }.frames_per_update(), 240);
    }
}
