//! A question in words, as Python has it: keys as in a question set, and what was seen as in a file of stored beliefs.

use groundling_questions::{Evidence, EvidenceObject, Question, QuestionVocabulary};
use groundling_room::WorldFacts;
use serde::{Deserialize, Serialize};

/// A question, the right answer and what had been seen of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct QuestionInWords {
    /// Of the episode.
    pub(crate) seed: u64,
    /// Steps since the reset when it is asked.
    pub(crate) step: u32,
    /// Number of the question within the episode.
    pub(crate) number: u32,
    pub(crate) template: String,
    question: String,
    tokens: Vec<String>,
    arguments: Vec<String>,
    answer: String,
    evidence: Vec<EvidenceObject>,
    seen: bool,
    in_view: bool,
    steps_since_seen: Option<u32>,
    most_pixels: u32,
}

impl QuestionInWords {
    pub(crate) fn new(number: u32, question: &Question, vocabulary: &QuestionVocabulary, facts: &WorldFacts) -> Self {
        let word = |words: &[String], index: u16| words.get(usize::from(index)).cloned().unwrap_or_default();
        let object = |&index: &u16| {
            let object = facts.objects.get(usize::from(index))?;
            Some(EvidenceObject { object: index, shape: object.shape.name().into(), color: object.color.name().into() })
        };
        let Evidence { objects, seen, in_view, steps_since_seen, most_pixels } = &question.evidence;
        Self {
            seed: facts.episode_seed,
            step: facts.step,
            number,
            template: word(vocabulary.templates(), question.template),
            question: question.text.clone(),
            tokens: question.tokens.iter().map(|&token| word(vocabulary.tokens(), token)).collect(),
            arguments: question.arguments.clone(),
            answer: word(vocabulary.answers(), question.answer),
            evidence: objects.iter().filter_map(object).collect(),
            seen: *seen,
            in_view: *in_view,
            steps_since_seen: *steps_since_seen,
            most_pixels: *most_pixels,
        }
    }

    /// The question in numbers, or the first word that the vocabulary lacks.
    pub(crate) fn numbered(&self, vocabulary: &QuestionVocabulary) -> Result<Question, String> {
        let template = vocabulary.templates().iter().position(|name| *name == self.template);
        let template = template.and_then(|index| u16::try_from(index).ok()).ok_or_else(|| self.template.clone())?;
        let token = |word: &String| vocabulary.token(word).ok_or_else(|| word.clone());
        Ok(Question {
            template,
            text: self.question.clone(),
            tokens: self.tokens.iter().map(token).collect::<Result<_, _>>()?,
            arguments: self.arguments.clone(),
            answer: vocabulary.answer(&self.answer).ok_or_else(|| self.answer.clone())?,
            evidence: Evidence {
                objects: self.evidence.iter().map(|object| object.object).collect(),
                seen: self.seen,
                in_view: self.in_view,
                steps_since_seen: self.steps_since_seen,
                most_pixels: self.most_pixels,
            },
        })
    }
}
