"""Promised: rooms can be copied, sent to other processes, forked and interrupted, and leave nothing behind."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

import groundling


def walk(envs, num_steps, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(num_steps):
        envs.step(rng.integers(9, size=envs.num_envs))
    return envs.digests()


def num_native_threads():
    """Threads of this process that this package started."""
    count = 0
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/comm") as name:
                count += name.read().startswith("groundling-")
        except OSError:
            pass
    return count


def wait_until(holds, seconds=20.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_goes_on_where_the_room_was(small, duplicate):
    env = gymnasium.make("groundling/LRoom-v0", **small)
    envs = groundling.RoomVectorEnv(3, threads=2, **small)
    env.reset(seed=1)
    envs.reset(seed=1)
    env.reset()
    for action in (1, 5, 1):
        env.step(action)
    walk(envs, 15)
    other, others = duplicate(env), duplicate(envs)
    assert other.unwrapped.digest() == env.unwrapped.digest()
    assert others.digests() == envs.digests()
    assert walk(others, 15, 1) == walk(envs, 15, 1)
    for _ in range(2):
        np.testing.assert_array_equal(other.step(1)[0], env.step(1)[0])
        np.testing.assert_array_equal(other.reset()[0], env.reset()[0])
    # And they are apart.
    env.step(1)
    assert other.unwrapped.digest() != env.unwrapped.digest()


def test_a_copy_of_a_room_without_an_episode_has_none(small):
    env = pickle.loads(pickle.dumps(groundling.RoomEnv(**small)))
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.digest()
    env.reset(seed=1)
    env.close()
    with pytest.raises(gymnasium.error.ClosedEnvironmentError):
        pickle.loads(pickle.dumps(env)).reset()


class Make:
    """Makes a room wherever it is sent."""

    def __init__(self, settings):
        self.settings = settings

    def __call__(self):
        import groundling  # noqa: F401 -- registers, in a process that has not

        return gymnasium.make("groundling/LRoom-v0", **self.settings)


@pytest.mark.parametrize("context", ["fork", "spawn", "forkserver"])
def test_processes_of_gymnasium(small, context):
    # Threads of this process must not matter to those it forks.
    busy = groundling.RoomVectorEnv(4, threads=2, **small)
    busy.reset(seed=1)
    walk(busy, 3)
    with warnings.catch_warnings():
        # Python 3.12 warns of every fork beside threads, also of ours, which need no care.
        warnings.filterwarnings("ignore", message=".*use of fork", category=DeprecationWarning)
        envs = AsyncVectorEnv([Make(small)] * 2, context=context)
    same = SyncVectorEnv([Make(small)] * 2)
    try:
        np.testing.assert_array_equal(envs.reset(seed=3)[0], same.reset(seed=3)[0])
        for action in (1, 5, 1):
            for one, other in zip(envs.step(np.full(2, action))[:4], same.step(np.full(2, action))[:4], strict=True):
                np.testing.assert_array_equal(one, other)
    finally:
        envs.close()
    busy.close()


def child(envs, expected, connection):
    connection.send(walk(envs, 5, 1) == expected and num_native_threads() == 1)
    envs.close()
    wait_until(lambda: num_native_threads() == 0)
    connection.send(True)


def test_a_forked_child_starts_threads_of_its_own(small):
    envs = groundling.RoomVectorEnv(6, threads=2, **small)
    envs.reset(seed=1)
    walk(envs, 5)
    expected = walk(copy.deepcopy(envs), 5, 1)
    ours, theirs = multiprocessing.Pipe()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*use of fork", category=DeprecationWarning)
        process = multiprocessing.get_context("fork").Process(target=child, args=(envs, expected, theirs))
        process.start()
    for _ in range(2):
        assert ours.poll(30), "the child hangs"
        assert ours.recv() is True
    process.join(30)
    assert process.exitcode == 0
    # And the parent goes on.
    assert walk(envs, 5, 1) == expected
    envs.close()


def test_closing_ends_the_threads(small):
    gc.collect()
    wait_until(lambda: num_native_threads() == 0)
    for _ in range(3):
        envs = groundling.RoomVectorEnv(4, threads=3, **small)
        assert num_native_threads() == 0
        envs.reset(seed=1)
        # The caller works too.
        assert num_native_threads() == 2
        envs.close()
        envs.close()
        wait_until(lambda: num_native_threads() == 0)
    envs = groundling.RoomVectorEnv(4, threads=3, **small)
    envs.reset(seed=1)
    del envs
    gc.collect()
    wait_until(lambda: num_native_threads() == 0)


LOOP = """
import numpy, groundling, sys
envs = groundling.RoomVectorEnv(64, threads=2)
envs.reset(seed=1)
print("stepping", flush=True)
try:
    while True:
        envs.step(numpy.ones(64, numpy.int64))
except KeyboardInterrupt:
    envs.close()
    print("stopped", flush=True)
"""


def test_ctrl_c_stops(tmp_path):
    # Elsewhere, since `-c` looks for packages in the working directory first, and the sources lack the native part.
    process = subprocess.Popen([sys.executable, "-c", LOOP], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert process.stdout.readline() == "stepping\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[0] == "stopped\n"
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()


def test_python_goes_on_while_rooms_are_stepped(small):
    """The lock of Python is released: another thread counts while one long step runs."""
    small["camera"] = {"width": 640, "height": 480}
    envs = groundling.RoomVectorEnv(12, threads=1, **small)
    counts: list[int] = []
    running = threading.Event()
    over = threading.Event()

    def count():
        running.set()
        while not over.is_set():
            counts.append(1)
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    running.wait()
    before = len(counts)
    envs.reset(seed=1)
    during = len(counts) - before
    over.set()
    counter.join()
    assert during >= 3
