"""What does the LSTM of sb3-contrib's RecurrentPPO know of its room? Trained, played in rooms of its own, probed.

    pip install ./python stable-baselines3 sb3-contrib
    cargo xtask setup && cargo build --release
    python python/examples/probe_recurrent_ppo.py --steps 300000 --out runs/recurrent_ppo

Beside the agent stands the same network as it was before it learnt anything. What both believed at the ends of the episodes of
an evaluation goes into two files, which `groundling probe --beliefs` reads like those of Groundling's own agents.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gymnasium.vector import AutoresetMode
from sb3_contrib import RecurrentPPO
from stable_baselines3.common.env_util import make_vec_env

import groundling
from ppo import CAMERA, CONFIG, Curve

REPOSITORY = Path(__file__).resolve().parents[2]


def play(agent: RecurrentPPO, envs: groundling.RoomVectorEnv, path: Path, name: str, **about: Any) -> float:
    """Plays every episode of the evaluation, writes what the LSTM holds after the last picture, and returns visits an episode."""
    visits = []
    # Torch's generator draws the actions: the same every time.
    torch.manual_seed(0)
    settings = envs.resolved_settings
    with groundling.BeliefWriter(path, settings, agent=name, overwrite=True, **about) as writer:
        for part, seeds in groundling.evaluation_seeds(settings).items():
            for start in range(0, len(seeds), envs.num_envs):
                chosen = seeds[start : start + envs.num_envs]
                # The last batch of a part is filled up with rooms that are not written.
                filled = chosen + seeds[: envs.num_envs - len(chosen)]
                pictures, _ = envs.reset(seed=(filled * envs.num_envs)[: envs.num_envs])
                actions, state = agent.predict(pictures, episode_start=np.ones(envs.num_envs, bool))
                total = np.zeros(envs.num_envs)
                truncated = np.zeros(envs.num_envs, bool)
                while not truncated.all():
                    pictures, rewards, _, truncated, infos = envs.step(actions)
                    total += rewards
                    # Once more after the last step too, so that the state has seen the last picture.
                    actions, state = agent.predict(pictures, state)
                hidden, cell = state
                for room in range(len(chosen)):
                    writer.write(part, hidden[-1, room], infos["questions"][room], cell=cell[-1, room])
                visits += total[: len(chosen)].tolist()
    return float(np.mean(visits))


def main(arguments: Sequence[str] | None = None) -> list[Path]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=CONFIG, help="the room's settings and questions")
    parser.add_argument("--steps", type=int, default=300_000, help="actions to learn from")
    parser.add_argument("--rooms", type=int, default=16, help="rooms that are stepped together")
    parser.add_argument("--unroll", type=int, default=96, help="actions in each room between two updates")
    parser.add_argument("--size", type=int, default=256, help="units of the LSTM")
    parser.add_argument("--every", type=int, default=20_000, help="actions between two points of the curve")
    parser.add_argument("--episodes", type=int, nargs=3, default=[6000, 500, 1024], metavar=("TRAIN", "VALIDATION", "TEST"))
    parser.add_argument("--census-rooms", type=int, default=20_000, help="setting questions.census_rooms")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--program", help="the program `groundling` [default: in PATH, or in target/release]")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    chosen = parser.parse_args(arguments)

    torch.set_num_threads(chosen.threads)
    room: dict[str, Any] = {"config": chosen.config, "camera": CAMERA}
    training = make_vec_env("groundling/LRoom-v0", chosen.rooms, seed=chosen.seed, env_kwargs=room)
    train, validation, test = chosen.episodes
    evaluation = groundling.RoomVectorEnv(
        chosen.rooms,
        **room,
        questions={"census_rooms": chosen.census_rooms},
        evaluation={"train_episodes": train, "validation_episodes": validation, "test_episodes": test},
        autoreset_mode=AutoresetMode.DISABLED,
    )
    agent = RecurrentPPO(
        "CnnLstmPolicy",
        training,
        n_steps=chosen.unroll,
        batch_size=min(256, chosen.rooms * chosen.unroll),
        n_epochs=4,
        gamma=0.98,
        ent_coef=0.01,
        learning_rate=3e-4,
        policy_kwargs={"lstm_hidden_size": chosen.size, "shared_lstm": True, "enable_critic_lstm": False},
        device="cpu",
        seed=chosen.seed,
    )
    chosen.out.mkdir(parents=True, exist_ok=True)
    files = [chosen.out / "recurrent_ppo.parquet", chosen.out / "untrained.parquet"]
    visits = play(agent, evaluation, files[1], "recurrent ppo, untrained", kind="untrained", seed=chosen.seed)
    print(f"untrained: {visits:.2f} visits an episode", flush=True)
    agent.learn(chosen.steps, callback=Curve(chosen.every))
    trained = {"seed": chosen.seed, "frames_trained": agent.num_timesteps}
    visits = play(agent, evaluation, files[0], "recurrent ppo", **trained)
    print(f"trained: {visits:.2f} visits an episode", flush=True)
    training.close()
    evaluation.close()
    probe(chosen.program, files, chosen.out)
    return files


def probe(program: str | None, files: list[Path], out: Path) -> None:
    """Runs the battery that Groundling's own agents go through, or says how, where the program is not built."""
    built = REPOSITORY / "target/release/groundling"
    program = program or shutil.which("groundling") or (str(built) if built.exists() else None)
    result = out / "probe.json"
    beliefs = [argument for path in files for argument in ("--beliefs", str(path))]
    commands = [
        [program or str(built), "probe", *beliefs, "--out", str(result), "--force"],
        [program or str(built), "report", "--probe", str(result), "--out", str(out / "report.html")],
    ]
    for command in commands:
        if program is None:
            print("the program is not built yet (`cargo build --release`); then:", shlex.join(command))
        else:
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
