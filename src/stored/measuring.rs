//! Measures files of stored beliefs: the same probes, the same controls, as far as a file can have them.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Result;
use groundling_questions::QuestionVocabulary;
use groundling_report::{ProbeFile, ProbedKind, TemplateEntry};
use groundling_stored::{StoredBeliefs, StoredHeader, StoredTemplate};

use super::examples::asked_of;
use super::writing::failure;
use super::{protocol, same_questions};
use crate::complain;
use crate::config::Config;
use crate::failure::wrong_input;
use crate::probing::{AskedOf, Prober, Read, RowName, protocol_difference};

/// Files that ask the same questions, read and checked.
pub(crate) struct StoredMeasurement {
    config: Config,
    /// Whether Groundling recorded all of them, by one protocol.
    is_recorded: bool,
    vocabulary: QuestionVocabulary,
    templates: Vec<TemplateEntry>,
    files: Vec<OpenFile>,
}

/// One agent's beliefs.
struct OpenFile {
    path: PathBuf,
    name: RowName,
    kind: ProbedKind,
    frames_trained: u64,
    has_evidence: bool,
    asked: AskedOf,
}

impl StoredMeasurement {
    /// Reads the files. The probe's settings are those of `config` with `settings` on top, or without either those by which
    /// the first file was recorded.
    pub(crate) fn open(paths: &[PathBuf], config: Option<&Path>, settings: &[String]) -> Result<Self> {
        let mut opened: Option<Self> = None;
        for path in paths {
            let mut stored = StoredBeliefs::read(path).map_err(failure)?;
            let recorded = stored.header.config.as_deref();
            let recorded = recorded.map(|text| recorded_config(path, text)).transpose()?;
            let file = OpenFile::new(path, &mut stored)?;
            match &mut opened {
                None => {
                    opened = Some(Self {
                        config: probe_config(recorded.as_ref(), config, settings)?,
                        is_recorded: recorded.is_some(),
                        templates: templates(&stored.templates, &stored.vocabulary),
                        vocabulary: stored.vocabulary,
                        files: vec![file],
                    });
                }
                Some(opened) => opened.add(file, &stored, recorded.as_ref())?,
            }
        }
        opened.ok_or_else(|| wrong_input("give a file with --beliefs"))
    }

    fn add(&mut self, file: OpenFile, stored: &StoredBeliefs, recorded: Option<&Config>) -> Result<()> {
        let Some(first) = self.files.first() else { return Ok(()) };
        let (here, there) = (file.path.display(), first.path.display());
        let differ = |what: &str| wrong_input(format!("{here} and {there} differ in {what}; probe them one by one"));
        if stored.vocabulary != self.vocabulary {
            return Err(differ("their vocabularies"));
        }
        if let Some(what) = same_questions::difference(&first.asked, &file.asked) {
            return Err(differ(&what));
        }
        if let Some(other) = self.files.iter().find(|other| other.name.name == file.name.name) {
            let (name, other) = (&file.name.name, other.path.display());
            let remedy = "rename one, or give `agent` in its metadata";
            return Err(wrong_input(format!("{here} and {other} are both of {name}; {remedy}")));
        }
        match recorded {
            Some(recorded) if self.is_recorded => {
                // The probes' settings may have been replaced.
                let mut recorded = Config { probe: self.config.probe.clone(), ..recorded.clone() };
                recorded.evaluation.decoders = self.config.evaluation.decoders.clone();
                recorded.evaluation.selectivity = self.config.evaluation.selectivity;
                if let Some(setting) = protocol_difference(&self.config, &recorded)? {
                    return Err(differ(&setting));
                }
            }
            _ => self.is_recorded = false,
        }
        self.files.push(file);
        Ok(())
    }

    /// Trains and scores all probes. Once `stop` is set, ends with an error of exit code 130.
    pub(crate) fn measure(&self, stop: &AtomicBool) -> Result<ProbeFile> {
        let since = Instant::now();
        for file in self.files.iter().filter(|file| !file.has_evidence) {
            let path = file.path.display();
            complain!("note: {path} does not say of all questions what had been seen; they count as unseen");
        }
        groundling_nn::set_threads_of_this_thread(1);
        let probes = self.config.probes();
        let prober_of = |config| Prober {
            config,
            vocabulary: &self.vocabulary,
            seed: self.config.evaluation.seed,
            threads: self.config.evaluation.threads,
            stop,
        };
        // There is always one.
        let prober = prober_of(probes.first().unwrap_or(&self.config.probe));
        let Some(first) = self.files.first() else { return Err(wrong_input("give a file with --beliefs")) };
        let mut rows = prober.without_beliefs(&first.asked)?.to_vec();
        rows.iter_mut().for_each(|row| row.num_dropped = first.asked.num_dropped);
        for OpenFile { name, kind, frames_trained, asked, .. } in &self.files {
            let Read { mut row, at_the_end, .. } = prober.headline(name, *kind, asked)?;
            if self.config.evaluation.selectivity {
                row.selectivity = Some(prober.selectivity(&name.name, &asked.at_the_end, &self.answers())?);
            }
            let mut of_file = vec![row];
            for probe in probes.iter().skip(1) {
                let name = name.read_by(probe.decoder.name());
                of_file.push(prober_of(probe).belief(&name, *kind, &asked.at_the_end)?.0);
            }
            of_file.iter_mut().for_each(|row| row.frames_trained = *frames_trained);
            of_file.push(prober.other_episode(name, &asked.at_the_end, &at_the_end)?);
            of_file.iter_mut().for_each(|row| row.num_dropped = asked.num_dropped);
            rows.extend(of_file);
        }
        rows.sort_by_key(|row| row.kind);
        let (seed, seconds) = (prober.probe_seed(), since.elapsed().as_secs_f64());
        let protocol = match self.is_recorded {
            true => protocol::of_run(&self.config, seed, seconds)?,
            false => protocol::of_others(&self.config, &first.asked, seed, seconds)?,
        };
        Ok(ProbeFile::new(self.templates.clone(), self.vocabulary.answers().to_vec(), protocol, rows))
    }

