//! What holds something.

use super::{EARTH, METAL, ShapeRow, WOOD};
use crate::mesh_builder::MeshBuilder;

pub(super) const SHAPES: &[ShapeRow] = &[
    ShapeRow { name: "mug", height: 0.42, mass: 0.3, materials: &[EARTH], build: mug },
    ShapeRow { name: "teapot", height: 0.45, mass: 1.0, materials: &[METAL], build: teapot },
    ShapeRow { name: "vase", height: 0.7, mass: 2.0, materials: &[], build: vase },
    ShapeRow { name: "barrel", height: 0.65, mass: 12.0, materials: &[METAL], build: barrel },
    ShapeRow { name: "basket", height: 0.5, mass: 1.0, materials: &[WOOD], build: basket },
];

fn mug(b: &mut MeshBuilder) {
    b.lathe(12, &[(0.4, 0.0), (0.42, 1.0), (0.34, 1.0), (0.32, 0.8), (0.0, 0.8)]);
    b.fused(|b| {
        b.tube(5, 0.07, &[[0.38, 0.82, 0.0], [0.68, 0.74, 0.0], [0.68, 0.34, 0.0], [0.38, 0.24, 0.0]]);
    });
    b.slot(1).lathe(10, &[(0.33, 0.81), (0.33, 0.86)]);
}

fn teapot(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.3, 0.0), (0.5, 0.2), (0.53, 0.42), (0.4, 0.66), (0.22, 0.78)]);
    b.tube(4, 0.08, &[[0.42, 0.3, 0.0], [0.66, 0.42, 0.0], [0.84, 0.76, 0.0]]);
    b.tube(3, 0.05, &[[-0.4, 0.62, 0.0], [-0.76, 0.66, 0.0], [-0.76, 0.34, 0.0], [-0.46, 0.24, 0.0]]);
    b.slot(1).lathe(8, &[(0.24, 0.76), (0.05, 0.87), (0.09, 0.95), (0.0, 1.0)]);
}

fn vase(b: &mut MeshBuilder) {
    b.lathe(
        12,
        &[(0.16, 0.0), (0.3, 0.22), (0.32, 0.42), (0.11, 0.74), (0.11, 0.82), (0.24, 1.0), (0.19, 1.0), (0.0, 0.8)],
    );
}

fn barrel(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.3, 0.0), (0.37, 0.26), (0.39, 0.5), (0.37, 0.74), (0.3, 1.0)]);
    b.slot(1);
    for y in [0.18, 0.75] {
        b.lathe(10, &[(0.375, y), (0.375, y + 0.07)]);
    }
}

fn basket(b: &mut MeshBuilder) {
    b.lathe(10, &[(0.36, 0.0), (0.5, 0.55), (0.42, 0.55), (0.34, 0.2), (0.0, 0.2)]);
    b.slot(1).tube(
        5,
        0.05,
        &[
            [0.46, 0.5, 0.0],
            [0.4, 0.82, 0.0],
            [0.16, 0.96, 0.0],
            [-0.16, 0.96, 0.0],
            [-0.4, 0.82, 0.0],
            [-0.46, 0.5, 0.0],
        ],
    );
}
