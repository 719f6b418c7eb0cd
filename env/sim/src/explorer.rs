//! The scripted explorer: visits unvisited objects in random order, spins now and then, and errs a little.

use glam::Vec2;
use groundling_interface::{Action, ScriptedPolicy, derive};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::act::Act;
use crate::navigation::Navigation;
use crate::privileged::Privileged;
use crate::world::{Body, World};

/// Actions without coming nearer to the target after which it walks at random for a moment.
const PATIENCE: u32 = 12;
/// How many random actions that moment lasts.
const SHAKE: u32 = 4;

/// What is drawn where an action is drawn at random: moves and turns, so that the eye stays level.
const ERRORS: [Act; 6] = [Act::Forward, Act::Back, Act::Left, Act::Right, Act::LookLeft, Act::LookRight];

/// An object on the way to be visited.
#[derive(Debug, Clone, Copy)]
struct Target {
    object: usize,
    /// How often it had been visited when it was chosen.
    visits: u32,
    /// The shortest way to it so far, metres.
    nearest: f32,
    /// Actions since it came nearer.
    impatience: u32,
}

/// Acts in one environment, knowing the room.
pub struct ScriptedExplorer {
    privileged: Privileged,
    navigation: Navigation,
    rng: ChaCha8Rng,
    target: Option<Target>,
    /// Turning actions still to do.
    spin: Option<(Act, u32)>,
    /// Random actions still to do.
    shake: u32,
    is_first: bool,
}

impl ScriptedExplorer {
    /// An explorer of the world that `privileged` shows, by the settings of its config.
    pub fn new(privileged: Privileged) -> Self {
        Self {
            privileged,
            navigation: Navigation::default(),
            rng: derive(0, "explorer", &[]),
            target: None,
            spin: None,
            shake: 0,
            is_first: true,
        }
    }

    fn begin_spin(&mut self, world: &World) {
        let config = &world.config().explorer;
        if !self.rng.random_bool(config.spin_probability) {
            return;
        }
        let [least, greatest] = config.spin_turns;
        let turns = self.rng.random_range(least..=greatest);
        let direction = if self.rng.random_bool(0.5) { Act::LookLeft } else { Act::LookRight };
        self.spin = (turns > 0).then_some((direction, turns));
    }

    fn choose_target(&mut self, world: &World) -> Option<Target> {
        let open = (0..world.spec().objects.len()).filter(|&object| world.visits().is_open(object));
        let num_open = open.clone().count();
        if num_open == 0 {
            return None;
        }
        let object = open.clone().nth(self.rng.random_range(0..num_open))?;
        let config = world.config();
        // Half a visit distance is kept in hand, since the body stops where an action happens to end.
        let reach = config.control.body_radius + 0.5 * config.task.visit_distance + 0.05;
        self.navigation.set_goal(world.spec().objects.get(object)?, reach);
        Some(Target { object, visits: world.visits().count(object), nearest: f32::INFINITY, impatience: 0 })
    }

    fn act(&mut self, world: &World) -> Act {
        if self.is_first {
            self.is_first = false;
            self.navigation.reset(world.spec(), world.config().control.body_radius);
            self.begin_spin(world);
        }
        if self.target.is_some_and(|target| world.visits().count(target.object) > target.visits) {
            self.target = None;
            self.begin_spin(world);
        }
        if self.rng.random_bool(world.config().explorer.random_action_probability) {
            return self.random_act();
        }
        if let Some((act, turns)) = self.spin {
            self.spin = (turns > 1).then_some((act, turns - 1));
            return act;
        }
        if self.shake > 0 {
            self.shake -= 1;
            return self.random_act();
        }
        // Someone else may have tilted the eye.
        let turn = world.config().control.turn_angle() * world.config().control.action_repeat as f32;
        let pitch = world.body().pitch;
        if pitch.abs() > 0.6 * turn {
            return if pitch > 0.0 { Act::LookDown } else { Act::LookUp };
        }
        if self.target.is_none() {
            self.target = self.choose_target(world);
        }
        self.walk(&world.body(), turn)
    }

    fn random_act(&mut self) -> Act {
        ERRORS[self.rng.random_range(0..ERRORS.len())]
    }

    /// A step towards the target, turning first where the way lies aside by more than half a turn.
    fn walk(&mut self, body: &Body, turn: f32) -> Act {
        let Some(target) = &mut self.target else { return self.random_act() };
        let (x, z) = (body.position.x, body.position.z);
        let Some((waypoint, length)) = self.navigation.waypoint(x, z) else {
            // No way from here; perhaps from a step aside, or to another object.
            self.target = None;
            self.shake = SHAKE;
            return self.random_act();
        };
        if length < target.nearest - 0.01 {
            target.nearest = length;
            target.impatience = 0;
        } else {
            target.impatience += 1;
        }
        if target.impatience > PATIENCE + (std::f32::consts::PI / turn) as u32 {
            self.target = None;
            self.shake = SHAKE;
            return self.random_act();
        }
        let heading = Vec2::from_angle(body.yaw);
        let (dx, dz) = (waypoint[0] - x, waypoint[1] - z);
        // The way's angle to the left of where the eye looks.
        let ahead = -heading.y * dx - heading.x * dz;
        let left = -heading.x * dx + heading.y * dz;
        let angle = Vec2::new(ahead, left).to_angle();
        if angle.abs() <= 0.51 * turn {
            Act::Forward
        } else if angle > 0.0 {
            Act::LookLeft
        } else {
            Act::LookRight
        }
    }
}

impl ScriptedPolicy for ScriptedExplorer {
    fn begin(&mut self, seed: u64) {
        self.rng = derive(seed, "explorer", &[]);
        self.target = None;
        self.spin = None;
        self.shake = 0;
        self.is_first = true;
    }

    fn action(&mut self) -> Action {
        let privileged = self.privileged.clone();
        let shared = privileged.lock();
        self.act(&shared.world).action()
    }
}
