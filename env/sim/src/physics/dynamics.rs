//! The rapier world: floor, walls, ceiling and the agent as fixed bodies, objects as dynamic ones.
//!
//! Objects that nothing the agent does can move are fixed too: nothing tips a wardrobe over, and it costs nothing.
//! Objects begin asleep where they stand, and while all sleep no step is run.
//!
//! The agent is a fixed cylinder from floor to ceiling that is set where the body stands: it has no velocity, so what
//! rolls or falls against it stops, and nothing is squeezed by it. What it moves it moves by impulses.

use std::sync::Arc;

use glam::{Quat, Vec3};
use groundling_room::{RoomSpec, Support};
use rapier3d::prelude::{
    CCDSolver, CoefficientCombineRule, ColliderBuilder, ColliderHandle, ColliderSet, DefaultBroadPhase,
    ImpulseJointSet, IntegrationParameters, IslandManager, MultibodyJointSet, NarrowPhase, PhysicsPipeline, Pose,
    RigidBody, RigidBodyBuilder, RigidBodyHandle, RigidBodySet, SharedShape, SoftBodySet,
};

use super::divergence::{Divergence, DivergenceKind};
use super::model::Model;
use crate::config::WorldConfig;

/// Thickness of floor, walls and ceiling, metres; they reach outwards.
const THICKNESS: f32 = 1.0;
/// Longest step that is simulated in one go, seconds.
const LONGEST_STEP: f32 = 1.0 / 60.0;
/// Share of its turning that an object loses, a second: balls come to rest.
const ANGULAR_DAMPING: f32 = 1.0;
/// Share of its speed that an object loses, a second.
const LINEAR_DAMPING: f32 = 0.1;
/// Time of stillness after which an object sleeps, seconds.
const TIME_UNTIL_SLEEP: f32 = 0.15;
/// No object is ever faster, metres a second.
const GREATEST_SPEED: f32 = 15.0;
/// What is faster than this, metres a second, is followed between steps, so that it passes through nothing.
const FAST: f32 = 2.5;
/// A pair's contacts are worked out anew once it moved by this, metres.
const CONTACT_DRIFT: f32 = 0.005;
/// What touches within this, metres, rests on the other.
const TOUCH: f32 = 0.01;
/// Least upward part of the direction in which a thing is supported.
const UPWARDS: f32 = 0.4;

/// Workspace of rapier's, which holds nothing that outlasts a step: a copy may begin with a new one.
struct Pipeline(PhysicsPipeline);

impl Pipeline {
    fn new() -> Self {
        let mut pipeline = PhysicsPipeline::new();
        pipeline.counters.disable();
        Self(pipeline)
    }
}

impl Clone for Pipeline {
    fn clone(&self) -> Self {
        Self::new()
    }
}

/// Every body of one room.
#[derive(Clone)]
pub(super) struct Dynamics {
    pipeline: Pipeline,
    gravity: Vec3,
    parameters: IntegrationParameters,
    substeps: u32,
    islands: IslandManager,
    broad_phase: DefaultBroadPhase,
    narrow_phase: NarrowPhase,
    bodies: RigidBodySet,
    colliders: ColliderSet,
    impulse_joints: ImpulseJointSet,
    multibody_joints: MultibodyJointSet,
    soft_bodies: SoftBodySet,
    ccd_solver: CCDSolver,
    agent: RigidBodyHandle,
    agent_collider: ColliderHandle,
    objects: Vec<(RigidBodyHandle, ColliderHandle)>,
    is_awake: bool,
    /// Something that sleeps may be leaning on the agent.
    leans_on_agent: bool,
}

