"""Writes `docs/settings.md`: every setting of the room, what it means, and its default.

    python python/settings_table.py

What a setting means stands at its field in Rust; its default is what the package resolves from nothing. A test holds the file
to both.
"""

from __future__ import annotations

import re
from pathlib import Path

import groundling

REPOSITORY = Path(__file__).resolve().parents[1]
TABLE = REPOSITORY / "docs/settings.md"

# Which struct of which file has a section's fields.
SECTIONS = {
    "room": ("env/room/src/config/mod.rs", "RoomConfig"),
    "camera": ("env/sim/src/config/camera.rs", "CameraConfig"),
    "control": ("env/sim/src/config/control.rs", "ControlConfig"),
    "physics": ("env/sim/src/config/physics.rs", "PhysicsConfig"),
    "task": ("env/sim/src/config/task.rs", "TaskConfig"),
    "explorer": ("env/sim/src/config/explorer.rs", "ExplorerConfig"),
    "questions": ("qa/questions/src/config.rs", "QuestionConfig"),
    "evaluation": ("src/config/evaluation.rs", "EvaluationConfig"),
}

HEAD = """# Settings of the room

Written by `python python/settings_table.py` from the fields in Rust; do not edit. `config`, `--config` and `--set` of the program
and the keywords of `groundling.RoomEnv` all take them: a section is a table of TOML, or a dict. Two numbers in brackets are
least and most, between which each room draws. The program's sections of training and probing are documented at their fields
(`cargo doc --open`).
"""


def documented(path: Path, struct: str) -> tuple[str, dict[str, str]]:
    """The sentence about a struct, and about each of its public fields."""
    text = path.read_text()
    found = re.search(rf"((?:^///.*\n)+)(?:^#\[.*\n)*^pub struct {struct} \{{\n([\s\S]*?)^\}}", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"{path}: there is no documented struct {struct}")
    fields = re.findall(r"((?:^    ///.*\n)+)(?:^    #\[.*\n)*^    pub (\w+):", found[2], re.MULTILINE)
    return plain(found[1]), {name: plain(comment) for comment, name in fields}


def plain(comment: str) -> str:
    """A documentation comment on one line, without links between items of Rust."""
    text = " ".join(line.strip().removeprefix("///").strip() for line in comment.splitlines())
    text = re.sub(r"\[(`[^`\]]*`)\](?:\([^)]*\))?", r"\1", text)
    return text.replace("|", "\\|").strip()


def defaults() -> dict[str, dict[str, str]]:
    """Every section's settings as they are when nothing is given, as TOML."""
    sections: dict[str, dict[str, str]] = {}
    section: dict[str, str] = {}
    for line in groundling.RoomEnv().resolved_settings.splitlines():
        if line.startswith("["):
            section = sections.setdefault(line.strip("[]"), {})
        elif line:
            name, _, value = line.partition(" = ")
            section[name] = value
    return sections


def table() -> str:
    """The whole file."""
    text = HEAD
    for section, settings in defaults().items():
        path, struct = SECTIONS[section]
        about, fields = documented(REPOSITORY / path, struct)
        text += f"\n## `[{section}]`\n\n{about}\n\n| setting | default | meaning |\n|---|---|---|\n"
        text += "".join(f"| `{section}.{name}` | `{value}` | {fields[name]} |\n" for name, value in settings.items())
    return text


if __name__ == "__main__":
    TABLE.write_text(table())
