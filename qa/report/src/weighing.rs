//! Which questions an accuracy is over, and how much each of them weighs.
//!
//! Right answers are balanced over all questions, so over all of them accuracy is plain: the share of right answers in each
//! template, and the mean over templates. Among questions that were chosen by their evidence, such as those at long gaps,
//! answers are not balanced: that something is absent rests on everything in the room, so *no* is commoner there, and who
//! always says *no* would seem to know something. Over such questions accuracy is *balanced*: within a template the mean over
//! right answers of the accuracy among the questions with that answer, then the mean over templates. Chance is then
//! 1 / (number of answers), and nobody gets above it in the long run who does not look at the evidence.
//!
//! An answer counts where every agent was asked at least 10 such questions, and a template where two of its answers and at
//! least half of them count: the same for every row, so that rows can be compared. [`Division`] has the rule.

use crate::group::Answers;
use crate::outcome::{Outcome, ProbeFile, TemplateEntry};
use crate::statistics::{Comparison, Division, GroupEstimates, compare, score};
use crate::table::mean;

/// Some questions, and how they weigh; its groups are templates.
pub(crate) struct Weighing<'a> {
    templates: &'a [TemplateEntry],
    keep: Box<dyn Fn(&Outcome) -> bool + 'a>,
    /// Of each template the cell of its first answer, the others following; `None` where all its questions weigh the same.
    first_cells: Option<Vec<usize>>,
    division: Division,
}

impl<'a> Weighing<'a> {
    /// The questions that `keep` keeps, for plain accuracy: it must not choose by evidence.
    pub(crate) fn plain(probed: &'a ProbeFile, keep: impl Fn(&Outcome) -> bool + 'a) -> Self {
        let division = Division::plain(probed.templates.len());
        Self { templates: &probed.templates, keep: Box::new(keep), first_cells: None, division }
    }

    /// The questions that `keep` keeps, for balanced accuracy; what counts is judged by these `answers` of all agents that
    /// have any.
    pub(crate) fn balanced(probed: &'a ProbeFile, answers: Answers, keep: impl Fn(&Outcome) -> bool + 'a) -> Self {
        let nums_answers: Vec<usize> = probed.templates.iter().map(|template| template.answers.len()).collect();
        let first_cells = nums_answers.iter().scan(0, |next, num| {
            let first = *next;
            *next += num;
            Some(first)
        });
        let mut weighing = Self {
            templates: &probed.templates,
            keep: Box::new(keep),
            first_cells: Some(first_cells.collect()),
            division: Division::by_answer(&nums_answers),
        };
        let asked = probed.agents.iter().map(|agent| answers.of(agent)).filter(|outcomes| !outcomes.is_empty());
        let nums = asked.map(|outcomes| weighing.num_questions(outcomes));
        let fewest = nums.reduce(|fewest, nums| fewest.into_iter().zip(nums).map(|(a, b)| a.min(b)).collect());
        let fewest = fewest.unwrap_or_else(|| vec![0; weighing.division.num_cells()]);
        weighing.division = weighing.division.narrowed(&fewest);
        weighing
    }

    /// How many of these questions lie in each cell.
    fn num_questions(&self, outcomes: &[Outcome]) -> Vec<u64> {
        let mut nums = vec![0; self.division.num_cells()];
        for cell in outcomes.iter().filter_map(|outcome| self.cell(outcome)) {
            nums[cell] += 1;
        }
        nums
    }

    fn cell(&self, outcome: &Outcome) -> Option<usize> {
        if !(self.keep)(outcome) {
            return None;
        }
        let template = usize::from(outcome.template);
        let Some(first_cells) = &self.first_cells else { return Some(template) };
        let place = self.templates.get(template)?.answers.iter().position(|&answer| answer == outcome.answer)?;
        Some(first_cells.get(template)? + place)
    }

    /// Accuracies of a row whose `seeds` have answered: of each template, and their mean.
    pub(crate) fn score(&self, seeds: &[&[Outcome]]) -> GroupEstimates {
        score(seeds, &self.division, |outcome| self.cell(outcome))
    }

    /// Accuracies of one row less those of another on the questions that all seeds of both were asked.
    pub(crate) fn compare(&self, first: &[&[Outcome]], second: &[&[Outcome]]) -> Comparison {
        compare(first, second, &self.division, |outcome| self.cell(outcome))
    }

