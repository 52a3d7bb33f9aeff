"""Variants without a mapping of vectors: nodes are symbols with learned embeddings (``gen`` and ``gm_base``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.graph_convolution import NodeEmbeddings
from crosscap.systems.unison.nodes import NodeTable

NOTHING, UNKNOWN = 0, 1
"""Rows of the embeddings: no further token, and every token that was too rare in training."""


class SymbolicNodes(nn.Module):
    """A node is the mean of its tokens' embeddings, then ReLU and dropout.

    A token is an English name (``gen``) or a word of its translation (``gm_base``). No vectors, no context.

    Args:
        tokens: those with an embedding of their own.
    """

    def __init__(self, tokens: Sequence[str], size: int, dropout: float) -> None:
        super().__init__()
        self.known = {token: row for row, token in enumerate(tokens, UNKNOWN + 1)}
        self.embedding = nn.Embedding(len(tokens) + 2, size, padding_idx=NOTHING)
        self.activation = nn.Sequential(nn.ReLU(), nn.Dropout(dropout))

    def rows(self, names: Iterable[Sequence[str]]) -> Tensor:
        """The tokens of each name as rows of the embeddings: [W, longest name], filled up with `NOTHING`."""
        rows = [torch.tensor([self.known.get(token, UNKNOWN) for token in tokens] or [UNKNOWN]) for tokens in names]
        if not rows:
            return torch.zeros(0, 1, dtype=torch.int64)
        return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=NOTHING)

    def forward(self, table: NodeTable, graphs: PackedGraphs) -> NodeEmbeddings:
        if table.symbols is None:
            raise ValueError("this model's nodes are symbols: make the table with `Unison.node_table`")
        return NodeEmbeddings(
            *(self._embed(table.symbols[rows]) for rows in (graphs.objects, graphs.relations, graphs.attributes))
        )

    def _embed(self, tokens_ML: Tensor) -> Tensor:
        # The row of `NOTHING` is zero and gets no gradient: a sum over all places is one over the tokens.
        count = tokens_ML.ne(NOTHING).sum(dim=1, keepdim=True)
        embedded: Tensor = self.activation(self.embedding(tokens_ML).sum(dim=1) / count)
        return embedded
