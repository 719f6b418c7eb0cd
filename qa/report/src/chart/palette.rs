//! One look a variant, the same in every chart: colour, line and marker. Controls are greys, trained agents the colours
//! of Okabe and Ito, which people with any kind of colour vision can tell apart; the style sheet has a light and a
//! dark form of each. Line and marker tell them apart where colour does not, as on grey paper.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::pixel;
use crate::outcome::ProbedKind;

/// Colours of trained agents in the style sheet, `t0` and on.
const NUM_COLORS: usize = 7;
const MARKERS: [Marker; 5] =
    [Marker::Circle, Marker::Square, Marker::TriangleUp, Marker::Diamond, Marker::TriangleDown];
/// Dashes of lines; the first is none.
const DASHES: [&str; 4] = ["none", "7 3", "2 2.6", "9 3 2 3"];

/// The form of a curve's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Circle,
    Square,
    TriangleUp,
    TriangleDown,
    Diamond,
}

/// How one variant is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    /// The style sheet's class, which sets its colour.
    pub(crate) class: String,
    /// An SVG dash pattern.
    pub(crate) dash: &'static str,
    pub(crate) marker: Marker,
    /// Controls are drawn more lightly.
    pub(crate) is_control: bool,
}

/// Looks by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Palette {
    looks: BTreeMap<String, Look>,
}

impl Palette {
    /// Gives every variant its look, and every row and every run that of its variant. `rows` are (name, variant, kind).
    pub(crate) fn new<'a>(
        rows: impl Iterator<Item = (&'a str, &'a str, ProbedKind)>,
        runs: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut looks: BTreeMap<String, Look> = BTreeMap::new();
        let mut num_trained = 0;
        let rows = rows.chain(runs.map(|name| (name, name, ProbedKind::Trained)));
        for (name, variant, kind) in rows {
            if looks.contains_key(name) {
                continue;
            }
            let look = looks.get(variant).cloned().unwrap_or_else(|| match control_look(kind) {
                Some(look) => look,
                None => {
                    num_trained += 1;
                    trained_look(num_trained - 1)
                }
            });
            looks.insert(variant.to_owned(), look.clone());
            looks.insert(name.to_owned(), look);
        }
        Self { looks }
    }

    /// The look of the only row of a kind.
    pub(crate) fn of_kind(kind: ProbedKind) -> Look {
        control_look(kind).unwrap_or_else(|| trained_look(0))
    }

    /// The look of a row, a variant or a run; a name that was not given is drawn as a control.
    pub(crate) fn look(&self, name: &str) -> Look {
        self.looks.get(name).cloned().unwrap_or_else(|| control("k1", DASHES[1], Marker::Circle))
    }

    /// The class that sets its colour.
    pub(crate) fn class(&self, name: &str) -> &str {
        self.looks.get(name).map_or("k1", |look| look.class.as_str())
    }
}

fn control(class: &str, dash: &'static str, marker: Marker) -> Look {
    Look { class: class.into(), dash, marker, is_control: true }
}

/// None for what is itself an agent that was trained.
fn control_look(kind: ProbedKind) -> Option<Look> {
    Some(match kind {
        ProbedKind::Majority => control("k0", DASHES[2], Marker::Square),
        ProbedKind::QuestionOnly => control("k1", DASHES[1], Marker::Circle),
        ProbedKind::Untrained => control("k2", DASHES[0], Marker::TriangleDown),
        ProbedKind::OtherEpisode => control("k3", DASHES[3], Marker::Diamond),
        ProbedKind::LastFrame => control("k5", DASHES[2], Marker::TriangleUp),
        ProbedKind::Facts => control("k4", DASHES[1], Marker::Square),
        ProbedKind::Trained | ProbedKind::Overshoot0 | ProbedKind::Oracle => return None,
    })
}

fn trained_look(index: usize) -> Look {
    Look {
        class: format!("t{}", index % NUM_COLORS),
        // Neighbours differ in the marker, and every round of colours in the line.
        dash: DASHES[index / NUM_COLORS % DASHES.len()],
        marker: MARKERS[index % MARKERS.len()],
        is_control: false,
    }
}

impl Look {
    /// The marker at a place, `radius` pixels large.
    pub(crate) fn point(&self, x: f64, y: f64, radius: f64) -> Markup {
        let corners = |corners: &[[f64; 2]]| {
            let points =
                corners.iter().map(|[dx, dy]| format!("{},{}", pixel(x + radius * dx), pixel(y + radius * dy)));
            html! { polygon class="dot" points=(points.collect::<Vec<_>>().join(" ")) {} }
        };
        match self.marker {
            Marker::Circle => html! { circle class="dot" cx=(pixel(x)) cy=(pixel(y)) r=(radius) {} },
            Marker::Square => corners(&[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
            Marker::TriangleUp => corners(&[[0.0, -1.2], [1.1, 0.8], [-1.1, 0.8]]),
            Marker::TriangleDown => corners(&[[0.0, 1.2], [1.1, -0.8], [-1.1, -0.8]]),
            Marker::Diamond => corners(&[[0.0, -1.25], [1.25, 0.0], [0.0, 1.25], [-1.25, 0.0]]),
        }
    }

    /// A legend's line with its marker, the label, and a note in fainter type.
    pub(crate) fn line_key(&self, label: &str, note: Option<&str>) -> Markup {
        html! {
            span class={ "key " (self.class) } {
                svg class="swatch" viewBox="0 0 26 10" width="26" height="10" aria-hidden="true" {
                    line class="line" x1="1" x2="25" y1="5" y2="5" stroke-dasharray=(self.dash) {}
                    (self.point(13.0, 5.0, 3.2))
                }
                (label)
                @if let Some(note) = note { small { (note) } }
            }
        }
    }
}

/// A legend's coloured square and its label, with a note in fainter type.
pub(crate) fn legend_swatch(class: &str, label: &str, note: Option<&str>) -> Markup {
    html! {
        span class={ "key " (class) } {
            i {} (label)
            @if let Some(note) = note { small { (note) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_and_runs_look_like_their_variant() {
        let rows = [
            ("majority", "majority", ProbedKind::Majority),
            ("lstm-1", "lstm", ProbedKind::Trained),
            ("lstm-2", "lstm", ProbedKind::Trained),
            ("simcore-1", "simcore", ProbedKind::Trained),
        ];
        let palette = Palette::new(rows.into_iter(), ["simcore-1", "elsewhere"].into_iter());
        assert_eq!(palette.look("lstm-1"), palette.look("lstm-2"));
        assert_eq!(palette.look("lstm"), palette.look("lstm-1"));
        assert_eq!([palette.class("majority"), palette.class("lstm"), palette.class("simcore-1")], ["k0", "t0", "t1"]);
        assert_eq!(palette.class("elsewhere"), "t2");
    }

    #[test]
    fn no_two_of_many_agents_look_the_same() {
        let looks: Vec<Look> = (0..28).map(trained_look).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look), "{look:?}");
        }
    }
}
