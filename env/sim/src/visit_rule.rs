//! When an object is visited: it is near, and in view.
//!
//! Both are decided by geometry and not by pixels, so that rewards do not depend on the picture's size and can be given
//! between pictures.

use glam::{Vec2, Vec3};
use groundling_room::{ObjectSpec, RoomSpec};

use crate::config::WorldConfig;
use crate::line_of_sight::{ahead_and_left, is_hidden};
use crate::outline::{Outline, from_above};
use crate::visits::Visits;
use crate::world::{Body, ObjectPose, World};

/// One room as the rule looks at it.
#[derive(Clone, Copy)]
pub(crate) struct VisitRule<'a> {
    pub(crate) config: &'a WorldConfig,
    pub(crate) spec: &'a RoomSpec,
    pub(crate) body: Body,
    pub(crate) poses: &'a [ObjectPose],
    pub(crate) held: Option<usize>,
}

impl<'a> VisitRule<'a> {
    /// The rule in the world as it is now.
    pub(crate) fn of(world: &'a World) -> Self {
        let (config, spec, body) = (world.config(), world.spec(), world.body());
        Self { config, spec, body, poses: world.poses(), held: world.held() }
    }

    /// Takes note of the visits that are made now.
    pub(crate) fn note(&self, visits: &mut Visits) {
        let must_be_in_view = self.config.task.visit_in_view;
        visits.update(|object| self.is_near(object), |object| !must_be_in_view || self.is_in_view(object));
    }

    fn outline(&self, object: usize) -> Option<Outline> {
        Some(Outline::of(self.spec.objects.get(object)?, self.poses.get(object)?))
    }

    /// Between the body and the object's outline, metres.
    pub(crate) fn gap(&self, object: usize) -> Option<f32> {
        let body = from_above(self.body.position);
        self.outline(object).map(|outline| outline.distance(body) - self.config.control.body_radius)
    }

    /// Whether the gap between the body and the object's outline is at most `task.visit_distance`.
    fn is_near(&self, object: usize) -> bool {
        let visit_distance = self.config.task.visit_distance;
        let body = from_above(self.body.position);
        // Most objects are too far away to look at them closely.
        let could_be_near = |(object, pose): (&ObjectSpec, &ObjectPose)| {
            let most = self.config.control.body_radius + visit_distance + object.radius() + object.height;
            from_above(pose.position).distance_squared(body) <= most * most
        };
        self.spec.objects.get(object).zip(self.poses.get(object)).is_some_and(could_be_near)
            && self.gap(object).is_some_and(|gap| gap <= visit_distance)
    }

    /// Whether the object's middle is within the eye's horizontal angle, and the straight line from the eye to it
    /// passes through no wall and no other object; the one that is held hides nothing.
    pub(crate) fn is_in_view(&self, object: usize) -> bool {
        let Some(outline) = self.outline(object) else { return false };
        let direction = outline.center - from_above(self.body.position);
        let direction = ahead_and_left(self.body.yaw, direction);
        let half_angle = Vec2::from_angle(self.config.camera.fov_x_degrees.to_radians() / 2.0);
        direction.y.abs() * half_angle.x <= direction.x * half_angle.y && !self.is_hidden(object, outline.middle())
    }

    fn is_hidden(&self, object: usize, middle: Vec3) -> bool {
        let eye = self.body.position + Vec3::Y * self.config.camera.eye_height;
        let others = (0..self.poses.len()).filter(|&other| other != object && Some(other) != self.held);
        is_hidden(eye, middle, &self.spec.floor_plan, others.filter_map(|other| self.outline(other)))
    }

    /// Whether a visit of the object wants nothing but that the eye turns towards it.
    pub(crate) fn needs_facing(&self, object: usize) -> bool {
        self.is_near(object) && self.outline(object).is_some_and(|outline| !self.is_hidden(object, outline.middle()))
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI};

    use glam::Quat;
    use groundling_room::{FloorPlan, Footprint, Notch, RoomConfig};

    use super::*;

