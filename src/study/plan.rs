//! What a study consists of: variants, values of sweeps and seeds, each resolved to the configuration of one run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::file::{StudyFile, Sweep, SweptValue};
use crate::config::Config;
use crate::failure::wrong_input;
use crate::probing::protocol_hash;

/// The most runs a study may have.
const MAX_RUNS: usize = 10_000;

/// One run of a study.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedRun {
    /// `<variant>-<seed>`: name of its folder and of its row.
    pub(crate) name: String,
    /// Name of the variant, or `<sweep>=<value>`.
    pub(crate) variant: String,
    pub(crate) seed: u64,
    pub(crate) config: Config,
    /// SHA-256 of the resolved configuration, hexadecimal.
    pub(crate) config_hash: String,
    /// Hash of all that a comparison needs to be the same.
    pub(crate) protocol: String,
    /// Whether it is of a variant, and not only of values of sweeps.
    pub(crate) is_of_a_variant: bool,
}

/// A setting that is tried at several values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedSweep {
    pub(crate) name: String,
    /// What its values are values of.
    pub(crate) key: String,
    pub(crate) values: Vec<PlannedValue>,
}

/// One value of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedValue {
    pub(crate) label: String,
    /// `None` where it is no number.
    pub(crate) number: Option<f64>,
    /// Names of its runs, one a seed. A run of the very same settings as a variant's, or as another value's, is that one.
    pub(crate) runs: Vec<String>,
}

/// A study's file with every run resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(crate) title: String,
    /// Seed by seed, so that a study that is stopped early has some of everything; variants before values.
    pub(crate) runs: Vec<PlannedRun>,
    pub(crate) sweeps: Vec<PlannedSweep>,
}

impl Plan {
    /// Reads the study at `path`; `settings` go on top of everything else, for all runs.
    pub fn load(path: &Path, settings: &[String]) -> Result<Self> {
        let file = StudyFile::read(path)?;
        let mut resolver = Resolver { path, file: &file, settings, runs: Vec::new(), named: BTreeMap::new() };
        resolver.variants()?;
        let sweeps = file.sweeps.iter().map(|sweep| resolver.sweep(sweep)).collect::<Result<Vec<_>>>()?;
        let mut runs = resolver.runs;
        if runs.len() > MAX_RUNS {
            let reason = format!("has {} runs; at most {MAX_RUNS} make a study", runs.len());
            return Err(wrong_input(format!("{}: {reason}", path.display())));
        }
        // A stable sort: within a seed they keep their order.
        runs.sort_by_key(|run| seed_rank(&file, run.seed));
        let stem = path.file_stem().map_or_else(|| "study".into(), |stem| stem.to_string_lossy().into_owned());
        Ok(Self { title: file.title.clone().unwrap_or(stem), runs, sweeps })
    }

    /// The run called `name`.
    pub(crate) fn run(&self, name: &str) -> Option<&PlannedRun> {
        self.runs.iter().find(|run| run.name == name)
    }
}

/// A study's file on its way to a plan.
struct Resolver<'a> {
    path: &'a Path,
    file: &'a StudyFile,
    settings: &'a [String],
    runs: Vec<PlannedRun>,
    /// What runs of these settings are called, whatever their seed: variants by the hash of their configuration.
    named: BTreeMap<String, String>,
}

impl Resolver<'_> {
    fn wrong(&self, reason: String) -> anyhow::Error {
        wrong_input(format!("{}: {reason}", self.path.display()))
    }

    fn variants(&mut self) -> Result<()> {
        for variant in &self.file.variants {
            for &seed in self.file.seeds(&variant.seeds) {
                let what = format!("variant `{}`", variant.name);
                let config = self.config(&what, variant.config.as_ref(), &[&variant.set], seed)?;
                let hash = hash(&config)?;
                if let Some(other) = self.runs.iter().find(|run| run.config_hash == hash) {
                    let (one, two) = (&other.variant, &variant.name);
                    return Err(self.wrong(format!("`{one}` and `{two}` have the very same settings")));
                }
                self.named.insert(seedless_hash(&config)?, variant.name.clone());
                self.push(&variant.name, config, hash, true)?;
            }
        }
        Ok(())
    }

    fn sweep(&mut self, sweep: &Sweep) -> Result<PlannedSweep> {
        let mut values: Vec<PlannedValue> = Vec::new();
        for SweptValue { label, number, set, variant } in sweep.values().map_err(|reason| self.wrong(reason))? {
            let mut runs = Vec::new();
            for &seed in self.file.seeds(&sweep.seeds) {
                let what = format!("sweep `{}`, value `{label}`", sweep.name);
                let config = self.config(&what, sweep.config.as_ref(), &[&sweep.set, &set], seed)?;
                let hash = hash(&config)?;
                if let Some(run) = self.runs.iter().find(|run| run.config_hash == hash) {
                    runs.push(run.name.clone());
                    continue;
                }
                let named = self.named.entry(seedless_hash(&config)?).or_insert_with(|| variant.clone()).clone();
                runs.push(self.push(&named, config, hash, false)?);
            }
            if let Some(other) = values.iter().find(|other| other.runs.iter().any(|run| runs.contains(run))) {
                let (one, name) = (&other.label, &sweep.name);
                return Err(self.wrong(format!("sweep `{name}`: `{one}` and `{label}` are the very same settings")));
            }
            values.push(PlannedValue { label, number, runs });
        }
        let key = sweep.key.clone().unwrap_or_else(|| sweep.name.clone());
        Ok(PlannedSweep { name: sweep.name.clone(), key, values })
    }

    /// The configuration of one run, with `sets` and the study's own settings on top.
    fn config(&self, what: &str, base: Option<&PathBuf>, sets: &[&Vec<String>], seed: u64) -> Result<Config> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let base = folder.join(base.unwrap_or(&self.file.config));
        let mut all = self.file.set.clone();
        all.extend(sets.iter().copied().flatten().cloned());
        all.push(format!("seed={seed}"));
        all.extend_from_slice(self.settings);
        let config = Config::load(&base, &all).map_err(|error| self.wrong(format!("{what}, seed {seed}: {error}")))?;
        if config.seed != seed {
            return Err(self.wrong("`seed` is set by `seeds` only; take it out of the settings".into()));
        }
        Ok(config)
    }

    /// Adds a run; its name.
    fn push(&mut self, variant: &str, config: Config, config_hash: String, is_of_a_variant: bool) -> Result<String> {
        let name = format!("{variant}-{}", config.seed);
        self.runs.push(PlannedRun {
            name: name.clone(),
            variant: variant.to_owned(),
            seed: config.seed,
            protocol: protocol_hash(&config)?,
            config_hash,
            config,
            is_of_a_variant,
        });
        Ok(name)
    }
}

