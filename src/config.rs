//! One configuration for everything: TOML sections, `--set` on top, checked once, saved as it was resolved.

mod evaluation;
mod together;

use std::path::Path;

use anyhow::Result;
use groundling_impala::{AgentBlueprint, Exploring, TrainingConfig};
use groundling_interface::InvalidSetting;
use groundling_model::{AgentConfig, LossScales, LossSettings, PredictiveConfig, VTraceConfig};
use groundling_nn::OptimizerConfig;
use groundling_oracle::OracleConfig;
use groundling_probe::ProbeConfig;
use groundling_questions::QuestionConfig;
use groundling_room::RoomConfig;
use groundling_sim::{
    CameraConfig, ControlConfig, ExplorerConfig, PhysicsConfig, RoomEnvironment, TaskConfig, WorldConfig,
};
use serde::{Deserialize, Serialize};

use crate::failure::wrong_input;
use crate::teaching::oracle_loss;

pub use evaluation::EvaluationConfig;

/// Every setting there is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Every random choice of a run is derived from it.
    pub seed: u64,
    /// What rooms are drawn from.
    pub room: RoomConfig,
    /// The agent's eye.
    pub camera: CameraConfig,
    /// How actions move the body.
    pub control: ControlConfig,
    /// How objects move, and what the agent can do to them.
    pub physics: PhysicsConfig,
    /// Rewards and the length of an episode.
    pub task: TaskConfig,
    /// The scripted behaviour.
    pub explorer: ExplorerConfig,
    /// Sizes of the networks.
    pub agent: AgentConfig,
    /// The predictive loss.
    pub predictive: PredictiveConfig,
    /// The factor on each loss.
    pub losses: LossScales,
    /// V-trace.
    pub vtrace: VTraceConfig,
    /// The agent's optimiser.
    pub optimizer: OptimizerConfig,
    /// Actors, unrolls, schedule.
    pub training: TrainingConfig,
    /// What is asked.
    pub questions: QuestionConfig,
    /// The decoder that answers.
    pub probe: ProbeConfig,
    /// Whether questions teach the agent, which makes it an oracle and no agent under test.
    pub oracle: OracleConfig,
    /// How a finished agent is examined.
    pub evaluation: EvaluationConfig,
}

impl Config {
    /// Reads a file and the `section.key=value` settings on top of it. Every error names file and line, or the setting.
    pub fn load(path: &Path, settings: &[String]) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| wrong_input(format!("cannot read the configuration {}: {error}", path.display())))?;
        Self::parse(&text, &path.display().to_string(), settings)
    }

    /// The defaults with the `section.key=value` settings on top.
    pub fn from_settings(settings: &[String]) -> Result<Self> {
        Self::parse("", "defaults", settings)
    }

    /// Reads `path` where one is given, else takes the defaults; the settings go on top.
    pub fn load_or_default(path: Option<&Path>, settings: &[String]) -> Result<Self> {
        path.map_or_else(|| Self::from_settings(settings), |path| Self::load(path, settings))
    }

    /// Reads TOML that came from `origin`, with the settings on top of it.
    pub(crate) fn parse(text: &str, origin: &str, settings: &[String]) -> Result<Self> {
        let file: Self = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or_else(|| origin.to_string(), |line| format!("{origin}:{line}"));
            wrong_input(format!("{place}: {}", error.message().replace('\n', " ")))
        })?;
        let mut config = file;
        for setting in settings {
            config = config.with(setting)?;
        }
        config.validate().map_err(|error| {
            let by_setting = settings.iter().rev().find(|setting| key_of(setting) == Some(error.key.as_str()));
            let place = match (by_setting, line_of(text, &error.key)) {
                (Some(setting), _) => format!("--set {setting}"),
                (None, Some(line)) => format!("{origin}:{line}"),
                (None, None) => origin.to_string(),
            };
            wrong_input(format!("{place}: {error}"))
        })?;
        Ok(config)
    }

    /// This configuration with one `section.key=value` changed.
    fn with(&self, setting: &str) -> Result<Self> {
        let wrong = |reason: &str| wrong_input(format!("--set {setting}: {reason}"));
        let (key, value) = setting.split_once('=').ok_or_else(|| wrong("must have the form section.key=value"))?;
        let (key, value) = (key.trim(), value.trim());
        // What is not a TOML value is taken as a word, so that quotes need not be escaped in a shell.
        let document = format!("value = {value}");
        let parsed: toml::Table = match toml::from_str(&document) {
            Ok(table) => table,
            Err(_) => toml::Table::from_iter([("value".to_string(), toml::Value::String(value.to_string()))]),
        };
        let value = parsed.get("value").cloned().ok_or_else(|| wrong("has no value"))?;
        let mut root = toml::Value::try_from(self).map_err(|error| wrong(&error.to_string()))?;
        let mut place = &mut root;
        let parts: Vec<&str> = key.split('.').collect();
        for (depth, part) in parts.iter().enumerate() {
            let table =
                place.as_table_mut().ok_or_else(|| wrong(&format!("`{}` has no keys", parts[..depth].join("."))))?;
            if depth + 1 == parts.len() {
                table.insert((*part).to_string(), value.clone());
                break;
            }
            place = table.get_mut(*part).ok_or_else(|| wrong(&format!("there is no section `{part}`")))?;
        }
        root.try_into().map_err(|error: toml::de::Error| wrong(&error.message().replace('\n', " ")))
    }

    /// Checks every value, section by section, and then the sections together.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        // TOML has no integers above this.
        InvalidSetting::unless(i64::try_from(self.seed).is_ok(), "seed", self.seed, "must be below 2^63")?;
        self.world().validate()?;
        self.agent.validate()?;
        self.predictive.validate()?;
        self.losses.validate()?;
        self.vtrace.validate()?;
        self.optimizer.validate("optimizer")?;
        self.training.validate()?;
        self.questions.validate()?;
        self.probe.validate()?;
        self.oracle.validate()?;
        self.evaluation.validate()?;
        self.probes().iter().try_for_each(ProbeConfig::validate)?;
        self.validate_together()
    }

    /// The probes that read a finished agent, the headline first: that of `[probe]`, with each of `evaluation.decoders`.
    pub fn probes(&self) -> Vec<ProbeConfig> {
        let decoders = &self.evaluation.decoders;
        let chosen = if decoders.is_empty() { std::slice::from_ref(&self.probe.decoder) } else { decoders };
        chosen.iter().map(|&decoder| ProbeConfig { decoder, ..self.probe.clone() }).collect()
    }

    /// As TOML, every value written out.
    pub fn to_toml(&self) -> Result<String> {
        Ok(toml::to_string(self)?)
    }

    /// The sections a world is made from.
    pub fn world(&self) -> WorldConfig {
        WorldConfig {
            room: self.room.clone(),
            camera: self.camera,
            control: self.control,
            physics: self.physics,
            task: self.task,
            explorer: self.explorer,
        }
    }

    /// Whether questions teach the agent: such a run is the upper line, and never an agent under test.
    pub fn is_oracle(&self) -> bool {
        self.oracle.is_on()
    }

    /// What is needed to build the agent.
    pub fn blueprint(&self) -> Result<AgentBlueprint> {
        let (environment, _) = RoomEnvironment::new(self.world()).map_err(wrong_input)?;
        let spec = groundling_interface::Environment::spec(&environment).clone();
        Ok(AgentBlueprint {
            spec,
            agent: self.agent.clone(),
            predictive: self.predictive.clone(),
            clip_reward: self.vtrace.clip_reward,
            auxiliary: oracle_loss(self)?,
            seed: groundling_interface::derive_seed(self.seed, "agent", &[]),
        })
    }

    /// Scales of the losses and settings of V-trace.
    pub fn loss_settings(&self) -> LossSettings {
        LossSettings {
            scales: self.losses.clone(),
            vtrace: self.vtrace.clone(),
            scripted: self.training.exploring == Exploring::Scripted,
            carried_state: self.training.carried_state,
        }
    }
}

