//! What a home has besides furniture.

use glam::{Affine3A, Quat, Vec3};

use super::{FLAME, GLASS, LINEN, METAL, RUBBER, STONE, ShapeRow, WOOD};
use crate::mesh_builder::{MeshBuilder, around, rectangle};

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "clock", height: 0.75, mass: 1.0, materials: &[METAL, LINEN, RUBBER], build: clock },
    ShapeRow { name: "television", height: 0.95, mass: 12.0, materials: &[METAL, GLASS, WOOD], build: television },
    ShapeRow { name: "telephone", height: 0.66, mass: 1.2, materials: &[METAL, LINEN, RUBBER], build: telephone },
    ShapeRow { name: "bath", height: 0.58, mass: 50.0, materials: &[METAL, GLASS], build: bath },
    ShapeRow { name: "basin", height: 1.0, mass: 15.0, materials: &[METAL, GLASS], build: basin },
    ShapeRow { name: "bin", height: 1.0, mass: 7.0, materials: &[RUBBER, STONE], build: bin },
    ShapeRow { name: "umbrella", height: 1.05, mass: 3.0, materials: &[WOOD, STONE], build: umbrella },
    ShapeRow { name: "candle", height: 0.8, mass: 0.8, materials: &[METAL, FLAME], build: candle },
    ShapeRow { name: "cushion", height: 0.4, mass: 0.8, materials: &[WOOD], build: cushion },
    ShapeRow { name: "book stack", height: 0.6, mass: 3.0, materials: &[LINEN], build: book_stack },
    ShapeRow { name: "top hat", height: 0.62, mass: 0.3, materials: &[METAL], build: top_hat },
    ShapeRow { name: "boot", height: 0.85, mass: 0.8, materials: &[RUBBER, LINEN], build: boot },
    ShapeRow { name: "cake", height: 0.75, mass: 2.5, materials: &[LINEN, FLAME], build: cake },
];

fn clock(b: &mut MeshBuilder) {
    b.tube(14, 0.4, &[[0.0, 0.46, -0.17], [0.0, 0.46, 0.17]]);
    for side in [-1.0, 1.0] {
        let foot =
            Affine3A::from_rotation_translation(Quat::from_rotation_z(side * 0.5), Vec3::new(side * 0.26, 0.0, 0.0));
        b.slot(0).place(foot).cuboid([-0.06, 0.0, -0.14], [0.06, 0.2, 0.14]);
        let bell =
            Affine3A::from_rotation_translation(Quat::from_rotation_z(-side * 0.6), Vec3::new(side * 0.27, 0.81, 0.0));
        b.slot(1).place(bell).lathe(6, &[(0.2, 0.0), (0.15, 0.12), (0.0, 0.18)]);
    }
    b.at(0.0, 0.0, 0.0);
    // The face shows on both sides: seen from behind it would be a ball.
    b.slot(2).tube(10, 0.28, &[[0.0, 0.46, -0.19], [0.0, 0.46, 0.19]]);
    b.slot(3).cuboid([-0.03, 0.43, 0.18], [0.03, 0.69, 0.22]).cuboid([0.0, 0.43, 0.18], [0.18, 0.49, 0.22]);
}

fn television(b: &mut MeshBuilder) {
    b.cuboid([-0.5, 0.22, -0.1], [0.5, 0.8, 0.22]);
    b.loft(
        [[-0.3, 0.32], [0.3, 0.32], [0.3, 0.68], [-0.3, 0.68]],
        -0.32,
        [[-0.46, 0.24], [0.46, 0.24], [0.46, 0.78], [-0.46, 0.78]],
        -0.1,
    );
    b.slot(1);
    for side in [-1.0, 1.0] {
        b.tube(4, 0.034, &[[side * 0.05, 0.78, 0.0], [side * 0.38, 1.14, 0.0]]);
    }
    b.cuboid([0.32, 0.58, 0.2], [0.42, 0.68, 0.26]).cuboid([0.32, 0.42, 0.2], [0.42, 0.52, 0.26]);
    b.slot(2).cuboid([-0.42, 0.3, 0.2], [0.22, 0.72, 0.24]);
    b.slot(3);
    for x in [-0.4, 0.4] {
        for z in [-0.14, 0.16] {
            b.tube(4, 0.05, &[[x * 1.14, 0.0, z * 1.3], [x * 0.9, 0.24, z]]);
        }
    }
}

