//! The flat faces of the room: which pixels they cover, and what the shading pass needs to colour them.

use fearless_simd::Simd;
use glam::Vec3;
use groundling_room::{Rgb, Scene, Surface};

use crate::camera::{Functional, Linear, PixelPoint, View, dot};
use crate::face::{Face, FaceTable};
use crate::frame::{Frame, Slack, Span};
use crate::light;
use crate::pattern::Weave;
use crate::polygon::{Outline, Polygon, beyond_near};
use crate::ramp::Ramps;
use crate::shadow::Shadows;
use crate::srgb::SrgbTable;

/// Metres by which a surface is drawn larger than it is on each side, so that no crack opens between neighbours whose
/// corners differ by rounding. In a closed room the overhang hides behind the neighbour.
const OVERHANG: f32 = 5e-4;

/// A surface that faces the camera, ready for shading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadySurface {
    pub(crate) nearness: Linear,
    /// Pattern coordinates, metres.
    pub(crate) s: Functional,
    pub(crate) t: Functional,
    pub(crate) weave: Weave,
    /// Both colours as lit.
    pub(crate) colors: [Rgb; 2],
    pub(crate) origin: Vec3,
    pub(crate) axis_s: Vec3,
    pub(crate) axis_t: Vec3,
    /// Directions of the two edges.
    pub(crate) unit_s: Vec3,
    pub(crate) unit_t: Vec3,
    pub(crate) normal: Vec3,
    /// Cosine of the angle between the two edges.
    pub(crate) skew: f32,
    pub(crate) receives_shadows: bool,
    /// Index in `SurfacePainter::ramps` of the colours between the two; found when it is drawn.
    pub(crate) ramp: usize,
}

impl ReadySurface {
    /// `None` when the surface is degenerate or the camera does not see its front.
    #[inline(always)]
    fn new(surface: &Surface, scene: &Scene, view: &View) -> Option<Self> {
        let across = surface.u.cross(surface.v);
        let (area, length_u, length_v) =
            (dot(across, across).sqrt(), dot(surface.u, surface.u).sqrt(), dot(surface.v, surface.v).sqrt());
        if !(area > 0.0 && area.is_finite() && length_u.is_finite() && length_v.is_finite()) {
            return None;
        }
        let normal = across * (1.0 / area);
        let nearness = view.plane_nearness(normal, surface.origin)?;
        let axis_s = surface.v.cross(normal) * (length_u / area);
        let axis_t = normal.cross(surface.u) * (length_v / area);
        let colors = if surface.emissive {
            surface.colors
        } else {
            let intensity = light::intensity(&scene.light, normal);
            surface.colors.map(|color| light::lit(color, intensity))
        };
        let [from_s, from_t] = surface.pattern_offset;
        let pattern_origin = surface.origin - surface.u * (from_s / length_u) - surface.v * (from_t / length_v);
        Some(Self {
            nearness,
            s: view.functional(axis_s, pattern_origin),
            t: view.functional(axis_t, pattern_origin),
            weave: Weave::new(surface.pattern),
            colors,
            origin: pattern_origin,
            axis_s,
            axis_t,
            unit_s: surface.u * (1.0 / length_u),
            unit_t: surface.v * (1.0 / length_v),
            normal,
            skew: dot(surface.u, surface.v) / (length_u * length_v),
            receives_shadows: surface.receives_shadows && !surface.emissive,
            ramp: 0,
        })
    }
}

/// The surfaces of a frame, as they are made ready.
#[derive(Debug)]
pub(crate) struct SurfacePainter {
    outline: Outline,
    /// Face `i + 1` is surface `i`.
    pub(crate) ready: Vec<ReadySurface>,
    pub(crate) shadows: Shadows,
    pub(crate) ramps: Ramps,
}

impl SurfacePainter {
    pub(crate) fn new(height: usize) -> Self {
        Self { outline: Outline::new(height), ready: Vec::new(), shadows: Shadows::default(), ramps: Ramps::default() }
    }

    #[inline(always)]
    pub(crate) fn clear(&mut self) {
        self.ready.clear();
        self.shadows.clear();
        self.ramps.begin_frame();
    }

    /// Draws the scene's surfaces in order, as the faces after the background.
    #[inline(always)]
    pub(crate) fn draw<S: Simd>(
        &mut self,
        simd: S,
        scene: &Scene,
        view: &View,
        srgb: &SrgbTable,
        faces: &mut FaceTable,
        frame: &mut Frame,
    ) {
        for surfaces in [&scene.surfaces, &scene.outdoors] {
            // Most pictures show no window: then nothing outdoors need be looked at.
            if !self.ready.is_empty() && !frame.has_background(simd) {
                break;
            }
            for surface in surfaces {
                self.draw_one(simd, surface, (scene, view), srgb, faces, frame);
            }
        }
    }

    #[inline(always)]
    fn draw_one<S: Simd>(
        &mut self,
        simd: S,
        surface: &Surface,
        (scene, view): (&Scene, &View),
        srgb: &SrgbTable,
        faces: &mut FaceTable,
        frame: &mut Frame,
    ) {
        let Some(mut facing) = ReadySurface::new(surface, scene, view) else { return };
        let rows = self.outline.trace(&seen_polygon(surface, view), frame.width);
        if rows.is_empty() {
            return;
        }
        let has_shadows = self.shadows.find(&scene.instances, &facing, view, frame);
        let face = faces.next();
        let is_flat = matches!(facing.weave, Weave::Plain) && !has_shadows;
        if is_flat {
            faces.push(Face::flat(srgb.packed(simd, facing.colors[0]), 0));
        } else {
            facing.ramp = self.ramps.find(simd, facing.colors, srgb);
            faces.push(Face::shaded());
        }
        self.ready.push(facing);
        let (nearness, slack) = (facing.nearness, Slack::new(view));
        for j in rows {
            let (start, end) = self.outline.columns(j);
            if start < end {
                let at_start = nearness.row(j as i32 as f32) + start as i32 as f32 * nearness.along_i;
                frame.fill_surface(simd, Span { j, start, end }, at_start, nearness.along_i, slack, face);
            }
        }
    }
}

#[inline(always)]
fn seen_polygon(surface: &Surface, view: &View) -> Polygon<PixelPoint> {
    let along_u = surface.u * (OVERHANG / dot(surface.u, surface.u).sqrt());
    let along_v = surface.v * (OVERHANG / dot(surface.v, surface.v).sqrt());
    let Surface { origin, u, v, .. } = *surface;
    let corners = [
        origin - along_u - along_v,
        origin + u + along_u - along_v,
        origin + u + v + along_u + along_v,
        origin + v - along_u + along_v,
    ];
    beyond_near(&corners.map(|corner| view.to_view(corner)), view)
}
