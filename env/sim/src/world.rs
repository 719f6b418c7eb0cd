//! The living room: a body among obstacles, moved by acts, rewarded for visits. Draws nothing.

use glam::{Quat, Vec2, Vec3};
use groundling_room::{Camera, ObjectSpec, Projection, RoomError, RoomSpec, Support};

use crate::act::Act;
use crate::config::WorldConfig;
use crate::information::EndCause;
use crate::obstacles::Obstacles;
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
pub struct World {
    config: WorldConfig,
    spec: RoomSpec,
    obstacles: Obstacles,
    body: Body,
    /// Where every object is, as of the last physics step.
    poses: Vec<ObjectPose>,
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
        let control = &config.control;
        let seconds = 1.0 / control.rate_hz as f32;
        let obstacles = Obstacles::new(&spec, control.body_radius, control.body_height, seconds);
        let body = Body { position: spec.spawn.position.into(), yaw: wrap(spec.spawn.yaw), pitch: 0.0 };
        let standing = |object: &ObjectSpec| ObjectPose {
            position: object.position.into(),
            rotation: Quat::from_rotation_y(object.yaw),
        };
        let poses = spec.objects.iter().map(standing).collect();
        let visits = Visits::new(spec.objects.len());
        let task = config.task.name.begin(&spec);
        Ok(Self {
            config,
            spec,
            obstacles,
            body,
            poses,
            visits,
            newly_visited: Vec::new(),
            task,
            is_task_done: false,
            step: 0,
        })
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
        if self.is_task_done {
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
        self.poses.get(index).copied().unwrap_or(nowhere)
    }

    /// Where every object is, in the order of the room's spec.
    pub(crate) fn poses(&self) -> &[ObjectPose] {
        &self.poses
    }

    /// What object `index` rests on.
    pub fn support(&self, _index: usize) -> Support {
        Support::Floor
    }

    /// The object in the agent's grasp.
    pub fn held(&self) -> Option<usize> {
        None
    }

    /// The objects whose visit began with the last act.
    pub(crate) fn newly_visited(&self) -> &[u16] {
        &self.newly_visited
    }

    pub(crate) fn visits(&self) -> &Visits {
        &self.visits
    }

    /// Does `act` for `control.action_repeat` physics steps, or fewer where the task is done; returns the reward.
    pub fn act(&mut self, act: Act) -> f32 {
        let mut reward = 0.0;
        self.newly_visited.clear();
        for _ in 0..self.config.control.action_repeat {
            self.physics_step(act);
            self.note_visits();
            let (body, poses, held) = (self.body, self.poses.as_slice(), self.held());
            let view = TaskView { spec: &self.spec, body, poses, held, visits: &self.visits };
            let outcome = self.task.after_physics_step(&view);
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
    }

    fn slide(&mut self, step: Vec3) {
        self.body.position = self.obstacles.slide(self.body.position, step);
    }

    fn tilt(&mut self, angle: f32) {
        let limit = self.config.camera.pitch_limit_degrees.to_radians();
        self.body.pitch = (self.body.pitch + angle).clamp(-limit, limit);
    }

    fn note_visits(&mut self) {
        let (config, spec, body, held) = (&self.config, &self.spec, self.body, self.held());
        VisitRule { config, spec, body, poses: &self.poses, held }.note(&mut self.visits);
        self.newly_visited.extend_from_slice(self.visits.newly_visited());
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
        let plan = &self.spec.floor_plan;
        let margin = 1.04;
        Camera {
            // Below the ceiling, which is seen from below only, there is nothing higher than the walls.
            position: Vec3::Y * (self.spec.wall_height + 1.0),
            yaw: 0.0,
            pitch: -std::f32::consts::FRAC_PI_2,
            projection: Projection::Orthographic { height: margin * plan.depth.max(plan.width / aspect.max(0.01)) },
        }
    }
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
