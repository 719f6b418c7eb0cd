//! How objects move, and what the body does to them: walking among them, pushing, holding.
//!
//! There are two views of the room, and they agree. To the body everything is as tall as the room: it walks in the plane
//! around the outlines of the objects' solids (`walker.rs`, `obstacle.rs`). To the objects the body is a pillar from
//! floor to ceiling (`dynamics.rs`). So nothing leans over the body or lies under it, and it climbs nothing. The body
//! moves things only by bounded impulses: by walking into them here, by its hands in `grasp.rs`.

mod divergence;
mod dynamics;
mod grasp;
mod model;
mod obstacle;
#[cfg(test)]
mod tests;
mod walker;

use std::sync::Arc;

use glam::{Quat, Vec2, Vec3};
use groundling_room::{ObjectSpec, RoomSpec, Support};

use crate::act::Act;
use crate::config::{PhysicsConfig, WorldConfig};
use crate::world::ObjectPose;
pub use divergence::{Divergence, DivergenceKind};
use dynamics::Dynamics;
pub(crate) use grasp::Hands;
use grasp::{Grasp, Target};
use model::Model;
use obstacle::Obstacle;
use walker::{Touch, Walker, Walls};

/// How far the middle of an object may be beyond walls, floor or ceiling, metres.
const OUT_OF_ROOM: f32 = 0.05;
/// Share of what is missing to where it should be that a held object makes up for in one step.
const HOLD_GAIN: f32 = 0.5;
/// Greatest acceleration of a held object, metres a second squared: what presses against a wall presses gently.
const HOLD_ACCELERATION: f32 = 30.0;
/// Greatest speed of turning of a held or thrown object, radians a second.
const GREATEST_TURN: f32 = 10.0;

/// The objects of one room in motion.
#[derive(Clone)]
pub(crate) struct Physics {
    config: PhysicsConfig,
    body_radius: f32,
    /// Length of a physics step.
    seconds: f32,
    wall_height: f32,
    walls: Walls,
    models: Vec<Arc<Model>>,
    obstacles: Vec<Obstacle>,
    /// As of the last physics step in which all was well.
    poses: Vec<ObjectPose>,
    supports: Vec<Support>,
    /// Objects whose pose changed since it was last asked.
    moved: Vec<bool>,
    touches: Vec<Touch>,
    dynamics: Dynamics,
    grasp: Option<Grasp>,
    divergence: Option<Divergence>,
}

impl Physics {
    pub(crate) fn new(config: &WorldConfig, spec: &RoomSpec) -> Self {
        let models: Vec<Arc<Model>> = spec.objects.iter().map(Model::of).collect();
        let dynamics = Dynamics::new(config, spec, &models);
        let obstacle = |(index, object): (usize, &ObjectSpec)| match dynamics.movable(index) {
            Some(_) => Obstacle::of_standing(&models[index], object),
            None => Obstacle::of_footprint(object),
        };
        let standing = |object: &ObjectSpec| ObjectPose {
            position: object.position.into(),
            rotation: Quat::from_rotation_y(object.yaw),
        };
        Self {
            config: config.physics,
            body_radius: config.control.body_radius,
            seconds: 1.0 / config.control.rate_hz as f32,
            wall_height: spec.wall_height,
            walls: Walls::new(spec),
            obstacles: spec.objects.iter().enumerate().map(obstacle).collect(),
            poses: spec.objects.iter().map(standing).collect(),
            supports: vec![Support::Floor; spec.objects.len()],
            moved: vec![false; spec.objects.len()],
            touches: Vec::new(),
            models,
            dynamics,
            grasp: None,
            divergence: None,
        }
    }

    /// Where every object is.
    pub(crate) fn poses(&self) -> &[ObjectPose] {
        &self.poses
    }

    /// What object `index` rests on.
    pub(crate) fn support(&self, index: usize) -> Support {
        self.supports.get(index).copied().unwrap_or(Support::Nothing)
    }

    /// The object in the agent's hands.
    pub(crate) fn held(&self) -> Option<usize> {
        self.grasp.as_ref().map(|grasp| grasp.object)
    }

    /// What went wrong, if anything did; everything then stays as it was before.
    pub(crate) fn divergence(&self) -> Option<Divergence> {
        self.divergence
    }

    /// Calls `follow` with every object that moved since the last call.
    pub(crate) fn take_moved(&mut self, mut follow: impl FnMut(usize, ObjectPose)) {
        for (index, (moved, pose)) in self.moved.iter_mut().zip(&self.poses).enumerate() {
            if std::mem::take(moved) {
                follow(index, *pose);
            }
        }
    }

