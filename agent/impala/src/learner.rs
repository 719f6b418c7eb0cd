//! The learner: takes unrolls, updates the parameters, gives them to the actors, keeps the run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use groundling_model::{Agent, AgentOptimizer};
use groundling_nn::{Compute, NamedValues};

use crate::intake::Intake;
use crate::logging::RunLog;
use crate::metrics::Averages;
use crate::place::Place;
use crate::publishing::{Published, Publisher};
use crate::room_error::panic_text;
use crate::saving::{Undo, first_line};
use crate::waits::SecondsSpent;
use crate::{Progress, Schedule, TrainError, TrainHooks, TrainOutcome, TrainSetup};

pub(crate) struct Learner {
    pub(crate) agent: Agent,
    pub(crate) optimizer: AgentOptimizer,
    pub(crate) update: u64,
    pub(crate) frames: u64,
    pub(crate) seconds_before: f64,
    pub(crate) since: Instant,
    /// When the last checkpoint was made, by a clock that nobody sets.
    pub(crate) saved_at: Instant,
    /// The parameters of the unroll that was ordered last.
    pub(crate) behavior: Arc<NamedValues>,
    /// Where each actor's rooms stand behind its last unroll that was learnt from.
    pub(crate) places: Vec<Place>,
    pub(crate) averages: Averages,
    pub(crate) log: RunLog,
    /// Since this process began.
    pub(crate) spent: SecondsSpent,
    /// What there was before the update that is being made; none between updates.
    pub(crate) undo: Option<Undo>,
    /// Whether the optimiser is changing parameters.
    pub(crate) is_stepping: bool,
}

impl Learner {
    pub(crate) fn new(setup: &TrainSetup<'_>) -> Result<Self, TrainError> {
        groundling_nn::set_threads_of_this_thread(1);
        let compute = Compute { device: setup.device, precision: setup.training.precision };
        let agent = setup.blueprint.build_in_shares(compute, setup.training.num_shares(setup.device))?;
        let mut optimizer = AgentOptimizer::new(&setup.optimizer, &agent);
        let (mut update, mut frames, mut seconds_before) = (0, 0, 0.0);
        let mut behavior = agent.acting_values();
        if let Some(checkpoint) = &setup.resume {
            let (found, expected) = (checkpoint.cursors.len(), setup.training.num_rooms());
            if found != expected {
                return Err(TrainError::OtherRooms { found, expected });
            }
            agent.set_values(&checkpoint.agent)?;
            optimizer.set_values(&agent, &checkpoint.optimizer, checkpoint.optimizer_steps)?;
            (update, frames, seconds_before) = (checkpoint.update, checkpoint.frames, checkpoint.seconds);
            behavior = checkpoint.behavior.clone();
        }
        // Every room has its place from the start: an actor may fail, or training be stopped, before its first unroll.
        let rooms_per_actor = setup.training.rooms_per_actor;
        let place = |actor: usize| {
            let rooms = actor * rooms_per_actor..(actor + 1) * rooms_per_actor;
            let resumed = setup.resume.as_ref().and_then(|checkpoint| Place::resumed(checkpoint, rooms));
            resumed.unwrap_or_else(|| Place::fresh(rooms_per_actor, &agent))
        };
        let places = (0..setup.training.num_actors).map(place).collect();
        let log = RunLog::resume(setup)?;
        Ok(Self {
            agent,
            optimizer,
            update,
            frames,
            seconds_before,
            since: Instant::now(),
            saved_at: Instant::now(),
            behavior: Arc::new(behavior),
            places,
            averages: setup.resume.as_ref().map_or_else(Averages::default, |resume| resume.averages.clone()),
            log,
            spent: SecondsSpent::default(),
            undo: None,
            is_stepping: false,
        })
    }

    /// Updates done.
    pub(crate) fn updates(&self) -> u64 {
        self.update
    }

    /// The behaviour, as the parameters after `version` updates.
    pub(crate) fn published(&self, version: u64) -> Arc<Published> {
        Arc::new(Published { version, values: Arc::clone(&self.behavior) })
    }

    /// Learns until all frames are learnt from or it is asked to stop. Whatever fails, what can be saved is.
    pub(crate) fn run(
        &mut self,
        setup: &TrainSetup<'_>,
        publisher: &Publisher,
        intake: &Intake,
        hooks: &mut dyn TrainHooks,
    ) -> Result<TrainOutcome, TrainError> {
        let learning = catch_unwind(AssertUnwindSafe(|| self.learn_all(setup, publisher, intake, hooks)));
        let result = learning.unwrap_or_else(|panic| {
            let reason = first_line(&panic_text(&*panic)).to_string();
            Err(TrainError::Learner { update: self.update + 1, reason })
        });
        result.map_err(|error| self.save_after(error, setup, hooks))
    }

    fn learn_all(
        &mut self,
        setup: &TrainSetup<'_>,
        publisher: &Publisher,
        intake: &Intake,
        hooks: &mut dyn TrainHooks,
    ) -> Result<TrainOutcome, TrainError> {
        let num_updates = setup.training.num_updates();
        let lockstep = setup.training.schedule == Schedule::Lockstep;
        // In lockstep the unroll that is due was first ordered one update ago.
        let version = if lockstep { self.update.saturating_sub(1) } else { self.update };
        publisher.publish(&self.published(version));
        while self.update < num_updates {
            self.begin_update();
            let unrolls = self.take_unrolls(setup, intake)?;
            if lockstep {
                // The next unroll is made now, with the parameters of before this update, while it is computed. Behind
                // the last update there is none, but a run that is made longer will order it.
                self.behavior = Arc::new(self.agent.acting_values());
                if self.update + 1 < num_updates {
                    publisher.publish(&self.published(self.update));
                }
            }
            self.learn(setup, &unrolls)?;
            self.undo = None;
            if !lockstep {
                self.behavior = Arc::new(self.agent.acting_values());
                publisher.publish(&self.published(self.update));
            }
            let metrics = self.log(setup, hooks)?.clone();
            hooks.progress(&Progress {
                update: self.update,
                num_updates,
                frames: self.frames,
                seconds: self.seconds(),
                metrics,
                spent: self.spent,
            });
            if setup.stop.load(Ordering::Relaxed) && self.update < num_updates {
                return Ok(TrainOutcome::Interrupted { checkpoint: self.save(setup, hooks)? });
            }
            if self.is_save_due(&setup.training) {
                self.save(setup, hooks)?;
            }
        }
        Ok(TrainOutcome::Finished { checkpoint: self.save(setup, hooks)? })
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.seconds_before + self.since.elapsed().as_secs_f64()
    }
}
