//! The answers of several agents to the questions that all of them were asked.

use super::clusters::Clusters;
use crate::outcome::Outcome;

/// What names a question that is asked once, in the order in which an agent is asked.
type Key = (u64, u32, u16);

/// One agent's answer to one question.
struct Answer {
    key: Key,
    cell: usize,
    is_right: bool,
}

/// Every agent's answers to the questions that all were asked and that belong to the same cell for all.
pub(super) struct Paired {
    num_cells: usize,
    /// The questions, in order, each with its cell.
    questions: Vec<(Key, usize)>,
    /// For each agent whether it answered each of the questions right.
    right: Vec<Vec<bool>>,
}

/// Questions that only one of two agents answered right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Discordant {
    pub(super) only_first: u64,
    pub(super) only_second: u64,
}

impl Paired {
    /// `cell` says where a question belongs, which may depend on what an agent had seen; `None` or a cell beyond
    /// `num_cells` leaves it out.
    pub(super) fn of<'a>(
        agents: impl Iterator<Item = &'a [Outcome]>,
        num_cells: usize,
        cell: impl Fn(&Outcome) -> Option<usize>,
    ) -> Self {
        let answers: Vec<Vec<Answer>> = agents.map(|outcomes| in_order(outcomes, num_cells, &cell)).collect();
        let mut questions: Vec<(Key, usize)> = Vec::new();
        for (index, agent) in answers.iter().enumerate() {
            if index == 0 {
                questions.extend(agent.iter().map(|answer| (answer.key, answer.cell)));
            } else {
                let mut answers = agent.iter().peekable();
                questions.retain(|&(key, cell)| find(&mut answers, key).is_some_and(|answer| answer.cell == cell));
            }
        }
        let right_of = |agent: &Vec<Answer>| {
            let mut answers = agent.iter().peekable();
            questions.iter().map(|&(key, _)| find(&mut answers, key).is_some_and(|answer| answer.is_right)).collect()
        };
        Self { num_cells, right: answers.iter().map(right_of).collect(), questions }
    }

    /// Each agent's answers, counted by episode.
    pub(super) fn clusters(&self) -> Vec<Clusters> {
        let of_agent = |right: &Vec<bool>| {
            let answers = self.questions.iter().zip(right);
            Clusters::of(answers.map(|(&((episode, ..), cell), &is_right)| (episode, cell, is_right)), self.num_cells)
        };
        self.right.iter().map(of_agent).collect()
    }

    /// The discordant questions of the first two agents in each cell.
    pub(super) fn discordant(&self) -> Vec<Discordant> {
        let mut counts = vec![Discordant::default(); self.num_cells];
        if let [first, second, ..] = &self.right[..] {
            for ((&(_, cell), &first), &second) in self.questions.iter().zip(first).zip(second) {
                counts[cell].only_first += u64::from(first && !second);
                counts[cell].only_second += u64::from(second && !first);
            }
        }
        counts
    }
}

fn in_order(outcomes: &[Outcome], num_cells: usize, cell: impl Fn(&Outcome) -> Option<usize>) -> Vec<Answer> {
    let answer = |outcome: &Outcome| {
        let cell = cell(outcome).filter(|&cell| cell < num_cells)?;
        let key = (outcome.episode, outcome.question, outcome.template);
        Some(Answer { key, cell, is_right: outcome.correct() })
    };
    let mut answers: Vec<Answer> = outcomes.iter().filter_map(answer).collect();
    // Mostly they are in order already, which makes this one pass.
    answers.sort_by_key(|answer| answer.key);
    answers
}

/// The answer to `key`, from answers in order of which those to earlier questions may have been taken.
fn find<'a>(answers: &mut std::iter::Peekable<impl Iterator<Item = &'a Answer>>, key: Key) -> Option<&'a Answer> {
    while answers.next_if(|answer| answer.key < key).is_some() {}
    answers.next_if(|answer| answer.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(episode: u64, question: u32, is_right: bool) -> Outcome {
        Outcome { episode, question, predicted: u16::from(!is_right), ..Outcome::default() }
    }

    #[test]
    fn only_questions_that_all_were_asked_count() {
        let first = [outcome(0, 0, true), outcome(0, 1, true), outcome(2, 0, false), outcome(3, 5, true)];
        // In another order, with a question more and one less.
        let second = [outcome(3, 5, false), outcome(2, 0, true), outcome(0, 1, true), outcome(1, 0, true)];
        let group = |outcome: &Outcome| Some(usize::from(outcome.question == 5));
        let paired = Paired::of([&first[..], &second[..]].into_iter(), 2, group);
        assert_eq!(paired.questions, [((0, 1, 0), 0), ((2, 0, 0), 0), ((3, 5, 0), 1)]);
        assert_eq!(paired.right, [[true, false, true], [true, true, false]]);
        let counts = [(0, 1), (1, 0)].map(|(only_first, only_second)| Discordant { only_first, only_second });
        assert_eq!(paired.discordant(), counts);
        let totals = paired.clusters()[0].totals.clone();
        assert_eq!((totals[0].right, totals[0].num, totals[1].right, totals[1].num), (1, 2, 1, 1));
    }

    #[test]
    fn a_question_of_another_group_for_one_agent_is_left_out() {
        let seen = [Outcome { seen: true, ..outcome(0, 0, true) }, outcome(0, 1, true)];
        let unseen = [outcome(0, 0, true), outcome(0, 1, true)];
        let group = |outcome: &Outcome| Some(usize::from(outcome.seen));
        let paired = Paired::of([&seen[..], &unseen[..]].into_iter(), 2, group);
        assert_eq!(paired.questions, [((0, 1, 0), 0)]);
    }
}
