//! The words of questions and answers, numbered. Saved beside a probe, so that its numbers keep their meaning.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::Domain;
use crate::template::Template;
use crate::word::Word;
use crate::wording::{is_slot, tokens};

/// The names of templates, tokens and answers; a number elsewhere is an index into one of these lists.
///
/// The order depends on nothing but the domain and the templates: slots' fillers and fixed words in the order of the
/// templates; answers as colours, shapes, yes, no, numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct QuestionVocabulary {
    templates: Vec<String>,
    tokens: Vec<String>,
    answers: Vec<String>,
    max_tokens: usize,
}

/// A vocabulary that no [`QuestionVocabulary`] can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVocabulary {
    /// Nothing to ask or to answer.
    #[error("the vocabulary's list of {list} is empty")]
    Empty {
        /// Which list.
        list: &'static str,
    },
    /// A list too long for its numbers.
    #[error("the vocabulary's list of {list} has {length} entries, more than fit in 16 bits")]
    TooLong {
        /// Which list.
        list: &'static str,
        /// How many entries.
        length: usize,
    },
    /// A word with two numbers.
    #[error("the vocabulary's list of {list} holds a word twice")]
    Repeated {
        /// Which list.
        list: &'static str,
    },
    /// A length of questions that cannot be.
    #[error("the vocabulary's longest question has {0} tokens; it must have between 1 and 64")]
    QuestionLength(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    templates: Vec<String>,
    tokens: Vec<String>,
    answers: Vec<String>,
    max_tokens: usize,
}

impl TryFrom<Unchecked> for QuestionVocabulary {
    type Error = InvalidVocabulary;

    fn try_from(unchecked: Unchecked) -> Result<Self, InvalidVocabulary> {
        let Unchecked { templates, tokens, answers, max_tokens } = unchecked;
        for (list, words) in [("templates", &templates), ("tokens", &tokens), ("answers", &answers)] {
            let length = words.len();
            if words.is_empty() {
                return Err(InvalidVocabulary::Empty { list });
            }
            if length > usize::from(u16::MAX) {
                return Err(InvalidVocabulary::TooLong { list, length });
            }
            if words.iter().collect::<BTreeSet<_>>().len() != length {
                return Err(InvalidVocabulary::Repeated { list });
            }
        }
        if !(1..=64).contains(&max_tokens) {
            return Err(InvalidVocabulary::QuestionLength(max_tokens));
        }
        Ok(Self { templates, tokens, answers, max_tokens })
    }
}

impl QuestionVocabulary {
    /// The vocabulary of these templates over this domain.
    pub fn new(templates: &[&dyn Template], domain: &Domain) -> Result<Self, InvalidVocabulary> {
        let mut words: Vec<String> = Vec::new();
        let mut add = |word: String| {
            if !words.contains(&word) {
                words.push(word);
            }
        };
        let mut answers = BTreeSet::new();
        let mut max_tokens = 0;
        for template in templates {
            max_tokens = max_tokens.max(tokens(template.wording()).count());
            for token in tokens(template.wording()).filter(|token| !is_slot(token)) {
                let is_article = token == "a";
                add(token);
                if is_article {
                    add("an".into());
                }
            }
            answers.extend(template.answers(domain));
        }
        let colors = domain.colors.iter().map(|&color| Word::Color(color));
        colors.chain(domain.shapes.iter().map(|&shape| Word::Shape(shape))).for_each(|word| add(word.text()));

        let mut answer_texts: Vec<String> = Vec::new();
        for answer in answers {
            // A shape may share its name with a colour ("orange"); the one-word answer is then one answer.
            if !answer_texts.contains(&answer.text()) {
                answer_texts.push(answer.text());
            }
        }
        let templates = templates.iter().map(|template| template.name().into()).collect();
        Unchecked { templates, tokens: words, answers: answer_texts, max_tokens }.try_into()
    }

    /// The vocabulary of these words, in these orders; the longest question has `max_tokens` of them.
    pub fn of_words(
        templates: Vec<String>,
        tokens: Vec<String>,
        answers: Vec<String>,
        max_tokens: usize,
    ) -> Result<Self, InvalidVocabulary> {
        Unchecked { templates, tokens, answers, max_tokens }.try_into()
    }

    /// Names of the templates.
    pub fn templates(&self) -> &[String] {
        &self.templates
    }

    /// The words of questions.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The one-word answers.
    pub fn answers(&self) -> &[String] {
        &self.answers
    }

    /// Tokens of the longest question.
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// Number of the token, if there is such a word.
    pub fn token(&self, word: &str) -> Option<u16> {
        index_of(&self.tokens, word)
    }

    /// Number of the answer, if there is such a word.
    pub fn answer(&self, word: &str) -> Option<u16> {
        index_of(&self.answers, word)
    }
}

fn index_of(words: &[String], word: &str) -> Option<u16> {
    words.iter().position(|known| known == word).and_then(|index| u16::try_from(index).ok())
}