    /// Whether every right answer weighs the same.
    pub(crate) fn is_balanced(&self) -> bool {
        self.first_cells.is_some()
    }

    /// The right answers that count in each template, none where the template does not count; all where questions weigh
    /// the same.
    pub(crate) fn answers(&self) -> Vec<Vec<u16>> {
        let Some(first_cells) = &self.first_cells else {
            return self.templates.iter().map(|template| template.answers.clone()).collect();
        };
        let templates = self.templates.iter().zip(first_cells).zip(self.division.cells());
        let answers = templates.map(|((template, first), cells)| {
            cells.iter().filter_map(|cell| template.answers.get(cell - first).copied()).collect()
        });
        answers.collect()
    }

    /// Accuracy of a guess in each template; `None` where the template does not count.
    pub(crate) fn chances(&self) -> Vec<Option<f64>> {
        if !self.is_balanced() {
            return self.templates.iter().map(|template| Some(template.chance)).collect();
        }
        let chance = |cells: &[usize]| (!cells.is_empty()).then(|| 1.0 / cells.len() as f64);
        self.division.cells().map(chance).collect()
    }

    /// Accuracy of a guess in the mean over templates; `None` where none counts.
    pub(crate) fn chance(&self) -> Option<f64> {
        mean(self.chances().into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{ProbeProtocol, ProbedAgent, ProbedKind};
    use crate::statistics::Estimate;
    use groundling_interface::derive;
    use rand::Rng;

    const NUM_ANSWERS: [u16; 3] = [2, 4, 6];

    /// 3,000 questions of each template. Over all of them the right answers are balanced; of those at a long gap the
    /// further answers are rarer and rarer, whatever the question's words, of which there are twelve kinds.
    fn questions() -> Vec<(Outcome, u16)> {
        let mut generator = derive(7, "test/questions", &[]);
        let mut draw = |num: u32| generator.next_u32() % num;
        let asked = (0..3_000).flat_map(|episode| (0..3_u16).map(move |template| (episode, template)));
        let question = |(episode, template): (u64, u16)| {
            let num = NUM_ANSWERS[usize::from(template)];
            let answer = (episode % u64::from(num)) as u16;
            let is_long = draw(u32::from(num)) >= u32::from(answer);
            let steps_since_seen = Some(if is_long { 40 } else { 3 });
            let outcome = Outcome {
                template,
                episode,
                question: template.into(),
                answer,
                steps_since_seen,
                ..Outcome::default()
            };
            (outcome, draw(12) as u16)
        };
        asked.map(question).collect()
    }

    /// Whoever answers `guess` of template, words and a random number.
    fn guesser(name: &str, guess: impl Fn(u16, u16, u32) -> u16) -> ProbedAgent {
        let mut generator = derive(7, name, &[]);
        let answer = |(outcome, words): (Outcome, u16)| Outcome {
            predicted: guess(outcome.template, words, generator.next_u32()),
            ..outcome
        };
        let outcomes = questions().into_iter().map(answer).collect();
        ProbedAgent { outcomes, ..ProbedAgent::new(name, ProbedKind::Trained) }
    }

    fn file(agents: Vec<ProbedAgent>) -> ProbeFile {
        let template = |num: u16| TemplateEntry {
            name: format!("of_{num}"),
            wording: String::new(),
            chance: 1.0 / f64::from(num),
            answers: (0..num).collect(),
        };
        let answers = (0..6).map(|answer| answer.to_string()).collect();
        ProbeFile::new(NUM_ANSWERS.map(template).to_vec(), answers, ProbeProtocol::default(), agents)
    }

    fn at_long_gaps(probed: &ProbeFile) -> Weighing<'_> {
        Weighing::balanced(probed, Answers::AtTheEnd, |outcome| outcome.steps_since_seen >= Some(13))
    }

    fn values(estimates: &[Option<Estimate>]) -> Vec<f64> {
        estimates.iter().map(|found| found.expect("a figure").value).collect()
    }

    #[test]
    fn who_does_not_look_at_the_evidence_is_at_chance() {
        let chances = NUM_ANSWERS.map(|num| 1.0 / f64::from(num));
        let plain_gaps = |probed: &ProbeFile| {
            let weighing = Weighing::plain(probed, |outcome| outcome.steps_since_seen >= Some(13));
            weighing.score(&[&probed.agents[0].outcomes]).mean.expect("a figure").value
        };
        for constant in [0, 1] {
            let probed = file(vec![guesser("constant", |_, _, _| constant)]);
            let found = at_long_gaps(&probed).score(&[&probed.agents[0].outcomes]);
            assert_eq!(values(&found.groups), chances, "always the same answer is right in exactly one");
            // Plain accuracy of the most common answer there is far above.
            let mean = found.mean.expect("a figure").value;
            assert!(constant != 0 || plain_gaps(&probed) > 1.3 * mean);
        }
        let uniform =
            guesser("uniform", |template, _, random| (random % u32::from(NUM_ANSWERS[usize::from(template)])) as u16);
        // The most common answer to these words, as question-only may have learnt it.
        let by_words = guesser("by_words", |template, words, _| words % NUM_ANSWERS[usize::from(template)]);
        // The answers' shares at long gaps, drawn at random.
        let by_shares = guesser("by_shares", |template, words, random| {
            let (num, first) = (NUM_ANSWERS[usize::from(template)], words % 12);
            ((random % 97) as u16 * first / 97).min(num - 1)
        });
        for agent in [uniform, by_words, by_shares] {
            let probed = file(vec![agent]);
            let weighing = at_long_gaps(&probed);
            assert_eq!(weighing.chances(), chances.map(Some));
            let found = weighing.score(&[&probed.agents[0].outcomes]);
            for (estimate, chance) in found.groups.iter().flatten().zip(chances) {
                assert!((estimate.value - chance).abs() < 0.04, "{} {estimate:?}", probed.agents[0].name);
            }
            let mean = found.mean.expect("a figure");
            assert!(mean.interval.contains(weighing.chance().expect("chance")), "{} {mean:?}", probed.agents[0].name);
        }
    }

    #[test]
    fn what_counts_is_the_same_for_every_row() {
        let full = guesser("full", |_, _, _| 0);
        let mut few = guesser("few", |_, _, _| 0);
        // One agent has but nine questions at long gaps of the answer 1, and one has answered nothing.
        let mut num = [0; 3];
        few.outcomes.retain(|outcome| {
            let is_rare = outcome.answer == 1 && outcome.steps_since_seen == Some(40);
            num[usize::from(outcome.template)] += u32::from(is_rare);
            !is_rare || num[usize::from(outcome.template)] <= 9
        });
        let probed = file(vec![full, few, ProbedAgent::new("none", ProbedKind::Facts)]);
        let weighing = at_long_gaps(&probed);
        assert_eq!(weighing.answers(), [vec![], vec![0, 2, 3], vec![0, 2, 3, 4, 5]]);
        assert_eq!(weighing.chances(), [None, Some(1.0 / 3.0), Some(0.2)]);
        assert_eq!(weighing.chance(), Some((1.0 / 3.0 + 0.2) / 2.0));
        for agent in &probed.agents[..2] {
            let found = weighing.score(&[&agent.outcomes]);
            assert_eq!(found.groups[0], None);
            assert!((found.mean.expect("a figure").value - (1.0 / 3.0 + 0.2) / 2.0).abs() < 1e-12);
        }
        let compared = weighing.compare(&[&probed.agents[0].outcomes], &[&probed.agents[1].outcomes]);
        let (difference, test) = compared.mean.expect("a difference");
        assert_eq!((difference.value, test.p_value, test.mcnemar), (0.0, 1.0, None));
    }

    #[test]
    fn a_difference_weighs_as_both_accuracies_do() {
        let zero = guesser("zero", |_, _, _| 0);
        // Right wherever the answer is 0 or 1.
        let mut both = guesser("both", |_, _, _| 0);
        both.outcomes.iter_mut().filter(|outcome| outcome.answer == 1).for_each(|outcome| outcome.predicted = 1);
        let probed = file(vec![zero, both]);
        let weighing = at_long_gaps(&probed);
        let [zero, both] = [0, 1].map(|index| [&probed.agents[index].outcomes[..]]);
        let compared = weighing.compare(&both, &zero);
        let found = |row: &[&[Outcome]]| weighing.score(row).mean.expect("a figure").value;
        let (difference, test) = compared.mean.expect("a difference");
        assert!((difference.value - (found(&both) - found(&zero))).abs() < 1e-12);
        // Another answer of each template: 1/2, 1/4 and 1/6.
        assert!((difference.value - 11.0 / 36.0).abs() < 1e-12 && test.p_value < 1e-9, "{difference:?} {test:?}");
    }
}
