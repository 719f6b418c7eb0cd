//! How questions are divided for an accuracy: into groups, such as templates, and each group into cells, such as the right
//! answers of a template.
//!
//! The accuracy of a group is the mean over its cells of the share of right answers in each, every cell with the same
//! weight; the mean is over groups, each with the same weight. With one cell a group this is plain accuracy. With a cell a
//! right answer it is *balanced accuracy*, the mean recall over answers: whoever gives one answer always, or draws answers
//! without a look at the evidence, is right in 1 / (number of answers), however unevenly the right answers are spread.

/// An answer with fewer questions than this does not count: its cell would weigh as much as the others and be little but
/// noise, and a variance from so few is too small too often.
pub(crate) const FEWEST_QUESTIONS: u64 = 10;
/// A group with fewer answers that count has no balanced accuracy: of one answer alone, who always gives it knows all.
const FEWEST_ANSWERS: usize = 2;

/// Groups of cells, and when they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Division {
    groups: Vec<Group>,
    num_cells: usize,
    /// A cell counts from so many questions of every seed.
    fewest_questions: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    cells: Vec<usize>,
    /// The group counts from so many cells that count.
    fewest_cells: usize,
}

impl Division {
    /// Groups of one cell, which has the group's number.
    pub(crate) fn plain(num_groups: usize) -> Self {
        let groups = (0..num_groups).map(|cell| Group { cells: vec![cell], fewest_cells: 1 });
        Self { groups: groups.collect(), num_cells: num_groups, fewest_questions: 1 }
    }

    /// A group for each of `nums_answers`, with a cell an answer; cells are numbered from one group to the next. An answer
    /// counts from 10 questions, and a group from two answers and half of its answers that count.
    pub(crate) fn by_answer(nums_answers: &[usize]) -> Self {
        let mut num_cells = 0;
        let mut groups = Vec::with_capacity(nums_answers.len());
        for &num in nums_answers {
            let fewest_cells = num.div_ceil(2).max(FEWEST_ANSWERS);
            groups.push(Group { cells: (num_cells..num_cells + num).collect(), fewest_cells });
            num_cells += num;
        }
        Self { groups, num_cells, fewest_questions: FEWEST_QUESTIONS }
    }

    /// The same without the cells that do not count where they hold so many questions.
    pub(crate) fn narrowed(self, questions: &[u64]) -> Self {
        let counted = self.counted(questions);
        let groups = self.groups.into_iter().zip(counted).map(|(group, cells)| Group { cells, ..group });
        Self { groups: groups.collect(), ..self }
    }

    /// For each group the cells that count where cells hold so many questions; none where the group does not count.
    pub(super) fn counted(&self, questions: &[u64]) -> Vec<Vec<usize>> {
        let counts = |cell: &usize| questions.get(*cell).is_some_and(|&num| num >= self.fewest_questions);
        let of_group = |group: &Group| {
            let cells: Vec<usize> = group.cells.iter().copied().filter(counts).collect();
            if cells.len() < group.fewest_cells { Vec::new() } else { cells }
        };
        self.groups.iter().map(of_group).collect()
    }

    /// The cells of each group.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &[usize]> {
        self.groups.iter().map(|group| group.cells.as_slice())
    }

    /// Cells, counting or not.
    pub(crate) fn num_cells(&self) -> usize {
        self.num_cells
    }

    /// Whether every question of a group weighs the same.
    pub(super) fn is_plain(&self) -> bool {
        self.groups.iter().all(|group| group.cells.len() <= 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(division: &Division) -> Vec<&[usize]> {
        division.cells().collect()
    }

    #[test]
    fn answers_and_groups_with_too_few_questions_do_not_count() {
        let division = Division::by_answer(&[2, 4, 1, 3]);
        assert_eq!(cells(&division), [&[0, 1][..], &[2, 3, 4, 5], &[6], &[7, 8, 9]]);
        // Of two answers one; of four two, which is half; of one answer all there are; of three one.
        let division = division.narrowed(&[9, 500, 10, 9, 10, 0, 500, 9, 9, 10]);
        assert_eq!(cells(&division), [&[][..], &[2, 4], &[], &[]]);
        // Once more with fewer questions, as those that two rows share.
        assert_eq!(division.counted(&[50, 50, 50, 50, 3, 50, 50, 50, 50, 50]), [[0; 0]; 4]);
    }

    #[test]
    fn plain_groups_count_from_one_question() {
        let division = Division::plain(2);
        assert!(division.is_plain() && !Division::by_answer(&[2]).is_plain());
        assert_eq!(division.counted(&[1, 0]), [&[0][..], &[]]);
        assert_eq!(division.num_cells(), 2);
    }
}
