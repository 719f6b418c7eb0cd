"""Writes what an agent believed, and what it was asked, as a file that `groundling probe --beliefs` reads."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, TypeAlias, TypedDict, cast, get_args

import numpy as np
import numpy.typing as npt

from groundling import _native
from groundling.questions import Part, Question, as_json
from groundling.room import checked_seed

MOST_NUMBERS = 65_536
"""A belief has no more numbers than these."""

AgentKind: TypeAlias = Literal["trained", "untrained", "last_frame", "overshoot0", "oracle", "facts"]


class CheckedPart(TypedDict):
    """How much a file holds of one part."""

    episodes: int
    beliefs: int
    headline: int
    """Questions that count for the headline."""
    timeline: int
    """Questions that count for the curve of what is known when."""


class CheckedBeliefs(TypedDict):
    """What a file of stored beliefs holds."""

    agent: str | None
    kind: str | None
    seed: int | None
    belief_size: int
    has_evidence: bool
    """Whether every question says what had been seen of its evidence."""
    templates: list[str]
    parts: dict[Part, CheckedPart]


def check_beliefs(path: str | os.PathLike[str]) -> CheckedBeliefs:
    """Reads a file of stored beliefs, of this package or of any other, as `groundling probe --beliefs` does before it probes.

    Raises:
        ValueError: Something is wrong with it; the message names row, column and remedy.
        OSError: It cannot be read.
    """
    return cast("CheckedBeliefs", json.loads(_native.check_beliefs(os.fspath(path))))


class BeliefWriter:
    """A file of stored beliefs (`docs/stored_beliefs.md`) of any agent, with questions that a room asked.

        with groundling.BeliefWriter("mine.parquet", env.unwrapped.resolved_settings, agent="mine") as writer:
            for part, seeds in groundling.evaluation_seeds(env.unwrapped.resolved_settings).items():
                for seed in seeds:
                    ...  # play the episode of that seed to its end
                    writer.write(part, state, info["questions"])

    The file is there when the `with` statement has ended without an exception, or `close` has returned, and as a whole. An
    exception, also Ctrl-C, leaves no file, and what was at its place before. The number of an episode in the file is its
    seed, so that files of several agents can be probed together.

    Args:
        path: The file to write.
        resolved_settings: `env.unwrapped.resolved_settings` of the rooms that are asked about. Counting how often each
            answer can be asked for takes a moment the first time; a room with the same settings shares it.
        agent: The name of its row in the table; else the file's name is.
        variant: Agents with the same `variant` and another `seed` are seeds of one variant.
        kind: What the agent is: `"trained"` unless it is one of the controls.
        seed: The agent's seed.
        frames_trained: Steps that it was trained for.
        overwrite: Whether a file that is there already is replaced.

    Raises:
        FileExistsError: There is a file already, and `overwrite` is false.
        OSError: The file cannot be written.
        ValueError: The settings cannot be, or there is no such kind.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        resolved_settings: str,
        *,
        agent: str | None = None,
        variant: str | None = None,
        kind: AgentKind = "trained",
        seed: int | None = None,
        frames_trained: int = 0,
        overwrite: bool = False,
    ) -> None:
        kinds = get_args(AgentKind)
        if kind not in kinds:
            raise ValueError(f"kind {kind!r}: must be one of {list(kinds)}")
        self._path = os.fspath(path)
        self._shapes: tuple[int, bool] | None = None
        self._native = _native.BeliefWriter(
            self._path,
            resolved_settings,
            _shown("agent", agent),
            _shown("variant", variant),
            kind,
            None if seed is None else checked_seed(seed),
            checked_seed(frames_trained, "frames_trained"),
            bool(overwrite),
        )

    def __enter__(self) -> BeliefWriter:  # noqa: PYI034 -- Self needs Python 3.11
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exception_type is None:
            self.close()
        else:
            self._native.abandon()

    def write(
        self,
        part: Part,
        belief: npt.ArrayLike,
        questions: Sequence[Question],
        *,
        cell: npt.ArrayLike | None = None,
        episode: int | None = None,
        step: int | None = None,
        headline: bool = True,
        timeline: bool = False,
    ) -> None:
        """Adds what the agent believed after one step, and the questions that are put to it there.

        Episode and step are those of the questions; where there are none, give both, and the belief is kept for decoders
        that read whole episodes. Without questions, episode and step, there is nothing to measure, and nothing is written.
        What is refused has changed nothing.

        Args:
            part: What the episode is for. It stays in one part.
            belief: The agent's state, floats `[N]`, rounded to `float32`; `N` is the same throughout the file.
            questions: `info["questions"]`, or `env.questions()` at an earlier step.
            cell: A second part of the state, `[N]`, in every call or in none.
            episode: The episode's seed.
            step: Actions taken since the reset.
            headline: Whether the questions count for the headline; at the last step they should, at earlier ones not.
            timeline: Whether they count for the curve of what is known when. Give true at earlier steps, one that is
                drawn in episodes of train and validation, and all of them, with the last, in some of the test.

        Raises:
            TypeError: The belief holds no floats, or something else is of a wrong type.
            ValueError: The belief is not `[N]`, not finite or of another length; the episode is in another part; the step was
                written before; a question is of other settings; or the file is closed.
        """
        state = _numbers("belief", belief)
        state_cell = None if cell is None else _numbers("cell", cell)
        if state_cell is not None and state_cell.shape != state.shape:
            raise ValueError(f"cell has {state_cell.size} numbers, belief {state.size}; they must be as many")
        text = as_json(questions)
        episode, step = _place(questions, episode, step)
        if episode is None or step is None:
            if (episode, step) != (None, None):
                raise ValueError("give both episode and step, or neither")
            return
        self._native.write(part, episode, step, state, state_cell, text, bool(headline), bool(timeline))

    def close(self) -> None:
        """Puts the file in its place.

        Raises:
            ValueError: No question counts for the headline in some part, which a probe needs; then nothing is written.
            OSError: The file cannot be written.
        """
        self._native.finish()


