//! The tables beside the page: each can be read by any program, and says what the page says.

mod small_measurement;

use std::path::Path;

use groundling_report::{Overwrite, ProbeFile, Report, ReportError, ReportFiles};

fn write(probed: ProbeFile, folder: &Path, overwrite: Overwrite) -> Result<ReportFiles, ReportError> {
    let report = Report {
        title: "Small".into(),
        runs: vec![],
        probed,
        sweeps: vec![],
        frames: vec![],
        examples: vec![],
        swatches: vec![],
        film: None,
    };
    report.write(&folder.join("report.html"), overwrite)
}

#[test]
fn every_table_has_a_header_and_full_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut probed = small_measurement::variants();
    let hostile = "=1+1, \"quoted\" \u{fc}";
    probed.agents[0].name = hostile.into();
    for agent in &mut probed.agents {
        agent.timeline =
            agent.outcomes.iter().map(|outcome| groundling_report::Outcome { step: 30, ..*outcome }).collect();
    }
    let files = write(probed, folder.path(), Overwrite::No).expect("a report");
    let mut sizes = Vec::new();
    for entry in std::fs::read_dir(&files.tables).expect("a folder") {
        let path = entry.expect("an entry").path();
        let mut reader = csv::Reader::from_path(&path).expect("a table");
        assert!(reader.headers().expect("a header").len() >= 3, "{path:?}");
        let rows = reader.records().map(|row| row.expect("a row as long as the header")).collect::<Vec<_>>();
        let names = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if !["validation.csv", "learning_curves.csv", "sweeps.csv"].contains(&names) {
            assert!(rows.iter().any(|row| row.iter().any(|field| field == hostile)), "{names} lost a name");
        }
        sizes.push(format!("{names} {}", rows.len()));
    }
    sizes.sort();
    insta::assert_snapshot!(sizes.join("\n"));
}

#[test]
fn accuracies_and_differences() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = write(small_measurement::variants(), folder.path(), Overwrite::No).expect("a report");
    let head = |name: &str, num: usize| {
        let text = std::fs::read_to_string(files.tables.join(name)).expect("a table");
        assert!(text.split_inclusive('\n').all(|line| line.ends_with("\r\n")));
        text.lines().take(num).map(|line| line.trim_end().to_owned() + "\n").collect::<String>()
    };
    insta::assert_snapshot!(head("accuracies.csv", 14));
    insta::assert_snapshot!(head("differences.csv", 14));
    insta::assert_snapshot!(head("agents.csv", 9));
    insta::assert_snapshot!(head("answers.csv", 4));
    insta::assert_snapshot!(head("confusion.csv", 8));
}

#[test]
fn tables_are_not_overwritten_without_leave() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = write(small_measurement::probed(), folder.path(), Overwrite::No).expect("a report");
    std::fs::remove_file(&files.page).expect("a page");
    std::fs::remove_file(&files.figures).expect("figures");
    let refused = write(small_measurement::variants(), folder.path(), Overwrite::No);
    assert!(matches!(refused, Err(ReportError::AlreadyThere { path }) if path == files.tables));
    assert!(!files.page.exists(), "a part of a report was written");
    write(small_measurement::variants(), folder.path(), Overwrite::Yes).expect("a report");
    std::fs::write(files.tables.join("notes.txt"), "mine").expect("a note");
    let refused = write(small_measurement::variants(), folder.path(), Overwrite::Yes);
    assert!(matches!(refused, Err(ReportError::NotTables { path }) if path == files.tables));
    assert!(files.tables.join("notes.txt").exists());
}
