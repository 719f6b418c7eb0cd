//! Makes the questions of an episode.

use std::collections::BTreeSet;

use groundling_interface::{InvalidSetting, derive};
use groundling_room::{Color, HeldOut, RoomConfig, RoomError, Shape, WorldFacts};
use rand::RngExt;

use crate::balance::{Balance, Balanced};
use crate::census;
use crate::config::QuestionConfig;
use crate::domain::Domain;
use crate::question::{Evidence, Question};
use crate::room_view::RoomView;
use crate::template::{Candidate, Template};
use crate::vocabulary::{InvalidVocabulary, QuestionVocabulary};
use crate::wording::{Filled, fill, sentence};

/// Makes questions, balanced for the rooms of one configuration.
///
/// What is asked is a function of (configuration, seed, episode seed, step, what the room holds) and of nothing else:
/// neither of other templates, nor of what was asked before.
pub struct QuestionMaker {
    config: QuestionConfig,
    domain: Domain,
    vocabulary: QuestionVocabulary,
    asked: Vec<AskedTemplate>,
    /// The pairs of which every question involves one; any question where there are none.
    about: BTreeSet<(Shape, Color)>,
    seed: u64,
}

struct AskedTemplate {
    template: &'static dyn Template,
    balance: Balance,
}

/// What the census found of one template.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateSummary {
    /// Short name.
    pub name: String,
    /// Its wording, with slots.
    pub wording: String,
    /// Numbers of the answers that are asked for, equally often.
    pub answers: Vec<u16>,
    /// Accuracy of a uniform guess among those, in [0, 1]; where a question's words rule some out, among the others:
    /// what is near the bed is no bed.
    pub chance: f64,
    /// Expected share of draws that ask a question, in [0, 1].
    pub asked_share: f64,
    /// Expected share of telling questions among those asked, in [0, 1]: see [`Candidate::is_telling`].
    pub telling_share: f64,
}

/// Why no questions can be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum QuestionMakerError {
    /// A setting out of its range.
    #[error(transparent)]
    Setting(#[from] InvalidSetting),
    /// Rooms that cannot be sampled.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// Words that make no vocabulary.
    #[error(transparent)]
    Vocabulary(#[from] InvalidVocabulary),
}

/// A step at which questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedStep {
    /// Steps since the reset.
    pub step: u32,
    /// Draws of each template.
    pub draws: usize,
}

impl QuestionMaker {
    /// For the rooms of `room`, of which `config.census_rooms` are sampled and counted here; that takes a moment.
    ///
    /// Of rooms in which held-out pairs are present, only questions that involve one are asked. Which of them a shape
    /// or a colour has then gives its answer away, so that answers are balanced over all questions of a template only;
    /// and a template whose answer is always the same, such as "is there", asks nothing.
    pub fn new(room: &RoomConfig, config: &QuestionConfig, seed: u64) -> Result<Self, QuestionMakerError> {
        config.validate()?;
        room.validate()?;
        let census = census::sample(room, config.census_rooms, seed)?;
        let about = if room.held_out == HeldOut::Present { room.held_out_pairs() } else { BTreeSet::new() };
        Self::about(about, room.into(), &census, config, seed)
    }

    /// Counts `census`, rooms of the configuration.
    pub fn from_census(
        domain: Domain,
        census: &[WorldFacts],
        config: &QuestionConfig,
        seed: u64,
    ) -> Result<Self, QuestionMakerError> {
        Self::about(BTreeSet::new(), domain, census, config, seed)
    }

    fn about(
        about: BTreeSet<(Shape, Color)>,
        domain: Domain,
        census: &[WorldFacts],
        config: &QuestionConfig,
        seed: u64,
    ) -> Result<Self, QuestionMakerError> {
        config.validate()?;
        let templates = config.chosen()?;
        let vocabulary = config.vocabulary(&domain)?;
        let mut maker = Self { asked: Vec::new(), config: config.clone(), domain, vocabulary, about, seed };
        for template in templates {
            let rooms = census.iter().map(|facts| maker.candidates(template, facts));
            let balanced = if maker.about.is_empty() { Balanced::GivenWords } else { Balanced::Overall };
            let balance = Balance::of(balanced, template.answers(&maker.domain), rooms, config.rare_answer);
            maker.asked.push(AskedTemplate { template, balance });
        }
        Ok(maker)
    }

