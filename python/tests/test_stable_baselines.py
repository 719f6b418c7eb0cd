"""Promised: agents of Stable-Baselines3 learn in the room as it is, and what they believe can be probed.

`cargo xtask test` brings what is needed along (docs/python.md); elsewhere these tests need `stable-baselines3` and `sb3-contrib`.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest
from conftest import REPOSITORY

import groundling

pytest.importorskip("stable_baselines3", reason="needs stable-baselines3")
pytest.importorskip("sb3_contrib", reason="needs sb3-contrib")

@pytest.fixture(autouse=True)
def examples(monkeypatch):
    """The examples can be imported."""
    folder = REPOSITORY / "python/examples"
    if not folder.is_dir():
        pytest.skip("the examples are not here")
    monkeypatch.syspath_prepend(str(folder))
    yield
    for name in ("ppo", "probe_recurrent_ppo"):
        sys.modules.pop(name, None)


@pytest.fixture
def brief(tmp_path):
    """The examples' settings, with episodes of 8 actions."""
    import ppo

    text = ppo.CONFIG.read_text()
    assert "episode_steps = 48" in text
    path = tmp_path / "brief.toml"
    path.write_text(text.replace("episode_steps = 48", "episode_steps = 8"))
    return path


def test_the_checker_of_stable_baselines_finds_nothing():
    from stable_baselines3.common.env_checker import check_env

    for observation in ("picture", "dict"):
        check_env(groundling.RoomEnv(camera={"width": 48, "height": 36}, observation=observation), warn=True)


def test_ppo_learns_from_pictures(brief, tmp_path):
    import ppo
    from stable_baselines3 import PPO

    out = tmp_path / "agent.zip"
    arguments = ["--config", str(brief), "--steps", "64", "--rooms", "2", "--unroll", "16", "--every", "32"]
    points = ppo.main([*arguments, "--out", str(out)])
    assert [steps for steps, _ in points] == [32, 64] and all(0 <= visits <= 3 for _, visits in points)
    env = groundling.RoomEnv(config=brief, camera=ppo.CAMERA)
    picture, _ = env.reset(seed=1)
    action, _ = PPO.load(out, device="cpu").predict(picture)
    env.step(action)


def test_a_recurrent_agent_s_state_becomes_a_file_to_probe(brief, tmp_path, monkeypatch, capsys):
    import probe_recurrent_ppo

    # Without the program it says what to run.
    monkeypatch.setattr(probe_recurrent_ppo, "REPOSITORY", tmp_path)
    monkeypatch.setenv("PATH", "")
    arguments = ["--config", str(brief), "--steps", "32", "--rooms", "2", "--unroll", "16", "--size", "8"]
    # Not a multiple of the rooms, so that a last batch is filled up.
    arguments += ["--episodes", "5", "2", "1", "--census-rooms", "1000", "--out", str(tmp_path / "out")]
    files = probe_recurrent_ppo.main(arguments)
    said = capsys.readouterr().out
    assert "probe --beliefs" in said and "report --probe" in said
    trained, untrained = (groundling.check_beliefs(path) for path in files)
    assert (trained["kind"], untrained["kind"]) == ("trained", "untrained")
    for found in (trained, untrained):
        assert found["belief_size"] == 8 and found["has_evidence"]
        assert [found["parts"][part]["episodes"] for part in ("train", "validation", "test")] == [5, 2, 1]
    parts = trained["parts"]
    assert {part: own["headline"] for part, own in parts.items()} == {
        part: own["headline"] for part, own in untrained["parts"].items()
    }


def test_the_state_has_seen_the_last_picture(brief, tmp_path):
    """What is written is the LSTM's state after the last picture, not before it."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is no dependency")
    import probe_recurrent_ppo as example
    from sb3_contrib import RecurrentPPO

    settings = {"config": brief, "camera": example.CAMERA}
    few = {"train_episodes": 1, "validation_episodes": 1, "test_episodes": 1}
    env = groundling.RoomEnv(**settings)
    policy = {"lstm_hidden_size": 8, "shared_lstm": True, "enable_critic_lstm": False}
    agent = RecurrentPPO("CnnLstmPolicy", env, n_steps=8, policy_kwargs=policy, device="cpu", seed=0)
    envs = groundling.RoomVectorEnv(
        1, **settings, questions={"census_rooms": 1000}, evaluation=few, autoreset_mode="Disabled"
    )
    example.play(agent, envs, tmp_path / "a.parquet", "a")
    rows = [row for row in parquet.read_table(tmp_path / "a.parquet").to_pylist() if row["belief"]]
    assert rows and all(row["step"] == 8 for row in rows)
    # Played again by hand.
    example.torch.manual_seed(0)
    picture, _ = env.reset(seed=rows[0]["episode"])
    action, state = agent.predict(picture, episode_start=np.ones(1, bool))
    for _ in range(8):
        picture = env.step(action)[0]
        action, state = agent.predict(picture, state)
    np.testing.assert_allclose(rows[0]["belief"], state[0][-1, 0], rtol=1e-4, atol=1e-6)
