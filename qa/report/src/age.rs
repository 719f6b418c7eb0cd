//! Accuracy against age: the steps since a question's evidence was last in view. A random memory forgets within a few
//! steps, so the right end of this curve says most about what was learnt.

use crate::curves::{BinnedCurves, range_label, used_bins};
use crate::group::Answers;
use crate::outcome::ProbeFile;

/// First ages of the bins; each ends where the next begins.
const BIN_STARTS: [u32; 7] = [0, 1, 5, 13, 33, 81, 201];
/// Fewer questions than this do not make an oldest bin of their own: they join the next younger one.
const FEWEST_QUESTIONS: usize = 40;

/// Accuracy against steps since the evidence was last in view; questions whose evidence never was are left out.
pub(crate) fn age_curves(probed: &ProbeFile, answers: Answers) -> BinnedCurves {
    let label = |first, last| if first == 0 { "in view".to_owned() } else { range_label(first, last) };
    let bins = used_bins(probed, answers, &BIN_STARTS, FEWEST_QUESTIONS, |outcome| outcome.steps_since_seen, label);
    BinnedCurves::of(probed, answers, bins, |outcome| outcome.steps_since_seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curves::Curve;
    use crate::outcome::{Outcome, ProbeProtocol, ProbedAgent, ProbedKind, TemplateEntry};

    /// `copies` questions of each age; the first age is asked of template 1, the others of template 0, and only the
    /// third is answered right.
    fn curves_of(ages: &[Option<u32>], copies: u64) -> BinnedCurves {
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
        let file = ProbeFile::new(templates, answers, ProbeProtocol::default(), vec![agent]);
        age_curves(&file, Answers::AtTheEnd)
    }

    fn labels(curves: &BinnedCurves) -> Vec<&str> {
        curves.bins.iter().map(|bin| bin.label.as_str()).collect()
    }

    fn figures(curve: &Curve) -> Vec<Option<(f64, u64)>> {
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
