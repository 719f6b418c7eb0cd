//! At which steps of an episode questions are asked.

use groundling_interface::derive;
use groundling_probe::{BeliefsRead, ProbeConfig};
use rand::RngExt;

use crate::config::Config;
use crate::split::SplitPart;

/// The steps at which questions are asked besides the last one of the episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Ascending; empty where questions are asked at the end only.
    steps: Vec<u32>,
    /// Steps whose beliefs are kept besides, ascending.
    kept: Vec<u32>,
    /// Test episodes that are asked at all of them.
    num_test_episodes: usize,
    seed: u64,
}

impl Schedule {
    /// What a configuration asks for.
    pub(crate) fn of(config: &Config) -> Self {
        let evaluation = &config.evaluation;
        let reads_history = |probe: &ProbeConfig| matches!(probe.beliefs_read(), BeliefsRead::History { .. });
        let points = if config.probes().iter().any(reads_history) { evaluation.history_points } else { 0 };
        Self {
            kept: spaced(config.task.episode_steps, points),
            steps: spaced(config.task.episode_steps, evaluation.timeline_points),
            num_test_episodes: evaluation.timeline_episodes,
            seed: evaluation.seed,
        }
    }

    /// The steps, ascending.
    pub(crate) fn steps(&self) -> &[u32] {
        &self.steps
    }

    /// Keeps beliefs of every so many steps of an episode besides.
    pub(crate) fn keep_every(&mut self, every: u32, last: u32) {
        self.kept.extend((0..=last).filter(|step| *step > 0 && step.is_multiple_of(every)));
        self.kept.sort_unstable();
    }

    /// Whether the belief of a step is kept, whatever is asked.
    pub(crate) fn keeps(&self, step: u32) -> bool {
        self.kept.contains(&step)
    }

    /// The steps at which a question of an episode is asked: all of them in some episodes of the test, none in the others, and
    /// in the other parts one that is drawn, so that a decoder that learns from them has seen beliefs of all.
    pub(crate) fn steps_of(&self, part: SplitPart, episode: usize, number: u32) -> Vec<u32> {
        match part {
            _ if self.steps.is_empty() => Vec::new(),
            SplitPart::Test if episode < self.num_test_episodes => self.steps.clone(),
            SplitPart::Test => Vec::new(),
            SplitPart::Train | SplitPart::Validation => {
                let indices = [u64::from(part == SplitPart::Validation), episode as u64, u64::from(number)];
                let mut generator = derive(self.seed, "step of a question", &indices);
                vec![self.steps[generator.random_range(0..self.steps.len())]]
            }
        }
    }
}

/// Up to `points` steps in equal distances, the last of them `last`; fewer where an episode has fewer.
fn spaced(last: u32, points: usize) -> Vec<u32> {
    let points = points as u64;
    let mut steps: Vec<u32> =
        (1..=points).map(|i| ((2 * i * u64::from(last) + points) / (2 * points)) as u32).collect();
    steps.dedup();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_evenly_spaced_and_end_with_the_last() {
        assert_eq!(spaced(48, 8), [6, 12, 18, 24, 30, 36, 42, 48]);
        assert_eq!(spaced(900, 7), [129, 257, 386, 514, 643, 771, 900]);
        assert_eq!(spaced(3, 8), [0, 1, 2, 3]);
        assert_eq!(spaced(1, 1), [1]);
        assert!(spaced(48, 0).is_empty());
    }

    #[test]
    fn a_probe_learns_from_all_steps_and_some_tests_are_asked_at_all() {
        let settings = ["evaluation.timeline_points=4", "evaluation.timeline_episodes=3", "task.episode_steps=40"];
        let config = Config::from_settings(&settings.map(String::from)).unwrap();
        let schedule = Schedule::of(&config);
        assert_eq!(schedule.steps(), [10, 20, 30, 40]);
        assert_eq!(schedule.steps_of(SplitPart::Test, 2, 0), [10, 20, 30, 40]);
        assert!(schedule.steps_of(SplitPart::Test, 3, 0).is_empty());
        let drawn: Vec<u32> = (0..400).flat_map(|i| schedule.steps_of(SplitPart::Train, i / 4, i as u32 % 4)).collect();
        assert_eq!(drawn.len(), 400);
        for step in schedule.steps() {
            assert!(drawn.iter().filter(|drawn| *drawn == step).count() > 60, "{step}");
        }
        let other: Vec<u32> =
            (0..400).flat_map(|i| schedule.steps_of(SplitPart::Validation, i / 4, i as u32 % 4)).collect();
        assert_ne!(drawn, other);
        let off = Config::from_settings(&["evaluation.timeline_points=0".to_string()]).unwrap();
        assert!(Schedule::of(&off).steps_of(SplitPart::Train, 0, 0).is_empty());
    }

    #[test]
    fn beliefs_are_kept_for_a_decoder_that_reads_them() {
        let kept = |decoders: &str| {
            let settings = [decoders, "evaluation.history_points=4", "task.episode_steps=40"];
            let schedule = Schedule::of(&Config::from_settings(&settings.map(String::from)).unwrap());
            (0..=40).filter(|&step| schedule.keeps(step)).collect::<Vec<_>>()
        };
        assert!(kept("evaluation.decoders=[\"mlp\", \"linear\"]").is_empty());
        assert_eq!(kept("evaluation.decoders=[\"mlp\", \"attention\"]"), [10, 20, 30, 40]);
        assert_eq!(kept("probe.decoder=attention"), [10, 20, 30, 40]);
    }
}
