//! Knowledge over time: the same questions asked at several steps of an episode.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::age::age_curves;
use crate::curves::{AllCurves, BinnedCurves, Curves, TemplateCurves};
use crate::group::Answers;
use crate::outcome::{Outcome, ProbeFile};
use crate::pixels::pixel_curves;
use crate::weighing::Weighing;

/// Accuracy at each step at which questions were asked. Empty where none were asked in the course of an episode.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Timeline {
    /// Steps of the episode after which questions were asked, ascending; an entry of each curve.
    pub steps: Vec<u32>,
    /// All questions.
    pub mean: Curves,
    /// Questions whose evidence had been in view by that step, in balanced accuracy.
    pub seen: Curves,
    /// Questions whose evidence had not yet been in view, or that have none, in balanced accuracy.
    pub unseen: Curves,
    /// Each template, all its questions.
    pub templates: Vec<TemplateCurves>,
    /// At all steps together, against steps since the evidence was last in view.
    pub age: BinnedCurves,
    /// At all steps together, against the most pixels that showed the evidence.
    pub pixels: BinnedCurves,
}

impl Timeline {
    /// The timelines of a probe file.
    pub(crate) fn of<'a>(probed: &'a ProbeFile) -> Self {
        let asked = probed.agents.iter().flat_map(|agent| &agent.timeline);
        let steps: Vec<u32> = asked.map(|outcome| outcome.step).collect::<BTreeSet<u32>>().into_iter().collect();
        if steps.is_empty() {
            return Self::default();
        }
        let at_each = |weighing: &dyn Fn(u32) -> Weighing<'a>| {
            let places: Vec<Weighing<'a>> = steps.iter().map(|&step| weighing(step)).collect();
            AllCurves::of(probed, Answers::OnTheWay, &places)
        };
        let balanced = |is_seen: bool| {
            let keep = move |outcome: &Outcome, step| outcome.step == step && outcome.seen == is_seen;
            let weighing = |step| Weighing::balanced(probed, Answers::OnTheWay, move |outcome| keep(outcome, step));
            at_each(&weighing).mean
        };
        let all = at_each(&|step| Weighing::plain(probed, move |outcome| outcome.step == step));
        Self {
            mean: all.mean,
            seen: balanced(true),
            unseen: balanced(false),
            templates: all.templates,
            age: age_curves(probed, Answers::OnTheWay),
            pixels: pixel_curves(probed, Answers::OnTheWay),
            steps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{ProbeProtocol, ProbedAgent, ProbedKind, TemplateEntry};

    /// Forty episodes with a question of each of two templates, asked at steps 10 and 20; every other right answer is
    /// `blue`. The first template is known at both steps, the second at 20 where the
    /// answer is `blue`, and its evidence came into view between the two.
    fn agent(name: &str) -> ProbedAgent {
        let outcome = |episode: u64, template: u16, step: u32| {
            let is_late = template == 1;
            let answer = u16::from(episode % 2 == 1);
            let is_right = !is_late || (step == 20 && answer == 1);
            Outcome {
                template,
                episode,
                question: template.into(),
                step,
                answer,
                predicted: if is_right { answer } else { 1 - answer },
                seen: !is_late || step == 20,
                steps_since_seen: (!is_late || step == 20).then_some(step),
                ..Outcome::default()
            }
        };
        let asked = (0..40).flat_map(|e| [(e, 0, 10), (e, 1, 10), (e, 0, 20), (e, 1, 20)]);
        let timeline = asked.map(|(episode, template, step)| outcome(episode, template, step)).collect();
        ProbedAgent { timeline, ..ProbedAgent::new(name, ProbedKind::Trained) }
    }

    fn timeline_of(agents: Vec<ProbedAgent>) -> Timeline {
        let template =
            |name: &str| TemplateEntry { name: name.into(), wording: String::new(), chance: 0.5, answers: vec![0, 1] };
        let templates = vec![template("color"), template("exist")];
        Timeline::of(&ProbeFile::new(templates, vec!["red".into(), "blue".into()], ProbeProtocol::default(), agents))
    }

    fn values(curves: &Curves) -> Vec<Option<f64>> {
        curves.rows[0].estimates.iter().map(|found| found.map(|found| found.value)).collect()
    }

    #[test]
    fn by_hand() {
        let timeline = timeline_of(vec![agent("simcore"), ProbedAgent::new("majority", ProbedKind::Majority)]);
        assert_eq!(timeline.steps, [10, 20]);
        assert_eq!(timeline.mean.rows.len(), 1, "majority was not asked");
        assert_eq!(values(&timeline.mean), [Some(0.5), Some(0.75)]);
        assert_eq!(values(&timeline.seen), [Some(1.0), Some(0.75)]);
        assert_eq!(values(&timeline.unseen), [Some(0.0), None]);
        assert_eq!(timeline.unseen.chance, [Some(0.5), None]);
        assert_eq!(values(&timeline.templates[1].curves), [Some(0.0), Some(0.5)]);
        let labels: Vec<&str> = timeline.age.bins.iter().map(|bin| bin.label.as_str()).collect();
        assert_eq!(labels, ["5 to 12", "13 to 32"]);
        assert_eq!(timeline_of(vec![ProbedAgent::new("simcore", ProbedKind::Trained)]), Timeline::default());
    }

    #[test]
    fn what_was_seen_is_balanced_by_answer() {
        // Half of those with the answer `blue` were seen, and all of the others.
        let mut seen = agent("simcore");
        for outcome in seen.timeline.iter_mut().filter(|outcome| outcome.template == 1) {
            outcome.seen = outcome.step == 20 && outcome.episode < if outcome.answer == 1 { 20 } else { 40 };
        }
        let timeline = timeline_of(vec![seen]);
        // Of `exist` 10 of 30 are right, but half of the answers.
        assert_eq!(values(&timeline.seen)[1], Some(0.75));
    }

    #[test]
    fn a_band_is_over_seeds_where_there_are_several() {
        let seed = |seed, name: &str| ProbedAgent { variant: "simcore".into(), seed, ..agent(name) };
        let timeline = timeline_of(vec![seed(1, "a"), seed(2, "b")]);
        let curve = &timeline.mean.rows[0];
        let at_the_end = curve.estimates[1].expect("questions at step 20");
        assert_eq!((curve.name.as_str(), at_the_end.num_seeds, at_the_end.value), ("simcore", 2, 0.75));
    }
}
