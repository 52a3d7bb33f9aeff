"""Trains a `Rescorer` on sentences with graphs that people wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
import torch
from torch.nn.functional import cross_entropy, embedding_bag

from crosscap.graph.rescoring.drafts import Draft, attribute_features, object_features, relation_features
from crosscap.graph.rescoring.labels import gold_of, labels_of, learn_names
from crosscap.graph.rescoring.rescorer import KINDS, Choice, Rescorer
from crosscap.graph.rules.sentence_graph import read_sentence
from crosscap.graph.scene_graph import SceneGraph
from crosscap.syntax.tree import Tree

Example = tuple[list[str], str]  # features of a decision, and what it should be
# A decision or a feature seen less often teaches nothing that holds.
DECISION_COUNT, FEATURE_COUNT = 8, 2
ITERATIONS, PENALTY = 60, 0.5


def train_rescorer(pairs: Iterable[tuple[Tree, SceneGraph]]) -> Rescorer:
    """Learn from sentences and the graphs that people wrote of them."""
    data = [(Draft(*read_sentence(tree, ""), tree), gold_of(graph)) for tree, graph in pairs]
    renamed = learn_names(data)
    examples: dict[str, list[Example]] = {kind: [] for kind in KINDS}
    for draft, gold in data:
        attributes, relations = labels_of(draft, gold, renamed)
        for attribute, label in zip(draft.graph.attributes, attributes, strict=True):
            examples["attribute"].append((attribute_features(draft, attribute), label))
        for relation, label in zip(draft.graph.relations, relations, strict=True):
            examples["relation"].append((relation_features(draft, relation), label))
        used = {row for row, _ in draft.graph.attributes} | {r for s, _, o in draft.graph.relations for r in (s, o)}
        for row, name in enumerate(draft.graph.objects):
            if row not in used:
                there = renamed.get(name, name) in gold.objects
                examples["object"].append((object_features(draft, row), "keep" if there else "drop"))
    return Rescorer(renamed, {kind: train_choice(examples[kind]) for kind in KINDS})


def train_choice(examples: Sequence[Example]) -> Choice:
    """Fit to ``(features, decision)`` by L-BFGS: the same examples give the same weights."""
    common = Counter(label for _, label in examples)
    decisions = ["keep", *sorted(name for name, n in common.items() if n >= DECISION_COUNT and name != "keep")]
    counted = Counter(name for features, _ in examples for name in features)
    features = sorted(name for name, count in counted.items() if count >= FEATURE_COUNT)
    place, column = {name: row for row, name in enumerate(features)}, {d: at for at, d in enumerate(decisions)}
    kept = [([place[f] for f in names if f in place], column[label]) for names, label in examples if label in column]
    if not kept:
        return Choice([], ["keep"], np.zeros((0, 1), dtype=np.float32))
    rows = torch.tensor([row for found, _ in kept for row in found])
    starts = torch.tensor([0, *accumulate(len(found) for found, _ in kept[:-1])])
    target = torch.tensor([label for _, label in kept])
    weights = torch.zeros(len(features), len(decisions), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        scores = embedding_bag(rows, weights, starts, mode="sum")
        value = cross_entropy(scores, target, reduction="sum") + PENALTY * weights.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    return Choice(features, decisions, weights.detach().numpy().astype(np.float32))
