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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{ProbeProtocol, ProbedAgent, ProbedKind, TemplateEntry};

    /// Four episodes with a question of each of two templates, asked at steps 10 and 20. The first template is known at
    /// both, the second at 20 in half of the episodes, where its evidence came into view between the two.
    fn agent(name: &str) -> ProbedAgent {
        let outcome = |episode: u64, template: u16, step: u32| {
            let is_late = template == 1;
            Outcome {
                template,
                episode,
                question: template.into(),
                step,
                predicted: u16::from(is_late && (step == 10 || episode % 2 == 1)),
                seen: !is_late || step == 20,
                steps_since_seen: (!is_late || step == 20).then_some(step),
                ..Outcome::default()
            }
        };
        let asked = (0..4).flat_map(|e| [(e, 0, 10), (e, 1, 10), (e, 0, 20), (e, 1, 20)]);
        let timeline = asked.map(|(episode, template, step)| outcome(episode, template, step)).collect();
        ProbedAgent { timeline, ..ProbedAgent::new(name, ProbedKind::Trained) }
    }

    fn timeline_of(agents: Vec<ProbedAgent>) -> Timeline {
        let template =
            |name: &str| TemplateEntry { name: name.into(), wording: String::new(), chance: 0.5, answers: vec![0, 1] };
        let templates = vec![template("color"), template("exist")];
        Timeline::of(&ProbeFile::new(templates, vec!["red".into(), "blue".into()], ProbeProtocol::default(), agents))
    }

    fn values(curve: &Curve) -> Vec<Option<f64>> {
        curve.estimates.iter().map(|found| found.map(|found| found.value)).collect()
    }

    #[test]
    fn by_hand() {
        let timeline = timeline_of(vec![agent("simcore"), ProbedAgent::new("majority", ProbedKind::Majority)]);
        assert_eq!(timeline.steps, [10, 20]);
        assert_eq!(timeline.mean.len(), 1, "majority was not asked");
        assert_eq!(values(&timeline.mean[0]), [Some(0.5), Some(0.75)]);
        assert_eq!(values(&timeline.seen[0]), [Some(1.0), Some(0.75)]);
        assert_eq!(values(&timeline.unseen[0]), [Some(0.0), None]);
        assert_eq!(values(&timeline.templates[1].curves[0]), [Some(0.0), Some(0.5)]);
        let labels: Vec<&str> = timeline.age.bins.iter().map(|bin| bin.label.as_str()).collect();
        assert_eq!(labels, ["5 and more"], "few questions at 20 steps join those at 10");
        assert_eq!(timeline_of(vec![ProbedAgent::new("simcore", ProbedKind::Trained)]), Timeline::default());
    }

    #[test]
    fn a_band_is_over_seeds_where_there_are_several() {
        let seed = |seed, name: &str| ProbedAgent { variant: "simcore".into(), seed, ..agent(name) };
        let timeline = timeline_of(vec![seed(1, "a"), seed(2, "b")]);
        let at_the_end = timeline.mean[0].estimates[1].expect("questions at step 20");
        assert_eq!((timeline.mean[0].name.as_str(), at_the_end.num_seeds, at_the_end.value), ("simcore", 2, 0.75));
    }
}
