//! What grows or lives.

use std::f32::consts::TAU;

use glam::{Affine3A, Quat, Vec3};

use super::{EARTH, LINEN, RUBBER, STONE, ShapeRow, WOOD};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "plant", height: 1.0, mass: 4.0, materials: &[STONE, EARTH], build: plant },
    ShapeRow { name: "cactus", height: 1.1, mass: 5.0, materials: &[STONE, EARTH], build: cactus },
    ShapeRow { name: "tree", height: 1.35, mass: 15.0, materials: &[WOOD], build: tree },
    ShapeRow { name: "mushroom", height: 0.8, mass: 1.5, materials: &[LINEN], build: mushroom },
    ShapeRow { name: "rubber duck", height: 0.72, mass: 0.3, materials: &[WOOD, RUBBER], build: duck },
    ShapeRow { name: "elephant", height: 0.72, mass: 4.0, materials: &[LINEN], build: elephant },
];

fn plant(b: &mut MeshBuilder) {
    b.fused(|b| {
        for k in 0..8_u8 {
            let upright = k % 2 == 1;
            b.place(Affine3A::from_rotation_y(TAU * f32::from(k) / 8.0));
            let (middle, tip) = if upright { ([0.16, 0.76], [0.26, 1.0]) } else { ([0.32, 0.8], [0.58, 0.58]) };
            let across = [[0.03, 0.03, 0.0], [0.0, 0.0, 0.13], [-0.03, -0.03, 0.0], [0.0, 0.0, -0.13]];
            b.stack(&[
                vec![[0.03, 0.36, 0.0]],
                across.map(|[x, y, z]| [middle[0] + x, middle[1] - y, z]).to_vec(),
                vec![[tip[0], tip[1], 0.0]],
            ]);
        }
    });
    b.at(0.0, 0.0, 0.0).slot(1).lathe(8, &[(0.15, 0.0), (0.22, 0.3), (0.26, 0.3), (0.26, 0.38), (0.21, 0.38)]);
    b.slot(2).lathe(6, &[(0.2, 0.36), (0.2, 0.39)]);
}

fn cactus(b: &mut MeshBuilder) {
    b.lathe(7, &[(0.13, 0.2), (0.16, 0.5), (0.14, 0.86), (0.08, 0.97), (0.0, 1.0)]);
    for (turn, low, high) in [(0.0, 0.46, 0.8), (0.36, 0.56, 0.9), (0.68, 0.4, 0.66)] {
        b.place(Affine3A::from_rotation_y(TAU * turn));
        b.tube(5, 0.085, &[[0.1, low, 0.0], [0.38, low + 0.02, 0.0], [0.38, high, 0.0]]);
    }
    b.at(0.0, 0.0, 0.0).slot(1).lathe(7, &[(0.2, 0.0), (0.26, 0.22)]);
    b.slot(2).lathe(5, &[(0.21, 0.2), (0.21, 0.24)]);
}

fn tree(b: &mut MeshBuilder) {
    for (radius, low, high) in [(0.44, 0.22, 0.56), (0.36, 0.48, 0.78), (0.26, 0.7, 1.0)] {
        b.lathe(9, &[(radius, low), (0.07, high)]);
    }
    b.lathe(6, &[(0.07, 0.95), (0.0, 1.1)]);
    b.slot(1).lathe(6, &[(0.16, 0.0), (0.1, 0.28)]);
}

fn mushroom(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.2, 0.58), (0.6, 0.5), (0.55, 0.68), (0.34, 0.9), (0.0, 1.0)]);
    b.slot(1).lathe(10, &[(0.26, 0.0), (0.16, 0.25), (0.16, 0.6)]);
}

fn duck(b: &mut MeshBuilder) {
    let body = Affine3A::from_scale_rotation_translation(
        Vec3::new(0.52, 0.3, 0.36),
        Quat::IDENTITY,
        Vec3::new(0.0, 0.27, 0.0),
    );
    b.place(body).lathe(10, &[(0.6, -0.9), (1.0, -0.1), (0.78, 0.66), (0.0, 1.0)]);
    b.at(0.26, 0.74, 0.0).ellipsoid(8, 5, [0.25, 0.26, 0.24]);
    let tail = Affine3A::from_rotation_translation(Quat::from_rotation_z(0.7), Vec3::new(-0.4, 0.32, 0.0));
    b.place(tail).lathe(5, &[(0.16, 0.0), (0.0, 0.36)]);
    b.slot(1).at(0.48, 0.7, 0.0).ellipsoid(6, 3, [0.18, 0.06, 0.13]);
    b.slot(2);
    for z in [-0.15, 0.15] {
        b.at(0.42, 0.83, z).ellipsoid(4, 3, [0.05, 0.05, 0.05]);
    }
}

fn elephant(b: &mut MeshBuilder) {
    b.at(-0.12, 0.58, 0.0).ellipsoid(8, 4, [0.48, 0.34, 0.32]);
    b.at(0.4, 0.74, 0.0).ellipsoid(6, 3, [0.26, 0.28, 0.24]);
    b.at(0.0, 0.0, 0.0);
    b.tube(4, 0.09, &[[0.58, 0.7, 0.0], [0.74, 0.4, 0.0], [0.86, 0.14, 0.0]]);
    for x in [-0.5, 0.06] {
        for z in [-0.28, 0.06] {
            b.cuboid([x, 0.0, z], [x + 0.22, 0.5, z + 0.22]);
        }
    }
    for side in [-1.0, 1.0] {
        let turn = Quat::from_rotation_y(side * 0.6);
        b.place(Affine3A::from_rotation_translation(turn, Vec3::new(0.34, 0.78, side * 0.3)));
        b.prism(&[[-0.3, -0.16], [0.04, -0.3], [0.1, 0.18], [-0.26, 0.26]], -0.03, 0.03);
    }
    b.slot(1).at(0.0, 0.0, 0.0);
    for z in [-0.15, 0.15] {
        b.tube(3, 0.05, &[[0.52, 0.6, z], [0.82, 0.54, z * 1.4]]);
    }
}