    /// Where the body, its feet at `feet`, comes to stand when it tries to move by `step`. What is in its way and light
    /// enough is pushed.
    pub(crate) fn walk(&mut self, feet: Vec3, step: Vec3) -> Vec3 {
        let walker = Walker { walls: &self.walls, obstacles: &self.obstacles, radius: self.body_radius };
        let step = Vec2::new(step.x, step.z);
        let mut touches = std::mem::take(&mut self.touches);
        touches.clear();
        let place = walker.walk(Vec2::new(feet.x, feet.z), step, &mut touches);
        for touch in &touches {
            self.push(touch, step);
        }
        self.touches = touches;
        Vec3::new(place.x, feet.y, place.y)
    }

    /// Whether walking into the object moves it, and at a good part of the body's speed.
    pub(crate) fn is_pushable(&self, object: usize) -> bool {
        let is_light = |model: &Arc<Model>| model.kilograms() < 0.7 * self.config.push_limit;
        self.config.movable && self.models.get(object).is_some_and(is_light)
    }

    /// Gives an object in the way the speed with which the body walks into it, as far as its mass and the agent's
    /// strength allow. What is held follows the hands and is not pushed.
    fn push(&mut self, touch: &Touch, step: Vec2) {
        let mass = self.models[touch.object].kilograms();
        if mass > self.config.push_limit || self.held() == Some(touch.object) {
            return;
        }
        let inwards = Vec3::new(-touch.outwards.x, 0.0, -touch.outwards.y);
        let speed = step.dot(-touch.outwards) / self.seconds * (1.0 - mass / self.config.push_limit);
        let Some(body) = self.dynamics.movable(touch.object) else { return };
        let missing = speed - body.linvel().dot(inwards);
        let impulse = (mass * missing).min(self.config.push_strength * self.seconds);
        // At the height of its middle, so that it is not toppled at once.
        let point = Vec3::new(touch.point.x, body.center_of_mass().y, touch.point.y);
        if impulse > 0.0
            && let Some(body) = self.dynamics.wake(touch.object)
        {
            body.apply_impulse_at_point(inwards * impulse, point, true);
        }
    }

    /// One physics step: what the hands do, then whatever moves by itself.
    pub(crate) fn advance(&mut self, hands: &Hands, act: Act) {
        if self.divergence.is_some() {
            return;
        }
        self.use_hands(hands, act);
        self.dynamics.set_agent(hands.body.position);
        if let Err(divergence) = self.simulate(hands).and_then(|()| self.check_in_room()) {
            self.divergence = Some(divergence);
            return;
        }
        self.follow_bodies();
        self.keep_hold(hands);
    }

    fn simulate(&mut self, hands: &Hands) -> Result<(), Divergence> {
        for _ in 0..self.dynamics.substeps() {
            self.hold(hands);
            if !self.dynamics.is_awake() {
                break;
            }
            self.dynamics.step()?;
        }
        Ok(())
    }

    fn use_hands(&mut self, hands: &Hands, act: Act) {
        if !act.grabs() {
            self.release();
            return;
        }
        let (spin, reach) =
            (self.config.spin_speed.to_radians() * self.seconds, self.config.reach_speed * self.seconds);
        let Some(grasp) = &mut self.grasp else {
            self.grab(hands);
            return;
        };
        match act {
            Act::GrabSpinLeft => grasp.spin(spin, 0.0),
            Act::GrabSpinRight => grasp.spin(-spin, 0.0),
            Act::GrabSpinUp => grasp.spin(0.0, spin),
            Act::GrabSpinDown => grasp.spin(0.0, -spin),
            Act::GrabPush => grasp.move_away(reach, self.config.hold_distance),
            Act::GrabPull => grasp.move_away(-reach, self.config.hold_distance),
            _ => {}
        }
    }

    fn grab(&mut self, hands: &Hands) {
        let target = |index: usize| {
            let model = &*self.models[index];
            let can_be_held = model.kilograms() <= self.config.lift_limit && self.dynamics.movable(index).is_some();
            Target { model, pose: self.poses[index], can_be_held }
        };
        let targets: Vec<Target<'_>> = (0..self.models.len()).map(target).collect();
        let Some(object) = grasp::choose(hands, self.config.reach, &targets, &self.walls) else { return };
        let (model, pose) = (self.models[object].clone(), self.poses[object]);
        let (distances, slack) = (self.config.hold_distance, self.config.hold_slack);
        self.grasp = Some(Grasp::new(object, model, pose, hands, distances, slack));
        if let Some(body) = self.dynamics.wake(object) {
            body.set_gravity_scale(0.0, true);
        }
    }

