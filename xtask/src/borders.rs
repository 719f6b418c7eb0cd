//! `cargo xtask check borders`: no forbidden arrow between packages, direct or by way of others.
//!
//! Two graphs are looked at. The *declared* one has the workspace's own packages and every dependency in their
//! manifests, optional ones and those of tests too, so no feature can hide an arrow. The *resolved* one has all packages
//! that are compiled without features, and shows what other people's packages bring along.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::arrows::{DISPLAYS, FORBIDDEN, is_in};
use crate::cargo::metadata;
use crate::failure::Failure;

/// A package and what it depends on.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder from the root of the workspace (`""` for the root package); `None` for one of other people.
    pub folder: Option<String>,
    /// Keys, in the graph, of what its library, programs and build script need.
    pub needs: Vec<String>,
    /// Keys of what only its tests need.
    pub tests_need: Vec<String>,
}

/// Packages by a key that is unique among them.
pub type Graph = BTreeMap<String, Package>;

/// Fails, naming the first forbidden arrow, unless the workspace keeps every border.
pub fn check(workspace: &Path) -> Result<(), Failure> {
    let mut broken = broken_arrows(&declared_graph(workspace)?);
    broken.extend(broken_builds(&resolved_graph(workspace)?));
    match broken.first() {
        None => Ok(()),
        Some(first) => {
            let more = if broken.len() > 1 { format!(" (and {} more)", broken.len() - 1) } else { String::new() };
            Err(Failure::new(format!("forbidden dependency: {first}{more}"), "remove that dependency"))
        }
    }
}

/// Every forbidden arrow of a declared graph, as `from -> … -> to: why`; empty if there is none.
pub fn broken_arrows(graph: &Graph) -> Vec<String> {
    let mut broken = Vec::new();
    for (key, package) in graph {
        let Some(folder) = &package.folder else { continue };
        for arrow in FORBIDDEN {
            let starts = arrow.from.iter().any(|from| is_in(folder, from));
            if !starts || arrow.except.iter().any(|except| is_in(folder, except)) {
                continue;
            }
            let ends = |end: &Package| end.folder.as_ref().is_some_and(|end| arrow.to.iter().any(|to| is_in(end, to)));
            broken.extend(way(graph, key, ends).map(|way| format!("{way}: {}", arrow.why)));
        }
        let needed = package.needs.iter().chain(&package.tests_need).filter_map(|key| graph.get(key));
        let needed: Vec<&String> = needed.map(|needed| &needed.name).collect();
        for display in DISPLAYS.iter().filter(|display| !is_in(folder, display.folder)) {
            if let Some(named) = needed.iter().find(|name| (display.is_named)(name)) {
                broken.push(format!("{} -> {named}: only {} knows {}", label(package), display.folder, display.name));
            }
        }
    }
    broken
}

/// Every way, in a graph of what is compiled without features, from the root package to bevy and to windows, and from
/// this program and the Python package to libtorch.
pub fn broken_builds(graph: &Graph) -> Vec<String> {
    let from = |folder: &str, ends: &dyn Fn(&Package) -> bool| {
        let (start, _) = graph.iter().find(|(_, package)| package.folder.as_deref() == Some(folder))?;
        way(graph, start, ends)
    };
    let displays = DISPLAYS.iter().filter_map(|display| {
        let way = from("", &|package: &Package| (display.is_named)(&package.name))?;
        Some(format!("{way}: a training machine never compiles {}", display.name))
    });
    let is_libtorch = |package: &Package| package.name == "torch-sys";
    let libtorch = from("xtask", &is_libtorch).map(|way| format!("{way}: set-up runs before there is a libtorch"));
    let wheel = from("python", &is_libtorch).map(|way| format!("{way}: the wheel has no libtorch"));
    displays.chain(libtorch).chain(wheel).collect()
}

/// The shortest way from a package to one where `ends` holds. What tests need counts for the first step only: nobody
/// else's tests are compiled with a package.
fn way(graph: &Graph, start: &str, ends: impl Fn(&Package) -> bool) -> Option<String> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(key) = queue.pop_front() {
        let package = graph.get(key)?;
        if key != start && ends(package) {
            let steps = std::iter::successors(Some(key), |step| came_from.get(step).copied());
            let mut labels: Vec<&str> = steps.filter_map(|step| graph.get(step)).map(label).collect();
            labels.reverse();
            return Some(labels.join(" -> "));
        }
        let of_tests: &[String] = if key == start { &package.tests_need } else { &[] };
        for next in package.needs.iter().chain(of_tests) {
            if next != start && graph.contains_key(next) && !came_from.contains_key(next.as_str()) {
                came_from.insert(next, key);
                queue.push_back(next);
            }
        }
    }
    None
}

fn label(package: &Package) -> &str {
    match package.folder.as_deref() {
        Some("") => "the root package",
        Some(folder) => folder,
        None => &package.name,
    }
}

/// The workspace's packages with all that their manifests declare; others appear by name, without dependencies.
pub fn declared_graph(workspace: &Path) -> Result<Graph, Failure> {
    let metadata = metadata(workspace, &["--no-deps"])?;
    let mut graph = Graph::new();
    for described in list(&metadata, "packages") {
        let mut package = package(described, text(&metadata, "workspace_root"));
        for dependency in list(described, "dependencies") {
            let name = text(dependency, "name").to_owned();
            graph.entry(name.clone()).or_insert_with(|| Package { name: name.clone(), ..Package::default() });
            let is_for_tests = text(dependency, "kind") == "dev";
            if is_for_tests { package.tests_need.push(name) } else { package.needs.push(name) }
        }
        graph.insert(package.name.clone(), package);
    }
    Ok(graph)
}

/// All packages that Cargo compiles for this machine without features.
pub fn resolved_graph(workspace: &Path) -> Result<Graph, Failure> {
    let target = host_target()?;
    let metadata = metadata(workspace, &["--filter-platform", &target])?;
    let root = text(&metadata, "workspace_root");
    let mut graph = Graph::new();
    for described in list(&metadata, "packages") {
        graph.insert(text(described, "id").to_owned(), package(described, root));
    }
    let nodes = metadata.get("resolve").map(|resolve| list(resolve, "nodes")).unwrap_or_default();
    for node in nodes {
        let Some(package) = graph.get_mut(text(node, "id")) else { continue };
        for dependency in list(node, "deps") {
            let key = text(dependency, "pkg").to_owned();
            let is_for_tests = list(dependency, "dep_kinds").iter().all(|kind| text(kind, "kind") == "dev");
            if is_for_tests { package.tests_need.push(key) } else { package.needs.push(key) }
        }
    }
    Ok(graph)
}

/// The package without its dependencies.
fn package(described: &Value, root: &str) -> Package {
    let manifest = Path::new(text(described, "manifest_path"));
    // A package from a registry lies outside the workspace, or has a source.
    let is_own = described.get("source").is_none_or(Value::is_null);
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok()).filter(|_| is_own);
    Package {
        name: text(described, "name").to_owned(),
        folder: folder.map(|folder| folder.to_string_lossy().into_owned()),
        ..Package::default()
    }
}

fn host_target() -> Result<String, Failure> {
    let failed = || Failure::new("`rustc -vV` does not say the host", "install Rust by https://rustup.rs");
    let output = Command::new("rustc").arg("-vV").output().map_err(|_| failed())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned).ok_or_else(failed)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}
