//! What [`Environment`] asks of every world, as a function that any world can be put through.
//!
//! A trait says which functions there are; it cannot say that a refused action changes nothing, or that an episode is
//! the same in another thread. [`check`] plays episodes in all the ways that training plays them and compares. The first
//! broken rule ends it, with the seed and the step:
//!
//! ```
//! use groundling_interface::contract::{ContractOptions, check};
//! # use groundling_interface::{Action, Environment, EnvironmentError, EnvironmentSpec, Observation, StepKind, TimeStep};
//! # struct Dark { spec: EnvironmentSpec, is_running: bool }
//! # impl Dark {
//! #     fn new() -> Self {
//! #         let action_names = vec!["wait".to_owned()];
//! #         Self { spec: EnvironmentSpec { height: 1, width: 1, action_names, motions: Vec::new() }, is_running: false }
//! #     }
//! # }
//! # impl Environment for Dark {
//! #     fn spec(&self) -> &EnvironmentSpec { &self.spec }
//! #     fn reset(&mut self, _: u64) -> Result<TimeStep, EnvironmentError> {
//! #         self.is_running = true;
//! #         let observation = Observation { rgb: vec![0; 3], last_action: None, last_reward: 0.0 };
//! #         Ok(TimeStep { kind: StepKind::First, observation })
//! #     }
//! #     fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
//! #         if !self.is_running { return Err(EnvironmentError::NoEpisodeRunning); }
//! #         if action.0 > 0 {
//! #             return Err(EnvironmentError::UnknownAction { action: action.0, num_actions: 1 });
//! #         }
//! #         self.is_running = false;
//! #         let observation = Observation { rgb: vec![0; 3], last_action: Some(action), last_reward: 0.0 };
//! #         Ok(TimeStep { kind: StepKind::Truncated, observation })
//! #     }
//! # }
//! check(Dark::new, &ContractOptions::default())?;
//! # Ok::<(), groundling_interface::contract::ContractViolation>(())
//! ```

mod episode;
mod rule;

use std::thread;

use crate::{Action, Environment, EnvironmentError, EnvironmentSpec, TimeStep, derive_seed};
use episode::{Player, Script};

pub use rule::{ContractViolation, Rule};

/// How thoroughly [`check`] looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractOptions {
    /// The seeds of the episodes and the actions in them are derived from this. Default 0.
    pub seed: u64,
    /// How many different episodes are played, each about ten times; 0 counts as 1. Default 3.
    pub num_episodes: u32,
    /// Steps after the first that an episode is played at most; 0 counts as 1. Default 1,000.
    pub num_steps: u32,
    /// Whether an episode must have ended by then. Without it, an end that is not reached is not examined. Default true.
    pub must_end: bool,
}

impl Default for ContractOptions {
    fn default() -> Self {
        Self { seed: 0, num_episodes: 3, num_steps: 1000, must_end: true }
    }
}

/// Puts the environments that `make` makes through every [`Rule`]; the error is the first that is broken.
///
/// All that `make` returns must be alike: the same configuration, nothing played yet. Actions are drawn uniformly.
/// Keeps the pictures of `num_episodes` whole episodes in memory. A panic of an environment goes through.
pub fn check<E: Environment>(make: impl Fn() -> E, options: &ContractOptions) -> Result<(), ContractViolation> {
    let spec = make().spec().clone();
    rule::examine_spec(&spec)?;
    let player = Player { spec, num_steps: options.num_steps.max(1) as usize, must_end: options.must_end };
    let seeds =
        (0..u64::from(options.num_episodes.max(1))).map(|index| derive_seed(options.seed, "contract", &[index]));
    let mut played = Vec::new();
    for seed in seeds {
        played.push(player.play_new(&mut make(), seed)?);
    }
    // What compares less comes first, so that the rule that is named is the simplest that is broken.
    histories(&make, &player, &played)?;
    refusals(&make, &player, &played)?;
    neighbors(&make, &player, &played)?;
    threads(&make, &player, &played)
}

/// An episode as it was in an environment of its own: what every other playing of it is compared to.
struct Played {
    script: Script,
    steps: Vec<TimeStep>,
}

