//! The map of an example: a picture from above, names of things, ways of agents, and what they faced at the end.

use std::fmt::Write;

use maud::{Markup, html};

use super::png;
use crate::chart::Palette;
use crate::example_episode::{EpisodeMap, MapLabel, MapPath};

/// Width of the drawing; its height follows from the picture.
const WIDTH: f64 = 400.0;
/// About the size of a letter in the drawing.
const LETTER: [f64; 2] = [5.6, 11.5];

/// None where the picture is not a PNG.
pub(super) fn render(map: &EpisodeMap, title: &str, palette: &Palette) -> Option<Markup> {
    let [width, height] = png::size(&map.png)?;
    let height = (WIDTH * f64::from(height) / f64::from(width)).clamp(0.25 * WIDTH, 4.0 * WIDTH);
    let place = |[x, y]: [f64; 2]| [x.clamp(0.0, 1.0) * WIDTH, y.clamp(0.0, 1.0) * height];
    Some(html! {
        svg class="map" viewBox={ "0 0 " (WIDTH) " " (format!("{height:.0}")) } role="img" aria-label={ "Map of " (title) } {
            image href=(png::data_address(&map.png)) x="0" y="0" width=(WIDTH) height=(format!("{height:.0}"))
                preserveAspectRatio="none" {}
            @for path in &map.paths { (way(path, palette, place)) }
            @for ([x, y], text) in placed(&map.objects, place, height) {
                text x=(format!("{x:.1}")) y=(format!("{y:.1}")) text-anchor="middle" { (text) }
            }
        }
    })
}

fn way(path: &MapPath, palette: &Palette, place: impl Fn([f64; 2]) -> [f64; 2]) -> Markup {
    let look = palette.look(path.agents.first().map_or("", String::as_str));
    let points: Vec<[f64; 2]> = path.points.iter().map(|&point| place(point)).collect();
    let mut line = String::new();
    for (index, [x, y]) in points.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(line, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
    }
    let corner = |point: [f64; 2]| format!("{:.1},{:.1}", point[0], point[1]);
    html! {
        @if let (Some(first), Some(last)) = (points.first(), points.last()) {
            g class=(look.class) {
                polygon class="view" points={
                    (corner(*last)) " " (corner(place(path.view[0]))) " " (corner(place(path.view[1])))
                } {}
                path class="casing" d=(line) {}
                path class="line" stroke-dasharray=(look.dash) d=(line) { title { (path.agents.join(", ")) } }
                circle class="start" cx=(format!("{:.1}", first[0])) cy=(format!("{:.1}", first[1])) r="4" {}
                (look.point(last[0], last[1], 5.5))
            }
        }
    }
}

/// Each name a little below its place, or as near to that as it lies on no earlier name.
fn placed(labels: &[MapLabel], place: impl Fn([f64; 2]) -> [f64; 2], height: f64) -> Vec<([f64; 2], &str)> {
    let mut boxes: Vec<[f64; 4]> = Vec::new();
    let mut placed = Vec::new();
    for label in labels {
        let [x, y] = place(label.place);
        let half = LETTER[0] * label.text.chars().count() as f64 / 2.0;
        let x = x.clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0));
        let around = |down: f64| [x - half, y + down - LETTER[1], x + half, y + down];
        let fits = |down: &f64| {
            let [left, top, right, bottom] = around(*down);
            let meets = |other: &[f64; 4]| left < other[2] && other[0] < right && top < other[3] && other[1] < bottom;
            top >= 0.0 && bottom <= height && !boxes.iter().any(meets)
        };
        let offsets = [17.0, -9.0, 30.0, -22.0, 43.0, -35.0];
        let down = offsets.into_iter().find(fits).unwrap_or(offsets[0]);
        boxes.push(around(down));
        placed.push(([x, y + down - 2.5], label.text.as_str()));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_things_that_stand_close_do_not_lie_on_each_other() {
        let label = |text: &str, place| MapLabel { text: text.into(), place };
        let labels =
            [label("red ball", [0.5, 0.5]), label("blue crate", [0.52, 0.5]), label("green cone", [0.5, 0.51])];
        let places = placed(&labels, |[x, y]| [400.0 * x, 400.0 * y], 400.0);
        for (index, (a, _)) in places.iter().enumerate() {
            for (b, _) in &places[..index] {
                assert!((a[1] - b[1]).abs() > 10.0, "{places:?}");
            }
        }
        // A name at the edge is drawn inside.
        let at_the_edge = [label("purple television", [0.0, 1.0])];
        let edge = placed(&at_the_edge, |[x, y]| [400.0 * x, 400.0 * y], 400.0);
        assert!(edge[0].0[0] > 40.0 && edge[0].0[1] < 400.0, "{edge:?}");
    }
}
