from __future__ import annotations

import torch

from crosscap.nn.attention_pooling import AttentionPooling


def test_each_graph_is_pooled_by_its_own_softmax_and_an_empty_one_is_zero() -> None:
    torch.manual_seed(0)
    pool = AttentionPooling(5)
    nodes, graph = torch.randn(6, 5), torch.tensor([0, 0, 0, 2, 2, 3])
    found = pool(nodes, graph, 5)
    for number in (0, 2, 3):
        own = nodes[graph == number]
        weights = pool.score(own).squeeze(1).softmax(0)
        torch.testing.assert_close(found[number], (weights[:, None] * own).sum(0))
    assert torch.equal(found[[1, 4]], torch.zeros(2, 5))


def test_pooling_nothing_gives_zeros_and_no_nan_in_the_gradient() -> None:
    pool = AttentionPooling(5)
    found = pool(torch.zeros(0, 5), torch.zeros(0, dtype=torch.int64), 2)
    found.sum().backward()
    assert torch.equal(found, torch.zeros(2, 5))
    assert all(not p.grad.isnan().any() for p in pool.parameters() if p.grad is not None)