impl Played {
    fn is_over(&self) -> bool {
        self.steps.last().is_some_and(|step| step.kind.is_last())
    }
}

/// Each episode with the one after it, the last with the first.
fn pairs(played: &[Played]) -> impl Iterator<Item = (&Played, &Played)> {
    played.iter().zip(played.iter().cycle().skip(1))
}

/// Steps that must be refused: before the first reset, with unknown actions, and after the end.
fn refusals<E: Environment>(make: impl Fn() -> E, player: &Player, played: &[Played]) -> Result<(), ContractViolation> {
    for (this, next) in pairs(played) {
        let seed = this.script.seed;
        let mut environment = make();
        player.refuse_step(&mut environment, Rule::StepBeforeResetIsRefused, None, 0)?;
        player.check_step(&environment.reset(seed), this, 0, Rule::RefusalChangesNothing)?;
        for index in 1..this.steps.len() {
            player.refuse_unknown(&mut environment, seed, index)?;
            let action = this.script.actions[index - 1];
            player.check_step(&environment.step(action), this, index, Rule::RefusalChangesNothing)?;
        }
        if this.is_over() {
            let index = this.steps.len();
            player.refuse_step(&mut environment, Rule::StepAfterEndIsRefused, Some(seed), index)?;
            player.refuse_step(&mut environment, Rule::StepAfterEndIsRefused, Some(seed), index)?;
        }
        player.play_again(&mut environment, next, Rule::RefusalChangesNothing)?;
        player.check_spec(&environment, seed)?;
    }
    Ok(())
}

/// Episodes again: in a new environment, after other episodes in another order, and after one that was left halfway.
fn histories<E: Environment>(
    make: impl Fn() -> E,
    player: &Player,
    played: &[Played],
) -> Result<(), ContractViolation> {
    for this in played {
        player.play_again(&mut make(), this, Rule::SameSeedSameEpisode)?;
    }
    let mut environment = make();
    for this in played.iter().chain(played.iter().rev()) {
        player.play_again(&mut environment, this, Rule::HistoryLeavesNoTrace)?;
        player.check_spec(&environment, this.script.seed)?;
    }
    let mut environment = make();
    for (this, next) in pairs(played) {
        let rule = Rule::ResetInMidEpisodeLeavesNoTrace;
        for left in [next, this] {
            player.check_step(&environment.reset(left.script.seed), left, 0, rule)?;
            for index in 1..left.steps.len().div_ceil(2) {
                player.check_step(&environment.step(left.script.actions[index - 1]), left, index, rule)?;
            }
        }
        player.play_again(&mut environment, this, rule)?;
    }
    Ok(())
}

/// Two environments stepped in turn, in different episodes and in the same.
fn neighbors<E: Environment>(
    make: impl Fn() -> E,
    player: &Player,
    played: &[Played],
) -> Result<(), ContractViolation> {
    for (this, next) in pairs(played) {
        for other in [next, this] {
            let mut seats = [(make(), this), (make(), other)];
            for index in 0..this.steps.len().max(other.steps.len()) {
                for (environment, episode) in &mut seats {
                    if index < episode.steps.len() {
                        let step = player.take(environment, &episode.script, index);
                        player.check_step(&step, episode, index, Rule::NeighborLeavesNoTrace)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// All episodes at once, each begun here and gone on with in a thread of its own.
fn threads<E: Environment>(make: impl Fn() -> E, player: &Player, played: &[Played]) -> Result<(), ContractViolation> {
    let rule = Rule::ThreadLeavesNoTrace;
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for this in played {
            let mut environment = make();
            let half = this.steps.len().div_ceil(2);
            for index in 0..half {
                player.check_step(&player.take(&mut environment, &this.script, index), this, index, rule)?;
            }
            threads.push(scope.spawn(move || {
                for index in half..this.steps.len() {
                    player.check_step(&player.take(&mut environment, &this.script, index), this, index, rule)?;
                }
                player.play_again(&mut environment, this, rule)
            }));
        }
        for thread in threads {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok(())
    })
}
