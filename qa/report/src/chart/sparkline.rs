//! A curve as small as a word: a share over the steps of an episode.

use std::fmt::Write;

use maud::{Markup, html};

use super::palette::Look;

const WIDTH: f64 = 92.0;
const HEIGHT: f64 = 22.0;

/// The course of a share in [0, 1] over steps, from the first step to `last_step`; a ring marks the end.
pub(crate) fn sparkline(points: &[(u32, f64)], last_step: u32, look: &Look, title: &str) -> Markup {
    let place = |&(step, share): &(u32, f64)| {
        let along = f64::from(step) / f64::from(last_step.max(1));
        (2.0 + along.min(1.0) * (WIDTH - 6.0), HEIGHT - 3.0 - share.clamp(0.0, 1.0) * (HEIGHT - 6.0))
    };
    let mut path = String::new();
    for (index, (x, y)) in points.iter().map(place).enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
    }
    html! {
        @if let Some(last) = points.last() {
            @let (x, y) = place(last);
            svg class={ "spark " (look.class) } viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" {
                title { (title) }
                line class="axis" x1="0" x2=(WIDTH) y1=(HEIGHT - 2.5) y2=(HEIGHT - 2.5) {}
                path class="line" d=(path) {}
                circle class="dot" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2.4" {}
            }
        }
    }
}
