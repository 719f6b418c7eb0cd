//! The real program, training in lockstep in a room so small that an update takes milliseconds.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use groundling_impala::{Checkpoint, RunDirectory};
use tempfile::TempDir;

const CONFIG: &str = r#"
seed = 3
[room]
layout = "square"
side = [4.0, 4.0]
shapes = ["ball", "cone", "table"]
colors = ["red", "green", "blue"]
num_objects = [2, 3]
[camera]
width = 16
height = 12
[task]
episode_steps = 12
[agent]
conv = [{ channels = 4, kernel = 4, stride = 4 }]
features = 16
core_size = 16
[predictive]
loss = "simcore"
[predictive.simcore]
overshoot = 3
num_starts = 2
num_offsets = 2
earliest_start = 0
decoder = "conv_draw"
[predictive.simcore.conv_draw]
steps = 2
latent_channels = 2
hidden_channels = 4
[optimizer]
warmup_updates = 2
[training]
schedule = "lockstep"
rooms_per_actor = 2
num_actors = 2
unroll_length = 5
log_interval = 2
checkpoint_interval = 1
tensorboard = false
picture_interval = 0
[questions]
census_rooms = 1000
"#;

/// Pictures that an update learns from.
const FRAMES_PER_UPDATE: u64 = 20;

/// A folder of its own with a configuration in it.
pub(crate) struct Scene {
    folder: TempDir,
}

impl Scene {
    /// Of runs of so many updates.
    pub(crate) fn new(num_updates: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let frames = format!("[training]\nnum_frames = {}", num_updates * FRAMES_PER_UPDATE);
        std::fs::write(folder.path().join("tiny.toml"), CONFIG.replace("[training]", &frames)).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program in the folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
        command.args(args).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// `groundling train` with these arguments besides.
    pub(crate) fn train(&self, further: &[&str]) -> Command {
        self.command(&[&["train", "--config", "tiny.toml"], further].concat())
    }

    /// Trains, which must succeed; returns what is printed.
    pub(crate) fn works(&self, further: &[&str]) -> String {
        succeeded(self.train(further).output().unwrap())
    }

    /// Any command, which must succeed.
    pub(crate) fn works_with(&self, args: &[&str]) -> String {
        succeeded(self.command(args).output().unwrap())
    }

    /// Trains, which must fail with this exit code and these words in its one line.
    pub(crate) fn fails(&self, further: &[&str], code: i32, words: &[&str]) {
        self.fails_with(&[&["train", "--config", "tiny.toml"], further].concat(), code, words);
    }

    /// Any command, which must fail so.
    pub(crate) fn fails_with(&self, args: &[&str], code: i32, words: &[&str]) {
        let output = self.command(args).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        assert_eq!(told.lines().filter(|line| line.starts_with("error: ")).count(), 1, "{args:?}: {told}");
        assert!(!told.contains("panicked"), "{args:?}: {told}");
        for word in words {
            assert!(told.contains(word), "{args:?} does not say {word:?}: {told}");
        }
    }
}

fn succeeded(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The newest checkpoint, without what the clock decides.
pub(crate) fn latest(run: &Path) -> Checkpoint {
    let checkpoint = Checkpoint::load_latest(&RunDirectory::open(run).unwrap()).unwrap().unwrap();
    Checkpoint { seconds: 0.0, averages: Default::default(), ..checkpoint }
}

/// Sends a signal to a program that still runs.
pub(crate) fn signal(child: &Child, number: i32) {
    let id = libc::pid_t::try_from(child.id()).unwrap();
    // SAFETY: `kill` takes two integers and touches no memory of this process; the child is not waited for yet, so its
    // number is not given to another process.
    assert_eq!(unsafe { libc::kill(id, number) }, 0);
}

/// Waits until something has come about, which it does unless the program ends before.
pub(crate) fn wait_for(child: &mut Child, has_come: impl Fn() -> bool) {
    while !has_come() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before");
        std::thread::sleep(Duration::from_millis(1));
    }
}
