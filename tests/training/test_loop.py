from __future__ import annotations

import math

import pytest
import torch

from crosscap.training.best import BestWeights
from crosscap.training.checkpoint import Checkpoint
from crosscap.training.loop import TrainingDiverged, run_training, write_history


def test_history_holds_the_mean_losses_between_validations(tmp_path) -> None:
    history = run_training(
        "t", 5, lambda step: {"loss": float(step)}, Checkpoint(tmp_path), lambda step: {"val": -step}, validate_every=2
    )
    assert history == [
        {"step": 2, "loss": 1.5, "val": -2},
        {"step": 4, "loss": 3.5, "val": -4},
        {"step": 5, "loss": 5.0, "val": -5},
    ]


def test_a_finished_training_does_nothing_more(tmp_path) -> None:
    first = run_training("t", 3, lambda step: {"loss": 1.0}, Checkpoint(tmp_path))
    again = run_training("t", 3, lambda step: pytest.fail("no step is left"), Checkpoint(tmp_path))
    assert again == first


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_is_named_with_its_step_and_leaves_the_checkpoint_before(tmp_path, value) -> None:
    def step(number: int) -> dict[str, float]:
        return {"good": 1.0, "bad": value if number == 4 else 1.0}

    with pytest.raises(TrainingDiverged, match=f"t: found loss 'bad' is {value} at step 4") as caught:
        run_training("t", 9, step, Checkpoint(tmp_path), save_every=1)
    assert (caught.value.step, caught.value.loss) == (4, "bad")
    assert Checkpoint(tmp_path).restore()[0] == 3


def test_losses_before_a_kill_count_in_the_row_after_it(tmp_path) -> None:
    def step(number: int) -> dict[str, float]:
        if number == 4 and not killed:
            killed.append(True)
            raise KeyboardInterrupt
        return {"loss": float(number)}

    killed: list[bool] = []
    with pytest.raises(KeyboardInterrupt):
        run_training("t", 4, step, Checkpoint(tmp_path), save_every=2)
    assert run_training("t", 4, step, Checkpoint(tmp_path), save_every=2) == [{"step": 4, "loss": 2.5}]


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
