"""Graph encoder and sentence decoder of one language (UNISON eqs. 7-9)."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from crosscap.graph.packing import PackedGraphs
from crosscap.nn.attention_pooling import AttentionPooling
from crosscap.nn.beam_search import Hypothesis
from crosscap.nn.decoder import ConditionedDecoder, State
from crosscap.nn.decoding import Decoding, decode
from crosscap.nn.graph_convolution import NodeEmbeddings, SpatialGraphConvolution
from crosscap.nn.packed_sentences import PackedSentences, pack_sentences
from crosscap.systems.unison.fusion import ConvolutionConcat, PooledGate
from crosscap.systems.unison.mapping import MappedNodes
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

    def encode(
        self,
        nodes: NodeEmbeddings,
        graphs: PackedGraphs,
        fusion: PooledGate | ConvolutionConcat | None = None,
        attributes_after: bool = False,
    ) -> Tensor:
        """Pooled features z_o, z_r, z_a of each graph: [B, 3, D]; zeros where a graph has no such node.

        Args:
            fusion: joins the levels of `MappedNodes` here, in variants that do not join them before.
            attributes_after: encode an attribute with its encoded object instead of the object's embedding.
        """
        around = self.encoder.neighbourhood(nodes.objects, nodes.relations, graphs)
        if fusion is not None and isinstance(nodes, MappedNodes):
            z_objects, objects = fusion(nodes.levels, self.encoder, self.pools["objects"], around, graphs)
            own = nodes.levels[0]
        else:
            own = nodes.objects
            objects = self.encoder.objects(self.encoder.itself(own), around)
            z_objects = self.pools["objects"](objects, graphs.object_graph, graphs.count)
        attributes = self.encoder.attributes(objects if attributes_after else own, nodes.attributes, graphs)
        return torch.stack(
            [
                z_objects,
                self.pools["relations"](around.relations, graphs.relation_graph, graphs.count),
                self.pools["attributes"](attributes, graphs.holder_graph, graphs.count),
            ],
            dim=1,
        )

    def logits(self, z: Tensor, sentences: PackedSentences) -> Tensor:
        """Teacher forcing: z [B, 3, D] and packed words -> logits of the words that follow them [P, V]."""
        distinct, which = sentences.words.unique(return_inverse=True)
        logits: Tensor = self.decoder(self.words(distinct), which, self.triplet(z.flatten(1)), sentences)
        return logits

    def negative_log_likelihood(self, z: Tensor, words_BT: Tensor, inputs_BT: Tensor | None = None) -> Tensor:
        """L_XE of one language, summed over all words and end marks (UNISON eq. 10); padding costs nothing.

        Args:
            words_BT: sentences as ids, <bos> first, <eos> last (unless cut), then padding.
            inputs_BT: what the decoder reads in their place (scheduled sampling).
        """
        sentences = pack_sentences(words_BT, PAD, inputs_BT)
        return functional.cross_entropy(self.logits(z, sentences), sentences.following, reduction="sum")

    @torch.no_grad()
    def decode(self, z: Tensor, decoding: Decoding, noise: Tensor | None = None) -> list[list[Hypothesis]]:
        """The best sentences for each row of z [B, 3, D], see `nn.decoding.decode`; <unk> is never written."""
        decoder = self.decoder
        table = decoder.read_words(self.words(torch.arange(decoder.output.out_features, device=z.device)))
        condition = decoder.read_condition(self.triplet(z.flatten(1)))
        constraints = decoding.constraints
        never = replace(constraints, banned=(PAD, BOS, UNK, *constraints.banned))

        def step(last: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
            lstm: State = (state[1], state[2], state[3], state[4])
            logits, after = decoder.step(table[last], state[0], lstm)
            return logits.log_softmax(dim=1), (state[0], *after)

        start = (condition, *decoder.start(len(z), z.device))
        return decode(step, start, replace(decoding, constraints=never), BOS, EOS, noise)

    def sentences(self, z: Tensor, beam: int, max_words: int) -> list[Hypothesis]:
        """The best sentence for each row of z [B, 3, D] by plain beam search."""
        return [found[0] for found in self.decode(z, Decoding(beam, max_words))]
