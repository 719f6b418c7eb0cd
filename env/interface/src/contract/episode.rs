//! Plays episodes step by step and holds each step to the rules, or to the step it must equal.

use rand::RngExt;

use super::{Action, ContractViolation, Environment, EnvironmentError, EnvironmentSpec, Played, Rule, TimeStep};
use crate::{StepKind, derive};

/// What is done in an episode.
pub(super) struct Script {
    pub(super) seed: u64,
    /// At least as many as there are steps after the first.
    pub(super) actions: Vec<Action>,
}

type Taken = Result<TimeStep, EnvironmentError>;

pub(super) struct Player {
    pub(super) spec: EnvironmentSpec,
    pub(super) num_steps: usize,
    pub(super) must_end: bool,
}

impl Player {
    fn script(&self, seed: u64) -> Script {
        let mut rng = derive(seed, "contract actions", &[]);
        // Not more than 65,536 actions: that was examined.
        let greatest = (self.spec.num_actions() - 1) as u16;
        let actions = (0..self.num_steps).map(|_| Action(rng.random_range(0..=greatest)));
        Script { seed, actions: actions.collect() }
    }

    /// The reset or step that leads to step `index` of the episode.
    pub(super) fn take<E: Environment>(&self, environment: &mut E, script: &Script, index: usize) -> Taken {
        match index.checked_sub(1) {
            Some(before) => environment.step(script.actions[before]),
            None => environment.reset(script.seed),
        }
    }

    /// Plays an episode for the first time: every step is held to the rules of its own.
    pub(super) fn play_new<E: Environment>(&self, environment: &mut E, seed: u64) -> Result<Played, ContractViolation> {
        let script = self.script(seed);
        let mut steps: Vec<TimeStep> = Vec::new();
        for index in 0..=self.num_steps {
            let violation = |rule, found: String| ContractViolation::new(rule, Some(seed), index, found);
            let succeeds = if index == 0 { Rule::ResetSucceeds } else { Rule::StepSucceeds };
            let step =
                self.take(environment, &script, index).map_err(|error| violation(succeeds, error.to_string()))?;
            let action = index.checked_sub(1).map(|before| script.actions[before]);
            self.examine(&step, action).map_err(|(rule, found)| violation(rule, found))?;
            let is_last = step.kind.is_last();
            steps.push(step);
            if is_last {
                break;
            }
            if index == self.num_steps && self.must_end {
                return Err(violation(Rule::EpisodeEnds, format!("it is not over after {index} steps")));
            }
        }
        Ok(Played { script, steps })
    }

    /// The rules of a single step, which `action` led to.
    fn examine(&self, step: &TimeStep, action: Option<Action>) -> Result<(), (Rule, String)> {
        let observation = &step.observation;
        let (kind, reward, echoed) = (step.kind, observation.last_reward, observation.last_action);
        if !reward.is_finite() {
            return Err((Rule::RewardIsFinite, format!("a reward of {reward}")));
        }
        let (found, expected) = (observation.rgb.len(), self.spec.num_bytes());
        if found != expected {
            return Err((Rule::PictureSize, format!("a picture of {found} bytes instead of {expected}")));
        }
        match action {
            None if kind != StepKind::First => Err((Rule::FirstAfterReset, format!("a {kind:?} step"))),
            None if echoed.is_some() || reward != 0.0 => {
                Err((Rule::NothingBeforeFirst, format!("last action {echoed:?}, reward {reward}")))
            }
            Some(_) if kind == StepKind::First => Err((Rule::MidUntilLast, "a First step".into())),
            Some(_) if echoed != action => Err((Rule::ActionIsEchoed, format!("{echoed:?} instead of {action:?}"))),
            _ => Ok(()),
        }
    }

    /// Plays an episode again; every step must be what it was, or `rule` is broken.
    pub(super) fn play_again<E: Environment>(
        &self,
        environment: &mut E,
        played: &Played,
        rule: Rule,
    ) -> Result<(), ContractViolation> {
        for index in 0..played.steps.len() {
            self.check_step(&self.take(environment, &played.script, index), played, index, rule)?;
        }
        Ok(())
    }

    /// Holds a step that was taken again to what it was the first time.
    pub(super) fn check_step(
        &self,
        taken: &Taken,
        played: &Played,
        index: usize,
        rule: Rule,
    ) -> Result<(), ContractViolation> {
        let found = match (taken, played.steps.get(index)) {
            (Err(error), _) => Some(error.to_string()),
            (Ok(step), Some(expected)) => difference(step, expected),
            (Ok(_), None) => None,
        };
        found.map_or(Ok(()), |found| Err(ContractViolation::new(rule, Some(played.script.seed), index, found)))
    }

    /// A step that must fail because no episode is running.
    pub(super) fn refuse_step<E: Environment>(
        &self,
        environment: &mut E,
        rule: Rule,
        seed: Option<u64>,
        index: usize,
    ) -> Result<(), ContractViolation> {
        match environment.step(Action(0)) {
            Err(EnvironmentError::NoEpisodeRunning) => Ok(()),
            other => Err(ContractViolation::new(rule, seed, index, in_words(&other))),
        }
    }

    /// Actions that must fail because they are not in the set.
    pub(super) fn refuse_unknown<E: Environment>(
        &self,
        environment: &mut E,
        seed: u64,
        index: usize,
    ) -> Result<(), ContractViolation> {
        let num_actions = self.spec.num_actions();
        let unknown = [num_actions, usize::from(u16::MAX)].into_iter().filter(|&action| action >= num_actions);
        for action in unknown.filter_map(|action| u16::try_from(action).ok()) {
            let taken = environment.step(Action(action));
            if taken != Err(EnvironmentError::UnknownAction { action, num_actions }) {
                let found = format!("action {action} of {num_actions}: {}", in_words(&taken));
                return Err(ContractViolation::new(Rule::UnknownActionIsRefused, Some(seed), index, found));
            }
        }
        Ok(())
    }

    /// The spec must be what it was.
    pub(super) fn check_spec<E: Environment>(&self, environment: &E, seed: u64) -> Result<(), ContractViolation> {
        if *environment.spec() == self.spec {
            return Ok(());
        }
        Err(ContractViolation::new(Rule::SpecHolds, Some(seed), 0, "the spec is another after this episode"))
    }
}

fn in_words(taken: &Taken) -> String {
    match taken {
        Ok(step) => format!("it succeeded with a {:?} step", step.kind),
        Err(error) => format!("it failed otherwise: {error}"),
    }
}

/// What differs, bit for bit, if anything does.
fn difference(found: &TimeStep, expected: &TimeStep) -> Option<String> {
    let (seen, before) = (&found.observation, &expected.observation);
    if found.kind != expected.kind {
        return Some(format!("a {:?} step that was {:?}", found.kind, expected.kind));
    }
    if seen.last_action != before.last_action {
        return Some(format!("last action {:?} that was {:?}", seen.last_action, before.last_action));
    }
    if seen.last_reward.to_bits() != before.last_reward.to_bits() {
        return Some(format!("a reward of {} that was {}", seen.last_reward, before.last_reward));
    }
    let pairs = seen.rgb.iter().zip(&before.rgb);
    let num_differing = pairs.filter(|(a, b)| a != b).count() + seen.rgb.len().abs_diff(before.rgb.len());
    (num_differing > 0).then(|| format!("{num_differing} of {} bytes of the picture differ", before.rgb.len()))
}
