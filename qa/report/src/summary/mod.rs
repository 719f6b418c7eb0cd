//! What the figures say, in a few sentences that claim no more than intervals and tests show.

mod verdict;

use crate::number_format::{accuracy, count, percent};
use crate::outcome::{ProbeFile, ProbedKind};
use crate::statistics::{Estimate, Interval};
use crate::table::{AccuracyTable, TableRow};
use verdict::{Column, Verdict, signed};

/// Names that are listed before the rest is counted.
const MOST_NAMED: usize = 4;

/// A row and its mean accuracy.
type Mean<'a> = (&'a TableRow, Estimate);

/// The summary of a report's figures, a sentence an entry, the most important first.
pub(crate) fn summarise(probed: &ProbeFile, table: &AccuracyTable) -> Vec<String> {
    if table.rows.iter().all(|row| row.scores.mean.is_none()) {
        return vec!["No questions were answered, so there is nothing to compare.".into()];
    }
    let best = best_of(table, ProbedKind::Trained);
    let floor = best_of(table, ProbedKind::QuestionOnly);
    let untrained = best_of(table, ProbedKind::Untrained);
    let mut sentences = vec![match best {
        Some(best) => knows(table, best),
        None => "No trained agent was probed; the table holds controls only.".into(),
    }];
    sentences.push(match floor {
        None => {
            "The question-only control is missing, so nothing here says what can be guessed without seeing the room."
                .into()
        }
        Some(floor) => guessed(table, floor, best),
    });
    match (untrained, best) {
        (None, None) => {}
        (None, Some(_)) => sentences.push(
            "The untrained control is missing, so nothing here says how much of this a random memory holds already."
                .into(),
        ),
        (Some(untrained), best) => sentences.push(reservoir(table, untrained, floor, best)),
    }
    if let Some(best) = best {
        sentences.extend(others(table, best, untrained));
        sentences.push(remembered(table, best, untrained));
    }
    sentences.extend(upper_lines(table, best));
    sentences.extend(missing(probed));
    sentences
}

fn best_of(table: &AccuracyTable, kind: ProbedKind) -> Option<Mean<'_>> {
    let rows = table.rows.iter().filter(|row| row.kind == kind);
    rows.filter_map(|row| Some((row, row.scores.mean?))).max_by(|a, b| a.1.value.total_cmp(&b.1.value))
}

fn knows(table: &AccuracyTable, (row, mean): Mean<'_>) -> String {
    let templates = match row.scores.templates.iter().flatten().count() {
        1 => "one template".to_owned(),
        num => format!("mean over {num} templates"),
    };
    let seeds = if mean.num_seeds > 1 { format!(" and {} seeds", mean.num_seeds) } else { String::new() };
    let episodes = if mean.num_episodes == 1 { "episode" } else { "episodes" };
    let chance = table.mean_chance().map(|chance| format!("; a blind guess would get {}", percent(chance)));
    format!(
        "{} answers {} % of the questions right ({templates}{seeds}, {} questions, {} {episodes} in rooms never trained on{}).",
        sentence_start(&row.name),
        accuracy(&mean),
        count(mean.num_questions),
        count(mean.num_episodes),
        chance.unwrap_or_default()
    )
}

/// What the floor is, how far the best agent lies above it, and which templates words alone give away.
fn guessed(table: &AccuracyTable, floor: Mean<'_>, best: Option<Mean<'_>>) -> String {
    let compared =
        best.map(|best| format!(": {}", Verdict::of(table, best.0, floor.0, Column::Mean).sentence(&best.0.name)));
    let columns = table.columns.iter().zip(&floor.0.scores.templates);
    let mut given_away: Vec<(f64, String)> = columns
        .filter_map(|(column, found)| {
            let Estimate { value, interval, .. } = found.as_ref()?;
            let Interval { low, high } = interval;
            let points = Interval { low: low - column.chance, high: high - column.chance };
            let advantage = Estimate { value: value - column.chance, interval: points, ..(*found)? };
            (points.low > 0.0).then(|| (advantage.value, format!("{} ({})", column.name, signed(&advantage))))
        })
        .collect();
    given_away.sort_by(|a, b| b.0.total_cmp(&a.0));
    let words = match &given_away[..] {
        [] => "in no template can it be told to lie above chance".to_owned(),
        some => {
            format!("points above chance that words alone give: {}", list(some.iter().map(|(_, text)| text.clone())))
        }
    };
    let name = sentence_start(&floor.0.name);
    format!(
        "{name}, which sees no room and is the floor, reaches {} %{}; {words}.",
        accuracy(&floor.1),
        compared.unwrap_or_default()
    )
}

