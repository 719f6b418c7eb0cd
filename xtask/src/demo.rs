//! `cargo xtask demo`: from a bare clone to a probed agent. What is done is not done again.
//!
//! A stage is done when what it makes exists and its stamp has the hash of its inputs: its command line, its files, and
//! the stamps of the stages before it. The program itself is not an input, or every edit would train for minutes:
//! `--fresh` begins again. Stamps and logs lie in `runs/demo/.stages`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::cargo::{cargo, metadata};
use crate::demo_stages::{FOLDER, SHOWN, STAGES, Stage, TABLE_STAGE};
use crate::failure::Failure;
use crate::stages::{Stages, command_line, run_command};
use crate::{interrupt, setup};

const AGAIN: &str =
    "see what it says above; `cargo xtask demo` goes on where it stopped, `cargo xtask demo --fresh` begins again";

/// Runs all stages that are not done, then prints the accuracy table and where the report and the film are.
pub fn demo(workspace: &Path, fresh: bool) -> Result<(), Failure> {
    if fresh {
        set_aside(&workspace.join(FOLDER))?;
    }
    let mut stages = Stages::new(STAGES.len() + 2);
    let result = run_stages(&mut stages, workspace);
    stages.print_summary();
    result?;

    let table = log_path(workspace, TABLE_STAGE);
    let text = fs::read_to_string(&table).map_err(|error| Failure::at("read", &table, &error))?;
    println!("\n{}\n", text.trim_end());
    for (name, path) in SHOWN {
        println!("{name}: {}", workspace.join(path).display());
    }
    Ok(())
}

fn run_stages(stages: &mut Stages, workspace: &Path) -> Result<(), Failure> {
    let home = stages.run("set-up", "", || setup::setup(workspace))?;
    let program = stages.run("compile Groundling", "about 4 min the first time", || {
        let mut build = cargo(workspace);
        build.args(["build", "--release", "--package", "groundling"]).env("LIBTORCH", &home);
        run_command(&mut build, AGAIN)?;
        let metadata = metadata(workspace, &["--no-deps"])?;
        let target = metadata.get("target_directory").and_then(serde_json::Value::as_str).unwrap_or("target");
        Ok(workspace.join(target).join("release/groundling"))
    })?;
    let mut hashes = BTreeMap::new();
    for stage in STAGES {
        let hash = input_hash(workspace, stage, &hashes)?;
        if is_done(workspace, stage, &hash) {
            stages.skip(stage.does);
        } else {
            stages.run(stage.does, stage.expected, || run_stage(workspace, &program, stage, &hash))?;
        }
        hashes.insert(stage.name, hash);
    }
    Ok(())
}

/// The hash of everything that decides what the stage makes.
fn input_hash(workspace: &Path, stage: &Stage, hashes: &BTreeMap<&'static str, String>) -> Result<String, Failure> {
    let mut hasher = Sha256::new();
    // Lengths before contents, so that no two lists look the same.
    let mut add = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    for argument in stage.arguments {
        add(argument.as_bytes());
    }
    for input in stage.inputs {
        let path = workspace.join(input);
        add(&fs::read(&path).map_err(|error| Failure::at("read", &path, &error))?);
    }
    for earlier in stage.after {
        add(hashes.get(earlier).map_or(&[], String::as_bytes));
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn is_done(workspace: &Path, stage: &Stage, hash: &str) -> bool {
    let stamp = fs::read_to_string(stamp_path(workspace, stage.name)).unwrap_or_default();
    stamp == format!("done {hash}\n") && stage.makes.iter().all(|made| workspace.join(made).exists())
}

fn run_stage(workspace: &Path, program: &Path, stage: &Stage, hash: &str) -> Result<(), Failure> {
    let stamp = stamp_path(workspace, stage.name);
    let folder = workspace.join(FOLDER).join(".stages");
    fs::create_dir_all(&folder).map_err(|error| Failure::at("make the folder", &folder, &error))?;
    let earlier = fs::read_to_string(&stamp).unwrap_or_default();
    let goes_on = stage.resumes && (earlier.is_empty() || earlier.ends_with(&format!(" {hash}\n")));
    if !goes_on {
        for path in stage.sets_aside {
            set_aside(&workspace.join(path))?;
        }
    }
    write_stamp(&stamp, &format!("started {hash}\n"))?;
    run_logged(workspace, program, stage)?;
    for made in stage.makes {
        if !workspace.join(made).exists() {
            return Err(Failure::new(format!("`groundling {}` did not make {made}", stage.arguments.join(" ")), AGAIN));
        }
    }
    let log_path = log_path(workspace, stage.name);
    let log = fs::read_to_string(&log_path).map_err(|error| Failure::at("read", &log_path, &error))?;
    if !log.contains(stage.says) {
        return Err(Failure::new(format!("`groundling {}` stopped before its end", stage.arguments.join(" ")), AGAIN));
    }
    write_stamp(&stamp, &format!("done {hash}\n"))
}

/// Runs the program; what it prints goes to us and to the stage's log, its progress and errors go to us alone.
fn run_logged(workspace: &Path, program: &Path, stage: &Stage) -> Result<(), Failure> {
    let mut command = Command::new(program);
    command.args(stage.arguments).current_dir(workspace).stdout(Stdio::piped());
    let line = command_line(&command);
    println!("$ {line}");
    let failed = |why: String| Failure::new(format!("`{line}` failed: {why}"), AGAIN);

    let log_path = log_path(workspace, stage.name);
    let mut log = File::create(&log_path).map_err(|error| Failure::at("write", &log_path, &error))?;
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut output) = child.stdout.take() {
        let mut buffer = [0; 4096];
        // A terminal or log that cannot be written to is no reason to stop an agent's training: read to the end.
        while let Ok(num_read @ 1..) = output.read(&mut buffer) {
            let read = buffer.get(..num_read).unwrap_or_default();
            log.write_all(read).ok();
            io::stdout().write_all(read).and_then(|()| io::stdout().flush()).ok();
        }
    }
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    interrupt::check()?;
    if status.success() { Ok(()) } else { Err(failed(status.to_string())) }
}

/// Renames what is there to the first free name `….old-1`, `….old-2` ….
fn set_aside(path: &Path) -> Result<(), Failure> {
    if !path.exists() {
        return Ok(());
    }
    let free = (1_u32..).map(|number| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".old-{number}"));
        PathBuf::from(name)
    });
    let Some(aside) = free.into_iter().find(|aside| !aside.exists()) else { return Ok(()) };
    println!("{} is from an earlier demonstration: kept as {}", path.display(), aside.display());
    fs::rename(path, &aside).map_err(|error| Failure::at("rename", path, &error))
}

