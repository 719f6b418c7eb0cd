//! How far it is from everywhere to a goal, and the way there.

use glam::Vec2;

use super::grid::{BLOCKED, CELL, Grid, MAX_COST};

/// Distance to a goal from where it cannot be reached.
const UNREACHABLE: u32 = u32::MAX;
/// Lengths of a straight and of a diagonal step, in fifths of a cell.
const STRAIGHT: u32 = 5;
const DIAGONAL: u32 = 7;
/// Lists of cells by distance, used in turn; one more than the longest step.
const NUM_BUCKETS: usize = (DIAGONAL * MAX_COST) as usize + 1;
/// Cells of the way that are looked at ahead: 1.5 m, enough to cut the corners of the grid.
const MAX_WAY: usize = 16;

/// Lists of cells by their distance, kept for their memory.
#[derive(Debug)]
pub(super) struct Buckets([Vec<u32>; NUM_BUCKETS]);

impl Default for Buckets {
    fn default() -> Self {
        Self([const { Vec::new() }; NUM_BUCKETS])
    }
}

/// The distance of every cell from one goal.
#[derive(Debug, Default)]
pub(super) struct Distances(Vec<u32>);

impl Distances {
    /// Works out how far it is from everywhere to the nearest of the cells of the goal. The memory of the goal before is
    /// used again.
    pub(super) fn flood(&mut self, grid: &Grid, buckets: &mut Buckets, goal: impl Iterator<Item = usize>) {
        self.0.clear();
        self.0.resize(grid.num_cells(), UNREACHABLE);
        let Buckets(buckets) = buckets;
        for cell in goal.filter(|&cell| grid.cost(cell) != BLOCKED) {
            self.0[cell] = 0;
            buckets[0].push(cell as u32);
        }
        // Dijkstra's algorithm; no step is longer than the lists are many, so that they are the whole queue.
        let (mut distance, mut num_empty) = (0, 0);
        while num_empty < NUM_BUCKETS {
            let bucket = distance as usize % NUM_BUCKETS;
            let mut cells = std::mem::take(&mut buckets[bucket]);
            num_empty = if cells.is_empty() { num_empty + 1 } else { 0 };
            for cell in cells.drain(..).map(|cell| cell as usize) {
                if self.0[cell] != distance {
                    continue;
                }
                // The cost of a step is that of the cell it begins in, as the way is walked towards the goal.
                grid.for_neighbors(cell, |next, is_diagonal| {
                    let length = if is_diagonal { DIAGONAL } else { STRAIGHT };
                    let reached = distance + length * u32::from(grid.cost(next));
                    if reached < self.0[next] {
                        self.0[next] = reached;
                        buckets[reached as usize % NUM_BUCKETS].push(next as u32);
                    }
                });
            }
            buckets[bucket] = cells;
            distance += 1;
        }
    }

    /// The distance of a cell in metres of open floor; infinite where the goal cannot be reached.
    pub(super) fn of_cell(&self, cell: usize) -> f32 {
        match self.0.get(cell) {
            Some(&distance) if distance != UNREACHABLE => distance as f32 * CELL / STRAIGHT as f32,
            _ => f32::INFINITY,
        }
    }

    /// The distance of a point, as that of the nearest cell from which the goal can be reached.
    pub(super) fn of_point(&self, grid: &Grid, point: Vec2) -> f32 {
        self.nearest(grid, point).map_or(f32::INFINITY, |cell| self.of_cell(cell))
    }

    /// The nearest cell from which the goal can be reached; the point may itself lie in a blocked one.
    fn nearest(&self, grid: &Grid, point: Vec2) -> Option<usize> {
        let own = grid.cell_of(point);
        if self.of_cell(own).is_finite() {
            return Some(own);
        }
        let away = |cell: usize| grid.center(cell).distance_squared(point);
        let near = grid.cells_around(point, 3.0 * CELL).filter(|&cell| self.of_cell(cell).is_finite());
        near.min_by(|&a, &b| away(a).total_cmp(&away(b)))
    }

    /// From a point: the farthest of the next cells of the shortest way to the goal that can be walked to straight,
    /// and the length of that way. `None` where there is no way.
    pub(super) fn waypoint(&self, grid: &Grid, from: Vec2) -> Option<(Vec2, f32)> {
        let start = self.nearest(grid, from)?;
        let mut way = [start; MAX_WAY];
        let mut num_cells = 1;
        while num_cells < MAX_WAY {
            let cell = way[num_cells - 1];
            let mut next = None;
            let mut least = u32::MAX;
            grid.for_neighbors(cell, |neighbor, is_diagonal| {
                let length = if is_diagonal { DIAGONAL } else { STRAIGHT };
                // What is left after the step, and the step, which costs what this cell costs.
                let whole = self.0[neighbor].saturating_add(length * u32::from(grid.cost(cell)));
                if self.0[neighbor] < self.0[cell] && whole < least {
                    least = whole;
                    next = Some(neighbor);
                }
            });
            let Some(next) = next else { break };
            way[num_cells] = next;
            num_cells += 1;
        }
        let waypoint = way[..num_cells].iter().rev().copied().find(|&cell| grid.is_open(from, cell)).unwrap_or(start);
        Some((grid.center(waypoint), self.of_cell(start)))
    }
}
