//! The part of the page that lets a reader judge and repeat: how to read it, the protocol, the settings of each run.

use maud::{Markup, html};
use serde_json::Value;

use crate::figures::{Figures, RunFigures};
use crate::number_format::{count, duration, short_count};
use crate::outcome::ProbeProtocol;
use crate::report::{Report, RunSummary};
use crate::statistics::FEWEST_QUESTIONS;

/// Bad lines of a log that are told one by one.
const MAX_BAD_LINES: usize = 5;

pub(super) fn how_to_read() -> Markup {
    html! {
        section {
            h2 { "How to read this page" }
            ul class="prose" {
                li {
                    "A probe reads an agent's memory as it stood when the questions were asked, and never changes the agent: no \
                     gradient and no question reaches it. Probes of all \
                     rows are trained in the same way; majority needs none."
                }
                li { "All questions are about rooms that neither the agents nor the probes were trained on." }
                li {
                    strong { "question-only" } " is given the question and no memory. It is the floor: what it scores can be \
                    guessed from how questions and answers are made. " strong { "majority" } " gives the most common answer."
                }
                li {
                    strong { "untrained" } " is an agent with random parameters. Its memory holds a fading echo of what it saw, \
                    from which a probe can read a good part; only accuracy above this row was learnt. "
                    strong { "last frame" } " is perception without memory, " strong { "other episode" } " a memory of another \
                    room, " strong { "facts" } " what a probe answers that is told the truth: the ceiling."
                }
                li {
                    strong { "overshoot 0" } " was trained to keep what it sees, and to predict nothing; what an agent that \
                    predicts knows above it, prediction taught. An " strong { "oracle" } " was taught by the questions themselves: \
                    it is no agent, and shows what could be known."
                }
                li {
                    "Intervals are 95 % intervals over episodes, because questions about one room hang together, and for rows of \
                    several seeds over seeds as well. Those of one seed do not include what another training would have given. \
                    Two rows whose intervals overlap may still differ clearly answer by answer; the table of differences says so."
                }
                li { "The mean gives every template the same weight, however many questions it has." }
                li {
                    "Right answers are balanced over all questions, so accuracy there is the share of right answers. Among questions \
                     that are chosen by their evidence, such as those at long gaps, they are not: \u{201c}no\u{201d} is commoner \
                     there. Such columns and curves are of " strong { "balanced accuracy" } ": in each template the mean over \
                     right answers of the accuracy among the questions with that answer, then the mean over templates. Who does \
                     not look at the evidence comes out at chance, 1 / (number of answers). An answer counts from " (FEWEST_QUESTIONS)
                    " such questions of every row, a template from two of its answers and half of them."
                }
            }
        }
    }
}

pub(super) fn render(report: &Report, figures: &Figures) -> Markup {
    let protocol = &figures.protocol;
    let rows: Vec<(&str, String)> = vec![
        (
            "Test rooms",
            format!(
                "{} episodes, {}, seed {}",
                count(protocol.num_test_episodes),
                or_unnamed(&protocol.split),
                protocol.test_seed
            ),
        ),
        (
            "Training rooms of the probes",
            format!("{} episodes, seed {}", count(protocol.num_train_episodes), protocol.train_seed),
        ),
        (
            "Validation rooms",
            format!("{} episodes, seed {}", count(protocol.num_validation_episodes), protocol.validation_seed),
        ),
        ("Asked", format!("after step {} of {}", protocol.asked_step, protocol.episode_steps)),
        ("Asked on the way", on_the_way(protocol)),
        ("Dropped", dropped(report)),
        (
            "Long gap",
            format!("evidence last in view {} steps before the question, or more", count(protocol.long_gap.into())),
        ),
        ("Seed of the evaluation", protocol.evaluation_seed.to_string()),
        ("Probe", or_unnamed(&protocol.decoder).to_owned()),
        (
            "Training of each probe",
            format!(
                "at most {} updates of {} questions, those kept that were best on validation, seed {}",
                count(protocol.probe_updates),
                count(protocol.probe_batch),
                protocol.probe_seed
            ),
        ),
        ("Time of the measurement", duration(protocol.seconds)),
        ("Hash of the settings", or_unnamed(&protocol.config_hash).to_owned()),
    ];
    html! {
        section {
            h2 { "Protocol" }
            table class="pairs" {
                tbody {
                    @for (name, value) in rows { tr { th scope="row" { (name) } td { (value) } } }
                    @for column in &figures.table.columns {
                        tr { th scope="row" { "Template " code { (column.name) } } td { (column.wording) } }
                    }
                }
            }
        }
    }
}

