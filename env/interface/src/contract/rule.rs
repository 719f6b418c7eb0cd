//! The rules, and the error of a broken one.

use std::fmt;

use super::EnvironmentSpec;
use crate::Motion;

/// What every environment promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The spec has at least one pixel, 1 to 65,536 actions with names that are not empty and all different, a finite
    /// motion for each action or for none, and stays the same.
    SpecHolds,
    /// `reset` succeeds, whatever was before.
    ResetSucceeds,
    /// `step` succeeds with every action of the set while an episode is running.
    StepSucceeds,
    /// The step that `reset` returns is a `First` one.
    FirstAfterReset,
    /// The first step has no last action, and its reward is 0.
    NothingBeforeFirst,
    /// Every step after the first is a `Mid` one until a last one: no second `First`.
    MidUntilLast,
    /// The episode ends within `ContractOptions::num_steps` steps (where `must_end` asks for it).
    EpisodeEnds,
    /// Every picture has `EnvironmentSpec::num_bytes` bytes.
    PictureSize,
    /// Every reward is a finite number.
    RewardIsFinite,
    /// `last_action` is the action that was taken.
    ActionIsEchoed,
    /// `step` before the first `reset` fails with `NoEpisodeRunning`.
    StepBeforeResetIsRefused,
    /// `step` after the last step of an episode fails with `NoEpisodeRunning`.
    StepAfterEndIsRefused,
    /// An action that is not in the set fails with `UnknownAction`, which names it and how many there are.
    UnknownActionIsRefused,
    /// A refused step changes nothing: the episode goes on, and the next begins, as without it.
    RefusalChangesNothing,
    /// The same seed and actions give the same steps, bit for bit.
    SameSeedSameEpisode,
    /// An episode is the same whichever were played before it in the same environment.
    HistoryLeavesNoTrace,
    /// An episode is the same after a `reset` in the middle of another.
    ResetInMidEpisodeLeavesNoTrace,
    /// An episode is the same while another environment is stepped in turn with it.
    NeighborLeavesNoTrace,
    /// An episode is the same in another thread, even when it began in this one, while other threads play others.
    ThreadLeavesNoTrace,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 19] = [
        Rule::SpecHolds,
        Rule::ResetSucceeds,
        Rule::StepSucceeds,
        Rule::FirstAfterReset,
        Rule::NothingBeforeFirst,
        Rule::MidUntilLast,
        Rule::EpisodeEnds,
        Rule::PictureSize,
        Rule::RewardIsFinite,
        Rule::ActionIsEchoed,
        Rule::StepBeforeResetIsRefused,
        Rule::StepAfterEndIsRefused,
        Rule::UnknownActionIsRefused,
        Rule::RefusalChangesNothing,
        Rule::SameSeedSameEpisode,
        Rule::HistoryLeavesNoTrace,
        Rule::ResetInMidEpisodeLeavesNoTrace,
        Rule::NeighborLeavesNoTrace,
        Rule::ThreadLeavesNoTrace,
    ];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::SpecHolds => "the spec must make sense and stay the same",
            Rule::ResetSucceeds => "reset must succeed",
            Rule::StepSucceeds => "step must succeed while an episode is running",
            Rule::FirstAfterReset => "reset must return a First step",
            Rule::NothingBeforeFirst => "the first step must have no last action and reward 0",
            Rule::MidUntilLast => "every step after the first must be Mid until a last one",
            Rule::EpisodeEnds => "the episode must end",
            Rule::PictureSize => "a picture must have the size of the spec",
            Rule::RewardIsFinite => "a reward must be finite",
            Rule::ActionIsEchoed => "last_action must be the action that was taken",
            Rule::StepBeforeResetIsRefused => "step before the first reset must fail with NoEpisodeRunning",
            Rule::StepAfterEndIsRefused => "step after the end must fail with NoEpisodeRunning",
            Rule::UnknownActionIsRefused => "an action outside the set must fail with UnknownAction",
            Rule::RefusalChangesNothing => "a refused step must change nothing",
            Rule::SameSeedSameEpisode => "the same seed and actions must give the same episode",
            Rule::HistoryLeavesNoTrace => "the episodes before must leave no trace",
            Rule::ResetInMidEpisodeLeavesNoTrace => "an episode that was left halfway must leave no trace",
            Rule::NeighborLeavesNoTrace => "another environment beside it must leave no trace",
            Rule::ThreadLeavesNoTrace => "another thread must leave no trace",
        })
    }
}

/// A rule that an environment breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractViolation {
    /// The rule.
    pub rule: Rule,
    /// Seed of the episode; `None` outside any episode.
    pub seed: Option<u64>,
    /// Steps since the reset, 0 for the first observation.
    pub step: usize,
    /// What was found instead, in words.
    pub found: String,
}

impl ContractViolation {
    pub(super) fn new(rule: Rule, seed: Option<u64>, step: usize, found: impl Into<String>) -> Self {
        Self { rule, seed, step, found: found.into() }
    }
}

impl fmt::Display for ContractViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seed {
            Some(seed) => write!(f, "{}; in step {} of the episode of seed {seed}: ", self.rule, self.step)?,
            None => write!(f, "{}; before any episode: ", self.rule)?,
        }
        f.write_str(&self.found)
    }
}

impl std::error::Error for ContractViolation {}

/// What a spec must be, whatever the world.
pub(super) fn examine_spec(spec: &EnvironmentSpec) -> Result<(), ContractViolation> {
    let violation = |found: String| Err(ContractViolation::new(Rule::SpecHolds, None, 0, found));
    let names = &spec.action_names;
    let num_bytes = spec.height.checked_mul(spec.width).and_then(|pixels| pixels.checked_mul(3));
    if num_bytes.is_none_or(|num_bytes| num_bytes == 0) {
        return violation(format!("a picture of {} x {} pixels", spec.width, spec.height));
    }
    if names.is_empty() || names.len() > usize::from(u16::MAX) + 1 {
        return violation(format!("{} actions", names.len()));
    }
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return violation(format!("two actions of the name {:?}", pair[0]));
    }
    if let Some(index) = names.iter().position(String::is_empty) {
        return violation(format!("action {index} has no name"));
    }
    let motions = &spec.motions;
    if !motions.is_empty() && motions.len() != names.len() {
        return violation(format!("{} motions for {} actions", motions.len(), names.len()));
    }
    let is_finite = |motion: &Motion| {
        [motion.forward, motion.left, motion.turn, motion.tilt].iter().all(|number| number.is_finite())
    };
    match motions.iter().position(|motion| !is_finite(motion)) {
        Some(index) => violation(format!("the motion of action {index} is not finite: {:?}", motions[index])),
        None => Ok(()),
    }
}
