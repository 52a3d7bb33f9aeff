"""UNISON's equations written down plainly: one graph at a time, one node at a time, no batch and no padding.

Only the weights are the model's own; every step from names to z_o, z_r, z_a and L_KL is done again here.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from crosscap.graph.scene_graph import SceneGraph
from crosscap.systems.unison.model import Unison
from crosscap.text.vocabulary import BOS
from crosscap.vectors.lookup import AlignedVectors


def random_graphs(names: Sequence[str], count: int, seed: int) -> list[SceneGraph]:
    """Graphs of 0 to 5 objects with and without relations and attributes, a name and a pair of nodes more than once."""
    draw = random.Random(seed)
    graphs = []
    for number in range(count):
        objects = tuple(draw.choice(names) for _ in range(draw.randint(0, 5)))
        places = range(len(objects))
        attributes = [(draw.choice(places), draw.choice(names)) for _ in range(draw.randint(0, 3) if objects else 0)]
        relations = [
            (*draw.sample(places, 2), draw.choice(names)) for _ in range(draw.randint(0, 5) if len(objects) > 1 else 0)
        ]
        triplets = tuple((s, name, o) for s, o, name in relations)
        graphs.append(SceneGraph(str(number), objects, tuple(sorted(set(attributes))), tuple(dict.fromkeys(triplets))))
    return graphs


def linear(layer: nn.Linear, x: Tensor) -> Tensor:
    return layer.weight @ x + layer.bias


def fully_connected(layer: nn.Sequential, x: Tensor) -> Tensor:
    return linear(layer[0], x).clamp(min=0)


def part(layer: nn.Sequential, place: int, size: int, x: Tensor) -> Tensor:
    """One of several fully connected layers that the model keeps in one matrix."""
    rows = slice(place * size, (place + 1) * size)
    return (layer[0].weight[rows] @ x + layer[0].bias[rows]).clamp(min=0)


def mlp(layers: nn.Sequential, x: Tensor, sizes: Sequence[int]) -> Tensor:
    """Linear layers with these sizes of output, ReLU between them and none after, whatever else ``layers`` holds."""
    found = [layer for layer in layers if isinstance(layer, nn.Linear)]
    assert [layer.out_features for layer in found] == list(sizes)
    for layer in found[:-1]:
        x = linear(layer, x).clamp(min=0)
    return linear(found[-1], x)


def softmax(scores: Sequence[float]) -> list[float]:
    exponents = [math.exp(score) for score in scores]
    return [exponent / sum(exponents) for exponent in exponents]


def attention(pool: nn.Module, nodes: Sequence[Tensor], size: int) -> Tensor:
    """The weighted sum of ``nodes``, zeros when there is none."""
    if not nodes:
        return torch.zeros(size)
    weights = softmax([mlp(pool.score, node, (64, 1)).item() for node in nodes])
    return sum(weight * node for weight, node in zip(weights, nodes, strict=True))


class Reference:
    """The features of single graphs by the model's weights."""

    def __init__(self, model: Unison, vectors: AlignedVectors) -> None:
        self.model, self.vectors = model, vectors
        self.size, self.readings = model.config.size, model.config.mapping
        self.scale = math.sqrt(vectors.size)
        self.gate_sizes = (round(0.512 * self.size), 64, 3)  # 512, 64 and 3 at the paper's 1,000

    def source_vector(self, name: str) -> Tensor:
        return self.scale * self.vectors.source_vector(name)

    def retrieved(self, name: str) -> Tensor:
        """f_Word of eq. 4: the vector of the target word with the largest cosine."""
        vector = self.vectors.source_vector(name)
        if not vector.any():
            return torch.zeros_like(vector)
        similarities = [(vector @ row / (vector.norm() * row.norm())).item() for row in self.vectors.target]
        return self.scale * self.vectors.target[similarities.index(max(similarities))]

    def z_source(self, graph: SceneGraph) -> Tensor:
        def embed(name: str) -> Tensor:
            return linear(self.model.source_map, self.source_vector(name))

        own = [embed(name) for name in graph.objects]
        return self.encode(self.model.source, graph, own, [own], embed, False)

    def z_target(self, graph: SceneGraph) -> Tensor:
        mapping, variant = self.model.mapping, self.model.config.variant
        if variant in ("gen", "gm_base"):
            own = [self.symbol(name) for name in graph.objects]
            return self.encode(self.model.target, graph, own, [own], self.symbol, False)
        sub = variant != "gm_word"
        word = [linear(mapping.word_map, self.retrieved(name)) for name in graph.objects]
        levels = [word]
        if sub:
            levels.append(self.sub_graph(graph))
        if variant in ("hgm", "hgm_base"):
            levels.append(self.full_graph(graph))

        def embed(name: str) -> Tensor:
            if sub and self.readings.names == "learned":
                return self.sub_map(linear(mapping.word_map, self.source_vector(name)))
            return linear(mapping.word_map, self.retrieved(name))

        after = sub and self.readings.attribute_owner == "after"
        if (variant == "hgm" and self.readings.gate == "pooled") or (
            variant in ("gm_word_sub", "hgm_base") and self.readings.concat == "convolution"
        ):
            return self.encode(self.model.target, graph, levels[1], levels, embed, after)
        own = [self.joined([level[i] for level in levels]) for i in range(len(graph.objects))]
        return self.encode(self.model.target, graph, own, [own], embed, after)

    def symbol(self, name: str) -> Tensor:
        """A learned embedding: of the name, or the mean over the words of its translation."""
        mapping = self.model.mapping
        tokens = [name]
        if self.model.config.variant == "gm_base":
            of = self.model.config.node_translations
            tokens = list(of[name]) if name in of else [t for word in name.split() for t in of.get(word, ("<unk>",))]
        learned = list(self.model.config.node_tokens)
        rows = [learned.index(token) + 2 if token in learned else 1 for token in tokens]
        return (sum(mapping.embedding.weight[row] for row in rows) / len(rows)).clamp(min=0)

    def joined(self, levels: list[Tensor]) -> Tensor:
        """Eq. 5, or a linear map of the concatenation."""
        fusion = self.model.mapping.fusion
        if self.model.config.variant == "gm_word":
            return levels[0]
        if self.model.config.variant == "hgm":
            weights = softmax(mlp(fusion.gate.score, levels[0], self.gate_sizes).tolist())  # eq. 6
            return sum(weight * level for weight, level in zip(weights, levels, strict=True))
        return linear(fusion.join, torch.cat(levels))

    def sub_map(self, x: Tensor) -> Tensor:
        layer = self.model.mapping.sub.map
        return fully_connected(layer, x) if self.readings.sub_graph_activation else linear(layer, x)

    def sub_graph(self, graph: SceneGraph) -> list[Tensor]:
        sub, found = self.model.mapping.sub, []
        e = [self.source_vector(name) for name in graph.objects]
        for i in range(len(e)):
            terms = [fully_connected(sub.itself, e[i])] if self.readings.sub_graph_self else []
            for s, _, o in graph.relations:
                pair = torch.cat([e[s], e[o]])
                if s == i:
                    terms.append(part(sub.pairs, 0, self.size, pair))
                if o == i:
                    terms.append(part(sub.pairs, 1, self.size, pair))
            found.append(self.sub_map(sum(terms) / len(terms) if terms else torch.zeros(self.size)))
        return found

    def full_graph(self, graph: SceneGraph) -> list[Tensor]:
        mapping = self.model.mapping
        e = [self.source_vector(name) for name in graph.objects]
        layer = mapping.word_map if self.readings.full_graph_map == "shared" else mapping.full.map
        return [linear(layer, attention(mapping.full.pool, e, self.vectors.size))] * len(e)

    def encode(self, side, graph, objects, levels, embed, after) -> Tensor:
        """Eqs. 7 and 8: triplets of ``objects``, own terms of each of ``levels``."""
        conv, pools, size = side.encoder, side.pools, self.size
        triplets = [torch.cat([objects[s], embed(name), objects[o]]) for s, name, o in graph.relations]

        def convolved(i: int, own: Tensor) -> Tensor:
            total, terms = own, 1
            for (s, _, o), triplet in zip(graph.relations, triplets, strict=True):
                if s == i:
                    total, terms = total + part(conv.triplets, 0, size, triplet), terms + 1
                if o == i:
                    total, terms = total + part(conv.triplets, 1, size, triplet), terms + 1
            return total / terms

        places = range(len(objects))
        if len(levels) == 1:
            encoded = [convolved(i, fully_connected(conv.itself, levels[0][i])) for i in places]
            z_o = attention(pools["objects"], encoded, size)
        elif self.model.config.variant == "hgm":
            fusion = self.model.mapping.fusion_in_encoder
            z = []
            for pool, level in zip([pools["objects"], *fusion.pools], levels, strict=True):
                encoded = [convolved(i, fully_connected(conv.itself, level[i])) for i in places]
                z.append(attention(pool, encoded, size))
            weights = softmax(mlp(fusion.gate.score, z[0], self.gate_sizes).tolist())
            z_o = sum(weight * vector for weight, vector in zip(weights, z, strict=True))
        else:
            join = self.model.mapping.fusion_in_encoder.join
            encoded = []
            for i in places:
                terms = [fully_connected(conv.itself, level[i]) for level in levels[:2]]
                terms += [level[i] for level in levels[2:]]  # the whole graph's vector goes in as it is
                encoded.append(convolved(i, linear(join, torch.cat(terms))))
            z_o = attention(pools["objects"], encoded, size)
        relations = [part(conv.triplets, 2, size, triplet) for triplet in triplets]
        attributes = []
        for i in places:
            owner = encoded[i] if after else levels[0][i]
            names = [name for holder, name in graph.attributes if holder == i]
            if names:
                own = [fully_connected(conv.attribute, torch.cat([owner, embed(name)])) for name in names]
                attributes.append(sum(own) / len(own))
        z_r, z_a = attention(pools["relations"], relations, size), attention(pools["attributes"], attributes, size)
        return torch.stack([z_o, z_r, z_a])

    def kl(self, z_source: Tensor, z_target: Tensor) -> list[list[float]]:
        """KL(p^x || p^y) of eq. 11 for each pair and each of the three types."""
        rows = []
        for one, other in zip(z_source, z_target, strict=True):
            row = []
            for kind in range(3):
                p = softmax(linear(self.model.heads[kind], one[kind]).tolist())
                q = softmax(linear(self.model.target_heads[kind], other[kind]).tolist())
                row.append(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
            rows.append(row)
        return rows

    def negative_log_likelihood(self, side: nn.Module, z: Tensor, words: Sequence[int]) -> float:
        """Eqs. 8 to 10 of one sentence, learned input words; the gates stand as candidate, input, forget, output."""
        decoder, size = side.decoder, self.size
        triplet = linear(side.triplet[0], torch.cat([z[0], z[1], z[2]])).clamp(min=0)
        h1 = c1 = h2 = c2 = torch.zeros(size)
        total = 0.0
        for word, following in itertools.pairwise(words):
            read = side.words.begin if word == BOS else side.words.learned.weight[word]
            h1, c1 = cell(linear(decoder.from_word, read) + decoder.words.weight @ h1, c1)
            condition = linear(decoder.from_condition, triplet)
            h2, c2 = cell(condition + decoder.from_words.weight @ h1 + decoder.sentence.weight @ h2, c2)
            total -= math.log(softmax(linear(decoder.output, h2).tolist())[following])
        return total


def cell(gates: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
    """An LSTM's hidden state and cell (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000)."""
    candidate, enter, keep, show = gates.chunk(4)
    state = torch.sigmoid(keep) * state + torch.sigmoid(enter) * torch.tanh(candidate)
    return torch.sigmoid(show) * torch.tanh(state), state
