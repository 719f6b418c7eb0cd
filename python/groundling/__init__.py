"""A procedurally generated 3D room that an agent explores in first person, for Gymnasium.

    import gymnasium
    import groundling

    env = gymnasium.make("groundling/LRoom-v0", camera={"width": 96, "height": 72})
    picture, info = env.reset(seed=7)

    envs = gymnasium.make_vec("groundling/LRoom-v0", num_envs=64)

`groundling.RoomEnv` and `groundling.RoomVectorEnv` say what can be set; `groundling.BeliefWriter` stores what an agent believed,
so that the program can probe it. Importing this package registers the id.
"""

from __future__ import annotations

import importlib.metadata

import gymnasium

from groundling.belief_writer import BeliefWriter, CheckedBeliefs, CheckedPart, check_beliefs
from groundling.errors import InvalidAction
from groundling.facts import AgentFacts, ObjectFacts, WorldFacts
from groundling.questions import EvidenceObject, Question, evaluation_seeds
from groundling.room import RoomEnv
from groundling.step_digest import StepDigest
from groundling.vector import RoomVectorEnv

__all__ = [
    "AgentFacts",
    "BeliefWriter",
    "CheckedBeliefs",
    "CheckedPart",
    "EvidenceObject",
    "InvalidAction",
    "ObjectFacts",
    "Question",
    "RoomEnv",
    "RoomVectorEnv",
    "StepDigest",
    "WorldFacts",
    "__version__",
    "check_beliefs",
    "evaluation_seeds",
]

__version__ = importlib.metadata.version("groundling")

# The room has a time limit of its own, `task.episode_steps`: no wrapper need count.
gymnasium.register(
    "groundling/LRoom-v0",
    entry_point="groundling.room:RoomEnv",
    vector_entry_point="groundling.vector:RoomVectorEnv",
)
