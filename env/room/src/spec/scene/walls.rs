//! Walls with their holes, skirting, doors and windows.

use glam::Vec3;

use super::{plain, surface};
use crate::scene::Surface;
use crate::spec::{Finish, OpeningSpec, RoomSpec, WallSpec};

/// How far parts of a door stand out from what is behind them, metres: enough for the depth buffer to tell.
const STAND_OUT: f32 = 0.02;
/// Width of a door's or window's frame, metres.
const FRAME: f32 = 0.07;
/// Width of the bars between a window's panes, metres.
const BAR: f32 = 0.045;
/// Part of the door's leaf around its two panels, metres.
const PANEL_INSET: f32 = 0.12;
/// Side of the door's handle, and its height, metres.
const HANDLE: f32 = 0.09;
const HANDLE_HEIGHT: f32 = 1.0;
const BRASS: [f32; 3] = [0.62, 0.46, 0.16];

/// A wall's own axes.
struct Face {
    from: Vec3,
    along: Vec3,
    inwards: Vec3,
}

impl Face {
    fn new(wall: &WallSpec) -> Self {
        let from = Vec3::new(wall.from[0], 0.0, wall.from[1]);
        let along = (Vec3::new(wall.to[0], 0.0, wall.to[1]) - from).normalize_or(Vec3::X);
        Self { from, along, inwards: along.cross(Vec3::Y) }
    }

    /// The rectangle from `x` to `x` along the wall and `y` to `y` above the floor, so far in front of the wall.
    fn part(&self, x: [f32; 2], y: [f32; 2], in_front: f32, finish: Finish) -> Surface {
        let origin = self.from + self.along * x[0] + Vec3::Y * y[0] + self.inwards * in_front;
        let part = surface(origin, self.along * (x[1] - x[0]), Vec3::Y * (y[1] - y[0]), finish);
        Surface { pattern_offset: [x[0], y[0]], ..part }
    }
}

impl RoomSpec {
    /// The walls, cut around the windows; the pattern goes on from piece to piece.
    pub(super) fn wall_surfaces(&self) -> Vec<Surface> {
        let foot = self.skirting.map_or(0.0, |skirting| skirting.height);
        let mut surfaces = Vec::new();
        for (index, wall) in self.walls.iter().enumerate() {
            let (face, length, top) = (Face::new(wall), wall.length(), self.wall_height);
            if let Some(skirting) = self.skirting {
                surfaces.push(face.part([0.0, length], [0.0, foot], 0.0, plain(skirting.color)));
            }
            let mut windows: Vec<&OpeningSpec> = self.windows.iter().filter(|window| window.wall == index).collect();
            windows.sort_by(|a, b| a.start.total_cmp(&b.start));
            let Some(first) = windows.first() else {
                surfaces.push(face.part([0.0, length], [foot, top], 0.0, wall.finish));
                continue;
            };
            // All windows of a room are at one height.
            let (sill, lintel) = (first.bottom.max(foot), (first.bottom + first.height).max(foot));
            surfaces.push(face.part([0.0, length], [foot, sill], 0.0, wall.finish));
            surfaces.push(face.part([0.0, length], [lintel, top], 0.0, wall.finish));
            let starts = windows.iter().map(|window| window.start).chain([length]);
            let ends = [0.0].into_iter().chain(windows.iter().map(|window| window.start + window.width));
            surfaces.extend(ends.zip(starts).map(|(from, to)| face.part([from, to], [sill, lintel], 0.0, wall.finish)));
        }
        surfaces
    }

    /// Frame, leaf, two panels and a handle, each in front of the one before.
    pub(super) fn door_surfaces(&self, door: &OpeningSpec) -> Vec<Surface> {
        let Some(face) = self.walls.get(door.wall).map(Face::new) else { return Vec::new() };
        let (left, right, top) = (door.start, door.start + door.width, door.height);
        let leaf = [left + FRAME, right - FRAME];
        let panel = [leaf[0] + PANEL_INSET, leaf[1] - PANEL_INSET];
        let panel_colors = Finish { colors: door.finish.colors.map(|color| color.map(|c| 0.72 * c)), ..door.finish };
        let (foot, middle, head) = (0.1 * top, 0.42 * top, top - FRAME - PANEL_INSET);
        let handle = [leaf[1] - 1.4 * HANDLE, leaf[1] - 0.4 * HANDLE];
        let handle_height = HANDLE_HEIGHT.min(0.5 * top);
        vec![
            face.part([left, right], [0.0, top], STAND_OUT, plain(self.door_frame)),
            face.part(leaf, [0.0, top - FRAME], 1.5 * STAND_OUT, door.finish),
            face.part(panel, [foot, middle], 2.0 * STAND_OUT, panel_colors),
            face.part(panel, [middle + PANEL_INSET, head], 2.0 * STAND_OUT, panel_colors),
            face.part(handle, [handle_height, handle_height + 0.6 * HANDLE], 3.0 * STAND_OUT, plain(BRASS)),
        ]
    }

    /// The frame within the hole, and the bars between the panes.
    pub(super) fn window_surfaces(&self, window: &OpeningSpec) -> Vec<Surface> {
        let Some(face) = self.walls.get(window.wall).map(Face::new) else { return Vec::new() };
        let (left, right) = (window.start, window.start + window.width);
        let (sill, lintel) = (window.bottom, window.bottom + window.height);
        let frame = FRAME.min(0.25 * window.width).min(0.25 * window.height);
        let (within, between) = ([left + frame, right - frame], [sill + frame, lintel - frame]);
        let part = |x, y| face.part(x, y, 0.0, window.finish);
        let mut surfaces = vec![
            part([left, right], [sill, between[0]]),
            part([left, right], [between[1], lintel]),
            part([left, within[0]], between),
            part([within[1], right], between),
        ];
        let bars = |[from, to]: [f32; 2], count: u8| {
            (1..count).map(move |index| {
                let middle = from + (to - from) * f32::from(index) / f32::from(count);
                [middle - 0.5 * BAR, middle + 0.5 * BAR]
            })
        };
        surfaces.extend(bars(within, self.panes[0]).map(|x| part(x, between)));
        surfaces.extend(bars(between, self.panes[1]).map(|y| part(within, y)));
        surfaces
    }
}
