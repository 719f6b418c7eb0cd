//! The rules about which package may reach which, as data.
//!
//! The one promise on which every result rests is that the probe never teaches the agent. Part of what shows it is that
//! the probe's crates cannot name the agent's parameters and the agent's cannot name a question.

/// One forbidden arrow between folders of the workspace: from any package below `from` to any below `to`.
#[derive(Debug)]
pub struct Arrow {
    /// Folders where it starts.
    pub from: &'static [&'static str],
    /// Folders below `from` that may all the same.
    pub except: &'static [&'static str],
    /// Folders where it must not end.
    pub to: &'static [&'static str],
    /// What would be lost.
    pub why: &'static str,
}

/// Every forbidden arrow between folders.
pub const FORBIDDEN: &[Arrow] = &[
    Arrow { from: &["agent"], except: &[], to: &["qa"], why: "an agent must not know what it will be asked" },
    Arrow {
        from: &["qa"],
        // The upper line of the results, where answers do teach the agent, is the one place that sees both sides.
        except: &["qa/oracle"],
        to: &["agent/ops", "agent/model", "agent/impala"],
        why: "a probe reads frozen beliefs and must not reach the agent's parameters",
    },
    Arrow {
        from: &["env", "qa"],
        except: &["qa/stored"],
        to: &["qa/stored"],
        why: "only the command line reads and writes Parquet, whose crates are heavy",
    },
    Arrow {
        from: &["agent", "env", "qa", "python", "xtask"],
        except: &[],
        to: &["qa/oracle"],
        why: "only the program itself may let questions teach an agent",
    },
    Arrow {
        from: &["agent"],
        except: &[],
        to: &["env/room", "env/sim", "env/render", "env/film", "env/viewer", "env/window"],
        why: "an agent knows env/interface only, so that it learns from what it sees",
    },
    Arrow {
        from: &["python"],
        except: &[],
        to: &[
            // Not agent/belief, plain numbers, which qa/stored writes.
            "agent/autograd",
            "agent/nn",
            "agent/ops",
            "agent/model",
            "agent/impala",
            "env/film",
            "env/viewer",
            "env/window",
            "qa/decoder",
            "qa/probe",
            "qa/report",
        ],
        why: "the wheel has the room and its questions, not libtorch, not bevy and no agent",
    },
    Arrow { from: &["agent", "env", "qa", "xtask"], except: &[], to: &["python"], why: "only Python loads it" },
];

/// Packages of other people that a training machine never compiles: only one folder may name them, and only the root
/// package's feature `viewer` reaches it.
#[derive(Debug)]
pub struct Display {
    /// The only folder that may depend on them.
    pub folder: &'static str,
    /// What they are called.
    pub name: &'static str,
    /// Whether a package is one of them.
    pub is_named: fn(&str) -> bool,
}

/// What draws with a graphics adapter, and what opens windows.
pub const DISPLAYS: &[Display] = &[
    Display {
        folder: "env/viewer",
        name: "bevy",
        is_named: |package| package == "bevy" || package.starts_with("bevy_"),
    },
    Display {
        folder: "env/window",
        name: "the system's windows",
        is_named: |package| package == "winit" || package == "softbuffer",
    },
];

/// Whether the folder `path` is `folder` or below it.
pub fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
