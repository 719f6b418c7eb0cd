//! How often each answer is right in a set.

use std::collections::BTreeMap;

use serde::Serialize;

use super::QuestionSet;

/// The questions of one template in a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TemplateCounts {
    /// Short name of the template.
    pub template: String,
    /// Number of its questions.
    pub num_questions: usize,
    /// Number of questions by their right answer.
    pub answers: BTreeMap<String, usize>,
}

impl QuestionSet {
    /// The counts of each template that its source asks for, in the order of the source; one of which nothing is asked
    /// has no questions.
    pub fn summary(&self) -> Vec<TemplateCounts> {
        let mut answers: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
        for question in &self.questions {
            let of_template = answers.entry(&question.template).or_default();
            *of_template.entry(question.answer.clone()).or_default() += 1;
        }
        let counts = |template: &String| {
            let answers = answers.remove(template.as_str()).unwrap_or_default();
            TemplateCounts { template: template.clone(), num_questions: answers.values().sum(), answers }
        };
        self.source.questions.templates.iter().map(counts).collect()
    }
}

impl TemplateCounts {
    /// The accuracy of always giving the commonest answer, in [0, 1]; none without questions.
    pub fn majority_accuracy(&self) -> Option<f64> {
        self.share(self.answers.values().max())
    }

    /// The share of the rarest answer among those that occur, in [0, 1]; none without questions.
    pub fn rarest_share(&self) -> Option<f64> {
        self.share(self.answers.values().min())
    }

    fn share(&self, count: Option<&usize>) -> Option<f64> {
        count.map(|&count| count as f64 / self.num_questions as f64)
    }
}
