"""Promised: the same settings, seed and actions give the same bits from Rust, from one room and from many.

`env/sim/tests/golden_steps.rs` holds Rust to the same file.
"""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from conftest import golden_episodes

import groundling

EPISODES = golden_episodes()


def compare(step, digest, reward, terminated, truncated):
    assert digest == (step["state"], step["picture"])
    assert reward == pytest.approx(step["reward"], abs=0)
    assert (terminated, truncated) == (step["terminated"], step["truncated"])


@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: str(episode["seed"]))
def test_one_room_steps_as_rust_does(episode):
    env = gymnasium.make("groundling/LRoom-v0", **episode["settings"])
    env.reset(seed=episode["seed"])
    first, *steps = episode["steps"]
    compare(first, env.unwrapped.digest(), 0.0, False, False)
    for action, step in zip(episode["actions"], steps, strict=True):
        _, reward, terminated, truncated, _ = env.step(action)
        compare(step, env.unwrapped.digest(), reward, terminated, truncated)
    assert terminated or truncated


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("episode", EPISODES, ids=lambda episode: str(episode["seed"]))
def test_many_rooms_step_as_rust_does(episode, threads):
    envs = gymnasium.make_vec("groundling/LRoom-v0", num_envs=5, threads=threads, **episode["settings"])
    # The room of the episode stands among others, which must not matter to it.
    envs.reset(seed=[1, 2, 3, episode["seed"], 4])
    first, *steps = episode["steps"]
    compare(first, envs.digests()[3], 0.0, False, False)
    for action, step in zip(episode["actions"], steps, strict=True):
        _, rewards, terminated, truncated, _ = envs.step(np.array([0, 1, 2, action, 3]))
        compare(step, envs.digests()[3], rewards[3], terminated[3], truncated[3])
    envs.close()


def test_a_digest_tells_steps_apart(small):
    env = groundling.RoomEnv(**small)
    env.reset(seed=1)
    one = env.digest()
    env.step(5)
    assert env.digest() != one
    env.reset(seed=1)
    assert env.digest() == one
