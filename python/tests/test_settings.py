"""Promised: every setting can be given, by file, section or name, and what cannot be is refused with its place."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from conftest import REPOSITORY

import groundling

CONFIGS = sorted(path for path in (REPOSITORY / "configs").rglob("*.toml") if path.parent.name != "study")


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_program_s_configurations_are_read(path):
    env = gymnasium.make("groundling/LRoom-v0", config=path)
    picture, _ = env.reset(seed=1)
    assert picture in env.observation_space


def test_a_file_then_sections_then_single_settings(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("seed = 3\n[camera]\nwidth = 20\nheight = 18\nfov_x_degrees = 70\n[training]\nnum_actors = 4\n")
    env = groundling.RoomEnv(config=str(path), camera={"width": 24, "height": 22}, settings={"camera.width": 28})
    assert env.observation_space.shape == (22, 28, 3)
    assert "fov_x_degrees = 70.0" in env.resolved_settings
    assert "training" not in env.resolved_settings
    # What was resolved reads back as itself.
    path.write_text(env.resolved_settings)
    assert groundling.RoomEnv(config=path).resolved_settings == env.resolved_settings


def test_every_setting_can_be_given_by_its_name():
    resolved = groundling.RoomEnv().resolved_settings
    num_settings = 0
    section = ""
    for line in resolved.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif " = " in line:
            name, value = line.split(" = ", 1)
            value = {"true": True, "false": False}.get(value) if value in ("true", "false") else eval(value)
            groundling.RoomEnv(settings={f"{section}.{name}": value})
            num_settings += 1
    assert num_settings > 60


def test_numpy_s_numbers_tuples_and_none_are_values():
    env = groundling.RoomEnv(
        camera={"width": np.int64(20), "height": np.uint8(18), "eye_height": np.float32(0.5)},
        room={"num_objects": (2, 3), "side": np.array([4.0, 5.0]), "object_radius": None},
        physics={"movable": np.bool_(False)},
    )
    assert env.observation_space.shape == (18, 20, 3)
    assert "num_objects = [2, 3]" in env.resolved_settings and "movable = false" in env.resolved_settings


def refused(match, exception=ValueError, **settings):
    for made in (groundling.RoomEnv, groundling.RoomVectorEnv):
        with pytest.raises(exception, match=match):
            made(**settings)


def test_what_cannot_be_is_refused_by_name():
    refused(r"camera\.widht = 3: unknown field `widht`, expected one of `width`", camera={"widht": 3})
    refused(r'camera\.width = "wide": invalid type', camera={"width": "wide"})
    refused(r"camera\.width = 5: must lie between", camera={"width": 5})
    refused(r"camera\.width = 5: must lie between", settings={"camera.width": 5})
    refused(r"camera\.width = 10{20}: is too large", camera={"width": 10**20})
    refused(r"kamera\.width = 5: there is no section `kamera`", settings={"kamera.width": 5})
    refused(r"width = 5: must have the form section\.key", settings={"width": 5})
    refused(r"`agent` is a section of training", settings={"agent.core_size": 5})
    refused(r"room is too small for its objects", room={"num_objects": [60, 64]})
    refused(r"room\.side = \[5", room={"side": [5, 4]})
    refused(r"physics\.gravity = NaN", physics={"gravity": float("nan")})
    refused(r"unknown task `sleep`, expected one of explore, find", task={"name": "sleep"})
    refused(r"room must be a dict", TypeError, room=3)
    refused(r"settings must be a dict", TypeError, settings=["camera.width"])
    refused(r"room: keys must be str", TypeError, room={3: 4})
    refused(r"room\.side: a setting cannot be of type object", TypeError, room={"side": object()})
    refused(r"unexpected keyword argument 'kamera'", TypeError, kamera={"width": 20})
    refused(r'observation \'sound\': must be "picture" or "dict"', observation="sound")
    refused(r"render_mode 'human': must be one of", render_mode="human")
    endless: list = []
    endless.append(endless)
    refused(r"room\.side: is nested more than", room={"side": endless})


def test_what_is_wrong_in_a_file_is_told_with_its_line(tmp_path):
    path = tmp_path / "my.toml"

    def wrong(text, match):
        path.write_text(text)
        refused(match, config=path)

    wrong("seed = 1\n[room]\nwalls_high = 3\n", r"my\.toml:3: unknown field `walls_high`")
    wrong("[kamera]\nwidth = 3\n", r"my\.toml:1: unknown field `kamera`")
    wrong("[camera]\nheight = 24\nwidth = 5000\n", r"my\.toml:3: camera\.width = 5000: must lie between")
    wrong("camera = { height = 24,\n width = 5000 }\n", r"my\.toml:2: camera\.width = 5000: must lie between")
    wrong('[camera]\nwidth = "wide"\n', r"my\.toml:2: invalid type")
    wrong("seed = \n", r"my\.toml:1: ")
    wrong("[questions]\nnear_margin = 9\n", r"my\.toml:2: questions\.near_margin = 9")
    refused(r"cannot read the configuration .*none\.toml", FileNotFoundError, config=tmp_path / "none.toml")
    path.write_bytes(b"\xff\xfe")
    refused(r"cannot read the configuration", OSError, config=path)
