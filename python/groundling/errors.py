"""Exceptions of this package that are not Python's or Gymnasium's own."""

from __future__ import annotations

import gymnasium.error


class InvalidAction(gymnasium.error.InvalidAction, ValueError):
    """The action is an integer, but none of the room's actions."""
