//! The ways to the objects of a room, as they lie now.

use glam::Vec2;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::distances::{Buckets, Distances};
use super::grid::{Grid, Obstacle};
use super::tour::first_of_tour;
use crate::line_of_sight::is_hidden;
use crate::outline::Outline;
use crate::world::World;

/// How far an object's outline may move before ways are worked out anew, metres.
const MOVED: f32 = 0.04;

/// How well the ways to an object are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// Not at all, or the object has moved.
    #[default]
    Not,
    /// As they were before something else moved: good enough to choose where to go.
    Roughly,
    /// As they are.
    Exactly,
}

/// What is known of one object.
#[derive(Debug, Default)]
struct Destination {
    /// Cells from which it is visited by facing it.
    cells: Vec<usize>,
    /// From them.
    distances: Distances,
    /// How well.
    known: Known,
}

/// The grid of one room, and distances on it. They are worked out when they are asked for, and again only when
/// something has moved.
#[derive(Debug, Default)]
pub(super) struct Navigation {
    grid: Grid,
    buckets: Buckets,
    /// Where the objects are, up to small moves.
    outlines: Vec<Outline>,
    held: Option<usize>,
    destinations: Vec<Destination>,
    place: Distances,
    /// Distances between any two objects, row by row; empty where they are not known.
    between: Vec<f32>,
}

impl Navigation {
    /// Takes in a room. The memory of the room before is used again.
    pub(super) fn reset(&mut self, world: &World) {
        self.grid.reset(&world.spec().floor_plan, world.config().control.body_radius);
        self.destinations.resize_with(world.spec().objects.len(), Destination::default);
        self.outlines.clear();
        self.outlines.extend(outlines(world));
        self.held = world.held();
        for destination in &mut self.destinations {
            destination.known = Known::Not;
        }
        self.place_objects(world);
    }

    /// Takes in where the objects are now; whether any has moved.
    pub(super) fn update(&mut self, world: &World) -> bool {
        let held = world.held();
        let mut has_moved = held != self.held;
        let known = self.outlines.iter_mut().zip(&mut self.destinations);
        for (object, ((before, destination), now)) in known.zip(outlines(world)).enumerate() {
            // What is held moves with the body and is in nobody's way.
            if Some(object) != held && before.has_moved(&now, MOVED) {
                *before = now;
                destination.known = Known::Not;
                has_moved = true;
            }
        }
        if has_moved {
            self.held = held;
            for destination in &mut self.destinations {
                destination.known = destination.known.min(Known::Roughly);
            }
            self.place_objects(world);
        }
        has_moved
    }

    fn place_objects(&mut self, world: &World) {
        let standing = self.outlines.iter().enumerate().filter(|&(object, _)| Some(object) != self.held);
        self.grid
            .place(standing.map(|(object, &outline)| Obstacle { outline, is_pushable: world.is_pushable(object) }));
        if self.destinations.iter().any(|destination| destination.known == Known::Not) {
            self.between.clear();
        }
    }

    /// The middle of an object, seen from above.
    pub(super) fn middle(&self, object: usize) -> Option<Vec2> {
        self.outlines.get(object).map(|outline| outline.center)
    }

    /// Works out the ways to an object, if they are not known so well.
    fn find_ways(&mut self, world: &World, object: usize, wanted: Known) {
        let (Some(destination), Some(&outline)) = (self.destinations.get_mut(object), self.outlines.get(object)) else {
            return;
        };
        if destination.known >= wanted {
            return;
        }
        destination.known = Known::Exactly;
        let config = world.config();
        // Something is kept in hand, since the body stops where an action happens to end.
        let visit_distance = config.task.visit_distance;
        let reach = config.control.body_radius + (visit_distance - 0.1).max(0.5 * visit_distance + 0.05);
        let may_hide = |(other, obstacle): (usize, &Outline)| {
            let is_other = other != object && Some(other) != self.held;
            let most = outline.radius() + reach + obstacle.radius();
            (is_other && obstacle.center.distance_squared(outline.center) < most * most).then_some(*obstacle)
        };
        let obstacles: Vec<Outline> = self.outlines.iter().enumerate().filter_map(may_hide).collect();
        let eye_height = world.body().position.y + config.camera.eye_height;
        let sees = |from: Vec2| {
            let eye = glam::Vec3::new(from.x, eye_height, from.y);
            !is_hidden(eye, outline.middle(), &world.spec().floor_plan, obstacles.iter().copied())
        };
        let grid = &self.grid;
        let near = |reach: f32| {
            let is_near = move |&cell: &usize| grid.is_free(cell) && outline.distance(grid.center(cell)) <= reach;
            grid.cells_around(outline.center, outline.radius() + reach).filter(is_near)
        };
        destination.cells.clear();
        destination.cells.extend(near(reach).filter(|&cell| !config.task.visit_in_view || sees(grid.center(cell))));
        if destination.cells.is_empty() {
            // Something hides it from everywhere: from close by that is perhaps pushed away.
            destination.cells.extend(near(config.control.body_radius + 0.2));
        }
        destination.distances.flood(grid, &mut self.buckets, destination.cells.iter().copied());
    }

    /// Roughly how far it is to an object from a point, metres of open floor; infinite where it cannot be reached.
    pub(super) fn distance(&mut self, world: &World, object: usize, from: Vec2) -> f32 {
        for wanted in [Known::Roughly, Known::Exactly] {
            self.find_ways(world, object, wanted);
            let destination = self.destinations.get(object);
            let distance = destination.map_or(f32::INFINITY, |known| known.distances.of_point(&self.grid, from));
            if distance.is_finite() {
                return distance;
            }
        }
        f32::INFINITY
    }

