//! Promised: a task is chosen by its name, and an episode ends where the task is done, not before.

#![expect(clippy::unwrap_used, reason = "in a test, a failed unwrap is the failure to report")]

use groundling_interface::{Environment, ScriptedPolicy, StepKind};
use groundling_sim::{CameraConfig, RoomEnvironment, ScriptedExplorer, TaskConfig, TaskName, WorldConfig};

#[test]
fn find_ends_when_its_object_is_visited_and_is_worth_one() {
    let config = WorldConfig {
        task: TaskConfig { name: TaskName::from_name("find").unwrap(), episode_steps: 2000, ..TaskConfig::default() },
        camera: CameraConfig { width: 16, height: 12, ..CameraConfig::default() },
        ..WorldConfig::default()
    };
    let (mut environment, privileged) = RoomEnvironment::new(config).unwrap();
    let mut explorer = ScriptedExplorer::new(privileged.clone());
    let mut num_not_first = 0;
    for seed in 0..10 {
        environment.reset(seed).unwrap();
        explorer.begin(seed);
        let mut step = environment.step(explorer.action()).unwrap();
        let mut rewards = vec![step.observation.last_reward];
        while !step.kind.is_last() {
            step = environment.step(explorer.action()).unwrap();
            rewards.push(step.observation.last_reward);
        }
        assert_eq!(step.kind, StepKind::Terminated, "seed {seed}");
        assert_eq!(rewards.pop(), Some(1.0));
        assert!(rewards.iter().all(|&reward| reward == 0.0));
        num_not_first += usize::from(privileged.facts().objects.iter().filter(|object| object.visited).count() > 1);
    }
    assert!(num_not_first > 0, "other objects were visited on the way");
}
