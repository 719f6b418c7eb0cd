//! Rows in any order become episodes: each belief is kept once, and what contradicts an earlier row is refused.

use std::collections::{BTreeMap, BTreeSet};

use groundling_belief::FrozenBelief;
use groundling_questions::{Evidence, Question, QuestionVocabulary, SplitPart};

use crate::cell_fault::{CellFault, shown};
use crate::columns;
use crate::error::WrongCell;
use crate::header::StoredVocabulary;
use crate::row::{Row, shown_words, words_of};
use crate::stored::{StoredEpisode, StoredQuestion};
use crate::word_list::WordList;

/// The most words of a question when the file does not say.
const MOST_TOKENS: usize = 64;

/// What has been read so far.
pub(crate) struct Gathering {
    words: Words,
    has_tokens: bool,
    has_cell: bool,
    /// Length of the first belief, and its row.
    size: Option<(usize, u64)>,
    episodes: BTreeMap<u64, EpisodeRows>,
    /// Whether a question is asked at several steps.
    asks_again: bool,
    pub(crate) has_evidence: bool,
}

/// The words so far, and how templates use them.
pub(crate) struct Words {
    pub(crate) templates: WordList,
    pub(crate) tokens: WordList,
    pub(crate) answers: WordList,
    most_tokens: usize,
    pub(crate) longest: usize,
    pub(crate) uses: BTreeMap<u16, TemplateUse>,
}

/// How a template is used in the file.
#[derive(Default)]
pub(crate) struct TemplateUse {
    pub(crate) answers: BTreeSet<u16>,
    pub(crate) example: String,
}

struct EpisodeRows {
    split: SplitPart,
    first_row: u64,
    steps: BTreeMap<u32, StepRows>,
    meanings: BTreeMap<u32, Meaning>,
}

struct StepRows {
    first_row: u64,
    /// With the row it is from.
    belief: Option<(u64, FrozenBelief)>,
    asked: BTreeMap<u32, AskedRow>,
}

/// A question at one step.
struct AskedRow {
    row: u64,
    evidence: Evidence,
    headline: Option<bool>,
    timeline: Option<bool>,
}

/// What a question of an episode is, at whatever step it is asked.
struct Meaning {
    row: u64,
    template: u16,
    tokens: Vec<u16>,
    text: String,
    answer: u16,
}

impl Words {
    fn new(vocabulary: Option<(&StoredVocabulary, &QuestionVocabulary)>) -> Self {
        let list = |words: fn(&QuestionVocabulary) -> &[String]| match vocabulary {
            Some((_, numbered)) => WordList::closed(words(numbered)),
            None => WordList::open(),
        };
        Self {
            templates: list(QuestionVocabulary::templates),
            tokens: list(QuestionVocabulary::tokens),
            answers: list(QuestionVocabulary::answers),
            most_tokens: vocabulary.map_or(MOST_TOKENS, |(stored, _)| stored.max_tokens),
            longest: 0,
            uses: BTreeMap::new(),
        }
    }
}

impl Gathering {
    /// With the vocabulary of the file if it has one.
    pub(crate) fn new(
        vocabulary: Option<(&StoredVocabulary, &QuestionVocabulary)>,
        has_tokens: bool,
        has_cell: bool,
    ) -> Self {
        let words = Words::new(vocabulary);
        Self {
            words,
            has_tokens,
            has_cell,
            size: None,
            episodes: BTreeMap::new(),
            asks_again: false,
            has_evidence: true,
        }
    }

    /// Takes in one row, or says what is wrong with it.
    pub(crate) fn add(&mut self, row: Row<'_>) -> Result<(), WrongCell> {
        let null = |column| move || row.wrong(column, CellFault::Null);
        let split = row.split()?.ok_or_else(null(columns::SPLIT))?;
        let unknown = || row.wrong(columns::SPLIT, CellFault::UnknownSplit(shown(split)));
        let split = SplitPart::ALL.into_iter().find(|part| part.name() == split).ok_or_else(unknown)?;
        let number = row.episode()?.ok_or_else(null(columns::EPISODE))?;
        let step = row.step()?.ok_or_else(null(columns::STEP))?;
        let belief = self.belief(row)?;
        let asked = self.asked(row)?;

        let first_row = row.number();
        let episode = self.episodes.entry(number).or_insert_with(|| EpisodeRows {
            split,
            first_row,
            steps: BTreeMap::new(),
            meanings: BTreeMap::new(),
        });
        if episode.split != split {
            let fault = CellFault::TwoSplits { here: split, there: episode.split, row: episode.first_row };
            return Err(row.wrong(columns::SPLIT, fault));
        }
        let rows = StepRows { first_row, belief: None, asked: BTreeMap::new() };
        let at = episode.steps.entry(step).or_insert(rows);
        match (belief, &at.belief) {
            (Some(belief), None) => at.belief = Some((row.number(), belief)),
            (Some(belief), Some((other, earlier))) if belief != *earlier => {
                return Err(row.wrong(columns::BELIEF, CellFault::OtherBelief { row: *other }));
            }
            _ => {}
        }
        let Some((question, meaning, evidence)) = asked else { return Ok(()) };
        if let Some(AskedRow { row: other, .. }) = at.asked.get(&question) {
            return Err(row.wrong(columns::QUESTION, CellFault::Twice { number: question, row: *other }));
        }
        let (headline, timeline) = (row.headline(), row.timeline());
        at.asked.insert(question, AskedRow { row: row.number(), evidence, headline, timeline });
        match episode.meanings.get(&question) {
            Some(earlier) => {
                self.asks_again = true;
                self.words.same(row, &meaning, earlier)
            }
            None => {
                self.words.note(&meaning);
                episode.meanings.insert(question, meaning);
                Ok(())
            }
        }
    }

