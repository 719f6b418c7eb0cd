//! Promised: a world that keeps the contract passes, and for every rule there is a world that breaks this rule only and
//! is told so, with the episode and the step.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ThreadId};

use groundling_interface::contract::{ContractOptions, ContractViolation, Rule, check};
use groundling_interface::{
    Action, Environment, EnvironmentError, EnvironmentSpec, Motion, Observation, StepKind, TimeStep,
};

const NUM_ACTIONS: u16 = 3;
const LENGTH: u64 = 6;

/// What is wrong with a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NoPixels,
    PixelsBeyondCount,
    NoActions,
    TwinActions,
    NamelessAction,
    MotionForgotten,
    MotionIsNan,
    SpecGrows,
    ResetFails,
    StepFails,
    MidAfterReset,
    ActionBeforeFirst,
    RewardBeforeFirst,
    SecondFirst,
    Endless,
    PictureTooSmall,
    PictureGrows,
    RewardIsNan,
    RewardIsInfinite,
    ActionForgotten,
    StepsBeforeReset,
    OtherErrorBeforeReset,
    StepsAfterEnd,
    UnknownActionTaken,
    UnknownActionEndsEpisode,
    UnknownActionMiscounted,
    UnknownActionCounts,
    StepBeforeResetCounts,
    StepAfterEndCounts,
    DrawsFromOutside,
    RewardDrawnFromOutside,
    RemembersEpisodes,
    FailsTheSecondTime,
    RemembersHalfEpisodes,
    SharesItsSeed,
    RemembersItsThread,
}

impl Fault {
    const ALL: [(Fault, Rule); 36] = [
        (Fault::NoPixels, Rule::SpecHolds),
        (Fault::PixelsBeyondCount, Rule::SpecHolds),
        (Fault::NoActions, Rule::SpecHolds),
        (Fault::TwinActions, Rule::SpecHolds),
        (Fault::NamelessAction, Rule::SpecHolds),
        (Fault::MotionForgotten, Rule::SpecHolds),
        (Fault::MotionIsNan, Rule::SpecHolds),
        (Fault::SpecGrows, Rule::SpecHolds),
        (Fault::ResetFails, Rule::ResetSucceeds),
        (Fault::StepFails, Rule::StepSucceeds),
        (Fault::MidAfterReset, Rule::FirstAfterReset),
        (Fault::ActionBeforeFirst, Rule::NothingBeforeFirst),
        (Fault::RewardBeforeFirst, Rule::NothingBeforeFirst),
        (Fault::SecondFirst, Rule::MidUntilLast),
        (Fault::Endless, Rule::EpisodeEnds),
        (Fault::PictureTooSmall, Rule::PictureSize),
        (Fault::PictureGrows, Rule::PictureSize),
        (Fault::RewardIsNan, Rule::RewardIsFinite),
        (Fault::RewardIsInfinite, Rule::RewardIsFinite),
        (Fault::ActionForgotten, Rule::ActionIsEchoed),
        (Fault::StepsBeforeReset, Rule::StepBeforeResetIsRefused),
        (Fault::OtherErrorBeforeReset, Rule::StepBeforeResetIsRefused),
        (Fault::StepsAfterEnd, Rule::StepAfterEndIsRefused),
        (Fault::UnknownActionTaken, Rule::UnknownActionIsRefused),
        (Fault::UnknownActionEndsEpisode, Rule::UnknownActionIsRefused),
        (Fault::UnknownActionMiscounted, Rule::UnknownActionIsRefused),
        (Fault::UnknownActionCounts, Rule::RefusalChangesNothing),
        (Fault::StepBeforeResetCounts, Rule::RefusalChangesNothing),
        (Fault::StepAfterEndCounts, Rule::RefusalChangesNothing),
        (Fault::DrawsFromOutside, Rule::SameSeedSameEpisode),
        (Fault::RewardDrawnFromOutside, Rule::SameSeedSameEpisode),
        (Fault::RemembersEpisodes, Rule::HistoryLeavesNoTrace),
        (Fault::FailsTheSecondTime, Rule::HistoryLeavesNoTrace),
        (Fault::RemembersHalfEpisodes, Rule::ResetInMidEpisodeLeavesNoTrace),
        (Fault::SharesItsSeed, Rule::NeighborLeavesNoTrace),
        (Fault::RemembersItsThread, Rule::ThreadLeavesNoTrace),
    ];
}

/// What the worlds of one maker share, and should not.
#[derive(Default)]
struct Outside {
    num_made: AtomicU64,
    last_seed: AtomicU64,
}

