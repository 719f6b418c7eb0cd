//! Confusion matrices: what was answered where which answer was right.

use serde::Serialize;

use crate::group::AgentGroup;
use crate::outcome::{ProbeFile, ProbedKind};

/// The templates that share their answers, such as `color` and `near_color`, and what each row answered to them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Confusion {
    /// Names of the templates.
    pub templates: Vec<String>,
    /// The answers' names, in the order of the matrices' rows and columns.
    pub answers: Vec<String>,
    /// One matrix a row that was asked.
    pub matrices: Vec<ConfusionMatrix>,
}

/// What one row answered; the questions of all its seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfusionMatrix {
    /// Name of the row.
    pub name: String,
    /// What it is.
    pub kind: ProbedKind,
    /// Questions: `counts[right answer][answer given]`, with a last column for answers that the templates do not have.
    pub counts: Vec<Vec<u64>>,
}

impl Confusion {
    /// For each set of answers that templates have, in the order of the templates.
    pub(crate) fn all(probed: &ProbeFile) -> Vec<Self> {
        let mut kinds: Vec<(&[u16], Vec<usize>)> = Vec::new();
        for (index, template) in probed.templates.iter().enumerate() {
            match kinds.iter_mut().find(|(answers, _)| *answers == template.answers.as_slice()) {
                Some((_, templates)) => templates.push(index),
                None => kinds.push((&template.answers, vec![index])),
            }
        }
        let groups = AgentGroup::all(probed);
        let confusion = |(answers, templates): (&[u16], Vec<usize>)| {
            let matrices = groups.iter().filter_map(|group| matrix(group, answers, &templates));
            let name_of = |&answer: &u16| probed.answers.get(usize::from(answer)).cloned().unwrap_or_default();
            Self {
                answers: answers.iter().map(name_of).collect(),
                matrices: matrices.collect(),
                templates: templates.iter().map(|&index| probed.templates[index].name.clone()).collect(),
            }
        };
        kinds.into_iter().map(confusion).filter(|confusion| !confusion.matrices.is_empty()).collect()
    }
}

fn matrix(group: &AgentGroup<'_>, answers: &[u16], templates: &[usize]) -> Option<ConfusionMatrix> {
    let place = |answer: u16| answers.iter().position(|&known| known == answer);
    let mut counts = vec![vec![0; answers.len() + 1]; answers.len()];
    let mut num = 0;
    let asked = group.outcomes().into_iter().flatten();
    for outcome in asked.filter(|outcome| templates.contains(&usize::from(outcome.template))) {
        if let Some(row) = place(outcome.answer) {
            counts[row][place(outcome.predicted).unwrap_or(answers.len())] += 1;
            num += 1;
        }
    }
    (num > 0).then(|| ConfusionMatrix { name: group.name.clone(), kind: group.kind, counts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Outcome, ProbeProtocol, ProbedAgent, TemplateEntry};

    #[test]
    fn templates_with_the_same_answers_share_a_matrix() {
        let template = |name: &str, answers: &[u16]| TemplateEntry {
            name: name.into(),
            wording: String::new(),
            chance: 0.5,
            answers: answers.to_vec(),
        };
        let templates = vec![template("color", &[2, 1]), template("exist", &[0, 3]), template("near_color", &[2, 1])];
        let outcomes = [(0, 1, 1), (0, 1, 2), (2, 2, 2), (2, 2, 2), (2, 1, 3)];
        let outcome = |(question, (template, answer, predicted)): (usize, &(u16, u16, u16))| Outcome {
            template: *template,
            question: question as u32,
            answer: *answer,
            predicted: *predicted,
            ..Outcome::default()
        };
        let outcomes = outcomes.iter().enumerate().map(outcome).collect();
        let agent = ProbedAgent { outcomes, ..ProbedAgent::new("simcore", ProbedKind::Trained) };
        let answers = ["yes", "red", "blue", "no"].map(String::from).to_vec();
        let probed = ProbeFile::new(templates, answers, ProbeProtocol::default(), vec![agent]);
        let [confusion] = &Confusion::all(&probed)[..] else { panic!("exist was not asked") };
        assert_eq!(confusion.templates, ["color", "near_color"]);
        assert_eq!(confusion.answers, ["blue", "red"]);
        assert_eq!(confusion.matrices[0].counts, [[2, 0, 0], [1, 1, 1]]);
    }
}
