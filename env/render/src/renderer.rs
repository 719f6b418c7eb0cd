//! The renderer: its buffers, and one frame from beginning to end.

use std::mem;

use fearless_simd::Simd;
use groundling_room::{Camera, Scene};

use crate::camera::View;
use crate::error::RenderError;
use crate::face::{Face, FaceTable};
use crate::frame::{Frame, LANES};
use crate::mesh::MeshPainter;
use crate::picture::{Colors, Picture};
use crate::shading::Shading;
use crate::srgb::SrgbTable;
use crate::surface::SurfacePainter;
use crate::vector_unit::{VectorUnit, with_vectors};

/// Least width and height of a picture, pixels.
pub const MIN_SIDE: usize = 4;
/// Greatest width and height of a picture, pixels.
pub const MAX_SIDE: usize = 4096;
/// What is nearer to the eye than this is not drawn, metres.
pub const NEAR: f32 = 0.02;

/// Draws scenes at one picture size. Buffers are kept between frames.
#[derive(Debug)]
pub struct Renderer {
    perspective: bool,
    frame: Frame,
    faces: FaceTable,
    surfaces: SurfacePainter,
    meshes: MeshPainter,
    /// Room for one row's shaded blocks.
    shaded: Vec<Colors>,
    srgb: SrgbTable,
    picture: Picture,
    unit: VectorUnit,
}

