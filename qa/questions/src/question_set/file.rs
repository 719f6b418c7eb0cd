//! A question set as the text of a file.

use std::fmt::Write;

use groundling_interface::InvalidSetting;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{QuestionSet, QuestionSetError, QuestionSetSource, SetQuestion};

const FORMAT: &str = "groundling questions";
const VERSION: u64 = 1;
/// Digits of the hash that stand in a file's name.
const NAMED_DIGITS: usize = 12;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u64,
    num_questions: usize,
    /// Of everything behind the header's line, in hexadecimal digits.
    sha256: String,
    made_from: QuestionSetSource,
}

/// What is read first, so that files of other times and programs are told apart.
#[derive(Deserialize)]
struct Beginning {
    format: String,
    version: u64,
}

/// A question set as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionSetFile {
    /// Its name where none is given: `questions-PART-HASH.jsonl`, with the first 12 digits of the SHA-256 of its
    /// questions, which stands in full in its header.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl QuestionSet {
    /// The set as a file.
    pub fn to_file(&self) -> Result<QuestionSetFile, serde_json::Error> {
        let mut lines = String::new();
        for question in &self.questions {
            lines.push_str(&serde_json::to_string(question)?);
            lines.push('\n');
        }
        let sha256 = sha256(&lines);
        let name = format!("questions-{}-{}.jsonl", self.source.part, &sha256[..NAMED_DIGITS.min(sha256.len())]);
        let header = Header {
            format: FORMAT.into(),
            version: VERSION,
            num_questions: self.questions.len(),
            sha256,
            made_from: self.source.clone(),
        };
        Ok(QuestionSetFile { name, text: format!("{}\n{lines}", serde_json::to_string(&header)?) })
    }

    /// Reads the text of a file. That its questions are those that were written is checked, that they are true is not:
    /// see [`QuestionSet::check`].
    pub fn read(text: &str) -> Result<Self, QuestionSetError> {
        let (set, header, lines) = parse(text)?;
        unaltered(&header, lines)?;
        Ok(set)
    }

    /// As [`QuestionSet::read`], but a set with altered lines is read too, so that a check can tell which they are.
    /// What the hash says of them is told besides.
    pub fn read_suspect(text: &str) -> Result<(Self, Result<(), QuestionSetError>), QuestionSetError> {
        let (set, header, lines) = parse(text)?;
        let hash = unaltered(&header, lines);
        Ok((set, hash))
    }
}

fn parse(text: &str) -> Result<(QuestionSet, Header, &str), QuestionSetError> {
    if text.trim().is_empty() {
        return Err(QuestionSetError::Empty);
    }
    let (first, lines) = text.split_once('\n').unwrap_or((text, ""));
    let header = header(first)?;
    let expected = header.num_questions;
    let mut questions = Vec::new();
    for (index, text) in lines.split_inclusive('\n').enumerate() {
        let (line, found) = (index + 2, questions.len());
        if found == expected {
            return Err(QuestionSetError::TooLong { line, expected });
        }
        let text = text.strip_suffix('\n').ok_or(QuestionSetError::Truncated { found, expected })?;
        let question: SetQuestion = serde_json::from_str(text)
            .map_err(|error| QuestionSetError::NotAQuestion { line, reason: reason(&error) })?;
        questions.push(question);
    }
    if questions.len() < expected {
        return Err(QuestionSetError::Truncated { found: questions.len(), expected });
    }
    Ok((QuestionSet { source: header.made_from.clone(), questions }, header, lines))
}

fn header(line: &str) -> Result<Header, QuestionSetError> {
    let wrong = |error: serde_json::Error| QuestionSetError::NotAHeader { reason: reason(&error) };
    let beginning: Beginning = serde_json::from_str(line).map_err(wrong)?;
    if beginning.format != FORMAT {
        return Err(QuestionSetError::NotAHeader { reason: format!("its format is \"{}\"", beginning.format) });
    }
    if beginning.version != VERSION {
        return Err(QuestionSetError::Version { found: beginning.version, known: VERSION });
    }
    let header: Header = serde_json::from_str(line).map_err(wrong)?;
    let invalid = |error: InvalidSetting| QuestionSetError::NotAHeader { reason: error.to_string() };
    header.made_from.validate().map_err(invalid)?;
    Ok(header)
}

fn unaltered(header: &Header, lines: &str) -> Result<(), QuestionSetError> {
    let found = sha256(lines);
    if found == header.sha256 {
        return Ok(());
    }
    Err(QuestionSetError::Altered { found, expected: header.sha256.clone() })
}

/// What serde says; its "line 1" would be taken for the file's.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.replace(
        &format!(" at line {} column {}", error.line(), error.column()),
        &format!(" at column {}", error.column()),
    )
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string never fails.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}
