//! Contact shadows: a soft dark disc on the floor under each object.

use groundling_room::Scene;

use crate::camera::dot;
use crate::surface::ReadySurface;

/// Share of the light that is taken in the middle.
const DARKNESS: f32 = 0.5;
/// Where the disc begins and ends to fade, in its radii.
const INNER: f32 = 0.55;
const OUTER: f32 = 1.35;
/// Height above the surface, metres, at which a carried object's shadow is gone.
const REACH: f32 = 1.0;

/// A disc in the pattern coordinates of one surface.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Disc {
    pub(crate) s: f32,
    pub(crate) t: f32,
    /// Beyond this there is no shadow, metres.
    outer: f32,
    outer_squared: f32,
    /// One over the difference of the squared radii.
    inverse_fade: f32,
    darkness: f32,
}

/// Discs gathered for part of a row.
const MOST_NEAR: usize = 8;

/// The discs that matter to part of a row; more than fit are all taken to matter.
pub(crate) struct NearDiscs<'a> {
    all: &'a [Disc],
    near: [Disc; MOST_NEAR],
    len: usize,
}

impl<'a> NearDiscs<'a> {
    /// Those that reach into a box of pattern coordinates, given by two opposite corners. `shear` is one, or less where
    /// the axes are not at right angles.
    #[inline(always)]
    pub(crate) fn find(all: &'a [Disc], from: (f32, f32), to: (f32, f32), shear: f32) -> Self {
        let mut found = Self { all, near: [Disc::default(); MOST_NEAR], len: 0 };
        for disc in all {
            let reach = disc.outer / shear;
            let apart = |x: f32, from: f32, to: f32| {
                let (low, high) = if from < to { (from, to) } else { (to, from) };
                x + reach < low || x - reach > high
            };
            if !(apart(disc.s, from.0, to.0) || apart(disc.t, from.1, to.1)) {
                if let Some(slot) = found.near.get_mut(found.len) {
                    *slot = *disc;
                }
                found.len += 1;
            }
        }
        found
    }

    #[inline(always)]
    pub(crate) fn discs(&self) -> &[Disc] {
        self.near.get(..self.len).unwrap_or(self.all)
    }
}

impl Disc {
    /// Share of the light left at this distance from its centre.
    #[inline(always)]
    pub(crate) fn light_left(&self, squared_distance: f32) -> f32 {
        let x = (self.outer_squared - squared_distance) * self.inverse_fade;
        let x = if x > 0.0 { x } else { 0.0 };
        let x = if x < 1.0 { x } else { 1.0 };
        1.0 - self.darkness * x * x * (3.0 - 2.0 * x)
    }
}

/// The discs on each surface that receives shadows.
#[derive(Debug, Default)]
pub(crate) struct Shadows {
    discs: Vec<Disc>,
    /// Range in `discs` of each ready surface.
    ranges: Vec<(u32, u32)>,
}

impl Shadows {
    #[inline(always)]
    pub(crate) fn find(&mut self, scene: &Scene, surfaces: &[ReadySurface]) {
        self.discs.clear();
        self.ranges.clear();
        for surface in surfaces {
            let first = self.discs.len() as u32;
            if surface.receives_shadows {
                self.discs.extend(scene.instances.iter().filter_map(|instance| {
                    let radius = instance.shadow_radius;
                    if !(radius > 0.0 && radius < 1e3) {
                        return None;
                    }
                    let offset = glam::Vec3::from(instance.world_from_object.translation) - surface.origin;
                    let height = dot(offset, surface.normal);
                    let nearness = 1.0 - if height > 0.0 { height } else { -height } / REACH;
                    let (inner, outer) = (INNER * radius, OUTER * radius);
                    (nearness > 0.0).then(|| Disc {
                        s: dot(surface.axis_s, offset),
                        t: dot(surface.axis_t, offset),
                        outer,
                        outer_squared: outer * outer,
                        inverse_fade: 1.0 / (outer * outer - inner * inner),
                        darkness: DARKNESS * nearness,
                    })
                }));
            }
            self.ranges.push((first, self.discs.len() as u32));
        }
    }

    /// Discs on the surface of this index.
    #[inline(always)]
    pub(crate) fn on(&self, surface: usize) -> &[Disc] {
        let (first, past) = self.ranges.get(surface).copied().unwrap_or((0, 0));
        self.discs.get(first as usize..past as usize).unwrap_or(&[])
    }
}
