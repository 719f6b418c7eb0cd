//! Whether a picture shows the scene it was asked for: compared, thing by thing, with where the CPU renderer has them.

use groundling_render::{RenderError, Renderer};
use groundling_room::{Camera, Scene};

use crate::staging::Pixels;

/// Rows of the picture that is compared with.
const ROWS: usize = 72;
/// Share of the pixels inside of things that must agree.
const LEAST_AGREEMENT: f32 = 0.97;
/// Fewer pixels of a thing than these prove nothing.
const LEAST_PIXELS: usize = 6;

/// What a picture must show.
pub(crate) struct Expected {
    columns: usize,
    /// What is seen, of pixels whose neighbours show the same: 0 nothing, 1 the room, others an object.
    marks: Vec<Option<u8>>,
}

/// Draws what pictures are compared with.
pub(crate) struct Reference {
    renderers: Vec<Renderer>,
}

impl Reference {
    pub(crate) fn new() -> Self {
        Self { renderers: Vec::new() }
    }

    /// What a picture of these proportions must show.
    pub(crate) fn expect(&mut self, scene: &Scene, camera: &Camera, aspect: f32) -> Result<Expected, RenderError> {
        let columns = ((ROWS as f32 * aspect).round() as usize).clamp(8, 8 * ROWS);
        let known = self.renderers.iter().position(|renderer| renderer.width() == columns);
        let at = match known {
            Some(at) => at,
            None => {
                self.renderers.push(Renderer::new(columns, ROWS)?);
                self.renderers.len() - 1
            }
        };
        let renderer = &mut self.renderers[at];
        renderer.render(scene, camera);
        let depth = renderer.depth();
        let all: Vec<u8> = renderer
            .object_ids()
            .iter()
            .zip(&depth)
            .map(|(&id, depth)| if depth.is_finite() { id.min(253) as u8 + 1 } else { 0 })
            .collect();
        let inside = |index: usize| {
            let (x, y) = (index % columns, index / columns);
            let is_inner = (1..columns - 1).contains(&x) && (1..ROWS - 1).contains(&y);
            let same = |x: usize, y: usize| all[y * columns + x] == all[index];
            let is_alike = is_inner && (y - 1..=y + 1).all(|y| (x - 1..=x + 1).all(|x| same(x, y)));
            is_alike.then_some(all[index])
        };
        Ok(Expected { columns, marks: (0..all.len()).map(inside).collect() })
    }
}

impl Expected {
    /// What is missing in a picture, if anything is.
    pub(crate) fn missing(&self, pixels: &Pixels, width: usize, height: usize) -> Option<String> {
        let mut asked = [0usize; 256];
        let mut agreed = [0usize; 256];
        for (index, mark) in self.marks.iter().enumerate() {
            let Some(mark) = *mark else { continue };
            let x = (2 * (index % self.columns) + 1) * width / (2 * self.columns);
            let y = (2 * (index / self.columns) + 1) * height / (2 * ROWS);
            asked[usize::from(mark)] += 1;
            agreed[usize::from(mark)] += usize::from(pixels.0[4 * (y * width + x) + 3] == mark);
        }
        let (all, right): (usize, usize) = (asked.iter().sum(), agreed.iter().sum());
        if (right as f32) < LEAST_AGREEMENT * all as f32 {
            return Some(format!("only {right} of {all} places show what they should"));
        }
        let thing = (1..256).find(|&mark| asked[mark] >= LEAST_PIXELS && 2 * agreed[mark] < asked[mark])?;
        Some(match thing {
            1 => "the room is not seen where it should be".to_owned(),
            _ => format!("object {} is not seen where it should be", thing - 2),
        })
    }
}
