//! What the agent holds: which object it takes, and where it carries it.

use std::sync::Arc;

use glam::{Quat, Vec2, Vec3};
use rapier3d::parry::query::Ray;
use rapier3d::prelude::Pose;

use super::model::Model;
use super::walker::Walls;
use crate::world::{Body, ObjectPose};

/// Rings of rays around the middle of the view, radians, from the middle outwards.
const RINGS: [f32; 2] = [0.05, 0.1];
/// Rays of each ring.
const RAYS: u32 = 8;
/// Least gap between body and held object, metres, beside what the body walks in one physics step.
const LEAST_GAP: f32 = 0.05;
/// Lowest height of the middle of a held object, metres.
const LOWEST: f32 = 0.05;
/// By how much what keeps an object back may move it farther from the hands without its being lost, metres.
const GIVE: f32 = 0.05;

/// The agent's eye and what it can do with its hands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hands {
    pub(crate) body: Body,
    pub(crate) eye_height: f32,
    pub(crate) body_radius: f32,
    /// Metres that a physics step moves the body.
    pub(crate) move_length: f32,
    /// Height of the ceiling, metres.
    pub(crate) ceiling: f32,
}

impl Hands {
    pub(crate) fn eye(&self) -> Vec3 {
        self.body.position + Vec3::Y * self.eye_height
    }

    /// Unit vectors of the view: ahead, right, up.
    fn view(&self) -> [Vec3; 3] {
        let turn = Quat::from_rotation_y(self.body.yaw) * Quat::from_rotation_x(self.body.pitch);
        [turn * Vec3::NEG_Z, turn * Vec3::X, turn * Vec3::Y]
    }

    /// Rays from the eye, the middle of the view first.
    pub(crate) fn rays(&self) -> impl Iterator<Item = Vec3> + use<> {
        let [ahead, right, up] = self.view();
        let ring = move |angle: f32| {
            let slant = Vec2::from_angle(angle);
            (0..RAYS).map(move |ray| {
                let around = Vec2::from_angle(std::f32::consts::TAU * ray as f32 / RAYS as f32);
                ahead * slant.x + (right * around.x + up * around.y) * slant.y
            })
        };
        std::iter::once(ahead).chain(RINGS.into_iter().flat_map(ring))
    }

    /// Whether a ball lies at least in part within `reach` of the eye and within the cone of the rays.
    fn may_hit(&self, center: Vec3, radius: f32, reach: f32) -> bool {
        let offset = center - self.eye();
        let distance = offset.length();
        if distance > reach + radius {
            return false;
        }
        // How far the middle lies aside of the view's axis, against how far ball and cone reach together.
        let along = offset.dot(self.view()[0]);
        let aside = (distance * distance - along * along).max(0.0).sqrt();
        let widest = RINGS[RINGS.len() - 1];
        along > -radius && aside <= radius + 1.1 * widest * distance.max(along)
    }
}

/// A thing a ray may hit.
pub(super) struct Target<'a> {
    pub(super) model: &'a Model,
    pub(super) pose: ObjectPose,
    pub(super) can_be_held: bool,
}

/// The object to take hold of: what the first of the hands' rays hits that hits something that can be held, with
/// nothing before it.
pub(super) fn choose(hands: &Hands, reach: f32, targets: &[Target<'_>], walls: &Walls) -> Option<usize> {
    let near: Vec<usize> = (0..targets.len())
        .filter(|&index| {
            let target = &targets[index];
            let center = target.pose.position + target.pose.rotation * target.model.mass.local_com;
            hands.may_hit(center, target.model.radius, reach)
        })
        .collect();
    if !near.iter().any(|&index| targets[index].can_be_held) {
        return None;
    }
    hands.rays().find_map(|direction| {
        let ray = Ray::new(hands.eye(), direction);
        let hits = near.iter().filter_map(|&index| {
            let Target { model, pose, .. } = &targets[index];
            let pose = Pose::from_parts(pose.position, pose.rotation);
            model.shape.cast_ray(&pose, &ray, reach, true).map(|distance| (index, distance))
        });
        let (index, distance) = hits.min_by(|a, b| a.1.total_cmp(&b.1))?;
        (targets[index].can_be_held && walls.is_open(hands.eye(), hands.eye() + direction * distance)).then_some(index)
    })
}

/// An object in the agent's hands.
#[derive(Debug, Clone)]
pub(super) struct Grasp {
    pub(super) object: usize,
    model: Arc<Model>,
    /// From the eye to its centre of mass, metres.
    distance: f32,
    /// From its own frame to one that turns with the body's yaw.
    rotation: Quat,
    /// It is lost when it is farther than this from where it should be.
    slack: f32,
}

impl Grasp {
    /// Takes hold of an object where it is. `distances` are the least and greatest at which it is held.
    pub(super) fn new(
        object: usize,
        model: Arc<Model>,
        pose: ObjectPose,
        hands: &Hands,
        distances: [f32; 2],
        slack: f32,
    ) -> Self {
        let center = pose.position + pose.rotation * model.mass.local_com;
        let distance = center.distance(hands.eye()).clamp(distances[0], distances[1]);
        let rotation = Quat::from_rotation_y(-hands.body.yaw) * pose.rotation;
        let mut grasp = Self { object, model, distance, rotation, slack };
        // It may be taken by its end, or from farther away than it is held: time is given to draw it in.
        grasp.slack = slack.max(center.distance(grasp.target_center(hands)) + GIVE);
        grasp
    }

    /// Turns it about the vertical and about the axis across the view, radians.
    pub(super) fn spin(&mut self, left: f32, up: f32) {
        self.rotation = (Quat::from_rotation_y(left) * Quat::from_rotation_x(up) * self.rotation).normalize();
    }

    /// Holds it farther away, within the least and greatest distance.
    pub(super) fn move_away(&mut self, metres: f32, [least, greatest]: [f32; 2]) {
        self.distance = (self.distance + metres).clamp(least, greatest);
    }

    /// Where its centre of mass should be.
    pub(super) fn target_center(&self, hands: &Hands) -> Vec3 {
        let (heading, tilt) = (Vec2::from_angle(hands.body.yaw), Vec2::from_angle(hands.body.pitch));
        let clear = hands.body_radius + self.model.radius + hands.move_length + LEAST_GAP;
        let ahead = (self.distance * tilt.x).max(clear);
        let highest = (hands.ceiling - LOWEST).max(LOWEST);
        let height = (hands.eye_height + self.distance * tilt.y).clamp(LOWEST, highest);
        hands.body.position + Vec3::new(-heading.y * ahead, height, -heading.x * ahead)
    }

    /// How it should be turned.
    pub(super) fn target_rotation(&self, hands: &Hands) -> Quat {
        Quat::from_rotation_y(hands.body.yaw) * self.rotation
    }

    /// Whether the hands still reach it, now that its centre of mass is at `center`. `slack` is what the settings
    /// allow; more is allowed only while it is being drawn in.
    pub(super) fn keeps(&mut self, center: Vec3, hands: &Hands, slack: f32) -> bool {
        let error = center.distance(self.target_center(hands));
        let keeps = error <= self.slack;
        self.slack = slack.max(self.slack.min(error + GIVE));
        keeps
    }
}