/// Seeds in the order of the study's list, then any of variants' and sweeps' own.
fn seed_rank(file: &StudyFile, seed: u64) -> (usize, u64) {
    (file.seeds.iter().position(|&listed| listed == seed).unwrap_or(usize::MAX), seed)
}

/// The same for all seeds of the same settings.
fn seedless_hash(config: &Config) -> Result<String> {
    hash(&Config { seed: 0, ..config.clone() })
}

/// SHA-256 of a resolved configuration.
pub(crate) fn hash(config: &Config) -> Result<String> {
    let digest = Sha256::digest(config.to_toml()?.as_bytes());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
        assert!(
            error("config = \"base.toml\"\nseeds = [1]\nvariant = []\n", &[])
                .contains("has no [[variant]] and no [[sweep]]")
        );
    }

    const SWEEP: &str = "[[sweep]]\nname = \"overshoot\"\nkey = \"predictive.simcore.overshoot\"\nvalues = [0, 8, 16]\n\
                         set = [\"predictive.loss=simcore\"]\nseeds = [1, 3]\n\
                         [[sweep]]\nname = \"picture\"\nset = [\"predictive.loss=simcore\"]\nseeds = [1]\n\
                         values = [{ label = \"32x24\", set = [] }, { label = \"48x36\", set = [\"camera.width=48\", \
                         \"camera.height=36\"] }]\n";

    #[test]
    fn a_sweep_stands_for_a_variant_a_value() {
        let (_folder, path) = write(&format!("{SOUND}{SWEEP}"));
        let plan = Plan::load(&path, &[]).unwrap();
        let names: Vec<&str> = plan.runs.iter().map(|run| run.name.as_str()).collect();
        // What a variant is already is not trained twice, but with a seed of the sweep's own that it lacks.
        assert_eq!(
            names,
            [
                "lstm-2",
                "simcore-2",
                "lstm-1",
                "simcore-1",
                "overshoot=0-1",
                "overshoot=16-1",
                "picture=48x36-1",
                "overshoot=0-3",
                "simcore-3",
                "overshoot=16-3"
            ]
        );
        let runs = |sweep: usize| -> Vec<Vec<&str>> {
            plan.sweeps[sweep].values.iter().map(|value| value.runs.iter().map(String::as_str).collect()).collect()
        };
        assert_eq!(
            runs(0),
            [["overshoot=0-1", "overshoot=0-3"], ["simcore-1", "simcore-3"], ["overshoot=16-1", "overshoot=16-3"]]
        );
        assert_eq!(runs(1), [["simcore-1"], ["picture=48x36-1"]]);
        let protocol = |name: &str| &plan.run(name).unwrap().protocol;
        assert_eq!(protocol("overshoot=16-1"), protocol("lstm-2"));
        assert_ne!(protocol("picture=48x36-1"), protocol("lstm-2"));
        let of_variants: Vec<bool> = plan.runs.iter().map(|run| run.is_of_a_variant).collect();
        assert_eq!(of_variants[..5], [true, true, true, true, false]);
        assert_eq!(
            (plan.sweeps[0].key.as_str(), plan.sweeps[1].key.as_str()),
            ("predictive.simcore.overshoot", "picture")
        );
    }

    #[test]
    fn mistakes_in_sweeps_are_told_with_their_place() {
        let with = |from: &str, to: &str| format!("{SOUND}{}", SWEEP.replacen(from, to, 1));
        assert!(error(&with("key", "kee"), &[]).contains("unknown field `kee`"));
        assert!(error(&with("[0, 8, 16]", "[]"), &[]).contains("sweep `overshoot` has no values"));
        assert!(error(&with("[0, 8, 16]", "[0, 0]"), &[]).contains("both called `overshoot=0`"));
        assert!(error(&with("[0, 8, 16]", "[-1]"), &[]).contains("sweep `overshoot`, value `-1`, seed 1: "));
        assert!(error(&with("simcore.overshoot", "simcore.overshot"), &[]).contains("overshot"));
        assert!(error(&with("\"picture\"", "\"overshoot\""), &[]).contains("two sweeps are called `overshoot`"));
        assert!(error(&with("\"picture\"", "\"a b\""), &[]).contains("sweep \"a b\": a name is made of"));
        assert!(error(&with("[1, 3]", "[]"), &[]).contains("sweep `overshoot` has no seeds"));
        let alike = error(&with("", ""), &["predictive.simcore.overshoot=4"]);
        assert!(alike.contains("sweep `overshoot`: `0` and `8` are the very same settings"), "{alike}");
    }
}