    /// What may be asked of a room.
    fn candidates(&self, template: &dyn Template, facts: &WorldFacts) -> Vec<Candidate> {
        let mut candidates = template.candidates(&RoomView::new(facts, &self.domain, self.config.near_margin));
        if !self.about.is_empty() {
            candidates.retain(|candidate| !candidate.involved_pairs(&facts.objects).is_disjoint(&self.about));
        }
        candidates
    }

    /// The words, numbered as in the questions.
    pub fn vocabulary(&self) -> &QuestionVocabulary {
        &self.vocabulary
    }

    /// What the census found, template by template in the vocabulary's order.
    pub fn summary(&self) -> Vec<TemplateSummary> {
        let summary = |asked: &AskedTemplate| {
            let texts = asked.balance.answers().map(|answer| answer.text());
            let answers: Vec<u16> = texts.filter_map(|text| self.vocabulary.answer(&text)).collect();
            TemplateSummary {
                name: asked.template.name().into(),
                wording: asked.template.wording().into(),
                chance: asked.balance.chance(),
                answers,
                asked_share: asked.balance.asked_share(),
                telling_share: asked.balance.telling_share(),
            }
        };
        self.asked.iter().map(summary).collect()
    }

    /// The steps of an episode at which to ask, ascending: some of the second half, and the last one.
    ///
    /// `last_step` counts the steps since the reset. An episode too short for so many distinct steps has fewer.
    pub fn asked_steps(&self, episode_seed: u64, last_step: u32) -> Vec<AskedStep> {
        let mut generator = derive(self.seed, "question steps", &[episode_seed]);
        let mut earlier: Vec<u32> = (last_step.div_ceil(2)..last_step).collect();
        while earlier.len() > self.config.earlier_steps {
            earlier.swap_remove(generator.random_range(0..earlier.len()));
        }
        earlier.sort_unstable();
        let earlier = earlier.into_iter().map(|step| AskedStep { step, draws: 1 });
        earlier.chain([AskedStep { step: last_step, draws: self.config.last_step_draws }]).collect()
    }

    /// Questions about the present step: of each template up to `draws`.
    pub fn ask(&self, facts: &WorldFacts, draws: usize) -> Vec<Question> {
        let mut questions = Vec::new();
        for (index, asked) in (0u16..).zip(&self.asked) {
            let candidates = self.candidates(asked.template, facts);
            for draw in 0..draws as u64 {
                let name = asked.template.name();
                let mut generator = derive(self.seed, name, &[facts.episode_seed, facts.step.into(), draw]);
                let chosen = asked.balance.choose(&candidates, &mut generator);
                questions.extend(chosen.and_then(|candidate| self.question(index, asked.template, candidate, facts)));
            }
        }
        questions
    }

    /// Every question that has one right answer here, balanced or not; for showing a room.
    pub fn all_questions(&self, facts: &WorldFacts) -> Vec<Question> {
        let mut questions = Vec::new();
        for (index, asked) in (0u16..).zip(&self.asked) {
            let candidates = self.candidates(asked.template, facts);
            questions.extend(candidates.iter().filter_map(|c| self.question(index, asked.template, c, facts)));
        }
        questions
    }

    /// The same question in the room as it is now, with the evidence of now; `None` where it no longer has one right
    /// answer, or another one.
    pub fn again(&self, question: &Question, facts: &WorldFacts) -> Option<Question> {
        let template = self.asked.get(usize::from(question.template))?.template;
        let is_same = |candidate: &Candidate| {
            self.vocabulary.answer(&candidate.answer.text()) == Some(question.answer)
                && candidate.arguments.iter().map(|word| word.text()).eq(question.arguments.iter().cloned())
        };
        let candidates = self.candidates(template, facts);
        let candidate = candidates.iter().find(|candidate| is_same(candidate))?;
        self.question(question.template, template, candidate, facts)
    }

    /// `None` for words outside the vocabulary: facts of a room of another configuration.
    fn question(
        &self,
        index: u16,
        template: &dyn Template,
        candidate: &Candidate,
        facts: &WorldFacts,
    ) -> Option<Question> {
        let words = fill(template.wording(), &candidate.arguments);
        let token = |word: &Filled| self.vocabulary.token(&word.token);
        let tokens = words.iter().map(token).collect::<Option<Vec<u16>>>()?;
        let answer = self.vocabulary.answer(&candidate.answer.text())?;
        let evidence = Evidence::new(&candidate.support, facts);
        let arguments = candidate.arguments.iter().map(|word| word.text()).collect();
        Some(Question { template: index, text: sentence(&words), tokens, arguments, answer, evidence })
    }
}
