//! The borders between crates, on which every result rests.
//!
//! Promised: no agent reaches a question, no probe reaches an agent's parameters, no agent reaches the room, nobody but
//! the viewer reaches bevy, nobody but the window opens one, the Python package reaches none of them, and `cargo xtask`
//! compiles before there is a libtorch. Each forbidden arrow is planted here once and must be found, so that the check
//! can fail.

use xtask::borders::{Graph, Package, broken_arrows, broken_builds, declared_graph, resolved_graph};
use xtask::cargo::workspace_root;

/// A graph of folders, each with the folders it needs; keys are the folders themselves.
fn graph(packages: &[(&str, &[&str])]) -> Graph {
    let package = |folder: &str, needs: &[&str]| Package {
        name: folder.to_owned(),
        folder: (folder.contains('/') || ["", "xtask", "python", "torch"].contains(&folder)).then(|| folder.to_owned()),
        needs: needs.iter().map(|&need| need.to_owned()).collect(),
        tests_need: Vec::new(),
    };
    packages.iter().map(|&(folder, needs)| (folder.to_owned(), package(folder, needs))).collect()
}

#[track_caller]
fn assert_names(graph: &Graph, way: &str) {
    let broken = broken_arrows(graph);
    assert!(broken.iter().any(|arrow| arrow.starts_with(way)), "{way} is not among {broken:?}");
}

#[test]
fn the_workspace_keeps_every_border() {
    let declared = declared_graph(&workspace_root()).unwrap();
    assert!(declared.len() > 20, "the graph is not read: {declared:?}");
    assert_eq!(broken_arrows(&declared), Vec::<String>::new());
}

#[test]
fn what_other_people_s_packages_bring_along_is_allowed() {
    let resolved = resolved_graph(&workspace_root()).unwrap();
    let root = resolved.values().find(|package| package.folder.as_deref() == Some("")).unwrap();
    assert!(!root.needs.is_empty(), "the graph is not read");
    assert_eq!(broken_builds(&resolved), Vec::<String>::new());
}

#[test]
fn each_forbidden_arrow_is_found() {
    let agents = ["agent/belief", "agent/nn", "agent/ops", "agent/model", "agent/impala"];
    for agent in agents {
        for forbidden in
            ["qa/questions", "qa/probe", "env/room", "env/sim", "env/render", "env/film", "env/viewer", "env/window"]
        {
            assert_names(&graph(&[(agent, &[forbidden]), (forbidden, &[])]), &format!("{agent} -> {forbidden}: "));
        }
    }
    for probe in ["qa/questions", "qa/probe", "qa/report"] {
        for forbidden in ["agent/ops", "agent/model", "agent/impala"] {
            assert_names(&graph(&[(probe, &[forbidden]), (forbidden, &[])]), &format!("{probe} -> {forbidden}: "));
        }
    }
}

#[test]
fn nobody_but_the_program_reaches_the_oracle() {
    for from in ["agent/impala", "qa/questions", "qa/probe", "qa/report", "env/sim", "xtask"] {
        assert_names(&graph(&[(from, &["qa/oracle"]), ("qa/oracle", &[])]), &format!("{from} -> qa/oracle: "));
    }
    let mut planted = graph(&[("qa/probe", &[]), ("qa/oracle", &[])]);
    planted.get_mut("qa/probe").unwrap().tests_need.push("qa/oracle".into());
    assert_names(&planted, "qa/probe -> qa/oracle: ");
}

#[test]
fn the_oracle_is_the_one_that_sees_both_sides() {
    let declared = declared_graph(&workspace_root()).unwrap();
    let needs = |package: &Package, folder: &str| {
        let named = |key: &String| declared.get(key).and_then(|needed| needed.folder.as_deref());
        package.needs.iter().filter_map(named).any(|needed| needed.starts_with(folder))
    };
    let both = declared.values().filter(|package| needs(package, "agent/model") && needs(package, "qa/questions"));
    let both: Vec<&str> = both.filter_map(|package| package.folder.as_deref()).collect();
    assert_eq!(both, ["", "qa/oracle"], "the root package wires, the oracle teaches");
}

#[test]
fn an_arrow_by_way_of_others_is_found() {
    let planted = graph(&[
        ("qa/probe", &["agent/belief"]),
        ("agent/belief", &["elsewhere"]),
        ("elsewhere", &["agent/model"]),
        ("agent/model", &[]),
    ]);
    assert_names(&planted, "qa/probe -> agent/belief -> elsewhere -> agent/model: ");
}

#[test]
fn an_arrow_of_a_package_s_own_tests_is_found() {
    let mut planted = graph(&[("agent/model", &[]), ("qa/probe", &[]), ("agent/impala", &["agent/model"])]);
    planted.get_mut("agent/model").unwrap().tests_need.push("qa/probe".into());
    assert_names(&planted, "agent/model -> qa/probe: ");
    assert_eq!(broken_arrows(&planted).len(), 1, "another package does not compile those tests");
}

