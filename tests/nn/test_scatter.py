from __future__ import annotations

import torch

from crosscap.nn.scatter import degree, scatter_mean, scatter_sum, segment_softmax

VALUES = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
INDEX = torch.tensor([2, 0, 2])


def test_sums_means_and_degrees_are_taken_by_index() -> None:
    assert scatter_sum(VALUES, INDEX, 4).tolist() == [[3, 4], [0, 0], [6, 8], [0, 0]]
    assert scatter_mean(VALUES, INDEX, 4).tolist() == [[3, 4], [0, 0], [3, 4], [0, 0]]
    assert degree(INDEX, 4).tolist() == [1, 0, 2, 0]


def test_softmax_of_each_segment_is_the_plain_softmax_of_its_scores() -> None:
    scores, segment = torch.tensor([1.0, -2.0, 100.0, 3.0, 99.0]), torch.tensor([0, 0, 3, 0, 3])
    weights = segment_softmax(scores, segment, 4)
    torch.testing.assert_close(weights[segment == 0], scores[segment == 0].softmax(0))
    torch.testing.assert_close(weights[segment == 3], scores[segment == 3].softmax(0))


def test_softmax_has_the_plain_softmax_gradient() -> None:
    scores = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    segment = torch.tensor([0, 0, 1])
    assert torch.autograd.gradcheck(lambda s: segment_softmax(s, segment, 3), scores)
