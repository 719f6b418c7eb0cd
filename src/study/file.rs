//! A study's file as it is written: variants, sweeps and seeds, checked as far as that needs no configuration.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Deserialize;
use toml::Value;

use crate::failure::wrong_input;

/// A study's file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StudyFile {
    /// Heading of the report. Default: the file's name.
    #[serde(default)]
    pub(super) title: Option<String>,
    /// The configuration that every variant starts from, relative to this file.
    pub(super) config: PathBuf,
    /// Settings on top of it for all runs, each as `section.key=value`.
    #[serde(default)]
    pub(super) set: Vec<String>,
    /// Seeds of the agents: each variant is trained once with each. Three or more tell how much luck there is.
    pub(super) seeds: Vec<u64>,
    /// What is compared.
    #[serde(rename = "variant", default)]
    pub(super) variants: Vec<Variant>,
    /// Settings that are tried at several values.
    #[serde(rename = "sweep", default)]
    pub(super) sweeps: Vec<Sweep>,
}

/// One of the things compared.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Variant {
    /// Its name: lower-case letters, digits and underscores.
    pub(super) name: String,
    /// Another configuration to start from, relative to the study's file.
    #[serde(default)]
    pub(super) config: Option<PathBuf>,
    /// Settings in which it differs, each as `section.key=value`.
    #[serde(default)]
    pub(super) set: Vec<String>,
    /// Seeds to train it with, where not those of the study.
    #[serde(default)]
    pub(super) seeds: Option<Vec<u64>>,
}

/// Stands for one variant a value. A value may change what is asked too, and then has controls of its own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sweep {
    /// Its name: lower-case letters, digits and underscores. A value's agents are called `<name>=<value>`.
    pub(super) name: String,
    /// The setting that has the values, as `section.key`; none where each value lists its settings.
    #[serde(default)]
    pub(super) key: Option<String>,
    /// Values of `key`, or `{ label = "32", set = ["section.key=value", …] }` each.
    values: Vec<Value>,
    /// Another configuration to start from, relative to the study's file.
    #[serde(default)]
    pub(super) config: Option<PathBuf>,
    /// Settings of all its values, each as `section.key=value`.
    #[serde(default)]
    pub(super) set: Vec<String>,
    /// Seeds to train each value with, where not those of the study.
    #[serde(default)]
    pub(super) seeds: Option<Vec<u64>>,
}

/// A value with settings of its own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    label: String,
    set: Vec<String>,
}

/// A value of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SweptValue {
    /// As it is printed.
    pub(super) label: String,
    /// `None` where it is no number.
    pub(super) number: Option<f64>,
    /// Its settings, each as `section.key=value`.
    pub(super) set: Vec<String>,
    /// What its agents are called: fit for a folder's name.
    pub(super) variant: String,
}

impl StudyFile {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| wrong_input(format!("cannot read the study {}: {error}", path.display())))?;
        let file: Self = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            wrong_input(format!("{}:{line}: {}", path.display(), error.message().replace('\n', " ")))
        })?;
        file.check().map_err(|reason| wrong_input(format!("{}: {reason}", path.display())))?;
        Ok(file)
    }

    /// Seeds of a variant or a sweep that has `own` ones, or none.
    pub(super) fn seeds<'a>(&'a self, own: &'a Option<Vec<u64>>) -> &'a [u64] {
        own.as_ref().unwrap_or(&self.seeds)
    }

    fn check(&self) -> Result<(), String> {
        if self.variants.is_empty() && self.sweeps.is_empty() {
            return Err("has no [[variant]] and no [[sweep]]: name at least one".into());
        }
        let mut names = BTreeSet::new();
        for Variant { name, seeds, .. } in &self.variants {
            check_name("variant", name)?;
            if ["majority", "question_only", "untrained", "facts"].contains(&name.as_str()) {
                return Err(format!("variant `{name}`: a control is called so; choose another name"));
            }
            if !names.insert(name) {
                return Err(format!("two variants are called `{name}`"));
            }
            check_seeds(&format!("variant `{name}`"), self.seeds(seeds))?;
        }
        let mut names = BTreeSet::new();
        for sweep in &self.sweeps {
            let Sweep { name, seeds, .. } = sweep;
            check_name("sweep", name)?;
            if !names.insert(name) {
                return Err(format!("two sweeps are called `{name}`"));
            }
            check_seeds(&format!("sweep `{name}`"), self.seeds(seeds))?;
            let values = sweep.values()?;
            if values.is_empty() {
                return Err(format!("sweep `{name}` has no values: give at least two, such as values = [1, 2, 4]"));
            }
            let mut variants = BTreeSet::new();
            if let Some(twice) = values.iter().find(|value| !variants.insert(&value.variant)) {
                let (label, variant) = (&twice.label, &twice.variant);
                return Err(format!(
                    "sweep `{name}`: the agents of `{label}` and of a value before it are both called `{variant}`"
                ));
            }
        }
        Ok(())
    }
}

