//! What is kept of an update that diverged, so that it can be made again and looked into: `diverged-<update>/` in the run.
//!
//! | file | holds |
//! |---|---|
//! | `batch.safetensors` | the unrolls it was to learn from |
//! | `agent.safetensors`, `optimizer.safetensors` | parameters and the optimiser's state before it |
//! | `divergence.json` | cause, update, seed and index of the losses' generator, every figure that was computed |
//! | `config.toml` | the run's settings |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use groundling_interface::EnvironmentSpec;
use groundling_model::{Agent, LossSettings, Unroll};
use groundling_nn::{NamedValues, ValuesError};
use serde::{Deserialize, Serialize};

use crate::checkpoint_folder::to_json;
use crate::learning::LossTask;
use crate::{CheckpointFiles, FileError, RunDirectory, durable, unroll_file};

/// Since 2 a batch holds the targets of an auxiliary loss, if there is one; else 1 is the same.
const FORMAT: u32 = 2;
const OLDEST_FORMAT: u32 = 1;
const BATCH: &str = "batch.safetensors";
const AGENT: &str = "agent.safetensors";
const OPTIMIZER: &str = "optimizer.safetensors";
const FACTS: &str = "divergence.json";
const CONFIG: &str = "config.toml";

/// Why a divergence could not be kept, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DivergenceError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file is not what it should be.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// Why an update that diverged cannot be made again by an agent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecomputeError {
    /// Its networks are others.
    #[error(transparent)]
    Values(#[from] ValuesError),
    /// Its auxiliary loss is another.
    #[error("its batch holds targets that the auxiliary loss of this configuration cannot read")]
    Targets,
}

/// One update that diverged.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence {
    /// Which, from 1.
    pub update: u64,
    /// Which loss, and its value.
    pub cause: String,
    /// The run's seed.
    pub seed: u64,
    /// The step size it would have had.
    pub learning_rate: f64,
    /// What was computed, by the names of the metrics: `loss/…`, `predictive/…`, `gradient_norm/…`.
    pub series: BTreeMap<String, f64>,
    /// The parameters before it.
    pub agent: NamedValues,
    /// The optimiser's state before it.
    pub optimizer: NamedValues,
    /// Steps the optimiser had taken.
    pub optimizer_steps: u64,
    /// The batch.
    pub unrolls: Vec<Unroll>,
}

/// What of it is text. Figures are strings, since JSON has no word for those that are no numbers.
#[derive(Serialize, Deserialize)]
struct Facts {
    format: u32,
    update: u64,
    cause: String,
    seed: u64,
    /// The losses' generator is derived from the seed, the name `loss` and this.
    generator_index: u64,
    learning_rate: String,
    optimizer_steps: u64,
    series: BTreeMap<String, String>,
}

impl Divergence {
    /// Writes it into the run; one of the same update is replaced. Returns its folder.
    pub fn save(&self, run: &RunDirectory) -> Result<PathBuf, DivergenceError> {
        let folder = run.path().join(format!("diverged-{}", self.update));
        let damaged = |name: &str, reason: String| DivergenceError::Damaged { path: folder.join(name), reason };
        let values = |name: &str, values: &NamedValues| {
            let bytes = values.to_safetensors().map_err(|error| damaged(name, error.to_string()))?;
            Ok::<_, DivergenceError>((name.to_string(), bytes))
        };
        let facts = Facts {
            format: FORMAT,
            update: self.update,
            cause: self.cause.clone(),
            seed: self.seed,
            generator_index: self.update.saturating_sub(1),
            learning_rate: self.learning_rate.to_string(),
            optimizer_steps: self.optimizer_steps,
            series: self.series.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
        };
        let config = std::fs::read(run.config_path()).map_err(FileError::at("read", &run.config_path()))?;
        let batch = unroll_file::encode(&self.unrolls).map_err(|reason| damaged(BATCH, reason))?;
        let files = CheckpointFiles::from([
            (BATCH.to_string(), batch),
            values(AGENT, &self.agent)?,
            values(OPTIMIZER, &self.optimizer)?,
            (FACTS.to_string(), to_json(&facts)),
            (CONFIG.to_string(), config),
        ]);
        durable::write_folder(&folder, &files)?;
        Ok(folder)
    }

    /// Whether `folder` is one that `save` wrote.
    pub fn is_kept_in(folder: &Path) -> bool {
        folder.join(FACTS).is_file()
    }

    /// The settings of the run that diverged, in the folder of a divergence.
    pub fn config_path(folder: &Path) -> PathBuf {
        folder.join(CONFIG)
    }

    /// Reads what `save` wrote into `folder`, of rooms of `spec`.
    pub fn load(folder: &Path, spec: &EnvironmentSpec) -> Result<Self, DivergenceError> {
        let damaged = |name: &str, reason: String| DivergenceError::Damaged { path: folder.join(name), reason };
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(FileError::at("read", &path))
        };
        let facts: Facts = serde_json::from_slice(&read(FACTS)?).map_err(|error| damaged(FACTS, error.to_string()))?;
        if !(OLDEST_FORMAT..=FORMAT).contains(&facts.format) {
            let reason = format!("its format is {}, this version reads {OLDEST_FORMAT} to {FORMAT}", facts.format);
            return Err(damaged(FACTS, reason));
        }
        let number = |text: &str| text.parse::<f64>().map_err(|_| damaged(FACTS, format!("{text:?} is no number")));
        let values =
            |name: &str| NamedValues::from_safetensors(&read(name)?).map_err(|error| damaged(name, error.to_string()));
        let series = facts.series.iter().map(|(name, text)| Ok((name.clone(), number(text)?)));
        Ok(Self {
            update: facts.update,
            cause: facts.cause,
            seed: facts.seed,
            learning_rate: number(&facts.learning_rate)?,
            series: series.collect::<Result<_, DivergenceError>>()?,
            agent: values(AGENT)?,
            optimizer: values(OPTIMIZER)?,
            optimizer_steps: facts.optimizer_steps,
            unrolls: unroll_file::decode(&read(BATCH)?, spec).map_err(|reason| damaged(BATCH, reason))?,
        })
    }

    /// Makes `agent` what it was before the update and computes all figures again: on the CPU with the settings of the run,
    /// the same bits; with the norms of the losses' gradients, which the run may not have asked for.
    pub fn recompute(&self, agent: &Agent, settings: &LossSettings) -> Result<BTreeMap<String, f64>, RecomputeError> {
        let expected = agent.zero_state(1).freeze(0).size();
        for belief in self.unrolls.iter().flat_map(Unroll::initial_beliefs) {
            if belief.size() != expected {
                let (name, found) = ("hidden".into(), vec![belief.size()]);
                return Err(ValuesError::Shape { name, found, expected: vec![expected] }.into());
            }
        }
        if !self.unrolls.iter().all(|unroll| agent.reads_targets(unroll.targets())) {
            return Err(RecomputeError::Targets);
        }
        agent.set_values(&self.agent)?;
        let update = self.update.saturating_sub(1);
        let task = LossTask { unrolls: &self.unrolls, settings, seed: self.seed, update };
        let (_, series) = task.compute(agent, true);
        agent.set_values(&self.agent)?;
        Ok(series.into_iter().collect())
    }
}
