//! Promised: one episode is a function of (config, seed, actions) and of nothing else. Each section is a level of that,
//! from the weakest to the strongest; each opens with what it promises. What holds on other machines is in `golden.rs`.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

mod worlds;

use std::collections::BTreeMap;
use std::thread;

use groundling_interface::{Action, Environment, TimeStep, derive};
use groundling_sim::{ControlConfig, Privileged, RoomEnvironment, Snapshot, TaskConfig, WorldConfig};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use worlds::worlds;

/// All that there is to know of a step, so that equality of the words is equality of the bits: Rust writes every float
/// with the digits that tell it from its neighbours, and 0 unlike -0.
#[derive(Clone, PartialEq)]
struct Known {
    step: TimeStep,
    reward_bits: u32,
    truth: String,
}

/// An environment in an episode with scripted actions.
struct Playing {
    environment: RoomEnvironment,
    privileged: Privileged,
    actions: ChaCha8Rng,
    known: Vec<Known>,
}

impl Playing {
    fn new(config: &WorldConfig) -> Self {
        let (environment, privileged) = RoomEnvironment::new(config.clone()).unwrap();
        Self { environment, privileged, actions: derive(0, "actions", &[]), known: Vec::new() }
    }

    fn know(&mut self, step: TimeStep) {
        let truth = format!("{:?} {:?}", self.privileged.facts(), self.privileged.body());
        self.known.push(Known { reward_bits: step.observation.last_reward.to_bits(), step, truth });
    }

    fn begin(&mut self, seed: u64) {
        self.actions = derive(seed, "actions", &[]);
        self.known.clear();
        let first = self.environment.reset(seed).unwrap();
        self.know(first);
    }

    fn is_over(&self) -> bool {
        self.known.last().is_some_and(|known| known.step.kind.is_last())
    }

    fn step(&mut self) {
        let num_actions = self.environment.spec().num_actions() as u16;
        let step = self.environment.step(Action(self.actions.random_range(0..num_actions))).unwrap();
        self.know(step);
    }

    fn play(&mut self, seed: u64) -> Vec<Known> {
        self.begin(seed);
        while !self.is_over() {
            self.step();
        }
        self.known.clone()
    }
}

fn first_difference(one: &[Known], other: &[Known]) -> Option<usize> {
    (0..one.len().max(other.len())).find(|&step| one.get(step) != other.get(step))
}

/// Level 1: the same machine twice. Frames, rewards, facts and the body are the same bits in two environments.
#[test]
fn level_1_the_same_machine_twice() {
    for (name, config) in worlds() {
        for seed in 0..4 {
            let [one, other] = [0, 1].map(|_| Playing::new(&config).play(seed));
            assert_eq!(first_difference(&one, &other), None, "the world {name:?}, seed {seed}");
        }
        // So that equality is no wonder: other seeds are other episodes.
        let [one, other] = [0, 1].map(|seed| Playing::new(&config).play(seed));
        assert!(one[0].step.observation.rgb != other[0].step.observation.rgb && one[0].truth != other[0].truth);
    }
}

/// Level 2: any order and history. Whole and unfinished episodes before an episode leave no trace in it.
#[test]
fn level_2_any_order_and_history() {
    for (name, config) in worlds() {
        let fresh: Vec<_> = (0..5).map(|seed| Playing::new(&config).play(seed)).collect();
        let mut playing = Playing::new(&config);
        let mut history = derive(0, "history", &[]);
        for _ in 0..20 {
            let seed = history.random_range(0..5_u64);
            playing.begin(seed);
            let num_steps = history.random_range(1..2 * fresh[seed as usize].len());
            while playing.known.len() < num_steps && !playing.is_over() {
                playing.step();
            }
            let expected = &fresh[seed as usize][..playing.known.len()];
            assert_eq!(first_difference(&playing.known, expected), None, "the world {name:?}, seed {seed}");
        }
    }
}

