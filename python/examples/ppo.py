"""Stable-Baselines3's PPO learns to visit the things of a small room, from pictures alone.

    pip install ./python stable-baselines3
    python python/examples/ppo.py --steps 300000 --out ppo.zip

The room is `configs/demo/lstm.toml` with pictures of 48 x 36: `CnnPolicy` needs 36 x 36 or more. Nothing wraps it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env

import groundling  # noqa: F401 - registers the room

CONFIG = Path(__file__).resolve().parents[2] / "configs/demo/lstm.toml"
CAMERA = {"width": 48, "height": 36}


class Curve(BaseCallback):
    """Things visited in an episode, mean of all that ended since the last line; a line every `every` steps."""

    def __init__(self, every: int) -> None:
        super().__init__()
        self.every = every
        self.points: list[tuple[int, float]] = []
        self._visits: list[float] = []
        self._next = every

    def _on_step(self) -> bool:
        self._visits += [info["episode"]["r"] for info in self.locals["infos"] if "episode" in info]
        if self.num_timesteps >= self._next and self._visits:
            self.points.append((self.num_timesteps, float(np.mean(self._visits))))
            print(f"{self.num_timesteps:>9} steps: {self.points[-1][1]:.2f} visits an episode", flush=True)
            self._visits.clear()
            self._next += self.every
        return True


def main(arguments: Sequence[str] | None = None) -> list[tuple[int, float]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=CONFIG, help="the room's settings")
    parser.add_argument("--steps", type=int, default=300_000, help="actions to learn from")
    parser.add_argument("--rooms", type=int, default=16, help="rooms that are stepped together")
    parser.add_argument("--unroll", type=int, default=96, help="actions in each room between two updates")
    parser.add_argument("--every", type=int, default=20_000, help="actions between two points of the curve")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="where to keep the agent (.zip)")
    chosen = parser.parse_args(arguments)

    torch.set_num_threads(chosen.threads)
    room: dict[str, Any] = {"config": chosen.config, "camera": CAMERA}
    envs = make_vec_env("groundling/LRoom-v0", chosen.rooms, seed=chosen.seed, env_kwargs=room)
    agent = PPO(
        "CnnPolicy",
        envs,
        n_steps=chosen.unroll,
        batch_size=min(256, chosen.rooms * chosen.unroll),
        n_epochs=4,
        gamma=0.98,
        ent_coef=0.01,
        learning_rate=3e-4,
        device="cpu",
        seed=chosen.seed,
    )
    curve = Curve(chosen.every)
    agent.learn(chosen.steps, callback=curve)
    if chosen.out is not None:
        agent.save(chosen.out)
    envs.close()
    return curve.points


if __name__ == "__main__":
    main()