fn reservoir(table: &AccuracyTable, untrained: Mean<'_>, floor: Option<Mean<'_>>, best: Option<Mean<'_>>) -> String {
    let mut text = format!("The untrained agent, whose memory is random, already reaches {} %", accuracy(&untrained.1));
    match floor.map(|floor| Verdict::of(table, untrained.0, floor.0, Column::Mean)) {
        Some(Verdict::Unclear(_)) => text.push_str(", which cannot be told from question-only"),
        Some(Verdict::Below(_)) => text.push_str(", less than question-only"),
        Some(Verdict::Above(_) | Verdict::Unknown) | None => {}
    }
    if let Some(best) = best {
        let verdict = Verdict::of(table, best.0, untrained.0, Column::Mean);
        text.push_str(&format!("; only what lies above that was learnt: {}", verdict.sentence(&best.0.name)));
    }
    text.push('.');
    text
}

/// How the best agent stands to the other trained ones and to those that only reconstruct, and these to the untrained.
fn others(table: &AccuracyTable, best: Mean<'_>, untrained: Option<Mean<'_>>) -> Option<String> {
    let is_other =
        |row: &&TableRow| matches!(row.kind, ProbedKind::Trained | ProbedKind::Overshoot0) && row.name != best.0.name;
    let rows: Vec<&TableRow> = table.rows.iter().filter(is_other).filter(|row| row.scores.mean.is_some()).collect();
    let (mut above, mut unclear, mut below) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        match Verdict::of(table, best.0, row, Column::Mean) {
            Verdict::Above(gain) => above.push(format!("{} by {} points", row.name, accuracy(&gain))),
            Verdict::Below(gain) => {
                below.push(format!("{} by {} points", row.name, accuracy(&verdict::reversed(&gain))))
            }
            Verdict::Unclear(gain) => unclear.push(format!("{} ({})", row.name, signed(&gain))),
            Verdict::Unknown => {}
        }
    }
    let mut parts = Vec::new();
    let mut say = |names: Vec<String>, what: &str| {
        if !names.is_empty() {
            parts.push(format!("{what} {}", list(names.into_iter())));
        }
    };
    say(above, "lies above");
    say(below, "lies below");
    say(unclear, "cannot be told from");
    if let Some(untrained) = untrained {
        let not_above =
            |row: &&&TableRow| !matches!(Verdict::of(table, row, untrained.0, Column::Mean), Verdict::Above(_));
        let names: Vec<String> = rows.iter().filter(not_above).map(|row| row.name.clone()).collect();
        say(names, "of these, not above the untrained agent:");
    }
    (!parts.is_empty()).then(|| format!("{} {}.", sentence_start(&best.0.name), parts.join("; ")))
}

/// What is known of what was last seen long ago, which a random memory has lost.
fn remembered(table: &AccuracyTable, best: Mean<'_>, untrained: Option<Mean<'_>>) -> String {
    let steps = table.long_gaps.steps;
    let Some(kept) = best.0.scores.long_gaps else {
        return format!(
            "There are too few questions whose evidence was last in view {steps} or more steps before to say how much is kept \
             over a long gap."
        );
    };
    let compared = untrained.and_then(|untrained| {
        let verdict = Verdict::of(table, best.0, untrained.0, Column::LongGaps);
        let known = untrained.0.scores.long_gaps?;
        Some(format!(", the untrained agent {} %: {}", accuracy(&known), verdict.sentence(&best.0.name)))
    });
    let chance = table.long_gaps.chance.map(|chance| format!(", chance {}", percent(chance)));
    format!(
        "Where the evidence was last in view {steps} or more steps before (balanced by answer{}), {} answers {} %{}.",
        chance.unwrap_or_default(),
        best.0.name,
        accuracy(&kept),
        compared.unwrap_or_default()
    )
}

