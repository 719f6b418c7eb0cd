//! Which settings of a run differ from those it was begun with.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// With its section, `section.key`.
    pub key: String,
    /// Its value in the run, as TOML; none where the run was begun by a version that did not have it.
    pub before: Option<String>,
    /// Its value now; none where this version does not have it.
    pub now: Option<String>,
}

impl std::fmt::Display for SettingChange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "not set".into());
        write!(formatter, "{} was {}, now {}", self.key, value(&self.before), value(&self.now))
    }
}

/// What differs between two configurations as TOML, in the order of keys; the error says what is wrong with `before`.
pub(crate) fn changes(before: &str, now: &str) -> Result<Vec<SettingChange>, String> {
    let (before, now) = (flatten(before)?, flatten(now)?);
    let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let change = |key: &String| {
        let (before, now) = (before.get(key).cloned(), now.get(key).cloned());
        (before != now).then(|| SettingChange { key: key.clone(), before, now })
    };
    Ok(keys.into_iter().filter_map(change).collect())
}

/// Every value by its dotted key.
fn flatten(text: &str) -> Result<BTreeMap<String, String>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().replace('\n', " "))?;
    let mut values = BTreeMap::new();
    let mut tables = vec![(String::new(), table)];
    while let Some((prefix, table)) = tables.pop() {
        for (name, value) in table {
            let key = format!("{prefix}{name}");
            match value {
                toml::Value::Table(inner) => tables.push((format!("{key}."), inner)),
                value => drop(values.insert(key, value.to_string())),
            }
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named_with_its_section() {
        let before = "seed = 1\n[a]\nx = 1\nlist = [1, 2]\n[a.b]\ny = 2.5\nold = true\n";
        let now = "seed = 1\n[a]\nlist = [1, 3]\nx = 1\nnew = \"word\"\n[a.b]\ny = 2.5\n";
        let told: Vec<String> = changes(before, now).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            ["a.b.old was true, now not set", "a.list was [1, 2], now [1, 3]", "a.new was not set, now \"word\""]
        );
        assert_eq!(changes(before, before), Ok(Vec::new()));
        assert!(changes("seed = \n", now).is_err());
    }
}
