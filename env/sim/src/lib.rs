//! The living room: physics, body, tasks, rewards, the scripted explorer and recordings.

mod act;
mod config;
mod environment;
mod explorer;
mod information;
mod line_of_sight;
mod outline;
mod physics;
mod privileged;
mod recording;
mod replay;
mod sight;
mod snapshot;
mod task;
mod visit_rule;
mod visits;
mod world;

pub use act::{Act, ActionSet};
pub use config::{CameraConfig, ControlConfig, ExplorerConfig, Order, PhysicsConfig, TaskConfig, WorldConfig};
pub use environment::{RoomEnvironment, WorldError};
pub use explorer::ScriptedExplorer;
pub use information::{EndCause, ObjectInView, StepInformation};
pub use physics::{Divergence, DivergenceKind};
pub use privileged::Privileged;
pub use recording::{
    Annotation, Asked, Existing, FORMAT_VERSION, FormatError, Imagination, PROGRAM, PictureDigest, ReadError,
    Recording, StateDigest, StepDigest, WriteError,
};
pub use replay::{Replay, ReplayError};
pub use snapshot::{Snapshot, SnapshotError};
pub use task::{CloneTask, Task, TaskName, TaskOutcome, TaskView};
pub use world::{Body, ObjectPose, World};
