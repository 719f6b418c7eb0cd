"""Promised: the room is what Gymnasium calls an environment, to its checker and to its wrappers."""

from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import RecordEpisodeStatistics, RecordVideo

import groundling


@pytest.mark.parametrize("observation", ["picture", "dict"])
@pytest.mark.parametrize("privileged", [False, True])
def test_the_checker_finds_nothing(small, observation, privileged):
    env = gymnasium.make(
        "groundling/LRoom-v0",
        render_mode="rgb_array",
        observation=observation,
        privileged=privileged,
        **small,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env.unwrapped)


def test_the_defaults_check_too():
    env = gymnasium.make("groundling/LRoom-v0", render_mode="rgb_array")
    check_env(env.unwrapped)
    assert env.observation_space == gymnasium.spaces.Box(0, 255, (72, 96, 3), np.uint8)
    assert env.action_space == gymnasium.spaces.Discrete(9)
    assert env.metadata["action_names"][:2] == ["noop", "forward"]
    assert env.metadata["render_fps"] == 7.5


def test_every_action_has_a_name(small):
    env = gymnasium.make("groundling/LRoom-v0", control={"actions": "manipulate"}, **small)
    assert env.action_space.n == len(env.metadata["action_names"]) == 24
    env.reset(seed=1)
    for action in range(8):
        env.step(action)


def test_a_seed_names_an_episode_and_those_after_it(small):
    env, other = (gymnasium.make("groundling/LRoom-v0", **small) for _ in range(2))

    def episodes(env):
        first = env.reset(seed=3)[0]
        return [first, env.reset()[0], env.reset()[0]]

    found = episodes(env)
    for one, same in zip(found, episodes(other), strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(found[0], found[1]) and not np.array_equal(found[1], found[2])
    # A derived episode is named by its own seed too.
    again = other.reset(seed=env.unwrapped.episode_seed)[0]
    np.testing.assert_array_equal(again, found[2])


def test_two_rooms_that_were_never_seeded_differ(small):
    seeds = set()
    for _ in range(2):
        env = groundling.RoomEnv(**small)
        env.reset()
        seeds.add(env.episode_seed)
    assert len(seeds) == 2


def test_an_episode_ends_by_its_time(small):
    env = gymnasium.make("groundling/LRoom-v0", **small)
    env.reset(seed=1)
    ends = [env.step(0)[2:4] for _ in range(12)]
    assert ends == [(False, False)] * 11 + [(False, True)]


def test_a_dict_tells_what_was_done_and_what_it_was_worth(small):
    env = gymnasium.make("groundling/LRoom-v0", observation="dict", **small)
    observation, _ = env.reset(seed=5)
    assert observation["last_action"] == 9 and observation["last_reward"] == [0.0]
    observation, reward, *_ = env.step(5)
    assert observation in env.observation_space
    assert observation["last_action"] == 5 and observation["last_reward"] == [reward]
    plain = gymnasium.make("groundling/LRoom-v0", **small)
    plain.reset(seed=5)
    np.testing.assert_array_equal(plain.step(5)[0], observation["picture"])


def test_pictures_are_the_caller_s_own(small):
    env = gymnasium.make("groundling/LRoom-v0", render_mode="rgb_array", **small)
    first, _ = env.reset(seed=1)
    kept = first.copy()
    second = env.step(5)[0]
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(env.render(), second)
    second[:] = 0
    assert env.render().any()


def test_films_and_statistics(small, tmp_path):
    env = gymnasium.make("groundling/LRoom-v0", render_mode="rgb_array", **small)
    env = RecordEpisodeStatistics(RecordVideo(env, str(tmp_path / "films"), episode_trigger=lambda _: True))
    env.reset(seed=1)
    over = False
    while not over:
        _, _, terminated, truncated, info = env.step(1)
        over = terminated or truncated
    assert info["episode"]["l"] == 12
    env.close()
    films = list((tmp_path / "films").glob("*.mp4"))
    assert len(films) == 1 and films[0].stat().st_size > 500


def test_facts_are_for_whoever_asks_for_privilege(small):
    env = groundling.RoomEnv(**small)
    assert env.reset(seed=1)[1] == {} and env.step(0)[4] == {}
    with pytest.raises(PermissionError, match="privileged=True"):
        env.facts()
    env = groundling.RoomEnv(privileged=True, **small)
    _, info = env.reset(seed=2**64 - 1)
    assert info["facts"] == env.facts()
    info = env.step(5)[4]
    facts = info["facts"]
    assert facts["step"] == 1 and facts["episode_seed"] == 2**64 - 1
    assert 3 <= len(facts["objects"]) <= 6
    for thing in facts["objects"]:
        assert thing["color"].isalpha() and thing["shape"][0].isalpha() and len(thing["position"]) == 3
    assert set(facts) == set(groundling.WorldFacts.__annotations__)
    assert set(facts["agent"]) == set(groundling.AgentFacts.__annotations__)
    assert set(facts["objects"][0]) == set(groundling.ObjectFacts.__annotations__)
