//! What holds something.

use super::{EARTH, LINEN, METAL, ShapeRow};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "mug", height: 0.62, mass: 0.3, materials: &[EARTH, LINEN], build: mug },
    ShapeRow { name: "teapot", height: 0.72, mass: 1.0, materials: &[METAL], build: teapot },
    ShapeRow { name: "vase", height: 0.95, mass: 2.0, materials: &[], build: vase },
    ShapeRow { name: "barrel", height: 0.9, mass: 12.0, materials: &[METAL], build: barrel },
    ShapeRow { name: "bucket", height: 0.85, mass: 1.0, materials: &[METAL, EARTH], build: bucket },
];

fn mug(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.4, 0.0), (0.42, 1.0), (0.35, 1.0), (0.34, 0.9), (0.0, 0.9)]);
    b.fused(|b| {
        b.tube(4, 0.08, &[[0.38, 0.82, 0.0], [0.74, 0.78, 0.0], [0.74, 0.3, 0.0], [0.38, 0.22, 0.0]]);
    });
    // Full to the brim, with a broad stripe: it is known from where its handle is hidden.
    b.slot(1).lathe(8, &[(0.34, 0.9), (0.34, 0.97)]);
    b.slot(2).lathe(10, &[(0.43, 0.4), (0.435, 0.66)]);
}

fn teapot(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.26, 0.0), (0.41, 0.18), (0.42, 0.4), (0.28, 0.74), (0.2, 0.84)]);
    b.tube(4, 0.08, &[[0.34, 0.24, 0.0], [0.6, 0.42, 0.0], [0.76, 0.88, 0.0]]);
    b.tube(3, 0.07, &[[-0.26, 0.78, 0.0], [-0.68, 0.84, 0.0], [-0.68, 0.3, 0.0], [-0.38, 0.2, 0.0]]);
    b.slot(1).lathe(6, &[(0.24, 0.82), (0.2, 0.92), (0.05, 0.97), (0.1, 1.08), (0.0, 1.14)]);
}

fn vase(b: &mut MeshBuilder) {
    b.lathe(
        12,
        &[(0.16, 0.0), (0.3, 0.22), (0.32, 0.42), (0.11, 0.74), (0.11, 0.82), (0.24, 1.0), (0.19, 1.0), (0.0, 0.8)],
    );
}

fn barrel(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.28, 0.0), (0.37, 0.26), (0.4, 0.5), (0.37, 0.74), (0.28, 1.0)]);
    b.slot(1);
    for y in [0.18, 0.75] {
        b.lathe(10, &[(0.375, y), (0.375, y + 0.07)]);
    }
}

fn bucket(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.28, 0.0), (0.44, 0.62), (0.38, 0.62), (0.34, 0.46), (0.0, 0.46)]);
    b.slot(1).fused(|b| {
        let arch = [
            [0.42, 0.58, 0.0],
            [0.4, 0.8, 0.0],
            [0.2, 0.98, 0.0],
            [-0.2, 0.98, 0.0],
            [-0.4, 0.8, 0.0],
            [-0.42, 0.58, 0.0],
        ];
        b.tube(4, 0.05, &arch);
    });
    b.slot(2).lathe(8, &[(0.345, 0.46), (0.345, 0.5)]);
}
