//! Some rows of a file as their columns, and one of them as its cells.

use parquet::data_type::ByteArray;

use crate::cell_fault::{CellFault, shown};
use crate::columns;
use crate::error::WrongCell;
use crate::lists::Lists;

/// A number of a column of whole numbers, which pandas writes as fractions when some are missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Whole(i128),
    Fraction(f64),
}

/// Consecutive rows, one entry a row in every column.
#[derive(Debug)]
pub(crate) struct Rows {
    /// Number of the first row in the file, from 1.
    pub(crate) first: u64,
    pub(crate) split: Vec<Option<ByteArray>>,
    pub(crate) episode: Vec<Option<Number>>,
    pub(crate) step: Vec<Option<Number>>,
    pub(crate) question: Vec<Option<Number>>,
    pub(crate) template: Vec<Option<ByteArray>>,
    pub(crate) tokens: Lists<ByteArray>,
    pub(crate) text: Vec<Option<ByteArray>>,
    pub(crate) answer: Vec<Option<ByteArray>>,
    pub(crate) belief: Lists<f32>,
    pub(crate) cell: Lists<f32>,
    pub(crate) headline: Vec<Option<bool>>,
    pub(crate) timeline: Vec<Option<bool>>,
    pub(crate) seen: Vec<Option<bool>>,
    pub(crate) in_view: Vec<Option<bool>>,
    pub(crate) steps_since_seen: Vec<Option<Number>>,
    pub(crate) most_pixels: Vec<Option<Number>>,
}

/// One row; a cell is looked at when it is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    rows: &'a Rows,
    index: usize,
}

impl Rows {
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.split.len()).map(|index| Row { rows: self, index })
    }
}

