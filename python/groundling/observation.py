"""What the agent is given at each step: the picture, and on request what it did and what that was worth."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

Observation: TypeAlias = "npt.NDArray[np.uint8] | dict[str, Any]"
"""A picture `[H, W, 3]`, or a dict of it with `last_action` and `last_reward`."""

ObservationKind: TypeAlias = Literal["picture", "dict"]


def observation_space(
    kind: ObservationKind, shape: tuple[int, int, int], num_actions: int, most_reward: float
) -> spaces.Space[Any]:
    """The space of one room's observations.

    Raises:
        ValueError: There is no such kind of observation.
    """
    picture = spaces.Box(0, 255, shape, np.uint8)
    if kind == "picture":
        return picture
    if kind == "dict":
        return spaces.Dict(
            {
                "picture": picture,
                # One more than there are actions: none has led to an episode's first picture.
                "last_action": spaces.Discrete(num_actions + 1),
                "last_reward": spaces.Box(0.0, most_reward, (1,), np.float32),
            }
        )
    raise ValueError(f'observation {kind!r}: must be "picture" or "dict"')


def with_last(picture: npt.NDArray[np.uint8], last_action: int, last_reward: float) -> dict[str, Any]:
    """One room's observation as a dict; `last_action` is the number of actions where there was none."""
    return {
        "picture": picture,
        "last_action": np.int64(last_action),
        "last_reward": np.array([last_reward], np.float32),
    }
