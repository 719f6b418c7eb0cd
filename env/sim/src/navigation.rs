//! The way around objects and corners: a coarse grid of where the body can stand, and distances to a goal on it.

use groundling_room::{ObjectSpec, RoomSpec};

/// Side of a cell, metres. The narrowest passage the configuration allows is the body and 0.1 m.
const CELL: f32 = 0.1;
/// How near to an obstacle the way may lead, beyond what the body can do, metres. The body slides along what it
/// brushes, and so the narrowest passage is as wide as a diagonal row of cells.
const BRUSH: f32 = 0.02;
/// Distance to a cell from which the goal cannot be reached.
const UNREACHABLE: u32 = u32::MAX;
/// Lengths of a straight and of a diagonal step, in fifths of a cell.
const STRAIGHT: u32 = 5;
const DIAGONAL: u32 = 7;
/// Lists of cells by distance, used in turn; one more than the longest step.
const NUM_BUCKETS: usize = 8;
/// Cells of the way that are looked at ahead: 1.5 m, enough to cut the corners of the grid.
const MAX_WAY: usize = 16;

/// Where a body of one size can stand in one room, and how far it is from there to the present goal.
#[derive(Debug, Default)]
pub(crate) struct Navigation {
    origin: [f32; 2],
    columns: usize,
    rows: usize,
    is_free: Vec<bool>,
    distances: Vec<u32>,
    buckets: [Vec<u32>; NUM_BUCKETS],
}

impl Navigation {
    /// Takes in a room. The memory of the room before is used again.
    pub(crate) fn reset(&mut self, spec: &RoomSpec, body_radius: f32) {
        let plan = &spec.floor_plan;
        let margin = body_radius - BRUSH;
        self.origin = [-plan.width / 2.0, -plan.depth / 2.0];
        self.columns = (plan.width / CELL) as usize + 1;
        self.rows = (plan.depth / CELL) as usize + 1;
        self.is_free.clear();
        for cell in 0..self.columns * self.rows {
            let [x, z] = self.center(cell);
            self.is_free.push(plan.contains(x, z, margin));
        }
        for object in &spec.objects {
            for cell in self.cells_around(object.position[0], object.position[2], object.radius() + margin) {
                let [x, z] = self.center(cell);
                self.is_free[cell] &= object.distance(x, z) >= margin;
            }
        }
        self.distances.clear();
        self.distances.resize(self.is_free.len(), UNREACHABLE);
    }

    fn center(&self, cell: usize) -> [f32; 2] {
        let (column, row) = (cell % self.columns, cell / self.columns);
        [self.origin[0] + (column as f32 + 0.5) * CELL, self.origin[1] + (row as f32 + 0.5) * CELL]
    }

    fn column_and_row(&self, x: f32, z: f32) -> (usize, usize) {
        // A float below 0 becomes 0.
        let index = |position: f32, origin: f32, count: usize| (((position - origin) / CELL) as usize).min(count - 1);
        (index(x, self.origin[0], self.columns), index(z, self.origin[1], self.rows))
    }

    /// The cells of the square that reaches `reach` metres around `(x, z)`.
    fn cells_around(&self, x: f32, z: f32, reach: f32) -> impl Iterator<Item = usize> + use<> {
        let (first_column, first_row) = self.column_and_row(x - reach, z - reach);
        let (last_column, last_row) = self.column_and_row(x + reach, z + reach);
        let columns = self.columns;
        (first_row..=last_row)
            .flat_map(move |row| (first_column..=last_column).map(move |column| row * columns + column))
    }

