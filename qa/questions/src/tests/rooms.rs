//! Rooms as lists of objects, drawn uniformly with replacement.

use groundling_interface::{derive, derive_seed};
use groundling_room::{AgentFacts, Color, ObjectFacts, Shape, Size, Support, WorldFacts};
use rand::RngExt;

use crate::{Domain, QuestionConfig, QuestionMaker};

pub(super) fn object(shape: u8, color: u8) -> ObjectFacts {
    ObjectFacts {
        shape: Shape(shape),
        color: Color(color),
        size: Size::Medium,
        position: [0.0; 3],
        rotation: [0.0, 0.0, 0.0, 1.0],
        middle: [0.0; 3],
        radius: 0.3,
        support: Support::Floor,
        held: false,
        visited: false,
        visits: 0,
        pixels_now: 0,
        most_pixels: 0,
        first_seen: None,
        last_seen: None,
    }
}

/// The same object elsewhere: metres along x and z.
pub(super) fn placed(object: ObjectFacts, [x, z]: [f32; 2]) -> ObjectFacts {
    ObjectFacts { position: [x, 0.0, z], middle: [x, 0.3, z], ..object }
}

pub(super) fn facts(objects: Vec<ObjectFacts>) -> WorldFacts {
    WorldFacts { episode_seed: 11, step: 40, near_distance: 1.0, agent: AgentFacts::default(), objects }
}

pub(super) fn domain(num_shapes: u8, num_colors: u8, max_objects: usize) -> Domain {
    let shapes = (0..num_shapes).map(Shape).collect();
    Domain { shapes, colors: (0..num_colors).map(Color).collect(), max_objects }
}

/// The room that `index` names: between two objects fewer than the most and the most.
pub(super) fn room(domain: &Domain, index: u64) -> WorldFacts {
    let mut generator = derive(5, "test room", &[index]);
    let fewest = domain.max_objects.saturating_sub(2).max(1);
    let num_objects = generator.random_range(fewest..=domain.max_objects);
    let objects = (0..num_objects).map(|_| {
        let shape = domain.shapes[generator.random_range(0..domain.shapes.len())];
        let color = domain.colors[generator.random_range(0..domain.colors.len())];
        let mut place = || generator.random_range(-2.0..2.0);
        placed(object(shape.0, color.0), [place(), place()])
    });
    WorldFacts {
        episode_seed: derive_seed(5, "test episode", &[index]),
        step: 90,
        near_distance: 1.0,
        agent: AgentFacts::default(),
        objects: objects.collect(),
    }
}

/// A maker for these rooms. The census counts other rooms than those with small indices.
pub(super) fn maker(domain: &Domain, config: &QuestionConfig) -> QuestionMaker {
    let census: Vec<_> = (0..config.census_rooms as u64).map(|i| room(domain, 1 << 32 | i)).collect();
    QuestionMaker::from_census(domain.clone(), &census, config, 3).unwrap()
}
