//! What a room is, as plain data: vocabulary, meshes, sampled rooms, scenes and facts.

mod config;
mod facts;
mod floor_plan;
mod mesh_builder;
mod scene;
mod shapes;
mod solid;
mod spec;
mod vocabulary;

pub use config::{HeldOut, Layout, RoomConfig, Variation};
pub use facts::{AgentFacts, ObjectFacts, Support, WorldFacts};
pub use floor_plan::{FloorPlan, Notch};
pub use scene::{Camera, Instance, Light, Mesh, Pattern, Projection, Rgb, Scene, Surface, Triangle};
pub use shapes::Footprint;
pub use solid::Solid;
pub use spec::{
    Finish, ObjectSpec, OpeningSpec, OutdoorKind, OutdoorThing, OutdoorsSpec, RoomError, RoomSpec, SkirtingSpec, Spawn,
    WallSpec,
};
pub use vocabulary::{Color, Shape, Size};
