//! What stands in a room and stays there.

use glam::{Affine3A, Quat, Vec2, Vec3};

use super::{FLAME, GLASS, LINEN, METAL, RUBBER, ShapeRow, WOOD};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "chair", height: 1.0, mass: 5.0, materials: &[WOOD], build: chair },
    ShapeRow { name: "bed", height: 0.55, mass: 30.0, materials: &[WOOD, LINEN], build: bed },
    ShapeRow { name: "wardrobe", height: 1.4, mass: 60.0, materials: &[METAL, WOOD], build: wardrobe },
    ShapeRow { name: "lamp", height: 1.3, mass: 4.0, materials: &[METAL, FLAME], build: lamp },
    ShapeRow { name: "stool", height: 0.75, mass: 3.0, materials: &[METAL], build: stool },
    ShapeRow { name: "sofa", height: 0.64, mass: 35.0, materials: &[WOOD, LINEN], build: sofa },
    ShapeRow { name: "ladder", height: 1.1, mass: 6.0, materials: &[METAL], build: ladder },
    ShapeRow { name: "mirror", height: 1.15, mass: 8.0, materials: &[WOOD, GLASS], build: mirror },
    ShapeRow { name: "piano", height: 0.88, mass: 80.0, materials: &[WOOD, LINEN, RUBBER], build: piano },
];

fn chair(b: &mut MeshBuilder) {
    b.cuboid([-0.25, 0.44, -0.25], [0.25, 0.54, 0.25]);
    b.cuboid([-0.25, 0.62, -0.25], [0.25, 1.0, -0.17]);
    b.slot(1);
    for x in [-0.24, 0.17] {
        b.cuboid([x, 0.0, 0.17], [x + 0.07, 0.44, 0.24]);
        b.cuboid([x, 0.0, -0.24], [x + 0.07, 0.62, -0.18]);
    }
}

fn bed(b: &mut MeshBuilder) {
    // The blanket hangs down on all sides; both ends of the frame are open, so that it is never hidden.
    b.cuboid([-0.48, 0.12, -0.8], [0.48, 0.54, 0.8]);
    b.slot(1);
    for x in [-0.49, 0.41] {
        b.cuboid([x, 0.0, -0.88], [x + 0.08, 0.95, -0.8]);
        b.cuboid([x, 0.0, 0.8], [x + 0.08, 0.68, 0.88]);
    }
    b.cuboid([-0.41, 0.84, -0.87], [0.41, 0.95, -0.81]);
    b.slot(2).cuboid([-0.36, 0.5, -0.76], [0.36, 0.62, -0.46]);
}

fn wardrobe(b: &mut MeshBuilder) {
    b.cuboid([-0.3, 0.08, -0.18], [0.3, 0.88, 0.18]);
    b.slot(1);
    for x in [-0.06, 0.03] {
        b.cuboid([x, 0.4, 0.17], [x + 0.03, 0.58, 0.21]);
    }
    b.slot(2);
    b.cuboid([-0.34, 0.87, -0.21], [0.34, 0.92, 0.21]);
    b.prism(&[[-0.3, 0.92], [0.3, 0.92], [0.0, 1.0]], -0.17, 0.17);
    for x in [-0.3, 0.22] {
        b.cuboid([x, 0.0, -0.18], [x + 0.08, 0.08, 0.18]);
    }
    b.cuboid([-0.008, 0.09, 0.16], [0.008, 0.87, 0.185]);
}

fn lamp(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.28, 0.6), (0.15, 1.0)]);
    b.slot(1);
    b.lathe(10, &[(0.17, 0.0), (0.15, 0.04), (0.035, 0.06), (0.035, 0.64)]);
    b.slot(2).lathe(8, &[(0.16, 0.57), (0.16, 0.63)]);
}

fn stool(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.36, 0.76), (0.4, 0.82), (0.4, 0.94), (0.33, 1.0)]);
    b.slot(1);
    for (x, z) in [(0.3, 0.3), (-0.3, 0.3), (0.3, -0.3), (-0.3, -0.3)] {
        b.tube(4, 0.05, &[[x * 1.15, 0.0, z * 1.15], [x * 0.7, 0.8, z * 0.7]]);
    }
}

