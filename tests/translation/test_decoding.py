from __future__ import annotations

from collections import Counter

import pytest
import torch

from crosscap.translation.decoding import GumbelNoise

PROBABILITIES = torch.tensor([[0.5, 0.3, 0.15, 0.05]])


def drawn(top_k: int, top_p: float, temperature: float = 1.0, times: int = 2000) -> Counter[int]:
    scores = PROBABILITIES.log().repeat(times, 1)
    noise = GumbelNoise(range(times), temperature, top_k, top_p)
    return Counter(noise(torch.zeros(times, 1), scores).argmax(dim=1).tolist())


def test_pieces_are_drawn_as_often_as_the_model_says() -> None:
    counts = drawn(4, 1.0)
    assert [counts[piece] / 2000 for piece in range(4)] == pytest.approx([0.5, 0.3, 0.15, 0.05], abs=0.03)


def test_a_low_temperature_prefers_the_best_piece() -> None:
    assert drawn(4, 1.0, temperature=0.5)[0] / 2000 == pytest.approx(0.25 / 0.365, abs=0.03)


def test_nothing_is_drawn_from_outside_the_best_pieces_or_the_nucleus() -> None:
    assert set(drawn(3, 1.0)) == {0, 1, 2}
    # 0.5 alone does not hold 0.6, with 0.3 it does.
    assert set(drawn(4, 0.6)) == {0, 1}
    assert set(drawn(4, 0.01)) == {0}