fn key_of(setting: &str) -> Option<&str> {
    setting.split_once('=').map(|(key, _)| key.trim())
}

/// The line, from 1, on which a dotted key is set in TOML written with `[section]` headers.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.split(']').next().unwrap_or_default().trim().to_string();
        } else if let Some((name, _)) = line.split_once('=') {
            let dotted =
                if section.is_empty() { name.trim().to_string() } else { format!("{section}.{}", name.trim()) };
            if dotted == key {
                return Some(index + 1);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str, settings: &[&str]) -> String {
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let error = Config::parse(text, "my.toml", &settings).unwrap_err();
        assert_eq!(crate::failure::exit_code(&error), 2);
        assert_eq!(error.to_string().lines().count(), 1, "{error}");
        error.to_string()
    }

    #[test]
    fn a_resolved_config_reads_back_as_itself() {
        let config = Config::parse("seed = 5\n[room]\nnum_objects = [2, 3]\n", "my.toml", &[]).unwrap();
        let again = Config::parse(&config.to_toml().unwrap(), "resolved.toml", &[]).unwrap();
        assert_eq!(config, again);
        assert_eq!(config.seed, 5);
    }

    #[test]
    fn wrong_files_are_told_with_their_line() {
        assert!(error("seed = 1\n[room]\nwalls_high = 3\n", &[]).starts_with("my.toml:3: unknown field `walls_high`"));
        assert!(error("[camera]\nwidth = \"wide\"\n", &[]).starts_with("my.toml:2: invalid type"));
        let range = error("[camera]\nheight = 24\nwidth = 5000\n", &[]);
        assert!(range.starts_with("my.toml:3: camera.width = 5000: must lie between"), "{range}");
        assert!(error("seed = \n", &[]).starts_with("my.toml:1: "));
        let camera = "[camera]\nwidth = 16\nheight = 12\n";
        let conv = "conv = [{ channels = 4, kernel = 8, stride = 8 }, { channels = 4, kernel = 8, stride = 8 }]";
        let small = error(&format!("{camera}[agent]\n{conv}\n"), &[]);
        assert!(small.starts_with("my.toml:5: agent.conv = 8x8/8 4"), "{small}");
    }

    #[test]
    fn settings_go_on_top_and_are_checked_alike() {
        let set = ["camera.width=64".to_string(), "predictive.loss=simcore".to_string()];
        let config = Config::parse("[camera]\nwidth = 32\n", "my.toml", &set).unwrap();
        assert_eq!(config.camera.width, 64);
        assert_eq!(config.predictive.loss, groundling_model::PredictiveName::SimCore);
        assert!(error("", &["camera.width=7"]).starts_with("--set camera.width=7: camera.width = 7"));
        assert!(error("", &["camera.widht=64"]).contains("unknown field `widht`"));
        assert!(error("", &["kamera.width=64"]).contains("there is no section `kamera`"));
        assert!(error("", &["seed.width=64"]).contains("`seed` has no keys"));
        assert!(error("", &["seed"]).contains("section.key=value"));
    }
}
