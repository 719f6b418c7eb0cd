//! The printed table and the figures as JSON, on data small enough to check by hand.

use groundling_report::{
    AccuracyTable, Metrics, Outcome, Overwrite, ProbeFile, ProbeProtocol, ProbedAgent, Report, RunSummary,
    TemplateEntry,
};

mod small_measurement;

use small_measurement::{probed, variants};

#[test]
fn table_as_plain_text() {
    insta::assert_snapshot!(AccuracyTable::of(&probed()).to_text());
}

#[test]
fn seeds_of_a_variant_share_a_row() {
    let table = AccuracyTable::of(&variants());
    insta::assert_snapshot!(table.to_text());
    let with_seeds = table.to_text_with_seeds();
    let line = |name: &str| with_seeds.lines().find(|line| line.starts_with(name)).expect("a line").to_owned();
    assert!(line("  simcore-2").contains("80.0 ["), "{with_seeds}");
    assert!(!with_seeds.contains("  untrained"), "a single seed is its row\n{with_seeds}");
    insta::assert_snapshot!(table.to_markdown());
}

#[test]
fn answers_with_too_few_questions_at_long_gaps_do_not_count() {
    let mut file = variants();
    // Of `exist` the untrained agent was asked but 9 questions at long gaps whose answer is `blue`.
    let mut num = 0;
    for outcome in file.agents[1].outcomes.iter_mut().filter(|outcome| outcome.template == 1 && outcome.answer == 1) {
        num += u64::from(outcome.steps_since_seen >= Some(13));
        outcome.steps_since_seen = outcome.steps_since_seen.filter(|_| num <= 9);
    }
    let table = AccuracyTable::of(&file);
    assert_eq!(table.long_gaps.answers, [vec!["red", "blue"], vec![]]);
    assert_eq!(table.long_gaps.chance, Some(0.5));
    let color_only = table.row("simcore").and_then(|row| row.scores.long_gaps).expect("a figure");
    assert_eq!(color_only.num_questions, 47);
    assert!(
        table.to_text().contains("; balanced accuracy (every right answer")
            && table.to_text().contains(", mean over color\n"),
        "{}",
        table.to_text()
    );
    file.protocol.long_gap = 50;
    let table = AccuracyTable::of(&file);
    assert!(table.rows.iter().all(|row| row.scores.long_gaps.is_none()));
    assert!(table.to_text().contains("too few answers have 10 questions"), "{}", table.to_text());
}

#[test]
fn accuracy_at_long_gaps_and_of_what_was_seen_is_balanced_by_answer() {
    let mut file = variants();
    // `blue` is asked half as often at long gaps, and hardly ever of what was seen.
    for outcome in file.agents.iter_mut().flat_map(|agent| &mut agent.outcomes).filter(|outcome| outcome.answer == 1) {
        outcome.seen = outcome.episode % 6 == 1;
        outcome.steps_since_seen = outcome.steps_since_seen.filter(|_| outcome.episode % 4 == 1);
    }
    // Whoever answers `red` always.
    file.agents[0].outcomes.iter_mut().for_each(|outcome| outcome.predicted = 0);
    let value = |table: &AccuracyTable,
                 column: fn(&groundling_report::Scores) -> Option<groundling_report::Estimate>| {
        table.row("question-only").and_then(|row| column(&row.scores)).map(|found| found.value)
    };
    let table = AccuracyTable::of(&file);
    assert_eq!(value(&table, |scores| scores.long_gaps), Some(0.5));
    assert_eq!(value(&table, |scores| scores.mean), Some(0.5), "30 of 60 answers are `red`");
    let seen = AccuracyTable::of_seen(&file);
    assert!(seen.is_balanced && !table.is_balanced);
    assert_eq!([value(&seen, |scores| scores.mean), value(&seen, |scores| scores.templates[0])], [Some(0.5); 2]);
    assert_eq!((seen.columns[0].chance, seen.columns[0].max_questions), (0.5, 40));
    let difference = seen.difference("simcore", "lstm").expect("a difference");
    let of = |name: &str| seen.row(name).and_then(|row| row.scores.mean).expect("a mean").value;
    let gain = difference.scores.mean.expect("a difference").value;
    assert!((gain - (of("simcore") - of("lstm"))).abs() < 1e-12);
    // McNemar's test counts every question the same.
    let tests = &table.difference("simcore", "lstm").expect("a difference").seeds[0].tests;
    let has_mcnemar = |test: Option<groundling_report::PairedTest>| test.expect("a test").mcnemar.is_some();
    assert_eq!([has_mcnemar(tests.mean), has_mcnemar(tests.long_gaps)], [true, false]);
}

