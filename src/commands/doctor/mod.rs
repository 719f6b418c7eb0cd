//! `groundling doctor`: what is found on this machine, and what to do about what is not; and what a configuration comes to.

mod configuration;
mod renderers;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use groundling_film::{Canvas, FilmWriter};
use groundling_nn::DeviceName;
use serde::Serialize;
use tch::{Cuda, Device, Kind, Tensor};

use crate::config::Config;
use crate::devices::{Accelerators, REMEDY};
use crate::failure::wrong_input;
use crate::say;

/// Less free space than this is too little for a run.
const LEAST_FREE_BYTES: u64 = 1 << 30;

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Configuration file (TOML) to look at as well.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Changes one setting; may be given again.
    #[arg(long, value_name = "SECTION.KEY=VALUE")]
    pub set: Vec<String>,
    /// Folder in which runs shall lie.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// Prints one JSON object instead of a list.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Good,
    /// Works, but something could be better.
    Note,
    Problem,
}

#[derive(Debug, Serialize)]
struct Finding {
    name: &'static str,
    status: Status,
    found: String,
    remedy: Option<String>,
}

/// What is printed as JSON.
#[derive(Debug, Serialize)]
struct Told<'a> {
    findings: &'a [Finding],
    /// Of the configuration that was looked at.
    #[serde(flatten)]
    sizes: Option<configuration::Sizes>,
}

impl Finding {
    fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, status: Status::Good, found: found.into(), remedy: None }
    }

    fn lacking(name: &'static str, status: Status, found: impl Into<String>, remedy: &str) -> Self {
        Self { name, status, found: found.into(), remedy: Some(remedy.into()) }
    }
}

/// Runs the command.
pub fn run(args: &DoctorArgs) -> Result<()> {
    if !args.folder.is_dir() {
        return Err(wrong_input(format!("--folder {}: there is no such folder", args.folder.display())));
    }
    let mut findings = vec![
        Finding::good("groundling", env!("CARGO_PKG_VERSION")),
        libtorch(),
        devices(),
        processor(),
        disk(&args.folder),
        writable(&args.folder),
        film_encoder(),
        renderers::find(),
    ];
    let config = (args.config.is_some() || !args.set.is_empty())
        .then(|| Config::load_or_default(args.config.as_deref(), &args.set))
        .transpose();
    let mut sizes = None;
    if let Ok(Some(config)) = &config {
        let (found, comes_to) = configuration::examine(config);
        findings.extend(found);
        sizes = comes_to;
    }
    if args.json {
        say!("{}", serde_json::to_string_pretty(&Told { findings: &findings, sizes })?);
    } else {
        findings.iter().for_each(print);
    }
    // A configuration that cannot be read is the user's to mend and has its own exit code.
    config?;
    match findings.iter().filter(|finding| finding.status == Status::Problem).count() {
        0 => Ok(()),
        1 => bail!("1 problem was found"),
        many => bail!("{many} problems were found"),
    }
}

fn print(finding: &Finding) {
    let mark = match finding.status {
        Status::Good => "ok",
        Status::Note => "note",
        Status::Problem => "PROBLEM",
    };
    say!("{mark:<8} {:<14} {}", finding.name, finding.found);
    if let Some(remedy) = &finding.remedy {
        say!("{:<8} {:<14} -> {remedy}", "", "");
    }
}

fn libtorch() -> Finding {
    let sum = Tensor::ones([2, 3], (Kind::Float, Device::Cpu)).sum(Kind::Float).double_value(&[]);
    let library = loaded_libtorch();
    let version = library.as_deref().and_then(version_of).unwrap_or_else(|| "of unknown version".into());
    let place = library.map_or_else(String::new, |path| format!(" in {}", path.display()));
    let found = format!("{version}{place}, {} threads", tch::get_num_threads());
    if sum == 6.0 {
        Finding::good("libtorch", found)
    } else {
        let remedy = "it adds wrongly: set it up anew with `cargo xtask setup`";
        Finding::lacking("libtorch", Status::Problem, found, remedy)
    }
}

