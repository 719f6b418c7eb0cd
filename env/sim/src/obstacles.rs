//! What the body cannot pass: the walls and objects of a room as fixed rapier bodies.
//!
//! Nothing moves but the agent's body, and that moves in the plane. So there is no collider for the floor, every
//! obstacle is as tall as the body (a low object is walked around, not climbed), and the tree that queries search is
//! built once a room and no physics step is ever run.

use glam::Vec3;
use groundling_room::{Footprint, ObjectSpec, RoomSpec};
use rapier3d::control::{CharacterLength, KinematicCharacterController};
use rapier3d::parry::partitioning::{Bvh, BvhBuildStrategy};
use rapier3d::parry::query::DefaultQueryDispatcher;
use rapier3d::prelude::{
    Capsule, ColliderBuilder, ColliderSet, Pose, QueryFilter, QueryPipeline, RigidBodyBuilder, RigidBodySet,
    SharedShape,
};

/// Thickness of walls, metres; they reach outwards.
const WALL_THICKNESS: f32 = 0.5;
/// Gap that the controller keeps between the body and obstacles, metres.
const SKIN: f32 = 0.01;

/// The fixed bodies of one room.
pub(crate) struct Obstacles {
    bodies: RigidBodySet,
    colliders: ColliderSet,
    tree: Bvh,
    controller: KinematicCharacterController,
    body: Capsule,
    body_height: f32,
    seconds: f32,
}

impl Obstacles {
    /// For a body of this radius and height, moved once every `seconds`.
    pub(crate) fn new(spec: &RoomSpec, body_radius: f32, body_height: f32, seconds: f32) -> Self {
        let mut bodies = RigidBodySet::new();
        let mut colliders = ColliderSet::new();
        let half_height = body_height / 2.0 + 0.1;
        let parts =
            wall_boxes(spec, half_height).into_iter().chain(spec.objects.iter().map(|o| object(o, half_height)));
        for (shape, pose) in parts {
            let body = bodies.insert(RigidBodyBuilder::fixed().pose(pose));
            colliders.insert_with_parent(ColliderBuilder::new(shape), body, &mut bodies);
        }
        let leaves =
            colliders.iter().map(|(handle, collider)| (handle.into_raw_parts().0 as usize, collider.compute_aabb()));
        let tree = Bvh::from_iter(BvhBuildStrategy::Binned, leaves);
        let controller = KinematicCharacterController {
            offset: CharacterLength::Absolute(SKIN),
            slide: true,
            autostep: None,
            snap_to_ground: None,
            ..KinematicCharacterController::default()
        };
        let body = Capsule::new_y(body_height / 2.0 - body_radius, body_radius);
        Self { bodies, colliders, tree, controller, body, body_height, seconds }
    }

    /// Where the body, its feet at `feet`, comes to stand when it tries to move by `step`: it slides along what is
    /// in its way.
    pub(crate) fn slide(&self, feet: Vec3, step: Vec3) -> Vec3 {
        let queries = QueryPipeline {
            dispatcher: &DefaultQueryDispatcher,
            bvh: &self.tree,
            bodies: &self.bodies,
            colliders: &self.colliders,
            filter: QueryFilter::default(),
        };
        let pose = Pose::from_translation(feet + Vec3::Y * (self.body_height / 2.0));
        let moved = self.controller.move_shape(self.seconds, &queries, &self.body, &pose, step, |_| {});
        Vec3::new(feet.x + moved.translation.x, feet.y, feet.z + moved.translation.z)
    }
}

fn object(object: &ObjectSpec, half_height: f32) -> (SharedShape, Pose) {
    let shape = match object.footprint {
        Footprint::Disc(radius) => SharedShape::cylinder(half_height, radius),
        Footprint::Rectangle([x, z]) => SharedShape::cuboid(x, half_height, z),
    };
    let [x, _, z] = object.position;
    (shape, Pose::new(Vec3::new(x, half_height, z), Vec3::Y * object.yaw))
}

/// Four slabs around the bounding rectangle, and the notch as a block: no seam for the body to catch on.
fn wall_boxes(spec: &RoomSpec, half_height: f32) -> Vec<(SharedShape, Pose)> {
    let plan = &spec.floor_plan;
    let (x, z, t) = (plan.width / 2.0, plan.depth / 2.0, WALL_THICKNESS);
    let mut rectangles = vec![
        ([-x - t, -x], [-z - t, z + t]),
        ([x, x + t], [-z - t, z + t]),
        ([-x - t, x + t], [-z - t, -z]),
        ([-x - t, x + t], [z, z + t]),
    ];
    rectangles.extend(plan.notch.map(|notch| (notch.x, notch.z)));
    let slab = |(x, z): ([f32; 2], [f32; 2])| {
        let shape = SharedShape::cuboid((x[1] - x[0]) / 2.0, half_height, (z[1] - z[0]) / 2.0);
        (shape, Pose::from_translation(Vec3::new((x[0] + x[1]) / 2.0, half_height, (z[0] + z[1]) / 2.0)))
    };
    rectangles.into_iter().map(slab).collect()
}