#[test]
fn comparisons_of_variants_have_their_pairs_of_seeds() {
    let table = AccuracyTable::of(&variants());
    let seeds = |name: &str, baseline: &str| -> Vec<String> {
        let found = table.difference(name, baseline).expect("a difference");
        found.seeds.iter().map(|pair| format!("{} {}", pair.name, pair.baseline)).collect()
    };
    assert_eq!(seeds("simcore", "lstm"), ["simcore-1 lstm-1", "simcore-2 lstm-2", "simcore-3 lstm-3"]);
    assert_eq!(seeds("lstm", "untrained"), ["lstm-1 untrained", "lstm-2 untrained", "lstm-3 untrained"]);
    assert_eq!(seeds("untrained", "question-only"), [""; 0]);
    let difference = table.difference("simcore", "lstm").expect("a difference");
    assert!(difference.tests.mean.is_some_and(|test| test.mcnemar.is_none()));
    let pair = difference.seeds[0].tests.mean.expect("a test");
    let counts = pair.mcnemar.map(|mcnemar| (mcnemar.only_first, mcnemar.only_second));
    assert_eq!((counts, pair.p_holm), (Some((48, 0)), None));
    // What Holm's correction makes of the p-values of one column.
    let of_means = || table.differences.iter().filter_map(|line| line.tests.mean);
    assert!(of_means().all(|test| test.p_holm.is_some_and(|corrected| corrected >= test.p_value)));
    let smallest = of_means().min_by(|a, b| a.p_value.total_cmp(&b.p_value)).expect("tests");
    assert_eq!(smallest.p_holm, Some((smallest.p_value * of_means().count() as f64).min(1.0)));
}

#[test]
fn rows_are_compared_with_those_of_the_same_decoder() {
    let file = variants();
    let alone = AccuracyTable::of(&file);
    let mut both = file.clone();
    both.agents.extend(file.agents.iter().filter(|agent| agent.name != "question-only").map(|agent| {
        let (name, variant) = (format!("{} [mlp]", agent.name), format!("{} [mlp]", agent.variant));
        ProbedAgent { name, variant, decoder: "mlp".into(), ..agent.clone() }
    }));
    let table = AccuracyTable::of(&both);
    let of_lstm: Vec<_> = table.differences.iter().filter(|line| line.decoder == "lstm").cloned().collect();
    assert_eq!(of_lstm, alone.differences, "another decoder changed what this one shows");
    assert!(table.difference("simcore [mlp]", "untrained [mlp]").is_some());
    assert!(table.difference("simcore [mlp]", "untrained").is_none());
    assert!(table.difference("simcore [mlp]", "simcore").is_none());
    assert!(table.to_text().contains("corrected for those of a column and a decoder"));
}

#[test]
fn table_as_markdown() {
    insta::assert_snapshot!(AccuracyTable::of_seen(&variants()).to_markdown());
}

#[test]
fn figures_as_json() {
    let metrics = b"{\"update\":1,\"frames\":100,\"seconds\":2,\"loss/policy\":0.5}\n\
                    {\"update\":2,\"frames\":200,\"seconds\":4,\"loss/policy\":0.25}\nbroken\n";
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("metrics.jsonl"), metrics).expect("a log");
    let mut few = variants();
    few.agents.retain(|agent| ["question-only", "simcore-1"].contains(&agent.name.as_str()));
    let report = Report {
        title: "Small".into(),
        runs: vec![RunSummary {
            name: "simcore".into(),
            config_toml: "seed = 1\n".into(),
            manifest: serde_json::json!({ "seed": 1 }),
            metrics: Metrics::read(&folder.path().join("metrics.jsonl")).expect("a log that can be read"),
        }],
        probed: few,
        sweeps: vec![],
        frames: vec![],
        examples: vec![],
        swatches: vec![],
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
        let heads = text.lines().filter(|line| line.starts_with("  ")).flat_map(str::split_whitespace);
        let heads = heads.filter(|&word| word == head).count();
        let expected = if head == "mean" { 2 } else { 1 };
        assert_eq!(heads, expected, "{head} should head a column\n{text}");
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