    /// Lets go of what is held: it falls, no faster than the settings allow.
    fn release(&mut self) {
        let Some(grasp) = self.grasp.take() else { return };
        let Some(body) = self.dynamics.wake(grasp.object) else { return };
        body.set_gravity_scale(1.0, true);
        let (velocity, turn) = (body.linvel(), body.angvel());
        body.set_linvel(velocity.clamp_length_max(self.config.release_speed), true);
        body.set_angvel(turn.clamp_length_max(GREATEST_TURN), true);
    }

    /// Moves what is held towards where it should be, with bounded speed and force.
    fn hold(&mut self, hands: &Hands) {
        let Some(grasp) = &self.grasp else { return };
        let (center, rotation) = (grasp.target_center(hands), grasp.target_rotation(hands));
        let (speed, seconds) = (self.config.hold_speed, self.dynamics.seconds());
        let model = self.models[grasp.object].clone();
        let most_change = HOLD_ACCELERATION.min(self.config.push_strength / model.kilograms()) * seconds;
        let Some(body) = self.dynamics.wake(grasp.object) else { return };
        let wanted = ((center - body.center_of_mass()) * (HOLD_GAIN / seconds)).clamp_length_max(speed);
        let velocity = body.linvel();
        body.set_linvel(velocity + (wanted - velocity).clamp_length_max(most_change), true);
        // Twice the vector part of a unit quaternion is the angle about the axis, for small angles.
        let error = rotation * body.rotation().inverse();
        let turn = error.xyz() * if error.w < 0.0 { -2.0 } else { 2.0 };
        let wanted = (turn * (HOLD_GAIN / seconds)).clamp_length_max(GREATEST_TURN);
        let turn = body.angvel();
        body.set_angvel(turn + (wanted - turn).clamp_length_max(most_change / model.radius), true);
    }

    /// Lets go of what was torn out of the hands.
    fn keep_hold(&mut self, hands: &Hands) {
        let Some(grasp) = &mut self.grasp else { return };
        let center = self.dynamics.movable(grasp.object).map(|body| body.center_of_mass());
        let keeps = center.is_some_and(|center| grasp.keeps(center, hands, self.config.hold_slack));
        if !keeps {
            self.release();
        }
    }

    fn check_in_room(&self) -> Result<(), Divergence> {
        let heights = -OUT_OF_ROOM..=self.wall_height + OUT_OF_ROOM;
        for object in 0..self.models.len() {
            let Some(body) = self.dynamics.movable(object) else { continue };
            let center = body.center_of_mass();
            let inside = self.walls.depth(Vec2::new(center.x, center.z)) <= OUT_OF_ROOM && heights.contains(&center.y);
            if !inside {
                return Err(Divergence { object: object as u16, what: DivergenceKind::OutOfRoom });
            }
        }
        Ok(())
    }

    /// Takes over where the bodies are now.
    fn follow_bodies(&mut self) {
        for object in 0..self.models.len() {
            let Some(body) = self.dynamics.movable(object) else { continue };
            let pose = ObjectPose { position: body.translation(), rotation: *body.rotation() };
            let is_moved = pose != self.poses[object];
            if is_moved {
                self.poses[object] = pose;
                self.moved[object] = true;
                self.obstacles[object].follow(&self.models[object], pose.position, pose.rotation);
            }
            if is_moved || !body.is_sleeping() {
                let is_held = self.held() == Some(object);
                self.supports[object] = if is_held { Support::Nothing } else { self.dynamics.support(object) };
            }
        }
    }
}

#[cfg(test)]
impl Physics {
    /// Wakes an object where it stands.
    fn wake(&mut self, object: usize) {
        self.dynamics.wake(object);
    }

    fn is_awake(&self) -> bool {
        self.dynamics.is_awake()
    }

    /// Puts an object somewhere without regard to anything.
    fn place(&mut self, object: usize, position: Vec3, rotation: Quat) {
        if let Some(body) = self.dynamics.wake(object) {
            body.set_position(rapier3d::prelude::Pose::from_parts(position, rotation), true);
        }
    }

    /// Gives an object a velocity.
    fn throw(&mut self, object: usize, velocity: Vec3) {
        if let Some(body) = self.dynamics.wake(object) {
            body.set_linvel(velocity, true);
        }
    }
}
