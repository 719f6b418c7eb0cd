//! Which pairs of a shape and a colour a question involves: the one place that says what a compositional split is about.
//!
//! A question involves an object of its evidence when it names the object's shape or its colour. So
//! - "What is the color of the teapot?" and "What shape is the red object?" involve the object asked about, whose other
//!   half is the answer;
//! - a question of what is near something involves the object asked about and the landmark;
//! - a count, a comparison and "is there" involve the objects of the kinds they name, and not the others, though that
//!   there are no more rests on those too. Where there are none, no pair is involved.

use std::collections::BTreeSet;

use groundling_room::{Color, ObjectFacts, Shape};

use crate::question::Question;
use crate::template::Candidate;

impl Question {
    /// The pairs that it involves, in the room it was asked of.
    pub fn involved_pairs(&self, objects: &[ObjectFacts]) -> BTreeSet<(Shape, Color)> {
        let evidence = self.evidence.objects.iter().map(|&index| usize::from(index));
        pairs(&self.arguments, evidence.filter_map(|index| objects.get(index)))
    }
}

impl Candidate {
    /// The pairs that the question involves.
    pub(crate) fn involved_pairs(&self, objects: &[ObjectFacts]) -> BTreeSet<(Shape, Color)> {
        let indices = self.support.indices(objects.len());
        let arguments: Vec<String> = self.arguments.iter().map(|word| word.text()).collect();
        pairs(&arguments, indices.iter().filter_map(|&index| objects.get(index)))
    }
}

fn pairs<'a>(arguments: &[String], evidence: impl Iterator<Item = &'a ObjectFacts>) -> BTreeSet<(Shape, Color)> {
    let is_named = |name: &str| arguments.iter().any(|argument| argument == name);
    let involved = evidence.filter(|object| is_named(object.shape.name()) || is_named(object.color.name()));
    involved.map(|object| (object.shape, object.color)).collect()
}
