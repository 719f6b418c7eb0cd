//! The living room: physics, body, tasks, rewards, the scripted explorer and recordings.

mod act;
mod config;
mod environment;
mod explorer;
mod navigation;
mod obstacles;
mod privileged;
mod recording;
mod replay;
mod sight;
mod task;
mod visits;
mod world;

pub use act::Act;
pub use config::{CameraConfig, ControlConfig, ExplorerConfig, TaskConfig, WorldConfig};
pub use environment::{RoomEnvironment, WorldError};
pub use explorer::ScriptedExplorer;
pub use privileged::Privileged;
pub use recording::{Annotation, Existing, FORMAT_VERSION, ReadError, Recording, StepDigest, WriteError};
pub use replay::{Replay, ReplayError};
pub use task::{CloneTask, Task, TaskName, TaskOutcome, TaskView};
pub use world::{Body, EndCause, ObjectPose, World};
