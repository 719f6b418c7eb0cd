//! How many objects were visited in an episode. Rewards tell it only where nothing else is rewarded, and the agent's crates
//! know of no objects; so it is read from the privileged facts, once an episode, at its last step.

use std::sync::{Arc, Mutex, PoisonError};

use groundling_impala::{BeliefObserver, ObservedStep};

use crate::rooms::RoomMaker;

/// Visits of the episodes that ended since the last look.
#[derive(Debug, Default)]
struct Sum {
    visits: u64,
    episodes: u64,
}

/// Counts the visits of all actors' episodes.
#[derive(Debug, Clone, Default)]
pub(crate) struct EpisodeVisits {
    sum: Arc<Mutex<Sum>>,
}

impl EpisodeVisits {
    /// Counts for one actor.
    pub(crate) fn observer(&self, rooms: &RoomMaker) -> Box<dyn BeliefObserver> {
        Box::new(Counter { rooms: rooms.clone(), sum: Arc::clone(&self.sum) })
    }

    /// Visits per episode since the last call; none if no episode ended.
    pub(crate) fn take_mean(&self) -> Option<f64> {
        let Sum { visits, episodes } = std::mem::take(&mut *self.sum.lock().unwrap_or_else(PoisonError::into_inner));
        (episodes > 0).then(|| visits as f64 / episodes as f64)
    }
}

struct Counter {
    rooms: RoomMaker,
    sum: Arc<Mutex<Sum>>,
}

impl BeliefObserver for Counter {
    fn observe(&mut self, step: &ObservedStep<'_>) {
        if !step.time_step.kind.is_last() {
            return;
        }
        let Some(privileged) = self.rooms.privileged(step.room) else { return };
        let visits: u64 = privileged.facts().objects.iter().map(|object| u64::from(object.visits)).sum();
        let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        sum.visits += visits;
        sum.episodes += 1;
    }
}

#[cfg(test)]
mod tests {
    use groundling_belief::FrozenBelief;
    use groundling_sim::WorldConfig;

    use super::*;

    #[test]
    fn what_the_scripted_explorer_visits_is_counted_once_an_episode() {
        let rooms = RoomMaker::new(WorldConfig::default());
        let visits = EpisodeVisits::default();
        let mut observer = visits.observer(&rooms);
        let mut seat = rooms.seat(0).unwrap();
        let mut scripted = seat.scripted.take().unwrap();
        let mut expected = Vec::new();
        for seed in [3, 4] {
            let mut time_step = seat.environment.reset(seed).unwrap();
            scripted.begin(seed);
            let (mut steps, mut reward) = (0, 0.0);
            loop {
                let belief = || FrozenBelief::new(vec![], vec![]);
                let (episode, episode_seed, step) = (0, seed, steps);
                let belief = &belief;
                let seen = ObservedStep {
                    room: 0,
                    episode,
                    episode_seed,
                    step,
                    time_step: &time_step,
                    action: None,
                    belief,
                    features: None,
                };
                observer.observe(&seen);
                if time_step.kind.is_last() {
                    break;
                }
                time_step = seat.environment.step(scripted.action()).unwrap();
                steps += 1;
                reward += time_step.observation.last_reward;
            }
            // Each visit is worth 1, and nothing else is rewarded.
            expected.push(f64::from(reward));
        }
        let mean = expected.iter().sum::<f64>() / 2.0;
        assert!(mean > 1.0, "an explorer that visits nothing shows nothing: {expected:?}");
        assert_eq!(visits.take_mean(), Some(mean));
        assert_eq!(visits.take_mean(), None);
    }
}
