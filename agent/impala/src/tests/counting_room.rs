//! A room that counts: its picture tells the episode, the steps since the reset, and everything that was done.

use groundling_interface::{
    Action, Environment, EnvironmentError, EnvironmentSpec, Observation, ScriptedPolicy, StepKind, TimeStep, derive,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

pub(super) const NUM_ACTIONS: u16 = 3;

pub(super) fn spec() -> EnvironmentSpec {
    EnvironmentSpec {
        height: 12,
        width: 16,
        action_names: ["stay", "left", "right"].map(String::from).to_vec(),
        motions: Vec::new(),
    }
}

/// Steps of the episode of `seed`: 5 to 8.
pub(super) fn num_steps(seed: u64) -> u32 {
    5 + (seed % 4) as u32
}

/// How the episode of `seed` ends.
pub(super) fn end(seed: u64) -> StepKind {
    if seed % 8 < 4 { StepKind::Terminated } else { StepKind::Truncated }
}

/// The reward that comes with the `step`-th step, when `action` led there.
pub(super) fn reward(step: u32, action: Action) -> f32 {
    step as f32 / 8.0 - f32::from(action.0) / 16.0
}

/// What the picture tells: steps since the reset, and the last byte of the episode's seed.
pub(super) fn read(rgb: &[u8]) -> (u32, u8) {
    (u32::from(rgb[0]), rgb[1])
}

/// What goes wrong in a room.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// A step says that the world failed.
    Error,
    /// A step panics.
    Panic,
    /// Its rewards are no numbers any more.
    NoNumber,
    /// Its scripted behaviour does what cannot be done, and it does not complain.
    NoAction,
    /// A reset says that the world failed.
    ResetError,
    /// A reset panics.
    ResetPanic,
    /// A step gives a picture of another size, over which the network panics.
    WrongPicture,
}

pub(super) struct CountingRoom {
    spec: EnvironmentSpec,
    seed: u64,
    step: u32,
    history: u64,
    running: bool,
    /// What goes wrong, and after how many steps of its whole life.
    fault: Option<(Fault, u32)>,
    age: u32,
}

impl CountingRoom {
    pub(super) fn new(fault: Option<(Fault, u32)>) -> Self {
        Self { spec: spec(), seed: 0, step: 0, history: 0, running: false, fault, age: 0 }
    }

    /// The fault that is due.
    fn due(&self) -> Option<Fault> {
        self.fault.filter(|&(_, age)| self.age >= age).map(|(fault, _)| fault)
    }

    fn picture(&self) -> Vec<u8> {
        let mut rgb = vec![0; self.spec.num_bytes()];
        let mut generator = derive(self.seed, "picture", &[self.history, u64::from(self.step)]);
        rgb.fill_with(|| generator.random());
        (rgb[0], rgb[1]) = (self.step as u8, self.seed as u8);
        rgb
    }
}

impl Environment for CountingRoom {
    fn spec(&self) -> &EnvironmentSpec {
        &self.spec
    }

    fn reset(&mut self, seed: u64) -> Result<TimeStep, EnvironmentError> {
        match self.due() {
            Some(Fault::ResetError) => return Err(EnvironmentError::World("the door is locked".into())),
            Some(Fault::ResetPanic) => panic!("the walls fell over"),
            _ => {}
        }
        (self.seed, self.step, self.history, self.running) = (seed, 0, 0, true);
        let observation = Observation { rgb: self.picture(), last_action: None, last_reward: 0.0 };
        Ok(TimeStep { kind: StepKind::First, observation })
    }

    fn step(&mut self, action: Action) -> Result<TimeStep, EnvironmentError> {
        if !self.running {
            return Err(EnvironmentError::NoEpisodeRunning);
        }
        if action.0 >= NUM_ACTIONS && !matches!(self.fault, Some((Fault::NoAction, _))) {
            return Err(EnvironmentError::UnknownAction { action: action.0, num_actions: usize::from(NUM_ACTIONS) });
        }
        match self.due() {
            Some(Fault::Error) => return Err(EnvironmentError::World("the roof fell in".into())),
            Some(Fault::Panic) => panic!("the floor gave way"),
            _ => {}
        }
        self.age += 1;
        self.step += 1;
        self.history = self.history * u64::from(NUM_ACTIONS) + u64::from(action.0);
        self.running = self.step < num_steps(self.seed);
        let kind = if self.running { StepKind::Mid } else { end(self.seed) };
        let is_broken = matches!(self.fault, Some((Fault::NoNumber, age)) if self.age > age);
        let last_reward = if is_broken { f32::NAN } else { reward(self.step, action) };
        let mut rgb = self.picture();
        if matches!(self.due(), Some(Fault::WrongPicture)) {
            rgb.pop();
        }
        Ok(TimeStep { kind, observation: Observation { rgb, last_action: Some(action), last_reward } })
    }
}

/// A behaviour with a generator of its own, whose place a resumed run must find again.
pub(super) struct DrawingScript {
    generator: ChaCha8Rng,
    /// Actions of its whole life after which it does what cannot be done.
    fault: Option<u32>,
    age: u32,
}

impl DrawingScript {
    pub(super) fn new(fault: Option<(Fault, u32)>) -> Self {
        let fault = fault.filter(|(fault, _)| matches!(fault, Fault::NoAction)).map(|(_, age)| age);
        Self { generator: derive(0, "script", &[]), fault, age: 0 }
    }
}

impl ScriptedPolicy for DrawingScript {
    fn begin(&mut self, seed: u64) {
        self.generator = derive(seed, "script", &[]);
    }

    fn action(&mut self) -> Action {
        self.age += 1;
        let drawn = self.generator.random_range(0..NUM_ACTIONS);
        Action(if self.fault.is_some_and(|age| self.age > age) { NUM_ACTIONS } else { drawn })
    }
}
