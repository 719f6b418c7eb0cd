//! The scripted explorer: it knows the room, walks around obstacles to every object, looks around, and errs a little.

mod distances;
mod grid;
mod navigation;
mod tour;

use glam::Vec2;
use groundling_interface::{Action, ScriptedPolicy, derive};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::act::Act;
use crate::config::Order;
use crate::line_of_sight::ahead_and_left;
use crate::outline::from_above;
use crate::privileged::Privileged;
use crate::visit_rule::VisitRule;
use crate::world::{Body, World};
use navigation::Navigation;

/// Actions without coming nearer to the goal after which it is given up, besides those of half a turn.
const PATIENCE: u32 = 12;
/// Random actions after a goal was given up.
const SHAKE: u32 = 4;

/// What is drawn where an action is drawn at random: moves and turns, so that the eye stays level.
const ERRORS: [Act; 6] = [Act::Forward, Act::Back, Act::Left, Act::Right, Act::LookLeft, Act::LookRight];

/// Where it is going.
#[derive(Debug, Clone, Copy)]
enum Destination {
    /// To an object, which had been visited so often when it was chosen.
    Object { object: usize, visits: u32 },
    /// To a place on the floor, because no object can be visited now.
    Place,
}

#[derive(Debug, Clone, Copy)]
struct Goal {
    destination: Destination,
    /// The shortest way to it so far, metres.
    nearest: f32,
    /// Actions since it came nearer.
    impatience: u32,
    /// Actions since it was chosen.
    age: u32,
}

/// Acts in one environment, knowing the room.
pub struct ScriptedExplorer {
    privileged: Privileged,
    navigation: Navigation,
    rng: ChaCha8Rng,
    goal: Option<Goal>,
    /// How often each object was given up; such objects are tried again after all others.
    failures: Vec<u32>,
    /// Whether the last goal was given up.
    has_given_up: bool,
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
            goal: None,
            failures: Vec::new(),
            has_given_up: false,
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

    /// An object that can be visited and reached, of those that were given up least often; or a place.
    fn choose_goal(&mut self, world: &World) -> Goal {
        let from = from_above(world.body().position);
        let mut objects: Vec<usize> =
            (0..world.spec().objects.len()).filter(|&object| world.visits().is_open(object)).collect();
        objects.retain(|&object| self.navigation.distance(world, object, from).is_finite());
        let num_failures = |object: &usize| self.failures.get(*object).copied().unwrap_or(0);
        let fewest = objects.iter().map(num_failures).min().unwrap_or(0);
        objects.retain(|object| num_failures(object) == fewest);
        // What was given up lately is tried again from elsewhere.
        let goes_elsewhere = std::mem::take(&mut self.has_given_up) && fewest > 0;
        let chosen = match world.config().explorer.order {
            _ if goes_elsewhere || objects.is_empty() => None,
            Order::Random => objects.get(self.rng.random_range(0..objects.len())).copied(),
            Order::Tour => self.navigation.first_of_tour(world, &objects, from),
        };
        let destination = match chosen {
            Some(object) => Destination::Object { object, visits: world.visits().count(object) },
            None => {
                self.navigation.choose_place(&mut self.rng);
                Destination::Place
            }
        };
        Goal { destination, nearest: f32::INFINITY, impatience: 0, age: 0 }
    }

    fn act(&mut self, world: &World) -> Act {
        if self.is_first {
            self.is_first = false;
            self.navigation.reset(world);
            self.failures.clear();
            self.failures.resize(world.spec().objects.len(), 0);
            self.begin_spin(world);
        } else if self.navigation.update(world)
            && let Some(goal) = &mut self.goal
        {
            // The way may have become longer.
            goal.nearest = f32::INFINITY;
        }
        if let Some(Goal { destination: Destination::Object { object, visits }, .. }) = self.goal
            && world.visits().count(object) > visits
        {
            self.goal = None;
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
        let control = &world.config().control;
        let turn = control.turn_angle() * control.action_repeat as f32;
        let pitch = world.body().pitch;
        if pitch.abs() > 0.6 * turn {
            return if pitch > 0.0 { Act::LookDown } else { Act::LookUp };
        }
        let goal = match self.goal {
            Some(goal) => goal,
            None => self.choose_goal(world),
        };
        self.walk(world, goal, turn)
    }

    fn random_act(&mut self) -> Act {
        ERRORS[self.rng.random_range(0..ERRORS.len())]
    }

    fn give_up(&mut self, goal: Goal) -> Act {
        if let Destination::Object { object, .. } = goal.destination
            && let Some(failures) = self.failures.get_mut(object)
        {
            *failures += 1;
        }
        self.goal = None;
        self.has_given_up = true;
        self.shake = SHAKE;
        self.random_act()
    }

    /// An act towards the goal: a turn where the way lies aside by more than half a turn, else a step.
    fn walk(&mut self, world: &World, mut goal: Goal, turn: f32) -> Act {
        let body = world.body();
        let here = from_above(body.position);
        let way = match goal.destination {
            Destination::Object { object, .. } => self.navigation.way_to_object(world, object, here),
            Destination::Place => self.navigation.way_to_place(here),
        };
        // Without a way from here there is perhaps one from a step aside, or to something else.
        let Some((waypoint, length)) = way else { return self.give_up(goal) };
        goal.age += 1;
        goal.impatience += 1;
        if length < goal.nearest - 0.01 {
            goal.nearest = length;
            goal.impatience = 0;
        }
        let half_turn = (std::f32::consts::PI / turn) as u32;
        let control = &world.config().control;
        let step = control.move_length() * control.action_repeat as f32;
        if goal.impatience > PATIENCE + half_turn || goal.age > 4 * (PATIENCE + half_turn) + (40.0 / step) as u32 {
            return self.give_up(goal);
        }
        self.goal = Some(goal);
        let is_there = length < 0.5 * step;
        match goal.destination {
            Destination::Object { object, .. } => {
                let middle = self.navigation.middle(object).unwrap_or(here);
                // Only the eye's direction is missing for a visit, or the grid is too coarse to tell.
                if VisitRule::of(world).needs_facing(object) {
                    return turn_towards(&body, middle, turn).unwrap_or(Act::Noop);
                }
                let towards = if is_there { middle } else { waypoint };
                turn_towards(&body, towards, turn).unwrap_or(Act::Forward)
            }
            Destination::Place if is_there => {
                self.goal = None;
                self.begin_spin(world);
                Act::Noop
            }
            Destination::Place => turn_towards(&body, waypoint, turn).unwrap_or(Act::Forward),
        }
    }
}

/// The turn that brings the eye's direction nearer to `point`; `None` where it lies aside by less than half a turn.
fn turn_towards(body: &Body, point: Vec2, turn: f32) -> Option<Act> {
    let angle = ahead_and_left(body.yaw, point - from_above(body.position)).to_angle();
    if angle.abs() <= 0.51 * turn {
        None
    } else if angle > 0.0 {
        Some(Act::LookLeft)
    } else {
        Some(Act::LookRight)
    }
}

impl ScriptedPolicy for ScriptedExplorer {
    fn begin(&mut self, seed: u64) {
        self.rng = derive(seed, "explorer", &[]);
        self.goal = None;
        self.has_given_up = false;
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
