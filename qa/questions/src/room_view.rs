//! What a template is shown of a room.

use groundling_room::{ObjectFacts, WorldFacts};

use crate::domain::Domain;

/// A room at one step, with the range of what may be asked about it.
#[derive(Debug, Clone, Copy)]
pub struct RoomView<'a> {
    facts: &'a WorldFacts,
    domain: &'a Domain,
    near_margin: f32,
}

/// Whether one object is near another, for a question about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// Their gap is below the near distance by at least the margin.
    Near,
    /// Their gap is above it by at least the margin.
    Far,
    /// Their gap is so close to the near distance that nobody can be expected to tell.
    Unclear,
}

/// The one object of a kind that is near a landmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnlyNear {
    /// Its index in the facts.
    pub index: usize,
    /// Whether the room has others of the kind, so that one must know which of them is near.
    pub has_others_far: bool,
}

impl<'a> RoomView<'a> {
    /// `near_margin` in metres: see [`QuestionConfig`](crate::QuestionConfig).
    pub fn new(facts: &'a WorldFacts, domain: &'a Domain, near_margin: f32) -> Self {
        Self { facts, domain, near_margin }
    }

    /// All that the simulator knows of the room.
    pub fn facts(&self) -> &'a WorldFacts {
        self.facts
    }

    /// What rooms like this can hold.
    pub fn domain(&self) -> &'a Domain {
        self.domain
    }

    /// The objects of the room.
    pub fn objects(&self) -> &'a [ObjectFacts] {
        &self.facts.objects
    }

    /// Indices of the objects that fit, ascending.
    pub fn fitting(&self, fits: impl Fn(&ObjectFacts) -> bool) -> Vec<usize> {
        let fitting = self.objects().iter().enumerate().filter(|(_, object)| fits(object));
        fitting.map(|(index, _)| index).collect()
    }

    /// How many objects fit.
    pub fn count(&self, fits: impl Fn(&ObjectFacts) -> bool) -> usize {
        self.objects().iter().filter(|object| fits(object)).count()
    }

    /// Every object of which `fits` is true of no other: `fits` is given the object in question, then any of all.
    pub fn unique(
        &self,
        same: impl Fn(&ObjectFacts, &ObjectFacts) -> bool,
    ) -> impl Iterator<Item = (usize, &'a ObjectFacts)> {
        let objects = self.objects();
        let is_unique = move |object: &ObjectFacts| objects.iter().filter(|other| same(object, other)).count() == 1;
        objects.iter().enumerate().filter(move |(_, object)| is_unique(object))
    }

    /// The one object of a kind that is near a landmark, other than the landmark itself. `None` where there is not
    /// exactly one near it, or where of any of the kind it is unclear.
    pub fn only_near(&self, landmark: usize, is_of_kind: impl Fn(&ObjectFacts) -> bool) -> Option<OnlyNear> {
        let place = self.objects().get(landmark)?;
        let mut found = None;
        let mut has_others_far = false;
        for (index, object) in self.objects().iter().enumerate() {
            if index == landmark || !is_of_kind(object) {
                continue;
            }
            match self.nearness(object, place) {
                Nearness::Far => has_others_far = true,
                Nearness::Near if found.is_none() => found = Some(index),
                Nearness::Near | Nearness::Unclear => return None,
            }
        }
        found.map(|index| OnlyNear { index, has_others_far })
    }

    /// Whether two objects are near each other, as [`WorldFacts::near`] decides, with a margin on both sides in which
    /// nothing is decided.
    pub fn nearness(&self, one: &ObjectFacts, other: &ObjectFacts) -> Nearness {
        let gap = one.gap(other);
        if gap <= self.facts.near_distance - self.near_margin {
            Nearness::Near
        } else if gap > self.facts.near_distance + self.near_margin {
            Nearness::Far
        } else {
            Nearness::Unclear
        }
    }
}
