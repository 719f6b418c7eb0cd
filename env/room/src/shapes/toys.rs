//! What is played with.

use glam::{Affine3A, Quat, Vec3};

use super::{GLOW, LINEN, METAL, RUBBER, ShapeRow};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "rubber duck", height: 0.55, mass: 0.3, materials: &[[0.80, 0.20, 0.01], RUBBER], build: duck },
    ShapeRow { name: "car", height: 0.38, mass: 2.0, materials: &[RUBBER, [0.25, 0.40, 0.50]], build: car },
    ShapeRow { name: "rocket", height: 0.9, mass: 1.5, materials: &[METAL, [0.20, 0.35, 0.45]], build: rocket },
    ShapeRow { name: "book", height: 0.5, mass: 1.5, materials: &[LINEN], build: book },
    ShapeRow { name: "star", height: 0.65, mass: 1.0, materials: &[METAL], build: star },
    ShapeRow { name: "arch", height: 0.65, mass: 3.0, materials: &[], build: arch },
    ShapeRow { name: "mushroom", height: 0.55, mass: 1.5, materials: &[LINEN], build: mushroom },
    ShapeRow { name: "top hat", height: 0.42, mass: 0.3, materials: &[METAL], build: top_hat },
    ShapeRow { name: "drum", height: 0.4, mass: 4.0, materials: &[LINEN, GLOW], build: drum },
];

fn duck(b: &mut MeshBuilder) {
    b.at(0.0, 0.3, 0.0).ellipsoid(10, 4, [0.52, 0.3, 0.36]);
    b.at(0.26, 0.74, 0.0).ellipsoid(8, 5, [0.25, 0.26, 0.24]);
    let tail = Affine3A::from_rotation_translation(Quat::from_rotation_z(0.7), Vec3::new(-0.4, 0.32, 0.0));
    b.place(tail).lathe(5, &[(0.16, 0.0), (0.0, 0.36)]);
    b.slot(1).at(0.48, 0.7, 0.0).ellipsoid(6, 3, [0.18, 0.06, 0.13]);
    b.slot(2);
    for z in [-0.15, 0.15] {
        b.at(0.42, 0.83, z).ellipsoid(4, 3, [0.05, 0.05, 0.05]);
    }
}

fn car(b: &mut MeshBuilder) {
    b.cuboid([-1.0, 0.2, -0.44], [1.0, 0.6, 0.44]);
    let along = Affine3A::from_rotation_x(-std::f32::consts::FRAC_PI_2);
    // The cabin narrows upwards: lofted along its own z, which is turned to look up.
    let rectangle =
        |half_x: f32, half_z: f32| [[-half_x, -half_z], [half_x, -half_z], [half_x, half_z], [-half_x, half_z]];
    b.place(Affine3A::from_translation(Vec3::new(-0.15, 0.0, 0.0)) * along);
    b.loft(rectangle(0.56, 0.4), 0.92, rectangle(0.5, 0.37), 1.0);
    b.slot(2).loft(rectangle(0.68, 0.41), 0.58, rectangle(0.5, 0.36), 0.94);
    b.slot(1);
    for x in [-0.6, 0.6] {
        for z in [-0.5, 0.34] {
            let wheel = Affine3A::from_rotation_translation(
                Quat::from_rotation_x(std::f32::consts::FRAC_PI_2),
                Vec3::new(x, 0.22, z),
            );
            b.place(wheel).lathe(8, &[(0.22, 0.0), (0.22, 0.16)]);
        }
    }
}

fn rocket(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.1, 0.08), (0.17, 0.2), (0.18, 0.5), (0.13, 0.76), (0.0, 1.0)]);
    b.slot(1);
    for quarter in 0..4_u8 {
        b.place(Affine3A::from_rotation_y(std::f32::consts::FRAC_PI_2 * f32::from(quarter)));
        b.prism(&[[0.13, 0.12], [0.36, 0.0], [0.36, 0.12], [0.15, 0.42]], -0.02, 0.02);
    }
    b.slot(2).at(0.0, 0.58, 0.15).ellipsoid(6, 3, [0.07, 0.07, 0.04]);
}

fn book(b: &mut MeshBuilder) {
    // Two covers standing open, the pages between them.
    for side in [-1.0_f32, 1.0] {
        let turn = Affine3A::from_rotation_y(-side * 0.55);
        let x = if side < 0.0 { [-0.72, 0.0] } else { [0.0, 0.72] };
        b.slot(0).place(turn).cuboid([x[0], 0.0, -0.05], [x[1], 1.0, 0.03]);
        let inner = if side < 0.0 { [-0.56, -0.04] } else { [0.04, 0.56] };
        b.slot(1).cuboid([inner[0], 0.16, 0.0], [inner[1], 0.84, 0.09]);
    }
}

fn star(b: &mut MeshBuilder) {
    let outline: Vec<[f32; 2]> = (0..10_u8)
        .map(|k| {
            let radius = if k % 2 == 0 { 0.5 } else { 0.22 };
            let direction = glam::Vec2::from_angle(std::f32::consts::PI * (0.5 + f32::from(k) / 5.0));
            [radius * direction.x, radius * direction.y]
        })
        .collect();
    b.at(0.0, 0.55, 0.0).star_prism(&outline, -0.1, 0.1);
    b.slot(1).at(0.0, 0.0, 0.0).cuboid([-0.3, 0.0, -0.16], [0.3, 0.16, 0.16]);
}

fn arch(b: &mut MeshBuilder) {
    // Wedges of a half ring on two pillars.
    for k in 0..6_u8 {
        let corner = |step: u8, radius: f32| {
            let direction = glam::Vec2::from_angle(std::f32::consts::PI * f32::from(step) / 6.0);
            [radius * direction.x, 0.5 + radius * direction.y]
        };
        let outline = [corner(k, 0.25), corner(k, 0.5), corner(k + 1, 0.5), corner(k + 1, 0.25)];
        b.prism(&outline, -0.17, 0.17);
    }
    for x in [-0.5, 0.25] {
        b.cuboid([x, 0.0, -0.17], [x + 0.25, 0.5, 0.17]);
    }
}

fn mushroom(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.2, 0.5), (0.54, 0.46), (0.5, 0.7), (0.32, 0.92), (0.0, 1.0)]);
    b.slot(1).lathe(10, &[(0.2, 0.0), (0.14, 0.3), (0.15, 0.52)]);
}

fn top_hat(b: &mut MeshBuilder) {
    b.lathe(14, &[(0.75, 0.0), (0.75, 0.08), (0.42, 0.08), (0.46, 1.0)]);
    b.slot(1).lathe(12, &[(0.45, 0.1), (0.455, 0.28)]);
}

fn drum(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.56, 0.04), (0.56, 0.96)]);
    b.slot(1);
    b.lathe(12, &[(0.59, 0.0), (0.59, 0.07)]);
    b.lathe(12, &[(0.59, 0.93), (0.59, 1.0)]);
    b.slot(2);
    for k in 0..5_u8 {
        b.place(Affine3A::from_rotation_y(std::f32::consts::TAU * f32::from(k) / 5.0));
        b.cuboid([0.53, 0.07, -0.025], [0.58, 0.93, 0.025]);
    }
}
