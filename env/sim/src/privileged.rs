//! The handle to what only the simulator knows. It goes to the recorder, the question maker and the scripted explorer,
//! and to no actor.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use groundling_room::{AgentFacts, Camera, ObjectFacts, RoomSpec, Scene, WorldFacts};

use crate::information::{ObjectInView, StepInformation};
use crate::outline::Outline;
use crate::sight::Sight;
use crate::world::{Body, World};

/// The world of one environment, shared between it and its privileged handles.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) seed: u64,
    pub(crate) world: World,
    pub(crate) scene: Scene,
    pub(crate) sight: Sight,
}

/// A handle to the world that one `RoomEnvironment` steps; clones are handles to the same world.
///
/// Before the first reset it shows the room of seed 0.
#[derive(Clone)]
pub struct Privileged {
    shared: Arc<Mutex<Shared>>,
}

impl Privileged {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(Mutex::new(shared)) }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Shared> {
        // A panic elsewhere leaves plain numbers behind, and the next reset replaces them all.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The whole truth of the present step.
    pub fn facts(&self) -> WorldFacts {
        let shared = self.lock();
        let world = &shared.world;
        let objects = world.spec().objects.iter().enumerate().map(|(index, object)| {
            let seen = shared.sight.of(index);
            let pose = world.object_pose(index);
            let outline = Outline::of(object, &pose);
            ObjectFacts {
                shape: object.shape,
                color: object.color,
                size: object.size,
                position: pose.position.into(),
                rotation: pose.rotation.to_array(),
                middle: outline.middle().into(),
                radius: outline.radius(),
                support: world.support(index),
                held: world.held() == Some(index),
                visited: world.visits().is_visited(index),
                visits: world.visits().count(index),
                pixels_now: seen.pixels_now,
                most_pixels: seen.most_pixels,
                first_seen: seen.first_seen,
                last_seen: seen.last_seen,
            }
        });
        let Body { position, yaw, pitch } = world.body();
        WorldFacts {
            episode_seed: shared.seed,
            step: world.step_count(),
            near_distance: world.config().room.near_distance,
            agent: AgentFacts { position: position.into(), yaw, pitch },
            objects: objects.collect(),
        }
    }

    /// Visits, what is in view, and why the episode is over, at the present step.
    pub fn information(&self) -> StepInformation {
        let shared = self.lock();
        let world = &shared.world;
        let objects = 0..world.spec().objects.len();
        let in_view = |object: usize| {
            let pixels = shared.sight.of(object).pixels_now;
            (pixels > 0).then_some(ObjectInView { object: object as u16, pixels })
        };
        StepInformation {
            visited: objects.clone().filter(|&object| world.visits().is_visited(object)).map(|o| o as u16).collect(),
            newly_visited: world.newly_visited().to_vec(),
            num_refreshes: world.visits().num_refreshes(),
            in_view: objects.filter_map(in_view).collect(),
            end: world.end(),
        }
    }

    /// The room of the present episode.
    pub fn spec(&self) -> RoomSpec {
        self.lock().world.spec().clone()
    }

    /// What there is to draw, now.
    pub fn scene(&self) -> Scene {
        self.lock().scene.clone()
    }

    /// What the agent sees through, now.
    pub fn eye(&self) -> Camera {
        self.lock().world.eye()
    }

    /// Where the agent's body is, now.
    pub fn body(&self) -> Body {
        self.lock().world.body()
    }

    /// A view of the whole room from above, for a picture whose width is `aspect` times its height.
    pub fn top_down_camera(&self, aspect: f32) -> Camera {
        self.lock().world.top_down_camera(aspect)
    }
}