    /// The next point to walk to straight, and how far it is to the object; `None` where there is no way.
    pub(super) fn way_to_object(&mut self, world: &World, object: usize, from: Vec2) -> Option<(Vec2, f32)> {
        self.find_ways(world, object, Known::Exactly);
        self.destinations.get(object)?.distances.waypoint(&self.grid, from)
    }

    /// Which of `objects` to go to first on a short tour of them all.
    pub(super) fn first_of_tour(&mut self, world: &World, objects: &[usize], from: Vec2) -> Option<usize> {
        let num_objects = self.destinations.len();
        if self.between.is_empty() {
            for object in 0..num_objects {
                self.find_ways(world, object, Known::Roughly);
            }
            for a in &self.destinations {
                let to = |b: &Destination| {
                    b.cells.iter().map(|&cell| a.distances.of_cell(cell)).fold(f32::INFINITY, f32::min)
                };
                self.between.extend(self.destinations.iter().map(to));
            }
        }
        let from_start: Vec<f32> = objects.iter().map(|&object| self.distance(world, object, from)).collect();
        let between = |a: usize, b: usize| self.between.get(objects[a] * num_objects + objects[b]).copied();
        let first = first_of_tour(&from_start, |a, b| between(a, b).unwrap_or(f32::INFINITY));
        first.and_then(|first| objects.get(first).copied())
    }

    /// Chooses a place to walk to from all where the body can stand.
    pub(super) fn choose_place(&mut self, rng: &mut ChaCha8Rng) {
        let grid = &self.grid;
        let free = (0..grid.num_cells()).filter(|&cell| grid.is_free(cell));
        let num_free = free.clone().count();
        let chosen = (num_free > 0).then(|| rng.random_range(0..num_free)).and_then(|index| free.clone().nth(index));
        self.place.flood(grid, &mut self.buckets, chosen.into_iter());
    }

    /// The next point to walk to straight, and how far it is to the chosen place; `None` where there is no way.
    pub(super) fn way_to_place(&self, from: Vec2) -> Option<(Vec2, f32)> {
        self.place.waypoint(&self.grid, from)
    }
}

fn outlines(world: &World) -> impl Iterator<Item = Outline> + '_ {
    world.spec().objects.iter().zip(world.poses()).map(|(object, pose)| Outline::of(object, pose))
}

#[cfg(test)]
mod tests {
    use groundling_room::{Layout, RoomConfig};

    use super::*;
    use crate::config::WorldConfig;
    use crate::outline::from_above;

    fn spawn(world: &World) -> Vec2 {
        from_above(world.body().position)
    }

    /// The narrowest passages that the configuration allows for this body, and more objects than there is ease for.
    #[test]
    fn every_object_is_within_reach_in_the_tightest_rooms() {
        let room = RoomConfig {
            layout: Layout::Any,
            side: [5.0, 7.0],
            num_objects: [6, 14],
            object_clearance: 0.4,
            wall_clearance: 0.4,
            ..RoomConfig::default()
        };
        let config = WorldConfig { room, ..WorldConfig::default() };
        let mut navigation = Navigation::default();
        let (mut num_reached, mut num_objects) = (0, 0);
        for seed in 0..120 {
            let Ok(world) = World::new(config.clone(), seed) else { continue };
            navigation.reset(&world);
            for object in 0..world.spec().objects.len() {
                num_objects += 1;
                num_reached += usize::from(navigation.distance(&world, object, spawn(&world)).is_finite());
            }
        }
        assert!(num_objects > 600, "{num_objects}");
        assert_eq!(num_reached, num_objects);
    }

    #[test]
    fn the_way_leads_around_the_corner_and_not_through_it() {
        let room = RoomConfig {
            layout: Layout::LShape,
            side: [8.0, 8.0],
            notch: [0.5, 0.5],
            num_objects: [1, 1],
            ..RoomConfig::default()
        };
        let config = WorldConfig { room, ..WorldConfig::default() };
        let mut navigation = Navigation::default();
        let mut num_around = 0;
        for seed in 0..100 {
            let world = World::new(config.clone(), seed).unwrap();
            navigation.reset(&world);
            let (from, to) = (spawn(&world), navigation.middle(0).unwrap());
            let length = navigation.distance(&world, 0, from);
            let radius = world.spec().objects[0].radius();
            let reach = world.config().control.body_radius + world.config().task.visit_distance;
            assert!(length > from.distance(to) - radius - reach - 0.1, "seed {seed}");
            // Walked point by point, the way stays on the floor and is as long as it was said to be, or shorter.
            let (mut here, mut walked) = (from, 0.0);
            while let Some((next, left)) = navigation.way_to_object(&world, 0, here).filter(|&(_, left)| left > 0.0) {
                let corner = next - (next - here) / 2.0;
                assert!(world.spec().contains(corner.x, corner.y, 0.05), "seed {seed}");
                walked += here.distance(next);
                here = next;
                assert!(walked < length + 0.2, "seed {seed}: {walked} m of {length} m, {left} m left");
            }
            let notch = world.spec().floor_plan.notch.unwrap();
            num_around += usize::from(crate::outline::crossing(from, to - from, [notch.x, notch.z]).is_some());
        }
        assert!(num_around > 5, "{num_around} ways led around the corner");
    }
}