impl Dynamics {
    /// Objects heavier than `config.physics.movable_limit()` are fixed.
    pub(super) fn new(config: &WorldConfig, spec: &RoomSpec, models: &[Arc<Model>]) -> Self {
        let physics = &config.physics;
        let seconds = 1.0 / config.control.rate_hz as f32;
        let substeps = (seconds / LONGEST_STEP - 1e-3).ceil().max(1.0);
        let parameters = IntegrationParameters {
            dt: seconds / substeps,
            normalized_max_linear_velocity: GREATEST_SPEED,
            normalized_contact_recycle_distance: CONTACT_DRIFT,
            // The four contacts that it keeps of many change, and things with several feet never come to rest.
            contact_clustering: false,
            ..IntegrationParameters::default()
        };
        let (mut bodies, mut colliders) = (RigidBodySet::new(), ColliderSet::new());
        let material = |shape: SharedShape| {
            ColliderBuilder::new(shape).friction(physics.friction).restitution(physics.restitution)
        };
        let mut add_fixed = |collider: ColliderBuilder, pose: Pose| {
            let body = bodies.insert(RigidBodyBuilder::fixed().pose(pose));
            (body, colliders.insert_with_parent(collider, body, &mut bodies))
        };
        for (half, center) in shell(spec) {
            add_fixed(material(SharedShape::cuboid(half.x, half.y, half.z)), Pose::from_translation(center));
        }
        let half_height = spec.wall_height / 2.0;
        let cylinder = SharedShape::cylinder(half_height, config.control.body_radius);
        let slippery = material(cylinder).friction(0.0).friction_combine_rule(CoefficientCombineRule::Min);
        let at = Vec3::from(spec.spawn.position) + Vec3::Y * half_height;
        let (agent, agent_collider) = add_fixed(slippery, Pose::from_translation(at));
        let objects = spec.objects.iter().zip(models).map(|(object, model)| {
            let pose = Pose::from_parts(object.position.into(), Quat::from_rotation_y(object.yaw));
            let builder = if model.kilograms() > physics.movable_limit() {
                RigidBodyBuilder::fixed()
            } else {
                RigidBodyBuilder::dynamic()
                    .sleeping(true)
                    .linear_damping(LINEAR_DAMPING)
                    .angular_damping(ANGULAR_DAMPING)
            };
            let mut body = builder.pose(pose).build();
            body.activation_mut().time_until_sleep = TIME_UNTIL_SLEEP;
            let body = bodies.insert(body);
            let collider = material(model.shape.clone()).mass_properties(model.mass);
            (body, colliders.insert_with_parent(collider, body, &mut bodies))
        });
        let objects = objects.collect();
        Self {
            pipeline: Pipeline::new(),
            gravity: Vec3::NEG_Y * physics.gravity,
            parameters,
            substeps: substeps as u32,
            islands: IslandManager::new(),
            broad_phase: DefaultBroadPhase::new(),
            narrow_phase: NarrowPhase::new(),
            bodies,
            colliders,
            impulse_joints: ImpulseJointSet::new(),
            multibody_joints: MultibodyJointSet::new(),
            soft_bodies: SoftBodySet::new(),
            ccd_solver: CCDSolver::new(),
            agent,
            agent_collider,
            objects,
            is_awake: false,
            leans_on_agent: false,
        }
    }

    /// Seconds of one of the steps that a physics step is made of.
    pub(super) fn seconds(&self) -> f32 {
        self.parameters.dt
    }

    /// How many steps a physics step is made of.
    pub(super) fn substeps(&self) -> u32 {
        self.substeps
    }

    /// The body of object `index`, where it can move.
    pub(super) fn movable(&self, index: usize) -> Option<&RigidBody> {
        let (handle, _) = self.objects.get(index)?;
        self.bodies.get(*handle).filter(|body| body.is_dynamic())
    }

    /// The same, to be changed; it is woken.
    pub(super) fn wake(&mut self, index: usize) -> Option<&mut RigidBody> {
        let (handle, _) = self.objects.get(index)?;
        let body = self.bodies.get_mut(*handle).filter(|body| body.is_dynamic())?;
        body.wake_up(true);
        self.is_awake = true;
        Some(body)
    }

    /// Sets the agent where the body stands. What leant on it wakes.
    pub(super) fn set_agent(&mut self, feet: Vec3) {
        if !(self.is_awake || self.leans_on_agent) {
            return;
        }
        let Some(agent) = self.bodies.get_mut(self.agent) else { return };
        let at = Vec3::new(feet.x, agent.translation().y, feet.z);
        if agent.translation() != at {
            agent.set_translation(at, false);
            self.is_awake |= self.leans_on_agent;
        }
    }

    /// Whether the next step would change anything.
    pub(super) fn is_awake(&self) -> bool {
        self.is_awake
    }

