//! The folder of one run: who may use it, and what is in it.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::session::{Machine, Session, git_revision, unix_seconds};
use crate::{FileError, RunError, SettingChange, durable, settings, write_atomically};

const FORMAT: u32 = 1;
const SAME_OR_ELSEWHERE: &str = "resume with the same settings, or choose another folder with --run";

/// What was changed in a run that had begun, for its manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Resettled {
    unix_seconds: u64,
    version: String,
    git_revision: Option<String>,
    /// Pictures learnt from before.
    frames: u64,
    changes: Vec<SettingChange>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    version: String,
    name: String,
    seed: u64,
    git_revision: Option<String>,
    started_unix_seconds: u64,
    /// Every process that has trained it, in their order. Runs of earlier versions tell of none.
    #[serde(default)]
    sessions: Vec<Session>,
    /// Settings that were changed since, oldest first.
    #[serde(default)]
    history: Vec<Resettled>,
}

/// A run's folder, locked while this value lives if it was opened for writing.
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    lock: Option<File>,
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        // Closing is not enough: a child process that is just being started holds the file open until it runs.
        if let Some(lock) = &self.lock {
            let _ = lock.unlock();
        }
    }
}

impl RunDirectory {
    /// Opens the run at `path` for training, or begins one there. `config` is the resolved configuration as TOML; a run
    /// that exists must have the same one.
    pub fn open_for_training(path: &Path, config: &str, seed: u64) -> Result<Self, RunError> {
        let (run, changes) = Self::open_with_changes(path, config, seed)?;
        match changes.into_iter().next() {
            None => Ok(run),
            Some(change) => Err(run.other_setting(change, SAME_OR_ELSEWHERE)),
        }
    }

