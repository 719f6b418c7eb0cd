//! What makes a run an oracle: questions whose answers teach the agent.

use std::sync::Arc;

use anyhow::Result;
use groundling_impala::TargetMaker;
use groundling_interface::derive_seed;
use groundling_model::AuxiliaryBlueprint;
use groundling_oracle::{Oracle, QuestionTargets};
use groundling_questions::{Domain, QuestionConfig, QuestionMaker};

use crate::config::Config;
use crate::failure::wrong_input;
use crate::rooms::RoomMaker;

/// The loss that makes the agent of `config` an oracle; none where it is none.
pub(crate) fn oracle_loss(config: &Config) -> Result<Option<Arc<dyn AuxiliaryBlueprint>>> {
    if !config.is_oracle() {
        return Ok(None);
    }
    let vocabulary = config.questions.vocabulary(&Domain::from(&config.room)).map_err(wrong_input)?;
    Ok(Some(Arc::new(Oracle::new(config.oracle.clone(), vocabulary))))
}

/// Asks an oracle in the rooms where it is trained.
pub(crate) struct Teaching {
    maker: Arc<QuestionMaker>,
    last_step: u32,
}

impl Teaching {
    /// For an oracle; none for an agent that no question teaches.
    pub(crate) fn of(config: &Config) -> Result<Option<Self>> {
        if !config.is_oracle() {
            return Ok(None);
        }
        let (last_step_draws, earlier_steps) = (config.oracle.last_step_draws, config.oracle.earlier_steps);
        let questions = QuestionConfig { last_step_draws, earlier_steps, ..config.questions.clone() };
        // Questions of its own: those of a measurement must not depend on them, nor they on those.
        let seed = derive_seed(config.seed, "oracle questions", &[]);
        let maker = QuestionMaker::new(&config.room, &questions, seed).map_err(wrong_input)?;
        Ok(Some(Self { maker: Arc::new(maker), last_step: config.task.episode_steps }))
    }

    /// Notes the questions of one actor's rooms.
    pub(crate) fn targets(&self, rooms: &RoomMaker) -> Box<dyn TargetMaker> {
        let rooms = rooms.clone();
        let facts_of = move |room| Some(rooms.privileged(room)?.facts());
        Box::new(QuestionTargets::new(Arc::clone(&self.maker), Arc::new(facts_of), self.last_step))
    }
}
