//! Six shapes that can be told apart in a picture of 32 by 24 pixels.

use super::{METAL, ShapeRow, WOOD};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "ball", height: 0.5, mass: 0.4, materials: &[], build: ball },
    ShapeRow { name: "crate", height: 0.5, mass: 5.0, materials: &[WOOD], build: crate_box },
    ShapeRow { name: "cone", height: 0.65, mass: 1.5, materials: &[], build: cone },
    ShapeRow { name: "table", height: 0.5, mass: 6.0, materials: &[WOOD], build: table },
    ShapeRow { name: "ring", height: 0.22, mass: 0.8, materials: &[], build: ring },
    ShapeRow { name: "bottle", height: 0.75, mass: 1.0, materials: &[METAL], build: bottle },
];

fn ball(b: &mut MeshBuilder) {
    b.ellipsoid(12, 8, [0.5; 3]);
}

fn crate_box(b: &mut MeshBuilder) {
    b.cuboid([-0.48, 0.02, -0.48], [0.48, 0.96, 0.48]);
    b.slot(1).fused(|b| {
        for x in [-0.52, 0.38] {
            for z in [-0.52, 0.38] {
                b.cuboid([x, 0.0, z], [x + 0.14, 1.0, z + 0.14]);
            }
        }
        for side in [-0.52, 0.4] {
            b.cuboid([-0.4, 0.86, side], [0.4, 0.99, side + 0.12]);
            b.cuboid([side, 0.86, -0.4], [side + 0.12, 0.99, 0.4]);
        }
    });
}

fn cone(b: &mut MeshBuilder) {
    b.lathe(16, &[(0.46, 0.0), (0.0, 1.0)]);
}

fn table(b: &mut MeshBuilder) {
    b.cuboid([-0.6, 0.84, -0.6], [0.6, 1.0, 0.6]);
    b.slot(1);
    for x in [-0.54, 0.42] {
        for z in [-0.54, 0.42] {
            b.cuboid([x, 0.0, z], [x + 0.12, 0.84, z + 0.12]);
        }
    }
}

fn ring(b: &mut MeshBuilder) {
    b.torus(14, 6, 0.75, 0.25);
}

fn bottle(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.2, 0.0), (0.22, 0.04), (0.22, 0.55), (0.08, 0.74), (0.08, 0.93)]);
    b.slot(1).lathe(8, &[(0.1, 0.9), (0.1, 1.0)]);
}
