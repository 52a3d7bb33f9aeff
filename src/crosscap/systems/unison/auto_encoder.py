"""Graph encoder and sentence decoder of one language (UNISON eqs. 7-9)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.attention_pooling import AttentionPooling
from crosscap.nn.beam_search import Hypothesis, beam_search
from crosscap.nn.decoder import ConditionedDecoder, State
from crosscap.nn.graph_convolution import NodeEmbeddings, SpatialGraphConvolution
from crosscap.text.vocabulary import BOS, EOS, PAD, UNK

NODE_TYPES = ("objects", "relations", "attributes")
"""The order of the three pooled vectors z_o, z_r, z_a wherever they stand together: [B, 3, D]."""


class WordInput(nn.Module):
    """Input embeddings of a decoder: fixed word vectors through a linear map, or learned.

    The released code uses the vectors; the paper does not say. A word without a vector has zeros, and <bos> a learned
    row of its own. (The released code blanks the whole batch's step when one row meets such a word; here each row
    stands alone.)

    Args:
        vectors: [V, E], or ``None`` to learn the embeddings.
        word_map: Linear E -> D, shared with the nodes that are mapped by the same vectors.
    """

    def __init__(self, vectors: Tensor | None, vocabulary: int, word_map: nn.Linear) -> None:
        super().__init__()
        size = word_map.out_features
        self.word_map = word_map
        self.begin = nn.Parameter(torch.zeros(size))
        self.learned = nn.Embedding(vocabulary, size) if vectors is None else None
        if vectors is not None:
            self.register_buffer("vectors", vectors)

    def forward(self, words: Tensor) -> Tensor:
        """Word ids [...] -> embeddings [..., D]."""
        if self.learned is not None:
            embedded: Tensor = self.learned(words)
        else:
            embedded = self.word_map(self.get_buffer("vectors")[words])
        return torch.where((words == BOS).unsqueeze(-1), self.begin, embedded)


class GraphToSentence(nn.Module):
    """The model of one language: node embeddings -> z [B, 3, D] -> sentence.

    Args:
        size: D, of embeddings, features and LSTM layers (paper: 1,000).
    """

    def __init__(self, words: WordInput, size: int, vocabulary: int, dropout: float) -> None:
        super().__init__()
        self.encoder = SpatialGraphConvolution(size, dropout)
        self.pools = nn.ModuleDict({kind: AttentionPooling(size) for kind in NODE_TYPES})
        self.triplet = nn.Sequential(nn.Linear(3 * size, size), nn.ReLU())  # f_Triplet of eq. 8
        self.words = words
        self.decoder = ConditionedDecoder(size, size, size, vocabulary, dropout)

    def encode(self, nodes: NodeEmbeddings, graphs: PackedGraphs) -> Tensor:
        """Pooled features z_o, z_r, z_a of each graph: [B, 3, D]; zeros where a graph has no such node."""
        encoded = self.encoder(nodes, graphs)
        return torch.stack(
            [
                self.pools["objects"](encoded.objects, graphs.object_graph, graphs.count),
                self.pools["relations"](encoded.relations, graphs.relation_graph, graphs.count),
                self.pools["attributes"](encoded.attributes, graphs.holder_graph, graphs.count),
            ],
            dim=1,
        )

    def logits(self, z: Tensor, words_BT: Tensor) -> Tensor:
        """Teacher forcing: z [B, 3, D] and words from <bos> on [B, T] -> logits of the following words [B, T, V]."""
        condition = self.triplet(z.flatten(1))
        start = self.decoder.start(len(z), z.device)
        logits: Tensor = self.decoder(self.words(words_BT), condition, start)[0]
        return logits

    @torch.no_grad()
    def sentences(self, z: Tensor, beam: int, max_words: int) -> list[Hypothesis]:
        """The best sentence for each row of z [B, 3, D]; <unk> is never written."""
        condition = self.triplet(z.flatten(1))

        def step(last: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
            lstm: State = (state[1], state[2], state[3], state[4])
            logits, after = self.decoder(self.words(last.unsqueeze(1)), state[0], lstm)
            return logits[:, 0].log_softmax(dim=1), (state[0], *after)

        start = (condition, *self.decoder.start(len(z), z.device))
        return [found[0] for found in beam_search(step, start, beam, max_words, BOS, EOS, banned=(PAD, BOS, UNK))]