/// What could be known at all: the oracle, and a decoder that is told the facts.
fn upper_lines(table: &AccuracyTable, best: Option<Mean<'_>>) -> Option<String> {
    let oracle = best_of(table, ProbedKind::Oracle).map(|oracle| {
        let gap =
            best.map(|best| format!(": {}", Verdict::of(table, best.0, oracle.0, Column::Mean).sentence(&best.0.name)));
        format!(
            "taught by the questions, {} reaches {} %{}",
            oracle.0.name,
            accuracy(&oracle.1),
            gap.unwrap_or_default()
        )
    });
    let facts = best_of(table, ProbedKind::Facts)
        .map(|facts| format!("told the facts of the room, such a decoder answers {} %", accuracy(&facts.1)));
    let lines: Vec<String> = [oracle, facts].into_iter().flatten().collect();
    (!lines.is_empty()).then(|| format!("Upper lines: {}.", lines.join("; ")))
}

/// The controls that have no row, but for those whose absence was already told.
fn missing(probed: &ProbeFile) -> Option<String> {
    let names: Vec<String> = (probed.missing_controls().into_iter())
        .filter(|kind| !matches!(kind, ProbedKind::QuestionOnly | ProbedKind::Untrained))
        .map(|kind| control_name(kind).to_owned())
        .collect();
    (!names.is_empty()).then(|| format!("Not measured here: {}.", list(names.into_iter())))
}

fn control_name(kind: ProbedKind) -> &'static str {
    match kind {
        ProbedKind::Majority => "the most common answer",
        ProbedKind::QuestionOnly => "question-only",
        ProbedKind::Untrained => "an untrained agent",
        ProbedKind::OtherEpisode => "another episode's belief",
        ProbedKind::LastFrame => "the last frame alone",
        ProbedKind::Overshoot0 => "an agent that reconstructs and does not predict (overshoot 0)",
        ProbedKind::Trained => "a trained agent",
        ProbedKind::Oracle => "the oracle",
        ProbedKind::Facts => "the facts",
    }
}

/// `a, b and c`; of many the first few, and how many more there are.
fn list(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    if names.len() > MOST_NAMED + 1 {
        let more = names.len() - MOST_NAMED;
        names.truncate(MOST_NAMED);
        names.push(format!("{more} more"));
    }
    match names.pop() {
        None => String::new(),
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
    }
}

