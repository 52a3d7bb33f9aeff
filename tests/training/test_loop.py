from __future__ import annotations

import math
import pickle
import random
from pathlib import Path

import pytest
import torch

from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.diverged import TrainingDiverged
from crosscap.training.epochs import Epochs, shuffled
from crosscap.training.loop import LoopSettings, run_training, write_history
from crosscap.training.schedule import Schedule
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings

from .killing import Killed, counted_checkpoints


def test_history_holds_the_mean_losses_between_validations(tmp_path) -> None:
    history = run_training(
        "t",
        LoopSettings(5, validate_every=2),
        lambda step: {"loss": float(step)},
        Checkpoint(tmp_path),
        lambda step: {"val": -step},
    )
    assert history == [
        {"step": 2, "loss": 1.5, "val": -2},
        {"step": 4, "loss": 3.5, "val": -4},
        {"step": 5, "loss": 5.0, "val": -5},
    ]


def test_a_finished_training_does_nothing_more(tmp_path) -> None:
    first = run_training("t", LoopSettings(3), lambda step: {"loss": 1.0}, Checkpoint(tmp_path))
    again = run_training("t", LoopSettings(3), lambda step: pytest.fail("no step is left"), Checkpoint(tmp_path))
    assert again == first


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_is_named_with_its_step_and_leaves_the_checkpoint_before(tmp_path, value) -> None:
    def step(number: int) -> dict[str, float]:
        return {"good": 1.0, "bad": value if number == 4 else 1.0}

    with pytest.raises(TrainingDiverged, match=f"t: found loss 'bad' is {value} at step 4") as caught:
        run_training("t", LoopSettings(9, save_every=1), step, Checkpoint(tmp_path))
    assert (caught.value.step, caught.value.loss) == (4, "bad")
    assert Checkpoint(tmp_path).restore()[0] == 3


def test_losses_before_a_kill_count_in_the_row_after_it(tmp_path) -> None:
    def step(number: int) -> dict[str, float]:
        if number == 4 and not killed:
            killed.append(True)
            raise KeyboardInterrupt
        return {"loss": float(number)}

    killed: list[bool] = []
    settings = LoopSettings(4, save_every=2)
    with pytest.raises(KeyboardInterrupt):
        run_training("t", settings, step, Checkpoint(tmp_path))
    assert run_training("t", settings, step, Checkpoint(tmp_path)) == [{"step": 4, "loss": 2.5}]


def test_history_columns_that_appear_later_are_empty_before(tmp_path) -> None:
    write_history(tmp_path / "h.csv", [{"step": 1, "xe": 0.1234567891}, {"step": 2, "xe": 1.0, "kl": 3.0}])
    assert (tmp_path / "h.csv").read_text() == "step,xe,kl\n1,0.123457,\n2,1,3\n"


def test_the_weights_with_the_lowest_score_come_back(tmp_path) -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    best = BestWeights(model)
    for weight, score in ((1.0, 3.0), (2.0, 1.0), (3.0, 2.0)):
        model.weight.data.fill_(weight)
        best.offer(score)
    other = BestWeights(model)
    other.load_state_dict(best.state_dict())
    other.restore()
    assert model.weight.item() == 2.0


def test_the_weights_with_the_highest_score_come_back_where_higher_is_better() -> None:
    model = torch.nn.Linear(1, 1, bias=False)
    best = BestWeights(model, "higher")
    for weight, score in ((1.0, 0.0), (2.0, 3.0), (3.0, 3.0)):
        model.weight.data.fill_(weight)
        best.offer(score)
    best.restore()
    assert (model.weight.item(), best.score, best.waited) == (2.0, 3.0, 1)


def test_training_stops_when_the_score_has_not_improved_and_stays_stopped(tmp_path: Path) -> None:
    scores = {1: 5.0, 2: 3.0, 3: 4.0, 5: 3.5, 6: 1.0}

    def train() -> list[dict[str, float]]:
        best = BestWeights(torch.nn.Linear(1, 1))
        return run_training(
            "t",
            LoopSettings(9, validate_every=1, best_by="val", patience=2),
            lambda step: {"loss": 1.0},
            Checkpoint(tmp_path, best=best),
            lambda step: {"val": scores[step]} if step in scores else {"other": 0.0},
            best=best,
        )

    history = train()
    assert [row["step"] for row in history] == [1, 2, 3, 4, 5]
    scores[6] = pytest.fail  # type: ignore[assignment]
    assert train() == history


