"""Questions about an episode, with answers: privileged, for those who measure an agent, and never a part of what it is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, TypedDict, cast

from groundling import _native
from groundling.settings import Section

Part: TypeAlias = Literal["train", "validation", "test"]
"""What an episode of an evaluation is for: a probe learns from the first, stops by the second and is scored on the third."""


class EvidenceObject(TypedDict):
    """An object that an answer rests on."""

    object: int
    """Its index in `WorldFacts["objects"]`."""
    shape: str
    color: str


class Question(TypedDict):
    """One question, its right answer, and what the agent had seen of that by the step at which it is asked."""

    seed: int
    """Of the episode."""
    step: int
    """Actions taken when it is asked."""
    number: int
    """Of the question within the episode; the same at every step, and for every agent."""
    template: str
    """The kind of question, such as `color`."""
    question: str
    """As one would ask it."""
    tokens: list[str]
    """As a probe reads it; a name of two words is one token."""
    arguments: list[str]
    """What stands in its slots, in order."""
    answer: str
    """The right answer, one word."""
    evidence: list[EvidenceObject]
    """What the answer rests on. That something is absent, and how many there are, rests on every object."""
    seen: bool
    """Whether enough of the evidence had been in view, by at least one pixel, to know the answer."""
    in_view: bool
    """Whether enough of it is in view now."""
    steps_since_seen: int | None
    """Steps since that was last so: 0 when it is in view, None when it never was."""
    most_pixels: int
    """The most pixels that showed it in any step; of several that are needed, those of the least shown."""


NOT_ASKED = (
    "questions come with their answers, which are no part of what an agent may learn from; "
    "make the environment with questions=True to measure with them"
)


def section_of(questions: bool | Section) -> tuple[bool, Section | None]:
    """Whether questions are asked, and the settings of `[questions]` that were given.

    Raises:
        TypeError: It is neither a bool nor a dict of settings.
    """
    if isinstance(questions, bool):
        return questions, None
    if isinstance(questions, Mapping):
        return True, questions
    raise TypeError(
        f'questions must be a bool or a dict of settings such as {{"key": value}}, not {type(questions).__name__}'
    )


def parsed_questions(text: str) -> list[Question]:
    """Questions from the JSON of the native part."""
    return cast("list[Question]", json.loads(text))


def evaluation_seeds(resolved_settings: str) -> dict[Part, list[int]]:
    """The seeds of the episodes of each part of an evaluation, in their order: those that the program's `probe` plays.

    How many there are, and what they are derived from, is in the section `evaluation` of the settings (`seed`,
    `train_episodes`, `validation_episodes`, `test_episodes`). No part shares a room with another one.

    Args:
        resolved_settings: `env.unwrapped.resolved_settings`.
    """
    return cast("dict[Part, list[int]]", dict(_native.evaluation_seeds(resolved_settings)))


def as_json(questions: Any) -> str:
    """Questions as the native part reads them.

    Raises:
        TypeError: They are no list of dicts.
    """
    if isinstance(questions, (str, bytes, Mapping)) or not hasattr(questions, "__iter__"):
        raise TypeError(f'questions must be the list in info["questions"], not {type(questions).__name__}')
    return json.dumps(list(questions))
