from __future__ import annotations

import pytest
import torch

from crosscap.vectors.nearest import mean_similarity, nearest
from crosscap.vectors.translation_precision import precision_at_1, precision_at_1_csls


def test_any_translation_of_a_word_counts() -> None:
    source, target = torch.eye(2), torch.tensor([[0.6, 0.8], [1.0, 0]])
    assert precision_at_1({0: {1}, 1: {0, 1}}, source, target) == 1.0
    assert precision_at_1({0: {0}, 1: {0}}, source, target) == 0.5


def test_csls_punishes_a_hub() -> None:
    # Target row 0 is near to all source words; by cosine it wins word 0 too (0.96 to 0.936), a translation of row 1.
    source = torch.tensor([[0.6, 0.8], [0.8, 0.6], [1.0, 0.0]])
    target = torch.tensor([[0.8, 0.6], [0.28, 0.96]])
    assert precision_at_1({0: {1}}, source, target) == 0.0
    # Two nearest source words each: (1 + 0.96) / 2 and (0.936 + 0.8) / 2. So CSLS is 0.94 to 1.004.
    hubness = mean_similarity(nearest(target, source, 2))
    assert hubness.tolist() == pytest.approx([0.98, 0.868])
    assert precision_at_1_csls({0: {1}}, source, target, hubness) == 1.0


def test_no_word_to_test_is_no_score() -> None:
    assert precision_at_1({}, torch.eye(2), torch.eye(2)) is None
    assert precision_at_1_csls({}, torch.eye(2), torch.eye(2), torch.ones(2)) is None
