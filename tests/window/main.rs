//! Promised of the window: what it shows of a step is bit for bit the picture of a film; keys, pointer and sizes change
//! it as they should; an episode that differs is shown by force only, and marked; it ends in order, and says in one line
//! why it cannot begin.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod display;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use groundling_interface::{Environment, ScriptedPolicy};
use groundling_sim::{
    Annotation, Asked, CameraConfig, Existing, Recording, RoomEnvironment, ScriptedExplorer, TaskConfig, WorldConfig,
};
use tempfile::TempDir;

use crate::display::Display;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const LAST: u32 = 24;

/// A folder with the episode `a.episode`, of the scripted explorer, with two questions.
fn folder() -> TempDir {
    let config = WorldConfig {
        camera: CameraConfig { width: 24, height: 18, ..CameraConfig::default() },
        task: TaskConfig { episode_steps: LAST, ..TaskConfig::default() },
        ..WorldConfig::default()
    };
    let (mut environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let mut step = environment.reset(7).unwrap();
    explorer.begin(7);
    let mut recording = Recording::begin(config, 7, "explorer", &step, &privileged);
    while !step.kind.is_last() {
        let action = explorer.action();
        step = environment.step(action).unwrap();
        recording.push(action, &step, &privileged);
    }
    for question in ["What is the color of the ball?", "Is there a cone?"] {
        let candidates = ["red", "yes"].map(String::from).to_vec();
        let mut annotation = Annotation::new(Asked { question: question.into(), answer: "yes".into(), candidates });
        for step in 0..=LAST {
            annotation.push_row(&[step as f32 / 30.0, 1.0 - step as f32 / 30.0]);
        }
        recording.annotations.push(annotation);
    }
    let folder = tempfile::tempdir().unwrap();
    recording.write(&folder.path().join("a.episode"), Existing::Keep).unwrap();
    folder
}

fn replay(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
    command.args(["replay", "a.episode", "--renderer", "cpu"]).args(args).current_dir(folder);
    command
}

/// The picture of a step as a film has it.
fn film_picture(folder: &Path, step: u32, args: &[&str]) -> Vec<u8> {
    let step = step.to_string();
    let film = ["--out", "film.png", "--overwrite", "--from", &step, "--to", &step];
    let output = replay(folder, &[&film, args].concat()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    image::open(folder.join("film/00000.png")).unwrap().into_rgb8().into_raw()
}

/// The program with its window open, and all it says going into files.
struct Opened<'a> {
    display: &'a Display,
    program: Child,
    window: String,
    folder: PathBuf,
}

impl<'a> Opened<'a> {
    fn new(display: &'a Display, folder: &Path, args: &[&str]) -> Self {
        let file = |name: &str| Stdio::from(fs::File::create(folder.join(name)).unwrap());
        let mut command = replay(folder, args);
        command.stdout(file("stdout")).stderr(file("stderr"));
        let program = display.show(&mut command).spawn().unwrap();
        let window = display.focus("Groundling: explorer, room 7");
        Self { display, program, window, folder: folder.to_owned() }
    }

    fn press(&self, keys: &[&str]) {
        self.display.xdotool(&[&["key", "--delay", "30"], keys].concat());
    }

    /// Waits until the picture is this one.
    #[track_caller]
    fn shows(&self, picture: &[u8], (columns, rows): (usize, usize), what: &str) {
        let begun = Instant::now();
        while self.display.shot().part(columns, rows) != picture {
            assert!(begun.elapsed() < PATIENCE, "{what} is not shown");
            sleep(Duration::from_millis(20));
        }
    }

    /// Waits until what is shown is something else.
    #[track_caller]
    fn shows_no_longer(&self, picture: &[u8], (columns, rows): (usize, usize), what: &str) {
        let begun = Instant::now();
        while self.display.shot().part(columns, rows) == picture {
            assert!(begun.elapsed() < PATIENCE, "{what} is shown still");
            sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end; returns the exit code and what was said on the standard error.
    fn end(&mut self) -> (Option<i32>, String) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.program.try_wait().unwrap() {
                return (status.code(), fs::read_to_string(self.folder.join("stderr")).unwrap());
            }
            assert!(begun.elapsed() < PATIENCE, "the program does not end");
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

const SIZE: (usize, usize) = (640, 360);

#[test]
fn keys_show_the_very_pictures_of_films() {
    let (folder, display) = (folder(), Display::start());
    let folder = folder.path();
    let film = |step: u32, args: &[&str]| film_picture(folder, step, &[&["--size", "640x360"], args].concat());
    let mut opened = Opened::new(&display, folder, &["--size", "640x360", "--from", "3"]);
    opened.shows(&film(3, &[]), SIZE, "step 3");
    opened.press(&["Right", "period", "Right", "comma"]);
    opened.shows(&film(5, &[]), SIZE, "step 5");
    opened.press(&["shift+Right"]);
    opened.shows(&film(15, &[]), SIZE, "step 15");
    opened.press(&["shift+Left", "Left"]);
    opened.shows(&film(4, &[]), SIZE, "step 4");
    opened.press(&["End"]);
    let last = film(LAST, &[]);
    opened.shows(&last, SIZE, "the last step");
    opened.press(&["n"]);
    opened.shows(&film(LAST, &["--question", "2"]), SIZE, "the second question");
    opened.press(&["Up"]);
    opened.shows(&last, SIZE, "the first question");
    opened.press(&["3"]);
    opened.shows(&film(LAST, &["--view", "top-down"]), SIZE, "the map");
    opened.press(&["Tab"]);
    let orbit = film(LAST, &["--view", "orbit"]);
    opened.shows(&orbit, SIZE, "the orbit");
    opened.press(&["question"]);
    opened.shows_no_longer(&orbit, SIZE, "the picture without the keys");
    opened.press(&["h"]);
    opened.shows(&orbit, SIZE, "the picture without the keys");
    opened.press(&["f"]);
    opened.shows_no_longer(&orbit, SIZE, "the orbit");
    opened.press(&["1", "Home"]);
    opened.shows(&film(0, &[]), SIZE, "the first step");
    opened.press(&["q"]);
    assert_eq!(opened.end(), (Some(0), String::new()));
}

#[test]
fn it_plays_to_the_end_goes_where_the_pointer_is_and_takes_any_size() {
    let (folder, display) = (folder(), Display::start());
    let folder = folder.path();
    let mut opened = Opened::new(&display, folder, &["--size", "640x360", "--to", "20", "--fps", "50"]);
    let film = |step: u32, size: &str| film_picture(folder, step, &["--size", size]);
    opened.press(&["plus", "space"]);
    opened.shows(&film(20, "640x360"), SIZE, "the last step that was asked for");
    // The timeline's middle.
    display.xdotool(&["mousemove", "320", "377", "click", "1"]);
    opened.shows(&film(12, "640x360"), SIZE, "the step in the middle");
    // Drawn to the beginning, and beyond.
    display.xdotool(&["mousemove", "320", "377", "mousedown", "1", "mousemove", "100", "300", "mousemove", "1", "300"]);
    display.xdotool(&["mouseup", "1"]);
    opened.shows(&film(0, "640x360"), SIZE, "the first step");
    display.xdotool(&["windowsize", &opened.window, "901", "562"]);
    opened.shows(&film(0, "901x500"), (901, 500), "a larger picture");
    // Too small for its words: the smallest picture is scaled down, and the window goes on.
    display.xdotool(&["windowsize", &opened.window, "320", "242"]);
    opened.shows_no_longer(&film(0, "901x500")[..3 * 901], (901, 1), "a larger picture");
    display.xdotool(&["windowsize", &opened.window, "640", "422"]);
    opened.shows(&film(0, "640x360"), SIZE, "the picture of before");
    // As Ctrl-C in its terminal.
    let kill = Command::new("kill").args(["-INT", &opened.program.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let (code, told) = opened.end();
    assert!(code == Some(130) && told.contains("the window was closed"), "{code:?}: {told}");
}

#[test]
fn an_episode_that_differs_is_shown_by_force_only_and_marked() {
    let (folder, display) = (folder(), Display::start());
    let folder = folder.path();
    let mut recording = Recording::read(&folder.join("a.episode")).unwrap();
    recording.digests[5].state.0 ^= 1;
    recording.write(&folder.join("a.episode"), Existing::Replace).unwrap();
    let refused = display.show(&mut replay(folder, &[])).output().unwrap();
    assert_one_line(&refused, 1, &["step 5 differs", "--force"]);
    let mut opened = Opened::new(&display, folder, &["--force", "--size", "640x360", "--view", "orbit"]);
    let film = film_picture(folder, 0, &["--force", "--size", "640x360", "--view", "orbit"]);
    opened.shows(&film, SIZE, "the marked picture");
    assert_eq!(display.shot().pixel(2, 2), [176, 24, 24], "a red band");
    opened.press(&["Escape"]);
    assert_eq!(opened.end(), (Some(0), String::new()));
}

#[test]
fn without_a_display_it_is_one_clear_line() {
    let folder = folder();
    let without = |display: Option<&str>| {
        let mut command = replay(folder.path(), &[]);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
        command.envs(display.map(|display| ("DISPLAY", display))).output().unwrap()
    };
    for display in [None, Some(":98765")] {
        assert_one_line(&without(display), 1, &["no window can be opened here", "--out"]);
    }
}

#[track_caller]
fn assert_one_line(output: &Output, code: i32, words: &[&str]) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), told.lines().count()), (Some(code), 1), "{told}");
    for word in words {
        assert!(told.contains(word), "{word:?} is not in {told}");
    }
}
