//! What is played with or on.

use std::f32::consts::{FRAC_PI_4, TAU};

use glam::{Affine3A, Quat, Vec2, Vec3};

use super::{GLASS, LINEN, METAL, RUBBER, ShapeRow, WOOD};
use crate::mesh_builder::{MeshBuilder, around};

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "star", height: 0.9, mass: 1.0, materials: &[METAL], build: star },
    ShapeRow { name: "arch", height: 0.85, mass: 3.0, materials: &[], build: arch },
    ShapeRow { name: "drum", height: 0.6, mass: 4.0, materials: &[LINEN, WOOD], build: drum },
    ShapeRow { name: "guitar", height: 1.25, mass: 3.0, materials: &[WOOD, RUBBER, METAL], build: guitar },
    ShapeRow { name: "robot", height: 1.1, mass: 4.0, materials: &[METAL, GLASS], build: robot },
    ShapeRow { name: "windmill", height: 1.15, mass: 6.0, materials: &[WOOD, LINEN], build: windmill },
];

fn star(b: &mut MeshBuilder) {
    let points = around(10, |k, direction| {
        let radius = if k % 2 == 0 { 0.52 } else { 0.24 };
        [radius * direction.x, 0.0, radius * direction.y]
    });
    // Thick in the middle; the ring, which is made lying down, is turned to stand with one point up.
    let upright =
        Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2) * Quat::from_rotation_y(-std::f32::consts::FRAC_PI_2);
    b.place(Affine3A::from_rotation_translation(upright, Vec3::new(0.0, 0.54, 0.0)));
    b.stack(&[vec![[0.0, -0.2, 0.0]], points, vec![[0.0, 0.2, 0.0]]]);
    b.slot(1).at(0.0, 0.0, 0.0).cuboid([-0.3, 0.0, -0.17], [0.3, 0.14, 0.17]);
}

fn arch(b: &mut MeshBuilder) {
    // Wedges of a half ring on two pillars.
    for k in 0..6_u8 {
        let corner = |step: u8, radius: f32| {
            let direction = Vec2::from_angle(std::f32::consts::PI * f32::from(step) / 6.0);
            [radius * direction.x, 0.5 + radius * direction.y]
        };
        let outline = [corner(k, 0.25), corner(k, 0.5), corner(k + 1, 0.5), corner(k + 1, 0.25)];
        b.prism(&outline, -0.17, 0.17);
    }
    for x in [-0.5, 0.25] {
        b.cuboid([x, 0.0, -0.17], [x + 0.25, 0.5, 0.17]);
    }
}

fn drum(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.56, 0.04), (0.56, 0.82)]);
    b.slot(1);
    b.lathe(12, &[(0.6, 0.0), (0.6, 0.08)]);
    b.lathe(12, &[(0.6, 0.76), (0.6, 0.86)]);
    b.slot(2);
    for side in [-1.0, 1.0] {
        b.tube(4, 0.045, &[[-0.62 * side, 0.92, 0.1], [0.7 * side, 0.96, 0.3 * side + 0.1]]);
    }
}

fn guitar(b: &mut MeshBuilder) {
    let lean = Affine3A::from_rotation_translation(Quat::from_rotation_x(-0.14), Vec3::new(0.0, 0.36, 0.0));
    // A figure of eight about its waist.
    let radii = [0.18, 0.24, 0.24, 0.22, 0.21, 0.22, 0.24, 0.24, 0.18, 0.28, 0.33, 0.33, 0.32, 0.33, 0.33, 0.28];
    let body: Vec<[f32; 2]> = (0..16_u8)
        .zip(radii)
        .map(|(k, radius)| {
            let direction = Vec2::from_angle(TAU * f32::from(k) / 16.0);
            [radius * direction.x, radius * direction.y]
        })
        .collect();
    b.place(lean).star_prism(&body, -0.08, 0.08);
    b.slot(1).cuboid([-0.045, 0.1, 0.03], [0.045, 0.54, 0.12]).cuboid([-0.08, 0.54, 0.02], [0.08, 0.68, 0.11]);
    b.slot(2).tube(7, 0.08, &[[0.0, 0.02, 0.0], [0.0, 0.02, 0.09]]);
    b.cuboid([-0.12, -0.2, 0.06], [0.12, -0.15, 0.1]);
    b.slot(3).at(0.0, 0.0, 0.0);
    for side in [-1.0, 1.0] {
        b.tube(4, 0.03, &[[side * 0.2, 0.0, 0.2], [side * 0.09, 0.12, -0.02], [0.0, 0.4, -0.13]]);
    }
    b.tube(4, 0.03, &[[0.0, 0.0, -0.34], [0.0, 0.46, -0.13]]);
}

fn robot(b: &mut MeshBuilder) {
    b.cuboid([-0.25, 0.3, -0.16], [0.25, 0.68, 0.16]);
    b.cuboid([-0.19, 0.71, -0.15], [0.19, 0.93, 0.15]);
    for side in [-1.0, 1.0] {
        b.slot(1);
        b.tube(4, 0.07, &[[side * 0.24, 0.62, 0.0], [side * 0.42, 0.46, 0.02], [side * 0.42, 0.34, 0.2]]);
        b.cuboid([side * 0.14 - 0.07, 0.06, -0.08], [side * 0.14 + 0.07, 0.3, 0.08]);
        b.slot(0).cuboid([side * 0.15 - 0.11, 0.0, -0.14], [side * 0.15 + 0.11, 0.09, 0.2]);
        b.slot(2).cuboid([side * 0.09 - 0.05, 0.8, 0.14], [side * 0.09 + 0.05, 0.89, 0.17]);
    }
    b.slot(1).cuboid([-0.08, 0.66, -0.08], [0.08, 0.73, 0.08]);
    b.lathe(4, &[(0.025, 0.92), (0.025, 1.0), (0.06, 1.03), (0.0, 1.09)]);
}

fn windmill(b: &mut MeshBuilder) {
    b.lathe(8, &[(0.34, 0.0), (0.21, 0.7)]);
    b.lathe(8, &[(0.26, 0.7), (0.2, 0.84), (0.0, 0.94)]);
    b.slot(1).tube(5, 0.06, &[[0.0, 0.68, 0.1], [0.0, 0.68, 0.38]]);
    b.slot(2);
    for k in 0..4_u8 {
        let turn = Quat::from_rotation_z(FRAC_PI_4 * f32::from(2 * k + 1));
        b.place(Affine3A::from_rotation_translation(turn, Vec3::new(0.0, 0.68, 0.33)));
        b.cuboid([-0.02, 0.04, -0.02], [0.1, 0.46, 0.02]);
    }
}
