//! `probe.json` as it is stored; in memory every outcome is a row of its own.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Map, Value};

use crate::outcome::{
    CurvePoint, Outcome, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, Selectivity, TemplateEntry,
};
use crate::stored_columns::{AnswerColumns, QuestionColumns};

/// The fields of [`ProbeFile`], and the questions that its agents share.
#[derive(Serialize, Deserialize)]
struct StoredFile {
    format: String,
    version: u32,
    templates: Vec<TemplateEntry>,
    answers: Vec<String>,
    protocol: ProbeProtocol,
    questions: Vec<QuestionColumns>,
    agents: Vec<StoredAgent>,
}

/// The fields of [`ProbedAgent`].
#[derive(Serialize, Deserialize)]
struct StoredAgent {
    name: String,
    variant: String,
    seed: u64,
    decoder: String,
    kind: ProbedKind,
    frames_trained: u64,
    num_dropped: u64,
    outcomes: AnswerColumns,
    timeline: AnswerColumns,
    curve: Vec<CurvePoint>,
    selectivity: Option<Selectivity>,
}

impl Serialize for ProbeFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut questions = Vec::new();
        let agent = |agent: &ProbedAgent| {
            let bare = agent.without_answers();
            StoredAgent {
                name: bare.name,
                variant: bare.variant,
                seed: bare.seed,
                decoder: bare.decoder,
                kind: bare.kind,
                frames_trained: bare.frames_trained,
                num_dropped: bare.num_dropped,
                outcomes: AnswerColumns::of(&agent.outcomes, &mut questions),
                timeline: AnswerColumns::of(&agent.timeline, &mut questions),
                curve: bare.curve,
                selectivity: bare.selectivity,
            }
        };
        let agents = self.agents.iter().map(agent).collect();
        let Self { format, version, templates, answers, protocol, .. } = self;
        let stored = StoredFile {
            format: format.clone(),
            version: *version,
            templates: templates.clone(),
            answers: answers.clone(),
            protocol: protocol.clone(),
            questions,
            agents,
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ProbeFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let StoredFile { format, version, templates, answers, protocol, questions, agents } =
            StoredFile::deserialize(deserializer)?;
        let questions: Result<Vec<Vec<Outcome>>, String> = questions.iter().map(QuestionColumns::rows).collect();
        let questions = questions.map_err(D::Error::custom)?;
        let agent = |agent: StoredAgent| -> Result<ProbedAgent, String> {
            let StoredAgent { name, variant, seed, decoder, kind, frames_trained, num_dropped, .. } = agent;
            Ok(ProbedAgent {
                name,
                variant,
                seed,
                decoder,
                kind,
                frames_trained,
                num_dropped,
                outcomes: agent.outcomes.into_rows(&questions)?,
                timeline: agent.timeline.into_rows(&questions)?,
                curve: agent.curve,
                selectivity: agent.selectivity,
            })
        };
        let agents = agents.into_iter().map(agent).collect::<Result<_, _>>().map_err(D::Error::custom)?;
        Ok(Self { format, version, templates, answers, protocol, agents })
    }
}

/// What version 2 said, as the present version says it: there each agent had all columns for itself, and probabilities were
/// fractions. What is not as it should be stays so, and is told of when the file is read.
pub(crate) fn from_version_2(mut file: Value, version: u32) -> Value {
    const ANSWERS: [&str; 3] = ["predicted", "probability", "confidence"];
    let mut questions: Vec<Value> = Vec::new();
    let agents = file.get_mut("agents").and_then(Value::as_array_mut).into_iter().flatten();
    for agent in agents {
        for part in ["outcomes", "timeline"] {
            let Some(columns) = agent.get_mut(part).and_then(Value::as_object_mut) else { continue };
            let (mut answers, asked): (Map<String, Value>, Map<String, Value>) =
                std::mem::take(columns).into_iter().partition(|(column, _)| ANSWERS.contains(&column.as_str()));
            for column in ["probability", "confidence"] {
                for entry in answers.get_mut(column).and_then(Value::as_array_mut).into_iter().flatten() {
                    if let Some(share) = entry.as_f64() {
                        *entry = ((share * 1e4).round() as i64).into();
                    }
                }
            }
            let asked = Value::Object(asked);
            let known = questions.iter().position(|known| *known == asked).unwrap_or_else(|| {
                questions.push(asked);
                questions.len() - 1
            });
            answers.insert("questions".into(), known.into());
            *columns = answers;
        }
    }
    if let Some(fields) = file.as_object_mut() {
        fields.insert("questions".into(), Value::Array(questions));
        fields.insert("version".into(), version.into());
    }
    file
}