def _place(questions: Sequence[Question], episode: int | None, step: int | None) -> tuple[int | None, int | None]:
    """Episode and step, which must be those of every question."""
    found: dict[str, int | None] = {
        "seed": None if episode is None else checked_seed(episode, "episode"),
        "step": None if step is None else _step(step),
    }
    for question in questions:
        for key, value in found.items():
            own = question.get(key) if isinstance(question, dict) else None
            if own is None:
                raise ValueError(f'questions must be those of info["questions"]: one has no {key!r}')
            if value is not None and own != value:
                raise ValueError(f"questions of {key} {value} and {own} together; write each step by itself")
            found[key] = checked_seed(own, key)
    return found["seed"], found["step"]


def _step(step: object) -> int:
    number = checked_seed(step, "step")
    if number >= 2**32:
        raise ValueError(f"step {number}: must be below 2**32")
    return number


def _numbers(name: str, values: npt.ArrayLike) -> npt.NDArray[np.float32]:
    """Finite `float32 [N]`."""
    array: npt.NDArray[Any] = np.asarray(values)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold floats, not {array.dtype}")
    if array.ndim != 1 or not 1 <= array.size <= MOST_NUMBERS:
        raise ValueError(f"{name} of shape {array.shape}: must have shape (N,), N within 1 to {MOST_NUMBERS}")
    with np.errstate(over="ignore"):
        rounded = np.ascontiguousarray(array, np.float32)
    wrong = np.flatnonzero(~np.isfinite(rounded))
    if wrong.size:
        raise ValueError(f"{name}[{wrong[0]}] = {array[wrong[0]]}: must be a finite number of 32 bits")
    return rounded


def _shown(key: str, name: str | None) -> str | None:
    """A name that can stand in a table."""
    if name is not None and not isinstance(name, str):
        raise TypeError(f"{key} must be a str, not {type(name).__name__}")
    if name is not None and (not name or not name.isprintable()):
        raise ValueError(f"{key} {name!r}: must be printable, and not empty")
    return name