fn stamp_path(workspace: &Path, stage: &str) -> PathBuf {
    workspace.join(FOLDER).join(".stages").join(format!("{stage}.stamp"))
}

fn log_path(workspace: &Path, stage: &str) -> PathBuf {
    workspace.join(FOLDER).join(".stages").join(format!("{stage}.log"))
}

fn write_stamp(path: &Path, text: &str) -> Result<(), Failure> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| Failure::at("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stage of a program that is the shell: it appends a line to `calls` and fails unless `works` exists.
    const STAGE: Stage = Stage {
        name: "first",
        does: "call the shell",
        expected: "",
        arguments: &[
            "-c",
            "echo called >> calls; mkdir -p out; echo half > out/half; test -e works && echo whole > out/whole",
        ],
        inputs: &["config"],
        after: &[],
        makes: &["out/whole"],
        says: "",
        sets_aside: &["out"],
        resumes: false,
    };

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config"), "one").unwrap();
        fs::write(folder.path().join("works"), "").unwrap();
        folder
    }

    /// Does the stage as the demonstration would; whether it had to be run.
    fn do_stage(workspace: &Path, stage: &Stage) -> Result<bool, Failure> {
        let hash = input_hash(workspace, stage, &BTreeMap::new())?;
        if is_done(workspace, stage, &hash) {
            return Ok(false);
        }
        run_stage(workspace, Path::new("/bin/sh"), stage, &hash).map(|()| true)
    }

    #[test]
    fn what_is_done_is_not_done_again() {
        let workspace = workspace();
        assert_eq!(do_stage(workspace.path(), &STAGE), Ok(true));
        assert_eq!(do_stage(workspace.path(), &STAGE), Ok(false));
        fs::remove_file(workspace.path().join("out/whole")).unwrap();
        assert_eq!(do_stage(workspace.path(), &STAGE), Ok(true), "what it made is gone");
    }

    #[test]
    fn a_changed_input_does_it_again_and_keeps_the_old() {
        let workspace = workspace();
        do_stage(workspace.path(), &STAGE).unwrap();
        fs::write(workspace.path().join("out/mine"), "").unwrap();
        fs::write(workspace.path().join("config"), "two").unwrap();
        assert_eq!(do_stage(workspace.path(), &STAGE), Ok(true));
        assert!(!workspace.path().join("out/mine").exists());
        assert!(workspace.path().join("out.old-1/mine").exists());
    }

    #[test]
    fn an_earlier_stage_done_again_is_a_changed_input() {
        let workspace = workspace();
        let stage = Stage { after: &["before"], ..STAGE };
        let hash_after = |before: &str| {
            input_hash(workspace.path(), &stage, &BTreeMap::from([("before", before.to_owned())])).unwrap()
        };
        assert_ne!(hash_after("a"), hash_after("b"));
    }

    #[test]
    fn a_failed_stage_names_its_command_and_runs_again() {
        let workspace = workspace();
        fs::remove_file(workspace.path().join("works")).unwrap();
        for (resumes, kept) in [(false, false), (true, true)] {
            let stage = Stage { resumes, ..STAGE };
            let failure = do_stage(workspace.path(), &stage).unwrap_err().to_string();
            assert!(
                failure.contains("`sh -c echo called") && failure.contains("goes on where it stopped"),
                "{failure}"
            );
            fs::write(workspace.path().join("out/mine"), "").unwrap();
            do_stage(workspace.path(), &stage).unwrap_err();
            assert_eq!(workspace.path().join("out/mine").exists(), kept, "a stage that resumes finds what it left");
        }
    }

    #[test]
    fn success_before_the_end_is_not_done() {
        let workspace = workspace();
        let stage = Stage { says: "finished", ..STAGE };
        let failure = do_stage(workspace.path(), &stage).unwrap_err().to_string();
        assert!(failure.contains("stopped before its end"), "{failure}");
        let stage = Stage { arguments: &["-c", "mkdir -p out; echo whole > out/whole; echo finished"], ..stage };
        assert_eq!(do_stage(workspace.path(), &stage), Ok(true));
    }

    #[test]
    fn stages_depend_on_earlier_ones_only() {
        let mut seen = Vec::new();
        for stage in STAGES {
            assert!(stage.after.iter().all(|earlier| seen.contains(earlier)), "{stage:?}");
            seen.push(stage.name);
            for made in stage.makes.iter().chain(stage.sets_aside) {
                assert!(made.starts_with(&format!("{FOLDER}/")), "{stage:?}");
            }
        }
        assert!(seen.contains(&TABLE_STAGE));
    }
}