    /// The answers that each template is asked for.
    fn answers(&self) -> Vec<Vec<u16>> {
        self.templates.iter().map(|template| template.answers.clone()).collect()
    }
}

impl OpenFile {
    fn new(path: &Path, stored: &mut StoredBeliefs) -> Result<Self> {
        let asked = asked_of(stored);
        let header = &stored.header;
        let kind = kind_of(path, header)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = header.agent.clone().unwrap_or(stem);
        let variant = header.variant.clone().unwrap_or_else(|| name.clone());
        for name in [&name, &variant] {
            if name.is_empty() || name.contains(char::is_control) {
                let path = path.display();
                return Err(wrong_input(format!("{path}: the agent's name {name:?} cannot be shown; give another")));
            }
        }
        // Controls may stand under their own names, but nothing else.
        if RowName::is_of_a_control(&name) && kind == ProbedKind::Trained {
            let path = path.display();
            return Err(wrong_input(format!(
                "{path}: an agent must not be called `{name}`: a control is; rename the file, or give `agent` in its metadata"
            )));
        }
        let name = RowName { name, variant, seed: header.seed.unwrap_or(0) };
        Ok(Self {
            path: path.into(),
            name,
            kind,
            frames_trained: header.frames_trained,
            has_evidence: stored.has_evidence,
            asked,
        })
    }
}

/// What the agent is, by its name in `probe.json`.
fn kind_of(path: &Path, header: &StoredHeader) -> Result<ProbedKind> {
    let Some(name) = &header.kind else { return Ok(ProbedKind::Trained) };
    let kind = serde_json::from_value(serde_json::Value::String(name.clone())).ok();
    // These three are made from any file.
    let of_any_file = [ProbedKind::Majority, ProbedKind::QuestionOnly, ProbedKind::OtherEpisode];
    kind.filter(|kind| !of_any_file.contains(kind)).ok_or_else(|| {
        let (path, known) = (path.display(), "trained, untrained, last_frame, overshoot0, oracle or facts");
        wrong_input(format!("{path}: entry `groundling` of the metadata: kind = {name:?}; it must be {known}"))
    })
}

fn recorded_config(path: &Path, text: &str) -> Result<Config> {
    let origin = format!("{}: config in entry `groundling` of the metadata", path.display());
    Config::parse(text, &origin, &[])
}

/// The settings of a measurement. Those of rooms and questions stay as recorded; whoever measures chooses the probe.
fn probe_config(recorded: Option<&Config>, config: Option<&Path>, settings: &[String]) -> Result<Config> {
    let free = ["threads", "decoders", "selectivity", "seed", "long_gap"].map(|key| format!("evaluation.{key}"));
    // Seed and long gaps of a recorded file are those of its run.
    let free = if recorded.is_some() { &free[..3] } else { &free[..] };
    let is_free = |setting: &str| {
        let key = setting.split('=').next().unwrap_or_default().trim();
        key.starts_with("probe.") || free.iter().any(|free| free == key)
    };
    if let Some(setting) = settings.iter().find(|setting| !is_free(setting)) {
        let free = free.join(", ");
        return Err(wrong_input(format!("--set {setting}: only probe.*, {free} can be changed for stored beliefs")));
    }
    let Some(recorded) = recorded else { return Config::load_or_default(config, settings) };
    let chosen = match config {
        Some(_) => Config::load_or_default(config, settings)?,
        None => Config::parse(&recorded.to_toml()?, "the recorded settings", settings)?,
    };
    let mut together = recorded.clone();
    together.probe = chosen.probe;
    together.evaluation.threads = chosen.evaluation.threads;
    together.evaluation.decoders = chosen.evaluation.decoders;
    together.evaluation.selectivity = chosen.evaluation.selectivity;
    Ok(together)
}

/// The templates as a probe file tells them.
fn templates(stored: &[StoredTemplate], vocabulary: &QuestionVocabulary) -> Vec<TemplateEntry> {
    let entry = |template: &StoredTemplate| TemplateEntry {
        name: template.name.clone(),
        wording: template.wording.clone(),
        chance: template.chance,
        answers: template.answers.iter().filter_map(|answer| vocabulary.answer(answer)).collect(),
    };
    stored.iter().map(entry).collect()
}
