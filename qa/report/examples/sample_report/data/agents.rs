//! Made-up agents and controls, and what they answer.

use groundling_report::{CurvePoint, Outcome, ProbedAgent, ProbedKind, Selectivity, TemplateEntry};

use super::questions::{AskedQuestion, EPISODE_STEPS, uniforms};
use super::vocabulary::NUM_TEMPLATES;

/// Steps between two answers of a timeline.
pub(super) const TIMELINE_EVERY: u32 = 12;

/// Decoders, and what each reads of what there is to read, as a share of what the first does.
const DECODERS: [(&str, f64); 4] = [("lstm", 1.0), ("mlp", 0.95), ("linear", 0.7), ("attention", 1.15)];

/// What a made-up agent is like.
struct Character {
    variant: &'static str,
    kind: ProbedKind,
    num_seeds: u64,
    /// What is added to chance at best, as a share of what is missing, in each template.
    gain: [f64; NUM_TEMPLATES],
    /// Steps out of view until half of what was seen is forgotten.
    half_life: f64,
}

const FLOOR: [f64; NUM_TEMPLATES] = [0.0, 0.01, 0.05, 0.04, 0.02, 0.03, 0.02, 0.0, 0.01];

const CHARACTERS: [Character; 11] = [
    character("majority", ProbedKind::Majority, 1, [0.0; NUM_TEMPLATES], 1e9),
    character("question-only", ProbedKind::QuestionOnly, 1, FLOOR, 1e9),
    character("untrained", ProbedKind::Untrained, 1, [0.40, 0.2, 0.2, 0.3, 0.2, 0.2, 0.2, 0.25, 0.15], 7.0),
    character("simcore-1 (other episode)", ProbedKind::OtherEpisode, 1, FLOOR, 1e9),
    character("simcore-1 (last frame)", ProbedKind::LastFrame, 1, [0.6, 0.5, 0.2, 0.3, 0.3, 0.2, 0.2, 0.3, 0.3], 1.5),
    character("overshoot-0", ProbedKind::Overshoot0, 3, [0.55, 0.4, 0.4, 0.5, 0.4, 0.3, 0.3, 0.4, 0.3], 24.0),
    character("lstm", ProbedKind::Trained, 3, [0.1, 0.1, 0.15, 0.15, 0.2, 0.15, 0.1, 0.1, 0.05], 14.0),
    character("cpc_a", ProbedKind::Trained, 3, [0.2, 0.1, 0.2, 0.25, 0.2, 0.2, 0.15, 0.15, 0.1], 16.0),
    character("simcore", ProbedKind::Trained, 3, [0.75, 0.55, 0.5, 0.65, 0.5, 0.45, 0.4, 0.55, 0.45], 70.0),
    character("oracle", ProbedKind::Oracle, 3, [0.9, 0.8, 0.8, 0.85, 0.8, 0.75, 0.7, 0.8, 0.75], 150.0),
    character("facts", ProbedKind::Facts, 1, [0.995, 0.99, 0.98, 0.99, 0.99, 0.98, 0.97, 0.96, 0.93], 1e9),
];

const fn character(
    variant: &'static str,
    kind: ProbedKind,
    num_seeds: u64,
    gain: [f64; NUM_TEMPLATES],
    half_life: f64,
) -> Character {
    Character { variant, kind, num_seeds, gain, half_life }
}

/// All rows of the probe file.
pub(super) fn agents(asked: &[AskedQuestion], templates: &[TemplateEntry]) -> Vec<ProbedAgent> {
    let of = |character: &Character| -> Vec<ProbedAgent> {
        let decoders = if character.variant == "simcore" { &DECODERS[..] } else { &DECODERS[..1] };
        let seeds = 1..=character.num_seeds;
        let rows = decoders.iter().flat_map(|decoder| seeds.clone().map(move |seed| (decoder, seed)));
        rows.map(|(decoder, seed)| agent(character, decoder, seed, asked, templates)).collect()
    };
    CHARACTERS.iter().flat_map(of).collect()
}

/// Question-only, the untrained agent, and two seeds of an agent that reads `share` of what there is to read.
pub(super) fn tried(share: f64, asked: &[AskedQuestion], templates: &[TemplateEntry]) -> Vec<ProbedAgent> {
    let of = |variant: &str, strength: f64, seed| {
        let character = CHARACTERS.iter().find(|character| character.variant == variant)?;
        Some(agent(character, &(DECODERS[0].0, strength), seed, asked, templates))
    };
    let rows = [of("question-only", 1.0, 0), of("untrained", 1.0, 0), of("simcore", share, 1), of("simcore", share, 2)];
    rows.into_iter().flatten().collect()
}

