//! The living room: a body among obstacles, moved by acts, rewarded for visits. Draws nothing.

use glam::{Affine3A, Quat, Vec2, Vec3};
use groundling_room::{Camera, Projection, RoomError, RoomSpec, Scene, Support};

use crate::act::Act;
use crate::config::WorldConfig;
use crate::information::EndCause;
use crate::physics::{Divergence, Hands, Physics};
use crate::task::{Task, TaskView};
use crate::visit_rule::VisitRule;
use crate::visits::Visits;

/// Where the agent's body is and which way it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Body {
    /// The point of the floor it stands on, metres.
    pub position: Vec3,
    /// Radians about +y, within −π to π; 0 looks along −z, positive turns left.
    pub yaw: f32,
    /// Radians; positive looks up.
    pub pitch: f32,
}

/// Where an object is and how it is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObjectPose {
    /// Centre of its base, metres; standing, that is the centre of its footprint.
    pub position: Vec3,
    /// From its own frame to the room's.
    pub rotation: Quat,
}

/// One room in motion: a function of (config, seed, acts).
#[derive(Clone)]
pub struct World {
    config: WorldConfig,
    spec: RoomSpec,
    pub(crate) physics: Physics,
    body: Body,
    visits: Visits,
    /// Objects whose visit began with the last act.
    newly_visited: Vec<u16>,
    task: Box<dyn Task>,
    is_task_done: bool,
    step: u32,
}

impl World {
    /// The world that `(config, seed)` names, at step 0.
    pub fn new(config: WorldConfig, seed: u64) -> Result<Self, RoomError> {
        config.validate()?;
        let spec = RoomSpec::sample(&config.room, seed)?;
        Ok(Self::in_room(config, spec))
    }

    /// The world of a given room, at step 0.
    pub(crate) fn in_room(config: WorldConfig, spec: RoomSpec) -> Self {
        let physics = Physics::new(&config, &spec);
        let body = Body { position: spec.spawn.position.into(), yaw: wrap(spec.spawn.yaw), pitch: 0.0 };
        let visits = Visits::new(spec.objects.len());
        let task = config.task.name.begin(&spec);
        Self { config, spec, physics, body, visits, newly_visited: Vec::new(), task, is_task_done: false, step: 0 }
    }

    /// What it was made from.
    pub fn config(&self) -> &WorldConfig {
        &self.config
    }

    /// The room.
    pub fn spec(&self) -> &RoomSpec {
        &self.spec
    }

    /// The agent's body.
    pub fn body(&self) -> Body {
        self.body
    }

    /// Acts since the beginning.
    pub fn step_count(&self) -> u32 {
        self.step
    }

    /// Why the episode is over, if it is. A task done at the very last moment counts as done.
    pub fn end(&self) -> Option<EndCause> {
        if let Some(divergence) = self.divergence() {
            Some(EndCause::Diverged(divergence))
        } else if self.is_task_done {
            Some(EndCause::TaskDone)
        } else if self.step >= self.config.task.episode_steps {
            Some(EndCause::TimeLimit)
        } else {
            None
        }
    }

    /// Where object `index` is; one past the last is at the origin.
    pub fn object_pose(&self, index: usize) -> ObjectPose {
        let nowhere = ObjectPose { position: Vec3::ZERO, rotation: Quat::IDENTITY };
        self.physics.poses().get(index).copied().unwrap_or(nowhere)
    }

    /// Where every object is, in the order of the room's spec.
    pub(crate) fn poses(&self) -> &[ObjectPose] {
        self.physics.poses()
    }

    /// Whether walking into object `index` moves it.
    pub(crate) fn is_pushable(&self, index: usize) -> bool {
        self.physics.is_pushable(index)
    }

    /// What object `index` rests on; one past the last on nothing.
    pub fn support(&self, index: usize) -> Support {
        self.physics.support(index)
    }

    /// The object in the agent's grasp.
    pub fn held(&self) -> Option<usize> {
        self.physics.held()
    }

    /// What went wrong with the physics, if anything did: everything then stays where it was last sound.
    pub fn divergence(&self) -> Option<Divergence> {
        self.physics.divergence()
    }

    /// What there is to draw, now.
    pub fn scene(&self) -> Scene {
        let mut scene = self.spec.scene();
        for (index, pose) in self.physics.poses().iter().enumerate() {
            follow(&mut scene, &self.spec, index, *pose);
        }
        scene
    }

