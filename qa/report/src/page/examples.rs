//! The part of the page that tells a few test episodes one by one.

use maud::{Markup, html};

use super::episode_map;
use crate::chart::{Palette, sparkline};
use crate::example_episode::{ExampleAnswer, ExampleEpisode, ExampleQuestion};
use crate::number_format::count;
use crate::report::{Report, ReportError};

pub(super) fn render(report: &Report, palette: &Palette) -> Result<Markup, ReportError> {
    let episodes: Result<Vec<Markup>, _> = report.examples.iter().map(|example| episode(example, palette)).collect();
    let episodes = episodes?;
    Ok(html! {
        @if !episodes.is_empty() {
            section {
                h2 { "Example episodes" }
                p class="note" {
                    "Test rooms from above as they were at the end: where the agent began (ring), which way it went, what it faced \
                     when it was asked. \u{2713} right, \u{2717} wrong, with the probability that the probe gave to its \
                     answer. The small curve is the probability of the right answer, from 0 to 1, from the first step of the \
                     episode to the last."
                }
                @for episode in episodes { (episode) }
            }
        }
    })
}

fn episode(example: &ExampleEpisode, palette: &Palette) -> Result<Markup, ReportError> {
    let map = episode_map::render(&example.map, &example.title, palette)
        .ok_or_else(|| ReportError::MapNotAPng { title: example.title.clone() })?;
    let agents = agents(example);
    Ok(html! {
        article class="example" {
            h3 { (example.title) small { " " (count(example.num_steps.into())) " steps" } }
            div class="map-and-answers" {
                figure {
                    (map)
                    div class="legend" {
                        @for path in &example.map.paths {
                            @for agent in &path.agents { (palette.look(agent).line_key(agent, None)) }
                        }
                    }
                }
                div class="scroll" {
                    table class="answers" {
                        thead {
                            tr {
                                th scope="col" { "question" }
                                th class="truth" scope="col" { "truth" }
                                @for agent in &agents { th scope="col" { (agent) } }
                            }
                        }
                        tbody {
                            @for question in &example.questions {
                                tr {
                                    th scope="row" title=(question.template) { (question.text) }
                                    td class="truth" { (question.truth) }
                                    @for agent in &agents { (answer(question, agent, example.num_steps, palette)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}

/// Names of all who answered, in the order in which they first do.
fn agents(example: &ExampleEpisode) -> Vec<&str> {
    let mut names = Vec::new();
    for answer in example.questions.iter().flat_map(|question| &question.answers) {
        if !names.contains(&answer.agent.as_str()) {
            names.push(answer.agent.as_str());
        }
    }
    names
}

fn answer(question: &ExampleQuestion, agent: &str, num_steps: u32, palette: &Palette) -> Markup {
    let Some(given) = question.answers.iter().find(|answer| answer.agent == agent) else {
        return html! { td { "\u{2013}" } };
    };
    let ExampleAnswer { answer, confidence, course, .. } = given;
    let is_right = *answer == question.truth;
    let points: Vec<(u32, f64)> = course.iter().map(|&(step, share)| (step, f64::from(share))).collect();
    html! {
        td class={ "given " @if is_right { "right" } @else { "wrong" } } {
            span class="word" {
                span class="mark" { @if is_right { "\u{2713}" } @else { "\u{2717}" } }
                " " (answer) " " small { (format!("{:.0}", 100.0 * confidence.clamp(0.0, 1.0))) " %" }
            }
            (sparkline(&points, num_steps, &palette.look(agent), &format!("{agent}: probability of the right answer")))
        }
    }
}
