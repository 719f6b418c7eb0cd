//! A camera that has left the agent.

use std::time::Duration;

use glam::{Quat, Vec3};
use groundling_room::{Camera, Projection};

use crate::keys::Key;

/// Full vertical opening angle, radians.
const FOV_Y: f32 = 1.0;
/// Metres a second.
const SPEED: f32 = 2.0;
/// Radians that the camera turns for each pixel that the pointer is drawn.
const TURN: f32 = 0.004;
/// As far as the camera looks up and down, radians.
const STEEPEST: f32 = 1.5;
/// The camera stays within these distances of the room's middle, metres.
const FARTHEST: Vec3 = Vec3::new(20.0, 12.0, 20.0);
/// And above the floor by this, metres.
const LOWEST: f32 = 0.1;
/// Where it begins: so far behind the agent's eye, and so much above, metres.
const BEHIND: f32 = 1.2;
const ABOVE: f32 = 0.6;

/// Directions that it can be moved in, each with its key.
const DIRECTIONS: [(char, Vec3); 6] =
    [('w', Vec3::NEG_Z), ('s', Vec3::Z), ('a', Vec3::NEG_X), ('d', Vec3::X), ('q', Vec3::NEG_Y), ('e', Vec3::Y)];

/// Where it is, and where it is being moved.
#[derive(Debug, Clone)]
pub(crate) struct FreeCamera {
    position: Vec3,
    yaw: f32,
    pitch: f32,
    held: [bool; DIRECTIONS.len()],
}

impl FreeCamera {
    /// Behind the agent, over its shoulder.
    pub(crate) fn behind(eye: &Camera) -> Self {
        let back = Quat::from_rotation_y(eye.yaw) * Vec3::Z;
        let position = eye.position + BEHIND * back + ABOVE * Vec3::Y;
        Self { position, yaw: eye.yaw, pitch: -0.35, held: [false; DIRECTIONS.len()] }
    }

    /// What is seen through it.
    pub(crate) fn camera(&self) -> Camera {
        let Self { position, yaw, pitch, .. } = *self;
        Camera { position, yaw, pitch, projection: Projection::Perspective { fov_y: FOV_Y } }
    }

    /// Whether the key moves it; then it does from now on, or no longer.
    pub(crate) fn hold(&mut self, key: Key, is_held: bool) -> bool {
        let at = DIRECTIONS.iter().position(|&(sign, _)| key == Key::Sign(sign));
        if let Some(held) = at.and_then(|at| self.held.get_mut(at)) {
            *held = is_held;
        }
        at.is_some()
    }

    /// No key is held any more.
    pub(crate) fn let_go(&mut self) {
        self.held = [false; DIRECTIONS.len()];
    }

    pub(crate) fn is_moving(&self) -> bool {
        self.held.contains(&true)
    }

    /// Moves as long as the keys were held.
    pub(crate) fn advance(&mut self, elapsed: Duration) {
        let held = DIRECTIONS.iter().zip(self.held).filter(|(_, held)| *held);
        let along: Vec3 = held.map(|(&(_, direction), _)| direction).sum();
        // Ahead is level, wherever it looks.
        let moved = Quat::from_rotation_y(self.yaw) * along * SPEED * elapsed.as_secs_f32();
        let lowest = Vec3::new(-FARTHEST.x, LOWEST, -FARTHEST.z);
        self.position = (self.position + moved).clamp(lowest, FARTHEST);
    }

    /// Turns as far as the pointer was drawn, pixels.
    pub(crate) fn turn(&mut self, right: f32, down: f32) {
        self.yaw -= TURN * right;
        self.pitch = (self.pitch - TURN * down).clamp(-STEEPEST, STEEPEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EYE: Camera =
        Camera { position: Vec3::ONE, yaw: 0.0, pitch: 0.0, projection: Projection::Perspective { fov_y: 1.0 } };

    #[test]
    fn keys_move_it_the_way_it_looks_and_only_while_they_are_held() {
        let mut camera = FreeCamera::behind(&EYE);
        let start = camera.camera().position;
        // A quarter turn to the left.
        camera.turn(-std::f32::consts::FRAC_PI_2 / TURN, 0.0);
        assert!(camera.hold(Key::Sign('w'), true) && camera.is_moving());
        camera.advance(Duration::from_millis(500));
        assert!((camera.camera().position - start - Vec3::new(-1.0, 0.0, 0.0)).length() < 1e-4);
        camera.hold(Key::Sign('w'), false);
        camera.advance(Duration::from_secs(1));
        assert!((camera.camera().position - start).length() < 1.001);
        assert!(!camera.hold(Key::Space, true));
    }

    #[test]
    fn it_stays_above_the_floor_and_near_the_room() {
        let mut camera = FreeCamera::behind(&EYE);
        camera.turn(0.0, 1e9);
        assert_eq!(camera.camera().pitch, -STEEPEST);
        for (key, far) in [('q', LOWEST), ('e', FARTHEST.y)] {
            camera.hold(Key::Sign(key), true);
            camera.advance(Duration::from_secs(3600));
            assert_eq!(camera.camera().position.y, far);
            camera.let_go();
        }
    }
}
