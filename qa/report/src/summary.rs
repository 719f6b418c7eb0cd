//! What the figures say, in sentences that claim no more than they show.

use crate::curves::{BinnedCurves, Curve};
use crate::number_format::{accuracy, count, percent, percent_interval, signed_percent};
use crate::outcome::ProbedKind;
use crate::statistics::{Estimate, Interval};
use crate::table::{AccuracyTable, TableRow};

/// Fewer questions than this about what is longest out of view say too little for a sentence of their own.
const FEWEST_OLD_QUESTIONS: u64 = 40;

/// The summary of a report's figures, a sentence an entry.
pub(crate) fn summarise(table: &AccuracyTable, age: &BinnedCurves) -> Vec<String> {
    let best = best_of(table, ProbedKind::Trained);
    let floor = best_of(table, ProbedKind::QuestionOnly);
    let untrained = best_of(table, ProbedKind::Untrained);
    if table.rows.iter().all(|row| row.scores.mean.is_none()) {
        return vec!["No questions were answered, so there is nothing to compare.".into()];
    }
    let mut sentences = Vec::new();
    match best {
        Some((row, mean)) => sentences.push(knows(table, row, mean)),
        None => sentences.push("No trained agent was probed; the table holds controls only.".into()),
    }
    sentences.push(match (floor, best) {
        (None, _) => {
            "The question-only control is missing, so nothing here says what can be guessed without seeing the \
                      room."
                .into()
        }
        (Some((floor, mean)), Some(best)) => format!(
            "{}, which sees no room and is the floor, reaches {} %: {}.",
            sentence_start(&floor.name),
            accuracy(mean),
            compared(table, best, (floor, mean))
        ),
        (Some((floor, mean)), None) => {
            format!(
                "{}, which sees no room and is the floor, reaches {} %.",
                sentence_start(&floor.name),
                accuracy(mean)
            )
        }
    });
    match (untrained, best) {
        (None, Some(_)) => sentences.push(
            "The untrained control is missing, so nothing here says how much of this a random memory holds already."
                .into(),
        ),
        (Some(untrained), best) => sentences.push(reservoir(table, untrained, floor, best)),
        (None, None) => {}
    }
    if let Some(best) = best {
        let others = table.rows.iter().filter(|row| row.kind == ProbedKind::Trained && row.name != best.0.name);
        for other in others {
            if let Some(mean) = &other.scores.mean {
                let gain = compared(table, best, (other, mean));
                let learnt = untrained.map(|untrained| learnt(table, other, untrained.0)).unwrap_or_default();
                sentences.push(format!("{} reaches {} %: {gain}{learnt}.", other.name, accuracy(mean)));
            }
        }
        sentences.extend(oldest(age, &best.0.name));
    }
    sentences
}

/// How another trained agent stands to the untrained one.
fn learnt(table: &AccuracyTable, row: &TableRow, untrained: &TableRow) -> String {
    match paired(table, row, untrained) {
        Some(gain) if gain.interval.contains(0.0) => "; it cannot be told from the untrained agent".into(),
        Some(gain) => format!("; it lies {} the untrained agent", apart(&gain)),
        None => String::new(),
    }
}

/// What is known of what was longest out of view, which a random memory has lost.
fn oldest(age: &BinnedCurves, best: &str) -> Option<String> {
    let bin = age.bins.last().filter(|bin| bin.first > 0)?;
    let of_curve = |curve: &Curve| {
        let estimate = curve.estimates.last().copied().flatten()?;
        (estimate.num_questions >= FEWEST_OLD_QUESTIONS).then(|| format!("{} {} %", curve.name, accuracy(&estimate)))
    };
    let best_knows = age.pooled.iter().find(|curve| curve.name == best).and_then(of_curve)?;
    let others = age.pooled.iter().filter(|curve| curve.name != best && curve.kind != ProbedKind::Majority);
    let all: Vec<String> = [best_knows].into_iter().chain(others.filter_map(of_curve)).collect();
    Some(format!(
        "Where the evidence had last been in view {} steps before the question, accuracies are: {}.",
        bin.label,
        all.join(", ")
    ))
}

fn best_of(table: &AccuracyTable, kind: ProbedKind) -> Option<(&TableRow, &Estimate)> {
    let rows = table.rows.iter().filter(|row| row.kind == kind);
    rows.filter_map(|row| Some((row, row.scores.mean.as_ref()?))).max_by(|a, b| a.1.value.total_cmp(&b.1.value))
}

fn knows(table: &AccuracyTable, row: &TableRow, mean: &Estimate) -> String {
    let num_templates = row.scores.templates.iter().flatten().count();
    let templates = match num_templates {
        1 => "one template".to_owned(),
        num => format!("mean over {num} templates"),
    };
    let episodes = if mean.num_episodes == 1 { "episode" } else { "episodes" };
    let chance = table.mean_chance().map(|chance| format!("; a blind guess would get {}", percent(chance)));
    format!(
        "{} answers {} % of the questions right ({templates}, {} questions, {} {episodes} in rooms never trained on{}).",
        sentence_start(&row.name),
        accuracy(mean),
        count(mean.num_questions),
        count(mean.num_episodes),
        chance.unwrap_or_default()
    )
}

fn reservoir(
    table: &AccuracyTable,
    untrained: (&TableRow, &Estimate),
    floor: Option<(&TableRow, &Estimate)>,
    best: Option<(&TableRow, &Estimate)>,
) -> String {
    let mut text = format!("The untrained agent, whose memory is random, already reaches {} %", accuracy(untrained.1));
    if let Some(gain) = floor.and_then(|floor| paired(table, untrained.0, floor.0)) {
        let clear = if gain.interval.contains(0.0) { ", which cannot be told from no difference" } else { "" };
        text.push_str(&format!(", {} question-only{clear}", apart(&gain)));
    }
    if let Some(best) = best {
        let gain = compared(table, best, untrained);
        text.push_str(&format!("; only what lies above that was learnt: {gain}"));
    }
    text.push('.');
    text
}

