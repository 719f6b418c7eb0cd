"""Promised: what is asked wrongly raises an exception that says what to do; interpreter and room live on."""

from __future__ import annotations

import threading

import gymnasium
import numpy as np
import pytest
from conftest import REPOSITORY
from gymnasium.error import ClosedEnvironmentError, ResetNeeded

import groundling

WRONG_ACTIONS = [
    (9, groundling.InvalidAction, "action 9: must lie between 0 and 8"),
    (-1, groundling.InvalidAction, "action -1"),
    (10**30, groundling.InvalidAction, "action 10{30}"),
    (65536, ValueError, "action 65536"),
    (np.int64(9), gymnasium.error.InvalidAction, "action 9"),
    (1.0, TypeError, "must be one integer from 0 to 8, not float"),
    (np.float32(1), TypeError, "not float32"),
    (True, TypeError, "not bool"),
    (np.bool_(True), TypeError, "not bool"),
    ("forward", TypeError, "not str"),
    (None, TypeError, "not NoneType"),
    (np.array([1, 2]), TypeError, "must be one integer"),
    (np.array([1.5]), TypeError, "must be one integer"),
]


@pytest.mark.parametrize("action, exception, match", WRONG_ACTIONS, ids=lambda value: str(value)[:12])
def test_a_wrong_action_moves_nothing(small, action, exception, match):
    env = groundling.RoomEnv(**small)
    env.reset(seed=1)
    before = env.digest()
    with pytest.raises(exception, match=match):
        env.step(action)
    assert env.digest() == before
    env.step(np.array(1))


WRONG_BATCHES = [
    (np.array([0, 9, 0]), groundling.InvalidAction, "room 1: action 9: must lie between 0 and 8"),
    (np.array([0, 0, -3]), groundling.InvalidAction, "room 2: action -3"),
    (np.array([2**63, 0, 0], np.uint64), groundling.InvalidAction, "room 0"),
    (np.array([0, 0]), ValueError, r"shape \(2,\): must have shape \(3,\)"),
    (np.zeros((3, 1), np.int64), ValueError, r"shape \(3, 1\)"),
    (1, ValueError, r"shape \(\)"),
    (None, ValueError, r"shape \(\)"),
    (np.zeros(3), TypeError, "integers, not float64"),
    (np.zeros(3, bool), TypeError, "integers, not bool"),
    (["a", "b", "c"], TypeError, "integers, not <U1"),
]


@pytest.mark.parametrize("actions, exception, match", WRONG_BATCHES, ids=lambda value: str(value)[:12])
def test_a_wrong_batch_moves_nothing(small, actions, exception, match):
    envs = groundling.RoomVectorEnv(3, **small)
    envs.reset(seed=1)
    before = envs.digests()
    with pytest.raises(exception, match=match):
        envs.step(actions)
    assert envs.digests() == before
    envs.step([1, 2, 3])
    envs.step(np.arange(6, dtype=np.int8)[::2])


def test_nothing_is_done_before_a_reset_or_after_the_end(small):
    env, envs = groundling.RoomEnv(render_mode="rgb_array", **small), groundling.RoomVectorEnv(2, **small)
    for ask in (
        lambda: env.step(0),
        env.digest,
        env.render,
        lambda: env.episode_seed,
        lambda: gymnasium.make("groundling/LRoom-v0", **small).step(0),
        lambda: envs.step(np.zeros(2, np.int64)),
        envs.digests,
        lambda: envs.episode_seeds,
    ):
        with pytest.raises(ResetNeeded, match="reset"):
            ask()
    env.reset(seed=1)
    for _ in range(12):
        env.step(0)
    with pytest.raises(ResetNeeded, match="no episode is running"):
        env.step(0)
    env.reset()
    env.step(0)