impl Sweep {
    /// Its values, in their order.
    pub(super) fn values(&self) -> Result<Vec<SweptValue>, String> {
        self.values.iter().enumerate().map(|(index, value)| self.value(index, value)).collect()
    }

    fn value(&self, index: usize, value: &Value) -> Result<SweptValue, String> {
        let place = format!("sweep `{}`, value {}", self.name, index + 1);
        let (label, set) = match (&self.key, value) {
            (None, Value::Table(_)) => {
                let labelled = value.clone().try_into();
                let Labelled { label, set } = labelled
                    .map_err(|error: toml::de::Error| format!("{place}: {}", error.message().replace('\n', " ")))?;
                (label, set)
            }
            (None, _) => {
                return Err(format!(
                    "{place}: {value} is a value of what? give the sweep a `key`, or write {{ label = \"{}\", set = [\"section.key=value\"] }}",
                    word(value).replace('"', "")
                ));
            }
            (Some(key), Value::Table(_)) => {
                return Err(format!("{place}: is a table, and the sweep has the `key` {key}; take one of them out"));
            }
            (Some(key), _) => (word(value), vec![format!("{key}={}", word(value))]),
        };
        let variant = folder_name(&label).map(|name| format!("{}={name}", self.name));
        let variant = variant.ok_or_else(|| format!("{place}: {label:?} has no letter or digit to be called by"))?;
        let number = label.trim().parse().ok().filter(|number: &f64| number.is_finite());
        Ok(SweptValue { number, label, set, variant })
    }
}

/// A value as it stands behind `key=`: words without quotes.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `[5, 8]` as `5_8`; `None` of what holds no letter or digit.
fn folder_name(label: &str) -> Option<String> {
    let letters = label.to_ascii_lowercase();
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    let parts: Vec<&str> = letters.split(|letter| !is_kept(letter)).filter(|part| !part.is_empty()).collect();
    let name: String = parts.join("_").chars().take(40).collect();
    name.contains(|letter: char| letter.is_ascii_alphanumeric()).then_some(name)
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
        return Err(format!("{what} {name:?}: a name is made of 1 to 64 lower-case letters, digits and underscores"));
    }
    Ok(())
}

fn check_seeds(owner: &str, seeds: &[u64]) -> Result<(), String> {
    if seeds.is_empty() {
        return Err(format!("{owner} has no seeds: give at least one, such as seeds = [1, 2, 3]"));
    }
    match seeds.iter().enumerate().find(|(index, seed)| seeds[..*index].contains(seed)) {
        Some((_, seed)) => Err(format!("seed {seed} is given twice")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(text: &str) -> Sweep {
        toml::from_str(text).unwrap()
    }

    fn values(text: &str) -> Vec<(String, Option<f64>, Vec<String>, String)> {
        let values = sweep(text).values().unwrap();
        values.into_iter().map(|value| (value.label, value.number, value.set, value.variant)).collect()
    }

    #[test]
    fn values_become_settings_and_names() {
        let of_key = |label: &str, number, value: &str, name: &str| {
            (label.to_owned(), number, vec![format!("a.b={value}")], format!("s={name}"))
        };
        assert_eq!(
            values("name = \"s\"\nkey = \"a.b\"\nvalues = [0, -0.5, 1e-3, true, \"Conv_Draw\", [5, 8]]"),
            [
                of_key("0", Some(0.0), "0", "0"),
                of_key("-0.5", Some(-0.5), "-0.5", "-0.5"),
                of_key("0.001", Some(0.001), "0.001", "0.001"),
                of_key("true", None, "true", "true"),
                of_key("Conv_Draw", None, "Conv_Draw", "conv_draw"),
                of_key("[5, 8]", None, "[5, 8]", "5_8"),
            ]
        );
        let several =
            "name = \"s\"\nvalues = [{ label = \"32\", set = [\"a.b=1\", \"c.d=2\"] }, { label = \"../x\", set = [] }]";
        assert_eq!(
            values(several),
            [
                ("32".to_owned(), Some(32.0), vec!["a.b=1".to_owned(), "c.d=2".to_owned()], "s=32".to_owned()),
                ("../x".to_owned(), None, vec![], "s=.._x".to_owned()),
            ]
        );
    }

    #[test]
    fn mistakes_in_values_are_told_with_their_place() {
        let error = |text: &str| sweep(text).values().unwrap_err();
        let of_no_key = error("name = \"s\"\nvalues = [{ label = \"1\", set = [] }, 4]");
        assert!(of_no_key.starts_with("sweep `s`, value 2: 4 is a value of what?"), "{of_no_key}");
        assert!(error("name = \"s\"\nvalues = [{ lable = \"1\", set = [] }]").contains("unknown field `lable`"));
        assert!(error("name = \"s\"\nvalues = [{ label = \"1\" }]").contains("missing field `set`"));
        assert!(
            error("name = \"s\"\nkey = \"a.b\"\nvalues = [{ label = \"1\", set = [] }]")
                .contains("take one of them out")
        );
        assert!(error("name = \"s\"\nkey = \"a.b\"\nvalues = [\"??\"]").contains("no letter or digit"));
    }
}
