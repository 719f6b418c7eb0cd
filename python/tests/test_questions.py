"""Promised: an episode's last step has the very questions that the program asks in its room, and nobody else gets them.

`golden/questions_*.jsonl` are the program's: `groundling questions --split PART --rooms 2 --set questions.census_rooms=1000
--set questions.last_step_draws=1 --set evaluation.seed=5 --set room.num_objects=[4,7]`.
"""

from __future__ import annotations

import json
import pickle
import threading
import time
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from conftest import asking
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import groundling

GOLDEN = Path(__file__).parent / "golden"


def golden(part):
    """What the file was made from, and each room's questions."""
    header, *lines = [json.loads(line) for line in (GOLDEN / f"questions_{part}.jsonl").read_text().splitlines()]
    rooms = [[], []]
    for line in lines:
        rooms[line.pop("room")].append(line)
    return header["made_from"], rooms


def last_info(env, seed, action=0):
    env.reset(seed=seed)
    over = False
    while not over:
        _, _, terminated, truncated, info = env.step(action)
        over = terminated or truncated
        assert over or "questions" not in info
    return info


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_the_questions_are_the_program_s(part):
    made_from, rooms = golden(part)
    env = groundling.RoomEnv(
        room=made_from["room"],
        questions=made_from["questions"],
        evaluation={"seed": 5, f"{part}_episodes": 2},
        camera={"width": 32, "height": 24},
        task={"episode_steps": 3},
    )
    seeds = groundling.evaluation_seeds(env.resolved_settings)[part]
    assert seeds == [room[0]["seed"] for room in rooms]
    for seed, room in zip(seeds, rooms, strict=True):
        found = last_info(env, seed)["questions"]
        # Nothing moves, so that all are still true at the end.
        assert [{key: question[key] for key in room[0]} for question in found] == room
        assert {question["step"] for question in found} == {3}


def test_the_evidence_is_that_of_the_facts():
    env = groundling.RoomEnv(privileged=True, **asking())
    seen = []
    for seed in range(6):
        info = last_info(env, seed, action=5)
        objects = info["facts"]["objects"]
        for question in info["questions"]:
            assert set(question) == set(groundling.Question.__annotations__)
            for evidence in question["evidence"]:
                thing = objects[evidence["object"]]
                assert (thing["shape"], thing["color"]) == (evidence["shape"], evidence["color"])
            if question["template"] == "count_color":
                color = question["arguments"][0]
                count = sum(thing["color"] == color for thing in objects)
                assert question["answer"] == str(count)
                last = [thing["last_seen"] for thing in objects]
                assert question["seen"] == (None not in last)
                assert question["most_pixels"] == min(thing["most_pixels"] for thing in objects)
                if question["seen"]:
                    assert question["steps_since_seen"] == 12 - min(last)
                else:
                    assert question["steps_since_seen"] is None
            seen.append(question["seen"])
    assert True in seen and False in seen


def test_questions_can_be_asked_along_the_way():
    env = groundling.RoomEnv(**asking())
    env.reset(seed=3)
    first = env.questions()
    assert first and {question["step"] for question in first} == {0}
    for _ in range(12):
        info = env.step(5)[4]
    named = {(question["number"], question["question"], question["answer"]) for question in first}
    assert named >= {(question["number"], question["question"], question["answer"]) for question in info["questions"]}
    assert info["questions"] == env.questions() == pickle.loads(pickle.dumps(env)).questions()


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_many_rooms_tell_them_as_gymnasium_does(mode):
    settings = asking(episode_steps=4)
    together = gymnasium.make_vec("groundling/LRoom-v0", num_envs=3, autoreset_mode=mode, threads=2, **settings)
    apart = SyncVectorEnv([lambda: gymnasium.make("groundling/LRoom-v0", **settings)] * 3, autoreset_mode=mode)
    together.reset(seed=7)
    apart.reset(seed=7)
    num_told = 0
    for _ in range(4 if mode is AutoresetMode.DISABLED else 11):
        actions = np.full(3, 5)
        told, expected = together.step(actions)[4], apart.step(actions)[4]
        if mode is AutoresetMode.SAME_STEP:
            assert "questions" not in told
            told, expected = told.get("final_info", {}), expected.get("final_info", {})
        assert ("questions" in told) == ("questions" in expected)
        if "questions" in told:
            num_told += 1
            np.testing.assert_array_equal(told["_questions"], expected["_questions"])
            assert list(told["questions"]) == list(expected["questions"])
            assert all(told["questions"])
    assert num_told >= 1
    asked = together.questions()
    assert [questions[0]["seed"] for questions in asked] == list(together.episode_seeds)
    together.close()


