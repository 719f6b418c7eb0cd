//! What a file says of itself, as JSON under one key of Parquet's metadata. Every part may be missing.

use groundling_questions::{InvalidVocabulary, QuestionVocabulary};
use serde::{Deserialize, Serialize};

/// The key in Parquet's metadata.
pub(crate) const KEY: &str = "groundling";
const FORMAT: &str = "groundling-stored-beliefs";
const VERSION: u32 = 1;

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoredHeader {
    /// Whose beliefs these are, such as `simcore`.
    pub agent: Option<String>,
    /// What several seeds of the agent have in common, such as `simcore`.
    pub variant: Option<String>,
    /// What it is, by its name in `probe.json`: `trained`, `untrained`, `overshoot0`, `oracle`; `trained` if it is missing.
    pub kind: Option<String>,
    /// The agent's seed.
    pub seed: Option<u64>,
    /// Environment frames the agent had been trained for.
    pub frames_trained: u64,
    /// The words, numbered; without it they are numbered in alphabetical order as they occur.
    pub vocabulary: Option<StoredVocabulary>,
    /// How rooms and questions were made.
    pub protocol: Option<StoredProtocol>,
}

/// The words of questions and answers in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredVocabulary {
    /// Kinds of questions.
    pub templates: Vec<StoredTemplate>,
    /// Words of questions.
    pub tokens: Vec<String>,
    /// One-word answers.
    pub answers: Vec<String>,
    /// Words of the longest question.
    pub max_tokens: usize,
}

/// One kind of question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredTemplate {
    /// Short name, such as `count_color`.
    pub name: String,
    /// How it is asked, such as `How many <color> objects are there?`.
    pub wording: String,
    /// Accuracy of a uniform guess among the template's answers, in [0, 1].
    pub chance: f64,
}

/// How rooms and questions were made; nothing of any decoder but the seed that all of them share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoredProtocol {
    /// Which rooms the test is made of, such as `random rooms`.
    pub split: String,
    /// Seed of the training rooms.
    pub train_seed: u64,
    /// Seed of the validation rooms.
    pub validation_seed: u64,
    /// Seed of the test rooms.
    pub test_seed: u64,
    /// Seed of the probes' parameters and batches.
    pub probe_seed: u64,
    /// Seed by which the control `other episode` exchanges beliefs.
    pub other_beliefs_seed: u64,
    /// Steps after which the headline's questions were asked.
    pub asked_step: u32,
    /// Steps of an episode.
    pub episode_steps: u32,
    /// Hash of the configuration of rooms, questions and probe, in hexadecimal.
    pub config_hash: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<H> {
    format: String,
    version: u32,
    header: H,
}

/// Read before the rest, so that a file of another version is not called malformed.
#[derive(Deserialize)]
struct FormatOnly {
    #[serde(default)]
    format: String,
    version: u32,
}

impl StoredVocabulary {
    /// As the probe uses it.
    pub fn numbered(&self) -> Result<QuestionVocabulary, InvalidVocabulary> {
        let templates = self.templates.iter().map(|template| template.name.clone()).collect();
        QuestionVocabulary::of_words(templates, self.tokens.clone(), self.answers.clone(), self.max_tokens)
    }
}

impl StoredHeader {
    pub(crate) fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Envelope { format: FORMAT.into(), version: VERSION, header: self })
    }

    /// The header, or what is wrong with it and the remedy.
    pub(crate) fn from_json(text: &str) -> Result<Self, String> {
        let found: FormatOnly = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if found.format != FORMAT {
            return Err(format!("its \"format\" is {:?}; write {FORMAT:?}, or leave the entry out", found.format));
        }
        if found.version != VERSION {
            let version = found.version;
            return Err(format!("its version is {version}, this program reads version {VERSION}; record it again"));
        }
        let envelope: Envelope<Self> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        for template in envelope.header.vocabulary.iter().flat_map(|vocabulary| &vocabulary.templates) {
            if !(0.0..=1.0).contains(&template.chance) {
                let (name, chance) = (&template.name, template.chance);
                return Err(format!("chance of template {name:?} is {chance}; it must lie between 0 and 1"));
            }
        }
        Ok(envelope.header)
    }
}
