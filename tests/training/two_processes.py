"""A stage that trains a small model and UNISON's phase 1; test_distributed.py runs it in two processes."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from crosscap.config.loader import validate_section
from crosscap.config.phase1 import Phase1Settings
from crosscap.runs.stage import run
from crosscap.systems.unison.examples import examples
from crosscap.systems.unison.model_building import build_model
from crosscap.systems.unison.phase1 import train as train_phase1
from crosscap.training import distributed
from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.loop import LoopSettings, run_training, write_history
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings
from tests.systems.unison.conftest import make_world, section


def train_small(directory: Path, steps: int) -> nn.Module:
    """Batches of 1 to 5 examples, so that shards are uneven and sometimes empty; ``unused`` takes no part."""
    seed_everything(1)
    body = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    model = nn.ModuleDict({"body": body, "unused": nn.Linear(2, 2)})
    inputs, goals = torch.randn(11, 3), torch.randn(11, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    update = Update(model, optimizer, UpdateSettings("norm", 0.5, accumulate=2))
    best = BestWeights(model)

    def train_step(step: int) -> dict[str, float]:
        rows = [(step * 3 + place) % 11 for place in range(1 + step % 5)]

        def losses(shard: list[int]) -> dict[str, torch.Tensor]:
            error = (body(inputs[shard]) - goals[shard]).square().sum() / len(rows)
            return {"error": error, "size": body(inputs[shard]).abs().sum() / 10}

        return update(rows, losses)

    history = run_training(
        "small",
        LoopSettings(steps, validate_every=5, save_every=1, epoch_steps=10, best_by="val"),
        train_step,
        Checkpoint(directory, model=model, optimizer=optimizer, best=best),
        lambda step: {"val": 1 / step},
        best=best,
    )
    if distributed.rank() == 0:
        write_history(directory / "history.csv", history)
    return model


def train_unison(directory: Path) -> nn.Module:
    """Both languages of HGM on 30 pairs in batches of 7: L_XE, then L_XE + L_KL, in two passes a batch."""
    world = make_world(37)
    changes = {"dropout": 0.0, "accumulate": 2, "size": 16, "kl_size": 4, "min_name_count": 1, "word_input": "vectors"}
    epochs = {"xe_epochs": 1, "joint_epochs": 1, "batch_size": 7, "learning_rate": 0.005}
    settings = validate_section(Phase1Settings, "phase1", section("phase1", **changes, **epochs), "params.yaml")
    seed_everything(2)
    model = build_model("hgm", settings, world.graphs, world.source, world.target, world.vectors)
    graphs = {graph.id: graph for graph in world.graphs}
    data = examples(world.rows, graphs, world.source, world.target, 16, "graphs.parquet")
    history = train_phase1(model, world.vectors, data[:30], data[30:], settings, directory)
    if distributed.rank() == 0:
        write_history(directory / "history.csv", history)
    return model


def main() -> None:
    if distributed.launched(1):
        return
    torch.set_num_threads(1)
    models = {"small": train_small(Path("work/small"), 15), "unison": train_unison(Path("work/unison"))}
    for name, model in models.items():
        with open(f"{name}-{distributed.rank()}.pt", "wb") as stream:
            torch.save(model.state_dict(), stream)


if __name__ == "__main__":
    run(main)
