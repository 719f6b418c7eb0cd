//! Where a body can stand in a room: square cells, each with what it costs to walk through it.

use glam::Vec2;
use groundling_room::FloorPlan;

use crate::outline::Outline;

/// Side of a cell, metres. The narrowest passage the configuration allows is the body and 0.1 m.
pub(super) const CELL: f32 = 0.1;
/// How near to an obstacle the way may lead, beyond what the body can do, metres. The body slides along what it
/// brushes, and so the narrowest passage is as wide as a diagonal row of cells.
const BRUSH: f32 = 0.02;
/// Up to this gap to an obstacle a way is taken only where there is no better one, metres: what the body touches, it
/// may push.
const BERTH: f32 = 0.12;

/// Cost of a cell that cannot be stood on, of one in the open, of one within the berth of an obstacle, and of one where
/// something would have to be pushed away: there a way leads only if a detour of metres does not help.
pub(super) const BLOCKED: u8 = 0;
const OPEN: u8 = 1;
const TIGHT: u8 = 3;
const PUSHED: u8 = 40;
/// The greatest cost of a cell.
pub(super) const MAX_COST: u32 = PUSHED as u32;

/// Something in the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Obstacle {
    pub(super) outline: Outline,
    /// Whether walking into it moves it.
    pub(super) is_pushable: bool,
}

/// The cells of one room, row by row, with a blocked row or column on each side, so that every other cell has eight
/// neighbours.
#[derive(Debug, Default)]
pub(super) struct Grid {
    origin: Vec2,
    columns: usize,
    rows: usize,
    body_radius: f32,
    /// Costs without objects.
    floor: Vec<u8>,
    /// Costs with objects.
    costs: Vec<u8>,
}

impl Grid {
    /// Takes in the floor of a room. The memory of the room before is used again.
    pub(super) fn reset(&mut self, plan: &FloorPlan, body_radius: f32) {
        self.body_radius = body_radius;
        self.origin = Vec2::new(-plan.width / 2.0 - CELL, -plan.depth / 2.0 - CELL);
        self.columns = (plan.width / CELL) as usize + 3;
        self.rows = (plan.depth / CELL) as usize + 3;
        self.floor.clear();
        for cell in 0..self.columns * self.rows {
            let Vec2 { x, y: z } = self.center(cell);
            let (column, row) = (cell % self.columns, cell / self.columns);
            let is_edge = column == 0 || row == 0 || column + 1 == self.columns || row + 1 == self.rows;
            self.floor.push(if is_edge || !plan.contains(x, z, body_radius - BRUSH) {
                BLOCKED
            } else if plan.contains(x, z, body_radius + BERTH) {
                OPEN
            } else {
                TIGHT
            });
        }
        self.costs.clone_from(&self.floor);
    }

    /// Takes in where the objects are.
    pub(super) fn place(&mut self, obstacles: impl Iterator<Item = Obstacle>) {
        self.costs.clone_from(&self.floor);
        for Obstacle { outline, is_pushable } in obstacles {
            for cell in self.cells_around(outline.center, outline.radius() + self.body_radius + BERTH) {
                let gap = outline.distance(self.center(cell)) - self.body_radius;
                let cost = match gap {
                    _ if gap < -BRUSH && !is_pushable => BLOCKED,
                    _ if gap < -BRUSH => PUSHED,
                    _ if gap < BERTH => TIGHT,
                    _ => OPEN,
                };
                let before = self.costs[cell];
                self.costs[cell] = if before == BLOCKED || cost == BLOCKED { BLOCKED } else { before.max(cost) };
            }
        }
    }

    pub(super) fn num_cells(&self) -> usize {
        self.costs.len()
    }

    /// What a step into the cell costs for each unit of its length, or `BLOCKED`.
    pub(super) fn cost(&self, cell: usize) -> u8 {
        self.costs.get(cell).copied().unwrap_or(BLOCKED)
    }

    /// Whether the body can stand in the cell without pushing anything away.
    pub(super) fn is_free(&self, cell: usize) -> bool {
        (OPEN..=TIGHT).contains(&self.cost(cell))
    }

    /// The middle of a cell, `(x, z)`.
    pub(super) fn center(&self, cell: usize) -> Vec2 {
        let (column, row) = (cell % self.columns, cell / self.columns);
        self.origin + Vec2::new(column as f32 + 0.5, row as f32 + 0.5) * CELL
    }

    fn column_and_row(&self, point: Vec2) -> (usize, usize) {
        // A float below 0 becomes 0.
        let index = |position: f32, origin: f32, count: usize| (((position - origin) / CELL) as usize).min(count - 1);
        (index(point.x, self.origin.x, self.columns), index(point.y, self.origin.y, self.rows))
    }

    /// The cell that a point lies in, or the nearest one. There is one once a room was taken in.
    pub(super) fn cell_of(&self, point: Vec2) -> usize {
        let (column, row) = self.column_and_row(point);
        row * self.columns + column
    }

    /// The cells of the square that reaches `reach` metres around a point.
    pub(super) fn cells_around(&self, point: Vec2, reach: f32) -> impl Iterator<Item = usize> + use<> {
        let (first_column, first_row) = self.column_and_row(point - reach);
        let (last_column, last_row) = self.column_and_row(point + reach);
        let columns = self.columns;
        (first_row..=last_row)
            .flat_map(move |row| (first_column..=last_column).map(move |column| row * columns + column))
    }

    /// Calls `visit` with each neighbour of a cell that is not blocked and whether it lies across a corner; a step across
    /// a corner needs both its sides not to be blocked.
    pub(super) fn for_neighbors(&self, cell: usize, mut visit: impl FnMut(usize, bool)) {
        let columns = self.columns;
        let [north, south, west, east] = [cell - columns, cell + columns, cell - 1, cell + 1];
        let free = |cell: usize| self.cost(cell) != BLOCKED;
        let is_free = [north, south, west, east].map(free);
        for (side, is_free) in [north, south, west, east].into_iter().zip(is_free) {
            if is_free {
                visit(side, false);
            }
        }
        let [north_free, south_free, west_free, east_free] = is_free;
        for (corner, sides_free) in [
            (north - 1, north_free && west_free),
            (north + 1, north_free && east_free),
            (south - 1, south_free && west_free),
            (south + 1, south_free && east_free),
        ] {
            if sides_free && free(corner) {
                visit(corner, true);
            }
        }
    }

    /// Whether the straight line from a point to the centre of `cell` crosses no blocked cell, and none that costs more
    /// than both its ends.
    pub(super) fn is_open(&self, from: Vec2, cell: usize) -> bool {
        let line = self.center(cell) - from;
        let most = self.cost(self.cell_of(from)).max(self.cost(cell));
        let samples = (line.length() / (CELL / 2.0)) as usize + 1;
        (1..=samples).all(|sample| {
            let cost = self.cost(self.cell_of(from + line * (sample as f32 / samples as f32)));
            cost != BLOCKED && cost <= most
        })
    }
}
