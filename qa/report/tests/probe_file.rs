//! `probe.json` comes back as it was written, and every way it can be wrong is told apart, with path and remedy.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use groundling_report::{
    CurvePoint, Outcome, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, Selectivity, TemplateEntry,
};

fn sample() -> ProbeFile {
    let outcome = |episode, correct, steps_since_seen: Option<u32>| Outcome {
        template: 0,
        episode,
        question: 2,
        step: 48,
        answer: 1,
        predicted: u16::from(correct),
        probability: 0.25,
        confidence: 0.5,
        seen: steps_since_seen.is_some(),
        in_view: false,
        steps_since_seen,
        most_pixels: 12,
    };
    let agent = ProbedAgent {
        frames_trained: 2_400_000,
        outcomes: vec![outcome(0, true, Some(3)), outcome(u64::MAX, false, None)],
        timeline: vec![outcome(0, true, Some(3)), Outcome { step: 6, ..outcome(0, false, None) }],
        curve: vec![CurvePoint { updates: 100, accuracy: 0.25 }],
        selectivity: Some(Selectivity { control_accuracy: 0.5, memorised_accuracy: 0.75 }),
        ..ProbedAgent::new("simcore", ProbedKind::Trained)
    };
    let template = TemplateEntry {
        name: "color".into(),
        wording: "What is the color of the <shape>?".into(),
        chance: 0.5,
        answers: vec![0, 1],
    };
    ProbeFile::new(vec![template], vec!["red".into(), "blue".into()], ProbeProtocol::default(), vec![agent])
}

fn error_of(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("probe.json");
    std::fs::write(&path, text).unwrap();
    let message = ProbeFile::read(&path).unwrap_err().to_string();
    assert!(message.contains("probe.json"), "no path: {message}");
    assert!(!message.contains('\n'), "more than a line: {message}");
    message
}

#[test]
fn comes_back_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("probe.json");
    sample().write(&path).unwrap();
    assert_eq!(ProbeFile::read(&path).unwrap(), sample());
    sample().write(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a part file was left beside it");
}

#[test]
fn what_several_were_asked_is_stored_once() {
    let mut file = sample();
    let outcomes = file.agents[0].outcomes.clone();
    file.agents.push(ProbedAgent { outcomes, ..ProbedAgent::new("lstm", ProbedKind::Trained) });
    file.agents[1].outcomes[0].predicted = 0;
    let stored: serde_json::Value = serde_json::to_value(&file).unwrap();
    // The questions of outcomes, of the timeline, and none.
    assert_eq!(stored["questions"].as_array().unwrap().len(), 3);
    assert_eq!(stored["agents"][0]["outcomes"]["questions"], stored["agents"][1]["outcomes"]["questions"]);
    assert_eq!(stored["agents"][1]["outcomes"]["probability"], serde_json::json!([2500, 2500]));
    assert_eq!(serde_json::from_value::<ProbeFile>(stored).unwrap(), file);
}

#[test]
fn version_2_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("probe.json");
    let columns = |step: u32| {
        format!(
            r#"{{"template":[0,0],"episode":[0,18446744073709551615],"question":[2,2],"step":[48,{step}],"answer":[1,1],
            "predicted":[1,0],"probability":[0.25,0.3333],"confidence":[0.5,1.0],"seen":"10","in_view":"00",
            "steps_since_seen":[3,null],"most_pixels":[12,12]}}"#
        )
    };
    let protocol = serde_json::to_string(&ProbeProtocol::default()).unwrap();
    let text = format!(
        r#"{{"format":"groundling-probe","version":2,"templates":[{{"name":"color","wording":"","chance":0.5,"answers":[0,1]}}],
        "answers":["red","blue"],"protocol":{protocol},"agents":[{{"name":"simcore","variant":"simcore","seed":3,"decoder":"lstm",
        "kind":"trained","frames_trained":7,"num_dropped":1,"outcomes":{},"timeline":{},"curve":[],"selectivity":null}}]}}"#,
        columns(48),
        columns(6)
    );
    std::fs::write(&path, &text).unwrap();
    let file = ProbeFile::read(&path).unwrap();
    assert_eq!((file.version, file.agents[0].seed, file.agents[0].num_dropped), (3, 3, 1));
    let expected = Outcome {
        episode: u64::MAX,
        question: 2,
        step: 48,
        answer: 1,
        probability: 0.3333,
        confidence: 1.0,
        most_pixels: 12,
        ..Outcome::default()
    };
    assert_eq!(file.agents[0].outcomes[1], expected);
    assert_eq!(file.agents[0].timeline[1], Outcome { step: 6, ..expected });
    assert_eq!(file.agents[0].outcomes[0].steps_since_seen, Some(3));
    // As it is written now it is the same.
    file.write(&path).unwrap();
    assert_eq!(ProbeFile::read(&path).unwrap(), file);
    assert!(error_of(&text.replace("\"seen\":\"10\"", "\"seen\":\"1x\"")).contains("neither 0 nor 1"));
    assert!(error_of(&text.replace("\"predicted\":[1,0],", "")).contains("missing field `predicted`"));
}

