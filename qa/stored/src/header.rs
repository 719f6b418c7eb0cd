//! What a file says of itself, as JSON under one key of Parquet's metadata. Every part may be missing.

use groundling_questions::{InvalidVocabulary, QuestionVocabulary, TemplateSummary};
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
    /// Questions of the test that were left out, since they no longer had their one right answer when they were asked.
    pub num_dropped: u64,
    /// What the agent's own evaluation calls episode 0 of train, validation and test: numbers are unique in a file only.
    pub first_episodes: [u64; 3],
    /// The settings of rooms, questions, probes and evaluation, as Groundling reads them.
    pub config: Option<String>,
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
    /// Its possible answers.
    pub answers: Vec<String>,
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
    /// The words of a question maker, with what its census found of each template.
    pub fn of(vocabulary: &QuestionVocabulary, summary: &[TemplateSummary]) -> Self {
        let answers = vocabulary.answers();
        let template = |summary: &TemplateSummary| StoredTemplate {
            name: summary.name.clone(),
            wording: summary.wording.clone(),
            chance: summary.chance,
            answers: summary.answers.iter().filter_map(|answer| answers.get(usize::from(*answer)).cloned()).collect(),
        };
        Self {
            templates: summary.iter().map(template).collect(),
            tokens: vocabulary.tokens().to_vec(),
            answers: answers.to_vec(),
            max_tokens: vocabulary.max_tokens(),
        }
    }

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
        if let Some(StoredVocabulary { templates, answers, .. }) = &envelope.header.vocabulary {
            let unknown = templates.iter().flat_map(|t| &t.answers).find(|answer| !answers.contains(answer));
            if let Some(unknown) = unknown {
                return Err(format!(
                    "a template has the answer {unknown:?}, which is not among the answers; add it there"
                ));
            }
        }
        Ok(envelope.header)
    }
}
