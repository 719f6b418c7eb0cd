//! Settings of how a finished agent is examined.

use groundling_interface::InvalidSetting;
use groundling_probe::DecoderName;
use serde::{Deserialize, Serialize};

use crate::split::{Split, SplitPart};

/// How a finished agent is examined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EvaluationConfig {
    /// Rooms, questions and probes of a measurement are derived from it and not from the agent's seed, so that agents of
    /// several seeds are asked the same questions. Default 0.
    pub seed: u64,
    /// Which rooms the test is made of, `random` or `compositional`. Default `random`. A compositional test needs a
    /// `room.held_out_share` above 0 and an agent that was trained with `room.held_out = "absent"`.
    pub split: Split,
    /// Episodes on which a fresh probe is trained, 1 to 10 million. Default 6,000. More of them read more out of the same
    /// belief; time and memory are proportional to them.
    pub train_episodes: usize,
    /// Episodes that decide when the probe has learnt enough, 1 to 10 million. Default 500.
    pub validation_episodes: usize,
    /// Episodes on which it is scored, once, 1 to 10 million. Default 1,024.
    pub test_episodes: usize,
    /// Evenly spaced steps of an episode, the last one included, at which the questions are also asked: what is known when.
    /// 0 to 1,000, default 8; 0 asks at the end only. Another decoder is trained for it, on each question at one of these
    /// steps, and a belief is kept for each step that was chosen.
    pub timeline_points: usize,
    /// Test episodes that are asked at all those steps, 1 to 10 million. Default 256; `probe.json` grows by as many questions
    /// times steps for each agent.
    pub timeline_episodes: usize,
    /// Decoders that read every trained run and the untrained agent, from `lstm`, `mlp`, `gated`, `linear`, `attention` and
    /// `unscaled`, each at most once. The first is the headline, with its timeline and the other controls; every further one is a row of its own and
    /// takes the time of one more probe an agent. Default: none, which stands for `probe.decoder` alone.
    pub decoders: Vec<DecoderName>,
    /// Evenly spaced steps of an episode, the last one included, whose beliefs are kept for decoders that read more than one,
    /// such as `attention`: 1 to 4,096, default 24. Where there is such a decoder, they take `4 × 2 N` bytes each in every
    /// episode, with beliefs of `2 N` numbers: 300 MB for 6,000 episodes, 24 steps and an LSTM of 256.
    pub history_points: usize,
    /// Whether it is also measured what the headline decoder could learn by itself on each trained run (control task and
    /// memorisation). Default true; takes about twice the time of that run's probe.
    pub selectivity: bool,
    /// Evidence that was last in view so many steps before the question, or more, is remembered over a long gap: 0 to 1
    /// million. 0, the default, stands for a quarter of an episode. It costs nothing.
    pub long_gap: u32,
    /// Threads that play episodes, 1 to 256. Default 2; with two or more, two probes are trained at a time. They change no bit
    /// of what is measured.
    pub threads: usize,
    /// Rooms a thread infers in one batch, 1 to 1,024. Default 16.
    pub rooms_per_thread: usize,
}

impl Default for EvaluationConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            split: Split::Random,
            train_episodes: SplitPart::Train.default_episodes(),
            validation_episodes: SplitPart::Validation.default_episodes(),
            test_episodes: SplitPart::Test.default_episodes(),
            timeline_points: 8,
            timeline_episodes: 256,
            decoders: Vec::new(),
            history_points: 24,
            selectivity: true,
            long_gap: 0,
            threads: 2,
            rooms_per_thread: 16,
        }
    }
}

impl EvaluationConfig {
    pub(super) fn validate(&self) -> Result<(), InvalidSetting> {
        // TOML has no integers above this.
        let fits = i64::try_from(self.seed).is_ok();
        InvalidSetting::unless(fits, "evaluation.seed", self.seed, "must be below 2^63")?;
        let check = |value: usize, name: &str, least: usize, most: usize| {
            let expected = format!("must lie between {least} and {most}");
            InvalidSetting::unless((least..=most).contains(&value), &format!("evaluation.{name}"), value, &expected)
        };
        check(self.train_episodes, "train_episodes", 1, 10_000_000)?;
        check(self.validation_episodes, "validation_episodes", 1, 10_000_000)?;
        check(self.test_episodes, "test_episodes", 1, 10_000_000)?;
        check(self.timeline_points, "timeline_points", 0, 1000)?;
        check(self.timeline_episodes, "timeline_episodes", 1, 10_000_000)?;
        let is_again = |(at, name): (usize, &DecoderName)| self.decoders[..at].contains(name);
        if let Some((_, again)) = self.decoders.iter().enumerate().find(|&decoder| is_again(decoder)) {
            let expected = "must name each decoder at most once";
            InvalidSetting::unless(false, "evaluation.decoders", again.name(), expected)?;
        }
        check(self.history_points, "history_points", 1, 4096)?;
        check(self.long_gap as usize, "long_gap", 0, 1_000_000)?;
        check(self.threads, "threads", 1, 256)?;
        check(self.rooms_per_thread, "rooms_per_thread", 1, 1024)
    }
}
