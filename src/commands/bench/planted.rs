//! Questions about sampled rooms, and beliefs that hold those rooms in a form that no word points at: random mixtures of
//! the facts.

use std::sync::Arc;

use anyhow::Result;
use groundling_belief::FrozenBelief;
use groundling_interface::{derive, derive_seed};
use groundling_probe::{EpisodeBeliefs, ProbeExample, facts_belief};
use groundling_questions::{Domain, QuestionMaker, QuestionVocabulary};
use groundling_room::{RoomConfig, RoomSpec, WorldFacts};
use rand::RngExt;

use crate::config::Config;
use crate::examples::question_maker;
use crate::failure::wrong_input;

/// Steps from one kept belief of an episode to the next.
const STEPS_APART: u32 = 8;

/// So many rooms without a question are no bad luck.
const FRUITLESS_ROOMS: u64 = 1_000;

/// Makes planted examples.
pub(super) struct Planted {
    room: RoomConfig,
    draws: usize,
    domain: Domain,
    maker: QuestionMaker,
    belief_size: usize,
}

impl Planted {
    pub(super) fn new(config: &Config, belief_size: usize) -> Result<Self> {
        Ok(Self {
            room: config.room.clone(),
            draws: config.questions.last_step_draws,
            domain: Domain::from(&config.room),
            maker: question_maker(config)?,
            belief_size,
        })
    }

    pub(super) fn vocabulary(&self) -> &QuestionVocabulary {
        self.maker.vocabulary()
    }

    /// So many questions about rooms that `name` alone decides; of each episode `history` beliefs are kept, the last of
    /// which holds the room.
    pub(super) fn examples(&self, name: &str, num: usize, history: usize) -> Result<Vec<ProbeExample>> {
        let mut examples = Vec::with_capacity(num);
        for episode in 0.. {
            if examples.len() >= num {
                break;
            }
            if episode > FRUITLESS_ROOMS && examples.is_empty() {
                return Err(wrong_input(format!("no question can be asked about {FRUITLESS_ROOMS} sampled rooms")));
            }
            let seed = derive_seed(2, name, &[episode]);
            let spec = RoomSpec::sample(&self.room, seed).map_err(wrong_input)?;
            let facts = WorldFacts::as_placed(&spec, self.room.near_distance);
            let mut beliefs = EpisodeBeliefs::default();
            for earlier in 1..history as u64 {
                let mut generator = derive(seed, "earlier belief", &[earlier]);
                let mut numbers = || (0..self.belief_size).map(|_| generator.random_range(-1.0..1.0)).collect();
                beliefs.push(beliefs.steps().len() as u32 * STEPS_APART, FrozenBelief::new(numbers(), numbers()));
            }
            let at = beliefs.push(beliefs.steps().len() as u32 * STEPS_APART, self.mixture(&facts));
            let questions = self.maker.ask(&facts, self.draws);
            examples.extend(ProbeExample::of_belief(episode, 0, &Arc::new(beliefs), at, questions));
        }
        examples.truncate(num);
        Ok(examples)
    }

    /// Each fact that is not 0 adds random numbers of its own.
    fn mixture(&self, facts: &WorldFacts) -> FrozenBelief {
        let mut mixed = vec![0.0_f32; 2 * self.belief_size];
        for (index, fact) in (0_u64..).zip(facts_belief(facts, &self.domain).hidden()) {
            if *fact != 0.0 {
                let mut generator = derive(3, "mixture", &[index]);
                mixed.iter_mut().for_each(|number| *number += fact * generator.random_range(-0.5_f32..0.5));
            }
        }
        let cell = mixed.split_off(self.belief_size);
        FrozenBelief::new(mixed.into_iter().map(f32::tanh).collect(), cell)
    }
}
