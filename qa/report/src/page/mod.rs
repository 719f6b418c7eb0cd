//! The page: one HTML file that needs no other. The template escapes every text that is put into it.

mod calibration;
mod confusions;
mod curves;
mod decoders;
mod differences;
mod episode_map;
mod examples;
mod headline;
mod knowledge;
mod pictures;
mod png;
mod protocol;
mod rows;
mod sweeps;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::chart::Palette;
use crate::figures::Figures;
use crate::report::{Report, ReportError};

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(crate) fn render(report: &Report, figures: &Figures) -> Result<String, ReportError> {
    let rows = figures.table.rows.iter().map(|row| (row.name.as_str(), row.variant.as_str(), row.kind));
    let agents = report.probed.agents.iter().map(|agent| (agent.name.as_str(), agent.variant.as_str(), agent.kind));
    let palette = Palette::new(rows.chain(agents), report.runs.iter().map(|run| run.name.as_str()));
    let pictures = pictures::render(report)?;
    let examples = examples::render(report, &palette)?;
    let film = report.film.as_deref().map(pictures::film).transpose()?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (report.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p class="kicker" { "Groundling \u{b7} what the agents know" }
                    h1 { (report.title) }
                    (summary(&figures.summary))
                }
                main {
                    (headline::render(figures, &palette))
                    (differences::render(figures))
                    (sweeps::render(figures))
                    (knowledge::render(figures, &palette))
                    (calibration::render(figures, &palette))
                    (confusions::render(report, figures, &palette))
                    (decoders::render(report, figures, &palette))
                    (examples)
                    (pictures)
                    @if let Some(film) = film { (film) }
                    (curves::render(report, figures, &palette))
                    (protocol::how_to_read())
                    (protocol::render(report, figures))
                    (protocol::runs(report, figures))
                }
            }
        }
    };
    Ok(page.into_string())
}

fn summary(sentences: &[String]) -> Markup {
    html! {
        div class="summary" {
            @for (index, sentence) in sentences.iter().enumerate() {
                @if index == 0 { p class="lead" { (sentence) } } @else { p { (sentence) } }
            }
        }
    }
}