impl Renderer {
    /// A renderer of `width` x `height` pixels, each side from [`MIN_SIDE`] to [`MAX_SIDE`].
    pub fn new(width: usize, height: usize) -> Result<Self, RenderError> {
        let allowed = MIN_SIDE..=MAX_SIDE;
        if !(allowed.contains(&width) && allowed.contains(&height)) {
            return Err(RenderError::PictureSize { width, height });
        }
        Ok(Self {
            perspective: true,
            frame: Frame::new(width, height),
            faces: FaceTable::default(),
            surfaces: SurfacePainter::new(height),
            meshes: MeshPainter::default(),
            shaded: vec![[0; LANES]; width.div_ceil(LANES)],
            srgb: SrgbTable::new(),
            picture: Picture::new(width, height),
            unit: VectorUnit::detect(),
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

    /// The processor's vector unit that draws, by name. It decides speed, not pixels.
    pub fn vector_unit(&self) -> &'static str {
        self.unit.name()
    }

    /// Draws the scene. A camera or an object whose numbers are not finite shows nothing.
    pub fn render(&mut self, scene: &Scene, camera: &Camera) {
        let view = View::new(camera, self.frame.width, self.frame.height);
        with_vectors!(self.unit, simd => self.render_with(simd, scene, &view));
    }

    /// Trades the buffers that every frame fills anew, the last frame's picture among them, for those of a renderer of the
    /// same size; what is kept from frame to frame for the scene stays. Many rooms that take turns so draw into the same
    /// memory, which a processor's cache then holds: 4 % faster for 64 rooms of 96x72.
    ///
    /// Returns whether it did: renderers of different sizes trade nothing.
    pub fn trade_buffers(&mut self, other: &mut Renderer) -> bool {
        if (self.width(), self.height()) != (other.width(), other.height()) {
            return false;
        }
        mem::swap(&mut self.frame, &mut other.frame);
        mem::swap(&mut self.faces, &mut other.faces);
        mem::swap(&mut self.surfaces, &mut other.surfaces);
        mem::swap(&mut self.shaded, &mut other.shaded);
        mem::swap(&mut self.srgb, &mut other.srgb);
        mem::swap(&mut self.picture, &mut other.picture);
        mem::swap(&mut self.perspective, &mut other.perspective);
        true
    }

    /// The last frame's colours, sRGB, `[height, width, 3]`.
    pub fn rgb(&self) -> &[u8] {
        self.picture.rgb()
    }

    /// The last frame's object ids, `[height, width]`: 0 for the room and the background.
    pub fn object_ids(&self) -> &[u16] {
        self.picture.object_ids()
    }

    /// The last frame's depth, `[height, width]`: metres along the viewing axis, infinite where nothing is drawn.
    /// Found when asked for: nothing that is done at every step needs it.
    pub fn depth(&self) -> Vec<f32> {
        let depth = |nearness: f32| if self.perspective { 1.0 / nearness } else { -nearness };
        let rows = self.frame.nearness.chunks_exact(self.frame.num_blocks);
        let pixels = rows.flat_map(|row| row.iter().flat_map(|block| block.0).take(self.frame.width));
        pixels.map(depth).collect()
    }

    #[inline(always)]
    fn render_with<S: Simd>(&mut self, simd: S, scene: &Scene, view: &View) {
        let Self { frame, faces, surfaces, meshes, srgb, .. } = self;
        frame.clear(view);
        surfaces.clear();
        faces.clear();
        faces.push(Face::flat(srgb.packed(simd, scene.background), 0));
        if view.is_sound() {
            surfaces.draw(simd, scene, view, srgb, faces, frame);
            meshes.draw(simd, (&scene.instances, &scene.light), view, srgb, faces, frame);
        }
        self.perspective = view.perspective;
        if view.perspective {
            self.paint::<_, true>(simd);
        } else {
            self.paint::<_, false>(simd);
        }
    }

    #[inline(always)]
    fn paint<S: Simd, const PERSPECTIVE: bool>(&mut self, simd: S) {
        let shading = Shading::<PERSPECTIVE> {
            frame: &self.frame,
            surfaces: &self.surfaces.ready,
            shadows: &self.surfaces.shadows,
            ramps: &self.surfaces.ramps,
            faces: &self.faces,
            srgb: &self.srgb,
        };
        shading.paint(simd, &mut self.shaded, &mut self.picture);
    }
}

#[cfg(test)]
mod tests {
    use super::{Renderer, VectorUnit};
    use crate::scenes;

    /// All vector units that this processor has, the one it uses first.
    fn units() -> Vec<VectorUnit> {
        let mut units = vec![VectorUnit::detect()];
        #[cfg(target_arch = "x86_64")]
        units.extend(fearless_simd::Level::new().as_sse2().map(VectorUnit::Sse2));
        units
    }

    #[test]
    fn all_vector_units_draw_the_same_bits() {
        for (width, height) in [(96, 72), (33, 21)] {
            let mut renderers: Vec<_> =
                units().into_iter().map(|unit| Renderer { unit, ..Renderer::new(width, height).unwrap() }).collect();
            for index in 0..12 {
                let scene = scenes::furnished(index, 12);
                for camera in [scenes::eye(3, index), scenes::walker(3, index), scenes::map()] {
                    for renderer in &mut renderers {
                        renderer.render(&scene, &camera);
                    }
                    let (first, others) = renderers.split_first().unwrap();
                    let bits = |renderer: &Renderer| renderer.depth().iter().map(|d| d.to_bits()).collect::<Vec<_>>();
                    for other in others {
                        assert_eq!(first.rgb(), other.rgb(), "{} and {}", first.vector_unit(), other.vector_unit());
                        assert_eq!(first.object_ids(), other.object_ids());
                        assert_eq!(bits(first), bits(other));
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_kept_between_frames_does_not_show() {
        let mut scene = scenes::furnished(4, 12);
        let camera = scenes::map();
        let mut used = Renderer::new(96, 72).unwrap();
        let check = |used: &mut Renderer, scene: &_, what: &str| {
            used.render(scene, &camera);
            let mut fresh = Renderer::new(96, 72).unwrap();
            fresh.render(scene, &camera);
            assert!(used.rgb() == fresh.rgb() && used.object_ids() == fresh.object_ids(), "after a change of {what}");
        };
        check(&mut used, &scene, "nothing");
        let before = used.rgb().to_vec();
        let turn = glam::Affine3A::from_rotation_y(0.7);
        for instance in &mut scene.instances {
            instance.world_from_object *= turn;
        }
        check(&mut used, &scene, "rotations");
        assert!(used.rgb() != before);
        for instance in &mut scene.instances {
            instance.colors.reverse();
        }
        check(&mut used, &scene, "colours");
        scene.light.direct *= 0.5;
        check(&mut used, &scene, "the light");
        scene.instances.rotate_left(1);
        check(&mut used, &scene, "order");
        let [ball, ..] = scenes::meshes();
        scene.instances[5].mesh = ball;
        check(&mut used, &scene, "a mesh");
        scene.instances.truncate(3);
        check(&mut used, &scene, "number");
    }
}