fn telephone(b: &mut MeshBuilder) {
    b.stack(&[rectangle([-0.46, 0.46], 0.0, [-0.36, 0.4]), rectangle([-0.24, 0.24], 0.6, [-0.2, 0.16])]);
    b.tube(6, 0.1, &[[-0.52, 0.84, -0.02], [0.52, 0.84, -0.02]]);
    for x in [-0.5, 0.5] {
        b.slot(0).at(x, 0.6, -0.02).lathe(6, &[(0.19, 0.0), (0.1, 0.32)]);
        b.slot(3).at(x, 0.46, -0.02).lathe(6, &[(0.18, 0.0), (0.22, 0.15)]);
    }
    b.slot(1).at(0.0, 0.0, 0.0);
    for x in [-0.22, 0.1] {
        b.cuboid([x, 0.58, -0.14], [x + 0.12, 0.78, 0.1]);
    }
    let (from, along) = (Vec3::new(0.0, 0.3, 0.24), Vec3::new(0.0, 0.24, 0.6).normalize());
    b.slot(2).tube(10, 0.2, &[from.into(), (from + 0.07 * along).into()]);
    b.slot(1).tube(8, 0.09, &[from.into(), (from + 0.1 * along).into()]);
}

fn bath(b: &mut MeshBuilder) {
    b.place(Affine3A::from_scale(Vec3::new(1.9, 1.0, 1.0)));
    b.lathe(10, &[(0.28, 0.12), (0.42, 0.44), (0.49, 0.92), (0.39, 0.92), (0.34, 0.6), (0.0, 0.6)]);
    b.slot(2).lathe(8, &[(0.35, 0.6), (0.35, 0.64)]);
    b.slot(1).at(0.0, 0.0, 0.0);
    for [x, z] in [[-0.5, -0.26], [-0.5, 0.26], [0.5, -0.26], [0.5, 0.26]] {
        b.tube(3, 0.08, &[[x * 1.1, 0.0, z * 1.15], [x * 0.9, 0.28, z * 0.9]]);
    }
    b.fused(|b| {
        b.tube(4, 0.06, &[[0.86, 0.86, 0.0], [0.86, 1.12, 0.0], [0.6, 1.12, 0.0]]);
    });
}

fn basin(b: &mut MeshBuilder) {
    let profile =
        [(0.24, 0.0), (0.13, 0.08), (0.11, 0.52), (0.36, 0.7), (0.44, 0.86), (0.36, 0.86), (0.3, 0.76), (0.0, 0.74)];
    b.lathe(10, &profile);
    b.cuboid([-0.32, 0.8, -0.46], [0.32, 0.94, -0.32]);
    b.slot(1).tube(3, 0.06, &[[0.0, 0.9, -0.38], [0.0, 1.1, -0.38], [0.0, 1.08, -0.08]]);
    b.slot(2).lathe(7, &[(0.31, 0.74), (0.31, 0.79)]);
}

fn bin(b: &mut MeshBuilder) {
    b.stack(&[rectangle([-0.21, 0.21], 0.06, [-0.18, 0.2]), rectangle([-0.31, 0.31], 0.84, [-0.28, 0.32])]);
    b.stack(&[
        vec![[0.35, 0.92, -0.32], [0.35, 0.8, 0.4], [-0.35, 0.8, 0.4], [-0.35, 0.92, -0.32]],
        vec![[0.3, 1.0, -0.3], [0.3, 0.88, 0.34], [-0.3, 0.88, 0.34], [-0.3, 1.0, -0.3]],
    ]);
    b.slot(1);
    for x in [-0.3, 0.2] {
        b.tube(8, 0.13, &[[x, 0.13, -0.2], [x + 0.1, 0.13, -0.2]]);
    }
    b.slot(2).cuboid([-0.16, 0.0, 0.06], [0.16, 0.1, 0.16]);
    b.cuboid([-0.28, 0.86, -0.44], [0.28, 0.93, -0.38]);
    for x in [-0.28, 0.22] {
        b.cuboid([x, 0.86, -0.4], [x + 0.06, 0.93, -0.28]);
    }
}

