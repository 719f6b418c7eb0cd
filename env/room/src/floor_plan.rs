//! The outline of a floor: a rectangle centred on the origin, with or without a notch in one corner.

use serde::{Deserialize, Serialize};

/// The outline of a floor; x and z in metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FloorPlan {
    /// Along x: the floor reaches from `-width / 2` to `width / 2`.
    pub width: f32,
    /// Along z: the floor reaches from `-depth / 2` to `depth / 2`.
    pub depth: f32,
    /// The part of the rectangle that is not floor.
    pub notch: Option<Notch>,
}

/// A rectangle in one corner of the floor's bounding rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Notch {
    /// Least and greatest x.
    pub x: [f32; 2],
    /// Least and greatest z.
    pub z: [f32; 2],
}

impl Notch {
    /// Distance of `(x, z)` from this rectangle, 0 inside.
    fn distance(&self, x: f32, z: f32) -> f32 {
        let dx = (self.x[0] - x).max(x - self.x[1]).max(0.0);
        let dz = (self.z[0] - z).max(z - self.z[1]).max(0.0);
        (dx * dx + dz * dz).sqrt()
    }
}

impl FloorPlan {
    /// Square metres.
    pub fn area(&self) -> f32 {
        let notch = self.notch.map_or(0.0, |notch| (notch.x[1] - notch.x[0]) * (notch.z[1] - notch.z[0]));
        self.width * self.depth - notch
    }

    /// Whether the disc of radius `margin` about `(x, z)` lies on the floor.
    pub fn contains(&self, x: f32, z: f32, margin: f32) -> bool {
        let inside = x.abs() <= self.width / 2.0 - margin && z.abs() <= self.depth / 2.0 - margin;
        // On the notch's very edge the distance is 0, which is floor only for a margin of 0 or less.
        inside && self.notch.is_none_or(|notch| notch.distance(x, z) >= margin.max(f32::MIN_POSITIVE))
    }

    /// Whether a wall between two corners is part of the bounding rectangle, and not one of the two along the notch.
    pub fn is_outer(&self, from: [f32; 2], to: [f32; 2]) -> bool {
        let on_edge = |axis: usize, side: f32| from[axis] == to[axis] && from[axis].abs() == side / 2.0;
        on_edge(0, self.width) || on_edge(1, self.depth)
    }

    /// The corners `[x, z]`, four or six, in the order in which walls run: from each to the next, the floor lies on
    /// the right of the direction as drawn with x to the right and z downwards.
    pub fn corners(&self) -> Vec<[f32; 2]> {
        let (x, z) = (self.width / 2.0, self.depth / 2.0);
        let mut corners = Vec::with_capacity(6);
        for (index, corner) in [[-x, -z], [x, -z], [x, z], [-x, z]].into_iter().enumerate() {
            let Some(notch) = self.notch.filter(|notch| notch.x.contains(&corner[0]) && notch.z.contains(&corner[1]))
            else {
                corners.push(corner);
                continue;
            };
            let inner_x = if notch.x[0] == corner[0] { notch.x[1] } else { notch.x[0] };
            let inner_z = if notch.z[0] == corner[1] { notch.z[1] } else { notch.z[0] };
            let (along_x, along_z) = ([inner_x, corner[1]], [corner[0], inner_z]);
            let (first, last) = if index % 2 == 0 { (along_z, along_x) } else { (along_x, along_z) };
            corners.extend([first, [inner_x, inner_z], last]);
        }
        corners
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shoelace(corners: &[[f32; 2]]) -> f32 {
        let next = corners.iter().cycle().skip(1);
        corners.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>() / 2.0
    }

    #[test]
    fn corners_run_around_the_floor_whichever_corner_is_missing() {
        for (x, z) in [
            ([-3.0, -1.0], [-2.0, 0.0]),
            ([1.0, 3.0], [-2.0, 0.0]),
            ([1.0, 3.0], [0.5, 2.0]),
            ([-3.0, -2.0], [1.0, 2.0]),
        ] {
            let plan = FloorPlan { width: 6.0, depth: 4.0, notch: Some(Notch { x, z }) };
            let corners = plan.corners();
            assert_eq!(corners.len(), 6);
            assert!((shoelace(&corners) - plan.area()).abs() < 1e-4, "{corners:?}");
            for pair in corners.windows(2) {
                assert!(pair[0][0] == pair[1][0] || pair[0][1] == pair[1][1], "{corners:?}");
            }
            let next = corners.iter().cycle().skip(1);
            let outer = corners.iter().zip(next).filter(|&(&from, &to)| plan.is_outer(from, to)).count();
            assert_eq!(outer, 4, "{corners:?}");
            let middle = [(x[0] + x[1]) / 2.0, (z[0] + z[1]) / 2.0];
            assert!(!plan.contains(middle[0], middle[1], 0.0));
            assert!(plan.contains(-middle[0], -middle[1], 0.3));
        }
    }
}
