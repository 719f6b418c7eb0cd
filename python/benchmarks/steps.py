"""Steps a second of the room from Python, beside the program's own figure, MiniWorld and ViZDoom.

    python3 -m venv venv && venv/bin/pip install ./python
    venv/bin/pip install miniworld vizdoom  # each is left out where it is missing
    venv/bin/python python/benchmarks/steps.py --program target/release/groundling

All are measured in turns, a short while each, for several rounds, so that a machine that is busy with other things is
busy for all alike; what is told is the median over the rounds. Random actions; episodes begin anew as they end, and
that is a part of the time; each step's picture is taken, as an agent would.

- The room as `groundling bench env` has it: 96x72, 12 objects in a room of 8 m, four physics steps an action. One room
  by `gymnasium.make`, with Gymnasium's usual wrappers; many by `gymnasium.make_vec`, on all cores.
- Others: 160x120, one physics step (tick) a step. The room draws colours and knows what each pixel shows; ViZDoom's
  `basic` scenario is measured with colours only and with its labels buffer, MiniWorld's `Hallway` with colours.
  MiniWorld draws by OpenGL, without a display: on a machine without a GPU in software.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np

import groundling

SETTINGS: dict[str, Any] = {"room": {"num_objects": [12, 12], "side": [8.0, 8.0]}}
TICKS: dict[str, Any] = {
    **SETTINGS,
    "camera": {"width": 160, "height": 120},
    "control": {"action_repeat": 1},
}
Rates = dict[str, float]
Measure = Callable[[float], Rates]


def rate(step: Callable[[], int], seconds: float) -> float:
    """Calls `step`, which says how many steps it took, for this time; steps a second."""
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        done += sum(step() for _ in range(8))
    return done / (time.perf_counter() - start)


def of_gymnasium(name: str, env: gymnasium.Env[Any, Any]) -> Measure:
    """One environment, by its usual loop."""
    env.reset(seed=1)
    env.action_space.seed(1)
    actions = itertools.cycle([env.action_space.sample() for _ in range(10_007)])

    def step() -> int:
        _, _, terminated, truncated, _ = env.step(next(actions))
        if terminated or truncated:
            env.reset()
        return 1

    return lambda seconds: {name: rate(step, seconds)}


def of_many(name: str, num_envs: int, threads: int | None) -> Measure:
    """Many rooms; a step that begins an episode counts for nothing."""
    envs = gymnasium.make_vec("groundling/LRoom-v0", num_envs=num_envs, threads=threads, **SETTINGS)
    envs.reset(seed=1)
    rng = np.random.default_rng(1)
    batches = itertools.cycle(rng.integers(9, size=(1009, num_envs)))
    num_resets = 0

    def step() -> int:
        nonlocal num_resets
        begun = num_resets
        _, _, terminated, truncated, _ = envs.step(next(batches))
        num_resets = int(np.count_nonzero(terminated | truncated))
        return num_envs - begun

    return lambda seconds: {name: rate(step, seconds)}


def of_program(program: str, threads: int | None) -> Measure:
    """What the program says of the same room: one core, and all."""
    file = tempfile.NamedTemporaryFile("w", suffix=".toml", prefix="groundling-")  # noqa: SIM115 -- kept till the end
    file.write(groundling.RoomEnv(**SETTINGS).resolved_settings)
    file.flush()
    command = [program, "bench", "env", "--json", "--runs", "1"]
    command += ["--threads", str(threads)] if threads else []

    def measure(seconds: float) -> Rates:
        # The file is named here, so that it lives as long as this does.
        options = ["--config", file.name, "--seconds", str(seconds)]
        output = subprocess.run([*command, *options], check=True, capture_output=True, text=True)
        one, many = json.loads(output.stdout)["cases"][0]["rates"][:2]
        return {"program, one core": one["median"], "program, all cores": many["median"]}

    return measure


def of_miniworld() -> Iterator[Measure]:
    """MiniWorld's hallway, where it is installed and finds an OpenGL."""
    if importlib.util.find_spec("miniworld") is None:
        return
    import pyglet

    pyglet.options["headless"] = "DISPLAY" not in os.environ
    import miniworld  # noqa: F401 -- registers

    env = gymnasium.make("MiniWorld-Hallway-v0", obs_width=160, obs_height=120)
    assert env.observation_space.shape == (120, 160, 3)
    yield of_gymnasium("MiniWorld, colours", env)


