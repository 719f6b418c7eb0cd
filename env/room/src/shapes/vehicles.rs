//! Toys that go somewhere.

use std::f32::consts::FRAC_PI_2;

use glam::{Affine3A, Vec3};

use super::{GLASS, METAL, RUBBER, ShapeRow, WOOD};
use crate::mesh_builder::{MeshBuilder, rectangle};

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "car", height: 0.48, mass: 2.0, materials: &[RUBBER, GLASS], build: car },
    ShapeRow { name: "boat", height: 1.0, mass: 2.0, materials: &[WOOD], build: boat },
    ShapeRow { name: "plane", height: 0.53, mass: 1.5, materials: &[METAL, RUBBER], build: plane },
    ShapeRow { name: "train", height: 0.7, mass: 4.0, materials: &[RUBBER, METAL], build: train },
    ShapeRow { name: "rocket", height: 1.2, mass: 1.5, materials: &[METAL, GLASS], build: rocket },
];

fn car(b: &mut MeshBuilder) {
    b.cuboid([-1.0, 0.2, -0.44], [1.0, 0.6, 0.44]);
    b.stack(&[rectangle([-0.7, 0.42], 0.92, [-0.38, 0.38]), rectangle([-0.64, 0.34], 1.0, [-0.35, 0.35])]);
    b.slot(2).stack(&[rectangle([-0.84, 0.6], 0.58, [-0.42, 0.42]), rectangle([-0.66, 0.36], 0.94, [-0.36, 0.36])]);
    b.slot(1);
    for x in [-0.6, 0.6] {
        for z in [-0.5, 0.3] {
            b.tube(8, 0.24, &[[x, 0.24, z], [x, 0.24, z + 0.2]]);
        }
    }
}

fn boat(b: &mut MeshBuilder) {
    let hull = |length: f32, width: f32, y: f32, rise: f32| {
        vec![
            [length, y + rise, 0.0],
            [0.5 * length, y + 0.3 * rise, 0.8 * width],
            [-0.1 * length, y, width],
            [-0.9 * length, y, 0.8 * width],
            [-0.9 * length, y, -0.8 * width],
            [-0.1 * length, y, -width],
            [0.5 * length, y + 0.3 * rise, -0.8 * width],
        ]
    };
    b.stack(&[hull(0.4, 0.2, 0.0, 0.0), hull(0.58, 0.29, 0.26, 0.08)]);
    b.prism(&[[0.08, 0.42], [0.46, 0.42], [0.08, 1.0]], -0.03, 0.03);
    b.prism(&[[-0.46, 0.36], [-0.02, 0.36], [-0.02, 0.94]], -0.04, 0.04);
    b.slot(1).stack(&[hull(0.48, 0.22, 0.24, 0.06), hull(0.46, 0.21, 0.29, 0.06)]);
    b.tube(5, 0.03, &[[0.03, 0.2, 0.0], [0.03, 1.04, 0.0]]);
}

fn plane(b: &mut MeshBuilder) {
    let along = Affine3A::from_rotation_translation(glam::Quat::from_rotation_z(-FRAC_PI_2), Vec3::new(0.0, 0.3, 0.0));
    b.place(along).lathe(8, &[(0.05, -0.62), (0.13, -0.1), (0.14, 0.3), (0.07, 0.44)]);
    let flat = Affine3A::from_rotation_x(-FRAC_PI_2);
    b.place(flat);
    b.prism(&[[-0.06, -0.7], [0.12, -0.7], [0.28, 0.0], [0.12, 0.7], [-0.06, 0.7], [-0.1, 0.0]], 0.25, 0.32);
    b.prism(&[[-0.64, -0.28], [-0.52, -0.28], [-0.42, 0.0], [-0.52, 0.28], [-0.64, 0.28]], 0.31, 0.36);
    b.at(0.0, 0.0, 0.0).prism(&[[-0.64, 0.3], [-0.4, 0.3], [-0.56, 0.66], [-0.68, 0.66]], -0.03, 0.03);
    b.slot(1).cuboid([0.43, 0.08, -0.04], [0.46, 0.52, 0.04]).tube(4, 0.05, &[[0.42, 0.3, 0.0], [0.52, 0.3, 0.0]]);
    b.slot(2);
    for z in [-0.2, 0.14] {
        b.tube(6, 0.1, &[[0.18, 0.087, z], [0.18, 0.087, z + 0.06]]);
    }
    b.slot(1).cuboid([0.15, 0.07, -0.16], [0.21, 0.26, 0.16]);
    b.cuboid([-0.56, 0.0, -0.02], [-0.52, 0.28, 0.02]);
}

fn train(b: &mut MeshBuilder) {
    b.tube(9, 0.2, &[[-0.22, 0.46, 0.0], [0.54, 0.46, 0.0]]);
    b.cuboid([-0.58, 0.2, -0.25], [-0.2, 0.84, 0.25]);
    b.at(0.36, 0.6, 0.0).lathe(6, &[(0.08, 0.0), (0.08, 0.24), (0.15, 0.4)]);
    b.at(0.04, 0.62, 0.0).lathe(5, &[(0.1, 0.0), (0.1, 0.1), (0.0, 0.16)]);
    b.at(0.0, 0.0, 0.0).slot(2).cuboid([-0.64, 0.82, -0.3], [-0.14, 0.9, 0.3]);
    b.prism(&[[0.54, 0.02], [0.78, 0.02], [0.54, 0.26]], -0.22, 0.22);
    b.slot(1).cuboid([-0.58, 0.16, -0.2], [0.56, 0.28, 0.2]);
    for x in [-0.42, -0.02, 0.36] {
        b.tube(7, 0.15, &[[x, 0.15, -0.24], [x, 0.15, 0.24]]);
    }
}

fn rocket(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.1, 0.1), (0.19, 0.24), (0.21, 0.5), (0.15, 0.76), (0.0, 1.0)]);
    b.slot(1);
    for quarter in 0..4_u8 {
        b.place(Affine3A::from_rotation_y(FRAC_PI_2 * f32::from(quarter)));
        b.prism(&[[0.13, 0.14], [0.42, 0.0], [0.42, 0.16], [0.17, 0.46]], -0.03, 0.03);
    }
    b.slot(2);
    for side in [-1.0, 1.0] {
        b.at(0.0, 0.6, side * 0.19).ellipsoid(6, 3, [0.08, 0.08, 0.03]);
    }
}
