"""Steps a second of ViZDoom on this machine, to set beside `groundling bench env --size 160x120`.

    python3 -m venv venv && venv/bin/pip install vizdoom && venv/bin/python benchmarks/vizdoom_steps.py

The `basic` scenario at 160x120 RGB, headless, one tick a step, random actions, episodes restarted as they end; once
with the colours only and once with the labels buffer (what Groundling's object ids are). The figure to compare with is
the one for a single tick: "whole step, action_repeat 1". Run both in the same minute, on a quiet machine.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time

import numpy
import vizdoom


def game(labels, folder):
    made = vizdoom.DoomGame()
    made.set_doom_config_path(os.path.join(folder, "vizdoom.ini"))
    made.load_config(os.path.join(vizdoom.scenarios_path, "basic.cfg"))
    made.set_screen_resolution(vizdoom.ScreenResolution.RES_160X120)
    made.set_screen_format(vizdoom.ScreenFormat.RGB24)
    made.set_labels_buffer_enabled(labels)
    made.set_depth_buffer_enabled(False)
    made.set_automap_buffer_enabled(False)
    made.set_window_visible(False)
    made.set_sound_enabled(False)
    made.set_mode(vizdoom.Mode.PLAYER)
    made.set_seed(1)
    made.init()
    return made


def steps(made, actions, seconds):
    """Steps a second over at least this time; each step's picture is taken, as an agent would."""
    start, done, shape = time.perf_counter(), 0, None
    while time.perf_counter() - start < seconds:
        for _ in range(50):
            if made.is_episode_finished():
                made.new_episode()
            shape = made.get_state().screen_buffer.shape
            made.make_action(random.choice(actions), 1)
            done += 1
    rate = done / (time.perf_counter() - start)
    assert shape == (120, 160, 3), shape
    return rate


def measure(labels, seconds, runs):
    with tempfile.TemporaryDirectory() as folder:
        made = game(labels, folder)
        buttons = made.get_available_buttons_size()
        actions = [[index == pressed for index in range(buttons)] for pressed in range(buttons)]
        steps(made, actions, min(seconds, 0.5))
        rates = [steps(made, actions, seconds) for _ in range(runs)]
        made.close()
    return {"median": statistics.median(rates), "min": min(rates), "max": max(rates), "runs": rates}


def positive(kind):
    def parse(text):
        value = kind(text)
        if not 0 < value <= 3600:
            raise argparse.ArgumentTypeError(f"{text}: must be above 0 and at most 3600")
        return value

    return parse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=positive(float), default=2.0, help="of each run")
    parser.add_argument("--runs", type=positive(int), default=5, help="of which the median is told")
    parser.add_argument("--json", action="store_true", help="prints one JSON object instead of a table")
    options = parser.parse_args()
    random.seed(1)
    versions = {
        "vizdoom": importlib.metadata.version("vizdoom"),
        "numpy": numpy.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    rates = {
        "RGB": measure(False, options.seconds, options.runs),
        "RGB and labels": measure(True, options.seconds, options.runs),
    }
    if options.json:
        json.dump({"bench": "vizdoom", "versions": versions, "size": [160, 120], "rates": rates}, sys.stdout, indent=2)
        print()
        return
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    print(f"basic scenario, 160x120, one tick a step, one game, {options.runs} runs of {options.seconds} s")
    print(f"{'':<18} {'median':>9} {'min':>9} {'max':>9}  steps a second")
    for name, rate in rates.items():
        print(f"{name:<18} {rate['median']:>9.0f} {rate['min']:>9.0f} {rate['max']:>9.0f}")


if __name__ == "__main__":
    main()