def test_nobody_gets_answers_unasked(small):
    env, envs = groundling.RoomEnv(**small), groundling.RoomVectorEnv(2, **small)
    assert last_info(env, 1) == {}
    envs.reset(seed=1)
    for made in (env, envs):
        with pytest.raises(PermissionError, match="questions=True"):
            made.questions()
    with pytest.raises(gymnasium.error.ResetNeeded):
        groundling.RoomEnv(**asking()).questions()


def test_settings_of_questions_come_from_a_file_or_by_name(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[questions]\ntemplates = ['color']\n[evaluation]\nseed = 9\nthreads = 7\ntest_episodes = 4\n")
    settings = asking()
    del settings["evaluation"]
    settings["questions"].pop("last_step_draws")
    env = groundling.RoomEnv(config=path, settings={"questions.last_step_draws": 7}, **settings)
    asked = last_info(env, 2)["questions"]
    assert {question["template"] for question in asked} == {"color"} and len(asked) == 7
    assert "seed = 9" in env.resolved_settings and "threads" not in env.resolved_settings
    seeds = groundling.evaluation_seeds(env.resolved_settings)
    assert [len(seeds[part]) for part in ("train", "validation", "test")] == [6000, 500, 4]
    assert len({seed for part in seeds.values() for seed in part}) == 6504


def test_what_cannot_be_asked_is_refused():
    for settings, exception, match in (
        ({"questions": 3}, TypeError, "questions must be a bool or a dict"),
        ({"questions": {"templates": ["smell"]}}, ValueError, "questions.templates = smell: must be of: color"),
        ({"questions": {"census_rooms": 3}}, ValueError, "census_rooms = 3: must lie between"),
        ({"evaluation": {"seed": -1}}, ValueError, "evaluation.seed = -1"),
        ({"evaluation": {"test_episodes": 0}}, ValueError, "evaluation.test_episodes = 0: must lie between"),
        ({"evaluation": {"threads": 2}}, ValueError, "unknown field `threads`"),
    ):
        for made in (groundling.RoomEnv, groundling.RoomVectorEnv):
            with pytest.raises(exception, match=match):
                made(**settings)
    # What only the counted rooms show, a reset says, and another one says it again.
    settings = asking(num_objects=[3, 6], side=[4.0, 5.0])
    env = groundling.RoomEnv(**settings)
    for _ in range(2):
        with pytest.raises(ValueError, match="too small for its objects"):
            env.reset(seed=1)


def test_rooms_are_counted_once_while_python_goes_on():
    settings = asking()
    settings["questions"]["census_rooms"] = 3000
    ticks = []
    over = threading.Event()

    def tick():
        while not over.is_set():
            ticks.append(1)
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    start = time.perf_counter()
    groundling.RoomEnv(**settings).reset(seed=1)
    first, during = time.perf_counter() - start, len(ticks)
    over.set()
    ticker.join()
    assert during >= 3
    start = time.perf_counter()
    groundling.RoomVectorEnv(2, **settings).reset(seed=1)
    # Not a benchmark: counting again would take as long as the first time.
    assert time.perf_counter() - start < first
