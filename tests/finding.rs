//! Promised: a SimCore agent that was trained for a tenth of the demonstration's frames knows more of its room than the
//! questions give away, also of what it no longer sees, and more than its last frame shows. Not promised: that prediction is
//! the cause; an untrained agent passes too (RESULTS.md, "Is it prediction?"). In lockstep with a fixed seed, so that the figures
//! are the same bits each time.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use std::path::Path;
use std::process::Command;

use groundling_report::{AccuracyTable, Estimate, ProbeFile, ProbedKind};

/// The demonstration's room and agent, trained for a tenth of its frames and probed by fewer questions.
const SHORT: &[&str] = &[
    "training.num_frames=240000",
    "training.learner_threads=2",
    "training.tensorboard=false",
    "optimizer.learning_rate=2e-3",
    "probe.decoder=gated",
    "probe.decoders.gated.hidden_size=256",
    "probe.offline.updates=1500",
    "evaluation.train_episodes=3000",
    "evaluation.validation_episodes=200",
    "evaluation.test_episodes=600",
    "evaluation.timeline_points=0",
    "evaluation.selectivity=false",
];

fn groundling(args: &[&str], run: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundling"));
    let output = command.args(args).arg(run).env("OMP_WAIT_POLICY", "passive").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_simcore_agent_knows_more_than_the_question_gives_away() {
    let folder = tempfile::tempdir().unwrap();
    let run = folder.path().join("simcore");
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs/demo/simcore.toml");
    let mut args = vec!["train", "--config", config.to_str().unwrap()];
    args.extend(SHORT.iter().flat_map(|setting| ["--set", setting]));
    args.push("--run");
    groundling(&args, &run);
    groundling(&["probe"], &run);

    let table = AccuracyTable::of(&ProbeFile::read(&run.join("probe/probe.json")).unwrap());
    let scores = |kind| &table.rows.iter().find(|row| row.kind == kind).unwrap().scores;
    let (agent, question_only) = (scores(ProbedKind::Trained), scores(ProbedKind::QuestionOnly));
    let apart = |what: &str, more: &Estimate, less: &Estimate| {
        assert!(more.interval.low > less.interval.high, "{what}: {more:?} is not apart from {less:?}");
    };
    apart("mean", agent.mean.as_ref().unwrap(), question_only.mean.as_ref().unwrap());
    apart("long gaps", agent.long_gaps.as_ref().unwrap(), question_only.long_gaps.as_ref().unwrap());
    let last_frame = scores(ProbedKind::LastFrame);
    apart("memory beside the last frame", agent.mean.as_ref().unwrap(), last_frame.mean.as_ref().unwrap());
}
