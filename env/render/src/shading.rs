//! The shading pass: from face numbers and nearness to colour, object ids and depth.

use groundling_room::Rgb;

use crate::camera::{Functional, View};
use crate::frame::Frame;
use crate::mesh::MeshFace;
use crate::pattern::{self, Footprint, Weave};
use crate::shadow::{Disc, NearDiscs, Shadows};
use crate::srgb::SrgbTable;
use crate::surface::ReadySurface;

/// Pixels shaded together, so that the arithmetic runs in vectors.
const LANES: usize = 8;

/// The picture that is given out.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) rgb: Vec<u8>,
    pub(crate) object_ids: Vec<u16>,
    pub(crate) depth: Vec<f32>,
}

impl Picture {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let pixels = width * height;
        Self { rgb: vec![0; 3 * pixels], object_ids: vec![0; pixels], depth: vec![f32::INFINITY; pixels] }
    }
}

/// What the shading pass reads.
pub(crate) struct Shading<'a> {
    pub(crate) view: &'a View,
    pub(crate) frame: &'a Frame,
    pub(crate) surfaces: &'a [ReadySurface],
    pub(crate) shadows: &'a Shadows,
    pub(crate) mesh_faces: &'a [MeshFace],
    pub(crate) srgb: &'a SrgbTable,
    pub(crate) background: Rgb,
}

impl Shading<'_> {
    #[inline(always)]
    pub(crate) fn paint(&self, picture: &mut Picture) {
        let width = self.frame.width;
        let background = self.srgb.bytes(self.background);
        for (depth, &nearness) in picture.depth.iter_mut().zip(&self.frame.nearness) {
            *depth = if self.view.perspective { 1.0 / nearness } else { -nearness };
        }
        let rows = picture.rgb.chunks_exact_mut(3 * width).zip(picture.object_ids.chunks_exact_mut(width));
        for ((j, faces), (rgb, ids)) in self.frame.faces.chunks_exact(width).enumerate().zip(rows) {
            let mut start = 0;
            for run in faces.chunk_by(|a, b| a == b) {
                let end = start + run.len();
                let (Some(&face), Some(rgb), Some(ids)) =
                    (run.first(), rgb.get_mut(3 * start..3 * end), ids.get_mut(start..end))
                else {
                    break;
                };
                let face = face as usize;
                if face == 0 {
                    fill(rgb, background);
                    ids.fill(0);
                } else if let Some(surface) = self.surfaces.get(face - 1) {
                    self.paint_surface(surface, self.shadows.on(face - 1), (start, j), rgb);
                    ids.fill(0);
                } else if let Some(mesh_face) = self.mesh_faces.get(face - 1 - self.surfaces.len()) {
                    fill(rgb, mesh_face.rgb);
                    ids.fill(mesh_face.object_id);
                }
                start = end;
            }
        }
    }

    #[inline(always)]
    fn paint_surface(&self, surface: &ReadySurface, discs: &[Disc], (start, j): (usize, usize), rgb: &mut [u8]) {
        let row = j as i32 as f32;
        let weave = surface.weave;
        let sight = Sight::new(surface, self.view, row);
        // Along a row a plane's coordinates grow or fall throughout: its ends bound them.
        let last = (start + rgb.len() / 3) as i32 as f32 - 1.0;
        let near = NearDiscs::find(discs, sight.point(start as i32 as f32), sight.point(last), surface.shear());
        let discs = near.discs();
        if discs.is_empty() && matches!(weave, Weave::Plain) {
            fill(rgb, self.srgb.bytes(surface.colors[0]));
            return;
        }
        let [first, second] = surface.colors;
        let step = [second[0] - first[0], second[1] - first[1], second[2] - first[2]];
        for (chunk, rgb) in rgb.chunks_mut(3 * LANES).enumerate() {
            let at = (start + chunk * LANES) as i32 as f32;
            let footprints = sight.footprints(at);
            let shares = match weave {
                Weave::Plain => [0.0; LANES],
                Weave::Checker { per_metre } => each(&footprints, |at| pattern::checker(at, per_metre)),
                Weave::Stripes { per_metre } => each(&footprints, |at| pattern::stripes(at, per_metre)),
                Weave::Bands { per_metre } => each(&footprints, |at| pattern::bands(at, per_metre)),
                Weave::Bricks { per_metre } => each(&footprints, |at| pattern::bricks(at, per_metre)),
                Weave::Planks { per_metre } => each(&footprints, |at| pattern::planks(at, per_metre)),
                Weave::Tiles { per_metre } => each(&footprints, |at| pattern::tiles(at, per_metre)),
                Weave::Diamonds { per_metre } => each(&footprints, |at| pattern::diamonds(at, per_metre)),
                Weave::Dots { per_metre } => each(&footprints, |at| pattern::dots(at, per_metre)),
                Weave::Plaid { per_metre } => each(&footprints, |at| pattern::plaid(at, per_metre)),
                Weave::Zigzag { per_metre } => each(&footprints, |at| pattern::zigzag(at, per_metre)),
                Weave::Parquet { per_metre } => each(&footprints, |at| pattern::parquet(at, per_metre)),
                Weave::Wainscot { height } => each(&footprints, |at| pattern::wainscot(at, height)),
                Weave::Gradient { per_metre } => each(&footprints, |at| pattern::gradient(at, per_metre)),
            };
            let mut left = [1.0; LANES];
            for disc in discs {
                darken(&mut left, &footprints, disc, surface.skew);
            }
            let mut indices = [[0; 3]; LANES];
            for (k, index) in indices.iter_mut().enumerate() {
                for c in 0..3 {
                    index[c] = SrgbTable::index((first[c] + shares[k] * step[c]) * left[k]);
                }
            }
            for (pixel, index) in rgb.chunks_exact_mut(3).zip(&indices) {
                pixel.copy_from_slice(&index.map(|index| self.srgb.at(index)));
            }
        }
    }
}

