//! Promised of every shape: closed, outward, small, standing on the ground, mostly of the object's colour.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::collections::BTreeMap;

use glam::{Vec2, Vec3};
use groundling_room::{Color, Footprint, Mesh, Shape};

/// One number for all vertices at the same place.
fn weld(mesh: &Mesh) -> Vec<usize> {
    let mut places: BTreeMap<[i32; 3], usize> = BTreeMap::new();
    let key = |position: &Vec3| position.to_array().map(|metres| (metres * 20_000.0).round() as i32);
    mesh.positions
        .iter()
        .map(|position| {
            let next = places.len();
            *places.entry(key(position)).or_insert(next)
        })
        .collect()
}

fn corners(mesh: &Mesh, triangle: usize) -> [Vec3; 3] {
    mesh.triangles[triangle].vertices.map(|vertex| mesh.positions[usize::from(vertex)])
}

#[test]
fn every_mesh_is_closed() {
    for shape in Shape::all() {
        let mesh = shape.mesh();
        let place = weld(mesh);
        let mut edges: BTreeMap<(usize, usize), i32> = BTreeMap::new();
        for triangle in &mesh.triangles {
            let [a, b, c] = triangle.vertices.map(|vertex| place[usize::from(vertex)]);
            for (from, to) in [(a, b), (b, c), (c, a)] {
                *edges.entry((from.min(to), from.max(to))).or_default() += if from < to { 1 } else { -1 };
            }
        }
        assert!(edges.values().all(|&balance| balance == 0), "{shape} has an open edge");
    }
}

#[test]
fn every_part_of_every_mesh_is_seen_from_outside() {
    for shape in Shape::all() {
        let mesh = shape.mesh();
        // A part: triangles that share vertices. Its signed volume is positive when it is seen from outside.
        let mut part: Vec<usize> = (0..mesh.positions.len()).collect();
        for _ in 0..mesh.positions.len() {
            let mut changed = false;
            for triangle in &mesh.triangles {
                let least = triangle.vertices.map(|vertex| part[usize::from(vertex)]).into_iter().min().unwrap();
                for vertex in triangle.vertices {
                    changed |= part[usize::from(vertex)] != least;
                    part[usize::from(vertex)] = least;
                }
            }
            if !changed {
                break;
            }
        }
        let mut volumes: BTreeMap<usize, f32> = BTreeMap::new();
        for (index, triangle) in mesh.triangles.iter().enumerate() {
            let [a, b, c] = corners(mesh, index);
            *volumes.entry(part[usize::from(triangle.vertices[0])]).or_default() += a.dot(b.cross(c)) / 6.0;
        }
        assert!(volumes.values().all(|&volume| volume > 0.0), "{shape}: {volumes:?}");
    }
}

#[test]
fn every_mesh_is_small_and_stands_on_the_ground() {
    for shape in Shape::all() {
        let mesh = shape.mesh();
        assert!(mesh.triangles.len() <= 200, "{shape} has {} triangles", mesh.triangles.len());
        let low = mesh.positions.iter().copied().reduce(Vec3::min).unwrap();
        let high = mesh.positions.iter().copied().reduce(Vec3::max).unwrap();
        assert!(low.y.abs() < 1e-5 && (high.y - 1.0).abs() < 1e-5, "{shape} from {low} to {high}");
        assert!((low.x + high.x).abs() < 1e-4 && (low.z + high.z).abs() < 1e-4, "{shape} from {low} to {high}");
        let num_slots = 1 + shape.materials().len();
        let slots: std::collections::BTreeSet<u8> = mesh.triangles.iter().map(|triangle| triangle.slot).collect();
        assert_eq!(
            slots.into_iter().map(usize::from).collect::<Vec<_>>(),
            (0..num_slots).collect::<Vec<_>>(),
            "{shape}"
        );
        let reach = shape.footprint().radius() * shape.height();
        assert!((0.1..=0.7).contains(&reach), "{shape} reaches {reach} m");
    }
}

#[test]
fn every_mesh_lies_within_its_footprint() {
    for shape in Shape::all() {
        for position in &shape.mesh().positions {
            let floor = Vec2::new(position.x, position.z);
            let inside = match shape.footprint() {
                Footprint::Disc(radius) => floor.length() <= radius + 1e-5,
                Footprint::Rectangle([x, z]) => floor.x.abs() <= x + 1e-5 && floor.y.abs() <= z + 1e-5,
            };
            assert!(inside, "{shape}: {floor} is outside {:?}", shape.footprint());
        }
    }
}

