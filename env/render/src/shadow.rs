//! Contact shadows: a soft dark disc on the floor under each object.

use std::ops::Range;

use fearless_simd::{f32x8, prelude::*};
use glam::Vec3;
use groundling_room::Instance;

use crate::camera::{View, dot};
use crate::frame::{Frame, LANES, ceil_within};
use crate::renderer::NEAR;
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
    outer_squared: f32,
    /// One over the difference of the squared radii.
    inverse_fade: f32,
    darkness: f32,
    seen: Seen,
}

/// Rows and blocks beyond which nothing of a disc is seen.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    rows: (u32, u32),
    blocks: (u32, u32),
}

/// Discs gathered for part of a row.
const MOST_NEAR: usize = 8;

/// The discs that matter to part of a row; more than fit are all taken to matter.
pub(crate) struct NearDiscs<'a> {
    all: &'a [Disc],
    near: [u16; MOST_NEAR],
    len: usize,
}

impl<'a> NearDiscs<'a> {
    /// Those that reach into these blocks of a row.
    #[inline(always)]
    pub(crate) fn find(all: &'a [Disc], row: usize, blocks: Range<usize>) -> Self {
        let mut found = Self { all, near: [0; MOST_NEAR], len: 0 };
        for (index, disc) in all.iter().enumerate() {
            let Seen { rows, blocks: seen } = disc.seen;
            let is_in_row = (rows.0..rows.1).contains(&(row as u32));
            if is_in_row && seen.0 < blocks.end as u32 && seen.1 > blocks.start as u32 {
                if let Some(slot) = found.near.get_mut(found.len) {
                    *slot = index as u16;
                }
                found.len += 1;
            }
        }
        found
    }

    /// How many there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        if self.len > MOST_NEAR { self.all.len() } else { self.len }
    }

    /// Of the given index, counted from 0.
    #[inline(always)]
    pub(crate) fn of(&self, index: usize) -> Option<&Disc> {
        let index = if self.len > MOST_NEAR { index } else { usize::from(*self.near.get(index)?) };
        self.all.get(index)
    }
}

impl Disc {
    /// Whether it may reach into a block of the row it was gathered for.
    #[inline(always)]
    pub(crate) fn reaches_into(&self, block: usize) -> bool {
        (self.seen.blocks.0..self.seen.blocks.1).contains(&(block as u32))
    }

    /// Share of the light left at these distances from its centre.
    #[inline(always)]
    pub(crate) fn light_left<S: Simd>(&self, squared_distance: f32x8<S>) -> f32x8<S> {
        let x = ((self.outer_squared - squared_distance) * self.inverse_fade).max(0.0).min(1.0);
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
    pub(crate) fn clear(&mut self) {
        self.discs.clear();
        self.ranges.clear();
    }

    /// Finds the discs on the next ready surface; whether any of them is seen.
    #[inline(always)]
    pub(crate) fn find(&mut self, instances: &[Instance], surface: &ReadySurface, view: &View, frame: &Frame) -> bool {
        let first = self.discs.len();
        if surface.receives_shadows {
            self.discs.extend(instances.iter().filter_map(|instance| disc(instance, surface, view, frame)));
        }
        self.ranges.push((first as u32, self.discs.len() as u32));
        self.discs.len() > first
    }

    /// Discs on the surface of this index.
    #[inline(always)]
    pub(crate) fn on(&self, surface: usize) -> &[Disc] {
        let (first, past) = self.ranges.get(surface).copied().unwrap_or((0, 0));
        self.discs.get(first as usize..past as usize).unwrap_or(&[])
    }
}

/// The shadow of an instance on a surface, unless it has none or none of it is seen.
#[inline(always)]
fn disc(instance: &Instance, surface: &ReadySurface, view: &View, frame: &Frame) -> Option<Disc> {
    let radius = instance.shadow_radius;
    if !(radius > 0.0 && radius < 1e3) {
        return None;
    }
    let offset = Vec3::from(instance.world_from_object.translation) - surface.origin;
    let height = dot(offset, surface.normal);
    let nearness = 1.0 - if height > 0.0 { height } else { -height } / REACH;
    if nearness <= 0.0 || nearness.is_nan() {
        return None;
    }
    let (inner, outer) = (INNER * radius, OUTER * radius);
    let foot = offset - surface.normal * height;
    // The rhomb around the disc whose sides run along the surface's edges.
    let reach = outer / (1.0 - surface.skew * surface.skew).sqrt();
    let (along_s, along_t) = (surface.unit_s * reach, surface.unit_t * reach);
    let middle = surface.origin + foot;
    let corners = [
        middle - along_s - along_t,
        middle + along_s - along_t,
        middle + along_s + along_t,
        middle - along_s + along_t,
    ];
    Some(Disc {
        s: dot(surface.axis_s, offset),
        t: dot(surface.axis_t, offset),
        outer_squared: outer * outer,
        inverse_fade: 1.0 / (outer * outer - inner * inner),
        darkness: DARKNESS * nearness,
        seen: Seen::of(&corners, view, frame)?,
    })
}

impl Seen {
    /// Where what lies between the corners can be seen, with a margin of a pixel; `None` for nowhere.
    #[inline(always)]
    fn of(corners: &[Vec3; 4], view: &View, frame: &Frame) -> Option<Self> {
        let everywhere = Self { rows: (0, frame.height as u32), blocks: (0, frame.num_blocks as u32) };
        let seen = corners.map(|corner| view.to_view(corner));
        let num_beyond = seen.iter().filter(|corner| corner.z >= NEAR).count();
        if num_beyond < seen.len() {
            return (num_beyond > 0).then_some(everywhere);
        }
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for corner in seen {
            let pixel = view.to_pixel(corner);
            for (k, at) in [pixel.i, pixel.j].into_iter().enumerate() {
                low[k] = if at < low[k] { at } else { low[k] };
                high[k] = if at > high[k] { at } else { high[k] };
            }
        }
        let from = |k: usize, limit: usize| ceil_within(low[k] - 1.0, limit);
        let to = |k: usize, limit: usize| ceil_within(high[k] + 1.0, limit);
        let (left, right) = (from(0, frame.width), to(0, frame.width));
        let (top, bottom) = (from(1, frame.height), to(1, frame.height));
        (left < right && top < bottom).then_some(Self {
            rows: (top as u32, bottom as u32),
            blocks: ((left / LANES) as u32, right.div_ceil(LANES) as u32),
        })
    }
}