/// The folder of the library that this process has loaded, where the system tells.
fn loaded_libtorch() -> Option<PathBuf> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    let path =
        maps.lines().find_map(|line| line.find('/').map(|at| &line[at..]).filter(|p| p.contains("libtorch_cpu")))?;
    Path::new(path).parent().map(Path::to_path_buf)
}

/// libtorch keeps its version beside its `lib` folder; a PyTorch package in its own `version.py`.
fn version_of(library: &Path) -> Option<String> {
    let above = library.parent()?;
    if let Ok(version) = std::fs::read_to_string(above.join("build-version")) {
        return Some(version.trim().to_string());
    }
    let text = std::fs::read_to_string(above.join("version.py")).ok()?;
    let line = text.lines().find(|line| line.starts_with("__version__"))?;
    line.split(['\'', '"']).nth(1).map(str::to_string)
}

/// Which devices there are, and the settings that reach them.
fn devices() -> Finding {
    let accelerators = Accelerators::find();
    if accelerators.num_usable == 0 {
        let found = format!("cpu (training.device=cpu, training.precision=f32); CUDA: {}", accelerators.describe());
        let remedy = format!("training runs on the processor; for a GPU, {REMEDY}");
        return Finding::lacking("devices", Status::Note, found, &remedy);
    }
    let names: Vec<String> = (0..accelerators.num_usable).map(|index| DeviceName::Cuda(index).to_string()).collect();
    let found = format!(
        "cpu (training.precision=f32), {} (training.device={}, training.precision=f32, tf32 or bf16); {}",
        names.join(", "),
        names[0],
        accelerators.describe()
    );
    if Cuda::cudnn_is_available() {
        return Finding::good("devices", found);
    }
    let remedy = "convolutions are slow without cuDNN: install the nvidia-cudnn package that PyTorch 2.11 asks for";
    Finding::lacking("devices", Status::Note, format!("{found}; no cuDNN"), remedy)
}

fn processor() -> Finding {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cfg!(target_arch = "x86_64") && !has_avx2() {
        let found = format!("{cores} core(s), no AVX2");
        return Finding::lacking("processor", Status::Note, found, "pictures are drawn more slowly without AVX2");
    }
    Finding::good("processor", format!("{cores} core(s){}", if has_avx2() { ", AVX2" } else { "" }))
}

fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

fn disk(folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(status) => {
            let free = status.f_bavail.saturating_mul(status.f_frsize);
            let found = format!("{:.1} GiB free in {}", free as f64 / f64::from(1 << 30), folder.display());
            if free >= LEAST_FREE_BYTES {
                return Finding::good("disk", found);
            }
            Finding::lacking("disk", Status::Problem, found, "free some space, or keep runs on another disk")
        }
        Err(error) => {
            let found = format!("cannot tell how much is free: {error}");
            Finding::lacking("disk", Status::Note, found, "look with `df`")
        }
    }
}

fn writable(folder: &Path) -> Finding {
    match tempfile::NamedTempFile::new_in(folder) {
        Ok(_) => Finding::good("folder", format!("{} can be written to", folder.display())),
        Err(error) => {
            let remedy = "choose a folder that you may write to";
            Finding::lacking("folder", Status::Problem, format!("{}: {}", folder.display(), error.kind()), remedy)
        }
    }
}

fn film_encoder() -> Finding {
    match try_film() {
        Ok(()) => Finding::good("film encoder", "built in (H.264)"),
        Err(error) => {
            let remedy = "write films as .gif or .png";
            Finding::lacking("film encoder", Status::Problem, format!("{error:#}"), remedy)
        }
    }
}

fn try_film() -> Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let mut film = FilmWriter::create(&folder.path().join("test.mp4"), 32, 32, 8.0, false)?;
    film.push(&Canvas::new(32, 32, [90, 120, 150])?)?;
    Ok(film.finish()?)
}
