//! The way around objects and corners: a coarse grid of where the body can stand, and distances to a goal on it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use groundling_room::RoomSpec;

/// Side of a cell, metres. The narrowest passage the configuration allows is the body and 0.1 m.
const CELL: f32 = 0.1;
/// Room that the way leaves beside the body, metres.
const MARGIN: f32 = 0.02;
/// Distance to a cell from which the goal cannot be reached.
const UNREACHABLE: u32 = u32::MAX;
/// Lengths of a straight and of a diagonal step, in fifths of a cell.
const STRAIGHT: u32 = 5;
const DIAGONAL: u32 = 7;

/// Where a body of one size can stand in one room, and how far it is from there to the present goal.
#[derive(Debug, Default)]
pub(crate) struct Navigation {
    origin: [f32; 2],
    columns: usize,
    rows: usize,
    is_free: Vec<bool>,
    distances: Vec<u32>,
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Navigation {
    /// Takes in a room. The memory of the room before is used again.
    pub(crate) fn reset(&mut self, spec: &RoomSpec, body_radius: f32) {
        let plan = &spec.floor_plan;
        self.origin = [-plan.width / 2.0, -plan.depth / 2.0];
        self.columns = (plan.width / CELL) as usize + 1;
        self.rows = (plan.depth / CELL) as usize + 1;
        self.is_free.clear();
        for row in 0..self.rows {
            for column in 0..self.columns {
                let [x, z] = self.center(column, row);
                self.is_free.push(spec.is_free(x, z, body_radius + MARGIN));
            }
        }
        self.distances.clear();
        self.distances.resize(self.is_free.len(), UNREACHABLE);
    }

    fn center(&self, column: usize, row: usize) -> [f32; 2] {
        [self.origin[0] + (column as f32 + 0.5) * CELL, self.origin[1] + (row as f32 + 0.5) * CELL]
    }

    fn cell(&self, x: f32, z: f32) -> (usize, usize) {
        // A float below 0 becomes 0.
        let index = |position: f32, origin: f32, count: usize| (((position - origin) / CELL) as usize).min(count - 1);
        (index(x, self.origin[0], self.columns), index(z, self.origin[1], self.rows))
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

    /// Works out how far it is from everywhere to the nearest free cell whose centre `is_goal`.
    pub(crate) fn set_goal(&mut self, is_goal: impl Fn(f32, f32) -> bool) {
        self.distances.fill(UNREACHABLE);
        self.queue.clear();
        for cell in 0..self.is_free.len() {
            let [x, z] = self.center(cell % self.columns, cell / self.columns);
            if self.is_free[cell] && is_goal(x, z) {
                self.distances[cell] = 0;
                self.queue.push(Reverse((0, cell as u32)));
            }
        }
        while let Some(Reverse((distance, cell))) = self.queue.pop() {
            let cell = cell as usize;
            if distance > self.distances[cell] {
                continue;
            }
            // The queue and the distances change while the neighbours are read.
            let mut reached = [(0, 0); 8];
            let mut num_reached = 0;
            for (next, length) in self.neighbors(cell) {
                if distance + length < self.distances[next] {
                    reached[num_reached] = (next, distance + length);
                    num_reached += 1;
                }
            }
            for &(next, distance) in &reached[..num_reached] {
                self.distances[next] = distance;
                self.queue.push(Reverse((distance, next as u32)));
            }
        }
    }

    /// The reachable cell nearest to `(x, z)`, which may itself stand a little outside the free cells.
    fn nearest(&self, x: f32, z: f32) -> Option<usize> {
        let (column, row) = self.cell(x, z);
        let reach = 3;
        let columns = column.saturating_sub(reach)..=(column + reach).min(self.columns - 1);
        let cells = columns.flat_map(|column| {
            let rows = row.saturating_sub(reach)..=(row + reach).min(self.rows - 1);
            rows.map(move |row| row * self.columns + column)
        });
        let away = |cell: &usize| {
            let [cx, cz] = self.center(cell % self.columns, cell / self.columns);
            (cx - x) * (cx - x) + (cz - z) * (cz - z)
        };
        cells.filter(|&cell| self.distances[cell] != UNREACHABLE).min_by(|a, b| away(a).total_cmp(&away(b)))
    }

    /// Whether the straight line from `(x, z)` to the centre of `cell` crosses free cells only.
    fn is_open(&self, x: f32, z: f32, cell: usize) -> bool {
        let [to_x, to_z] = self.center(cell % self.columns, cell / self.columns);
        let (dx, dz) = (to_x - x, to_z - z);
        let samples = ((dx * dx + dz * dz).sqrt() / (CELL / 2.0)) as usize + 1;
        (1..=samples).all(|sample| {
            let part = sample as f32 / samples as f32;
            let (column, row) = self.cell(x + dx * part, z + dz * part);
            self.is_free[row * self.columns + column]
        })
    }

    /// From `(x, z)`: a point to walk straight to, at most about `horizon` metres along the shortest way to the goal,
    /// and the length of that way in metres. `None` where there is no way.
    pub(crate) fn waypoint(&self, x: f32, z: f32, horizon: f32) -> Option<([f32; 2], f32)> {
        if self.is_free.is_empty() {
            return None;
        }
        let start = self.nearest(x, z)?;
        let length = self.distances[start] as f32 * CELL / STRAIGHT as f32;
        let mut waypoint = start;
        let mut cell = start;
        for _ in 0..(horizon / CELL) as usize {
            let Some((next, _)) =
                self.neighbors(cell).min_by_key(|&(next, step)| self.distances[next].saturating_add(step))
            else {
                break;
            };
            if self.distances[next] >= self.distances[cell] {
                break;
            }
            cell = next;
            if self.is_open(x, z, cell) {
                waypoint = cell;
            }
        }
        Some((self.center(waypoint % self.columns, waypoint / self.columns), length))
    }
}
