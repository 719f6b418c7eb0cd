//! Promised: the one command that compares agents at the paper's size works; here with everything made small, on a processor.

use std::path::Path;
use std::process::Command;

use groundling_report::ProbeFile;

/// What makes a run small. Kept from the presets: the networks' kinds, the losses, the schedule, shared inference, rooms and
/// questions.
const SMALL: &[&str] = &[
    "camera.width=32",
    "camera.height=24",
    "task.episode_steps=25",
    "agent.features=8",
    "agent.core_size=8",
    "agent.deep.channels=[2, 2, 2]",
    "predictive.simcore.earliest_start=2",
    "predictive.simcore.conv_draw.steps=1",
    "predictive.simcore.conv_draw.latent_channels=1",
    "predictive.simcore.conv_draw.hidden_channels=2",
    "predictive.cpc_a.horizon=4",
    "predictive.cpc_a.earliest_start=2",
    "optimizer.warmup_updates=1",
    "training.num_frames=400",
    "training.num_actors=2",
    "training.actor_threads=1",
    "training.rooms_per_actor=2",
    "training.inference_batch_rooms=4",
    "training.unroll_length=26",
    "training.device=cpu",
    "training.precision=f32",
    "training.tensorboard=false",
    "questions.census_rooms=1000",
    "probe.decoders.lstm.hidden_size=8",
    "probe.decoders.gated.hidden_size=8",
    "probe.batch_size=16",
    "probe.offline.updates=20",
    "probe.offline.validate_every=10",
    "evaluation.train_episodes=60",
    "evaluation.validation_episodes=20",
    "evaluation.test_episodes=20",
    "evaluation.timeline_points=2",
    "evaluation.timeline_episodes=5",
    "evaluation.selectivity=false",
    "evaluation.threads=2",
];

#[test]
fn the_papers_comparison_runs_whole_at_small_size() {
    let folder = tempfile::tempdir().unwrap();
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/study/paper.toml");
    let out = folder.path().join("paper");
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
    command.arg("study").arg(study).arg("--out").arg(&out).env("OMP_WAIT_POLICY", "passive");
    for setting in SMALL {
        command.args(["--set", setting]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let probed = ProbeFile::read(&out.join("probe.json")).unwrap();
    let names: Vec<&str> = probed.agents.iter().map(|agent| agent.name.as_str()).collect();
    for name in ["question-only", "facts", "untrained-1", "simcore-1", "lstm-1", "overshoot_0-1", "cpc_a-1"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert_eq!(probed.templates.len(), 9);
    assert!(std::fs::read_to_string(out.join("report.html")).unwrap().contains("The paper's size"));
}