/// Level 3: any number of threads and any batch. 1, 2 and 7 threads, each stepping 1, 3 or 8 environments in turn as an
/// actor does, play the same 14 episodes.
#[test]
fn level_3_threads_and_batches() {
    const NUM_EPISODES: u64 = 14;
    let (name, config) = worlds().swap_remove(1);
    let mut alone = Playing::new(&config);
    let expected: Vec<_> = (0..NUM_EPISODES).map(|seed| alone.play(seed)).collect();
    for (num_threads, batch_size) in [(1, 3), (1, 8), (2, 1), (2, 8), (7, 1), (7, 3)] {
        let played: BTreeMap<u64, Vec<Known>> = thread::scope(|scope| {
            let batch = |thread| {
                let seeds = (0..NUM_EPISODES).filter(move |seed| seed % num_threads == thread);
                let config = &config;
                scope.spawn(move || play_batch(config, seeds, batch_size))
            };
            let threads: Vec<_> = (0..num_threads).map(batch).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(played.len(), expected.len());
        for (seed, episode) in played {
            let difference = first_difference(&episode, &expected[seed as usize]);
            let place = format!("{num_threads} threads of {batch_size}, the world {name:?}, seed {seed}");
            assert_eq!(difference, None, "{place}");
        }
    }
}

/// Steps `batch_size` environments in turn; one that has finished its episode begins the next at once.
fn play_batch(config: &WorldConfig, mut seeds: impl Iterator<Item = u64>, batch_size: usize) -> Vec<(u64, Vec<Known>)> {
    let mut played = Vec::new();
    let mut batch: Vec<(Option<u64>, Playing)> = (0..batch_size).map(|_| (None, Playing::new(config))).collect();
    loop {
        let mut is_idle = true;
        for (seed, playing) in &mut batch {
            match *seed {
                Some(finished) if playing.is_over() => {
                    played.push((finished, playing.known.clone()));
                    *seed = None;
                }
                Some(_) => playing.step(),
                None => {}
            }
            if seed.is_none() {
                *seed = seeds.next();
                if let Some(seed) = *seed {
                    playing.begin(seed);
                }
            }
            is_idle &= seed.is_none();
        }
        if is_idle {
            return played;
        }
    }
}

/// Level 4: snapshots. An episode goes on from a snapshot as it went on when the snapshot was taken: in the same
/// environment after something else, in another, and in another thread; and taking one changes nothing.
#[test]
fn level_4_snapshot_and_restore_in_mid_episode() {
    for (name, config) in worlds() {
        for seed in 0..2 {
            let expected = Playing::new(&config).play(seed);
            let mut playing = Playing::new(&config);
            let mut snapshots = Vec::new();
            playing.begin(seed);
            loop {
                snapshots.push((playing.environment.snapshot(), playing.actions.clone(), playing.known.len()));
                if playing.is_over() {
                    break;
                }
                playing.step();
            }
            let place = format!("the world {name:?}, seed {seed}");
            assert_eq!(first_difference(&playing.known, &expected), None, "{place}: taking snapshots leaves a trace");

            let go_on = |playing: &mut Playing, (snapshot, actions, num_known): (Snapshot, ChaCha8Rng, usize)| {
                playing.environment.restore(&snapshot).unwrap();
                playing.actions = actions;
                playing.known = expected[..num_known].to_vec();
                while !playing.is_over() {
                    playing.step();
                }
                assert_eq!(first_difference(&playing.known, &expected), None, "{place}: from step {}", num_known - 1);
            };
            let mut other = Playing::new(&config);
            let stride = snapshots.len().div_ceil(4);
            for index in (0..snapshots.len()).rev().step_by(stride) {
                go_on(&mut playing, snapshots[index].clone());
                go_on(&mut other, snapshots[index].clone());
                // A snapshot of the end is an episode that is over.
                other.environment.restore(&snapshots[snapshots.len() - 1].0).unwrap();
                assert!(other.environment.step(Action(0)).is_err(), "{place}");
            }
            let (mut elsewhere, middle) = (Playing::new(&config), snapshots.swap_remove(snapshots.len() / 2));
            thread::scope(|scope| drop(scope.spawn(|| go_on(&mut elsewhere, middle))));
        }
    }
}

/// Level 5: an action repeat is the action repeated. An action that lasts four physics steps leads where four actions
/// lead that last one each: the same pictures and truth, and the same sum of rewards.
#[test]
fn level_5_action_repeat_equals_repeated_actions() {
    let mut total = 0.0;
    for name in ["default", "manipulate many"] {
        let (_, base) = worlds().into_iter().find(|(other, _)| *other == name).unwrap();
        let repeating = |action_repeat, episode_steps| WorldConfig {
            control: ControlConfig { action_repeat, ..base.control },
            task: TaskConfig { episode_steps, ..base.task },
            ..base.clone()
        };
        let mut long = RoomEnvironment::new(repeating(4, 60)).unwrap();
        let mut short = RoomEnvironment::new(repeating(1, 240)).unwrap();
        for seed in 0..6 {
            total += compare_repeats(&mut long, &mut short, seed);
        }
    }
    assert!(total > 0.0, "no reward was ever compared");
}

type Pair = (RoomEnvironment, Privileged);

/// Takes each action once in the first environment, and four times in the second; returns the sum of the rewards.
fn compare_repeats((long, from_long): &mut Pair, (short, from_short): &mut Pair, seed: u64) -> f32 {
    // All but what counts steps: when things were seen.
    let truth = |privileged: &Privileged| {
        let object = |object: groundling_room::ObjectFacts| {
            let groundling_room::ObjectFacts { position, rotation, support, held, visited, .. } = object;
            (position, rotation, support, held, visited)
        };
        let objects: Vec<_> = privileged.facts().objects.into_iter().map(object).collect();
        format!("{:?} {objects:?}", privileged.body())
    };
    let mut actions = derive(seed, "actions", &[]);
    let mut expected = long.reset(seed).unwrap();
    assert!(expected == short.reset(seed).unwrap());
    let mut total = 0.0;
    for step in 1.. {
        if expected.kind.is_last() {
            break;
        }
        let place = format!("seed {seed}, step {step}");
        let action = Action(actions.random_range(0..long.spec().num_actions() as u16));
        expected = long.step(action).unwrap();
        let found: Vec<TimeStep> = (0..4).map(|_| short.step(action).unwrap()).collect();
        let last = found.last().unwrap();
        assert!(last.observation.rgb == expected.observation.rgb, "{place}: the pictures differ");
        assert_eq!(last.kind, expected.kind, "{place}");
        let reward: f32 = found.iter().map(|step| step.observation.last_reward).sum();
        assert_eq!(reward, expected.observation.last_reward, "{place}");
        assert_eq!(truth(from_long), truth(from_short), "{place}");
        total += reward;
    }
    total
}
