"""What the tests share: small rooms, which are quick, and the episodes that Rust's tests read too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

SMALL: dict[str, Any] = {
    "camera": {"width": 32, "height": 24},
    "room": {"side": [4.0, 5.0], "num_objects": [3, 6]},
    "task": {"episode_steps": 12},
}


@pytest.fixture
def small() -> dict[str, Any]:
    """Settings of a small room whose episodes take 12 actions."""
    return json.loads(json.dumps(SMALL))


def asking(episode_steps: int = 12, **room: Any) -> dict[str, Any]:
    """Settings of a room that asks, with as few rooms counted as may be."""
    return {
        "camera": SMALL["camera"],
        "room": {"num_objects": [4, 7], **room},
        "task": {"episode_steps": episode_steps},
        "questions": {"census_rooms": 1000, "last_step_draws": 1},
        "evaluation": {"seed": 5, "train_episodes": 3, "validation_episodes": 2, "test_episodes": 2},
    }


def golden_episodes() -> list[dict[str, Any]]:
    """Settings, seed, actions and steps; written by the test of the same name in `env/sim/tests`."""
    return json.loads((REPOSITORY / "env/sim/tests/golden/steps.json").read_text())
