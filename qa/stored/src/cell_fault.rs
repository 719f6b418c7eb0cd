//! What can be wrong with one cell, and what to do about it.

use groundling_questions::SplitPart;

/// What is wrong with a cell; its text ends with the remedy.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CellFault {
    /// A null where a value must be.
    #[error("is null; every row needs it")]
    Null,
    /// A question that lacks a part.
    #[error("is null in a row that asks a question; give question, template, tokens and answer together, or none")]
    Incomplete,
    /// A number that is not whole.
    #[error("is {0}; give a whole number or null")]
    NotWhole(f64),
    /// A whole number that is too small or too large.
    #[error("is {value}; it must lie between 0 and {most}")]
    OutOfRange {
        /// The number.
        value: String,
        /// The largest allowed.
        most: u64,
    },
    /// Bytes that are no text.
    #[error("is not UTF-8 text; write strings")]
    NotText,
    /// Text that would break a table.
    #[error("is {0}, which holds a control character; write plain words")]
    Control(String),
    /// A split of another name.
    #[error("is {0}; it must be \"train\", \"validation\" or \"test\"")]
    UnknownSplit(String),
    /// A list or text with nothing in it.
    #[error("is empty; give at least one {0}")]
    Empty(&'static str),
    /// A null in a list.
    #[error("has a null at place {0}; fill it in")]
    NullEntry(usize),
    /// A belief, or a part of one, of another length.
    #[error("has {found} numbers, but {expected} in row {row}; all must be equally long")]
    Length {
        /// Numbers here.
        found: usize,
        /// Numbers there.
        expected: usize,
        /// The row to which it is compared.
        row: u64,
    },
    /// A belief that no probe takes.
    #[error("has {0} numbers; a belief has at most 65536")]
    TooLong(usize),
    /// A number that is none.
    #[error("is {value} at place {place}; beliefs must be finite numbers of 32 bits")]
    NotFinite {
        /// The number.
        value: f64,
        /// Where in the list, from 0.
        place: usize,
    },
    /// One half of a belief without the other.
    #[error("is null beside a `{0}` that is not; give both or neither")]
    HalfBelief(&'static str),
    /// A step without a belief.
    #[error("is null in all rows of step {step} of episode {episode}; give it in one of them")]
    NoBelief {
        /// Which episode.
        episode: u64,
        /// Which step of it.
        step: u32,
    },
    /// A word outside the vocabulary.
    #[error(
        "has {0}, which is not in the vocabulary of the file's metadata; add it there, or leave the vocabulary out"
    )]
    UnknownWord(String),
    /// More words than can be numbered.
    #[error("brings more than 65535 different words; give fewer")]
    TooManyWords,
    /// A question longer than the vocabulary says.
    #[error("has {found} tokens, more than {most}; ask in fewer")]
    TooManyTokens {
        /// Tokens here.
        found: usize,
        /// The most allowed.
        most: usize,
    },
    /// An episode that is learnt from and scored: a leak.
    #[error("is {here}, but {there} in row {row} of the same episode; an episode must stay in one split")]
    TwoSplits {
        /// The split here.
        here: SplitPart,
        /// The split there.
        there: SplitPart,
        /// The other row.
        row: u64,
    },
    /// One step with two beliefs.
    #[error("differs from row {row} of the same episode and step; give one belief a step")]
    OtherBelief {
        /// The other row.
        row: u64,
    },
    /// One question with two meanings.
    #[error("is {here}, but {there} in row {row}, the same question of the episode; number questions anew")]
    OtherQuestion {
        /// What stands here.
        here: String,
        /// What stands there.
        there: String,
        /// The other row.
        row: u64,
    },
    /// A question with two places in the headline.
    #[error("is true, as in row {row} for the same question of the episode; score a question once")]
    HeadlineTwice {
        /// The other row.
        row: u64,
    },
    /// A question asked twice at one step.
    #[error("is {number}, as in row {row} of the same episode and step; number questions anew")]
    Twice {
        /// Number of the question.
        number: u32,
        /// The other row.
        row: u64,
    },
}

/// A value for an error's one line: quoted, and not too long.
pub(crate) fn shown(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short:?}…") } else { format!("{short:?}") }
}