#[test]
fn each_way_to_be_wrong_has_its_message() {
    let text = serde_json::to_string(&sample()).unwrap();
    assert!(error_of(&text[..text.len() / 2]).contains("cut short; run `groundling probe` again"));
    assert!(error_of("").contains("cut short"));
    assert!(error_of("PNG").contains("not JSON"));
    assert!(error_of("{}").contains("not a probe file"));
    assert!(error_of("[1]").contains("not a probe file"));
    let other = text.replace("\"version\":3", "\"version\":7");
    assert!(error_of(&other).contains("version 7, this program reads versions 2 and 3"));
    assert!(error_of(&text.replace("\"version\":3,", "")).contains("missing field `version`"));
    assert!(error_of(&text.replace("\"asked_step\":0,", "")).contains("missing field `asked_step`"));
    assert!(error_of(&text.replace("\"seen\":\"10\"", "\"seen\":\"1x\"")).contains("neither 0 nor 1"));
    assert!(error_of(&text.replace("\"seen\":\"10\"", "\"seen\":\"1\"")).contains("differ in length"));
    assert!(error_of(&text.replace("\"predicted\":[1,0]", "\"predicted\":[1]")).contains("from their 2 questions"));
    assert!(error_of(&text.replace("\"questions\":1", "\"questions\":9")).contains("questions 9 are answered"));
    assert!(error_of(&text.replace("\"template\":[0,0]", "\"template\":[0,9]")).contains("answers template 9 of 1"));
    assert!(error_of(&text.replace("\"probability\":[2500", "\"probability\":[20000")).contains("with no probability"));
}

#[test]
fn a_missing_file_says_what_writes_it() {
    let message = ProbeFile::read(std::path::Path::new("/nowhere/probe.json")).unwrap_err().to_string();
    assert!(message.starts_with("/nowhere/probe.json: cannot be read"), "{message}");
    assert!(message.contains("`groundling probe` writes it"), "{message}");
}

#[test]
fn contradictions_are_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("probe.json");
    let mut file = sample();
    file.agents.push(file.agents[0].clone());
    assert!(file.write(&path).unwrap_err().to_string().contains("two agents are called \"simcore\""));
    let mut file = sample();
    file.agents.push(ProbedAgent { name: "again".into(), ..file.agents[0].clone() });
    assert!(file.write(&path).unwrap_err().to_string().contains("are both seed 0 of variant \"simcore\""));
    let mut file = sample();
    let first = file.agents[0].outcomes[0];
    file.agents[0].outcomes.push(first);
    assert!(file.write(&path).unwrap_err().to_string().contains("answers question 2 of episode 0 twice"));
    let mut file = sample();
    file.agents[0].timeline[1].step = 48;
    assert!(file.write(&path).unwrap_err().to_string().contains("of episode 0 twice at step 48"));
    let mut file = sample();
    file.agents[0].outcomes[1].predicted = 2;
    assert!(file.write(&path).unwrap_err().to_string().contains("has an answer beyond the 2"));
    let mut file = sample();
    file.agents[0].outcomes[1].confidence = f32::NAN;
    assert!(file.write(&path).unwrap_err().to_string().contains("with no probability"));
    for name in ["", "two\nlines", "\u{1b}[31mred"] {
        let mut file = sample();
        file.agents[0].name = name.into();
        assert!(file.write(&path).unwrap_err().to_string().contains("empty or holds a control character"));
    }
    let mut file = sample();
    file.agents[0].curve[0].accuracy = f64::NAN;
    assert!(file.write(&path).unwrap_err().to_string().contains("not a number"));
    assert!(!path.exists());
}
