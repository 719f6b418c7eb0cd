"""Promised: `docs/settings.md` names every setting, as the code has it."""

from __future__ import annotations

import runpy

import pytest
from conftest import REPOSITORY

SCRIPT = REPOSITORY / "python/settings_table.py"


@pytest.mark.skipif(not SCRIPT.exists(), reason="the sources are not here")
def test_the_table_is_that_of_the_code():
    script = runpy.run_path(str(SCRIPT))
    written = script["TABLE"].read_text()
    assert written == script["table"](), "run `python python/settings_table.py`"
    rows = [line for line in written.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(settings) for settings in script["defaults"]().values())
    # Each says something of itself, on one line.
    for row in rows:
        assert len(row.split(" | ")[-1]) > 20 and "#[" not in row


@pytest.mark.skipif(not SCRIPT.exists(), reason="the sources are not here")
def test_a_setting_without_documentation_is_noticed(tmp_path):
    documented = runpy.run_path(str(SCRIPT))["documented"]
    path = tmp_path / "config.rs"
    path.write_text(
        "/// Of another.\nstruct Other {}\n\n/// The eye, [`Eye`](crate::Eye).\n#[derive(Debug)]\npub struct Eye {\n"
        "    /// Columns |\n    /// and more.\n    pub width: u32,\n    pub height: u32,\n}\n"
    )
    assert documented(path, "Eye") == ("The eye, `Eye`.", {"width": "Columns \\| and more."})
    with pytest.raises(ValueError, match="no documented struct Nose"):
        documented(path, "Nose")
