//! Which objects have been visited, and what that is worth.

/// Visits of the objects of one room.
///
/// An object is worth 1 when the body comes near it for the first time; once all are visited, all count again. One
/// that the body still stands beside then counts only after it has been left.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visits {
    visited: Vec<bool>,
    must_leave: Vec<bool>,
    counts: Vec<u32>,
}

impl Visits {
    pub(crate) fn new(num_objects: usize) -> Self {
        Self { visited: vec![false; num_objects], must_leave: vec![false; num_objects], counts: vec![0; num_objects] }
    }

    /// Takes note of which objects the body is near; returns how many of them are newly visited.
    pub(crate) fn update(&mut self, is_near: impl Fn(usize) -> bool) -> u32 {
        let mut newly_visited = 0;
        for object in 0..self.visited.len() {
            let near = is_near(object);
            self.must_leave[object] &= near;
            if near && !self.visited[object] && !self.must_leave[object] {
                self.visited[object] = true;
                self.counts[object] += 1;
                newly_visited += 1;
            }
        }
        if newly_visited > 0 && self.visited.iter().all(|&visited| visited) {
            self.visited.fill(false);
            for object in 0..self.must_leave.len() {
                self.must_leave[object] = is_near(object);
            }
        }
        newly_visited
    }

    /// Whether the object was visited since the last refresh.
    pub(crate) fn is_visited(&self, object: usize) -> bool {
        self.visited.get(object).copied().unwrap_or(false)
    }

    /// Whether coming near the object would be rewarded.
    pub(crate) fn is_open(&self, object: usize) -> bool {
        !self.is_visited(object) && !self.must_leave.get(object).copied().unwrap_or(true)
    }

    /// How often the object was visited in this episode.
    pub(crate) fn count(&self, object: usize) -> u32 {
        self.counts.get(object).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_count_again_once_all_are_visited() {
        let mut visits = Visits::new(2);
        assert_eq!(visits.update(|object| object == 0), 1);
        assert_eq!(visits.update(|object| object == 0), 0);
        assert!(visits.is_visited(0));
        assert_eq!(visits.update(|object| object == 1), 1);
        assert!(!visits.is_visited(0) && !visits.is_visited(1));
        assert_eq!(visits.update(|object| object == 1), 0, "still beside it");
        assert_eq!(visits.update(|_| false), 0);
        assert_eq!(visits.update(|object| object == 1), 1);
        assert_eq!(visits.update(|_| true), 1);
        assert_eq!((visits.count(0), visits.count(1)), (2, 2));
    }

    #[test]
    fn standing_beside_the_only_object_pays_once() {
        let mut visits = Visits::new(1);
        let total: u32 = (0..10).map(|_| visits.update(|_| true)).sum();
        assert_eq!(total, 1);
    }
}
