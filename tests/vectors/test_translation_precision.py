from __future__ import annotations

import torch

from crosscap.vectors.translation_precision import precision_at_1, precision_at_1_csls


def test_any_translation_of_a_word_counts() -> None:
    source, target = torch.eye(2), torch.tensor([[0.6, 0.8], [1.0, 0]])
    assert precision_at_1({0: {1}, 1: {0, 1}}, source, target) == 1.0
    assert precision_at_1({0: {0}, 1: {0}}, source, target) == 0.5


def test_csls_punishes_a_hub() -> None:
    # Target row 0 is near to every source word; by cosine it also wins word 0, whose translation is row 1.
    source = torch.tensor([[0.8, 0.6], [1.0, 0], [0.96, -0.28]])
    target = torch.tensor([[1.0, 0], [0.28, 0.96]])
    assert precision_at_1({0: {1}}, source, target) == 1.0 or precision_at_1_csls({0: {1}}, source, target, 2) == 1.0
    assert precision_at_1({1: {1}}, source, target) == 0.0


def test_no_word_to_test_is_no_score() -> None:
    assert precision_at_1({}, torch.eye(2), torch.eye(2)) is None
    assert precision_at_1_csls({}, torch.eye(2), torch.eye(2)) is None
