//! Settings of a room: a file, with sections and single settings on top, checked once.
//!
//! The file is one of the program's (`configs/`): sections of training are passed over. What is wrong in a file is told with
//! its line, what is wrong in a keyword with its name.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use groundling_interface::InvalidSetting;
use groundling_questions::{EvaluationSeeds, QuestionConfig, SplitPart};
use groundling_room::RoomConfig;
use groundling_sim::{CameraConfig, ControlConfig, ExplorerConfig, PhysicsConfig, TaskConfig, WorldConfig};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::values::toml_value;

/// What a file may hold beside the room's sections: how an agent is trained and examined in it.
const OF_TRAINING: [&str; 9] =
    ["seed", "agent", "predictive", "losses", "vtrace", "optimizer", "training", "probe", "oracle"];

/// The settings of a file's `[evaluation]` that say which rooms and questions there are; the others are of probes.
const OF_EVALUATION: [&str; 4] = ["seed", "train_episodes", "validation_episodes", "test_episodes"];

/// Every section a room is made from, and what is asked about it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) room: RoomConfig,
    camera: CameraConfig,
    control: ControlConfig,
    physics: PhysicsConfig,
    task: TaskConfig,
    explorer: ExplorerConfig,
    pub(crate) questions: QuestionConfig,
    pub(crate) evaluation: EvaluationRooms,
}

/// Which episodes an evaluation plays; the settings of these names in the program's `[evaluation]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EvaluationRooms {
    /// Rooms and questions of every part are derived from it.
    pub(crate) seed: u64,
    train_episodes: usize,
    validation_episodes: usize,
    test_episodes: usize,
}

impl Default for EvaluationRooms {
    fn default() -> Self {
        let [train_episodes, validation_episodes, test_episodes] = SplitPart::ALL.map(SplitPart::default_episodes);
        Self { seed: 0, train_episodes, validation_episodes, test_episodes }
    }
}

impl EvaluationRooms {
    fn num_episodes(&self, part: SplitPart) -> usize {
        match part {
            SplitPart::Train => self.train_episodes,
            SplitPart::Validation => self.validation_episodes,
            SplitPart::Test => self.test_episodes,
        }
    }

    fn validate(&self) -> Result<(), InvalidSetting> {
        // TOML has no integers above this.
        let fits = i64::try_from(self.seed).is_ok();
        InvalidSetting::unless(fits, "evaluation.seed", self.seed, "must be below 2^63")?;
        SplitPart::ALL.into_iter().try_for_each(|part| {
            let (key, value) = (format!("evaluation.{part}_episodes"), self.num_episodes(part));
            let fits = (1..=10_000_000).contains(&value);
            InvalidSetting::unless(fits, &key, value, "must lie between 1 and 10000000")
        })
    }
}

impl Settings {
    /// Of resolved settings, which `resolve` has checked.
    pub(crate) fn resolved(text: &str) -> PyResult<Self> {
        toml::from_str(text).map_err(|error| wrong(error.message()))
    }

    pub(crate) fn world(self) -> WorldConfig {
        let Settings { room, camera, control, physics, task, explorer, questions: _, evaluation: _ } = self;
        WorldConfig { room, camera, control, physics, task, explorer }
    }

    fn validate(&self) -> Result<(), InvalidSetting> {
        self.clone().world().validate()?;
        self.questions.validate()?;
        self.evaluation.validate()
    }
}

/// The seeds of every episode of an evaluation, part by part, as (name of the part, seeds).
#[pyfunction]
pub(crate) fn evaluation_seeds(resolved: &str) -> PyResult<Vec<(&'static str, Vec<u64>)>> {
    let Settings { evaluation, .. } = Settings::resolved(resolved)?;
    let seeds = EvaluationSeeds::new(evaluation.seed);
    let of_part = |part: SplitPart| (part.name(), seeds.episodes(part, evaluation.num_episodes(part) as u64));
    Ok(SplitPart::ALL.map(of_part).to_vec())
}

/// Settings resolved and checked, as TOML with every value written out.
///
/// `config` is a file; `sections` (`{"camera": {"width": 96}}`) go on top of it, and `settings`
/// (`{"camera.width": 96}`) on top of those.
#[pyfunction]
pub(crate) fn resolve(
    config: Option<PathBuf>,
    sections: &Bound<'_, PyDict>,
    settings: &Bound<'_, PyDict>,
) -> PyResult<String> {
    let origin = config.as_deref().map(|path| path.display().to_string()).unwrap_or_else(|| "settings".into());
    let text = config.as_deref().map(read).transpose()?.unwrap_or_default();
    let file = parse_table(&text, &origin)?;
    let mut table =
        toml::Value::try_from(from_file(&text, &file, &origin)?).map_err(|error| wrong(&error.to_string()))?;
    let mut given = BTreeMap::new();
    for (key, value) in keywords(sections, settings)? {
        set(&mut table, &key, &value)?;
        given.insert(key, value.to_string());
    }
    let resolved: Settings = table.try_into().map_err(|error: toml::de::Error| wrong(error.message()))?;
    resolved.validate().map_err(|error| {
        let place = match (given.contains_key(&error.key), line_of(&text, &file, &error.key)) {
            (true, _) => String::new(),
            (false, Some(line)) => format!("{origin}:{line}: "),
            (false, None) => format!("{origin}: "),
        };
        wrong(&format!("{place}{error}"))
    })?;
    toml::to_string(&resolved).map_err(|error| wrong(&error.to_string()))
}