/// A name at the beginning of a sentence keeps its spelling but for names of plain words, which are capitalised.
fn sentence_start(name: &str) -> String {
    match name {
        "question-only" => "Question-only".into(),
        "majority" => "Majority".into(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Outcome, ProbeProtocol, ProbedAgent, TemplateEntry};

    /// 200 episodes of one question each, half of them long after the evidence was seen; an agent is right where `is_right`
    /// says so. The right answer changes every tenth episode, so that each is as often asked as the other.
    fn agent(name: &str, kind: ProbedKind, is_right: impl Fn(u64) -> bool) -> ProbedAgent {
        let right = |episode: u64| (episode / 10 % 2) as u16;
        let outcome = |episode| Outcome {
            episode,
            answer: right(episode),
            predicted: if is_right(episode) { right(episode) } else { 1 - right(episode) },
            seen: true,
            steps_since_seen: Some(if episode < 100 { 0 } else { 20 }),
            ..Outcome::default()
        };
        ProbedAgent { outcomes: (0..200).map(outcome).collect(), ..ProbedAgent::new(name, kind) }
    }

    fn seed(variant: &str, seed: u64, is_right: impl Fn(u64) -> bool) -> ProbedAgent {
        let agent = agent(&format!("{variant}-{seed}"), ProbedKind::Trained, is_right);
        ProbedAgent { variant: variant.into(), seed, ..agent }
    }

    fn summary(agents: Vec<ProbedAgent>) -> String {
        let template = TemplateEntry { name: "color".into(), wording: String::new(), chance: 0.1, answers: vec![0, 1] };
        let protocol = ProbeProtocol { long_gap: 13, ..ProbeProtocol::default() };
        let probed = ProbeFile::new(vec![template], vec!["red".into(), "blue".into()], protocol, agents);
        summarise(&probed, &AccuracyTable::of(&probed)).join("\n")
    }

    fn assert_says(text: &str, parts: &[&str]) {
        for part in parts {
            assert!(text.contains(part), "no {part:?} in\n{text}");
        }
    }

    #[test]
    fn what_is_clear_is_said() {
        let text = summary(vec![
            agent("majority", ProbedKind::Majority, |episode| episode % 10 == 0),
            agent("question-only", ProbedKind::QuestionOnly, |episode| episode % 10 == 0),
            agent("untrained", ProbedKind::Untrained, |episode| episode % 10 < 3 && episode < 100),
            agent("lstm", ProbedKind::Trained, |episode| episode % 10 < 2),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 < 6),
            agent("oracle", ProbedKind::Oracle, |episode| episode % 10 < 9),
            agent("facts", ProbedKind::Facts, |_| true),
        ]);
        assert!(text.starts_with("simcore answers 60.0 ["), "{text}");
        assert_says(
            &text,
            &[
                "Question-only, which sees no room and is the floor, reaches 10.0 [",
                "simcore lies 50.0 [",
                "in no template can it be told to lie above chance",
                "memory is random, already reaches 15.0 [",
                "simcore lies above lstm by 40.0 [",
                "of these, not above the untrained agent: lstm",
                "Where the evidence was last in view 13 or more steps before (balanced by answer, chance 50.0), simcore answers 60.0 [",
                "the untrained agent 0.0 [",
                "taught by the questions, oracle reaches 90.0 [",
                "simcore lies 30.0 [",
                "such a decoder answers 100.0 [",
                "Not measured here: another episode's belief, the last frame alone and an agent that reconstructs",
            ],
        );
        assert!(text.lines().count() <= 7, "a reader reads a few sentences\n{text}");
    }

    #[test]
    fn what_is_not_clear_is_not_claimed() {
        // As many right as wrong answers changed.
        let text = summary(vec![
            agent("untrained", ProbedKind::Untrained, |episode| episode % 10 < 5),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 >= 5),
        ]);
        assert_says(&text, &["The question-only control is missing", "which cannot be told from no difference"]);
        // An interval apart from 0 is not enough where the same table holds many comparisons.
        let better = |episode: u64| episode % 10 < 5 || episode % 30 == 9;
        let alone = vec![
            agent("lstm", ProbedKind::Trained, |episode| episode % 10 < 5),
            agent("simcore", ProbedKind::Trained, better),
        ];
        assert_says(&summary(alone.clone()), &["simcore lies above lstm by 3.5 ["]);
        let of_many = |index: usize| agent(&format!("lstm-{index}"), ProbedKind::Trained, |episode| episode % 10 < 5);
        let many: Vec<ProbedAgent> = alone.into_iter().chain((0..6).map(of_many)).collect();
        assert_says(&summary(many), &["simcore cannot be told from lstm (+3.5 [", "and 3 more"]);
    }

    #[test]
    fn seeds_that_differ_too_much_show_nothing() {
        let untrained = || agent("untrained", ProbedKind::Untrained, |episode| episode % 10 < 4);
        let alike = [6, 6, 7].into_iter().zip(1..).map(|(share, s)| seed("simcore", s, move |e| e % 10 < share));
        let text = summary([untrained()].into_iter().chain(alike).collect());
        assert_says(&text, &["simcore answers 63.3 [", "one template and 3 seeds", "simcore lies 23.3 ["]);
        let unlike = [4, 5, 10].into_iter().zip(1..).map(|(share, s)| seed("simcore", s, move |e| e % 10 < share));
        let text = summary([untrained()].into_iter().chain(unlike).collect());
        assert_says(
            &text,
            &["simcore answers 63.3 [", "simcore differs by +23.3 [", "cannot be told from no difference"],
        );
    }

    #[test]
    fn an_agent_worse_than_its_control_is_called_worse() {
        let text = summary(vec![
            agent("question-only", ProbedKind::QuestionOnly, |episode| episode % 10 < 5),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 < 1),
        ]);
        assert_says(&text, &["simcore lies 40.0 [", "points below it", "words alone give: color (+40.0 ["]);
        let text = summary(vec![agent("majority", ProbedKind::Majority, |_| true)]);
        assert_says(&text, &["No trained agent was probed"]);
    }

    #[test]
    fn too_few_old_questions_are_said_to_be_few() {
        let mut young = agent("simcore", ProbedKind::Trained, |_| true);
        young.outcomes.truncate(118);
        assert_says(
            &summary(vec![young]),
            &["too few questions whose evidence was last in view 13 or more steps before"],
        );
    }
}
