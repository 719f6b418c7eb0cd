//! Taking out of a wheel what the recipe names, and putting the rest of libtorch beside it.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::interrupt;
use crate::progress::Progress;
use crate::recipe::{Part, VERSION, Wheel};

/// Extracts the parts of `wheel`, which lies at `path`, into the folder `home`.
pub fn unpack(wheel: &Wheel, path: &Path, home: &Path) -> Result<(), Failure> {
    let damaged = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot read {}: {error}", path.display()), "run the same command again")
    };
    let file = File::open(path).map_err(|error| Failure::in_cache("read", path, &error))?;
    let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(|error| damaged(&error))?;

    let wanted: Vec<(String, PathBuf)> =
        archive.file_names().filter_map(|name| Some((name.to_owned(), place(wheel.parts, name)?))).collect();
    for part in wheel.parts {
        if !wanted.iter().any(|(name, _)| name.starts_with(part.from)) {
            return Err(Failure::new(
                format!("{} {} holds no {}", wheel.package, wheel.version, part.from),
                "set LIBTORCH to the folder of a libtorch 2.11.0",
            ));
        }
    }

    let mut progress =
        Progress::of_bytes(&format!("unpacking {}", wheel.package), unpacked_size(&mut archive, &wanted));
    let mut num_bytes = 0;
    for (name, to) in &wanted {
        interrupt::check()?;
        let to = home.join(to);
        let mut entry = archive.by_name(name).map_err(|error| damaged(&error))?;
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::in_cache("make the folder", folder, &error))?;
        }
        let written =
            File::create(&to).and_then(|file| io::copy(&mut entry, &mut BufWriter::with_capacity(1 << 20, file)));
        num_bytes += written.map_err(|error| Failure::in_cache("write", &to, &error))?;
        progress.set(num_bytes);
    }
    Ok(())
}

/// Where the file `name` of a wheel goes, if any part names it and its path stays inside.
fn place(parts: &[Part], name: &str) -> Option<PathBuf> {
    if name.ends_with('/') || name.split('/').any(|step| step == "..") {
        return None;
    }
    parts.iter().find_map(|part| {
        let rest = name.strip_prefix(part.from)?;
        (rest.is_empty() || part.from.ends_with('/')).then(|| PathBuf::from(format!("{}{rest}", part.to)))
    })
}

fn unpacked_size(archive: &mut zip::ZipArchive<io::BufReader<File>>, wanted: &[(String, PathBuf)]) -> u64 {
    wanted.iter().filter_map(|(name, _)| archive.by_name(name).ok().map(|entry| entry.size())).sum()
}

/// Adds what the wheels lack: the library `libtorch.so`, the name the linker knows libgomp by, and the version.
///
/// The wheel's own `libtorch.so` only pulls in the others, the CUDA ones too; ours pulls in those for the CPU.
pub fn complete(home: &Path) -> Result<(), Failure> {
    let lib = home.join("lib");
    let umbrella = Command::new("cc")
        .args(["-shared", "-x", "c", "/dev/null", "-x", "none", "-Wl,--no-as-needed"])
        .arg("-L")
        .arg(&lib)
        .args(["-ltorch_cpu", "-lc10", "-Wl,-rpath,$ORIGIN", "-Wl,-soname,libtorch.so", "-o"])
        .arg(lib.join("libtorch.so"))
        .output();
    let said = match umbrella {
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(String::from_utf8_lossy(&output.stderr).lines().next_back().unwrap_or_default().to_owned()),
        Err(error) => Some(error.to_string()),
    };
    if let Some(said) = said {
        return Err(Failure::new(format!("`cc` cannot link libtorch.so: {said}"), "`apt-get install -y g++`"));
    }
    let gomp = lib.join("libgomp.so");
    symlink("libgomp.so.1", &gomp).map_err(|error| Failure::in_cache("make the link", &gomp, &error))?;
    let version = home.join("build-version");
    fs::write(&version, format!("{VERSION}\n")).map_err(|error| Failure::in_cache("write", &version, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const PARTS: &[Part] =
        &[Part { from: "torch/include/", to: "include/" }, Part { from: "torch/lib/libc10.so", to: "lib/libc10.so" }];

    #[test]
    fn only_named_parts_get_a_place() {
        assert_eq!(place(PARTS, "torch/include/c10/a.h"), Some("include/c10/a.h".into()));
        assert_eq!(place(PARTS, "torch/lib/libc10.so"), Some("lib/libc10.so".into()));
        assert_eq!(place(PARTS, "torch/lib/libc10.so.other"), None);
        assert_eq!(place(PARTS, "torch/lib/libtorch_cuda.so"), None);
        assert_eq!(place(PARTS, "torch/include/../../outside.h"), None);
    }

    fn wheel_of(files: &[(&str, &str)], at: &Path) {
        let mut writer = zip::ZipWriter::new(File::create(at).unwrap());
        for (name, text) in files {
            writer.start_file(*name, zip::write::FileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
    }

    #[test]
    fn a_wheel_is_unpacked_and_a_missing_part_is_named() {
        let wheel = Wheel { package: "torch", version: "2", platform: "any", num_bytes: 0, sha256: "", parts: PARTS };
        let folder = tempfile::tempdir().unwrap();
        let (path, home) = (folder.path().join("a.whl"), folder.path().join("home"));
        wheel_of(&[("torch/include/x/y.h", "header"), ("torch/lib/libc10.so", "library"), ("torch/z.py", "")], &path);
        unpack(&wheel, &path, &home).unwrap();
        assert_eq!(fs::read_to_string(home.join("include/x/y.h")).unwrap(), "header");
        assert_eq!(fs::read_to_string(home.join("lib/libc10.so")).unwrap(), "library");
        assert!(!home.join("z.py").exists());

        wheel_of(&[("torch/include/x/y.h", "header")], &path);
        let failure = unpack(&wheel, &path, &home).unwrap_err().to_string();
        assert!(failure.contains("holds no torch/lib/libc10.so"), "{failure}");
    }
}