    fn belief(&mut self, row: Row<'_>) -> Result<Option<FrozenBelief>, WrongCell> {
        let (belief, cell) = (row.belief()?, row.cell()?);
        let belief = match (belief, cell) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(row.wrong(columns::BELIEF, CellFault::HalfBelief(columns::CELL))),
            (Some(_), None) if self.has_cell => {
                return Err(row.wrong(columns::CELL, CellFault::HalfBelief(columns::BELIEF)));
            }
            (Some(belief), _) => belief,
        };
        let (expected, first_row) = *self.size.get_or_insert((belief.len(), row.number()));
        for (column, part) in [(columns::BELIEF, Some(belief)), (columns::CELL, cell)] {
            if let Some(found) = part.map(<[f32]>::len).filter(|found| *found != expected) {
                return Err(row.wrong(column, CellFault::Length { found, expected, row: first_row }));
            }
        }
        let cell = cell.map_or_else(|| vec![0.0; belief.len()], <[f32]>::to_vec);
        Ok(Some(FrozenBelief::new(belief.to_vec(), cell)))
    }

    /// The question of a row, if it asks one: its number, what it is, and what had been seen.
    fn asked(&mut self, row: Row<'_>) -> Result<Option<(u32, Meaning, Evidence)>, WrongCell> {
        let (number, template, answer) = (row.question()?, row.template()?, row.answer()?);
        let (text, tokens) = (row.text()?, row.tokens()?);
        let wordless = text.is_none() && tokens.is_none();
        if number.is_none() && template.is_none() && answer.is_none() && wordless {
            return Ok(None);
        }
        let incomplete = |column| move || row.wrong(column, CellFault::Incomplete);
        let number = number.ok_or_else(incomplete(columns::QUESTION))?;
        let template = template.ok_or_else(incomplete(columns::TEMPLATE))?;
        let answer = answer.ok_or_else(incomplete(columns::ANSWER))?;
        let split;
        let (column, tokens) = if self.has_tokens {
            (columns::TOKENS, tokens.ok_or_else(incomplete(columns::TOKENS))?)
        } else {
            split = words_of(text.ok_or_else(incomplete(columns::TEXT))?);
            (columns::TEXT, split.iter().map(String::as_str).collect())
        };
        let most = self.words.most_tokens;
        match tokens.len() {
            0 => return Err(row.wrong(column, CellFault::Empty("word"))),
            found if found > most => return Err(row.wrong(column, CellFault::TooManyTokens { found, most })),
            _ => {}
        }
        let meaning = Meaning {
            row: row.number(),
            template: self.words.templates.number(template).map_err(|fault| row.wrong(columns::TEMPLATE, fault))?,
            text: text.map_or_else(|| tokens.join(" "), str::to_owned),
            answer: self.words.answers.number(answer).map_err(|fault| row.wrong(columns::ANSWER, fault))?,
            tokens: (tokens.iter().map(|token| self.words.tokens.number(token)))
                .collect::<Result<_, _>>()
                .map_err(|fault| row.wrong(column, fault))?,
        };
        Ok(Some((number, meaning, self.evidence(row)?)))
    }

    /// What is not known of a question's evidence counts as not seen.
    fn evidence(&mut self, row: Row<'_>) -> Result<Evidence, WrongCell> {
        let (seen, steps_since_seen) = (row.seen(), row.steps_since_seen()?);
        self.has_evidence &= seen.is_some();
        Ok(Evidence {
            objects: Vec::new(),
            seen: seen.unwrap_or(false),
            in_view: row.in_view().unwrap_or(steps_since_seen == Some(0)),
            steps_since_seen: steps_since_seen.filter(|_| seen == Some(true)),
            most_pixels: row.most_pixels()?.unwrap_or(0),
        })
    }

    /// The words that occurred, when all rows are read.
    pub(crate) fn take_words(&mut self) -> Words {
        std::mem::replace(&mut self.words, Words::new(None))
    }

    /// Everything that was read, with words numbered as `numbers` says, and the length of its beliefs.
    pub(crate) fn finish(self, numbers: &Numbers) -> Result<(Vec<StoredEpisode>, usize), WrongCell> {
        let mut episodes = Vec::with_capacity(self.episodes.len());
        for (number, rows) in self.episodes {
            let (mut beliefs, mut questions) = (Vec::new(), Vec::new());
            let headlines = rows.headlines()?;
            for (step, rows_of_step) in rows.steps {
                let no_belief = || {
                    let fault = CellFault::NoBelief { episode: number, step };
                    WrongCell { row: rows_of_step.first_row, column: columns::BELIEF, fault }
                };
                let (_, belief) = rows_of_step.belief.ok_or_else(no_belief)?;
                let at = beliefs.len();
                beliefs.push((step, belief));
                for (number, asked) in rows_of_step.asked {
                    let meaning = rows.meanings.get(&number);
                    questions.extend(meaning.map(|meaning| StoredQuestion {
                        number,
                        at,
                        headline: headlines.get(&number) == Some(&step),
                        timeline: asked.timeline.unwrap_or(self.asks_again),
                        question: meaning.question(numbers, asked.evidence),
                    }));
                }
            }
            episodes.push(StoredEpisode { split: rows.split, episode: number, beliefs, questions });
        }
        episodes.sort_by_key(|episode| (episode.split, episode.episode));
        Ok((episodes, self.size.map_or(0, |(size, _)| size)))
    }
}