#[inline(always)]
fn fill(rgb: &mut [u8], color: [u8; 3]) {
    for pixel in rgb.chunks_exact_mut(3) {
        pixel.copy_from_slice(&color);
    }
}

/// `LANES` footprints, field by field.
struct Footprints {
    s: [f32; LANES],
    t: [f32; LANES],
    width_s: [f32; LANES],
    width_t: [f32; LANES],
}

#[inline(always)]
fn each(footprints: &Footprints, share: impl Fn(Footprint) -> f32) -> [f32; LANES] {
    let Footprints { s, t, width_s, width_t } = footprints;
    let mut shares = [0.0; LANES];
    for k in 0..LANES {
        shares[k] = share(Footprint { s: s[k], t: t[k], width_s: width_s[k], width_t: width_t[k] });
    }
    shares
}

#[inline(always)]
fn darken(left: &mut [f32; LANES], footprints: &Footprints, disc: &Disc, skew: f32) {
    for (k, left) in left.iter_mut().enumerate() {
        let (s, t) = (footprints.s[k] - disc.s, footprints.t[k] - disc.t);
        *left *= disc.light_left(s * s + t * t + 2.0 * skew * s * t);
    }
}

/// One row's view of a surface.
struct Sight {
    perspective: bool,
    nearness: f32,
    nearness_i: f32,
    nearness_j: f32,
    s: Sighted,
    t: Sighted,
}

/// One pattern coordinate along a row: `constant + depth * by_depth`, with the derivatives of both.
struct Sighted {
    constant: f32,
    constant_i: f32,
    constant_j: f32,
    by_depth: f32,
    by_depth_i: f32,
    by_depth_j: f32,
}

impl Sighted {
    #[inline(always)]
    fn new(functional: Functional, row: f32) -> Self {
        let Functional { constant, by_depth } = functional;
        Self {
            constant: constant.row(row),
            constant_i: constant.along_i,
            constant_j: constant.along_j,
            by_depth: by_depth.row(row),
            by_depth_i: by_depth.along_i,
            by_depth_j: by_depth.along_j,
        }
    }

    /// The coordinate, and how far the pixel's footprint reaches along it.
    #[inline(always)]
    fn at(&self, column: f32, depth: f32, depth_i: f32, depth_j: f32) -> (f32, f32) {
        let by_depth = self.by_depth + column * self.by_depth_i;
        let value = self.constant + column * self.constant_i + depth * by_depth;
        let along_i = self.constant_i + depth * self.by_depth_i + depth_i * by_depth;
        let along_j = self.constant_j + depth * self.by_depth_j + depth_j * by_depth;
        (value, along_i.abs() + along_j.abs())
    }
}

impl Sight {
    #[inline(always)]
    fn new(surface: &ReadySurface, view: &View, row: f32) -> Self {
        Self {
            perspective: view.perspective,
            nearness: surface.nearness.row(row),
            nearness_i: surface.nearness.along_i,
            nearness_j: surface.nearness.along_j,
            s: Sighted::new(surface.s, row),
            t: Sighted::new(surface.t, row),
        }
    }

    /// Depth at a column, and how it grows with nearness.
    #[inline(always)]
    fn depth(&self, column: f32) -> (f32, f32) {
        let nearness = self.nearness + column * self.nearness_i;
        if self.perspective {
            let depth = 1.0 / nearness;
            (depth, -depth * depth)
        } else {
            (-nearness, -1.0)
        }
    }

    /// Pattern coordinates at a column.
    #[inline(always)]
    fn point(&self, column: f32) -> (f32, f32) {
        let (depth, _) = self.depth(column);
        (self.s.at(column, depth, 0.0, 0.0).0, self.t.at(column, depth, 0.0, 0.0).0)
    }

    #[inline(always)]
    fn footprints(&self, first_column: f32) -> Footprints {
        let mut found = Footprints { s: [0.0; LANES], t: [0.0; LANES], width_s: [0.0; LANES], width_t: [0.0; LANES] };
        for k in 0..LANES {
            let column = first_column + k as i32 as f32;
            let (depth, slope) = self.depth(column);
            let (depth_i, depth_j) = (slope * self.nearness_i, slope * self.nearness_j);
            (found.s[k], found.width_s[k]) = self.s.at(column, depth, depth_i, depth_j);
            (found.t[k], found.width_t[k]) = self.t.at(column, depth, depth_i, depth_j);
        }
        found
    }
}