impl<'a> Row<'a> {
    /// Number of the row in the file, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.rows.first + self.index as u64
    }

    /// Something is wrong with a cell of this row.
    pub(crate) fn wrong(&self, column: &'static str, fault: CellFault) -> WrongCell {
        WrongCell { row: self.number(), column, fault }
    }

    pub(crate) fn split(&self) -> Result<Option<&'a str>, WrongCell> {
        self.text_of(columns::SPLIT, &self.rows.split)
    }

    pub(crate) fn episode(&self) -> Result<Option<u64>, WrongCell> {
        self.whole_of(columns::EPISODE, &self.rows.episode, u64::MAX)
    }

    pub(crate) fn step(&self) -> Result<Option<u32>, WrongCell> {
        self.short_of(columns::STEP, &self.rows.step)
    }

    pub(crate) fn question(&self) -> Result<Option<u32>, WrongCell> {
        self.short_of(columns::QUESTION, &self.rows.question)
    }

    pub(crate) fn template(&self) -> Result<Option<&'a str>, WrongCell> {
        self.text_of(columns::TEMPLATE, &self.rows.template)
    }

    pub(crate) fn text(&self) -> Result<Option<&'a str>, WrongCell> {
        self.text_of(columns::TEXT, &self.rows.text)
    }

    pub(crate) fn answer(&self) -> Result<Option<&'a str>, WrongCell> {
        self.text_of(columns::ANSWER, &self.rows.answer)
    }

    pub(crate) fn tokens(&self) -> Result<Option<Vec<&'a str>>, WrongCell> {
        let listed = self.rows.tokens.row(self.index);
        let listed = listed.map_err(|place| self.wrong(columns::TOKENS, CellFault::NullEntry(place)))?;
        let text = |bytes: &'a ByteArray| self.utf8(columns::TOKENS, bytes);
        listed.map(|tokens| tokens.iter().map(text).collect()).transpose()
    }

    /// The two parts of a belief; every number is finite.
    pub(crate) fn belief(&self) -> Result<Option<&'a [f32]>, WrongCell> {
        self.numbers_of(columns::BELIEF, &self.rows.belief)
    }

    pub(crate) fn cell(&self) -> Result<Option<&'a [f32]>, WrongCell> {
        self.numbers_of(columns::CELL, &self.rows.cell)
    }

    pub(crate) fn headline(&self) -> Option<bool> {
        self.rows.headline.get(self.index).copied().flatten()
    }

    pub(crate) fn timeline(&self) -> Option<bool> {
        self.rows.timeline.get(self.index).copied().flatten()
    }

    pub(crate) fn seen(&self) -> Option<bool> {
        self.rows.seen.get(self.index).copied().flatten()
    }

    pub(crate) fn in_view(&self) -> Option<bool> {
        self.rows.in_view.get(self.index).copied().flatten()
    }

    pub(crate) fn steps_since_seen(&self) -> Result<Option<u32>, WrongCell> {
        self.short_of(columns::STEPS_SINCE_SEEN, &self.rows.steps_since_seen)
    }

    pub(crate) fn most_pixels(&self) -> Result<Option<u32>, WrongCell> {
        self.short_of(columns::MOST_PIXELS, &self.rows.most_pixels)
    }

    fn utf8(&self, column: &'static str, bytes: &'a ByteArray) -> Result<&'a str, WrongCell> {
        let text = bytes.as_utf8().map_err(|_| self.wrong(column, CellFault::NotText))?;
        match text {
            "" => Err(self.wrong(column, CellFault::Empty("letter"))),
            _ if text.contains(char::is_control) => Err(self.wrong(column, CellFault::Control(shown(text)))),
            _ => Ok(text),
        }
    }

    fn text_of(&self, column: &'static str, cells: &'a [Option<ByteArray>]) -> Result<Option<&'a str>, WrongCell> {
        let bytes = cells.get(self.index).and_then(Option::as_ref);
        bytes.map(|bytes| self.utf8(column, bytes)).transpose()
    }

    fn short_of(&self, column: &'static str, cells: &[Option<Number>]) -> Result<Option<u32>, WrongCell> {
        let whole = self.whole_of(column, cells, u32::MAX.into())?;
        Ok(whole.and_then(|whole| u32::try_from(whole).ok()))
    }

    fn whole_of(&self, column: &'static str, cells: &[Option<Number>], most: u64) -> Result<Option<u64>, WrongCell> {
        let number = match cells.get(self.index).copied().flatten() {
            None => return Ok(None),
            Some(Number::Whole(number)) => number,
            // The cast saturates, and what it saturates to is out of every range.
            Some(Number::Fraction(number)) if number.fract() == 0.0 => number as i128,
            Some(Number::Fraction(number)) => return Err(self.wrong(column, CellFault::NotWhole(number))),
        };
        let out_of_range = || self.wrong(column, CellFault::OutOfRange { value: number.to_string(), most });
        u64::try_from(number).ok().filter(|number| *number <= most).map(Some).ok_or_else(out_of_range)
    }

    fn numbers_of(&self, column: &'static str, cells: &'a Lists<f32>) -> Result<Option<&'a [f32]>, WrongCell> {
        let listed = cells.row(self.index).map_err(|place| self.wrong(column, CellFault::NullEntry(place)))?;
        let bad = |numbers: &[f32]| numbers.iter().position(|number| !number.is_finite());
        if let Some((numbers, place)) = listed.and_then(|numbers| Some((numbers, bad(numbers)?))) {
            let value = numbers.get(place).copied().map_or(f64::NAN, f64::from);
            return Err(self.wrong(column, CellFault::NotFinite { value, place }));
        }
        match listed {
            Some([]) => Err(self.wrong(column, CellFault::Empty("number"))),
            Some(numbers) if numbers.len() > 65_536 => Err(self.wrong(column, CellFault::TooLong(numbers.len()))),
            listed => Ok(listed),
        }
    }
}

/// The words of a question that is given as a text: split at white space, lower case, without punctuation at the end.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let word = |word: &str| word.trim_end_matches(['?', '.', '!', ',']).to_lowercase();
    text.split_whitespace().map(word).filter(|word| !word.is_empty()).collect()
}

/// A question's words for an error's line.
pub(crate) fn shown_words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    shown(&words.into_iter().collect::<Vec<_>>().join(" "))
}