impl EpisodeRows {
    /// The step at which each question counts for the headline: the one that is marked so, else the latest that is not
    /// marked otherwise.
    fn headlines(&self) -> Result<BTreeMap<u32, u32>, WrongCell> {
        let mut marked: BTreeMap<u32, u64> = BTreeMap::new();
        let mut headlines = BTreeMap::new();
        for (step, rows) in &self.steps {
            for (number, asked) in &rows.asked {
                match asked.headline {
                    Some(true) => {
                        if let Some(row) = marked.insert(*number, asked.row) {
                            let (row, other) = (row.max(asked.row), row.min(asked.row));
                            let fault = CellFault::HeadlineTwice { row: other };
                            return Err(WrongCell { row, column: columns::HEADLINE, fault });
                        }
                        headlines.insert(*number, *step);
                    }
                    None if !marked.contains_key(number) => drop(headlines.insert(*number, *step)),
                    _ => {}
                }
            }
        }
        Ok(headlines)
    }
}

/// For each number a word had while it was read, the number it is given for good.
pub(crate) struct Numbers {
    pub(crate) templates: Vec<u16>,
    pub(crate) tokens: Vec<u16>,
    pub(crate) answers: Vec<u16>,
}

impl Numbers {
    /// Every word keeps its number.
    pub(crate) fn unchanged() -> Self {
        Self { templates: Vec::new(), tokens: Vec::new(), answers: Vec::new() }
    }
}

impl Meaning {
    fn question(&self, numbers: &Numbers, evidence: Evidence) -> Question {
        let given = |list: &[u16], number: u16| list.get(usize::from(number)).copied().unwrap_or(number);
        Question {
            template: given(&numbers.templates, self.template),
            text: self.text.clone(),
            tokens: self.tokens.iter().map(|token| given(&numbers.tokens, *token)).collect(),
            arguments: Vec::new(),
            answer: given(&numbers.answers, self.answer),
            evidence,
        }
    }
}

impl Words {
    fn note(&mut self, meaning: &Meaning) {
        self.longest = self.longest.max(meaning.tokens.len());
        let template = self.uses.entry(meaning.template).or_default();
        template.answers.insert(meaning.answer);
        if template.example.is_empty() {
            template.example.clone_from(&meaning.text);
        }
    }

    /// A question that is asked again must be the same and have the same answer.
    fn same(&self, row: Row<'_>, here: &Meaning, there: &Meaning) -> Result<(), WrongCell> {
        let sentence = |tokens: &[u16]| shown_words(tokens.iter().map(|token| self.tokens.word(*token)));
        let (column, here, earlier) = if here.template != there.template {
            let name = |template| shown(self.templates.word(template));
            (columns::TEMPLATE, name(here.template), name(there.template))
        } else if here.tokens != there.tokens {
            (columns::TOKENS, sentence(&here.tokens), sentence(&there.tokens))
        } else if here.answer != there.answer {
            let word = |answer| shown(self.answers.word(answer));
            (columns::ANSWER, word(here.answer), word(there.answer))
        } else {
            return Ok(());
        };
        Err(row.wrong(column, CellFault::OtherQuestion { here, there: earlier, row: there.row }))
    }
}