    /// One step of `seconds()`. Where something goes astray, says so; the bodies are then not to be looked at.
    pub(super) fn step(&mut self) -> Result<(), Divergence> {
        let is_fast = |(body, _): &(RigidBodyHandle, ColliderHandle)| {
            self.bodies
                .get(*body)
                .is_some_and(|body| !body.is_sleeping() && body.linvel().length_squared() > FAST * FAST)
        };
        self.parameters.max_ccd_substeps = usize::from(self.objects.iter().any(is_fast));
        self.pipeline.0.step(
            self.gravity,
            &self.parameters,
            &mut self.islands,
            &mut self.broad_phase,
            &mut self.narrow_phase,
            &mut self.bodies,
            &mut self.colliders,
            &mut self.impulse_joints,
            &mut self.multibody_joints,
            &mut self.soft_bodies,
            &mut self.ccd_solver,
            &(),
            &(),
        );
        self.check_finite()?;
        let is_up = |(body, _): &(RigidBodyHandle, ColliderHandle)| {
            self.bodies.get(*body).is_some_and(|body| body.is_dynamic() && !body.is_sleeping())
        };
        self.is_awake = self.objects.iter().any(is_up);
        if !self.is_awake {
            let mut pairs = self.narrow_phase.contact_pairs_with(self.agent_collider);
            self.leans_on_agent = pairs.any(|pair| pair.has_any_active_contact());
        }
        Ok(())
    }

    /// rapier takes bodies whose numbers went bad out of the simulation and reports them.
    fn check_finite(&self) -> Result<(), Divergence> {
        let quarantine = self.pipeline.0.quarantine();
        let is_bad = |(body, collider): &(RigidBodyHandle, ColliderHandle)| {
            let is_finite = self.bodies.get(*body).is_some_and(|body| {
                body.position().is_finite() && body.linvel().is_finite() && body.angvel().is_finite()
            });
            !is_finite || quarantine.bodies().contains(body) || quarantine.colliders().contains(collider)
        };
        match self.objects.iter().position(is_bad) {
            Some(object) => Err(Divergence { object: object as u16, what: DivergenceKind::NotFinite }),
            None => Ok(()),
        }
    }

    /// What object `index` rests on: the floor where it touches it, else the object that supports it most steeply.
    pub(super) fn support(&self, index: usize) -> Support {
        let Some((_, own)) = self.objects.get(index) else { return Support::Nothing };
        let mut best = (UPWARDS, Support::Nothing);
        for pair in self.narrow_phase.contact_pairs_with(*own) {
            let is_first = pair.collider1 == *own;
            let other = if is_first { pair.collider2 } else { pair.collider1 };
            for manifold in pair.manifolds() {
                // The normal points from the first collider to the second.
                let up = if is_first { -manifold.data.normal.y } else { manifold.data.normal.y };
                if up <= UPWARDS || manifold.points.iter().all(|point| point.dist > TOUCH) {
                    continue;
                }
                match self.objects.iter().position(|&(_, collider)| collider == other) {
                    Some(object) if up > best.0 => best = (up, Support::Object(object as u16)),
                    Some(_) => {}
                    None => return Support::Floor,
                }
            }
        }
        best.1
    }
}

/// Half edges and centre of the boxes around a room: floor, ceiling, four walls, and the notch.
fn shell(spec: &RoomSpec) -> Vec<(Vec3, Vec3)> {
    let plan = &spec.floor_plan;
    let (x, z, height, t) = (plan.width / 2.0, plan.depth / 2.0, spec.wall_height, THICKNESS);
    let block = |x: [f32; 2], y: [f32; 2], z: [f32; 2]| {
        let (low, high) = (Vec3::new(x[0], y[0], z[0]), Vec3::new(x[1], y[1], z[1]));
        ((high - low) / 2.0, (high + low) / 2.0)
    };
    let (across, along, up) = ([-x - t, x + t], [-z - t, z + t], [-t, height + t]);
    let mut blocks = vec![
        block(across, [-t, 0.0], along),
        block(across, [height, height + t], along),
        block([-x - t, -x], up, along),
        block([x, x + t], up, along),
        block(across, up, [-z - t, -z]),
        block(across, up, [z, z + t]),
    ];
    blocks.extend(plan.notch.map(|notch| block(notch.x, up, notch.z)));
    blocks
}
