//! Accuracy against something that a question has a number of: steps since its evidence was in view, pixels, the step when
//! it was asked.

use serde::Serialize;

use crate::group::{AgentGroup, Answers};
use crate::outcome::{Outcome, ProbeFile, ProbedKind};
use crate::statistics::{Estimate, score_groups};

/// The curves of all rows over the same bins.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct BinnedCurves {
    /// Only bins in which some row has a question.
    pub bins: Vec<Bin>,
    /// All templates together, one curve a row.
    pub pooled: Vec<Curve>,
    /// The same for each template that has questions in more than one bin.
    pub templates: Vec<TemplateCurves>,
}

/// A range of the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bin {
    /// Such as `in view`, `5 to 12` or `201 and more`.
    pub label: String,
    /// Its first number.
    pub first: u32,
    /// Its last number; `None` for one that has no end.
    pub last: Option<u32>,
}

/// One row's accuracy in each bin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// Name of the row.
    pub name: String,
    /// What it is.
    pub kind: ProbedKind,
    /// One entry a bin; `None` without questions.
    pub estimates: Vec<Option<Estimate>>,
}

/// The curves of one template.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateCurves {
    /// Its name.
    pub template: String,
    /// One a row.
    pub curves: Vec<Curve>,
}

impl BinnedCurves {
    /// The curves of `answers` over `bins`; `number` says what a question has, `None` leaves it out.
    pub(crate) fn of(
        probed: &ProbeFile,
        answers: Answers,
        bins: Vec<Bin>,
        number: impl Fn(&Outcome) -> Option<u32>,
    ) -> Self {
        let groups = AgentGroup::all(probed);
        let bin = |outcome: &Outcome| {
            let number = number(outcome)?;
            bins.iter().position(|bin| bin.holds(number))
        };
        let num_bins = bins.len();
        let templates = probed.templates.iter().enumerate().map(|(index, template)| TemplateCurves {
            template: template.name.clone(),
            curves: curves(&groups, answers, num_bins, |outcome| {
                bin(outcome).filter(|_| usize::from(outcome.template) == index)
            }),
        });
        let templates = templates.filter(spans_bins).collect();
        Self { pooled: curves(&groups, answers, num_bins, bin), templates, bins }
    }
}

impl Bin {
    /// Whether `number` lies in it.
    pub(crate) fn holds(&self, number: u32) -> bool {
        self.first <= number && self.last.is_none_or(|last| number <= last)
    }
}

/// One curve a row, over the bins that `bin` gives.
pub(crate) fn curves(
    groups: &[AgentGroup<'_>],
    answers: Answers,
    num_bins: usize,
    bin: impl Fn(&Outcome) -> Option<usize>,
) -> Vec<Curve> {
    let curve = |group: &AgentGroup<'_>| Curve {
        name: group.name.clone(),
        kind: group.kind,
        estimates: score_groups(&group.answers(answers), num_bins, &bin).groups,
    };
    groups.iter().map(curve).collect()
}

/// The bins beginning at `starts` that hold a question of some agent. Where the last of them has fewer than `fewest`
/// questions of every agent it joins the one before, unless that one begins at 0, which means something of its own.
pub(crate) fn used_bins(
    probed: &ProbeFile,
    answers: Answers,
    starts: &[u32],
    fewest: usize,
    number: impl Fn(&Outcome) -> Option<u32>,
    label: impl Fn(u32, Option<u32>) -> String,
) -> Vec<Bin> {
    let mut most_questions = vec![0; starts.len()];
    for seed in AgentGroup::all(probed).iter().flat_map(|group| group.answers(answers)) {
        let mut num_questions = vec![0; starts.len()];
        for number in seed.iter().filter_map(&number) {
            if let Some(bin) = starts.iter().rposition(|&first| first <= number) {
                num_questions[bin] += 1;
            }
        }
        for (most, num) in most_questions.iter_mut().zip(num_questions) {
            *most = num.max(*most);
        }
    }
    let mut used: Vec<usize> = (0..starts.len()).filter(|&bin| most_questions[bin] > 0).collect();
    let mut last_has_end = true;
    while let [.., before, last] = used[..]
        && starts[before] > 0
        && most_questions[last] < fewest
    {
        most_questions[before] += most_questions[last];
        used.pop();
        last_has_end = false;
    }
    let bin = |(place, &bin): (usize, &usize)| {
        let is_open = place + 1 == used.len() && !last_has_end;
        let last = starts.get(bin + 1).map(|next| next - 1).filter(|_| !is_open);
        Bin { label: label(starts[bin], last), first: starts[bin], last }
    };
    used.iter().enumerate().map(bin).collect()
}

fn spans_bins(template: &TemplateCurves) -> bool {
    template.curves.iter().any(|curve| curve.estimates.iter().flatten().count() > 1)
}

/// `3`, `5 to 12` or `201 and more`.
pub(crate) fn range_label(first: u32, last: Option<u32>) -> String {
    match last {
        Some(last) if last == first => first.to_string(),
        Some(last) => format!("{first} to {last}"),
        None => format!("{first} and more"),
    }
}