    /// Free neighbours of a cell and the length of the step; a diagonal step needs both its sides free.
    fn neighbors(&self, cell: usize) -> impl Iterator<Item = (usize, u32)> + '_ {
        let (column, row) = (cell % self.columns, cell / self.columns);
        let at = move |dc: isize, dr: isize| {
            let (column, row) = (column.checked_add_signed(dc)?, row.checked_add_signed(dr)?);
            let inside = column < self.columns && row < self.rows;
            (inside && self.is_free[row * self.columns + column]).then_some(row * self.columns + column)
        };
        (-1..=1).flat_map(|dr| (-1..=1).map(move |dc| (dc, dr))).filter_map(move |(dc, dr)| match (dc, dr) {
            (0, 0) => None,
            (0, _) | (_, 0) => at(dc, dr).map(|next| (next, STRAIGHT)),
            _ => at(dc, 0).and(at(0, dr)).and(at(dc, dr)).map(|next| (next, DIAGONAL)),
        })
    }

    /// Works out how far it is from everywhere to where the body is at most `reach` metres from the object's edge.
    pub(crate) fn set_goal(&mut self, object: &ObjectSpec, reach: f32) {
        self.distances.fill(UNREACHABLE);
        for cell in self.cells_around(object.position[0], object.position[2], object.radius() + reach) {
            let [x, z] = self.center(cell);
            if self.is_free[cell] && object.distance(x, z) <= reach {
                self.distances[cell] = 0;
                self.buckets[0].push(cell as u32);
            }
        }
        // Dijkstra's algorithm; steps are at most 7 long, so eight lists used in turn are the whole queue.
        let (mut distance, mut num_empty) = (0, 0);
        while num_empty < NUM_BUCKETS {
            let bucket = distance as usize % NUM_BUCKETS;
            let mut cells = std::mem::take(&mut self.buckets[bucket]);
            num_empty = if cells.is_empty() { num_empty + 1 } else { 0 };
            for cell in cells.drain(..) {
                if self.distances[cell as usize] == distance {
                    self.settle(cell as usize, distance);
                }
            }
            self.buckets[bucket] = cells;
            distance += 1;
        }
    }

    fn settle(&mut self, cell: usize, distance: u32) {
        // Neighbours are read from `is_free` while the distances change.
        let mut reached = [(0, 0); 8];
        let mut num_reached = 0;
        for (next, step) in self.neighbors(cell) {
            if distance + step < self.distances[next] {
                reached[num_reached] = (next, distance + step);
                num_reached += 1;
            }
        }
        for &(next, distance) in &reached[..num_reached] {
            self.distances[next] = distance;
            self.buckets[distance as usize % NUM_BUCKETS].push(next as u32);
        }
    }

    /// The reachable cell nearest to `(x, z)`, which may itself stand a little outside the free cells.
    fn nearest(&self, x: f32, z: f32) -> Option<usize> {
        let away = |cell: &usize| {
            let [cx, cz] = self.center(*cell);
            (cx - x) * (cx - x) + (cz - z) * (cz - z)
        };
        let (column, row) = self.column_and_row(x, z);
        let own = row * self.columns + column;
        if self.distances[own] != UNREACHABLE {
            return Some(own);
        }
        let near = self.cells_around(x, z, 3.0 * CELL).filter(|&cell| self.distances[cell] != UNREACHABLE);
        near.min_by(|a, b| away(a).total_cmp(&away(b)))
    }

    /// Whether the straight line from `(x, z)` to the centre of `cell` crosses free cells only.
    fn is_open(&self, x: f32, z: f32, cell: usize) -> bool {
        let [to_x, to_z] = self.center(cell);
        let (dx, dz) = (to_x - x, to_z - z);
        let samples = ((dx * dx + dz * dz).sqrt() / (CELL / 2.0)) as usize + 1;
        (1..=samples).all(|sample| {
            let part = sample as f32 / samples as f32;
            let (column, row) = self.column_and_row(x + dx * part, z + dz * part);
            self.is_free[row * self.columns + column]
        })
    }

    /// From `(x, z)`: the farthest of the next cells of the shortest way to the goal that can be walked to straight,
    /// and the length of that way in metres. `None` where there is no way.
    pub(crate) fn waypoint(&self, x: f32, z: f32) -> Option<([f32; 2], f32)> {
        if self.is_free.is_empty() {
            return None;
        }
        let start = self.nearest(x, z)?;
        let length = self.distances[start] as f32 * CELL / STRAIGHT as f32;
        let mut way = [start; MAX_WAY];
        let mut num_cells = 1;
        while num_cells < MAX_WAY {
            let cell = way[num_cells - 1];
            let ahead = self.neighbors(cell).min_by_key(|&(next, step)| self.distances[next].saturating_add(step));
            let Some((next, _)) = ahead.filter(|&(next, _)| self.distances[next] < self.distances[cell]) else { break };
            way[num_cells] = next;
            num_cells += 1;
        }
        let waypoint = way[..num_cells].iter().rev().copied().find(|&cell| self.is_open(x, z, cell)).unwrap_or(start);
        Some((self.center(waypoint), length))
    }
}

#[cfg(test)]
mod tests {
    use groundling_room::{Layout, RoomConfig};

    use super::*;

    /// The narrowest passages that the configuration allows for this body, and more objects than there is ease for.
    #[test]
    fn every_object_is_within_reach_in_the_tightest_rooms() {
        let body_radius = 0.15;
        let config = RoomConfig {
            layout: Layout::Any,
            side: [5.0, 7.0],
            num_objects: [8, 8],
            object_clearance: 2.0 * body_radius + 0.1,
            wall_clearance: 2.0 * body_radius + 0.1,
            ..RoomConfig::default()
        };
        let mut navigation = Navigation::default();
        let (mut num_reached, mut num_objects) = (0, 0);
        for seed in 0..200 {
            let Ok(spec) = RoomSpec::sample(&config, seed) else { continue };
            navigation.reset(&spec, body_radius);
            for object in &spec.objects {
                navigation.set_goal(object, body_radius + 0.2);
                let [x, _, z] = spec.spawn.position;
                num_objects += 1;
                num_reached += usize::from(navigation.waypoint(x, z).is_some());
            }
        }
        assert!(num_objects > 1000);
        assert_eq!(num_reached, num_objects);
    }

    #[test]
    fn the_way_around_the_corner_is_longer_than_the_straight_line() {
        let config = RoomConfig { side: [6.0, 6.0], notch: [0.5, 0.5], num_objects: [1, 1], ..RoomConfig::default() };
        let mut navigation = Navigation::default();
        for seed in 0..50 {
            let mut spec = RoomSpec::sample(&config, seed).unwrap();
            let notch = spec.floor_plan.notch.unwrap();
            let (side_x, side_z) = ((notch.x[0] + notch.x[1]).signum(), (notch.z[0] + notch.z[1]).signum());
            // The object in one arm, the body in the other, the corner between them.
            spec.objects[0].position = [side_x * 2.2, 0.0, -side_z];
            navigation.reset(&spec, 0.15);
            navigation.set_goal(&spec.objects[0], 0.3);
            let (_, length) = navigation.waypoint(-side_x, side_z * 2.2).unwrap();
            let straight = 3.2 * 2.0_f32.sqrt() - spec.objects[0].radius() - 0.3;
            assert!(length > straight, "{length} m where the straight line is {straight} m");
        }
    }
}
