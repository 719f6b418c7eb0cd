//! Probe files small enough to check by hand.

use groundling_report::{Outcome, ProbeFile, ProbeProtocol, ProbedAgent, ProbedKind, Selectivity, TemplateEntry};

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

pub(crate) fn probed() -> ProbeFile {
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

/// Sixty episodes with a question of each of two templates; the evidence was last in view as many steps before as the
/// episode's number says. Two controls of one seed, and two variants of three.
pub(crate) fn variants() -> ProbeFile {
    let outcome = |episode: u64, template: u16, share: u64| Outcome {
        template,
        episode,
        question: template.into(),
        step: 60,
        answer: (episode % 2) as u16,
        predicted: ((episode + u64::from(episode * 7 % 10 >= share)) % 2) as u16,
        probability: 0.5,
        confidence: 0.75,
        seen: true,
        steps_since_seen: Some(episode as u32),
        most_pixels: episode as u32,
        ..Outcome::default()
    };
    // Of each ten questions an agent knows so many.
    let agent = |name: &str, variant: &str, seed, kind, share: u64| ProbedAgent {
        variant: variant.into(),
        seed,
        decoder: "lstm".into(),
        outcomes: (0..60).flat_map(|episode| [outcome(episode, 0, share), outcome(episode, 1, share)]).collect(),
        selectivity: (kind == ProbedKind::Trained)
            .then_some(Selectivity { control_accuracy: 0.25, memorised_accuracy: 0.5 }),
        ..ProbedAgent::new(name, kind)
    };
    let mut file = probed();
    file.templates.truncate(2);
    file.protocol.long_gap = 13;
    file.agents = vec![
        agent("question-only", "question-only", 0, ProbedKind::QuestionOnly, 2),
        agent("untrained", "untrained", 0, ProbedKind::Untrained, 3),
    ];
    for (variant, shares) in [("lstm", [3, 4, 3]), ("simcore", [7, 8, 9])] {
        for (seed, share) in (1..).zip(shares) {
            file.agents.push(agent(&format!("{variant}-{seed}"), variant, seed, ProbedKind::Trained, share));
        }
    }
    file
}
