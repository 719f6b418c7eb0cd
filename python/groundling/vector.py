"""Many rooms at once, stepped on all cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium import error, logger, spaces
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from groundling import _native
from groundling.facts import WorldFacts
from groundling.observation import Observation, ObservationKind, observation_space, with_last
from groundling.questions import NOT_ASKED, Question, parsed_questions, section_of
from groundling.room import (
    NOT_PRIVILEGED,
    SEED_LIMIT,
    check_render_mode,
    checked_seed,
    metadata_of,
    parsed_facts,
)
from groundling.settings import Section, resolve
from groundling.step_digest import StepDigest

MOST_ENVS = 65_536
MOST_THREADS = 1024

Batch = npt.NDArray[Any]


class RoomVectorEnv(VectorEnv[Observation, npt.NDArray[np.int64], npt.NDArray[Any]]):
    """Rooms that are stepped together, on all cores, while Python's lock is released.

    Room `i` lives through the very episodes that a `RoomEnv` does which is reset with the seed of room `i`, whatever
    the number of rooms and threads. Settings, actions and rewards are those of `RoomEnv`.

    Observations are written into one array, `uint8 [num_envs, H, W, 3]`. With `copy=True`, the default, that is a new
    one at each reset and step. With `copy=False` it is always the same one: what `reset` and `step` return is
    overwritten by the next of them. Rewards (`float64`), terminations and truncations (`bool`), each `[num_envs]`, are
    always new.

    The last observation of an episode is never lost. `autoreset_mode` says where it is, as in Gymnasium:

    - `NEXT_STEP`, the default: `step` returns it; the next `step` ignores that room's action, begins the next episode
      and returns its first observation with reward 0.
    - `SAME_STEP`: `step` returns the first observation of the next episode, and the last one in
      `infos["final_obs"][i]`, where `infos["_final_obs"][i]` is true.
    - `DISABLED`: `step` returns it, and before the next one `reset(options={"reset_mask": mask})` must begin another.

    With `questions=True`, the questions of an episode are with its last step: in `infos["questions"][i]`, or with
    `SAME_STEP` in `infos["final_info"]["questions"][i]`.

    Threads are started by the first reset and end with `close`. A process that forks may go on stepping in both: the
    child starts threads of its own. One environment is for one thread of Python at a time.

    Args:
        num_envs: Number of rooms, at most 65,536.
        autoreset_mode: A `gymnasium.vector.AutoresetMode` or its value.
        copy: Whether every reset and step returns an array of its own.
        threads: How many step the rooms, at most 1,024; by default as many as there are cores for this process.

    The other arguments, and what is raised for settings that cannot be, are those of `RoomEnv`.
    """

    def __init__(
        self,
        num_envs: int = 1,
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
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        copy: bool = True,
        threads: int | None = None,
    ) -> None:
        # First, so that `close`, which Gymnasium calls for whatever it collects, finds it.
        self._rooms: _native.Rooms | None = None
        self.num_envs = _within("num_envs", num_envs, MOST_ENVS)
        num_threads = None if threads is None else _within("threads", threads, MOST_THREADS)
        check_render_mode(render_mode)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
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
        made = _native.Rooms(resolved, self.num_envs, num_threads, self.autoreset_mode.value, bool(privileged), asks)
        self._rooms = made
        self._resolved = resolved
        self._num_actions = len(made.action_names)
        self._observation_kind = observation
        self._privileged = privileged
        self._asks = asks
        self.copy = copy
        self.render_mode = render_mode
        self.metadata = {**metadata_of(made), "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = observation_space(observation, made.shape, self._num_actions, made.most_reward)
        self.single_action_space = spaces.Discrete(self._num_actions)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._shape = (self.num_envs, *made.shape)
        self._pictures: npt.NDArray[np.uint8] = np.zeros(self._shape, np.uint8)
        # What a dict says of the last action, and which rooms are at an episode's end.
        self._last_actions = np.full(self.num_envs, self._num_actions, np.int64)
        self._last_rewards = np.zeros((self.num_envs, 1), np.float32)
        self._ended = np.zeros(self.num_envs, np.bool_)
        made.set_base_seeds(self.np_random.integers(SEED_LIMIT, size=self.num_envs, dtype=np.uint64).tolist())

    def reset(
        self,
        *,
        seed: int | Sequence[int | None] | None = None,
        options: dict[str, Any] | None = None,
    ) -> tuple[Observation, dict[str, Any]]:
        """Begins an episode in every room, or in those of `options={"reset_mask": mask}` (`bool [num_envs]`).

        With an integer, room `i` begins the episode of `seed + i`; with a sequence, that of `seed[i]`. Without a seed,
        or with `None` in the sequence, it begins the next one that is derived from the last seed it was given.

        Raises:
            TypeError: A seed is no integer, or the mask is no array of bool.
            ValueError: A seed is not within 0 to 2**64 - 1, or there are not as many as rooms, or there are other
                options.
        """
        made = self._open()
        if self._asks:
            made.prepare_questions()
        mask = self._mask(options)
        seeds = self._seeds(seed)
        if seed is not None and not isinstance(seed, Sequence):
            super().reset(seed=seeds[0])
        pictures = self._target()
        made.reset(seeds, mask.tolist(), pictures)
        self._last_actions[mask] = self._num_actions
        self._last_rewards[mask] = 0.0
        self._ended = np.logical_and(self._ended, ~mask)
        return self._observe(pictures), self._infos(made)

    def step(self, actions: npt.NDArray[np.int64]) -> tuple[Observation, Batch, Batch, Batch, dict[str, Any]]:
        """Takes one action in each room, integers `[num_envs]`; where one is wrong, no room moves.

        Returns observations, rewards, terminations, truncations and infos.

        Raises:
            gymnasium.error.ResetNeeded: No episode runs in some room.
            InvalidAction: Some room has no such action (a `ValueError` too).
            TypeError: The actions are no integers.
            ValueError: They are not one a room.
        """
        made = self._open()
        actions = self._actions(actions)
        pictures = self._target()
        rewards: npt.NDArray[np.float64] = np.empty(self.num_envs, np.float64)
        terminated: npt.NDArray[np.bool_] = np.empty(self.num_envs, np.bool_)
        truncated: npt.NDArray[np.bool_] = np.empty(self.num_envs, np.bool_)
        finals = made.step(actions, pictures, rewards, terminated, truncated)
        infos = self._finals(finals, terminated | truncated, actions, rewards) if finals else {}
        if self._privileged:
            infos.update(self._infos(made))
        if self._asks and self.autoreset_mode is not AutoresetMode.SAME_STEP:
            infos.update(self._asked(made, np.flatnonzero(terminated | truncated).tolist()))
        if self._observation_kind == "dict":
            self._remember(actions, rewards, terminated | truncated)
        return self._observe(pictures), rewards, terminated, truncated, infos

    def render(self) -> tuple[npt.NDArray[np.uint8], ...] | None:
        """Each room's present picture, `uint8 [H, W, 3]`.

        Raises:
            gymnasium.error.ResetNeeded: There are no pictures before the first reset.
        """
        if self.render_mode is None:
            logger.warn('render() shows nothing: make the environment with render_mode="rgb_array"')
            return None
        return tuple(self._open().pictures())

    def close_extras(self, **kwargs: Any) -> None:
        """Frees the rooms and ends their threads; `close` calls it once."""
        self._rooms = None

    @property
    def threads(self) -> int:
        """How many threads step the rooms; with one, it is the caller's."""
        return self._open().num_threads

    @property
    def resolved_settings(self) -> str:
        """Every setting as TOML: what `config` and the program's `--config` read."""
        return self._resolved

    @property
    def episode_seeds(self) -> tuple[int, ...]:
        """Each room's seed that names its present episode."""
        return tuple(self._open().episode_seeds())

    def digests(self) -> tuple[StepDigest, ...]:
        """Each room's short names of the present step's state and picture."""
        return tuple(StepDigest(*digest) for digest in self._open().digests())

    def facts(self) -> tuple[WorldFacts, ...]:
        """What only the simulator knows of each room's present step: privileged.

        Raises:
            PermissionError: The environment was not made with `privileged=True`.
        """
        if not self._privileged:
            raise PermissionError(NOT_PRIVILEGED)
        return tuple(parsed_facts(text) for text in self._open().facts())

    def questions(self) -> tuple[list[Question], ...]:
        """Each room's questions that have their one right answer at its present step too: privileged.

        Raises:
            PermissionError: The environment was not made with `questions=True`.
        """
        if not self._asks:
            raise PermissionError(NOT_ASKED)
        texts = self._open().questions(list(range(self.num_envs)))
        return tuple(parsed_questions(text) for text in texts)

    def _open(self) -> _native.Rooms:
        if self._rooms is None:
            raise error.ClosedEnvironmentError("this environment was closed; make another")
        return self._rooms

    def _target(self) -> npt.NDArray[np.uint8]:
        return np.empty(self._shape, np.uint8) if self.copy else self._pictures

    def _observe(self, pictures: npt.NDArray[np.uint8]) -> Observation:
        if self._observation_kind == "picture":
            return pictures
        return {
            "picture": pictures,
            "last_action": self._last_actions.copy(),
            "last_reward": self._last_rewards.copy(),
        }

    def _remember(
        self,
        actions: npt.NDArray[np.int64],
        rewards: npt.NDArray[np.float64],
        ended: npt.NDArray[np.bool_],
    ) -> None:
        """Keeps what the observations of this step say of the last action; an episode that has begun had none."""
        if self.autoreset_mode is AutoresetMode.NEXT_STEP:
            begun = self._ended
        elif self.autoreset_mode is AutoresetMode.SAME_STEP:
            begun = ended
        else:
            begun = np.zeros(self.num_envs, np.bool_)
        self._last_actions = np.where(begun, self._num_actions, actions)
        self._last_rewards = np.where(begun, 0.0, rewards).astype(np.float32)[:, None]
        self._ended = ended

    def _infos(self, made: _native.Rooms) -> dict[str, Any]:
        if not self._privileged:
            return {}
        facts = {index: parsed_facts(text) for index, text in enumerate(made.facts())}
        return self._column("facts", facts)

    def _asked(self, made: _native.Rooms, ended: list[int]) -> dict[str, Any]:
        """The questions of rooms that are at an episode's last step."""
        if not ended:
            return {}
        texts = zip(ended, made.questions(ended), strict=True)
        return self._column("questions", {index: parsed_questions(text) for index, text in texts})

    def _finals(
        self,
        finals: list[tuple[int, npt.NDArray[np.uint8], str | None, str | None]],
        ended: npt.NDArray[np.bool_],
        actions: npt.NDArray[np.int64],
        rewards: npt.NDArray[np.float64],
    ) -> dict[str, Any]:
        """What Gymnasium's own vector environments tell of episodes that ended in a step that began the next."""
        observations: dict[int, Any] = {}
        facts: dict[int, Any] = {}
        asked: dict[int, Any] = {}
        for index, picture, text, questions in finals:
            observations[index] = (
                picture
                if self._observation_kind == "picture"
                else with_last(picture, int(actions[index]), float(rewards[index]))
            )
            if text is not None:
                facts[index] = parsed_facts(text)
            if questions is not None:
                asked[index] = parsed_questions(questions)
        final_info = self._column("facts", facts) if facts else {}
        final_info.update(self._column("questions", asked) if asked else {})
        return {
            **self._column("final_obs", observations),
            "final_info": final_info,
            "_final_info": ended.copy(),
        }

    def _column(self, key: str, values: dict[int, Any]) -> dict[str, Any]:
        """Values of some rooms as Gymnasium has them: an array of objects, and which rooms have one."""
        column = np.full(self.num_envs, None, object)
        mask = np.zeros(self.num_envs, np.bool_)
        for index, value in values.items():
            column[index] = value
            mask[index] = True
        return {key: column, f"_{key}": mask}

    def _seeds(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, (Sequence, np.ndarray)) and not isinstance(seed, (str, bytes)):
            if len(seed) != self.num_envs:
                raise ValueError(f"{len(seed)} seeds: there must be one for each of the {self.num_envs} rooms")
            return [None if one is None else checked_seed(one) for one in seed]
        first = checked_seed(seed)
        checked_seed(first + self.num_envs - 1)
        return [first + index for index in range(self.num_envs)]

    def _mask(self, options: dict[str, Any] | None) -> npt.NDArray[np.bool_]:
        options = dict(options or {})
        mask = options.pop("reset_mask", None)
        if options:
            raise ValueError(f"options {sorted(options)}: there is only `reset_mask`")
        if mask is None:
            return np.ones(self.num_envs, np.bool_)
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
            raise TypeError("options['reset_mask'] must be a NumPy array of bool")
        if mask.shape != (self.num_envs,) or not mask.any():
            raise ValueError(
                f"options['reset_mask'] must have shape ({self.num_envs},) and be true somewhere, "
                f"not shape {mask.shape} with {int(mask.sum())} true"
            )
        return mask

    def _actions(self, actions: object) -> npt.NDArray[np.int64]:
        array = np.asarray(actions)
        if array.shape != (self.num_envs,):
            raise ValueError(f"actions of shape {array.shape}: must have shape ({self.num_envs},), one a room")
        if array.dtype.kind not in "iu":
            raise TypeError(f"actions must be integers, not {array.dtype}")
        # What does not fit becomes negative, and is refused as such.
        return np.ascontiguousarray(array, np.int64)


def _within(name: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an integer, not {type(value).__name__}")
    if not 1 <= value <= most:
        raise ValueError(f"{name} {value}: must lie between 1 and {most}")
    return int(value)
