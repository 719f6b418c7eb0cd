//! What stands in a room and stays there.

use super::{EARTH, GLOW, LINEN, METAL, ShapeRow, WOOD};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "chair", height: 0.85, mass: 5.0, materials: &[WOOD], build: chair },
    ShapeRow { name: "bed", height: 0.5, mass: 30.0, materials: &[WOOD, LINEN], build: bed },
    ShapeRow { name: "wardrobe", height: 1.2, mass: 60.0, materials: &[METAL, WOOD], build: wardrobe },
    ShapeRow { name: "lamp", height: 1.1, mass: 4.0, materials: &[METAL, GLOW], build: lamp },
    ShapeRow { name: "stool", height: 0.45, mass: 3.0, materials: &[METAL], build: stool },
    ShapeRow { name: "plant", height: 0.85, mass: 4.0, materials: &[[0.05, 0.22, 0.04], EARTH], build: plant },
    ShapeRow { name: "candle", height: 0.6, mass: 0.8, materials: &[METAL, GLOW], build: candle },
    ShapeRow { name: "sofa", height: 0.55, mass: 35.0, materials: &[WOOD], build: sofa },
];

fn chair(b: &mut MeshBuilder) {
    b.cuboid([-0.25, 0.44, -0.25], [0.25, 0.52, 0.25]);
    b.cuboid([-0.25, 0.6, -0.25], [0.25, 1.0, -0.18]);
    b.slot(1);
    for x in [-0.24, 0.17] {
        b.cuboid([x, 0.0, 0.17], [x + 0.07, 0.44, 0.24]);
        b.cuboid([x, 0.0, -0.24], [x + 0.07, 0.6, -0.19]);
    }
}

fn bed(b: &mut MeshBuilder) {
    b.cuboid([-0.45, 0.12, -0.78], [0.45, 0.5, 0.78]);
    b.slot(1);
    b.cuboid([-0.46, 0.0, -0.84], [0.46, 0.9, -0.78]);
    b.cuboid([-0.46, 0.0, 0.78], [0.46, 0.4, 0.84]);
    b.slot(2).cuboid([-0.36, 0.48, -0.74], [0.36, 0.6, -0.42]);
}

fn wardrobe(b: &mut MeshBuilder) {
    b.cuboid([-0.3, 0.06, -0.18], [0.3, 1.0, 0.18]);
    b.slot(1);
    for x in [-0.05, 0.02] {
        b.cuboid([x, 0.42, 0.17], [x + 0.03, 0.58, 0.21]);
    }
    b.slot(2);
    b.cuboid([-0.33, 0.91, -0.21], [0.33, 0.96, 0.21]);
    b.cuboid([-0.31, 0.0, -0.19], [0.31, 0.07, 0.19]);
    b.cuboid([-0.008, 0.08, 0.16], [0.008, 0.9, 0.185]);
}

fn lamp(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.26, 0.62), (0.14, 1.0)]);
    b.slot(1);
    b.lathe(10, &[(0.17, 0.0), (0.15, 0.04), (0.025, 0.06), (0.025, 0.64)]);
    b.slot(2).lathe(8, &[(0.16, 0.59), (0.16, 0.63)]);
}

fn stool(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.44, 0.78), (0.44, 0.96), (0.36, 1.0)]);
    b.slot(1);
    for (x, z) in [(0.3, 0.3), (-0.3, 0.3), (0.3, -0.3), (-0.3, -0.3)] {
        b.tube(4, 0.05, &[[x * 1.2, 0.0, z * 1.2], [x * 0.8, 0.8, z * 0.8]]);
    }
}

fn plant(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.17, 0.0), (0.25, 0.36), (0.28, 0.36), (0.28, 0.44), (0.22, 0.44)]);
    b.slot(2).lathe(8, &[(0.21, 0.40), (0.21, 0.45)]);
    b.slot(1);
    let leaves = [[0.24, 0.86, 0.02], [-0.2, 0.9, 0.16], [-0.08, 0.84, -0.24], [0.05, 1.0, 0.05], [0.12, 0.78, 0.26]];
    for [x, y, z] in leaves {
        let middle = [x * 0.5, (y + 0.44) * 0.55, z * 0.5];
        b.place(leaf(middle, [x, y, z])).lathe(4, &[(0.03, 0.0), (0.09, 0.5), (0.0, 1.0)]);
    }
}

fn leaf(from: [f32; 3], to: [f32; 3]) -> glam::Affine3A {
    let (from, to) = (glam::Vec3::from(from) * glam::Vec3::new(0.2, 0.8, 0.2), glam::Vec3::from(to));
    let turn = glam::Quat::from_rotation_arc(glam::Vec3::Y, (to - from).normalize());
    let stretch = glam::Vec3::new(1.0, (to - from).length(), 1.0);
    glam::Affine3A::from_scale_rotation_translation(stretch, turn, from)
}

fn candle(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.15, 0.1), (0.15, 0.8)]);
    b.slot(1).lathe(12, &[(0.3, 0.0), (0.34, 0.1), (0.3, 0.12)]);
    b.slot(2).lathe(6, &[(0.0, 0.8), (0.05, 0.88), (0.0, 1.0)]);
}

fn sofa(b: &mut MeshBuilder) {
    b.cuboid([-0.9, 0.14, -0.4], [0.9, 0.5, 0.4]);
    b.cuboid([-0.9, 0.5, -0.4], [0.9, 1.0, -0.14]);
    for x in [-0.9, 0.68] {
        b.cuboid([x, 0.5, -0.14], [x + 0.22, 0.72, 0.4]);
    }
    b.slot(1);
    for x in [-0.85, 0.75] {
        for z in [-0.36, 0.26] {
            b.cuboid([x, 0.0, z], [x + 0.1, 0.14, z + 0.1]);
        }
    }
}
