//! Pictures of a room for people: larger and smoother than what the agent sees, and the map.

use anyhow::Result;
use glam::Vec3;
use groundling_film::{Canvas, Color, Picture};
use groundling_render::{MAX_SIDE, Renderer};
use groundling_room::{Camera, OpeningSpec, Projection, Rgb, RoomSpec, Scene};
use groundling_sim::Privileged;

/// Draws scenes with smooth edges.
pub(crate) struct Painter {
    renderer: Renderer,
    width: usize,
    height: usize,
}

impl Painter {
    /// For pictures of `width` x `height` pixels.
    pub(crate) fn new(width: usize, height: usize) -> Result<Self> {
        // Drawn at twice the size and averaged, as long as that can be drawn.
        let samples = if 2 * width.max(height) <= MAX_SIDE { 2 } else { 1 };
        Ok(Self { renderer: Renderer::new(samples * width, samples * height)?, width, height })
    }

    /// The scene as the camera sees it.
    pub(crate) fn paint(&mut self, scene: &Scene, camera: &Camera) -> Result<Canvas> {
        self.renderer.render(scene, camera);
        let rgb = self.renderer.rgb();
        if self.renderer.width() == self.width {
            return Ok(Canvas::of(Picture::new(self.width, self.height, rgb)?)?);
        }
        let rgb = halved(rgb, self.renderer.width());
        Ok(Canvas::of(Picture::new(self.width, self.height, &rgb)?)?)
    }
}

/// A picture with each square of four pixels made one; sides are even.
fn halved(rgb: &[u8], width: usize) -> Vec<u8> {
    let mut half = Vec::with_capacity(rgb.len() / 4);
    for rows in rgb.chunks_exact(2 * 3 * width) {
        let (upper, lower) = rows.split_at(3 * width);
        for (upper, lower) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            for color in 0..3 {
                let four = [upper[color], upper[color + 3], lower[color], lower[color + 3]];
                half.push((four.map(u16::from).iter().sum::<u16>() / 4) as u8);
            }
        }
    }
    half
}

/// Even width and height with these proportions, as large as fits.
pub(crate) fn fitted(aspect: f32, width: usize, height: usize) -> (usize, usize) {
    let narrow = (height as f32 * aspect).min(width as f32);
    let even = |side: f32, most: usize| ((side / 2.0).round() as usize * 2).min(most / 2 * 2).max(4);
    (even(narrow, width), even((narrow / aspect).min(height as f32), height))
}

/// Where the points of the floor lie on a map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MapScale {
    center: [f32; 2],
    /// Pixels.
    pub(crate) per_metre: f32,
}

impl MapScale {
    pub(crate) fn new(camera: &Camera, width: usize, height: usize) -> Self {
        let per_metre = match camera.projection {
            Projection::Orthographic { height: metres } => height as f32 / metres,
            // A map has no perspective; this keeps the scale finite all the same.
            Projection::Perspective { .. } => 1.0,
        };
        let middle = [0.5 * width as f32, 0.5 * height as f32];
        let Vec3 { x, z, .. } = camera.position;
        Self { center: [middle[0] - x * per_metre, middle[1] - z * per_metre], per_metre }
    }

    /// Pixel of the floor's point `(x, z)`, metres.
    pub(crate) fn place(&self, x: f32, z: f32) -> [f32; 2] {
        [self.center[0] + x * self.per_metre, self.center[1] + z * self.per_metre]
    }
}

/// Linear light around the room.
const MAP_BACKGROUND: Rgb = [0.02, 0.02, 0.025];

/// The room as a map shows it: nothing but itself.
pub(crate) fn map_scene(mut scene: Scene) -> Scene {
    scene.outdoors.clear();
    scene.background = MAP_BACKGROUND;
    scene
}

/// Draws a room from above, with its walls.
pub(crate) struct MapPainter(Painter);

impl MapPainter {
    /// For maps of `width` x `height` pixels.
    pub(crate) fn new(width: usize, height: usize) -> Result<Self> {
        Painter::new(width, height).map(Self)
    }

