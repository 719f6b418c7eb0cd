//! The room's shapes as bevy's meshes: flat-shaded, with the colours of their slots.

use bevy::asset::RenderAssetUsages;
use bevy::mesh::{Mesh, PrimitiveTopology};
use groundling_room::{Instance, Surface};

/// An object in its own frame. A triangle that names no vertex or colour is left out.
pub(crate) fn of_object(instance: &Instance) -> Mesh {
    let mut positions: Vec<[f32; 3]> = Vec::new();
    let mut normals = Vec::new();
    let mut colors = Vec::new();
    for triangle in &instance.mesh.triangles {
        let corner = |index: usize| instance.mesh.positions.get(usize::from(triangle.vertices[index])).copied();
        let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
        let Some([red, green, blue]) = instance.colors.get(usize::from(triangle.slot)).copied() else { continue };
        let normal = (b - a).cross(c - a).normalize_or_zero();
        for corner in [a, b, c] {
            positions.push(corner.into());
            normals.push(<[f32; 3]>::from(normal));
            colors.push([red, green, blue, 1.0]);
        }
    }
    let uvs = vec![[0.0f32; 2]; positions.len()];
    mesh(positions, normals, uvs).with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, colors)
}

/// A face of the room, in the room's frame. Its texture's top row lies where `v` ends.
pub(crate) fn of_surface(surface: &Surface) -> Mesh {
    let Surface { origin, u, v, .. } = *surface;
    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let normal = <[f32; 3]>::from(u.cross(v).normalize_or_zero());
    let positions: Vec<[f32; 3]> = corners.iter().map(|&(along, up)| (origin + along * u + up * v).into()).collect();
    let uvs: Vec<[f32; 2]> = corners.iter().map(|&(along, up)| [along, 1.0 - up]).collect();
    let normals = vec![normal; positions.len()];
    mesh(positions, normals, uvs)
}

fn mesh(positions: Vec<[f32; 3]>, normals: Vec<[f32; 3]>, uvs: Vec<[f32; 2]>) -> Mesh {
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uvs)
}
