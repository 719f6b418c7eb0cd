//! The proof that a C++ compiler and a libtorch work together: a small program, compiled, linked and run.
//!
//! It takes a second and finds in one line what would otherwise be a page of compiler messages minutes later: a missing
//! compiler, headers of another version, a library that needs another library which is not there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::failure::Failure;

const PLAIN_PROGRAM: &str = "#include <vector>\nint main() { return std::vector<int>(1)[0]; }\n";
const TORCH_PROGRAM: &str =
    "#include <torch/version.h>\n#include <iostream>\nint main() { std::cout << TORCH_VERSION << std::endl; }\n";

/// Fails, with the remedy, unless the C++ compiler makes programs that run. `folder` is for temporary files.
pub fn check_compiler(folder: &Path) -> Result<(), Failure> {
    let remedy = "`apt-get install -y g++`, or set CXX to a C++ compiler";
    match compile_and_run(folder, PLAIN_PROGRAM, &[]) {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(Failure::new(
            format!("the C++ compiler `{}` cannot make a program: {}", compiler().join(" "), reason(&output)),
            remedy,
        )),
        Err(error) => Err(Failure::new(format!("no C++ compiler: `{}`: {error}", compiler().join(" ")), remedy)),
    }
}

/// Compiles, links and runs a program with the libtorch at `home`; the error says in one line what does not work.
pub fn check_libtorch(folder: &Path, home: &Path) -> Result<(), String> {
    let (include, lib) = (home.join("include"), home.join("lib"));
    let interface = include.join("torch/csrc/api/include");
    let mut arguments = vec!["-std=c++17".into()];
    for path in [&include, &interface] {
        arguments.extend(["-I".into(), path.display().to_string()]);
    }
    arguments.extend(["-L".into(), lib.display().to_string()]);
    arguments.extend(["-Wl,--no-as-needed".into(), "-ltorch_cpu".into(), "-lc10".into()]);
    arguments.extend(["-Xlinker", "-rpath", "-Xlinker"].map(String::from));
    arguments.push(lib.display().to_string());
    let output = compile_and_run(folder, TORCH_PROGRAM, &arguments).map_err(|error| error.to_string())?;
    let version = String::from_utf8_lossy(&output.stdout);
    match (output.status.success(), version.trim()) {
        (true, version) if version.starts_with("2.11.") => Ok(()),
        (true, version) => Err(format!("its version is {version}, not 2.11")),
        (false, _) => Err(reason(&output)),
    }
}

/// The C++ compiler's command, as the `cc` crate finds it.
fn compiler() -> Vec<String> {
    let named = std::env::var("CXX").unwrap_or_default();
    let words: Vec<String> = named.split_whitespace().map(str::to_owned).collect();
    if words.is_empty() { vec!["c++".into()] } else { words }
}

/// The output of the program, or of the compiler if that failed.
fn compile_and_run(folder: &Path, program: &str, arguments: &[String]) -> std::io::Result<Output> {
    let (source, binary) = (folder.join("proof.cpp"), folder.join("proof"));
    fs::write(&source, program)?;
    let words = compiler();
    let mut command = Command::new(words.first().map_or("c++", String::as_str));
    command.args(words.iter().skip(1)).arg(&source).args(arguments).arg("-o").arg(&binary);
    // Its temporary files too go where they are removed.
    let compiled = command.env("TMPDIR", folder).output()?;
    if !compiled.status.success() {
        return Ok(compiled);
    }
    Command::new(&binary).output()
}

/// The line of what a compiler, linker or program wrote that says most.
fn reason(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    // A linker tells what it misses before it tells that it failed.
    let telling = ["not found", "cannot find", "No such file", "error"].into_iter();
    let line = telling.filter_map(|words| said.lines().find(|line| line.contains(words))).next();
    line.or_else(|| said.lines().next_back())
        .map_or_else(|| format!("it ended with {}", output.status), |line| line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn the_cause_is_quoted_before_its_consequence() {
        let output = |said: &str| Output {
            status: std::process::ExitStatus::from_raw(256),
            stdout: Vec::new(),
            stderr: said.into(),
        };
        let linker =
            "ld: warning: libcupti.so.13, needed by libtorch_cpu.so, not found\ncollect2: error: ld returned 1\n";
        assert_eq!(reason(&output(linker)), "ld: warning: libcupti.so.13, needed by libtorch_cpu.so, not found");
        assert_eq!(reason(&output("a\nx.cpp: error: no\nb\n")), "x.cpp: error: no");
        assert_eq!(reason(&output("")), "it ended with exit status: 1");
    }
}