    /// The room as it is now.
    pub(crate) fn paint(&mut self, privileged: &Privileged) -> Result<(Canvas, MapScale)> {
        let (width, height) = (self.0.width, self.0.height);
        let camera = privileged.top_down_camera(width as f32 / height as f32);
        let scale = MapScale::new(&camera, width, height);
        let mut canvas = self.0.paint(&map_scene(privileged.scene()), &camera)?;
        draw_walls(&mut canvas, &privileged.spec(), scale);
        Ok((canvas, scale))
    }
}

/// Walls are seen from their edge, so they are drawn as lines of their colour, doors and windows upon them.
pub(crate) fn draw_walls(canvas: &mut Canvas, spec: &RoomSpec, scale: MapScale) {
    const EDGE: Color = [14, 15, 20];
    const PANE: Rgb = [0.6, 0.75, 0.9];
    let thickness = (0.09 * scale.per_metre).max(3.0);
    let place = |[x, z]: [f32; 2]| scale.place(x, z);
    for wall in &spec.walls {
        canvas.line(place(wall.from), place(wall.to), 1.5 * thickness, EDGE);
    }
    for wall in &spec.walls {
        canvas.line(place(wall.from), place(wall.to), thickness, srgb(wall.finish.colors[0]));
    }
    let doors = spec.door.iter().map(|door| (door, door.finish.colors[0]));
    let panes = spec.windows.iter().map(|window| (window, spec.outdoors.as_ref().map_or(PANE, |seen| seen.haze)));
    for (opening, color) in doors.chain(panes) {
        if let Some((from, to)) = opening_ends(spec, opening) {
            canvas.line(place(from), place(to), 1.5 * thickness, EDGE);
            canvas.line(place(from), place(to), 0.8 * thickness, srgb(color));
        }
    }
}

fn opening_ends(spec: &RoomSpec, opening: &OpeningSpec) -> Option<([f32; 2], [f32; 2])> {
    let wall = spec.walls.get(opening.wall)?;
    let length = wall.length();
    let point = |along: f32| {
        let share = if length > 0.0 { along / length } else { 0.0 };
        [0, 1].map(|axis| wall.from[axis] + share * (wall.to[axis] - wall.from[axis]))
    };
    Some((point(opening.start), point(opening.start + opening.width)))
}

/// Linear light as sRGB.
pub(crate) fn srgb(color: Rgb) -> Color {
    color.map(|linear| {
        let linear = linear.clamp(0.0, 1.0);
        let value = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        (255.0 * value).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_keep_their_proportions_and_even_sides() {
        assert_eq!(fitted(4.0 / 3.0, 672, 504), (672, 504));
        assert_eq!(fitted(1.0, 672, 504), (504, 504));
        assert_eq!(fitted(16.0, 672, 504), (672, 42));
        assert_eq!(fitted(0.05, 672, 504), (26, 504));
        assert_eq!(fitted(4.0 / 3.0, 561, 421), (560, 420));
    }

    #[test]
    fn four_pixels_become_their_average() {
        let rgb = [[10, 0, 0], [30, 0, 0], [8, 8, 8], [8, 8, 8], [50, 4, 0], [70, 0, 0], [8, 8, 8], [8, 8, 8]];
        assert_eq!(halved(rgb.as_flattened(), 4), [40, 1, 0, 8, 8, 8]);
    }

    #[test]
    fn the_map_has_x_to_the_right_and_z_downwards() {
        let camera = Camera {
            position: Vec3::new(0.0, 3.0, 0.0),
            yaw: 0.0,
            pitch: -1.5,
            projection: Projection::Orthographic { height: 5.0 },
        };
        let scale = MapScale::new(&camera, 200, 100);
        assert_eq!(scale.place(0.0, 0.0), [100.0, 50.0]);
        assert_eq!(scale.place(1.0, 2.0), [120.0, 90.0]);
    }
}
