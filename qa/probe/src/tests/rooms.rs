//! Rooms of a few objects, questions about them, and beliefs that hold all of the room, or nothing of it.

use std::sync::{Arc, LazyLock};

use groundling_belief::FrozenBelief;
use groundling_interface::derive;
use groundling_questions::{Domain, QuestionConfig, QuestionMaker};
use groundling_room::{AgentFacts, Color, ObjectFacts, Shape, Size, Support, WorldFacts};
use rand::RngExt;

use crate::{
    AttentionConfig, DecoderName, EpisodeBeliefs, LstmConfig, ProbeConfig, ProbeExample, ProbeSpec, Reading,
    facts_belief,
};

/// Of four shapes and four colours.
pub(super) const BELIEF_SIZE: usize = 88;

pub(super) fn domain() -> Domain {
    Domain { shapes: (0..4).map(Shape).collect(), colors: (0..4).map(Color).collect(), max_objects: 3 }
}

/// A room of `num_objects` objects, anywhere in a square of 5 m.
pub(super) fn room_of(num_objects: usize, index: u64) -> WorldFacts {
    let mut generator = derive(5, "test room", &[index]);
    let object = |_| ObjectFacts {
        shape: Shape(generator.random_range(0..4)),
        color: Color(generator.random_range(0..4)),
        size: Size::Medium,
        position: [0.0; 3],
        rotation: [0.0, 0.0, 0.0, 1.0],
        middle: [generator.random_range(0.0..5.0), 0.3, generator.random_range(0.0..5.0)],
        radius: 0.1,
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
        objects: (0..num_objects).map(object).collect(),
    }
}

fn room(index: u64) -> WorldFacts {
    room_of(3, index)
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
    config.offline.patience = 5;
    ProbeSpec { config, vocabulary: maker().vocabulary().clone(), belief_size: BELIEF_SIZE, reading, seed: 4 }
}

/// The same with another decoder, small.
pub(super) fn spec_of(decoder: DecoderName, reading: Reading) -> ProbeSpec {
    let mut spec = spec(reading);
    spec.config.decoder = decoder;
    spec.config.decoders.mlp.hidden_size = 96;
    spec.config.decoders.attention = AttentionConfig { hidden_size: 64, ..AttentionConfig::default() };
    spec
}

/// Episodes of three to six kept beliefs, one of which holds the room: an earlier one, or, where `is_present`, the last.
/// The others are noise.
pub(super) fn remembered(first: u64, num: u64, is_present: bool) -> Vec<ProbeExample> {
    let of_episode = |episode: u64| {
        let (facts, mut generator) = (room(episode), derive(9, "history", &[episode]));
        let length = generator.random_range(3..=6);
        let holder = if is_present { length - 1 } else { generator.random_range(0..length - 1) };
        let mut beliefs = EpisodeBeliefs::default();
        for index in 0..length {
            let mut noise = || (0..BELIEF_SIZE).map(|_| generator.random_range(-1.0..1.0)).collect();
            let noise = FrozenBelief::new(noise(), noise());
            let belief = if index == holder { facts_belief(&facts, &domain()) } else { noise };
            beliefs.push(7 * index, belief);
        }
        ProbeExample::of_belief(episode, 0, &Arc::new(beliefs), length as usize - 1, maker().ask(&facts, 2))
    };
    (first..first + num).flat_map(of_episode).collect()
}