    /// A room of 8 m whose corner at +x, +z is missing, and objects of radius 0.3 and height 0.6.
    struct Room {
        config: WorldConfig,
        spec: RoomSpec,
        body: Body,
        poses: Vec<ObjectPose>,
        held: Option<usize>,
    }

    impl Room {
        fn new(objects: &[[f32; 3]]) -> Self {
            let config = RoomConfig { num_objects: [1, 1], ..RoomConfig::default() };
            let mut spec = RoomSpec::sample(&config, 1).unwrap();
            spec.floor_plan = FloorPlan { width: 8.0, depth: 8.0, notch: Some(Notch { x: [1.0, 4.0], z: [1.0, 4.0] }) };
            let object = ObjectSpec { footprint: Footprint::Disc(0.3), height: 0.6, ..spec.objects[0] };
            spec.objects = vec![object; objects.len()];
            let pose = |&position| ObjectPose { position: Vec3::from(position), rotation: Quat::IDENTITY };
            let body = Body { position: Vec3::ZERO, yaw: 0.0, pitch: 0.0 };
            Self { config: WorldConfig::default(), spec, body, poses: objects.iter().map(pose).collect(), held: None }
        }

        fn rule(&self) -> VisitRule<'_> {
            let Self { config, spec, body, poses, held } = self;
            VisitRule { config, spec, body: *body, poses, held: *held }
        }

        fn sees(&self, yaw: f32) -> bool {
            VisitRule { body: Body { yaw, ..self.body }, ..self.rule() }.is_in_view(0)
        }
    }

    #[test]
    fn near_is_measured_from_edge_to_edge() {
        let mut room = Room::new(&[[0.0, 0.0, -1.4]]);
        let gap = 1.4 - 0.3 - room.config.control.body_radius;
        room.config.task.visit_distance = gap + 0.001;
        assert!(room.rule().is_near(0));
        room.config.task.visit_distance = gap - 0.001;
        assert!(!room.rule().is_near(0));
        // Fallen over towards the body, it is nearer by the length that now lies on the floor.
        room.poses[0] = ObjectPose { position: Vec3::new(0.0, 0.3, -1.4), rotation: Quat::from_rotation_x(FRAC_PI_2) };
        room.config.task.visit_distance = gap - 0.299;
        assert!(room.rule().is_near(0));
    }

    #[test]
    fn in_view_is_what_lies_within_the_horizontal_angle() {
        let room = Room::new(&[[0.0, 0.0, -1.5]]);
        assert!(room.sees(0.0));
        assert!(room.sees(FRAC_PI_4 - 0.01) && room.sees(0.01 - FRAC_PI_4));
        assert!(!room.sees(FRAC_PI_4 + 0.01) && !room.sees(-FRAC_PI_4 - 0.01));
        assert!(!room.sees(PI));
    }

    #[test]
    fn what_lies_behind_the_corner_is_not_in_view() {
        let mut room = Room::new(&[[2.0, 0.0, 0.5]]);
        room.body.position = Vec3::new(0.5, 0.0, 2.0);
        let towards = Vec2::new(-1.5, 1.5).to_angle() - FRAC_PI_2;
        assert!(!room.sees(towards), "through the corner");
        room.body.position = Vec3::new(0.9, 0.0, 0.0);
        assert!(room.sees(-FRAC_PI_2 - 0.4), "along the wall");
    }

    #[test]
    fn another_object_hides_only_what_is_behind_it_and_below_its_top() {
        let mut room = Room::new(&[[0.0, 0.0, -2.5], [0.0, 0.0, -0.8]]);
        assert!(room.sees(0.0), "the line from the eye at 0.9 m passes above the near one's 0.6 m in front of it");
        room.poses[1].position.z = -2.0;
        assert!(!room.sees(0.0));
        room.held = Some(1);
        assert!(room.sees(0.0), "what is held hides nothing");
        room.held = None;
        room.poses[1].position.x = 0.7;
        assert!(room.sees(0.0));
        room.poses[1].position = Vec3::new(0.0, 0.0, 1.0);
        assert!(room.sees(0.0), "behind the eye");
        room.poses[1].position = Vec3::new(0.0, 0.7, -2.0);
        assert!(room.sees(0.0), "above the line");
    }
}
