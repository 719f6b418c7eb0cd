//! Rooms of a few objects, questions about them, and beliefs that hold all of the room, or nothing of it.

use std::sync::LazyLock;

use groundling_belief::FrozenBelief;
use groundling_interface::derive;
use groundling_questions::{Domain, QuestionConfig, QuestionMaker};
use groundling_room::{AgentFacts, Color, ObjectFacts, Shape, Size, Support, WorldFacts};
use rand::RngExt;

use crate::{LstmConfig, ProbeConfig, ProbeExample, ProbeSpec, Reading, facts_belief};

pub(super) const BELIEF_SIZE: usize = 16;

pub(super) fn domain() -> Domain {
    Domain { shapes: (0..4).map(Shape).collect(), colors: (0..4).map(Color).collect(), max_objects: 3 }
}

fn room(index: u64) -> WorldFacts {
    let mut generator = derive(5, "test room", &[index]);
    let object = |_| ObjectFacts {
        shape: Shape(generator.random_range(0..4)),
        color: Color(generator.random_range(0..4)),
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
        most_pixels: 9,
        first_seen: Some(1),
        last_seen: Some(2),
    };
    WorldFacts {
        episode_seed: index,
        step: 8,
        near_distance: 1.0,
        agent: AgentFacts::default(),
        objects: (0..3).map(object).collect(),
    }
}

pub(super) fn maker() -> &'static QuestionMaker {
    static MAKER: LazyLock<QuestionMaker> = LazyLock::new(|| {
        let census: Vec<_> = (0..2_000).map(|index| room(1 << 32 | index)).collect();
        // The others need rooms with more to compare, and with places.
        let templates = ["color", "shape", "exist", "count_color"].map(String::from).into();
        let config = QuestionConfig { templates, census_rooms: 2_000, ..QuestionConfig::default() };
        QuestionMaker::from_census(domain(), &census, &config, 3).unwrap()
    });
    &MAKER
}

/// Of what a test's beliefs are made.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Holds {
    /// The room.
    Room,
    /// Numbers that have nothing to do with it.
    Noise,
}

/// Examples of `num` episodes from `first`.
pub(super) fn examples(first: u64, num: u64, holds: Holds) -> Vec<ProbeExample> {
    let maker = maker();
    let of_episode = |episode: u64| {
        let facts = room(episode);
        let belief = match holds {
            Holds::Room => facts_belief(&facts, &domain()),
            Holds::Noise => {
                let mut generator = derive(6, "noise", &[episode]);
                let mut noise = || (0..BELIEF_SIZE).map(|_| generator.random_range(-1.0..1.0)).collect();
                FrozenBelief::new(noise(), noise())
            }
        };
        ProbeExample::of_step(episode, 0, facts.step, belief, maker.ask(&facts, 2))
    };
    (first..first + num).flat_map(of_episode).collect()
}

pub(super) fn spec(reading: Reading) -> ProbeSpec {
    let mut config = ProbeConfig { batch_size: 128, ..ProbeConfig::default() };
    config.decoders.lstm = LstmConfig { hidden_size: 64, embedding_size: 32, decode_steps: 4 };
    config.learning_rate = 3e-3;
    config.offline.updates = 600;
    config.offline.validate_every = 50;
    config.offline.patience = 8;
    ProbeSpec { config, vocabulary: maker().vocabulary().clone(), belief_size: BELIEF_SIZE, reading, seed: 4 }
}
