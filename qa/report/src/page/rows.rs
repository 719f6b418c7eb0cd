//! Which rows the charts show: those of the one decoder that most rows have. What other decoders read stands in a table of its
//! own.

use maud::{Markup, html};

use crate::outcome::ProbedKind;
use crate::table::{AccuracyTable, TableRow};

/// The decoder of the rows that are shown; none where no row has one.
pub(super) fn main_decoder(table: &AccuracyTable) -> Option<&str> {
    crate::main_decoder::main_decoder(table.rows.iter().map(|row| row.decoder.as_str()))
}

/// The rows of that decoder, and those that have none.
pub(super) fn main_rows(table: &AccuracyTable) -> Vec<&TableRow> {
    let main = main_decoder(table).unwrap_or_default();
    table.rows.iter().filter(|row| row.decoder.is_empty() || row.decoder == main).collect()
}

/// What a row is, in a few words.
pub(super) fn kind_name(kind: ProbedKind) -> &'static str {
    match kind {
        ProbedKind::Majority => "control: most common answer",
        ProbedKind::QuestionOnly => "control: sees no room",
        ProbedKind::Untrained => "control: random memory",
        ProbedKind::OtherEpisode => "control: another room\u{2019}s memory",
        ProbedKind::LastFrame => "control: last frame, no memory",
        ProbedKind::Overshoot0 => "control: reconstructs, predicts nothing",
        ProbedKind::Oracle => "upper line: taught by the questions",
        ProbedKind::Facts => "ceiling: is told the facts",
        ProbedKind::Trained => "agent",
    }
}

/// What a report without this control cannot say; none of what is no control.
fn without(kind: ProbedKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ProbedKind::Majority => ("majority", "how far the most common answer goes"),
        ProbedKind::QuestionOnly => ("question-only", "what can be guessed without seeing the room"),
        ProbedKind::Untrained => ("untrained", "how much a random memory holds already"),
        ProbedKind::OtherEpisode => {
            ("another episode\u{2019}s belief", "whether the answers are about this room at all")
        }
        ProbedKind::LastFrame => ("last frame", "what needs no memory"),
        ProbedKind::Overshoot0 => ("overshoot 0", "whether prediction is the cause, or keeping what was seen"),
        ProbedKind::Oracle => ("oracle", "what an agent knows that is taught by the questions"),
        ProbedKind::Facts => ("facts", "what a decoder of this strength can answer at all"),
        ProbedKind::Trained => return None,
    })
}

/// Names the controls that are not in the table, and what is not known without them.
pub(super) fn missing_controls(table: &AccuracyTable) -> Markup {
    let missing: Vec<_> = (ProbedKind::CONTROLS.into_iter())
        .filter(|kind| table.rows.iter().all(|row| row.kind != *kind || row.scores.mean.is_none()))
        .filter_map(without)
        .collect();
    html! {
        @if !missing.is_empty() && table.num_episodes > 0 {
            p class="warning" {
                "Controls missing here: "
                @for (index, (name, says)) in missing.iter().enumerate() {
                    @if index > 0 { "; " }
                    strong { (name) } " (" (says) ")"
                }
                "."
            }
        }
    }
}
