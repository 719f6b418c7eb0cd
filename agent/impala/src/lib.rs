//! IMPALA (Espeholt et al. 2018): actors that step rooms, a learner that corrects and learns, and what a run keeps.
//!
//! Generic over `Environment`: nothing here knows what a room is, or that anybody asks questions. Beliefs leave through
//! a `BeliefObserver`, which is shown copies and has no way back. What else than pictures and rewards may teach an agent
//! comes through a `TargetMaker`, to an agent that was given a loss for it.

mod actor;
mod actor_thread;
mod batching;
mod blueprint;
mod checkpoint;
mod checkpoint_folder;
mod checkpoints;
mod config;
mod divergence;
mod durable;
mod file_error;
mod inference;
mod inference_thread;
mod intake;
mod learner;
mod learning;
mod logging;
mod measure;
mod metrics;
mod place;
mod play;
mod publishing;
mod room;
mod room_error;
mod room_group;
mod run_directory;
mod run_error;
mod saving;
mod seat;
mod session;
mod settings;
mod tensorboard;
#[cfg(test)]
mod tests;
mod training;
mod unroll_file;
mod waits;

pub use actor::ActorError;
pub use actor_thread::training_episode_seed;
pub use blueprint::AgentBlueprint;
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointFiles};
pub use checkpoints::{Resumed, Retention};
pub use config::{Exploring, InferencePlace, Schedule, TrainingConfig};
pub use divergence::{Divergence, DivergenceError, RecomputeError};
pub use durable::write_atomically;
pub use file_error::FileError;
pub use measure::{OnFrames, run_actors_alone, run_learner_alone};
pub use metrics::Averages;
pub use play::{PlayError, PlaySetup, play};
pub use room::RoomCursor;
pub use room_error::{RoomCall, RoomError};
pub use run_directory::RunDirectory;
pub use run_error::RunError;
pub use seat::{BeliefObserver, ObservedStep, Seat, TargetMaker};
pub use session::Machine;
pub use settings::SettingChange;
pub use tensorboard::{PngPicture, TensorBoard};
pub use training::{Progress, TrainError, TrainHooks, TrainOutcome, TrainSetup, train};
pub use waits::SecondsSpent;