fn on_the_way(protocol: &ProbeProtocol) -> String {
    if protocol.timeline_steps.is_empty() {
        return "no".into();
    }
    let steps: Vec<String> = protocol.timeline_steps.iter().map(|&step| count(step.into())).collect();
    format!("in {} test episodes, after steps {}", count(protocol.num_timeline_episodes), steps.join(", "))
}

fn dropped(report: &Report) -> String {
    let nums = || report.probed.agents.iter().map(|agent| agent.num_dropped);
    match (nums().min(), nums().max()) {
        (Some(fewest), Some(most)) if most > 0 => format!(
            "{} to {} questions of the rooms as placed that no longer had the same one right answer at the end",
            count(fewest),
            count(most)
        ),
        _ => "no question".into(),
    }
}

fn or_unnamed(text: &str) -> &str {
    if text.is_empty() { "not said" } else { text }
}

pub(super) fn runs(report: &Report, figures: &Figures) -> Markup {
    html! {
        @if !report.runs.is_empty() {
            section {
                h2 { "Runs" }
                table class="plain" {
                    thead { tr { th {} th { "updates" } th { "frames" } th { "time" } th { "frames a second" } } }
                    tbody { @for run in &figures.runs { (run_row(run)) } }
                }
                @for run in &report.runs { (run_details(run)) }
            }
        }
    }
}

fn run_row(run: &RunFigures) -> Markup {
    let speed = run.frames as f64 / run.seconds;
    html! {
        tr {
            th scope="row" { (run.name) }
            td { (count(run.updates)) }
            td { (short_count(run.frames)) }
            td { (duration(run.seconds)) }
            td { @if run.seconds > 0.0 && speed.is_finite() { (count(speed as u64)) } @else { "\u{2013}" } }
        }
    }
}

fn run_details(run: &RunSummary) -> Markup {
    let mut pairs = Vec::new();
    flatten("", &run.manifest, &mut pairs);
    let bad_lines = &run.metrics.bad_lines;
    html! {
        @if !bad_lines.is_empty() {
            p class="warning" {
                "Run " (run.name) ": " (count(bad_lines.len() as u64)) " lines of metrics.jsonl could not be read and are left out ("
                @for (index, bad) in bad_lines.iter().take(MAX_BAD_LINES).enumerate() {
                    @if index > 0 { "; " } "line " (bad.line) ": " (bad.reason)
                }
                @if bad_lines.len() > MAX_BAD_LINES { "; \u{2026}" } ")."
            }
        }
        details {
            summary { "Settings of " strong { (run.name) } }
            pre { (run.config_toml) }
        }
        @if !pairs.is_empty() {
            details {
                summary { "Manifest of " strong { (run.name) } }
                table class="pairs" {
                    tbody { @for (key, value) in pairs { tr { th scope="row" { code { (key) } } td { (value) } } } }
                }
            }
        }
    }
}

/// The leaves of a JSON value with dotted keys.
fn flatten(prefix: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&key, value, pairs);
            }
        }
        // Such as the processes that trained the run: one after the other, the first being 1.
        Value::Array(entries) if entries.iter().any(Value::is_object) => {
            for (index, entry) in entries.iter().enumerate() {
                flatten(&format!("{prefix}.{}", index + 1), entry, pairs);
            }
        }
        Value::Null => {}
        Value::String(text) => pairs.push((prefix.to_owned(), text.clone())),
        other => pairs.push((prefix.to_owned(), other.to_string())),
    }
}