#[test]
fn most_of_what_is_seen_takes_the_objects_color() {
    for shape in Shape::all() {
        let mesh = shape.mesh();
        let (mut colored, mut total) = (0.0, 0.0);
        for (index, triangle) in mesh.triangles.iter().enumerate() {
            let [a, b, c] = corners(mesh, index);
            let area = (b - a).cross(c - a).length() / 2.0;
            total += area;
            colored += if triangle.slot == 0 { area } else { 0.0 };
        }
        assert!(colored >= 0.4 * total, "{shape}: only {:.0} % of its surface", 100.0 * colored / total);
    }
}

#[test]
fn names_are_plain_words_and_lead_back() {
    const { assert!(Shape::COUNT >= 50 && Color::COUNT == 10) };
    for shape in Shape::all() {
        assert_eq!(Shape::from_name(shape.name()), Some(shape));
        assert!(
            shape.name().split(' ').count() <= 2 && shape.name().chars().all(|c| c.is_ascii_lowercase() || c == ' ')
        );
    }
    for color in Color::all() {
        assert_eq!(Color::from_name(color.name()), Some(color));
    }
    assert_eq!(Shape::from_name("unicorn"), None);
    // An index from altered data is no panic.
    assert_eq!((Shape(255).name(), Color(255).name()), ("rocket", "black"));
}

#[test]
fn colors_are_apart() {
    let srgb = |color: Color| Vec3::from(color.rgb()).powf(1.0 / 2.2);
    for a in Color::all() {
        for b in Color::all().filter(|b| b.0 > a.0) {
            let distance = (srgb(a) - srgb(b)).length();
            assert!(distance > 0.25, "{a} and {b} are {distance:.2} apart");
        }
    }
}

fn bounds(points: &[Vec3]) -> (Vec3, Vec3) {
    (points.iter().copied().reduce(Vec3::min).unwrap(), points.iter().copied().reduce(Vec3::max).unwrap())
}

#[test]
fn solids_fill_the_mesh_and_are_few() {
    for shape in Shape::all() {
        let solids = shape.solids();
        assert!((1..=12).contains(&solids.len()), "{shape} has {} solids", solids.len());
        assert!((0.1..=100.0).contains(&shape.mass()), "{shape} weighs {} kg", shape.mass());
        for solid in solids {
            let (low, high) = bounds(&solid.points);
            assert!((high - low).min_element() > 0.004, "{shape} has a flat solid, {low} to {high}");
        }
        let (low, high) = bounds(&solids.iter().flat_map(|solid| solid.points.clone()).collect::<Vec<_>>());
        let (mesh_low, mesh_high) = bounds(&shape.mesh().positions);
        assert!(low.y < 1e-4, "{shape} floats");
        let least = |a: Vec3, b: Vec3| (a - b).abs().max_element();
        assert!(least(low, mesh_low).max(least(high, mesh_high)) < 0.1, "{shape}: {low} to {high}");
    }
}

#[test]
fn what_one_can_reach_through_is_no_solid() {
    for (name, hole) in [("ring", [0.0, 0.5, 0.0]), ("arch", [0.0, 0.3, 0.0]), ("table", [0.0, 0.4, 0.0])] {
        let (hole, shape) = (Vec3::from(hole), Shape::from_name(name).unwrap());
        let is_within = |low: Vec3, high: Vec3| low.cmple(hole).all() && hole.cmple(high).all();
        let blocked = shape.solids().iter().any(|solid| is_within(solid.bounds().0, solid.bounds().1));
        assert!(!blocked, "the {name} is filled");
    }
    // A waist parts a lathe: the hull of a whole bottle would be as wide at its neck as a cone.
    let bottle = Shape::from_name("bottle").unwrap();
    let width_at = |y: f32| {
        let there = bottle.solids().iter().map(groundling_room::Solid::bounds).filter(|b| b.0.y <= y && y <= b.1.y);
        there.map(|(low, high)| high.x - low.x).fold(0.0, f32::max)
    };
    assert!(width_at(0.85) < 0.5 * width_at(0.3), "{} against {}", width_at(0.85), width_at(0.3));
}
