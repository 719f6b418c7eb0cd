"""How the settings of a room are given: a file, sections, single settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeAlias

from groundling import _native

Section: TypeAlias = Mapping[str, Any]
"""Settings of one section, `{"width": 96}`."""


def resolve(
    config: str | os.PathLike[str] | None,
    settings: Section | None,
    **sections: Section | None,
) -> str:
    """All settings, checked, as TOML with every value written out.

    Raises:
        ValueError: A setting is unknown or out of range; the message names it, and file and line where it is in a file.
        TypeError: A section or a value is of a type that no setting has.
        OSError: The file cannot be read.
    """
    given = {name: _dict(name, section) for name, section in sections.items() if section is not None}
    return _native.resolve(config, given, _dict("settings", settings or {}))


def _dict(name: str, section: Section) -> dict[str, Any]:
    if not isinstance(section, Mapping):
        raise TypeError(f'{name} must be a dict of settings such as {{"key": value}}, not {type(section).__name__}')
    return dict(section)
