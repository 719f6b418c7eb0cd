//! `cargo xtask check text`: tracked files speak to every reader, not of one machine or one conversation.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;

/// Folders that exist on one machine only.
const MACHINE_FOLDERS: [&str; 4] = ["/root/", "/work/", "/home/", "/Users/"];
/// How people refer to an entry of a tracker whose text the reader does not have.
const TRACKER_TALK: [&str; 7] = ["issue #", "issues #", "fixes #", "closes #", "resolves #", "pull request #", "see #"];

/// Fails, naming file and line, if a file that git tracks says such a thing. Without git there is nothing to check.
pub fn check(workspace: &Path) -> Result<(), Failure> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(workspace).output();
    let Ok(listed) = listed.map(|output| output.stdout) else { return Ok(()) };
    for name in String::from_utf8_lossy(&listed).split('\0').filter(|name| !name.is_empty()) {
        // This file has to name what it looks for.
        if name == "xtask/src/tracked_text.rs" {
            continue;
        }
        // What is not UTF-8 is a picture or the like; what cannot be read was deleted and not committed yet.
        let Ok(text) = fs::read_to_string(workspace.join(name)) else { continue };
        if let Some((line, found)) = first_finding(&text) {
            return Err(Failure::new(
                format!("{name}:{line} speaks of `{found}`, which only some readers have"),
                "say it so that it is true on every machine",
            ));
        }
    }
    Ok(())
}

/// The first line, counted from 1, that names a machine's folder or a tracker's entry, and what it names.
pub fn first_finding(text: &str) -> Option<(usize, &'static str)> {
    (1..).zip(text.lines()).find_map(|(number, line)| Some((number, finding(line)?)))
}

fn finding(line: &str) -> Option<&'static str> {
    let folder = MACHINE_FOLDERS.into_iter().find(|folder| {
        // At the start of a path: `network/work/` is none of ours.
        let mut starts = line.match_indices(folder).map(|(at, _)| line.get(..at).unwrap_or_default());
        starts.any(|before| !before.ends_with(|end: char| end.is_alphanumeric() || "._-/}~".contains(end)))
    });
    let lower = line.to_lowercase();
    let talk = || {
        TRACKER_TALK.into_iter().find(|talk| {
            let mut ends = lower.match_indices(talk).map(|(at, _)| lower.get(at + talk.len()..).unwrap_or_default());
            ends.any(|after| after.starts_with(|next: char| next.is_ascii_digit()))
        })
    };
    folder.or_else(talk)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_one_machine_are_found() {
        assert_eq!(first_finding("fine\nlibtorch = \"/root/libtorch\"\n"), Some((2, "/root/")));
        assert_eq!(first_finding("see /home/somebody/runs"), Some((1, "/home/")));
        assert_eq!(first_finding("frame/work/x, $HOME/work/, ~/work/, https://a.org/home/"), None);
    }

    #[test]
    fn talk_about_a_tracker_is_found() {
        assert_eq!(first_finding("// Fixes #12 at last"), Some((1, "fixes #")));
        assert_eq!(first_finding("the issue # of colours, #[expect], issue at hand"), None);
    }
}
