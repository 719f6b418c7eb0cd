//! Accuracy against age: the steps since a question's evidence was last in view. A random memory forgets within a few
//! steps, so the right end of this curve says most about what was learnt.

use serde::Serialize;

use crate::outcome::{Outcome, ProbeFile, ProbedKind};
use crate::statistics::{Estimate, score_groups};

/// First ages of the bins; each ends where the next begins.
const BIN_STARTS: [u32; 7] = [0, 1, 5, 13, 33, 81, 201];

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
        let mut is_used = [false; BIN_STARTS.len()];
        for outcome in probed.agents.iter().flat_map(|agent| &agent.outcomes) {
            if let Some(bin) = bin_of(outcome) {
                is_used[bin] = true;
            }
        }
        let used: Vec<usize> = (0..BIN_STARTS.len()).filter(|&bin| is_used[bin]).collect();
        let templates = probed.templates.iter().enumerate().map(|(index, template)| TemplateAgeCurves {
            template: template.name.clone(),
            curves: curves(probed, &used, |outcome| usize::from(outcome.template) == index),
        });
        Self {
            bins: used.iter().map(|&bin| age_bin(bin)).collect(),
            pooled: curves(probed, &used, |_| true),
            templates: templates.filter(spans_bins).collect(),
        }
    }
}

fn curves(probed: &ProbeFile, used: &[usize], keep: impl Fn(&Outcome) -> bool) -> Vec<AgeCurve> {
    let curve = |agent: &crate::ProbedAgent| AgeCurve {
        name: agent.name.clone(),
        kind: agent.kind,
        estimates: score_groups(&agent.outcomes, used.len(), |outcome| {
            let bin = bin_of(outcome).filter(|_| keep(outcome))?;
            used.iter().position(|&candidate| candidate == bin)
        }),
    };
    probed.agents.iter().map(curve).collect()
}

fn spans_bins(template: &TemplateAgeCurves) -> bool {
    template.curves.iter().any(|curve| curve.estimates.iter().flatten().count() > 1)
}

fn bin_of(outcome: &Outcome) -> Option<usize> {
    let age = outcome.steps_since_seen?;
    BIN_STARTS.iter().rposition(|&first| first <= age)
}

fn age_bin(bin: usize) -> AgeBin {
    let first = BIN_STARTS[bin];
    let last = BIN_STARTS.get(bin + 1).map(|next| next - 1);
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
    use crate::outcome::{ProbeProtocol, ProbedAgent, TemplateEntry};

    #[test]
    fn ages_fall_into_their_bins() {
        let ages = [Some(0), Some(4), Some(5), Some(12), Some(u32::MAX), None];
        let outcomes = ages.iter().enumerate().map(|(index, &steps_since_seen)| Outcome {
            template: u16::from(index == 0),
            episode: index as u64,
            question: 0,
            correct: index == 2,
            seen: true,
            steps_since_seen,
        });
        let agent = ProbedAgent {
            name: "lstm".into(),
            kind: ProbedKind::Trained,
            frames_trained: 1,
            outcomes: outcomes.collect(),
            curve: vec![],
        };
        let template = |name: &str| TemplateEntry { name: name.into(), wording: String::new(), chance: 0.5 };
        let templates = vec![template("color"), template("shape")];
        let curves = AgeCurves::of(&ProbeFile::new(templates, ProbeProtocol::default(), vec![agent]));
        let labels: Vec<&str> = curves.bins.iter().map(|bin| bin.label.as_str()).collect();
        assert_eq!(labels, ["in view", "1 to 4", "5 to 12", "201 and more"]);
        let figures = |curve: &AgeCurve| -> Vec<Option<(f64, u64)>> {
            curve.estimates.iter().map(|e| e.map(|e| (e.value, e.num_questions))).collect()
        };
        assert_eq!(figures(&curves.pooled[0]), [Some((0.0, 1)), Some((0.0, 1)), Some((0.5, 2)), Some((0.0, 1))]);
        assert_eq!(curves.templates.len(), 1, "a template with a single bin has no curve");
        assert_eq!(figures(&curves.templates[0].curves[0])[0], None);
    }
}
