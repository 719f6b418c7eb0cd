//! Promised: TensorBoard shows what `metrics.jsonl` has, also after a kill and a resume, and texts and pictures beside it.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use super::event_reader::{Logged, LoggedContent, files, read};
use super::trial::{Events, Trial, latest};
use crate::{Exploring, PngPicture, RunDirectory, TensorBoard};

fn series(values: &[(&str, f64)]) -> BTreeMap<String, f64> {
    values.iter().map(|(name, value)| ((*name).to_string(), *value)).collect()
}

/// (frames, name, value) of every scalar.
fn scalars(logged: &[Logged]) -> Vec<(u64, String, f32)> {
    let scalar = |logged: &Logged| match logged.content {
        LoggedContent::Scalar(value) => Some((logged.step, logged.tag.clone(), value)),
        _ => None,
    };
    logged.iter().filter_map(scalar).collect()
}

/// The same of `metrics.jsonl`, as far as its numbers are finite.
fn metrics(folder: &Path) -> Vec<(u64, String, f32)> {
    let text = std::fs::read_to_string(folder.join("metrics.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Map<_, _>>(line).unwrap());
    let of_line = |line: serde_json::Map<String, serde_json::Value>| {
        let frames = line["frames"].as_u64().unwrap();
        let is_series = |name: &String| !["update", "frames", "seconds"].contains(&name.as_str());
        let series = line.into_iter().filter(move |(name, _)| is_series(name));
        series.filter_map(move |(name, value)| Some((frames, name, value.as_f64()? as f32)))
    };
    lines.flat_map(of_line).collect()
}

#[test]
fn scalars_texts_and_pictures_are_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let board = TensorBoard::begin(folder.path(), None).unwrap();
    board.text(0, "config", "seed = 1 \u{b1}\n").unwrap();
    board.scalars(800, &series(&[("loss/policy", -0.5), ("policy_lag", 0.0)])).unwrap();
    let picture = PngPicture { width: 300, height: 7, png: vec![0, 255, 137] };
    board.picture(640, "imagined", &picture).unwrap();
    let logged = |step, tag: &str, content| Logged { step, tag: tag.into(), content };
    let expected = [
        logged(0, "config", LoggedContent::Text("seed = 1 \u{b1}\n".into())),
        logged(800, "loss/policy", LoggedContent::Scalar(-0.5)),
        logged(800, "policy_lag", LoggedContent::Scalar(0.0)),
        logged(640, "imagined", LoggedContent::Picture { width: 300, height: 7, png: picture.png }),
    ];
    assert_eq!(read(folder.path()), expected);
}

#[test]
fn a_resumed_run_declares_void_what_it_repeats_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let line =
        |board: &TensorBoard, frames: u64, value: f64| board.scalars(frames, &series(&[("loss", value)])).unwrap();
    let first = TensorBoard::begin(folder.path(), None).unwrap();
    [100, 200, 300, 400].into_iter().for_each(|frames| line(&first, frames, 1.0));
    // Killed in the middle of a record.
    let file = files(folder.path()).remove(0);
    std::fs::OpenOptions::new().append(true).open(file).unwrap().write_all(&[24, 0, 0, 0, 0]).unwrap();
    // Two processes in the same second, the first of which got nowhere.
    drop(TensorBoard::begin(folder.path(), Some(200)).unwrap());
    let third = TensorBoard::begin(folder.path(), Some(200)).unwrap();
    [300, 400].into_iter().for_each(|frames| line(&third, frames, 2.0));
    let values = |logged: Vec<Logged>| scalars(&logged).into_iter().map(|(frames, _, value)| (frames, value));
    let shown: Vec<(u64, f32)> = values(read(folder.path())).collect();
    assert_eq!(shown, [(100, 1.0), (200, 1.0), (300, 2.0), (400, 2.0)]);
    // Begun anew, because no checkpoint had been written.
    line(&TensorBoard::begin(folder.path(), None).unwrap(), 100, 3.0);
    assert_eq!(values(read(folder.path())).collect::<Vec<_>>(), [(100, 3.0)]);
    assert_eq!(files(folder.path()).len(), 4);
}

#[test]
fn a_file_from_the_future_is_not_read_behind_its_successor() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("events.out.tfevents.3999999999.host"), "").unwrap();
    std::fs::write(folder.path().join("events.out.tfevents.nonsense"), "").unwrap();
    drop(TensorBoard::begin(folder.path(), None).unwrap());
    let names = files(folder.path()).into_iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned());
    let ours = "events.out.tfevents.4000000000.groundling";
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["events.out.tfevents.3999999999.host", ours, "events.out.tfevents.nonsense"]
    );
}

#[test]
fn a_run_logs_to_both_the_same() {
    let trial = Trial::lockstep(Exploring::Scripted, 1);
    let folder = tempfile::tempdir().unwrap();
    trial.go(folder.path(), Events { stop_after: Some(5), ..Events::default() }).unwrap();
    let events = RunDirectory::open(folder.path()).unwrap().tensorboard_path();
    // A process that was killed logged more than it saved.
    let killed = TensorBoard::begin(&events, Some(latest(folder.path()).frames)).unwrap();
    killed.scalars(latest(folder.path()).frames + 1, &series(&[("loss/all", 77.0)])).unwrap();
    trial.go(folder.path(), Events::default()).unwrap();
    let shown = scalars(&read(&events));
    assert!(shown.len() > 5 * 10, "{shown:?}");
    let written = metrics(folder.path());
    assert_eq!(shown.len(), written.len());
    for (shown, written) in shown.iter().zip(&written) {
        assert_eq!((shown.0, &shown.1), (written.0, &written.1));
        // A mean of two f32 lies between two f32: read back from text, it may be rounded to the other one.
        assert!((shown.2 - written.2).abs() <= f32::EPSILON * written.2.abs(), "{shown:?} for {written:?}");
    }
}