def test_a_closed_environment_says_so(small):
    env, envs = groundling.RoomEnv(render_mode="rgb_array", **small), groundling.RoomVectorEnv(2, **small)
    env.reset(seed=1)
    envs.reset(seed=1)
    for _ in range(2):
        env.close()
        envs.close()
    for ask in (
        env.reset,
        lambda: env.step(0),
        env.render,
        env.digest,
        envs.reset,
        lambda: envs.step(np.zeros(2, np.int64)),
        envs.digests,
    ):
        with pytest.raises(ClosedEnvironmentError, match="was closed"):
            ask()


WRONG_SEEDS = [
    (-1, ValueError, "seed -1: must lie between"),
    (2**64, ValueError, "must lie between"),
    (1.0, TypeError, "not float"),
    ("1", TypeError, "not str"),
    (True, TypeError, "not bool"),
]


@pytest.mark.parametrize("seed, exception, match", WRONG_SEEDS, ids=str)
def test_a_seed_is_an_integer_of_64_bits(small, seed, exception, match):
    env, envs = groundling.RoomEnv(**small), groundling.RoomVectorEnv(2, **small)
    for made in (env, envs):
        with pytest.raises(exception, match=match):
            made.reset(seed=seed)
        with pytest.raises(ValueError, match="options"):
            made.reset(options={"level": 3})
    with pytest.raises(exception, match=match):
        envs.reset(seed=[1, seed])
    with pytest.raises(ValueError, match="must lie between"):
        envs.reset(seed=2**64 - 1)
    with pytest.raises(ValueError, match="3 seeds: there must be one for each of the 2 rooms"):
        envs.reset(seed=[1, 2, 3])


def test_a_mask_is_one_bool_a_room(small):
    envs = groundling.RoomVectorEnv(2, **small)
    for mask, exception in (
        ([True, False], TypeError),
        (np.array([1, 0]), TypeError),
        (np.array([True]), ValueError),
        (np.zeros(2, bool), ValueError),
    ):
        with pytest.raises(exception, match="reset_mask"):
            envs.reset(options={"reset_mask": mask})
    # Another room has no picture yet.
    with pytest.raises(ResetNeeded, match="room 1"):
        envs.reset(options={"reset_mask": np.array([True, False])})


def test_numbers_of_rooms_and_threads(small):
    for wrong in ({"num_envs": 0}, {"num_envs": -1}, {"num_envs": 10**9}, {"threads": 0}, {"threads": 10**6}):
        with pytest.raises(ValueError, match="must lie between 1 and"):
            groundling.RoomVectorEnv(**wrong, **small)
    for wrong in ({"num_envs": 1.5}, {"num_envs": True}, {"threads": "2"}):
        with pytest.raises(TypeError, match="must be an integer"):
            groundling.RoomVectorEnv(**wrong, **small)
    with pytest.raises(ValueError, match="Later"):
        groundling.RoomVectorEnv(1, autoreset_mode="Later", **small)


def test_two_threads_on_one_environment_are_told(small):
    """One of them may step; the other is told, at once, and nothing is lost."""
    small["camera"] = {"width": 640, "height": 480}
    small["task"]["episode_steps"] = 10_000
    envs = groundling.RoomVectorEnv(8, threads=1, copy=True, **small)
    env = groundling.RoomEnv(**small)
    for made, step in (
        (env, lambda: env.step(5)),
        (envs, lambda: envs.step(np.full(8, 5))),
    ):
        made.reset(seed=1)
        over = threading.Event()
        refusals: list[str] = []

        def walk(step=step, over=over, refusals=refusals):
            while not over.is_set():
                try:
                    step()
                except RuntimeError as error:
                    refusals.append(str(error))
                    over.set()

        walkers = [threading.Thread(target=walk) for _ in range(2)]
        for walker in walkers:
            walker.start()
        for walker in walkers:
            walker.join(30)
            assert not walker.is_alive()
        assert "another thread is using this environment" in refusals[0]
        step()


def test_a_panic_would_be_an_exception():
    """Panics unwind into Python only where the profile lets them."""
    lines = (REPOSITORY / "Cargo.toml").read_text().splitlines()
    assert "[profile.release]" in lines
    assert not [line for line in lines if line.startswith("panic")]
