"""One room as a Gymnasium environment."""

from __future__ import annotations

import json
import operator
import os
from typing import Any, cast

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium import error, logger, spaces

from groundling import _native
from groundling.facts import WorldFacts
from groundling.observation import Observation, ObservationKind, observation_space, with_last
from groundling.questions import NOT_ASKED, Question, parsed_questions, section_of
from groundling.settings import Section, resolve
from groundling.step_digest import StepDigest

SEED_LIMIT = 2**64
"""Seeds are below it."""


class RoomEnv(gymnasium.Env[Observation, np.int64]):
    """A room with things in it, explored in first person.

    An episode is a function of settings, seed and actions: the same bits from Python, from the vector environment and
    from Rust. What can be set is in `config` (one of the program's TOML files; sections of training are passed over),
    on top of it in the sections, and on top of those in `settings`. Every setting, with its unit, range and default, is
    in `docs/settings.md`, and written out in `env.unwrapped.resolved_settings`.

    Observation: the picture, `uint8 [H, W, 3]`, sRGB (`camera`: 96 x 72 by default). With `observation="dict"`, a dict
    of `picture`, `last_action` (`num_actions` at the first step) and `last_reward` (`float32 [1]`).

    Action: one of `metadata["action_names"]` by index. With `control={"actions": "explore"}`, the default, nothing,
    four moves and four looks; with `"manipulate"`, 24, and things are held as long as the actions contain grab.

    Reward: 1 for each object visited (near and in view); once all are visited, all count again. With
    `task={"name": "find"}` there is one object to find, which terminates the episode. Any episode is truncated after
    `task={"episode_steps": 225}` actions.

    Args:
        config: A TOML file of settings.
        room: What rooms are drawn from; lengths in metres.
        camera: The agent's eye: pixels, degrees, metres.
        control: What actions there are and how they move the body.
        physics: How objects move, and what the agent can do to them.
        task: What is rewarded, and for how long.
        explorer: The scripted explorer of the program; it changes nothing here.
        evaluation: Which episodes an evaluation plays, for `evaluation_seeds`, and what its questions are drawn by.
        settings: Single settings by their dotted names, `{"camera.width": 96}`.
        observation: `"picture"` or `"dict"`.
        privileged: Whether `facts()` answers and every `info` has `"facts"`: what only the simulator knows. It is there
            to measure an agent, and whoever trains on it trains on the answers. Off by default.
        questions: Whether `questions()` answers and the `info` of an episode's last step has `"questions"`, with their
            answers: a list of `Question`. The same settings and room give the very questions of the program. A dict of
            settings of the section `[questions]` does so too. They too are privileged, and off by default. The first
            reset of a process takes a moment longer: answers are counted in `questions.census_rooms` rooms, so that they
            can be balanced.
        render_mode: `"rgb_array"`, for which `render()` returns the picture.

    Raises:
        ValueError: A setting is unknown or out of range.
        TypeError: A section or a value is of a type that no setting has.
        OSError: The file cannot be read.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 7.5}

    def __init__(
        self,
        *,
        config: str | os.PathLike[str] | None = None,
        room: Section | None = None,
        camera: Section | None = None,
        control: Section | None = None,
        physics: Section | None = None,
        task: Section | None = None,
        explorer: Section | None = None,
        evaluation: Section | None = None,
        settings: Section | None = None,
        observation: ObservationKind = "picture",
        privileged: bool = False,
        questions: bool | Section = False,
        render_mode: str | None = None,
    ) -> None:
        check_render_mode(render_mode)
        asks, asked = section_of(questions)
        resolved = resolve(
            config,
            settings,
            room=room,
            camera=camera,
            control=control,
            physics=physics,
            task=task,
            explorer=explorer,
            questions=asked,
            evaluation=evaluation,
        )
        made = _native.Room(resolved)
        self._room: _native.Room | None = made
        self._resolved = resolved
        self._num_actions = len(made.action_names)
        self._observation_kind = observation
        self._privileged = privileged
        self._asks = asks
        self.render_mode = render_mode
        self.metadata = metadata_of(made)
        self.observation_space = observation_space(observation, made.shape, self._num_actions, made.most_reward)
        self.action_space = spaces.Discrete(self._num_actions)
        made.set_base_seed(int(self.np_random.integers(SEED_LIMIT, dtype=np.uint64)))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begins an episode: that of `seed`, or without one the next that is derived from the last seed given.

        The same seed gives the same episode, and the same ones after it. `options` must be empty.

        Raises:
            TypeError: The seed is no integer.
            ValueError: The seed is not within 0 to 2**64 - 1, or there are options.
        """
        made = self._open()
        if self._asks:
            made.prepare_questions()
        if options:
            raise ValueError(f"options {sorted(options)}: a room has none; settings are given when it is made")
        if seed is not None:
            seed = checked_seed(seed)
            super().reset(seed=seed)
        return self._observe(made.reset(seed), self._num_actions, 0.0), self._info(made)

    def step(self, action: np.int64 | int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Takes one action: an integer, an index into `metadata["action_names"]`.

        Returns observation, reward, terminated (the task is done), truncated (the time is over) and info.

        Raises:
            gymnasium.error.ResetNeeded: No episode runs: none was begun, or the last one is over.
            InvalidAction: There is no such action (a `ValueError` too).
            TypeError: The action is no integer.
        """
        made = self._open()
        picture, reward, terminated, truncated = made.step(action)
        observation = self._observe(picture, action, reward)
        info = self._info(made)
        if self._asks and (terminated or truncated):
            info["questions"] = parsed_questions(made.questions())
        return observation, reward, terminated, truncated, info

    def render(self) -> npt.NDArray[np.uint8] | None:
        """The present picture, `uint8 [H, W, 3]`.

        Raises:
            gymnasium.error.ResetNeeded: There is no picture before the first reset.
        """
        if self.render_mode is None:
            logger.warn('render() shows nothing: make the environment with render_mode="rgb_array"')
            return None
        return self._open().picture()

    def close(self) -> None:
        """Frees the room. Whatever is asked of it afterwards raises; closing again does nothing."""
        self._room = None

    @property
    def resolved_settings(self) -> str:
        """Every setting as TOML: what `config` and the program's `--config` read."""
        return self._resolved

    @property
    def episode_seed(self) -> int:
        """The seed that names the present episode, whether it was given or derived."""
        return self._open().episode_seed()

    def digest(self) -> StepDigest:
        """Short names of the present step's state and picture."""
        return StepDigest(*self._open().digest())

    def facts(self) -> WorldFacts:
        """What only the simulator knows of the present step: privileged.

        Raises:
            PermissionError: The environment was not made with `privileged=True`.
        """
        if not self._privileged:
            raise PermissionError(NOT_PRIVILEGED)
        return parsed_facts(self._open().facts())

    def questions(self) -> list[Question]:
        """The questions of the episode that have their one right answer at the present step too: privileged.

        They are about the room as it was at the reset. Where things have moved, one may have another answer, or none, and is
        left out; numbers stay.

        Raises:
            PermissionError: The environment was not made with `questions=True`.
        """
        if not self._asks:
            raise PermissionError(NOT_ASKED)
        return parsed_questions(self._open().questions())

    def _open(self) -> _native.Room:
        if self._room is None:
            raise error.ClosedEnvironmentError("this environment was closed; make another")
        return self._room

    def _observe(self, picture: npt.NDArray[np.uint8], action: np.int64 | int, reward: float) -> Observation:
        if self._observation_kind == "picture":
            return picture
        return with_last(picture, operator.index(action), reward)

    def _info(self, made: _native.Room) -> dict[str, Any]:
        return {"facts": parsed_facts(made.facts())} if self._privileged else {}


NOT_PRIVILEGED = (
    "facts are what only the simulator knows, and no part of what an agent may learn from; "
    "make the environment with privileged=True to measure with them"
)


def parsed_facts(text: str) -> WorldFacts:
    """Facts from the JSON of the native part."""
    return cast("WorldFacts", json.loads(text))


def metadata_of(made: _native.Room | _native.Rooms) -> dict[str, Any]:
    """What Gymnasium and its wrappers want to know, and the names of the actions in index order."""
    return {
        **RoomEnv.metadata,
        # The room's own time, so that a film runs as fast as the room.
        "render_fps": made.steps_per_second,
        "action_names": made.action_names,
    }


def check_render_mode(render_mode: str | None) -> None:
    """Raises ValueError if there is no such mode."""
    known = RoomEnv.metadata["render_modes"]
    if render_mode is not None and render_mode not in known:
        raise ValueError(f"render_mode {render_mode!r}: must be one of {known}, or None")


def checked_seed(seed: object, name: str = "seed") -> int:
    """The seed, or another number of 64 bits that has this name, as Python's own integer.

    Raises:
        TypeError: It is no integer.
        ValueError: It is not within 0 to 2**64 - 1.
    """
    if isinstance(seed, (bool, np.bool_)) or not hasattr(seed, "__index__"):
        raise TypeError(f"{name} must be an integer, not {type(seed).__name__}")
    number = operator.index(cast("Any", seed))
    if not 0 <= number < SEED_LIMIT:
        raise ValueError(f"{name} {number}: must lie between 0 and 2**64 - 1")
    return number
