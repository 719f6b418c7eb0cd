"""Promised: what any agent believed becomes a file that can be probed, as a whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import warnings

import numpy as np
import pytest
from conftest import asking

import groundling

PARTS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def played():
    """Settings, and of each part the questions of its first two episodes at step 2 and at the last one."""
    env = groundling.RoomEnv(**asking(episode_steps=4))
    settings = env.resolved_settings
    episodes = []
    for part, seeds in groundling.evaluation_seeds(settings).items():
        for seed in seeds[:2]:
            env.reset(seed=seed)
            for _ in range(2):
                env.step(5)
            earlier = env.questions()
            env.step(5)
            episodes.append((part, earlier, env.step(5)[4]["questions"]))
    return settings, episodes


def belief_of(questions, size=7):
    return np.random.default_rng(questions[0]["seed"]).normal(size=size) + questions[0]["step"]


def write_all(writer, episodes):
    for part, _, questions in episodes:
        writer.write(part, belief_of(questions), questions)


def left_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_can_be_probed(played, tmp_path):
    settings, episodes = played
    path = tmp_path / "mine.parquet"
    with groundling.BeliefWriter(path, settings, agent="mine-2", variant="mine", seed=2, frames_trained=9) as writer:
        for part, earlier, questions in episodes:
            writer.write(part, belief_of(earlier), earlier, headline=False, timeline=True)
            writer.write(part, belief_of(questions), questions, timeline=part == "test")
            writer.write(part, np.zeros(7), [], episode=questions[0]["seed"], step=3)
            # An episode of which nothing can be asked.
            writer.write(part, np.ones(7), [])
        assert left_in(tmp_path) == [f".mine.parquet.{os.getpid()}.part"]
    assert left_in(tmp_path) == ["mine.parquet"]
    found = groundling.check_beliefs(path)
    assert (found["agent"], found["kind"], found["seed"], found["belief_size"]) == ("mine-2", "trained", 2, 7)
    assert found["has_evidence"] and "near_color" in found["templates"]
    for part in PARTS:
        of_part = [(earlier, questions) for own, earlier, questions in episodes if own == part]
        headline = sum(len(questions) for _, questions in of_part)
        timeline = sum(len(earlier) for earlier, _ in of_part) + (headline if part == "test" else 0)
        assert found["parts"][part] == {"episodes": 2, "beliefs": 6, "headline": headline, "timeline": timeline}


def test_every_cell_is_what_was_given(played, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is no dependency; the test above reads without it")
    settings, episodes = played
    path = tmp_path / "mine.parquet"
    with groundling.BeliefWriter(path, settings) as writer:
        for part, _, questions in episodes:
            writer.write(part, belief_of(questions), questions, cell=-belief_of(questions))
    rows = parquet.read_table(path).to_pylist()
    expected = [(part, question, place) for part, _, all in episodes for place, question in enumerate(all)]
    assert len(rows) == len(expected)
    for row, (part, question, place) in zip(rows, expected, strict=True):
        assert (row["split"], row["episode"], row["question"]) == (part, question["seed"], question["number"])
        for key in ("step", "template", "tokens", "answer", "seen", "in_view", "steps_since_seen", "most_pixels"):
            assert row[key] == question[key]
        assert row["text"] == question["question"]
        if place == 0:
            np.testing.assert_array_equal(np.float32(row["belief"]), belief_of([question]).astype(np.float32))
            np.testing.assert_array_equal(np.float32(row["cell"]), -belief_of([question]).astype(np.float32))
        else:
            assert row["belief"] is None


def test_what_is_refused_changes_nothing(played, tmp_path):
    settings, episodes = played
    (part, earlier, questions), *others = episodes
    good = belief_of(questions)
    path = tmp_path / "mine.parquet"
    other_words = [{**questions[0], "answer": "beige"}]
    with groundling.BeliefWriter(path, settings) as writer:
        writer.write(part, good, questions)
        for exception, match, arguments, options in (
            (ValueError, r"belief of shape \(2, 2\)", (part, np.ones((2, 2)), earlier), {}),
            (ValueError, r"belief of shape \(0,\)", (part, np.ones(0), earlier), {}),
            (ValueError, r"belief of shape \(65537,\)", (part, np.ones(65_537), earlier), {}),
            (TypeError, "must hold floats, not int64", (part, np.ones(7, np.int64), earlier), {}),
            (TypeError, "must hold floats, not complex128", (part, np.ones(7, complex), earlier), {}),
            (TypeError, "must hold floats, not <U1", (part, ["a"] * 7, earlier), {}),
            (ValueError, r"belief\[3\] = nan: must be a finite", (part, [0, 0, 0, np.nan, 0, 0, 0.5], earlier), {}),
            (ValueError, r"belief\[0\] = 1e\+300: must be a finite", (part, [1e300] * 7, earlier), {}),
            (ValueError, r"cell\[0\] = inf", (part, good, earlier), {"cell": [np.inf] * 7}),
            (ValueError, "cell has 6 numbers, belief 7", (part, good, earlier), {"cell": np.ones(6)}),
            (ValueError, "have 7 and 7 numbers, the first ones have 7 and 0", (part, good, earlier), {"cell": good}),
            (ValueError, "have 8 and 0 numbers, the first ones have 7 and 0", (part, np.ones(8), earlier), {}),
            (ValueError, "is test, but the episode is of part train", ("test", good, earlier), {}),
            (ValueError, 'part "dev": must be "train", "validation" or "test"', ("dev", good, earlier), {}),
            (ValueError, "was written before", (part, good, questions), {}),
            (ValueError, "counts for the headline at another step", (part, good, earlier), {}),
            (ValueError, "question 0 is there twice", (part, good, [earlier[0]] * 2), {"headline": False}),
            (ValueError, '"beige" is not of the settings', ("test", good, other_words), {}),
            (
                ValueError,
                "missing field `question`",
                (part, good, [{"seed": 1, "step": 2, "number": 3, "template": "x"}]),
                {},
            ),
            (ValueError, "one has no 'seed'", (part, good, [{"step": 2}]), {}),
            (ValueError, "questions of step", (part, good, [earlier[0], questions[1]]), {}),
            (ValueError, "questions of seed 5 and", (part, good, earlier), {"episode": 5}),
            (ValueError, "give both episode and step", (part, good, []), {"step": 5}),
            (ValueError, r"step 4294967296: must be below", (part, good, []), {"episode": 1, "step": 2**32}),
            (TypeError, "step must be an integer", (part, good, []), {"episode": 1, "step": 0.5}),
            (TypeError, "questions must be the list", (part, good, "color"), {}),
            (TypeError, "questions must be the list", (part, good, None), {}),
        ):
            with pytest.raises(exception, match=match):
                writer.write(*arguments, **options)
        write_all(writer, others)
    counts = groundling.check_beliefs(path)["parts"]
    assert [counts[part]["beliefs"] for part in PARTS] == [2, 2, 2]
    for act in (writer.close, lambda: writer.write(part, good, questions)):
        with pytest.raises(ValueError, match="is closed"):
            act()


class Stop(BaseException):
    """Such as KeyboardInterrupt."""


def test_nothing_half_written_is_left(played, tmp_path):
    settings, episodes = played
    path = tmp_path / "mine.parquet"
    path.write_text("precious")
    with pytest.raises(FileExistsError, match="mine.parquet: exists already; give another name, or overwrite=True"):
        groundling.BeliefWriter(path, settings)
    for exception in (RuntimeError, Stop):
        with pytest.raises(exception), groundling.BeliefWriter(path, settings, overwrite=True) as writer:
            write_all(writer, episodes)
            raise exception
    with (
        pytest.raises(ValueError, match="no question counts for the headline in part test"),
        groundling.BeliefWriter(path, settings, overwrite=True) as writer,
    ):
        write_all(writer, [episode for episode in episodes if episode[0] != "test"])
    forgotten = groundling.BeliefWriter(path, settings, overwrite=True)
    write_all(forgotten, episodes)
    del forgotten, writer
    assert left_in(tmp_path) == ["mine.parquet"] and path.read_text() == "precious"
    with groundling.BeliefWriter(path, settings, overwrite=True) as writer:
        write_all(writer, episodes)
    assert groundling.check_beliefs(path)["agent"] is None
    assert left_in(tmp_path) == ["mine.parquet"]


def leave(writer, connection):
    try:
        writer.close()
    except RuntimeError as error:
        connection.send(str(error))


def test_a_forked_child_leaves_the_file_to_its_parent(played, tmp_path):
    settings, episodes = played
    ours, theirs = multiprocessing.Pipe()
    with groundling.BeliefWriter(tmp_path / "mine.parquet", settings) as writer:
        write_all(writer, episodes)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*use of fork", category=DeprecationWarning)
            child = multiprocessing.get_context("fork").Process(target=leave, args=(writer, theirs))
            child.start()
        child.join(30)
        assert child.exitcode == 0 and "another process began this file" in ours.recv()
    assert left_in(tmp_path) == ["mine.parquet"]


def test_a_file_that_cannot_be(played, tmp_path):
    settings, _ = played
    with pytest.raises(OSError, match="cannot be written"):
        groundling.BeliefWriter(tmp_path / "none" / "mine.parquet", settings)
    with pytest.raises(ValueError, match="kind 'clever': must be one of"):
        groundling.BeliefWriter(tmp_path / "mine.parquet", settings, kind="clever")
    with pytest.raises(ValueError, match="agent 'a\\\\nb': must be printable"):
        groundling.BeliefWriter(tmp_path / "mine.parquet", settings, agent="a\nb")
    with pytest.raises(ValueError, match="seed -1: must lie between"):
        groundling.BeliefWriter(tmp_path / "mine.parquet", settings, seed=-1)
    with pytest.raises(FileNotFoundError, match="cannot be read"):
        groundling.check_beliefs(tmp_path / "mine.parquet")
    (tmp_path / "mine.parquet").write_text("text")
    with pytest.raises(ValueError, match="not a Parquet file"):
        groundling.check_beliefs(tmp_path / "mine.parquet")
