//! Knowledge over time: the same questions asked at several steps of an episode.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::age::age_curves;
use crate::curves::{BinnedCurves, Curve, TemplateCurves, curves};
use crate::group::{AgentGroup, Answers};
use crate::outcome::{Outcome, ProbeFile};
use crate::pixels::pixel_curves;
use crate::statistics::score_groups;

/// Accuracy at each step at which questions were asked. Empty where none were asked in the course of an episode.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Timeline {
    /// Steps of the episode after which questions were asked, ascending; an entry of each curve.
    pub steps: Vec<u32>,
    /// Mean over templates, one curve a row that was asked.
    pub mean: Vec<Curve>,
    /// All questions whose evidence had been in view by that step, templates together.
    pub seen: Vec<Curve>,
    /// All questions whose evidence had not yet been in view, or that have none, templates together.
    pub unseen: Vec<Curve>,
    /// Each template.
    pub templates: Vec<TemplateCurves>,
    /// At all steps together, against steps since the evidence was last in view.
    pub age: BinnedCurves,
    /// At all steps together, against the most pixels that showed the evidence.
    pub pixels: BinnedCurves,
}

impl Timeline {
    /// The timelines of a probe file.
    pub(crate) fn of(probed: &ProbeFile) -> Self {
        let asked = probed.agents.iter().flat_map(|agent| &agent.timeline);
        let steps: Vec<u32> = asked.map(|outcome| outcome.step).collect::<BTreeSet<u32>>().into_iter().collect();
        if steps.is_empty() {
            return Self::default();
        }
        let mut groups = AgentGroup::all(probed);
        groups.retain(|group| group.seeds.iter().any(|agent| !agent.timeline.is_empty()));
        let step = |outcome: &Outcome| steps.binary_search(&outcome.step).ok();
        let of_some = |keep: &dyn Fn(&Outcome) -> bool| {
            curves(&groups, Answers::OnTheWay, steps.len(), |outcome| step(outcome).filter(|_| keep(outcome)))
        };
        let templates = probed.templates.iter().enumerate().map(|(index, template)| TemplateCurves {
            template: template.name.clone(),
            curves: of_some(&|outcome| usize::from(outcome.template) == index),
        });
        Self {
            mean: groups.iter().map(|group| mean_curve(group, &steps, probed.templates.len())).collect(),
            seen: of_some(&|outcome| outcome.seen),
            unseen: of_some(&|outcome| !outcome.seen),
            templates: templates.collect(),
            age: age_curves(probed, Answers::OnTheWay),
            pixels: pixel_curves(probed, Answers::OnTheWay),
            steps,
        }
    }
}

fn mean_curve(group: &AgentGroup<'_>, steps: &[u32], num_templates: usize) -> Curve {
    let at = |&step: &u32| {
        let of_step = |outcome: &Outcome| (outcome.step == step).then_some(usize::from(outcome.template));
        score_groups(&group.answers(Answers::OnTheWay), num_templates, of_step).mean
    };
    Curve { name: group.name.clone(), kind: group.kind, estimates: steps.iter().map(at).collect() }
}
