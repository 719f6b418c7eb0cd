//! The page stands alone, is well-formed, escapes what it is given, and says something sensible about any input.

use std::path::Path;

use groundling_report::{Figure, Metrics, MetricsRecord, Overwrite, ProbeFile, ProbeProtocol, Report, ReportError};

#[path = "../examples/sample_report/data/mod.rs"]
mod data;

/// Elements of HTML that have no end tag.
const VOID: [&str; 3] = ["meta", "img", "wbr"];

fn sample() -> Report {
    data::report(8).expect("a sample")
}

/// Writes the report, checks what holds for every page, and returns its text.
fn page_of(report: &Report) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let files = report.write(&folder.path().join("report.html"), Overwrite::No).expect("a report");
    let page = std::fs::read_to_string(files.page).expect("the page");
    check_well_formed(&page);
    for forbidden in ["http:", "https:", "src=\"//", "url(", "@import", "<script", "<link", "NaN", "inf", "null"] {
        let text = page.replace("</strong>", "").replace("info", "");
        assert!(!text.contains(forbidden), "{forbidden:?} near {:?}", text.split(forbidden).next().map(tail));
    }
    let json = std::fs::read_to_string(files.figures).expect("the figures");
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    page
}

fn tail(text: &str) -> String {
    text.chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect()
}