/// `simcore lies 31.6 [30.1, 33.0] points above it, with intervals apart`
fn compared(table: &AccuracyTable, best: (&TableRow, &Estimate), other: (&TableRow, &Estimate)) -> String {
    let name = &best.0.name;
    let Some(gain) = paired(table, best.0, other.0) else {
        return format!("{name} was asked no question in common with it");
    };
    let overlap = best.1.interval.overlaps(&other.1.interval);
    if gain.interval.contains(0.0) {
        let points = format!("{} {}", signed_percent(gain.value), percent_interval(&gain.interval));
        let intervals = if overlap { "their intervals overlap, and " } else { "" };
        return format!("{name} differs by {points} points; {intervals}this cannot be told from no difference");
    }
    let intervals = if overlap {
        "; their intervals overlap, but answer by answer the difference is clear"
    } else {
        ", with intervals apart"
    };
    format!("{name} lies {} it{intervals}", apart(&gain))
}

/// `31.6 [30.1, 33.0] points above`
fn apart(gain: &Estimate) -> String {
    if gain.value < 0.0 {
        format!("{} points below", accuracy(&reversed(gain)))
    } else {
        format!("{} points above", accuracy(gain))
    }
}

/// The mean's difference, whichever of the two the table lists first.
fn paired(table: &AccuracyTable, row: &TableRow, baseline: &TableRow) -> Option<Estimate> {
    if let Some(found) = table.difference(&row.name, &baseline.name) {
        return found.scores.mean;
    }
    table.difference(&baseline.name, &row.name)?.scores.mean.as_ref().map(reversed)
}

/// The same difference seen from the other side.
fn reversed(gain: &Estimate) -> Estimate {
    let interval = Interval { low: -gain.interval.high, high: -gain.interval.low };
    Estimate { value: -gain.value, interval, ..*gain }
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
    use crate::age::age_curves;
    use crate::group::Answers;
    use crate::outcome::{Outcome, ProbeFile, ProbeProtocol, ProbedAgent, TemplateEntry};

    /// 200 episodes of one question each; an agent is right where `is_right` says so.
    fn agent(name: &str, kind: ProbedKind, is_right: impl Fn(u64) -> bool) -> ProbedAgent {
        let outcome = |episode| Outcome {
            template: 0,
            episode,
            question: 0,
            predicted: u16::from(!is_right(episode)),
            seen: true,
            steps_since_seen: Some(if episode < 100 { 0 } else { 20 }),
            ..Outcome::default()
        };
        ProbedAgent { outcomes: (0..200).map(outcome).collect(), ..ProbedAgent::new(name, kind) }
    }

    fn summary(agents: Vec<ProbedAgent>) -> String {
        let template = TemplateEntry { name: "color".into(), wording: String::new(), chance: 0.1, answers: vec![0, 1] };
        let probed =
            ProbeFile::new(vec![template], vec!["red".into(), "blue".into()], ProbeProtocol::default(), agents);
        summarise(&AccuracyTable::of(&probed), &age_curves(&probed, Answers::AtTheEnd)).join("\n")
    }

    #[test]
    fn intervals_apart_are_called_apart() {
        let text = summary(vec![
            agent("question-only", ProbedKind::QuestionOnly, |episode| episode % 10 == 0),
            agent("untrained", ProbedKind::Untrained, |episode| episode % 10 < 3),
            agent("lstm", ProbedKind::Trained, |episode| episode % 10 < 2),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 < 6),
        ]);
        assert!(text.starts_with("simcore answers 60.0 ["), "{text}");
        assert!(text.contains("Question-only, which sees no room and is the floor, reaches 10.0 ["), "{text}");
        assert!(text.contains("points above it, with intervals apart"), "{text}");
        assert!(text.contains("already reaches 30.0 ["), "{text}");
        assert!(text.contains("points below the untrained agent"), "{text}");
        assert!(text.contains("in view 13 to 32 steps before the question, accuracies are: simcore 60.0 ["), "{text}");
    }

    #[test]
    fn intervals_that_overlap_are_called_so() {
        // The same answers but for a few: overlapping intervals, a difference that is clear answer by answer.
        let text = summary(vec![
            agent("untrained", ProbedKind::Untrained, |episode| episode % 10 < 5),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 < 5 || episode % 20 == 9),
        ]);
        assert!(text.contains("intervals overlap, but answer by answer the difference is clear"), "{text}");
        assert!(text.contains("The question-only control is missing"), "{text}");
        // As many right as wrong answers changed: nothing can be told.
        let text = summary(vec![
            agent("untrained", ProbedKind::Untrained, |episode| episode % 10 < 5),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 >= 5),
        ]);
        assert!(text.contains("their intervals overlap, and this cannot be told from no difference"), "{text}");
    }

    #[test]
    fn an_agent_worse_than_its_control_is_called_worse() {
        let text = summary(vec![
            agent("question-only", ProbedKind::QuestionOnly, |episode| episode % 10 < 5),
            agent("simcore", ProbedKind::Trained, |episode| episode % 10 < 1),
        ]);
        assert!(
            text.contains("simcore lies 40.0 [") && text.contains("points below it, with intervals apart"),
            "{text}"
        );
        let text = summary(vec![agent("majority", ProbedKind::Majority, |_| true)]);
        assert!(text.contains("No trained agent was probed"), "{text}");
    }
}
