//! Accuracy against age: the steps since a question's evidence was last in view. A random memory forgets within a few
//! steps, so the right end of this curve says most about what was learnt.

use crate::curves::{BinnedCurves, range_label};
use crate::group::Answers;
use crate::outcome::ProbeFile;

/// First ages of the bins; each ends where the next begins.
const BIN_STARTS: [u32; 7] = [0, 1, 5, 13, 33, 81, 201];

/// Balanced accuracy against steps since the evidence was last in view; questions whose evidence never was are left out.
pub(crate) fn age_curves(probed: &ProbeFile, answers: Answers) -> BinnedCurves {
    let label = |first, last| if first == 0 { "in view".to_owned() } else { range_label(first, last) };
    BinnedCurves::of(probed, answers, &BIN_STARTS, |outcome| outcome.steps_since_seen, label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curves::Curve;
    use crate::outcome::{Outcome, ProbeProtocol, ProbedAgent, ProbedKind, TemplateEntry};

    /// `copies` questions of each age and each of two right answers; the first age is asked of template 1, the others of
    /// template 0, and only the third is answered right.
    fn curves_of(ages: &[Option<u32>], copies: u64) -> BinnedCurves {
        let outcomes = (0..2 * copies).flat_map(|episode| {
            ages.iter().enumerate().map(move |(index, &steps_since_seen)| Outcome {
                template: u16::from(index == 0),
                episode,
                question: index as u32,
                answer: (episode % 2) as u16,
                predicted: ((episode + u64::from(index != 2)) % 2) as u16,
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
        let curves = curves_of(&[Some(0), Some(4), Some(5), Some(12), Some(u32::MAX), None], 25);
        assert_eq!(labels(&curves), ["in view", "1 to 4", "5 to 12", "201 and more"]);
        let expected = [Some((0.0, 50)), Some((0.0, 50)), Some((0.5, 100)), Some((0.0, 50))];
        assert_eq!(figures(&curves.mean.rows[0]), expected);
        assert_eq!(curves.mean.chance, [Some(0.5); 4]);
        assert_eq!(curves.templates.len(), 1, "a template with a single bin has no curve");
        assert_eq!(figures(&curves.templates[0].curves.rows[0])[0], None);
        assert_eq!(curves.templates[0].curves.chance, [None, Some(0.5), Some(0.5), Some(0.5)]);
    }

    #[test]
    fn a_few_very_old_questions_join_the_next_younger() {
        let ages = [0, 12, 12, 13, 13, 40, u32::MAX].map(Some);
        let curves = curves_of(&ages, 5);
        assert_eq!(labels(&curves), ["5 to 12", "13 to 32", "33 and more"]);
        assert_eq!(figures(&curves.mean.rows[0]), [Some((0.5, 20)), Some((0.0, 20)), Some((0.0, 20))]);
        // Where they are still too few, they join one more; others that are too few are left out.
        assert_eq!(labels(&curves_of(&ages, 4)), ["13 and more"]);
        // What was in view stays apart, however few are not.
        assert_eq!(labels(&curves_of(&[Some(0), Some(0), Some(3)], 9)), [""; 0]);
        assert_eq!(labels(&curves_of(&[None], 50)), [""; 0]);
    }
}
