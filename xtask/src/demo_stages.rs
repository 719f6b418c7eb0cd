//! The stages of the demonstration, as data.

/// Where everything that the demonstration makes goes, from the root of the workspace.
pub const FOLDER: &str = "runs/demo";

/// The stage whose output is the accuracy table.
pub const TABLE_STAGE: &str = "report";

/// What the user wants to see at the end: a name and a path.
pub const SHOWN: &[(&str, &str)] = &[("report", "runs/demo/report.html"), ("film", "runs/demo/film.mp4")];

/// One call of the `groundling` program.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Names the stage's stamp and its log.
    pub name: &'static str,
    /// What the user reads.
    pub does: &'static str,
    /// How long it usually takes on two cores.
    pub expected: &'static str,
    /// The command line after `groundling`.
    pub arguments: &'static [&'static str],
    /// Files that it depends on; when one changes, the stage is done again.
    pub inputs: &'static [&'static str],
    /// Earlier stages that it depends on; when one is done again, so is this.
    pub after: &'static [&'static str],
    /// Files and folders that exist when it is done.
    pub makes: &'static [&'static str],
    /// What it prints when it is finished, where success alone does not tell.
    pub says: &'static str,
    /// What stands in the way when it starts from the beginning; it is renamed, never deleted.
    pub sets_aside: &'static [&'static str],
    /// Whether the same command goes on after an interruption.
    pub resumes: bool,
}

/// The stages in their order.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "train-lstm",
        does: "train the plain LSTM agent",
        expected: "about 5 min",
        arguments: &["train", "--config", "configs/demo/lstm.toml", "--run", "runs/demo/lstm"],
        inputs: &["configs/demo/lstm.toml"],
        after: &[],
        makes: &["runs/demo/lstm/manifest.json", "runs/demo/lstm/checkpoints"],
        says: "trained: ",
        sets_aside: &["runs/demo/lstm"],
        resumes: true,
    },
    Stage {
        name: "train-simcore",
        does: "train the agent that predicts what it will see (SimCore)",
        expected: "about 6 min",
        arguments: &["train", "--config", "configs/demo/simcore.toml", "--run", "runs/demo/simcore"],
        inputs: &["configs/demo/simcore.toml"],
        after: &[],
        makes: &["runs/demo/simcore/manifest.json", "runs/demo/simcore/checkpoints"],
        says: "trained: ",
        sets_aside: &["runs/demo/simcore"],
        resumes: true,
    },
    Stage {
        name: "probe",
        does: "ask both agents' beliefs, and the controls, about rooms they have never seen",
        expected: "about 3 min",
        arguments: &["probe", "runs/demo/lstm", "runs/demo/simcore", "--out", "runs/demo/probe.json"],
        inputs: &[],
        after: &["train-lstm", "train-simcore"],
        makes: &["runs/demo/probe.json", "runs/demo/simcore/probe"],
        says: "",
        sets_aside: &["runs/demo/probe.json", "runs/demo/lstm/probe", "runs/demo/simcore/probe"],
        resumes: false,
    },
    Stage {
        name: "report",
        does: "put the answers into one page",
        expected: "a few seconds",
        arguments: &[
            "report",
            "runs/demo/lstm",
            "runs/demo/simcore",
            "--probe",
            "runs/demo/probe.json",
            "--out",
            "runs/demo/report.html",
            "--film",
            "runs/demo/film.mp4",
        ],
        inputs: &[],
        after: &["probe"],
        makes: &["runs/demo/report.html", "runs/demo/report.json"],
        says: "",
        sets_aside: &["runs/demo/report.html", "runs/demo/report.json"],
        resumes: false,
    },
    Stage {
        name: "record",
        does: "record one episode of the SimCore agent, and what it imagines",
        expected: "a few seconds",
        arguments: &[
            "record",
            "runs/demo/simcore",
            "--episodes",
            "1",
            "--imagine-every",
            "12",
            "--out",
            "runs/demo/episodes",
        ],
        inputs: &[],
        after: &["probe"],
        makes: &["runs/demo/episodes/0.episode"],
        says: "",
        sets_aside: &["runs/demo/episodes"],
        resumes: false,
    },
    Stage {
        name: "film",
        does: "draw the recorded episode as a film",
        expected: "a few seconds",
        arguments: &["replay", "runs/demo/episodes/0.episode", "--out", "runs/demo/film.mp4"],
        inputs: &[],
        after: &["record"],
        makes: &["runs/demo/film.mp4"],
        says: "",
        sets_aside: &["runs/demo/film.mp4"],
        resumes: false,
    },
];
