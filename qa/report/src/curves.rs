//! Accuracy against something that a question has a number of: steps since its evidence was in view, pixels, the step when
//! it was asked. Where that is a choice by evidence, accuracy is balanced.

use serde::Serialize;

use crate::group::{AgentGroup, Answers};
use crate::outcome::{Outcome, ProbeFile, ProbedKind};
use crate::statistics::Estimate;
use crate::weighing::Weighing;

/// The curves of all rows over the same bins, in balanced accuracy; what counts is judged in each bin by itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct BinnedCurves {
    /// Only bins in which some template counts.
    pub bins: Vec<Bin>,
    /// Mean over the templates that count in a bin.
    pub mean: Curves,
    /// The same for each template that counts in more than one bin.
    pub templates: Vec<TemplateCurves>,
}

/// The curves of all rows over the same places, and what a guess would get.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Curves {
    /// Accuracy of a guess, one entry a place: of balanced accuracy 1 / (number of answers that count); `None` where no
    /// template counts.
    pub chance: Vec<Option<f64>>,
    /// One a row.
    pub rows: Vec<Curve>,
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
    /// Its curves.
    #[serde(flatten)]
    pub curves: Curves,
}

/// Curves over some places, each with its questions: of the mean over templates, and of each template.
pub(crate) struct AllCurves {
    pub(crate) mean: Curves,
    pub(crate) templates: Vec<TemplateCurves>,
}

impl BinnedCurves {
    /// The curves of `answers` over the bins beginning at `starts` in which some template counts; `number` says what a
    /// question has, `None` leaves it out. Where no template counts in the last bins that have questions, they join the one
    /// before, unless that one begins at 0, which means something of its own.
    pub(crate) fn of(
        probed: &ProbeFile,
        answers: Answers,
        starts: &[u32],
        number: impl Fn(&Outcome) -> Option<u32> + Copy,
        label: impl Fn(u32, Option<u32>) -> String,
    ) -> Self {
        let bin = |first: u32, last: Option<u32>| Bin { label: label(first, last), first, last };
        let ends = starts.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
        let mut bins: Vec<Bin> = starts.iter().zip(ends).map(|(&first, last)| bin(first, last)).collect();
        let asked = || probed.agents.iter().flat_map(|agent| answers.of(agent));
        bins.retain(|bin| asked().filter_map(number).any(|number| bin.holds(number)));
        let weighing = |bin: &Bin| {
            let bin = bin.clone();
            Weighing::balanced(probed, answers, move |outcome| number(outcome).is_some_and(|number| bin.holds(number)))
        };
        while let [.., before, last] = &bins[..]
            && before.first > 0
            && weighing(last).chance().is_none()
        {
            let first = before.first;
            bins.truncate(bins.len() - 2);
            bins.push(bin(first, None));
        }
        bins.retain(|bin| weighing(bin).chance().is_some());
        let AllCurves { mean, mut templates } =
            AllCurves::of(probed, answers, &bins.iter().map(weighing).collect::<Vec<_>>());
        templates.retain(|template| template.curves.chance.iter().flatten().count() > 1);
        Self { bins, mean, templates }
    }
}

impl Bin {
    /// Whether `number` lies in it.
    pub(crate) fn holds(&self, number: u32) -> bool {
        self.first <= number && self.last.is_none_or(|last| number <= last)
    }
}

impl AllCurves {
    /// Of the rows that have such answers, with a place a weighing.
    pub(crate) fn of(probed: &ProbeFile, answers: Answers, places: &[Weighing<'_>]) -> Self {
        let mut groups = AgentGroup::all(probed);
        groups.retain(|group| group.answers(answers).iter().any(|seed| !seed.is_empty()));
        let empty =
            |group: &AgentGroup<'_>| Curve { name: group.name.clone(), kind: group.kind, estimates: Vec::new() };
        let mut mean = Curves { chance: Vec::new(), rows: groups.iter().map(empty).collect() };
        let mut templates = vec![mean.clone(); probed.templates.len()];
        for weighing in places {
            mean.chance.push(weighing.chance());
            for (curves, chance) in templates.iter_mut().zip(weighing.chances()) {
                curves.chance.push(chance);
            }
            for (row, group) in groups.iter().enumerate() {
                let found = weighing.score(&group.answers(answers));
                mean.rows[row].estimates.push(found.mean);
                for (curves, estimate) in templates.iter_mut().zip(found.groups) {
                    curves.rows[row].estimates.push(estimate);
                }
            }
        }
        let named = probed.templates.iter().map(|template| template.name.clone()).zip(templates);
        let templates = named.map(|(template, curves)| TemplateCurves { template, curves }).collect();
        Self { mean, templates }
    }
}

/// `3`, `5 to 12` or `201 and more`.
pub(crate) fn range_label(first: u32, last: Option<u32>) -> String {
    match last {
        Some(last) if last == first => first.to_string(),
        Some(last) => format!("{first} to {last}"),
        None => format!("{first} and more"),
    }
}
