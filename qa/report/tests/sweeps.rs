//! A sweep's table, its charts, its CSV and its JSON, on data small enough to check by hand.

mod small_measurement;

use groundling_report::{Overwrite, ProbeFile, Report, Sweep, SweepMeasured, SweepValue};
use small_measurement::variants;

fn names(variant: &str, num: usize) -> Vec<String> {
    (1..=num).map(|seed| format!("{variant}-{seed}")).collect()
}

fn value(label: &str, probed: &ProbeFile, agents: &[String]) -> SweepValue {
    let measured = SweepMeasured::of(probed, agents, &["untrained".to_owned()]);
    SweepValue { label: label.into(), number: label.parse().ok(), measured }
}

/// Two values of one protocol, and one that was not measured.
fn overshoot() -> Sweep {
    let probed = variants();
    let values = vec![
        value("0", &probed, &names("lstm", 3)),
        value("8", &probed, &names("simcore", 3)),
        value("16", &probed, &names("none", 3)),
    ];
    Sweep { name: "overshoot".into(), key: "predictive.simcore.overshoot".into(), values }
}

/// Values that are no numbers, of two protocols; of the second there is no untrained agent, and a template less.
fn objects() -> Sweep {
    let mut other = variants();
    other.protocol.config_hash = "0b".into();
    other.templates.truncate(1);
    for agent in &mut other.agents {
        agent.outcomes.retain(|outcome| outcome.template == 0);
    }
    other.agents.retain(|agent| agent.name != "untrained");
    let values = vec![value("few", &variants(), &names("simcore", 1)), value("many", &other, &names("simcore", 1))];
    Sweep { name: "objects".into(), key: "objects".into(), values }
}

#[test]
fn a_value_is_what_its_agents_know_beside_their_controls() {
    insta::assert_snapshot!(overshoot().to_text());
    insta::assert_snapshot!(objects().to_markdown());
    let sweep = overshoot();
    let measured = sweep.values[1].measured.as_ref().expect("a measured value");
    let table = groundling_report::AccuracyTable::of(&variants());
    assert_eq!(table.row("simcore").map(|row| &row.scores), Some(&measured.scores));
    assert_eq!(table.row("untrained").map(|row| &row.scores), measured.untrained.as_ref());
    assert_eq!(table.row("question-only").map(|row| &row.scores), measured.question_only.as_ref());
    assert_eq!(table.difference("simcore", "untrained").map(|line| &line.scores), measured.learnt.as_ref());
    assert_eq!(measured.long_gaps.answers, table.long_gaps.answers);
    // Of some seeds only.
    let one = value("8", &variants(), &names("simcore", 1)).measured.expect("a measured value");
    assert_eq!(one.scores.mean.map(|mean| (mean.value, mean.num_seeds)), Some((0.7, 1)));
    assert_eq!(sweep.values[2].measured, None);
}

#[test]
fn the_page_and_the_files_beside_it_have_every_value() {
    let report = Report {
        title: "Small".into(),
        runs: vec![],
        probed: variants(),
        sweeps: vec![overshoot(), objects()],
        frames: vec![],
        examples: vec![],
        swatches: vec![],
        film: None,
    };
    let folder = tempfile::tempdir().expect("a folder");
    let files = report.write(&folder.path().join("report.html"), Overwrite::No).expect("a report");
    let page = std::fs::read_to_string(&files.page).expect("the page");
    let (_, section) = page.split_once("<h2>Sweeps</h2>").expect("a section");
    let (section, _) = section.split_once("</section>").expect("its end");
    assert_eq!(section.matches("<svg").count(), 4);
    assert_eq!(section.matches("were asked different questions").count(), 1);
    assert!(section.contains("not measured yet"));
    let (first, _) = section.split_once("</figure>").expect("a chart");
    insta::assert_snapshot!(first.replace("><", ">\n<"));
    let table = std::fs::read_to_string(files.tables.join("sweeps.csv")).expect("a table");
    insta::assert_snapshot!(table.replace("\r\n", "\n"));
    let figures = std::fs::read(files.figures).expect("the figures");
    let figures: serde_json::Value = serde_json::from_slice(&figures).expect("valid JSON");
    let values = figures["sweeps"][0]["values"].as_array().expect("values");
    assert_eq!(values.len(), 3);
    assert_eq!((&values[0]["number"], &values[2]["measured"]), (&0.0.into(), &serde_json::Value::Null));
    let mean = values[1]["measured"]["scores"]["mean"]["value"].as_f64().expect("a share");
    assert!((mean - 0.8).abs() < 1e-9, "{mean}");
    assert_eq!(values[1]["measured"]["agents"][2], "simcore-3");
}