#[test]
fn bevy_is_for_the_viewer_only() {
    assert_names(&graph(&[("env/render", &["bevy_render"]), ("bevy_render", &[])]), "env/render -> bevy_render: ");
    assert_names(&graph(&[("", &["bevy"]), ("bevy", &[])]), "the root package -> bevy: ");
    assert_eq!(broken_arrows(&graph(&[("env/viewer", &["bevy"]), ("bevy", &[])])), Vec::<String>::new());
    let planted = graph(&[("", &["env/viewer"]), ("env/viewer", &["bevy"]), ("bevy", &[])]);
    assert!(broken_builds(&planted).iter().any(|way| way.starts_with("the root package -> env/viewer -> bevy: ")));
}

#[test]
fn windows_are_for_the_window_only() {
    assert_names(&graph(&[("env/viewer", &["winit"]), ("winit", &[])]), "env/viewer -> winit: ");
    assert_names(&graph(&[("", &["softbuffer"]), ("softbuffer", &[])]), "the root package -> softbuffer: ");
    assert_eq!(broken_arrows(&graph(&[("env/window", &["winit"]), ("winit", &[])])), Vec::<String>::new());
    let planted = graph(&[("", &["env/window"]), ("env/window", &["winit"]), ("winit", &[])]);
    assert!(broken_builds(&planted).iter().any(|way| way.starts_with("the root package -> env/window -> winit: ")));
}

#[test]
fn set_up_needs_no_libtorch() {
    let mut planted = graph(&[("xtask", &["elsewhere"]), ("elsewhere", &["torch"]), ("torch", &[])]);
    assert_eq!(broken_builds(&planted), Vec::<String>::new());
    let torch = planted.get_mut("torch").unwrap();
    (torch.name, torch.folder) = ("torch-sys".into(), None);
    assert!(broken_builds(&planted).iter().any(|way| way.starts_with("xtask -> elsewhere -> torch-sys: ")));
}

#[test]
fn the_python_package_has_the_room_and_its_questions_only() {
    let heavy = ["agent/autograd", "agent/nn", "agent/ops", "agent/model", "agent/impala"];
    let other = ["env/film", "env/viewer", "env/window", "qa/decoder", "qa/probe", "qa/report", "qa/oracle"];
    for forbidden in heavy.into_iter().chain(other) {
        assert_names(&graph(&[("python", &[forbidden]), (forbidden, &[])]), &format!("python -> {forbidden}: "));
        assert_names(&graph(&[(forbidden, &["python"]), ("python", &[])]), &format!("{forbidden} -> python: "));
    }
    assert_names(&graph(&[("python", &["bevy"]), ("bevy", &[])]), "python -> bevy: ");
    let mut planted = graph(&[("python", &["elsewhere"]), ("elsewhere", &["torch"]), ("torch", &[])]);
    let torch = planted.get_mut("torch").unwrap();
    (torch.name, torch.folder) = ("torch-sys".into(), None);
    assert!(broken_builds(&planted).iter().any(|way| way.starts_with("python -> elsewhere -> torch-sys: ")));
    let allowed = graph(&[
        ("python", &["env/sim", "qa/questions", "qa/stored"]),
        ("qa/stored", &["agent/belief", "qa/questions"]),
        ("agent/belief", &[]),
        ("qa/questions", &[]),
        ("env/sim", &[]),
    ]);
    assert_eq!(broken_arrows(&allowed), Vec::<String>::new());
}

#[test]
fn what_is_allowed_is_not_named() {
    let allowed = graph(&[
        ("qa/oracle", &["agent/impala", "qa/probe"]),
        ("agent/impala", &["agent/nn", "env/interface"]),
        ("qa/probe", &["agent/nn", "agent/belief", "qa/questions"]),
        ("qa/questions", &["env/room"]),
        ("agent/nn", &[]),
        ("agent/belief", &[]),
        ("env/interface", &[]),
        ("env/room", &[]),
        ("", &["qa/probe", "agent/impala", "env/sim"]),
        ("env/sim", &[]),
    ]);
    assert_eq!(broken_arrows(&allowed), Vec::<String>::new());
    let oracle = graph(&[("", &["qa/oracle"]), ("qa/oracle", &["agent/model"]), ("agent/model", &[])]);
    assert_eq!(broken_arrows(&oracle), Vec::<String>::new());
    // A probe must not reach the agent by way of the exception.
    let planted = graph(&[("qa/report", &["qa/oracle"]), ("qa/oracle", &["agent/model"]), ("agent/model", &[])]);
    assert_names(&planted, "qa/report -> qa/oracle -> agent/model: ");
}
