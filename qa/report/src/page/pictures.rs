//! Pictures within the page, and the link to a film beside it.

use maud::{Markup, html};

use super::png;
use crate::report::{Figure, Report, ReportError};

/// Pictures of a few pixels are enlarged until the widest is about as wide as this, all by the same whole factor: a picture
/// of one frame shows it as large as one of ten.
const SHOWN_WIDTH: u32 = 1040;
const MAX_FACTOR: u32 = 4;

pub(super) fn render(report: &Report) -> Result<Markup, ReportError> {
    let mut runs: Vec<&str> = Vec::new();
    for figure in &report.frames {
        if !runs.contains(&figure.run.as_str()) {
            runs.push(&figure.run);
        }
    }
    let widths = report.frames.iter().filter_map(|figure| png::size(&figure.png)).map(|[width, _]| width);
    let factor = (SHOWN_WIDTH / widths.max().unwrap_or(SHOWN_WIDTH)).clamp(1, MAX_FACTOR);
    let mut groups = Vec::new();
    for run in runs {
        let pictures: Result<Vec<Markup>, _> =
            report.frames.iter().filter(|figure| figure.run == run).map(|figure| picture(figure, factor)).collect();
        groups.push((run, pictures?));
    }
    Ok(html! {
        @if !groups.is_empty() {
            section {
                h2 { "What was seen, and what was imagined" }
                @for (run, pictures) in groups {
                    h3 { (run) }
                    @for picture in pictures { (picture) }
                }
            }
        }
    })
}

fn picture(figure: &Figure, factor: u32) -> Result<Markup, ReportError> {
    let [width, _] = png::size(&figure.png)
        .ok_or_else(|| ReportError::NotAPng { caption: figure.caption.clone(), run: figure.run.clone() })?;
    Ok(html! {
        figure class="picture" {
            img src=(png::data_address(&figure.png)) alt=(figure.caption)
                width=(width.saturating_mul(factor));
            figcaption { (figure.caption) }
        }
    })
}

/// A link to the film; its path is encoded, so that it can be nothing but a path.
pub(super) fn film(film: &str) -> Result<Markup, ReportError> {
    if film.is_empty() || film.starts_with('/') {
        return Err(ReportError::FilmNotRelative { film: film.into() });
    }
    let mut link = String::from("./");
    for &byte in film.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' | b'/' => link.push(byte.into()),
            _ => link.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(html! {
        section {
            h2 { "Film" }
            p { "An episode with the questions and the probe's answers, in a file beside this page: " a href=(link) { (film) } }
        }
    })
}