fn agent(
    character: &Character,
    &(decoder, strength): &(&str, f64),
    seed: u64,
    asked: &[AskedQuestion],
    templates: &[TemplateEntry],
) -> ProbedAgent {
    let is_run = character.num_seeds > 1;
    let is_main = decoder == DECODERS[0].0;
    let mut name = if is_run { format!("{}-{seed}", character.variant) } else { character.variant.to_owned() };
    if !is_main {
        name.push_str(&format!(" ({decoder})"));
    }
    let mut uniform = uniforms("sample/seed", &[seed, character.half_life as u64]);
    let talent = strength * if is_run { 0.9 + 0.2 * uniform() } else { 1.0 };
    let answer = |question: &AskedQuestion, step| outcome(character, talent, question, step, templates);
    // A test episode of five is asked all the way.
    let watched = asked.iter().filter(|question| is_main && question.episode % 5 == 0);
    let steps = || (0..=EPISODE_STEPS / TIMELINE_EVERY).map(|index| index * TIMELINE_EVERY);
    let level = character.gain.iter().sum::<f64>() / NUM_TEMPLATES as f64 * talent;
    let has_probe = character.kind != ProbedKind::Majority;
    ProbedAgent {
        variant: character.variant.into(),
        seed: if is_run { seed } else { 0 },
        decoder: if has_probe { decoder.into() } else { String::new() },
        frames_trained: if is_run { 2_400_000 } else { 0 },
        outcomes: asked.iter().map(|question| answer(question, EPISODE_STEPS)).collect(),
        timeline: watched.flat_map(|question| steps().map(move |step| answer(question, step))).collect(),
        curve: if has_probe && character.kind != ProbedKind::OtherEpisode { validation(level) } else { vec![] },
        selectivity: has_probe.then_some(Selectivity {
            control_accuracy: 0.2 + 0.1 * strength,
            memorised_accuracy: 0.3 * strength + 0.05 * level,
        }),
        ..ProbedAgent::new(&name, character.kind)
    }
}

fn outcome(
    character: &Character,
    talent: f64,
    question: &AskedQuestion,
    step: u32,
    templates: &[TemplateEntry],
) -> Outcome {
    let template = &templates[usize::from(question.template)];
    let seen = question.seen_until(step);
    let kept = match character.kind {
        ProbedKind::Facts | ProbedKind::Majority | ProbedKind::QuestionOnly | ProbedKind::OtherEpisode => 1.0,
        _ => seen.steps_since_seen.map_or(0.0, |age| {
            let is_large_enough = f64::from(seen.most_pixels) / (f64::from(seen.most_pixels) + 60.0);
            0.5f64.powf(f64::from(age) / character.half_life) * is_large_enough
        }),
    };
    let known =
        (character.gain[usize::from(question.template)] * kept * talent * (1.0 + 0.5 * question.ease)).min(0.99);
    let is_right = template.chance + (1.0 - template.chance) * known;
    let indices = [question.episode, question.question.into(), step.into(), (1e6 * talent) as u64];
    let mut uniform = uniforms(character.variant, &indices);
    // Half of the luck is the question's own.
    let luck = if uniform() < 0.5 { question.luck } else { uniform() };
    let predicted =
        if luck < is_right { question.answer } else { mistaken(question.answer, &template.answers, uniform()) };
    // A probe is a little too sure of itself.
    let confidence = (is_right.powf(0.75) * (0.8 + 0.4 * uniform())).clamp(template.chance, 0.995);
    let left = (1.0 - confidence) * uniform();
    Outcome {
        template: question.template,
        episode: question.episode,
        question: question.question,
        step,
        answer: question.answer,
        predicted,
        probability: if predicted == question.answer { confidence as f32 } else { left.min(confidence) as f32 },
        confidence: confidence as f32,
        seen: seen.seen,
        in_view: seen.in_view,
        steps_since_seen: seen.steps_since_seen,
        most_pixels: seen.most_pixels,
    }
}

/// A wrong answer, more often one that lies near the right one in the list.
fn mistaken(answer: u16, answers: &[u16], uniform: f64) -> u16 {
    let num = answers.len();
    let place = answers.iter().position(|&other| other == answer).unwrap_or(0);
    let away = 1 + (uniform.powi(3) * (num - 1) as f64) as usize;
    answers[(place + away.min(num - 1)) % num]
}

fn validation(level: f64) -> Vec<CurvePoint> {
    let points = (1..=30u32).map(|index| CurvePoint {
        updates: u64::from(index) * 200,
        accuracy: 0.23 + level * (1.0 - (-f64::from(index) / 8.0).exp()) * 0.6,
    });
    points.collect()
}