fn sofa(b: &mut MeshBuilder) {
    b.cuboid([-0.9, 0.16, -0.4], [0.9, 0.5, 0.4]);
    b.cuboid([-0.9, 0.5, -0.4], [0.9, 1.0, -0.14]);
    for x in [-0.9, 0.68] {
        b.cuboid([x, 0.5, -0.14], [x + 0.22, 0.74, 0.4]);
    }
    b.slot(1);
    for x in [-0.85, 0.75] {
        for z in [-0.36, 0.26] {
            b.cuboid([x, 0.0, z], [x + 0.1, 0.16, z + 0.1]);
        }
    }
    b.slot(2);
    for x in [-0.56, 0.08] {
        b.cuboid([x, 0.48, -0.16], [x + 0.48, 0.9, 0.02]);
    }
}

fn ladder(b: &mut MeshBuilder) {
    for side in [-1.0, 1.0] {
        b.tube(4, 0.06, &[[side * 0.3, 0.0, 0.36], [side * 0.2, 0.97, 0.04]]);
        b.tube(4, 0.06, &[[side * 0.3, 0.0, -0.36], [side * 0.2, 0.97, -0.04]]);
    }
    b.cuboid([-0.26, 0.94, -0.13], [0.26, 1.0, 0.13]);
    b.slot(1);
    for step in 1..5_u8 {
        let share = f32::from(step) * 0.2;
        let (x, z) = (0.3 - 0.1 * share, 0.36 - 0.32 * share);
        b.cuboid([-x, share - 0.03, z - 0.05], [x, share + 0.03, z + 0.05]);
    }
}

fn mirror(b: &mut MeshBuilder) {
    let oval = |x: f32, y: f32| -> Vec<[f32; 2]> {
        let directions = (0..14_u8).map(|k| Vec2::from_angle(std::f32::consts::TAU * f32::from(k) / 14.0));
        directions.map(|direction| [x * direction.x, y * direction.y]).collect()
    };
    let tilt = Affine3A::from_rotation_translation(Quat::from_rotation_x(-0.1), Vec3::new(0.0, 0.55, 0.0));
    b.place(tilt).prism(&oval(0.33, 0.46), -0.07, 0.07);
    b.slot(2).prism(&oval(0.2, 0.32), 0.0, 0.085);
    b.slot(1).at(0.0, 0.0, 0.0).cuboid([-0.2, 0.05, -0.05], [0.2, 0.16, 0.09]);
    for x in [-0.24, 0.16] {
        b.cuboid([x, 0.0, -0.2], [x + 0.08, 0.07, 0.24]);
    }
}

fn piano(b: &mut MeshBuilder) {
    // The wing's outline, seen from above: keys at +z.
    let wing = [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.0], [0.15, 0.5], [-0.22, 0.64], [-0.5, 0.56]];
    let flat = Affine3A::from_rotation_x(-std::f32::consts::FRAC_PI_2);
    b.place(flat).prism(&wing, 0.38, 0.64);
    let hinge = Affine3A::from_translation(Vec3::new(-0.5, 0.64, 0.0));
    let lid = hinge * Affine3A::from_rotation_z(0.62) * Affine3A::from_translation(Vec3::new(0.5, 0.0, 0.0));
    let behind_the_keys = [[-0.5, -0.28], [0.5, -0.28], [0.5, 0.0], [0.15, 0.5], [-0.22, 0.64], [-0.5, 0.56]];
    b.place(lid * flat).prism(&behind_the_keys, 0.0, 0.04);
    b.slot(1).at(0.0, 0.0, 0.0);
    for [x, z] in [[-0.42, 0.4], [0.32, 0.4], [-0.26, -0.5]] {
        b.cuboid([x, 0.0, z], [x + 0.1, 0.4, z + 0.1]);
    }
    b.tube(3, 0.02, &[[0.34, 0.6, 0.0], [0.14, 1.06, 0.0]]);
    b.slot(2).cuboid([-0.46, 0.44, 0.48], [0.46, 0.54, 0.66]);
    b.slot(3).cuboid([-0.44, 0.53, 0.49], [0.44, 0.57, 0.57]);
}
