//! Accuracy against age: the steps since a question's evidence was last in view. A random memory forgets within a few
//! steps, so the right end of this curve says most about what was learnt.

use serde::Serialize;

use crate::outcome::{Outcome, ProbeFile, ProbedAgent, ProbedKind};
use crate::statistics::{Estimate, score_groups};

/// First ages of the bins; each ends where the next begins.
const BIN_STARTS: [u32; 7] = [0, 1, 5, 13, 33, 81, 201];
/// Fewer questions than this do not make an oldest bin of their own: they join the next younger one.
const FEWEST_QUESTIONS: usize = 40;

/// The curves of all agents over the same bins.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgeCurves {
    /// Only bins in which some agent has a question.
    pub bins: Vec<AgeBin>,
    /// All templates together, one curve an agent.
    pub pooled: Vec<AgeCurve>,
    /// The same for each template that has questions of known age in more than one bin.
    pub templates: Vec<TemplateAgeCurves>,
}

/// A range of ages in steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgeBin {
    /// `in view`, `5 to 12` or `201 and more`.
    pub label: String,
    /// Its first age.
    pub first: u32,
    /// Its last age; `None` for the oldest, which has no end.
    pub last: Option<u32>,
}

/// One agent's accuracy in each bin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgeCurve {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ProbedKind,
    /// One entry a bin; `None` without questions.
    pub estimates: Vec<Option<Estimate>>,
}

/// The curves of one template.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateAgeCurves {
    /// Its name.
    pub template: String,
    /// One an agent.
    pub curves: Vec<AgeCurve>,
}

impl AgeCurves {
    /// The curves of a probe file.
    pub fn of(probed: &ProbeFile) -> Self {
        let bins = bins(probed);
        let templates = probed.templates.iter().enumerate().map(|(index, template)| TemplateAgeCurves {
            template: template.name.clone(),
            curves: curves(probed, &bins, |outcome| usize::from(outcome.template) == index),
        });
        Self { pooled: curves(probed, &bins, |_| true), templates: templates.filter(spans_bins).collect(), bins }
    }
}

/// The bins that hold a question of some agent, the oldest of them long enough to hold a few.
fn bins(probed: &ProbeFile) -> Vec<AgeBin> {
    let mut most_questions = [0; BIN_STARTS.len()];
    for agent in &probed.agents {
        let mut num_questions = [0; BIN_STARTS.len()];
        for age in agent.outcomes.iter().filter_map(|outcome| outcome.steps_since_seen) {
            if let Some(bin) = BIN_STARTS.iter().rposition(|&first| first <= age) {
                num_questions[bin] += 1;
            }
        }
        for (most, num) in most_questions.iter_mut().zip(num_questions) {
            *most = num.max(*most);
        }
    }
    let mut used: Vec<usize> = (0..BIN_STARTS.len()).filter(|&bin| most_questions[bin] > 0).collect();
    let mut oldest_has_end = true;
    while let [.., younger, oldest] = used[..]
        && BIN_STARTS[younger] > 0
        && most_questions[oldest] < FEWEST_QUESTIONS
    {
        most_questions[younger] += most_questions[oldest];
        used.pop();
        oldest_has_end = false;
    }
    let ends = used.iter().enumerate().map(|(place, &bin)| {
        let is_open = place + 1 == used.len() && !oldest_has_end;
        BIN_STARTS.get(bin + 1).map(|next| next - 1).filter(|_| !is_open)
    });
    used.iter().zip(ends).map(|(&bin, last)| age_bin(BIN_STARTS[bin], last)).collect()
}

fn curves(probed: &ProbeFile, bins: &[AgeBin], keep: impl Fn(&Outcome) -> bool) -> Vec<AgeCurve> {
    let curve = |agent: &ProbedAgent| AgeCurve {
        name: agent.name.clone(),
        kind: agent.kind,
        estimates: score_groups(&agent.outcomes, bins.len(), |outcome| {
            let age = outcome.steps_since_seen.filter(|_| keep(outcome))?;
            bins.iter().position(|bin| bin.first <= age && bin.last.is_none_or(|last| age <= last))
        }),
    };
    probed.agents.iter().map(curve).collect()
}

fn spans_bins(template: &TemplateAgeCurves) -> bool {
    template.curves.iter().any(|curve| curve.estimates.iter().flatten().count() > 1)
}

fn age_bin(first: u32, last: Option<u32>) -> AgeBin {
    let label = match last {
        _ if first == 0 => "in view".to_owned(),
        Some(last) => format!("{first} to {last}"),
        None => format!("{first} and more"),
    };
    AgeBin { label, first, last }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{ProbeProtocol, TemplateEntry};

    /// `copies` questions of each age; the first age is asked of template 1, the others of template 0, and only the
    /// third is answered right.
    fn curves_of(ages: &[Option<u32>], copies: u64) -> AgeCurves {
        let outcomes = (0..copies).flat_map(|episode| {
            ages.iter().enumerate().map(move |(index, &steps_since_seen)| Outcome {
                template: u16::from(index == 0),
                episode,
                question: index as u32,
                predicted: u16::from(index != 2),
                seen: steps_since_seen.is_some(),
                steps_since_seen,
                ..Outcome::default()
            })
        });
        let agent = ProbedAgent { outcomes: outcomes.collect(), ..ProbedAgent::new("lstm", ProbedKind::Trained) };
        let template =
            |name: &str| TemplateEntry { name: name.into(), wording: String::new(), chance: 0.5, answers: vec![0, 1] };
        let templates = vec![template("color"), template("shape")];
        let answers = vec!["red".into(), "blue".into()];
        AgeCurves::of(&ProbeFile::new(templates, answers, ProbeProtocol::default(), vec![agent]))
    }

    fn labels(curves: &AgeCurves) -> Vec<&str> {
        curves.bins.iter().map(|bin| bin.label.as_str()).collect()
    }

    fn figures(curve: &AgeCurve) -> Vec<Option<(f64, u64)>> {
        curve.estimates.iter().map(|e| e.map(|e| (e.value, e.num_questions))).collect()
    }

    #[test]
    fn ages_fall_into_their_bins() {
        let curves = curves_of(&[Some(0), Some(4), Some(5), Some(12), Some(u32::MAX), None], 50);
        assert_eq!(labels(&curves), ["in view", "1 to 4", "5 to 12", "201 and more"]);
        assert_eq!(figures(&curves.pooled[0]), [Some((0.0, 50)), Some((0.0, 50)), Some((0.5, 100)), Some((0.0, 50))]);
        assert_eq!(curves.templates.len(), 1, "a template with a single bin has no curve");
        assert_eq!(figures(&curves.templates[0].curves[0])[0], None);
    }

    #[test]
    fn a_few_very_old_questions_join_the_next_younger() {
        let curves = curves_of(&[Some(0), Some(4), Some(5), Some(12), Some(40), Some(u32::MAX)], 20);
        assert_eq!(labels(&curves), ["in view", "1 to 4", "5 to 12", "33 and more"]);
        assert_eq!(figures(&curves.pooled[0])[3], Some((0.0, 40)));
        // What was in view stays apart, however few are not.
        assert_eq!(labels(&curves_of(&[Some(0), Some(3), None], 2)), ["in view", "1 to 4"]);
        assert_eq!(labels(&curves_of(&[None], 2)), [""; 0]);
    }
}
