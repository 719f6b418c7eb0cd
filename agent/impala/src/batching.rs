//! Which of the groups that wait for the inference thread are inferred together.
//!
//! - In `lockstep`, fixed sets: groups `0..m`, `m..2m`, …, where `m` groups have as many rooms as
//!   `training.inference_batch_rooms` allows. A set is inferred when all its groups have asked, so that the bits depend on
//!   settings only. Every group of a set is about to ask: all groups take the same steps, and none is ordered to begin an
//!   unroll before all have ended the last.
//! - In `async`, whoever has asked, in the order of asking, up to that number of rooms; nobody is waited for.

use std::collections::VecDeque;

/// Groups that wait; `W` is what waits for one.
#[derive(Debug)]
pub(crate) enum Batching<W> {
    /// Fixed sets.
    Sets {
        /// Groups of a set; the last one may have fewer.
        size: usize,
        /// Of every set, the groups that have asked, with their numbers.
        waiting: Vec<Vec<(usize, W)>>,
        /// How many groups each set has.
        sizes: Vec<usize>,
        /// The sets all of whose groups have asked, in that order.
        whole: VecDeque<usize>,
    },
    /// Whoever has asked.
    Arrived {
        /// Groups of a batch.
        most: usize,
        /// In the order of asking.
        waiting: VecDeque<(usize, W)>,
    },
}

impl<W> Batching<W> {
    /// Sets of `size` of `num_actors` groups.
    pub(crate) fn sets(num_actors: usize, size: usize) -> Self {
        let size = size.max(1);
        let sizes: Vec<usize> = (0..num_actors).step_by(size).map(|first| size.min(num_actors - first)).collect();
        Self::Sets { size, waiting: sizes.iter().map(|_| Vec::new()).collect(), sizes, whole: VecDeque::new() }
    }

    /// At most so many groups at once.
    pub(crate) fn arrived(most: usize) -> Self {
        Self::Arrived { most: most.max(1), waiting: VecDeque::new() }
    }

    /// A group, which does not wait yet, has asked.
    pub(crate) fn push(&mut self, actor: usize, asked: W) {
        match self {
            Self::Sets { size, waiting, sizes, whole } => {
                let set = actor / *size;
                if let (Some(waiting), Some(&num_groups)) = (waiting.get_mut(set), sizes.get(set)) {
                    waiting.push((actor, asked));
                    if waiting.len() == num_groups {
                        whole.push_back(set);
                    }
                }
            }
            Self::Arrived { waiting, .. } => waiting.push_back((actor, asked)),
        }
    }

    /// The next batch, if there is one.
    pub(crate) fn next(&mut self) -> Option<Vec<(usize, W)>> {
        match self {
            Self::Sets { waiting, whole, .. } => {
                let mut batch = std::mem::take(waiting.get_mut(whole.pop_front()?)?);
                batch.sort_by_key(|(actor, _)| *actor);
                Some(batch)
            }
            Self::Arrived { most, waiting } => {
                let batch: Vec<_> = waiting.drain(..waiting.len().min(*most)).collect();
                (!batch.is_empty()).then_some(batch)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(batching: &mut Batching<char>) -> Vec<Vec<(usize, char)>> {
        std::iter::from_fn(|| batching.next()).collect()
    }

    #[test]
    fn a_set_waits_for_all_its_groups_and_has_them_in_order() {
        let mut batching = Batching::sets(5, 2);
        for (actor, asked) in [(3, 'd'), (1, 'b')] {
            batching.push(actor, asked);
        }
        assert_eq!(batches(&mut batching), [[]; 0]);
        for (actor, asked) in [(2, 'c'), (4, 'e'), (0, 'a')] {
            batching.push(actor, asked);
        }
        let expected = vec![vec![(2, 'c'), (3, 'd')], vec![(4, 'e')], vec![(0, 'a'), (1, 'b')]];
        assert_eq!(batches(&mut batching), expected, "in the order in which they were whole");
        batching.push(1, 'f');
        batching.push(0, 'g');
        assert_eq!(batches(&mut batching), [[(0, 'g'), (1, 'f')]], "and again");
    }

    #[test]
    fn whoever_has_asked_is_served_in_that_order() {
        let mut batching = Batching::arrived(2);
        assert_eq!(batches(&mut batching), [[]; 0]);
        for (actor, asked) in [(3, 'd'), (1, 'b'), (2, 'c')] {
            batching.push(actor, asked);
        }
        assert_eq!(batches(&mut batching), vec![vec![(3, 'd'), (1, 'b')], vec![(2, 'c')]]);
    }
}
