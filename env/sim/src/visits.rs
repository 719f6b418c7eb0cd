//! Which objects have been visited.

/// Visits of the objects of one room.
///
/// An object is visited when it is near and in view; once all are visited, all count again. One that the body still
/// stands near then counts only after it has been left: looking away is not leaving.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visits {
    visited: Vec<bool>,
    must_leave: Vec<bool>,
    counts: Vec<u32>,
    newly_visited: Vec<u16>,
    num_refreshes: u32,
}

impl Visits {
    pub(crate) fn new(num_objects: usize) -> Self {
        Self {
            visited: vec![false; num_objects],
            must_leave: vec![false; num_objects],
            counts: vec![0; num_objects],
            newly_visited: Vec::with_capacity(num_objects),
            num_refreshes: 0,
        }
    }

    /// Takes note of which objects the body is near, and which of these it sees; the latter is asked only where it
    /// matters.
    pub(crate) fn update(&mut self, is_near: impl Fn(usize) -> bool, is_in_view: impl Fn(usize) -> bool) {
        self.newly_visited.clear();
        for object in 0..self.visited.len() {
            if self.visited[object] {
                continue;
            }
            let near = is_near(object);
            self.must_leave[object] &= near;
            if near && !self.must_leave[object] && is_in_view(object) {
                self.visited[object] = true;
                self.counts[object] += 1;
                self.newly_visited.push(object as u16);
            }
        }
        if !self.newly_visited.is_empty() && self.visited.iter().all(|&visited| visited) {
            self.visited.fill(false);
            self.num_refreshes += 1;
            for object in 0..self.must_leave.len() {
                self.must_leave[object] = is_near(object);
            }
        }
    }

    /// The objects whose visit the last update noted.
    pub(crate) fn newly_visited(&self) -> &[u16] {
        &self.newly_visited
    }

    /// How often all were visited, and all counted again.
    pub(crate) fn num_refreshes(&self) -> u32 {
        self.num_refreshes
    }

    /// Whether the object was visited since the last refresh.
    pub(crate) fn is_visited(&self, object: usize) -> bool {
        self.visited.get(object).copied().unwrap_or(false)
    }

    /// Whether visiting the object would be rewarded.
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

    /// An update in which everything near is in view.
    fn newly(visits: &mut Visits, is_near: impl Fn(usize) -> bool) -> Vec<u16> {
        visits.update(is_near, |_| true);
        visits.newly_visited().to_vec()
    }

    #[test]
    fn all_count_again_once_all_are_visited() {
        let mut visits = Visits::new(2);
        assert_eq!(newly(&mut visits, |object| object == 0), [0]);
        assert!(newly(&mut visits, |object| object == 0).is_empty());
        assert!(visits.is_visited(0));
        assert_eq!(newly(&mut visits, |object| object == 1), [1]);
        assert_eq!(visits.num_refreshes(), 1);
        assert!(!visits.is_visited(0) && !visits.is_visited(1));
        assert!(newly(&mut visits, |object| object == 1).is_empty(), "still beside it");
        assert!(newly(&mut visits, |_| false).is_empty());
        assert_eq!(newly(&mut visits, |object| object == 1), [1]);
        assert_eq!(newly(&mut visits, |_| true), [0]);
        assert_eq!((visits.count(0), visits.count(1), visits.num_refreshes()), (2, 2, 2));
    }

    #[test]
    fn standing_beside_the_only_object_pays_once_even_when_looking_away_in_between() {
        let mut visits = Visits::new(1);
        let mut total = 0;
        for step in 0..10 {
            visits.update(|_| true, |_| step % 2 == 1);
            total += visits.newly_visited().len();
        }
        assert_eq!(total, 1);
    }

    #[test]
    fn nothing_is_visited_that_is_not_in_view() {
        let mut visits = Visits::new(1);
        visits.update(|_| true, |_| false);
        assert!(visits.newly_visited().is_empty() && visits.is_open(0));
        visits.update(|_| true, |_| true);
        assert_eq!(visits.newly_visited(), [0]);
    }
}
