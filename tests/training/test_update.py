from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import nn

from crosscap.training.checkpoint import Checkpoint
from crosscap.training.diverged import TrainingDiverged
from crosscap.training.loop import LoopSettings, run_training
from crosscap.training.schedule import Schedule
from crosscap.training.seed import seed_everything
from crosscap.training.update import Update, UpdateSettings

INPUTS = torch.linspace(-1, 1, 21).reshape(7, 3)


def small_model() -> nn.Module:
    seed_everything(0)
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))


def updated(settings: UpdateSettings, steps: int = 5, count: int = 7) -> tuple[dict[str, torch.Tensor], list[float]]:
    """Weights, and the losses told, after ``steps`` updates on ``count`` examples."""
    model = small_model()
    update = Update(model, torch.optim.Adam(model.parameters(), 0.01), settings)
    rows = list(range(count))
    told = [
        update(rows, lambda shard: {"loss": model(INPUTS[shard]).square().sum() / len(rows)})["loss"]
        for _ in range(steps)
    ]
    return model.state_dict(), told


def step_of_gradient(settings: UpdateSettings, clipped: int | None = None) -> list[torch.Tensor]:
    """What one update takes off two parameters whose gradients are [3, -4] and [12]."""
    model = nn.ParameterList([nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))])
    limited = None if clipped is None else [model[clipped]]
    update = Update(model, torch.optim.SGD(model.parameters(), 1.0), settings, clipped=limited)
    update([0], lambda _: {"loss": (model[0] * torch.tensor([3.0, -4.0])).sum(), "other": 12 * model[1].sum()})
    return [-value.detach() for value in model]


@pytest.mark.parametrize("count", [7, 2])
def test_a_batch_in_several_passes_gives_the_update_of_one(count: int) -> None:
    whole, losses = updated(UpdateSettings(), count=count)
    passes, again = updated(UpdateSettings(accumulate=3), count=count)
    assert losses[-1] < losses[0] / 1.05
    assert again == pytest.approx(losses, rel=1e-5)
    for name, value in whole.items():
        torch.testing.assert_close(passes[name], value, rtol=1e-5, atol=1e-6)


def test_gradients_are_limited_by_element_or_by_norm_or_not() -> None:
    def both(settings: UpdateSettings) -> list[float]:
        return torch.cat(step_of_gradient(settings)).tolist()

    assert both(UpdateSettings()) == [3, -4, 12]
    assert both(UpdateSettings("value", 3.5)) == [3, -3.5, 3.5]
    assert both(UpdateSettings("norm", 6.5)) == pytest.approx([1.5, -2, 6], rel=1e-5)
    assert both(UpdateSettings("norm", 100)) == [3, -4, 12]


def test_a_limit_may_hold_for_some_parameters_alone() -> None:
    first, second = step_of_gradient(UpdateSettings("norm", 1.0), clipped=0)
    assert first.tolist() == pytest.approx([0.6, -0.8], rel=1e-5)
    assert second.tolist() == [12]


def test_half_precision_computes_in_bfloat16_and_keeps_weights_whole() -> None:
    whole, _ = updated(UpdateSettings())
    half, _ = updated(UpdateSettings(precision="bf16"))
    assert all(value.dtype == torch.float32 for value in half.values())
    assert any(not torch.equal(value, half[name]) for name, value in whole.items())
    for name, value in whole.items():
        torch.testing.assert_close(half[name], value, rtol=0, atol=0.03)


def test_two_optimizers_of_one_model_leave_each_others_parameters(tmp_path: Path) -> None:
    model = small_model()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    update = Update(model, torch.optim.SGD(model[0].parameters(), 0.1))
    update([0, 1], lambda shard: {"loss": model(INPUTS[shard]).square().sum()})
    changed = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"0.weight", "0.bias"}


def test_a_batch_without_examples_is_refused() -> None:
    with pytest.raises(ValueError, match="a batch without examples"):
        updated(UpdateSettings(), count=0)


def test_a_gradient_that_is_no_number_stops_a_training_whose_losses_are_finite(tmp_path: Path) -> None:
    weight = nn.Parameter(torch.zeros(1))
    update = Update(nn.ParameterList([weight]), torch.optim.SGD([weight], 1.0), UpdateSettings("norm", 1.0))

    def train_step(step: int) -> dict[str, float]:
        return update([0], lambda _: {"loss": weight.sqrt().sum() if step == 2 else weight.sum() * 0})

    with pytest.raises(TrainingDiverged, match="loss 'gradient norm' is inf at step 2"):
        run_training("t", LoopSettings(3), train_step, Checkpoint(tmp_path))


def test_learning_rates_follow_their_schedule() -> None:
    def shares(schedule: Schedule, count: int) -> list[float]:
        return [schedule.share(update) for update in range(count)]

    assert shares(Schedule(), 3) == [1, 1, 1]
    assert shares(Schedule("step", every=2, factor=0.5), 5) == [1, 1, 0.5, 0.5, 0.25]
    assert shares(Schedule("linear", updates=6, warmup=2), 7) == [0.5, 1, 1, 0.75, 0.5, 0.25, 0]
    assert shares(Schedule("cosine", updates=4), 5) == pytest.approx(
        [1, (1 + math.sqrt(0.5)) / 2, 0.5, (1 - math.sqrt(0.5)) / 2, 0]
    )
    with pytest.raises(ValueError, match="a linear schedule must know the number of updates"):
        Schedule("linear")
    with pytest.raises(ValueError, match="after how many updates"):
        Schedule("step")


def test_a_schedule_moves_on_with_each_update() -> None:
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], 0.8)
    update = Update(nn.ParameterList([weight]), optimizer, schedule=Schedule("step", every=1, factor=0.5).of(optimizer))
    taken = []
    for _ in range(3):
        before = weight.item()
        update([0], lambda _: {"loss": weight.sum()})
        taken.append(before - weight.item())
    assert taken == pytest.approx([0.8, 0.4, 0.2])
