//! Reads a file: bounded in memory by what it holds, each belief once, whatever the rows repeat.

use std::path::Path;

use groundling_questions::{QuestionVocabulary, SplitPart};

use crate::error::StoredError;
use crate::gathering::{Gathering, Numbers, Words};
use crate::header::{StoredTemplate, StoredVocabulary};
use crate::stored::StoredBeliefs;
use crate::table::Table;

impl StoredBeliefs {
    /// Reads and checks a file. A wrong one is refused by an error of one line that names the row, the column and the
    /// remedy.
    pub fn read(path: &Path) -> Result<Self, StoredError> {
        let table = Table::open(path)?;
        let header = table.header()?;
        let invalid = |source| StoredError::Vocabulary { path: path.into(), source };
        let given = header.vocabulary.as_ref();
        let given = given.map(|stored| stored.numbered().map(|numbered| (stored, numbered)));
        let given = given.transpose().map_err(invalid)?;
        let borrowed = given.as_ref().map(|(stored, numbered)| (*stored, numbered));
        let mut gathering = Gathering::new(borrowed, table.has_tokens(), table.has_cell());
        let wrong = |cell| StoredError::Cell { path: path.into(), cell };
        let mut num_rows: u64 = 0;
        table.for_each(|rows| {
            num_rows += rows.split.len() as u64;
            rows.iter().try_for_each(|row| gathering.add(row)).map_err(wrong)
        })?;
        if num_rows == 0 {
            return Err(StoredError::NoRows { path: path.into() });
        }
        let has_evidence = gathering.has_evidence;
        let (vocabulary, templates, numbers) = match given {
            Some((stored, numbered)) => (numbered, stored.templates.clone(), Numbers::unchanged()),
            None => numbered_as_they_occur(gathering.take_words()).map_err(invalid)?,
        };
        let (episodes, belief_size) = gathering.finish(&numbers).map_err(wrong)?;
        let read = Self { header, vocabulary, templates, belief_size, has_evidence, episodes };
        match SplitPart::ALL.into_iter().find(|split| read.num_questions(*split) == 0) {
            Some(split) => Err(StoredError::NoQuestions { path: path.into(), split }),
            None => Ok(read),
        }
    }
}

/// A vocabulary of the words that occur, in alphabetical order.
fn numbered_as_they_occur(
    words: Words,
) -> Result<(QuestionVocabulary, Vec<StoredTemplate>, Numbers), groundling_questions::InvalidVocabulary> {
    let (templates, of_templates) = words.templates.sorted();
    let (tokens, of_tokens) = words.tokens.sorted();
    let (answers, of_answers) = words.answers.sorted();
    let mut entries: Vec<StoredTemplate> = templates
        .into_iter()
        .map(|name| StoredTemplate { name, wording: String::new(), chance: 0.0, answers: Vec::new() })
        .collect();
    for (number, used) in words.uses {
        let place = of_templates.get(usize::from(number)).copied().map(usize::from);
        if let Some(entry) = place.and_then(|place| entries.get_mut(place)) {
            entry.wording = used.example;
            let mut places: Vec<u16> =
                used.answers.iter().filter_map(|answer| of_answers.get(usize::from(*answer)).copied()).collect();
            places.sort_unstable();
            entry.answers = places.iter().filter_map(|place| answers.get(usize::from(*place)).cloned()).collect();
            entry.chance = 1.0 / used.answers.len().max(1) as f64;
        }
    }
    let stored = StoredVocabulary { templates: entries, tokens, answers, max_tokens: words.longest };
    let numbers = Numbers { templates: of_templates, tokens: of_tokens, answers: of_answers };
    Ok((stored.numbered()?, stored.templates, numbers))
}
