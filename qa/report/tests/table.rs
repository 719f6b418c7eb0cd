//! The printed table and the figures as JSON, on data small enough to check by hand.

use groundling_report::{
    AccuracyTable, Metrics, Outcome, Overwrite, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, Report, RunSummary,
    TemplateEntry,
};

/// Eight episodes with a question of each template; an agent knows the first so many of each.
fn agent(name: &str, kind: ProbedKind, num_right: [u64; 2]) -> ProbedAgent {
    let outcome = |episode: u64, template: u16| Outcome {
        template,
        episode,
        question: template.into(),
        predicted: u16::from(episode >= num_right[usize::from(template)]),
        seen: episode != 7,
        steps_since_seen: (episode != 7).then_some(episode as u32),
        ..Outcome::default()
    };
    ProbedAgent {
        frames_trained: 1_000 * num_right[0],
        outcomes: (0..8).flat_map(|episode| [outcome(episode, 0), outcome(episode, 1)]).collect(),
        ..ProbedAgent::new(name, kind)
    }
}

fn probed() -> ProbeFile {
    let template = |name: &str, wording: &str, chance| TemplateEntry {
        name: name.into(),
        wording: wording.into(),
        chance,
        answers: vec![0, 1],
    };
    let templates = vec![
        template("color", "What is the color of the <shape>?", 0.125),
        template("exist", "Is there a <shape>?", 0.5),
        template("near_color", "What is the color of the <shape> near the <shape>?", 0.125),
    ];
    let agents = vec![
        agent("question-only", ProbedKind::QuestionOnly, [1, 4]),
        agent("untrained", ProbedKind::Untrained, [2, 4]),
        agent("lstm", ProbedKind::Trained, [2, 5]),
        agent("simcore", ProbedKind::Trained, [7, 8]),
    ];
    let protocol = ProbeProtocol { split: "random rooms".into(), num_test_episodes: 8, ..ProbeProtocol::default() };
    ProbeFile::new(templates, vec!["red".into(), "blue".into()], protocol, agents)
}

#[test]
fn table_as_plain_text() {
    insta::assert_snapshot!(AccuracyTable::of(&probed()).to_text());
}

#[test]
fn table_as_markdown() {
    insta::assert_snapshot!(AccuracyTable::of_seen(&probed()).to_markdown());
}

#[test]
fn figures_as_json() {
    let metrics = b"{\"update\":1,\"frames\":100,\"seconds\":2,\"loss/policy\":0.5}\n\
                    {\"update\":2,\"frames\":200,\"seconds\":4,\"loss/policy\":0.25}\nbroken\n";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("metrics.jsonl"), metrics).expect("a log");
    let report = Report {
        title: "Small".into(),
        runs: vec![RunSummary {
            name: "simcore".into(),
            config_toml: "seed = 1\n".into(),
            manifest: serde_json::json!({ "seed": 1 }),
            metrics: Metrics::read(&folder.path().join("metrics.jsonl")).expect("a log that can be read"),
        }],
        probed: probed(),
        frames: vec![],
        film: None,
    };
    let files = report.write(&folder.path().join("report.html"), Overwrite::No).expect("a report");
    let json = std::fs::read_to_string(files.figures).expect("its figures");
    let figures: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    insta::assert_json_snapshot!(figures);
}

#[test]
fn wide_tables_go_on_below() {
    let mut file = probed();
    for index in 0..7 {
        let name = format!("template_{index}");
        let template = TemplateEntry { name, wording: String::new(), chance: 0.5, answers: vec![0, 1] };
        file.templates.push(template);
        for agent in &mut file.agents {
            let more: Vec<Outcome> = (agent.outcomes.iter().filter(|outcome| outcome.template == 0))
                .map(|outcome| Outcome { template: 3 + index, ..*outcome })
                .collect();
            agent.outcomes.extend(more);
        }
    }
    let text = AccuracyTable::of(&file).to_text();
    assert!(text.lines().all(|line| line.chars().count() <= 132), "{text}");
    for head in file.templates.iter().map(|template| template.name.as_str()).chain(["mean"]) {
        let heads = text.split_whitespace().filter(|&word| word == head).count();
        assert_eq!(heads, 2, "{head} should head a column of accuracies and one of differences\n{text}");
    }
}

#[test]
fn a_table_of_nothing_says_so() {
    let empty = ProbeFile::new(vec![], vec![], ProbeProtocol::default(), vec![]);
    assert_eq!(AccuracyTable::of(&empty).to_text(), "No questions were answered.\n");
    let mut unanswered = probed();
    unanswered.agents.iter_mut().for_each(|agent| agent.outcomes.clear());
    let text = AccuracyTable::of(&unanswered).to_text();
    assert!(text.starts_with("No questions were answered.\n\n") && !text.contains("NaN"), "{text}");
    assert!(
        text.lines().any(|line| line.split_whitespace().eq(["simcore"].into_iter().chain(["\u{2013}"; 5]))),
        "{text}"
    );
}

#[test]
fn markdown_names_cannot_break_out_of_their_cells() {
    let mut file = probed();
    file.agents[3].name = "a|b [x](y) <b>".into();
    let text = AccuracyTable::of(&file).to_markdown();
    assert!(text.contains("| a\\|b \\[x\\](y) \\<b\\> |"), "{text}");
}