fn read(path: &Path) -> PyResult<String> {
    std::fs::read_to_string(path).map_err(|error| {
        let said = format!("cannot read the configuration {}: {error}", path.display());
        io::Error::new(error.kind(), said).into()
    })
}

fn parse_table<'i>(text: &'i str, origin: &str) -> PyResult<Spanned<DeTable<'i>>> {
    DeTable::parse(text).map_err(|error| in_file(text, origin, &error))
}

/// The settings of a file, without what is of training.
fn from_file(text: &str, file: &Spanned<DeTable<'_>>, origin: &str) -> PyResult<Settings> {
    let mut own = file.clone();
    for section in OF_TRAINING {
        own.get_mut().remove(section);
    }
    if let Some(DeValue::Table(evaluation)) = own.get_mut().get_mut("evaluation").map(Spanned::get_mut) {
        let names: Vec<String> = evaluation.keys().map(|name| name.get_ref().to_string()).collect();
        for name in names.iter().filter(|name| !OF_EVALUATION.contains(&name.as_str())) {
            evaluation.remove(name.as_str());
        }
    }
    Settings::deserialize(toml::de::Deserializer::from(own)).map_err(|error| in_file(text, origin, &error))
}

/// Every setting that was given by keyword, as `section.key` with its value, in the order in which they count.
fn keywords(sections: &Bound<'_, PyDict>, settings: &Bound<'_, PyDict>) -> PyResult<Vec<(String, toml::Value)>> {
    let mut keywords = Vec::new();
    let mut add = |key: String, value: &Bound<'_, PyAny>| -> PyResult<()> {
        // A setting that is None is one that is not given.
        keywords.extend(toml_value(&key, value)?.map(|value| (key, value)));
        Ok(())
    };
    for (section, values) in sections.iter() {
        let values = values.cast::<PyDict>().map_err(|_| {
            let kind = values.get_type().name().map(|name| name.to_string()).unwrap_or_default();
            PyTypeError::new_err(format!("{section} must be a dict of settings such as {{\"key\": value}}, not {kind}"))
        })?;
        for (name, value) in values.iter() {
            let name: String =
                name.extract().map_err(|_| PyTypeError::new_err(format!("{section}: keys must be str, not {name}")))?;
            add(format!("{section}.{name}"), &value)?;
        }
    }
    for (key, value) in settings.iter() {
        let key = key.extract().map_err(|_| PyTypeError::new_err(format!("settings: keys must be str, not {key}")))?;
        add(key, &value)?;
    }
    Ok(keywords)
}

/// Changes one setting of a table of `Settings`.
fn set(table: &mut toml::Value, key: &str, value: &toml::Value) -> PyResult<()> {
    let refuse = |reason: &str| wrong(&format!("{key} = {value}: {reason}"));
    let (section, name) = key.split_once('.').ok_or_else(|| refuse("must have the form section.key"))?;
    if OF_TRAINING.contains(&section) {
        return Err(refuse(&format!("`{section}` is a section of training, which a room has none of")));
    }
    let names = table.as_table().map(|table| table.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
    let own = table.get_mut(section).and_then(toml::Value::as_table_mut);
    let own = own.ok_or_else(|| refuse(&format!("there is no section `{section}`, only {names}")))?;
    own.insert(name.to_owned(), value.clone());
    let checked: Result<Settings, _> = table.clone().try_into();
    checked.map(drop).map_err(|error: toml::de::Error| refuse(error.message()))
}

fn in_file(text: &str, origin: &str, error: &toml::de::Error) -> PyErr {
    let place = error.span().map(|span| format!("{origin}:{}", line_at(text, span.start)));
    wrong(&format!("{}: {}", place.as_deref().unwrap_or(origin), error.message()))
}

/// The line, from 1, on which a dotted key is set.
fn line_of(text: &str, file: &Spanned<DeTable<'_>>, key: &str) -> Option<usize> {
    let mut table = file.get_ref();
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let (name, value) = table.iter().find(|(name, _)| name.get_ref() == part)?;
        if parts.peek().is_none() {
            return Some(line_at(text, name.span().start));
        }
        let DeValue::Table(inner) = value.get_ref() else { return None };
        table = inner;
    }
    None
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}

fn wrong(message: &str) -> PyErr {
    PyValueError::new_err(message.replace('\n', " "))
}
