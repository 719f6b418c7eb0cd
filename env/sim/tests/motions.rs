//! Promised: the motions of the spec, added up, are where the body went and which way it looks, as long as nothing stood
//! in its way.

mod worlds;

use std::f64::consts::{PI, TAU};

use groundling_interface::{Action, Environment, Motion, Pose, derive};
use groundling_room::RoomSpec;
use groundling_sim::{Body, PhysicsConfig, RoomEnvironment, WorldConfig};
use rand::RngExt;

/// The body's pose in the frame of the room, whose yaw 0 looks along −z.
fn pose_of(body: Body) -> Pose {
    let [forward, left] = [-body.position.z, -body.position.x].map(f64::from);
    Pose { forward, left, heading: f64::from(body.yaw), tilt: f64::from(body.pitch) }
}

/// The same angle within −π to π.
fn wrapped(angle: f64) -> f64 {
    (angle + PI).rem_euclid(TAU) - PI
}

fn distance(one: Pose, other: Pose) -> f64 {
    let turned = wrapped(one.heading - other.heading);
    let parts = [one.forward - other.forward, one.left - other.left, turned, one.tilt - other.tilt];
    parts.map(|part| part * part).iter().sum::<f64>().sqrt()
}

/// Whether nothing can hinder `motion`: nothing stands near enough to touch the body on its way, and the eye can tilt so
/// far.
fn is_free(config: &WorldConfig, room: &RoomSpec, body: Body, motion: Motion) -> bool {
    let margin = config.control.body_radius + motion.forward.abs().max(motion.left.abs()) + 0.01;
    let limit = config.camera.pitch_limit_degrees.to_radians();
    room.is_free(body.position.x, body.position.z, margin) && (body.pitch + motion.tilt).abs() < limit
}

#[test]
fn motions_add_up_to_where_the_body_is() {
    let mut longest = 0.0_f64;
    // Where steps are of nearly a metre, nothing is known to be free; where there is one, none is compared.
    let is_tried = |name: &str| !["large and fast", "one step"].contains(&name);
    for (name, config) in worlds::worlds().into_iter().filter(|(name, _)| is_tried(name)) {
        // Nothing moves, so that the room is known to stay as it was drawn.
        let config = WorldConfig { physics: PhysicsConfig { movable: false, ..config.physics }, ..config };
        let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
        let spec = environment.spec().clone();
        assert_eq!(spec.motions.len(), spec.num_actions());
        let (mut num_compared, mut is_met) = (0, vec![false; spec.num_actions()]);
        for seed in 0..12 {
            let mut generator = derive(seed, "walk", &[]);
            let mut is_last = environment.reset(seed).unwrap().kind.is_last();
            let (mut start, mut counted) = (pose_of(privileged.body()), Pose::default());
            let room = privileged.spec();
            while !is_last {
                let action = Action(generator.random_range(0..spec.num_actions()) as u16);
                let motion = spec.motions[usize::from(action.0)];
                let is_free = is_free(&config, &room, privileged.body(), motion);
                is_last = environment.step(action).unwrap().kind.is_last();
                let now = pose_of(privileged.body());
                // A task that is done cuts its last act short.
                if !is_last && is_free {
                    counted = counted.after(&motion);
                    let truth = now.seen_from(start);
                    assert!(distance(counted, truth) < 1e-4, "{name}, seed {seed}: {counted:?}, not {truth:?}");
                    longest = longest.max(distance(Pose { heading: 0.0, tilt: 0.0, ..counted }, Pose::default()));
                    num_compared += 1;
                    is_met[usize::from(action.0)] = true;
                } else {
                    (start, counted) = (now, Pose::default());
                }
            }
        }
        assert!(num_compared > 100 && is_met.iter().all(|&met| met), "{name}: {num_compared}, {is_met:?}");
    }
    assert!(longest > 1.0, "the farthest walk went {longest} m");
}
