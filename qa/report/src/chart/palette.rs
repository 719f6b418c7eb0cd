//! One colour a name, the same in every chart. Controls are greys, trained agents the colours of Okabe and Ito, which
//! people with any kind of colour vision can tell apart; the style sheet has a light and a dark form of each.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::outcome::ProbedKind;

/// Colours of trained agents in the style sheet, `t0` and on.
const NUM_COLORS: usize = 7;

/// Style classes by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Palette {
    classes: BTreeMap<String, String>,
}

impl Palette {
    /// Gives every agent and every run its class; a run named like an agent shares that agent's.
    pub(crate) fn new<'a>(
        agents: impl Iterator<Item = (&'a str, ProbedKind)>,
        runs: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut classes: BTreeMap<String, String> = BTreeMap::new();
        let mut num_trained = 0;
        for (name, kind) in agents.chain(runs.map(|name| (name, ProbedKind::Trained))) {
            if classes.contains_key(name) {
                continue;
            }
            let class = match kind {
                ProbedKind::Majority => "k0".into(),
                ProbedKind::QuestionOnly => "k1".into(),
                ProbedKind::Untrained => "k2".into(),
                ProbedKind::OtherEpisode | ProbedKind::LastFrame => "k3".into(),
                ProbedKind::Facts => "k4".into(),
                ProbedKind::Trained | ProbedKind::Overshoot0 | ProbedKind::Oracle => {
                    let color = num_trained % NUM_COLORS;
                    let repeated = if num_trained >= NUM_COLORS { " again" } else { "" };
                    num_trained += 1;
                    format!("t{color}{repeated}")
                }
            };
            classes.insert(name.to_owned(), class);
        }
        Self { classes }
    }

    /// The class of `name`; a name that was not given is drawn as a control.
    pub(crate) fn class(&self, name: &str) -> &str {
        self.classes.get(name).map_or("k1", String::as_str)
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