def test_a_loss_that_diverged_names_its_epoch_and_its_examples(tmp_path: Path) -> None:
    with pytest.raises(TrainingDiverged) as caught:
        run_training(
            "phase 1",
            LoopSettings(9, epoch_steps=2),
            lambda step: {"kl": math.nan if step == 5 else 1.0},
            Checkpoint(tmp_path),
            examples=lambda step: [f"pair-{step}{place}" for place in range(9)],
        )
    expected = (
        "phase 1: found loss 'kl' is nan at step 5 (epoch 3) on the 9 examples pair-50, pair-51, pair-52, pair-53, "
        "pair-54, pair-55, pair-56, pair-57, …, expected a finite number. Lower the learning rate, clip the gradient, "
        "or look at these examples; the last checkpoint is from before."
    )
    assert str(caught.value) == expected
    assert str(pickle.loads(pickle.dumps(caught.value))) == expected  # noqa: S301


def test_checkpoints_are_as_far_apart_as_asked_where_nothing_is_validated(tmp_path: Path) -> None:
    with counted_checkpoints() as steps:
        run_training("t", LoopSettings(10, 2, 4), lambda step: {"loss": 1.0}, Checkpoint(tmp_path / "a"))
    assert steps == [4, 8, 10]
    with counted_checkpoints() as steps:
        run_training("t", LoopSettings(5, 2), lambda step: {"loss": 1.0}, Checkpoint(tmp_path / "b"))
    assert steps == [2, 4, 5]


def test_ten_kills_leave_the_parameters_of_an_undisturbed_training(tmp_path: Path) -> None:
    kills = sorted(random.Random(7).sample(range(1, 60), 10))

    def train(directory: Path) -> tuple[bytes, list[dict[str, float]]]:
        seed_everything(3)
        model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
        data = torch.randn(20, 4)
        optimizer = torch.optim.Adam(model.parameters(), 0.01)
        schedule = Schedule("cosine", 60, warmup=5).of(optimizer)
        best = BestWeights(model)
        update = Update(model, optimizer, UpdateSettings("value", 0.1, accumulate=2), schedule)
        epochs = Epochs(shuffled(len(data), 6, seed=3))

        def train_step(step: int) -> dict[str, float]:
            if directory.name == "killed" and kills and step == kills[0]:
                kills.pop(0)
                raise Killed
            rows = epochs.at(step)[2]
            return update(rows, lambda shard: {"loss": (model(data[list(shard)]) - 1).square().sum() / len(rows)})

        history = run_training(
            "t",
            LoopSettings(60, validate_every=10, save_every=3, best_by="val"),
            train_step,
            Checkpoint(directory, model=model, optimizer=optimizer, schedule=schedule, best=best),
            lambda step: {"val": float(model[2].bias.sum().detach())},
            best=best,
        )
        weights = [*model.state_dict().values(), *best.weights.values()]
        return b"".join(value.numpy().tobytes() for value in weights), history

    undisturbed = train(tmp_path / "whole")
    died = 0
    while kills:
        with pytest.raises(Killed):
            train(tmp_path / "killed")
        died += 1
    assert died == 10
    assert train(tmp_path / "killed") == undisturbed


def test_an_epoch_holds_each_example_once_in_an_order_of_its_own() -> None:
    epochs = Epochs(shuffled(7, 3, seed=1))
    assert epochs.steps == 3
    seen = [epochs.at(step) for step in range(1, 7)]
    assert [(epoch, place) for epoch, place, _ in seen] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    first, second = ([row for _, _, batch in seen[start : start + 3] for row in batch] for start in (0, 3))
    assert sorted(first) == sorted(second) == list(range(7)) and first != second
    assert Epochs(shuffled(7, 3, seed=1)).at(5) == seen[4]