    /// As `open_for_training`, but tells what differs instead of refusing it. Who trains all the same calls
    /// `adopt_config` first.
    pub fn open_with_changes(path: &Path, config: &str, seed: u64) -> Result<(Self, Vec<SettingChange>), RunError> {
        std::fs::create_dir_all(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::NotADirectory => RunError::NotAFolder(path.into()),
            _ => FileError::at("create", path)(error).into(),
        })?;
        if !path.join("manifest.json").exists() {
            let mut entries = std::fs::read_dir(path).map_err(FileError::at("read", path))?;
            // A process that was killed before it wrote the manifest leaves the lock, and perhaps more.
            let ours = |name: &std::ffi::OsStr| name == "lock" || name == "config.toml" || durable::is_unfinished(name);
            if entries.any(|entry| entry.is_ok_and(|entry| !ours(&entry.file_name()))) {
                return Err(RunError::HoldsSomethingElse(path.into()));
            }
        }
        let lock = Self::lock(path)?;
        let run = Self { path: path.into(), lock: Some(lock) };
        durable::remove_unfinished(path);
        if run.path.join("manifest.json").exists() {
            run.manifest()?;
            let changes = run.changes_to(config)?;
            Ok((run, changes))
        } else {
            write_atomically(&run.config_path(), config.as_bytes())?;
            run.write_new_manifest(seed)?;
            Ok((run, Vec::new()))
        }
    }

    /// Makes `config` the run's configuration, after `frames` pictures. What changed is noted in the manifest first: a
    /// process that is killed in between leaves a note too many, never one too few.
    pub fn adopt_config(&self, config: &str, changes: &[SettingChange], frames: u64) -> Result<(), RunError> {
        let mut manifest = self.manifest()?;
        let noted = manifest.history.last().is_some_and(|last| last.frames == frames && last.changes == changes);
        if !noted {
            manifest.history.push(Resettled {
                unix_seconds: unix_seconds(),
                version: env!("CARGO_PKG_VERSION").into(),
                git_revision: git_revision(),
                frames,
                changes: changes.to_vec(),
            });
            self.write(&manifest)?;
        }
        Ok(write_atomically(&self.config_path(), config.as_bytes())?)
    }

    /// The error of a setting that may not change.
    pub fn other_setting(&self, change: SettingChange, remedy: &str) -> RunError {
        RunError::OtherSetting { path: self.config_path(), change, remedy: remedy.into() }
    }

    /// Opens a finished or unfinished run for reading.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let run = Self { path: path.into(), lock: None };
        if !run.path.join("manifest.json").exists() {
            return Err(RunError::NoRun(path.into()));
        }
        run.manifest()?;
        Ok(run)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The resolved configuration it was begun with.
    pub fn config_path(&self) -> PathBuf {
        self.path.join("config.toml")
    }

    /// One JSON object a line.
    pub fn metrics_path(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// Event files of TensorBoard.
    pub fn tensorboard_path(&self) -> PathBuf {
        self.path.join("tensorboard")
    }

    /// Version, revision, seed, time of beginning; and when, where and from where on each process has trained.
    pub fn manifest_path(&self) -> PathBuf {
        self.path.join("manifest.json")
    }

    /// Folders of checkpoints.
    pub fn checkpoints_path(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    fn lock(path: &Path) -> Result<File, RunError> {
        let lock_path = path.join("lock");
        let file = File::create(&lock_path).map_err(FileError::at("write", &lock_path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(RunError::InUse(path.into())),
            Err(TryLockError::Error(error)) => Err(FileError::at("lock", &lock_path)(error).into()),
        }
    }

    /// Notes in the manifest that this process goes on training, behind `first_frame` frames, on this machine.
    pub fn begin_session(&self, machine: Machine, first_frame: u64) -> Result<(), RunError> {
        let mut manifest = self.manifest()?;
        manifest.sessions.push(Session::begin(machine, first_frame));
        self.write(&manifest)
    }

    /// Notes in the manifest that this process ends in order.
    pub fn end_session(&self) -> Result<(), RunError> {
        let mut manifest = self.manifest()?;
        if let Some(session) = manifest.sessions.last_mut() {
            session.end();
        }
        self.write(&manifest)
    }

    fn manifest(&self) -> Result<Manifest, RunError> {
        let path = self.manifest_path();
        let text = std::fs::read_to_string(&path).map_err(FileError::at("read", &path))?;
        let wrong = |reason: String| RunError::Manifest { path: path.clone(), reason };
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        match value.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => return Err(wrong(format!("its format is {format}, this version reads {FORMAT}"))),
            None => return Err(wrong("it has no `format`".into())),
        }
        serde_json::from_value(value).map_err(|error| wrong(error.to_string()))
    }

    fn changes_to(&self, config: &str) -> Result<Vec<SettingChange>, RunError> {
        let path = self.config_path();
        let saved = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => RunError::Config { path: path.clone(), reason: "it is missing".into() },
            ErrorKind::InvalidData => RunError::Config { path: path.clone(), reason: "it is no text".into() },
            _ => FileError::at("read", &path)(error).into(),
        })?;
        settings::changes(&saved, config).map_err(|reason| RunError::Config { path, reason })
    }

    fn write_new_manifest(&self, seed: u64) -> Result<(), RunError> {
        self.write(&Manifest {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            name: self.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            seed,
            git_revision: git_revision(),
            started_unix_seconds: unix_seconds(),
            sessions: Vec::new(),
            history: Vec::new(),
        })
    }

    fn write(&self, manifest: &Manifest) -> Result<(), RunError> {
        let path = self.manifest_path();
        let text = serde_json::to_string_pretty(manifest)
            .map_err(|error| RunError::Manifest { path: path.clone(), reason: error.to_string() })?;
        Ok(write_atomically(&path, text.as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_begun_resumed_and_guarded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let run = RunDirectory::open_for_training(&path, "seed = 1\n", 1).unwrap();
        let second = RunDirectory::open_for_training(&path, "seed = 1\n", 1);
        assert!(matches!(second, Err(RunError::InUse(_))), "{second:?}");
        drop(run);
        drop(RunDirectory::open_for_training(&path, "seed = 1\n", 1).unwrap());
        let other = RunDirectory::open_for_training(&path, "seed = 2\n", 2);
        assert!(matches!(other, Err(RunError::OtherSetting { .. })), "{other:?}");
        assert!(RunDirectory::open(&path).is_ok());
    }

    #[test]
    fn a_run_that_was_killed_while_it_began_is_begun_again() {
        let folder = tempfile::tempdir().unwrap();
        for left in ["lock", "config.toml", ".unfinished-x7Yz"] {
            std::fs::write(folder.path().join(left), "half").unwrap();
        }
        drop(RunDirectory::open_for_training(folder.path(), "seed = 1\n", 1).unwrap());
        assert_eq!(std::fs::read_to_string(folder.path().join("config.toml")).unwrap(), "seed = 1\n");
        assert!(!folder.path().join(".unfinished-x7Yz").exists());
    }

    #[test]
    fn the_manifest_tells_who_trained_and_whether_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let (host, processor) = ("desk".to_string(), "Zen".to_string());
        let machine = Machine { host, processor, cores: 2, device: "cpu".into(), precision: "f32".into() };
        for (frames, ends) in [(0, false), (800, true)] {
            let run = RunDirectory::open_for_training(folder.path(), "", 1).unwrap();
            run.begin_session(machine.clone(), frames).unwrap();
            if ends {
                run.end_session().unwrap();
            }
        }
        let text = std::fs::read_to_string(folder.path().join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        let sessions = manifest["sessions"].as_array().unwrap();
        let frames: Vec<_> = sessions.iter().map(|session| session["first_frame"].as_u64().unwrap()).collect();
        assert_eq!(
            (frames, &sessions[1]["host"], &sessions[1]["device"]),
            (vec![0, 800], &"desk".into(), &"cpu".into())
        );
        assert!(sessions[0]["ended_unix_seconds"].is_null(), "it was killed");
        assert!(sessions[1]["ended_unix_seconds"].as_u64() >= sessions[1]["started_unix_seconds"].as_u64());
        // One of a version that told of no sessions.
        let text = text.replace("sessions", "x");
        std::fs::write(folder.path().join("manifest.json"), text).unwrap();
        let run = RunDirectory::open_for_training(folder.path(), "", 1).unwrap();
        run.begin_session(machine, 0).unwrap();
        assert_eq!(run.manifest().unwrap().sessions.len(), 1);
    }

    #[test]
    fn a_file_held_open_by_a_child_process_does_not_hold_the_run() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunDirectory::open_for_training(folder.path(), "", 1).unwrap();
        // What a process inherits between its fork and its start is such a second handle.
        let inherited = run.lock.as_ref().unwrap().try_clone().unwrap();
        drop(run);
        drop(RunDirectory::open_for_training(folder.path(), "", 1).unwrap());
        drop(inherited);
    }

    #[test]
    fn a_configuration_that_is_damaged_is_told_from_another_one() {
        let folder = tempfile::tempdir().unwrap();
        let open = || RunDirectory::open_for_training(folder.path(), "[task]\nseed = 1\n", 1);
        drop(open().unwrap());
        let path = folder.path().join("config.toml");
        for (content, told) in [("", "task.seed was not set, now 1"), ("[task]\nseed = 2\n", "task.seed was 2, now 1")]
        {
            std::fs::write(&path, content).unwrap();
            let error = open().unwrap_err().to_string();
            assert!(error.contains(told) && error.contains(&path.display().to_string()), "{error}");
        }
        for content in [&b"seed = "[..], b"\xff\xfe"] {
            std::fs::write(&path, content).unwrap();
            assert!(matches!(open(), Err(RunError::Config { .. })));
        }
        std::fs::remove_file(&path).unwrap();
        assert!(open().unwrap_err().to_string().contains("config.toml is not a configuration: it is missing"));
    }

    #[test]
    fn a_change_is_adopted_and_noted_once() {
        let folder = tempfile::tempdir().unwrap();
        drop(RunDirectory::open_for_training(folder.path(), "seed = 1\n", 1).unwrap());
        for _ in 0..2 {
            // As if it had been killed between the manifest and the configuration.
            std::fs::write(folder.path().join("config.toml"), "seed = 1\n").unwrap();
            let (run, changes) = RunDirectory::open_with_changes(folder.path(), "seed = 2\n", 1).unwrap();
            assert_eq!(changes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["seed was 1, now 2"]);
            run.adopt_config("seed = 2\n", &changes, 40).unwrap();
        }
        let run = RunDirectory::open_for_training(folder.path(), "seed = 2\n", 1).unwrap();
        let manifest = run.manifest().unwrap();
        assert_eq!(manifest.history.len(), 1);
        assert_eq!((manifest.history[0].frames, &manifest.history[0].changes[0].key[..]), (40, "seed"));
    }

    #[test]
    fn a_file_is_no_folder_of_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("thesis.tex");
        std::fs::write(&file, "years of work").unwrap();
        for path in [file.clone(), file.join("run")] {
            let run = RunDirectory::open_for_training(&path, "", 1);
            assert!(matches!(run, Err(RunError::NotAFolder(_))), "{run:?}");
        }
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "years of work");
    }

    #[test]
    fn other_folders_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("thesis.tex"), "years of work").unwrap();
        let run = RunDirectory::open_for_training(folder.path(), "", 1);
        assert!(matches!(run, Err(RunError::HoldsSomethingElse(_))), "{run:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(matches!(RunDirectory::open(folder.path()), Err(RunError::NoRun(_))));
        std::fs::write(folder.path().join("manifest.json"), "{\"format\": 99}").unwrap();
        assert!(matches!(RunDirectory::open(folder.path()), Err(RunError::Manifest { .. })));
    }
}