    /// Moves in `scene`, which is of this world, what has moved since the last call.
    pub(crate) fn update_scene(&mut self, scene: &mut Scene) {
        let spec = &self.spec;
        self.physics.take_moved(|index, pose| follow(scene, spec, index, pose));
    }

    /// The objects whose visit began with the last act.
    pub(crate) fn newly_visited(&self) -> &[u16] {
        &self.newly_visited
    }

    pub(crate) fn visits(&self) -> &Visits {
        &self.visits
    }

    /// Does `act` for `control.action_repeat` physics steps, or fewer where the task is done or the physics goes wrong;
    /// returns the reward.
    pub fn act(&mut self, act: Act) -> f32 {
        let mut reward = 0.0;
        self.newly_visited.clear();
        for _ in 0..self.config.control.action_repeat {
            self.physics_step(act);
            if self.divergence().is_some() {
                break;
            }
            let (config, spec, body, held) = (&self.config, &self.spec, self.body, self.held());
            let room = VisitRule { config, spec, body, poses: self.physics.poses(), held };
            room.note(&mut self.visits);
            self.newly_visited.extend_from_slice(self.visits.newly_visited());
            let outcome = self.task.after_physics_step(&TaskView { room, visits: &self.visits });
            reward += outcome.reward;
            if outcome.is_done {
                self.is_task_done = true;
                break;
            }
        }
        self.step += 1;
        reward
    }

    fn physics_step(&mut self, act: Act) {
        let control = &self.config.control;
        let (length, angle) = (control.move_length(), control.turn_angle());
        let heading = Vec2::from_angle(self.body.yaw);
        let (forward, right) = (Vec3::new(-heading.y, 0.0, -heading.x), Vec3::new(heading.x, 0.0, -heading.y));
        match act.without_grab() {
            Act::Forward => self.slide(forward * length),
            Act::Back => self.slide(forward * -length),
            Act::Left => self.slide(right * -length),
            Act::Right => self.slide(right * length),
            Act::LookLeft => self.body.yaw = wrap(self.body.yaw + angle),
            Act::LookRight => self.body.yaw = wrap(self.body.yaw - angle),
            Act::LookUp => self.tilt(angle),
            Act::LookDown => self.tilt(-angle),
            _ => {}
        }
        self.physics.advance(&self.hands(), act);
    }

    fn hands(&self) -> Hands {
        Hands {
            body: self.body,
            eye_height: self.config.camera.eye_height,
            body_radius: self.config.control.body_radius,
            move_length: self.config.control.move_length(),
            ceiling: self.spec.wall_height,
        }
    }

    fn slide(&mut self, step: Vec3) {
        self.body.position = self.physics.walk(self.body.position, step);
    }

    fn tilt(&mut self, angle: f32) {
        let limit = self.config.camera.pitch_limit_degrees.to_radians();
        self.body.pitch = (self.body.pitch + angle).clamp(-limit, limit);
    }

    /// What the agent sees through.
    pub fn eye(&self) -> Camera {
        Camera {
            position: self.body.position + Vec3::Y * self.config.camera.eye_height,
            yaw: self.body.yaw,
            pitch: self.body.pitch,
            projection: Projection::Perspective { fov_y: self.config.camera.fov_y() },
        }
    }

    /// A view of the whole room from above, for a picture whose width is `aspect` times its height.
    pub fn top_down_camera(&self, aspect: f32) -> Camera {
        self.spec.top_down_camera(aspect)
    }
}

/// Moves one object of a scene.
fn follow(scene: &mut Scene, spec: &RoomSpec, index: usize, pose: ObjectPose) {
    let Some((instance, object)) = scene.instances.get_mut(index).zip(spec.objects.get(index)) else { return };
    let scale = Vec3::splat(object.height);
    instance.world_from_object = Affine3A::from_scale_rotation_translation(scale, pose.rotation, pose.position);
    // The shadow is a disc about the base: none under what lies on its side. With height it fades by itself.
    instance.shadow_radius = object.radius() * (pose.rotation * Vec3::Y).y.max(0.0);
}

/// The same angle within −π to π; angles already there keep their bits.
fn wrap(angle: f32) -> f32 {
    use std::f32::consts::{PI, TAU};
    if (-PI..=PI).contains(&angle) {
        return angle;
    }
    let positive = angle.rem_euclid(TAU);
    if positive > PI { positive - TAU } else { positive }
}