/// Every tag that is opened is closed, in order, and every attribute is quoted.
fn check_well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("a tag is not closed: {piece:.80}"));
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "after {open:?}");
        } else {
            let name = tag.split_whitespace().next().unwrap_or_default();
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "strange tag {tag:.80}");
            assert_eq!(tag.matches('"').count() % 2, 0, "quotes of {tag:.80}");
            if !VOID.contains(&name) {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

#[test]
fn a_full_page_has_every_part() {
    let page = page_of(&sample());
    for part in [
        "<h2>Accuracy</h2>",
        "By template",
        "What is known, and for how long",
        "<h2>Differences on the same questions</h2>",
        "<h2>Sweeps</h2>",
        "<h2>Calibration</h2>",
        "<h2>What is taken for what</h2>",
        "<h2>Who reads</h2>",
        "by heart",
        "fill=\"rgb(221 30 30)\"",
        "simcore-3",
        "What was seen, and what was imagined",
        "<h2>Example episodes</h2>",
        "class=\"map\"",
        "href=\"./film.mp4\"",
        "data:image/png;base64,iVBOR",
        "<strong>loss/simcore</strong>",
        "Protocol",
        "Settings of <strong>lstm-1</strong>",
        "5e1f0c9ab3d2",
        "host.libtorch",
    ] {
        assert!(page.contains(part), "no {part:?}");
    }
}

#[test]
fn the_same_input_gives_the_same_page() {
    assert_eq!(page_of(&sample()), page_of(&sample()));
}

#[test]
fn hostile_texts_are_only_text() {
    let hostile = "<script>alert(1)</script>\"'&";
    let mut report = sample();
    report.title = hostile.into();
    report.probed.agents[4].name = hostile.into();
    report.probed.agents[5].variant = hostile.into();
    report.probed.agents[6].decoder = hostile.into();
    report.probed.answers[0] = hostile.into();
    report.probed.templates[0].name = hostile.into();
    report.probed.templates[0].wording = hostile.into();
    report.probed.protocol.split = hostile.into();
    report.runs[0].name = hostile.into();
    report.runs[0].config_toml = hostile.into();
    report.runs[0].manifest = serde_json::json!({ hostile: hostile });
    report.runs[0].metrics.records[0].values.insert(hostile.into(), 1.0);
    report.sweeps[0].name = hostile.into();
    report.sweeps[1].key = hostile.into();
    report.sweeps[2].values[0].label = hostile.into();
    report.frames[0].caption = hostile.into();
    report.frames[0].run = hostile.into();
    let example = &mut report.examples[0];
    example.title = hostile.into();
    example.map.objects[0].text = hostile.into();
    example.map.paths[0].agents[0] = hostile.into();
    example.questions[0].template = hostile.into();
    example.questions[0].text = hostile.into();
    example.questions[0].truth = hostile.into();
    example.questions[0].answers[0].agent = hostile.into();
    example.questions[0].answers[0].answer = hostile.into();
    report.swatches[0].word = hostile.into();
    report.film = Some("javascript:alert(1) \"film\".mp4".into());
    let page = page_of(&report);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;"));
    assert!(page.contains("href=\"./javascript%3Aalert%281%29%20%22film%22.mp4\""));
}

#[test]
fn a_page_of_nothing_is_readable() {
    let report = Report {
        title: "Empty".into(),
        runs: vec![],
        probed: ProbeFile::new(vec![], vec![], ProbeProtocol::default(), vec![]),
        sweeps: vec![],
        frames: vec![],
        examples: vec![],
        swatches: vec![],
        film: None,
    };
    let page = page_of(&report);
    assert!(page.contains("No questions were answered"));
    assert!(!page.contains("<svg") && !page.contains("<h2>Runs</h2>"));
}

#[test]
fn agents_without_questions_and_runs_without_logs_are_readable() {
    let mut report = sample();
    report.runs.truncate(1);
    report.runs[0].metrics = Metrics::default();
    report.examples.clear();
    report.sweeps.clear();
    for agent in &mut report.probed.agents {
        agent.outcomes.clear();
        agent.timeline.clear();
        agent.curve.clear();
    }
    let page = page_of(&report);
    assert!(page.contains("nothing to compare") && !page.contains("<svg"));
}

#[test]
fn one_agent_and_one_template_make_a_page_that_names_the_missing_controls() {
    let mut report = sample();
    report.probed.agents.drain(..4);
    report.probed.templates.truncate(1);
    report.probed.agents[0].outcomes.retain(|outcome| outcome.template == 0 && outcome.episode == 0);
    let page = page_of(&report);
    assert!(page.contains("The question-only control is missing"));
    assert!(page.contains("The untrained control is missing"));
    assert!(page.contains("one template"));
}

#[test]
fn fifteen_runs_make_a_page_of_a_few_megabytes() {
    let mut report = sample();
    let records = 600;
    report.runs = (0..15).map(|index| data::run(&format!("run-{index}"), records)).collect();
    for (index, run) in report.runs.iter_mut().enumerate() {
        for (place, record) in run.metrics.records.iter_mut().enumerate() {
            let noise = |metric: usize| ((place * 37 + metric * 11 + index * 5) % 101) as f64;
            record.values.extend((0..50).map(|metric| (format!("more/metric-{metric}"), noise(metric))));
        }
    }
    let page = page_of(&report);
    assert!(page.contains("more/metric-49"));
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
}

#[test]
fn strange_examples_are_drawn() {
    let mut report = sample();
    report.examples[0].questions.clear();
    report.examples[0].map.paths[0].points.clear();
    report.examples[0].map.objects[0].place = [f64::MAX, -1.0];
    let second = &mut report.examples[1];
    second.num_steps = 0;
    second.map.paths.clear();
    second.questions[0].answers.clear();
    second.questions[1].answers[0].course.clear();
    second.questions[1].answers[1].course = vec![(u32::MAX, 7.0)];
    assert!(page_of(&report).contains("<h2>Example episodes</h2>"));
}

#[test]
fn strange_logs_are_drawn() {
    let mut report = sample();
    let series: [(&str, &[f64]); 5] = [
        ("loss/one", &[1.0]),
        ("loss/constant", &[2.0; 9]),
        ("loss/huge", &[-1e308, 1e308, 0.0]),
        ("loss/tiny", &[1e-300, 1e-308, 1e300]),
        ("loss/zero", &[0.0, 0.0]),
    ];
    for (name, values) in series {
        report.runs[0].metrics.records = (values.iter().enumerate())
            .map(|(index, &value)| MetricsRecord {
                update: index as u64,
                frames: 0,
                seconds: 0.0,
                values: [(name.to_owned(), value)].into(),
            })
            .collect();
        assert!(page_of(&report).contains(&format!("<strong>{name}</strong>")));
    }
}

#[test]
fn nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("report.html");
    let write = |path: &Path, overwrite| sample().write(path, overwrite);
    std::fs::write(folder.path().join("report.json"), "mine").expect("a file");
    let error = write(&page, Overwrite::No).expect_err("report.json is there");
    assert!(matches!(&error, ReportError::AlreadyThere { path } if path.ends_with("report.json")), "{error}");
    assert!(!page.exists());
    write(&page, Overwrite::Yes).expect("told to overwrite");
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 3);
    let error = write(&folder.path().join("none/report.html"), Overwrite::No).expect_err("no such folder");
    assert!(matches!(error, ReportError::Unwritable { .. }), "{error}");
    let error = write(&folder.path().join("report.json"), Overwrite::Yes).expect_err("the page would be its figures");
    assert!(matches!(error, ReportError::NotAPage { .. }), "{error}");
}

#[test]
fn what_cannot_be_shown_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("report.html");
    for png in [vec![], b"\xff\xd8\xff".to_vec(), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0".to_vec()] {
        let mut report = sample();
        report.frames.push(Figure { png, caption: "cut".into(), run: "lstm".into() });
        assert!(matches!(report.write(&page, Overwrite::No), Err(ReportError::NotAPng { .. })));
    }
    let mut report = sample();
    report.examples[1].map.png = b"GIF89a".to_vec();
    assert!(matches!(report.write(&page, Overwrite::No), Err(ReportError::MapNotAPng { .. })));
    for film in ["", "/film.mp4"] {
        let report = Report { film: Some(film.into()), ..sample() };
        assert!(matches!(report.write(&page, Overwrite::No), Err(ReportError::FilmNotRelative { .. })));
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}