fn umbrella(b: &mut MeshBuilder) {
    let rim = around(16, |k, direction| {
        let (radius, y) = if k % 2 == 0 { (0.6, 0.64) } else { (0.54, 0.72) };
        [radius * direction.x, y, radius * direction.y]
    });
    let shoulder = around(16, |k, direction| {
        let radius = if k % 2 == 0 { 0.36 } else { 0.34 };
        [radius * direction.x, 0.86, radius * direction.y]
    });
    b.stack(&[vec![[0.0, 0.84, 0.0]], rim, shoulder, vec![[0.0, 0.96, 0.0]]]);
    b.slot(1).tube(5, 0.03, &[[0.0, 0.05, 0.0], [0.0, 1.04, 0.0]]);
    b.slot(2).lathe(10, &[(0.2, 0.0), (0.16, 0.08), (0.05, 0.1)]);
}

fn candle(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.16, 0.06), (0.16, 0.76), (0.11, 0.78)]);
    b.slot(1).lathe(12, &[(0.24, 0.0), (0.36, 0.12), (0.32, 0.12), (0.2, 0.06)]);
    b.fused(|b| {
        b.tube(4, 0.035, &[[0.33, 0.08, 0.0], [0.56, 0.08, 0.0], [0.56, 0.3, 0.0], [0.33, 0.14, 0.0]]);
    });
    b.slot(2).lathe(6, &[(0.0, 0.77), (0.07, 0.87), (0.0, 1.0)]);
}

fn cushion(b: &mut MeshBuilder) {
    // Square, with its corners drawn out and up.
    let ring = |corner: f32, edge: f32, y: f32, lift: f32| {
        around(16, move |k, direction| {
            let (radius, y) = match k % 4 {
                2 => (corner, y + lift),
                0 => (edge, y),
                _ => (1.04 * edge, y),
            };
            [radius * direction.x, y, radius * direction.y]
        })
    };
    b.stack(&[
        ring(0.62, 0.58, 0.0, 0.0),
        ring(1.32, 0.86, 0.46, 0.04),
        ring(0.84, 0.62, 0.92, -0.08),
        vec![[0.0, 1.0, 0.0]],
    ]);
    b.slot(1).at(0.0, 0.97, 0.0).ellipsoid(6, 3, [0.13, 0.06, 0.13]);
}

fn book_stack(b: &mut MeshBuilder) {
    let books = [
        (0.0, 0.3, [0.62, 0.44], 0.1),
        (0.3, 0.56, [0.54, 0.4], -0.35),
        (0.56, 0.8, [0.5, 0.34], 0.3),
        (0.8, 1.0, [0.38, 0.28], -0.5),
    ];
    for (low, high, [x, z], yaw) in books {
        b.place(Affine3A::from_rotation_y(yaw));
        b.slot(0).cuboid([-x, low, -z], [x, high, z]);
        let cover = 0.28 * (high - low);
        b.slot(1).cuboid([0.1 - x, low + cover, -z - 0.012], [x + 0.012, high - cover, z + 0.012]);
    }
}

fn top_hat(b: &mut MeshBuilder) {
    b.lathe(14, &[(0.75, 0.0), (0.78, 0.1), (0.42, 0.08), (0.46, 1.0)]);
    b.slot(1).lathe(12, &[(0.45, 0.1), (0.46, 0.3)]);
}

fn boot(b: &mut MeshBuilder) {
    let ring = |center: f32, length: f32, width: f32, y: f32| {
        around(10, move |_, direction| [center + length * direction.x, y, width * direction.y])
    };
    b.stack(&[ring(0.13, 0.4, 0.18, 0.08), ring(0.12, 0.38, 0.18, 0.24), ring(-0.02, 0.22, 0.16, 0.4)]);
    b.stack(&[ring(-0.04, 0.2, 0.15, 0.3), ring(-0.05, 0.23, 0.2, 0.98)]);
    b.slot(1);
    b.stack(&[ring(0.13, 0.41, 0.19, 0.0), ring(0.13, 0.42, 0.2, 0.09)]);
    b.slot(2).stack(&[ring(-0.05, 0.25, 0.22, 0.86), ring(-0.05, 0.26, 0.23, 1.0)]);
}

fn cake(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.56, 0.0), (0.56, 0.32), (0.4, 0.32), (0.4, 0.58), (0.24, 0.58), (0.24, 0.8)]);
    b.slot(1);
    for (y, radius) in [(0.25, 0.59), (0.51, 0.43)] {
        b.lathe(10, &[(radius, y), (radius, y + 0.08)]);
    }
    b.slot(2).lathe(3, &[(0.06, 0.8), (0.06, 0.93), (0.0, 1.04)]);
}