def of_vizdoom(labels: bool) -> Iterator[Measure]:
    """ViZDoom's `basic` scenario, where it is installed."""
    if importlib.util.find_spec("vizdoom") is None:
        return
    import vizdoom

    game = vizdoom.DoomGame()
    game.set_doom_config_path(os.path.join(tempfile.mkdtemp(prefix="groundling-"), "vizdoom.ini"))
    game.load_config(os.path.join(vizdoom.scenarios_path, "basic.cfg"))
    game.set_screen_resolution(vizdoom.ScreenResolution.RES_160X120)
    game.set_screen_format(vizdoom.ScreenFormat.RGB24)
    game.set_labels_buffer_enabled(labels)
    game.set_depth_buffer_enabled(False)
    game.set_automap_buffer_enabled(False)
    game.set_window_visible(False)
    game.set_sound_enabled(False)
    game.set_mode(vizdoom.Mode.PLAYER)
    game.set_seed(1)
    game.init()
    buttons = range(game.get_available_buttons_size())
    actions = itertools.cycle(
        np.eye(len(buttons), dtype=int)[np.random.default_rng(1).integers(len(buttons), size=1009)].tolist()
    )

    def step() -> int:
        if game.is_episode_finished():
            game.new_episode()
        assert game.get_state().screen_buffer.shape == (120, 160, 3)
        game.make_action(next(actions), 1)
        return 1

    name = "ViZDoom, colours and labels" if labels else "ViZDoom, colours"
    yield lambda seconds: {name: rate(step, seconds)}


def measured(measures: list[Measure], seconds: float, rounds: int) -> dict[str, list[float]]:
    """Each measure's rates, all in turns; a first, short round is thrown away."""
    for measure in measures:
        measure(min(seconds, 0.2))
    rates: dict[str, list[float]] = {}
    for _ in range(rounds):
        for measure in measures:
            for name, found in measure(seconds).items():
                rates.setdefault(name, []).append(found)
    return rates


def table(title: str, rates: dict[str, list[float]], beside: dict[str, str]) -> list[str]:
    """Medians, extremes, and the ratio of medians to what a line is set beside."""
    medians = {name: statistics.median(found) for name, found in rates.items()}
    lines = [title, f"  {'':<32} {'median':>9} {'min':>9} {'max':>9}  steps a second"]
    for name, found in rates.items():
        other = beside.get(name)
        ratio = f"  {medians[name] / medians[other]:.2f} of {other}" if other in medians else ""
        lines.append(f"  {name:<32} {medians[name]:>9.0f} {min(found):>9.0f} {max(found):>9.0f}{ratio}")
    return lines


def versions() -> dict[str, str]:
    """Of everything that is measured or measures."""
    found = {"python": platform.python_version(), "system": platform.platform(), "cores": str(os.cpu_count())}
    for package in ["groundling", "gymnasium", "numpy", "miniworld", "vizdoom"]:
        if importlib.util.find_spec(package) is not None:
            found[package] = importlib.metadata.version(package)
    return found


def positive(kind: Callable[[str], float]) -> Callable[[str], float]:
    """A number above 0 and at most 3,600."""

    def parse(text: str) -> float:
        value = kind(text)
        if not 0 < value <= 3600:
            raise argparse.ArgumentTypeError(f"{text}: must be above 0 and at most 3600")
        return value

    return parse


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", help="the program `groundling`, built for release; left out if not given")
    parser.add_argument("--seconds", type=positive(float), default=0.5, help="of each turn")
    parser.add_argument("--rounds", type=positive(int), default=9, help="of which the median is told")
    parser.add_argument("--num-envs", type=positive(int), default=64, help="rooms of the vector environment")
    parser.add_argument("--threads", type=positive(int), help="of the vector environment and the program: all cores")
    parser.add_argument("--json", action="store_true", help="prints one JSON object instead of tables")
    options = parser.parse_args()
    measures = [
        of_many("gymnasium.make_vec, all cores", options.num_envs, options.threads),
        of_gymnasium("gymnasium.make", gymnasium.make("groundling/LRoom-v0", **SETTINGS)),
    ]
    if options.program:
        measures.insert(1, of_program(options.program, options.threads))
    ours = measured(measures, options.seconds, options.rounds)
    others = measured(
        [
            of_gymnasium("groundling, colours and ids", gymnasium.make("groundling/LRoom-v0", **TICKS)),
            *of_miniworld(),
            *of_vizdoom(labels=False),
            *of_vizdoom(labels=True),
        ],
        options.seconds,
        options.rounds,
    )
    if options.json:
        figures = {"versions": versions(), "num_envs": options.num_envs, "seconds": options.seconds}
        json.dump({"bench": "python", **figures, "room": ours, "ticks": others}, sys.stdout, indent=2)
        print()
        return
    print(", ".join(f"{name} {version}" for name, version in versions().items()))
    print(
        f"medians of {options.rounds} rounds in turns, {options.seconds} s each; {options.num_envs} rooms by make_vec"
    )
    beside = {"gymnasium.make_vec, all cores": "program, all cores", "gymnasium.make": "program, one core"}
    print("\n".join(table("\n96x72, 12 objects, four physics steps an action", ours, beside)))
    reference = "groundling, colours and ids"
    beside = {name: reference for name in others if name != reference}
    print("\n".join(table("\n160x120, one physics step (tick) a step, one environment", others, beside)))


if __name__ == "__main__":
    main()
