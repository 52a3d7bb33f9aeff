"""One vector for a graph's nodes of one type: a softmax-weighted sum (UNISON section 3.3, sentence decoder)."""

from __future__ import annotations

from torch import Tensor, nn

from crosscap.nn.scatter import scatter_sum, segment_softmax


class AttentionPooling(nn.Module):
    """Weights come from a small network over each node alone; a graph without such nodes gets the zero vector.

    The released code lets padded rows share the softmax and zeroes a whole batch when its last graph has no such
    node; here every graph has its own softmax over its own nodes.
    """

    def __init__(self, size: int, hidden: int = 64) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(size, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, nodes: Tensor, graph: Tensor, count: int) -> Tensor:
        """``nodes`` [M, D] of graphs ``graph`` [M] -> [count, D]."""
        weights = segment_softmax(self.score(nodes).squeeze(1), graph, count)
        return scatter_sum(weights.unsqueeze(1) * nodes, graph, count)
