"""What a room was and what was drawn of it at one step, in a few characters."""

from __future__ import annotations

from typing import NamedTuple


class StepDigest(NamedTuple):
    """Short names of one step, hexadecimal; the same for the same settings, seed and actions, from Python and Rust.

    They tell one step from another, and protect against nobody who wants to deceive.
    """

    state: str
    """Of the body, every object, what is held and visited, reward and whether the episode is over: 16 digits."""
    picture: str
    """Of the picture: 8 digits."""
