"""Promised: many rooms at once are the same as one after the other, in each of Gymnasium's three ways to go on."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from gymnasium.wrappers.vector import DictInfoToList, RecordEpisodeStatistics

import groundling

MODES = [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP]


def make(num_envs, small, **others):
    return gymnasium.make_vec("groundling/LRoom-v0", num_envs=num_envs, **small, **others)


def assert_same(one, other):
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            assert_same(one[key], other[key])
    elif isinstance(one, np.ndarray) and one.dtype == object:
        assert one.shape == other.shape
        for pair in zip(one, other, strict=True):
            assert_same(*pair)
    else:
        np.testing.assert_array_equal(one, other)
        assert getattr(one, "dtype", None) == getattr(other, "dtype", None)


@pytest.mark.parametrize("observation", ["picture", "dict"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("task", ["explore", "find"])
def test_rooms_together_are_rooms_one_after_the_other(small, mode, observation, task):
    small["task"] = {"name": task, "episode_steps": 7, "visit_distance": 1.5}
    together = make(6, small, autoreset_mode=mode, observation=observation, threads=2)
    apart = SyncVectorEnv(
        [lambda: gymnasium.make("groundling/LRoom-v0", observation=observation, **small)] * 6,
        autoreset_mode=mode,
    )
    assert together.observation_space == apart.observation_space
    assert together.single_observation_space == apart.single_observation_space
    assert together.action_space == apart.action_space
    assert together.metadata == apart.metadata
    assert_same(together.reset(seed=40)[0], apart.reset(seed=40)[0])
    rng = np.random.default_rng(1)
    num_ends = 0
    for _ in range(40):
        actions = rng.integers(9, size=6)
        one, other = together.step(actions), apart.step(actions)
        for part, same in zip(one[:4], other[:4], strict=True):
            assert_same(part, same)
        assert one[0] in together.observation_space
        num_ends += int(np.logical_or(one[2], one[3]).sum())
        for key in ["final_obs", "_final_obs", "_final_info"]:
            assert (key in one[4]) == (key in other[4])
            if key in one[4]:
                assert_same(one[4][key], other[4][key])
    assert num_ends > 20
    together.close()
    apart.close()


def test_the_mode_may_be_given_by_its_value(small):
    envs = make(2, small, autoreset_mode="SameStep")
    assert envs.metadata["autoreset_mode"] is AutoresetMode.SAME_STEP


def test_rooms_that_do_not_begin_again_by_themselves_are_reset_by_a_mask(small):
    small["task"]["episode_steps"] = 3
    envs = make(3, small, autoreset_mode=AutoresetMode.DISABLED, observation="dict")
    envs.reset(seed=1)
    mask = np.array([False, True, False])
    envs.step(np.array([1, 2, 3]))
    observation, _ = envs.reset(seed=[None, 9, None], options={"reset_mask": mask})
    assert envs.episode_seeds == (1, 9, 3)
    assert observation["last_action"].tolist() == [1, 9, 3]
    for _ in range(2):
        _, _, _, truncated, _ = envs.step(np.zeros(3, np.int64))
    assert truncated.tolist() == [True, False, True]
    with pytest.raises(gymnasium.error.ResetNeeded, match="room 0"):
        envs.step(np.zeros(3, np.int64))
    envs.reset(options={"reset_mask": ~mask})
    _, _, _, truncated, _ = envs.step(np.zeros(3, np.int64))
    assert truncated.tolist() == [False, True, False]


def test_a_copy_stays_and_a_shared_array_is_overwritten(small):
    own, shared = make(2, small), make(2, small, copy=False)
    first, first_shared = own.reset(seed=1)[0], shared.reset(seed=1)[0]
    kept = first.copy()
    np.testing.assert_array_equal(first, first_shared)
    turned = np.array([5, 5])
    second, second_shared = own.step(turned)[0], shared.step(turned)[0]
    np.testing.assert_array_equal(first, kept)
    assert second_shared is first_shared
    np.testing.assert_array_equal(second, second_shared)
    assert not np.array_equal(second_shared, kept)


def test_the_number_of_threads_does_not_matter(small):
    def walk(threads):
        envs = make(9, small, threads=threads)
        assert envs.threads == threads
        envs.reset(seed=5)
        rng = np.random.default_rng(2)
        digests = []
        for _ in range(20):
            envs.step(rng.integers(9, size=9))
            digests.append(envs.digests())
        envs.close()
        return digests

    assert walk(1) == walk(2) == walk(7)


def test_statistics_lists_of_infos_and_pictures(small):
    envs = RecordEpisodeStatistics(make(3, small, render_mode="rgb_array"))
    envs.reset(seed=1)
    for _ in range(12):
        infos = envs.step(np.ones(3, np.int64))[4]
    assert infos["episode"]["l"].tolist() == [12, 12, 12]
    frames = envs.render()
    assert len(frames) == 3 and frames[0].shape == (24, 32, 3)
    envs = DictInfoToList(make(2, small, privileged=True))
    _, infos = envs.reset(seed=1)
    assert [info["facts"]["episode_seed"] for info in infos] == [1, 2]


def test_the_facts_of_a_last_step_are_not_lost(small):
    small["task"]["episode_steps"] = 2
    envs = make(2, small, privileged=True, autoreset_mode="SameStep")
    envs.reset(seed=1)
    envs.step(np.zeros(2, np.int64))
    infos = envs.step(np.zeros(2, np.int64))[4]
    assert [facts["step"] for facts in infos["final_info"]["facts"]] == [2, 2]
    assert [facts["step"] for facts in infos["facts"]] == [0, 0]
    assert [facts["step"] for facts in envs.facts()] == [0, 0]
    with pytest.raises(PermissionError):
        make(2, small).facts()


def test_seeds_go_up_by_room(small):
    envs = make(3, small)
    envs.reset(seed=np.int64(10))
    assert envs.episode_seeds == (10, 11, 12)
    derived = [envs.reset() and envs.episode_seeds for _ in range(2)]
    assert len({seed for seeds in derived for seed in seeds}) == 6
    alone = groundling.RoomEnv(**small)
    alone.reset(seed=11)
    alone.reset()
    assert alone.episode_seed == derived[0][1]
    envs.reset(seed=[2**64 - 1, None, 4])
    assert envs.episode_seeds[0] == 2**64 - 1 and envs.episode_seeds[2] == 4