/// A world whose picture tells its seed, its steps, all that was done, and what leaked into it.
struct Telling {
    spec: EnvironmentSpec,
    fault: Option<Fault>,
    outside: Arc<Outside>,
    home: ThreadId,
    number: u64,
    num_episodes: u64,
    seed: u64,
    step: u64,
    done: u64,
    leak: u64,
    is_running: bool,
}

impl Telling {
    fn new(fault: Option<Fault>, outside: &Arc<Outside>) -> Self {
        let mut action_names: Vec<String> = ["wait", "left", "right"].map(String::from).to_vec();
        let mut motions = vec![Motion::default(); action_names.len()];
        let (mut height, width) = (2, 4);
        match fault {
            Some(Fault::NoPixels) => height = 0,
            Some(Fault::PixelsBeyondCount) => height = usize::MAX,
            Some(Fault::NoActions) => action_names.clear(),
            Some(Fault::TwinActions) => action_names[2] = "left".into(),
            Some(Fault::NamelessAction) => action_names[1].clear(),
            Some(Fault::MotionForgotten) => motions.truncate(2),
            Some(Fault::MotionIsNan) => motions[2].turn = f32::NAN,
            _ => {}
        }
        Self {
            spec: EnvironmentSpec { height, width, action_names, motions },
            fault,
            outside: Arc::clone(outside),
            home: thread::current().id(),
            number: outside.num_made.fetch_add(1, Ordering::Relaxed),
            num_episodes: 0,
            seed: 0,
            step: 0,
            done: 0,
            leak: 0,
            is_running: false,
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn time_step(&self, kind: StepKind, last_action: Option<Action>, last_reward: f32) -> TimeStep {
        let seed = match self.fault {
            Some(Fault::SharesItsSeed) => self.outside.last_seed.load(Ordering::Relaxed),
            Some(Fault::RemembersItsThread) if thread::current().id() != self.home => !self.seed,
            _ => self.seed,
        };
        let told = [seed, self.step << 32 | self.done, self.leak];
        let mut rgb: Vec<u8> = told.iter().flat_map(|number| number.to_le_bytes()).collect();
        match self.fault {
            Some(Fault::PictureTooSmall) => rgb.truncate(23),
            Some(Fault::PictureGrows) if self.step == 4 => rgb.push(0),
            _ => {}
        }
        TimeStep { kind, observation: Observation { rgb, last_action, last_reward } }
    }
}

impl Environment for Telling {
    fn spec(&self) -> &EnvironmentSpec {
        &self.spec
    }

    fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError> {
        let was_halfway = self.is_running;
        self.num_episodes += 1;
        (self.seed, self.step, self.done, self.is_running) = (seed, 0, 0, true);
        self.outside.last_seed.store(seed, Ordering::Relaxed);
        let refused_before = matches!(self.fault, Some(Fault::StepBeforeResetCounts | Fault::StepAfterEndCounts));
        self.leak = match self.fault {
            _ if refused_before => self.leak,
            Some(Fault::DrawsFromOutside) => self.number,
            Some(Fault::RemembersEpisodes) => self.num_episodes,
            Some(Fault::RemembersHalfEpisodes) => u64::from(was_halfway),
            _ => 0,
        };
        match self.fault {
            Some(Fault::ResetFails) => return Err(EnvironmentError::World("no room".into())),
            Some(Fault::FailsTheSecondTime) if self.num_episodes > 3 => {
                return Err(EnvironmentError::World("no memory left".into()));
            }
            Some(Fault::SpecGrows) if self.num_episodes > 1 => self.spec.height += 1,
            _ => {}
        }
        let kind = if self.has(Fault::MidAfterReset) { StepKind::Mid } else { StepKind::First };
        let action = self.has(Fault::ActionBeforeFirst).then_some(Action(0));
        Ok(self.time_step(kind, action, f32::from(u8::from(self.has(Fault::RewardBeforeFirst)))))
    }

    fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
        if !self.is_running {
            let before = self.num_episodes == 0;
            match self.fault {
                Some(Fault::StepsBeforeReset) if before => return Ok(self.time_step(StepKind::Mid, None, 0.0)),
                Some(Fault::OtherErrorBeforeReset) if before => return Err(EnvironmentError::World("asleep".into())),
                Some(Fault::StepsAfterEnd) if !before => return Ok(self.time_step(StepKind::Truncated, None, 0.0)),
                Some(Fault::StepBeforeResetCounts) if before => self.leak = 1,
                Some(Fault::StepAfterEndCounts) if !before => self.leak = 1,
                _ => {}
            }
            return Err(EnvironmentError::NoEpisodeRunning);
        }
        if action.0 >= NUM_ACTIONS && !self.has(Fault::UnknownActionTaken) {
            match self.fault {
                Some(Fault::UnknownActionCounts) => self.done += 1,
                Some(Fault::UnknownActionEndsEpisode) => {
                    self.is_running = false;
                    return Err(EnvironmentError::NoEpisodeRunning);
                }
                _ => {}
            }
            let num_actions = usize::from(NUM_ACTIONS) - usize::from(self.has(Fault::UnknownActionMiscounted));
            return Err(EnvironmentError::UnknownAction { action: action.0, num_actions });
        }
        self.step += 1;
        self.done = self.done * u64::from(NUM_ACTIONS) + u64::from(action.0);
        self.is_running = self.step < LENGTH || self.has(Fault::Endless);
        let reward = match self.fault {
            Some(Fault::RewardIsNan) if self.step == 3 => f32::NAN,
            Some(Fault::RewardIsInfinite) if self.step == 3 => f32::INFINITY,
            Some(Fault::RewardDrawnFromOutside) => self.number as f32,
            _ => f32::from(action.0) / 2.0,
        };
        let kind = match self.fault {
            Some(Fault::StepFails) if self.step == 2 => return Err(EnvironmentError::World("fell apart".into())),
            Some(Fault::SecondFirst) if self.step == 2 => StepKind::First,
            _ if self.is_running => StepKind::Mid,
            _ if self.seed.is_multiple_of(2) => StepKind::Terminated,
            _ => StepKind::Truncated,
        };
        let echoed = (!self.has(Fault::ActionForgotten)).then_some(action);
        Ok(self.time_step(kind, echoed, reward))
    }
}

fn violation(fault: Option<Fault>, options: &ContractOptions) -> Option<ContractViolation> {
    let outside = Arc::new(Outside::default());
    check(|| Telling::new(fault, &outside), options).err()
}

#[test]
fn a_world_that_keeps_the_contract_passes() {
    for num_episodes in [0, 1, 2, 7] {
        let options = ContractOptions { num_episodes, num_steps: 10, ..ContractOptions::default() };
        assert_eq!(violation(None, &options), None);
        // Cut before the end, and at the very end.
        for num_steps in [0, 1, 5, 6] {
            let options = ContractOptions { num_steps, must_end: false, ..options };
            assert_eq!(violation(None, &options), None);
        }
    }
}

#[test]
fn every_fault_breaks_its_rule_and_every_rule_is_broken_by_one() {
    for (fault, rule) in Fault::ALL {
        let found = violation(Some(fault), &ContractOptions { num_steps: 10, ..ContractOptions::default() });
        assert_eq!(found.as_ref().map(|violation| violation.rule), Some(rule), "{fault:?}: {found:?}");
    }
    let broken: HashSet<Rule> = Fault::ALL.into_iter().map(|(_, rule)| rule).collect();
    assert!(Rule::ALL.iter().all(|rule| broken.contains(rule)), "a rule that no fault breaks");
    let names: HashSet<String> = Rule::ALL.iter().map(Rule::to_string).collect();
    assert_eq!(names.len(), Rule::ALL.len(), "two rules with the same words");
}

#[test]
fn a_violation_names_rule_seed_step_and_what_was_found() {
    let options = ContractOptions { num_steps: 10, ..ContractOptions::default() };
    let Some(violation) = violation(Some(Fault::RewardIsNan), &options) else { panic!("not found") };
    assert_eq!(violation.step, 3);
    let Some(seed) = violation.seed else { panic!("no seed") };
    let expected = format!("a reward must be finite; in step 3 of the episode of seed {seed}: a reward of NaN");
    assert_eq!(violation.to_string(), expected);
}

#[test]
fn another_seed_plays_other_episodes() {
    let seed_of = |seed| {
        let options = ContractOptions { seed, num_steps: 10, ..ContractOptions::default() };
        violation(Some(Fault::StepFails), &options).and_then(|violation| violation.seed)
    };
    assert_ne!(seed_of(1), seed_of(2));
}

#[test]
#[should_panic(expected = "the roof fell in")]
fn a_panic_in_another_thread_goes_through() {
    struct Falls(Telling, ThreadId);
    impl Environment for Falls {
        fn spec(&self) -> &EnvironmentSpec {
            self.0.spec()
        }
        fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError> {
            self.0.reset(seed)
        }
        fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
            assert!(thread::current().id() == self.1, "the roof fell in");
            self.0.step(action)
        }
    }
    let outside = Arc::new(Outside::default());
    let make = || Falls(Telling::new(None, &outside), thread::current().id());
    let _ = check(make, &ContractOptions { num_steps: 10, ..ContractOptions::default() });
}
