//! What a study consists of: variants and seeds, each resolved to the configuration of one run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::failure::wrong_input;

/// The most runs a study may have.
const MAX_RUNS: usize = 10_000;

/// A study's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StudyFile {
    /// Heading of the report. Default: the file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The configuration that every variant starts from, relative to this file.
    config: PathBuf,
    /// Settings on top of it for all variants, each as `section.key=value`.
    #[serde(default)]
    set: Vec<String>,
    /// Seeds of the agents: each variant is trained once with each. Three or more tell how much luck there is.
    seeds: Vec<u64>,
    /// What is compared.
    #[serde(rename = "variant")]
    variants: Vec<Variant>,
}

/// One of the things compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    /// Its name: lower-case letters, digits and underscores.
    name: String,
    /// Another configuration to start from, relative to the study's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    config: Option<PathBuf>,
    /// Settings in which it differs, each as `section.key=value`.
    #[serde(default)]
    set: Vec<String>,
    /// Seeds to train it with, where not those of the study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seeds: Option<Vec<u64>>,
}

/// One run of a study.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedRun {
    /// `<variant>-<seed>`: name of its folder and of its row.
    pub(crate) name: String,
    pub(crate) variant: String,
    pub(crate) seed: u64,
    pub(crate) config: Config,
    /// SHA-256 of the resolved configuration, hexadecimal.
    pub(crate) config_hash: String,
}

/// A study's file with every run resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(crate) title: String,
    /// Seed by seed, so that a study that is stopped early has some of every variant.
    pub(crate) runs: Vec<PlannedRun>,
}

impl Plan {
    /// Reads the study at `path`; `settings` go on top of everything else, for all runs.
    pub fn load(path: &Path, settings: &[String]) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| wrong_input(format!("cannot read the study {}: {error}", path.display())))?;
        let file: StudyFile = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            wrong_input(format!("{}:{line}: {}", path.display(), error.message().replace('\n', " ")))
        })?;
        Self::resolve(&file, path, settings)
    }

    fn resolve(file: &StudyFile, path: &Path, settings: &[String]) -> Result<Self> {
        let wrong = |reason: String| wrong_input(format!("{}: {reason}", path.display()));
        check(file).map_err(wrong)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut runs = Vec::new();
        for variant in &file.variants {
            for &seed in variant.seeds.as_ref().unwrap_or(&file.seeds) {
                let base = folder.join(variant.config.as_ref().unwrap_or(&file.config));
                let own = [format!("seed={seed}")];
                let all = [&file.set[..], &variant.set, &own, settings].concat();
                let config = Config::load(&base, &all)
                    .map_err(|error| wrong(format!("variant `{}`, seed {seed}: {error}", variant.name)))?;
                if config.seed != seed {
                    return Err(wrong("`seed` is set by `seeds` only; take it out of the settings".into()));
                }
                runs.push(PlannedRun {
                    name: format!("{}-{seed}", variant.name),
                    variant: variant.name.clone(),
                    seed,
                    config_hash: hash(&config)?,
                    config,
                });
            }
        }
        for (index, run) in runs.iter().enumerate() {
            let same = |other: &&PlannedRun| other.config_hash == run.config_hash;
            if let Some(other) = runs[..index].iter().find(same) {
                return Err(wrong(format!("`{}` and `{}` have the very same settings", other.variant, run.variant)));
            }
        }
        // A stable sort: variants keep their order within a seed.
        runs.sort_by_key(|run| seed_rank(file, run.seed));
        let stem = path.file_stem().map_or_else(|| "study".into(), |stem| stem.to_string_lossy().into_owned());
        Ok(Self { title: file.title.clone().unwrap_or(stem), runs })
    }
}

/// Place of a seed in the file's list; those of single variants come last.
fn seed_rank(file: &StudyFile, seed: u64) -> (usize, u64) {
    (file.seeds.iter().position(|&listed| listed == seed).unwrap_or(usize::MAX), seed)
}

