//! The renderer: its buffers, and one frame from beginning to end.

use groundling_room::{Camera, Scene};

use crate::camera::View;
use crate::error::RenderError;
use crate::frame::Frame;
use crate::mesh::MeshPainter;
use crate::polygon::Outline;
use crate::shading::{Picture, Shading};
use crate::shadow::Shadows;
use crate::srgb::SrgbTable;
use crate::surface::{self, ReadySurface};

/// Least width and height of a picture, pixels.
pub const MIN_SIDE: usize = 4;
/// Greatest width and height of a picture, pixels.
pub const MAX_SIDE: usize = 4096;
/// What is nearer to the eye than this is not drawn, metres.
pub const NEAR: f32 = 0.02;

/// Draws scenes at one picture size. Buffers are kept between frames.
#[derive(Debug)]
pub struct Renderer {
    frame: Frame,
    outline: Outline,
    surfaces: Vec<ReadySurface>,
    shadows: Shadows,
    meshes: MeshPainter,
    srgb: SrgbTable,
    picture: Picture,
    wide: bool,
}

impl Renderer {
    /// A renderer of `width` x `height` pixels, each side from [`MIN_SIDE`] to [`MAX_SIDE`].
    pub fn new(width: usize, height: usize) -> Result<Self, RenderError> {
        let allowed = MIN_SIDE..=MAX_SIDE;
        if !(allowed.contains(&width) && allowed.contains(&height)) {
            return Err(RenderError::PictureSize { width, height });
        }
        Ok(Self {
            frame: Frame::new(width, height),
            outline: Outline::new(height),
            surfaces: Vec::new(),
            shadows: Shadows::default(),
            meshes: MeshPainter::default(),
            srgb: SrgbTable::new(),
            picture: Picture::new(width, height),
            wide: has_avx2(),
        })
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.frame.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.frame.height
    }

    /// Draws the scene. A camera or an object whose numbers are not finite shows nothing.
    pub fn render(&mut self, scene: &Scene, camera: &Camera) {
        let view = View::new(camera, self.frame.width, self.frame.height);
        #[cfg(target_arch = "x86_64")]
        if self.wide {
            // SAFETY: `wide` is only set when the processor has AVX2, the one feature `render_avx2` asks for.
            unsafe { self.render_avx2(scene, &view) };
            return;
        }
        self.render_with(scene, &view);
    }

    /// The last frame's colours, sRGB, `[height, width, 3]`.
    pub fn rgb(&self) -> &[u8] {
        &self.picture.rgb
    }

    /// The last frame's object ids, `[height, width]`: 0 for the room and the background.
    pub fn object_ids(&self) -> &[u16] {
        &self.picture.object_ids
    }

    /// The last frame's depth, `[height, width]`: metres along the viewing axis, infinite where nothing is drawn.
    pub fn depth(&self) -> &[f32] {
        &self.picture.depth
    }

    /// The same code compiled for wider vectors. It has no fused operations, so its bits are the same.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn render_avx2(&mut self, scene: &Scene, view: &View) {
        self.render_with(scene, view);
    }

    #[inline(always)]
    fn render_with(&mut self, scene: &Scene, view: &View) {
        self.frame.clear(view);
        self.surfaces.clear();
        if view.is_sound() {
            surface::draw(scene, view, &mut self.frame, &mut self.outline, &mut self.surfaces);
            let first_face = self.surfaces.len() as u32 + 1;
            let objects = (scene.instances.as_slice(), &scene.light);
            self.meshes.draw(objects, view, &self.srgb, first_face, &mut self.frame);
        }
        self.shadows.find(scene, &self.surfaces);
        let shading = Shading {
            view,
            frame: &self.frame,
            surfaces: &self.surfaces,
            shadows: &self.shadows,
            mesh_faces: &self.meshes.faces,
            srgb: &self.srgb,
            background: scene.background,
        };
        shading.paint(&mut self.picture);
    }
}

fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

#[cfg(test)]
mod tests {
    use super::Renderer;
    use crate::scenes;

    #[test]
    fn wide_and_narrow_vectors_give_the_same_bits() {
        for (width, height) in [(96, 72), (33, 21)] {
            let mut narrow = Renderer::new(width, height).unwrap();
            narrow.wide = false;
            let mut wide = Renderer::new(width, height).unwrap();
            for index in 0..20 {
                let scene = scenes::furnished(index, 12);
                for camera in [scenes::eye(3, index), scenes::map()] {
                    narrow.render(&scene, &camera);
                    wide.render(&scene, &camera);
                    assert_eq!(narrow.rgb(), wide.rgb());
                    assert_eq!(narrow.object_ids(), wide.object_ids());
                    let bits = |renderer: &Renderer| renderer.depth().iter().map(|d| d.to_bits()).collect::<Vec<_>>();
                    assert_eq!(bits(&narrow), bits(&wide));
                }
            }
        }
    }
}
