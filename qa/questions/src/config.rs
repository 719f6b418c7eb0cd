//! Settings of the questions.

use std::collections::BTreeSet;

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};

use crate::domain::Domain;
use crate::maker::QuestionMakerError;
use crate::template::Template;
use crate::templates::registry;
use crate::vocabulary::QuestionVocabulary;

/// Which questions are asked, when, and how their balance is found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuestionConfig {
    /// Names of the templates to ask. Default: all there are.
    pub templates: Vec<String>,
    /// Questions drawn of each template at an episode's last step. Default 2. A draw asks nothing where the room has
    /// no fit question, or where balance forbids it; two draws may fall on the same question.
    pub last_step_draws: usize,
    /// Earlier steps, in the second half of an episode, at which one question of each template is drawn. Default 2:
    /// as many questions as at the last step.
    pub earlier_steps: usize,
    /// Rooms sampled beforehand to count how often each answer can be asked for. Default 20,000. More rooms make the
    /// balance finer and the start slower.
    pub census_rooms: usize,
    /// An answer that can be asked for in fewer than this share of the rooms that allow the template's commonest
    /// answer is never asked for. Default 0.1. A smaller share keeps rarer counts, and asks fewer questions in all.
    pub rare_answer: f64,
    /// What is near is asked only where the gap differs from `room.near_distance` by at least this, metres within 0 to
    /// 3. Default 0.15. A wider margin makes nearness plainer to see, and asks fewer questions.
    pub near_margin: f32,
}

impl Default for QuestionConfig {
    fn default() -> Self {
        Self {
            templates: registry().iter().map(|template| template.name().into()).collect(),
            last_step_draws: 2,
            earlier_steps: 2,
            census_rooms: 20_000,
            rare_answer: 0.1,
            near_margin: 0.15,
        }
    }
}

impl QuestionConfig {
    /// Checks every value; keys are named as `questions.…`.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        self.chosen()?;
        let (draws, earlier, rooms) = (self.last_step_draws, self.earlier_steps, self.census_rooms);
        let rare = self.rare_answer;
        let check = |holds, key, value: usize, expected| InvalidSetting::unless(holds, key, value, expected);
        check((1..=64).contains(&draws), "questions.last_step_draws", draws, "must lie between 1 and 64")?;
        check(earlier <= 64, "questions.earlier_steps", earlier, "must not exceed 64")?;
        let fits = (1_000..=1_000_000).contains(&rooms);
        check(fits, "questions.census_rooms", rooms, "must lie between 1000 and 1000000")?;
        let fits = (0.001..=1.0).contains(&rare);
        InvalidSetting::unless(fits, "questions.rare_answer", rare, "must lie between 0.001 and 1")?;
        let fits = (0.0..=3.0).contains(&self.near_margin);
        InvalidSetting::unless(fits, "questions.near_margin", self.near_margin, "must lie between 0 and 3")
    }

    /// The words of these questions about rooms of `domain`: the vocabulary of every maker with these settings, without the
    /// rooms that a maker counts.
    pub fn vocabulary(&self, domain: &Domain) -> Result<QuestionVocabulary, QuestionMakerError> {
        Ok(QuestionVocabulary::new(&self.chosen()?, domain)?)
    }

    /// The templates to ask, in the registry's order whatever the order of the setting.
    pub(crate) fn chosen(&self) -> Result<Vec<&'static dyn Template>, InvalidSetting> {
        let key = "questions.templates";
        let known: Vec<&str> = registry().iter().map(|template| template.name()).collect();
        for name in &self.templates {
            let expected = || format!("must be of: {}", known.join(", "));
            if !known.contains(&name.as_str()) {
                return Err(InvalidSetting::new(key, name, expected()));
            }
        }
        let names: BTreeSet<&str> = self.templates.iter().map(String::as_str).collect();
        InvalidSetting::unless(!names.is_empty(), key, "[]", "must name at least one template")?;
        InvalidSetting::unless(names.len() == self.templates.len(), key, "a repeated name", "must name each once")?;
        Ok(registry().iter().copied().filter(|template| names.contains(template.name())).collect())
    }
}