/// What can be told without reading the configurations.
fn check(file: &StudyFile) -> Result<(), String> {
    if file.variants.is_empty() {
        return Err("has no [[variant]]: name at least one".into());
    }
    let mut names = BTreeSet::new();
    for variant in &file.variants {
        let name = &variant.name;
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
            return Err(format!(
                "variant {name:?}: a name is made of 1 to 64 lower-case letters, digits and underscores"
            ));
        }
        if ["majority", "question_only", "untrained", "facts"].contains(&name.as_str()) {
            return Err(format!("variant `{name}`: a control is called so; choose another name"));
        }
        if !names.insert(name) {
            return Err(format!("two variants are called `{name}`"));
        }
        check_seeds(name, variant.seeds.as_ref().unwrap_or(&file.seeds))?;
    }
    let num_runs: usize = file.variants.iter().map(|v| v.seeds.as_ref().unwrap_or(&file.seeds).len()).sum();
    if num_runs > MAX_RUNS {
        return Err(format!("has {num_runs} runs; at most {MAX_RUNS} make a study"));
    }
    Ok(())
}

fn check_seeds(variant: &str, seeds: &[u64]) -> Result<(), String> {
    if seeds.is_empty() {
        return Err(format!("variant `{variant}` has no seeds: give at least one, such as seeds = [1, 2, 3]"));
    }
    match seeds.iter().enumerate().find(|(index, seed)| seeds[..*index].contains(seed)) {
        Some((_, seed)) => Err(format!("seed {seed} is given twice")),
        None => Ok(()),
    }
}

/// SHA-256 of a resolved configuration.
pub(crate) fn hash(config: &Config) -> Result<String> {
    let digest = Sha256::digest(config.to_toml()?.as_bytes());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("base.toml"), "[camera]\nwidth = 32\nheight = 24\n").unwrap();
        let path = folder.path().join("study.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn error(text: &str, settings: &[&str]) -> String {
        let (_folder, path) = write(text);
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let error = Plan::load(&path, &settings).unwrap_err();
        assert_eq!(crate::failure::exit_code(&error), 2);
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
        assert!(error.to_string().contains("study.toml"), "{error}");
        error.to_string()
    }

    const SOUND: &str = "config = \"base.toml\"\nset = [\"losses.baseline=0.1\"]\nseeds = [2, 1]\n\
                         [[variant]]\nname = \"lstm\"\n\
                         [[variant]]\nname = \"simcore\"\nset = [\"predictive.loss=simcore\"]\n";

    #[test]
    fn variants_and_seeds_are_resolved_seed_by_seed() {
        let (_folder, path) = write(SOUND);
        let plan = Plan::load(&path, &["camera.width=48".into()]).unwrap();
        assert_eq!(plan.title, "study");
        let names: Vec<&str> = plan.runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, ["lstm-2", "simcore-2", "lstm-1", "simcore-1"]);
        for run in &plan.runs {
            assert_eq!((run.config.seed, run.config.camera.width), (run.seed, 48));
            assert_eq!(run.config.losses.baseline, 0.1);
            assert_eq!(run.config_hash, hash(&run.config).unwrap());
        }
        let hashes: BTreeSet<&String> = plan.runs.iter().map(|run| &run.config_hash).collect();
        assert_eq!(hashes.len(), 4);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let with = |from: &str, to: &str| SOUND.replacen(from, to, 1);
        assert!(error(&with("seeds", "seed"), &[]).contains("study.toml:3: unknown field `seed`"));
        assert!(error(&with("[2, 1]", "[]"), &[]).contains("`lstm` has no seeds"));
        assert!(error(&with("[2, 1]", "[2, 2]"), &[]).contains("seed 2 is given twice"));
        assert!(error(&with("\"simcore\"", "\"lstm\""), &[]).contains("two variants are called `lstm`"));
        assert!(error(&with("\"lstm\"", "\"../lstm\""), &[]).contains("\"../lstm\": a name is made of"));
        assert!(error(&with("\"lstm\"", "\"untrained\""), &[]).contains("a control is called so"));
        assert!(
            error(&with("predictive.loss=simcore", "predictive.loss=none"), &[]).contains("the very same settings")
        );
        assert!(
            error(&with("baseline=0.1", "baseline=-1"), &[])
                .contains("variant `lstm`, seed 2: --set losses.baseline=-1")
        );
        assert!(error(&with("base.toml", "none.toml"), &[]).contains("none.toml"));
        assert!(error(SOUND, &["seed=7"]).contains("`seed` is set by `seeds` only"));
        assert!(error("config = \"base.toml\"\nseeds = [1]\nvariant = []\n", &[]).contains("has no [[variant]]"));
    }
}
