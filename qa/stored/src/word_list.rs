//! Words and their numbers, while a file is read.

use std::collections::HashMap;

use crate::cell_fault::{CellFault, shown};

/// A list of words: given and closed, or growing as they occur.
#[derive(Debug)]
pub(crate) struct WordList {
    numbers: HashMap<String, u16>,
    is_closed: bool,
}

impl WordList {
    pub(crate) fn closed(words: &[String]) -> Self {
        let numbers = (0u16..).zip(words).map(|(number, word)| (word.clone(), number)).collect();
        Self { numbers, is_closed: true }
    }

    pub(crate) fn open() -> Self {
        Self { numbers: HashMap::new(), is_closed: false }
    }

    /// The number of a word, which is added if it may be.
    pub(crate) fn number(&mut self, word: &str) -> Result<u16, CellFault> {
        if let Some(number) = self.numbers.get(word) {
            return Ok(*number);
        }
        if self.is_closed {
            return Err(CellFault::UnknownWord(shown(word)));
        }
        let next = u16::try_from(self.numbers.len()).ok().filter(|next| *next < u16::MAX);
        let next = next.ok_or(CellFault::TooManyWords)?;
        self.numbers.insert(word.into(), next);
        Ok(next)
    }

    /// The word of a number; found slowly, for an error's line.
    pub(crate) fn word(&self, number: u16) -> &str {
        self.numbers.iter().find(|(_, other)| **other == number).map_or("", |(word, _)| word)
    }

    /// The words in alphabetical order, and for each number the place there.
    pub(crate) fn sorted(self) -> (Vec<String>, Vec<u16>) {
        let mut pairs: Vec<(String, u16)> = self.numbers.into_iter().collect();
        pairs.sort();
        let mut places = vec![0; pairs.len()];
        for (place, (_, number)) in (0u16..).zip(&pairs) {
            if let Some(entry) = places.get_mut(usize::from(*number)) {
                *entry = place;
            }
        }
        (pairs.into_iter().map(|(word, _)| word).collect(), places)
    }
}
