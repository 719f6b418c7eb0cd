"""What only the simulator knows: privileged, for those who measure an agent, and never a part of what it is given.

Lengths are in metres, angles in radians. The floor is the plane of x and z, and y points up.
"""

from __future__ import annotations

from typing import Literal, TypedDict


class SupportingObject(TypedDict):
    """Support by another object."""

    object: int
    """Its index in `WorldFacts["objects"]`."""


class AgentFacts(TypedDict):
    """The agent's body."""

    position: list[float]
    """The point that its feet stand on, `[x, y, z]`."""
    yaw: float
    """About +y, within −π to π; 0 looks along −z, positive is to the left."""
    pitch: float
    """Of the eye; positive looks up."""


class ObjectFacts(TypedDict):
    """One object, now."""

    shape: str
    color: str
    size: Literal["small", "medium", "large"]
    position: list[float]
    """Centre of its base, `[x, y, z]`."""
    rotation: list[float]
    """From its own frame to the room's, a unit quaternion `[x, y, z, w]`."""
    middle: list[float]
    """Its middle, `[x, y, z]`."""
    radius: float
    """Of the disc about its middle around all of it, seen from above."""
    support: Literal["floor", "nothing"] | SupportingObject
    """What it rests on; nothing if it is held or falls."""
    held: bool
    visited: bool
    """Since all were visited for the last time."""
    visits: int
    """In this episode."""
    pixels_now: int
    """Of the present picture."""
    most_pixels: int
    """The most of any picture so far."""
    first_seen: int | None
    """Step at which it was first seen, by at least one pixel."""
    last_seen: int | None
    """Step at which it was last seen."""


class WorldFacts(TypedDict):
    """The whole truth of one step."""

    episode_seed: int
    step: int
    """Actions taken so far."""
    near_distance: float
    """Two objects are near when the gap between their discs is at most this."""
    agent: AgentFacts
    objects: list[ObjectFacts]
