"""The learned correction, on a corpus whose annotators write joined names and "have"."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from safetensors.numpy import load_file, save_file

from crosscap.errors import InputError
from crosscap.graph.pair_graphs import pair_graphs
from crosscap.graph.rescoring.rescorer import KINDS, Choice, Rescorer
from crosscap.graph.rescoring.training import train_rescorer
from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import SceneGraph
from crosscap.syntax.tree import Tree
from tests.graph.rules.test_any_tree import trees
from tests.graph.rules.trees import tree_of

PARTS, OWNERS = ("leg", "tail", "ear", "head"), ("man", "dog", "horse", "cat")
KINDS_OF_BALL, HOLDERS = ("tennis", "soccer", "rubber"), ("man", "boy", "girl", "woman", "child", "player")


def part_of(part: str, owner: str) -> Tree:
    return tree_of(f"the:DET>2:det {part}:NOUN>0:root of:ADP>5:case the:DET>5:det {owner}:NOUN>2:nmod")


def holding(holder: str, kind: str) -> Tree:
    return tree_of(
        f"{holder}:NOUN>0:root holding/hold:VERB!VBG>1:acl a:DET>6:det red:ADJ>6:amod {kind}:NOUN>6:compound "
        "ball:NOUN>2:obj"
    )


def corpus() -> list[tuple[Tree, SceneGraph]]:
    pairs = [(part_of(p, o), SceneGraph("", (o, p), (), ((0, "have", 1),))) for p in PARTS for o in OWNERS]
    pairs += [
        (holding(h, k), SceneGraph("", (h, f"{k} ball"), ((1, "red"),), ((0, "hold", 1),)))
        for h in HOLDERS
        for k in KINDS_OF_BALL
    ]
    return pairs


@pytest.fixture(scope="module")
def rescorer() -> Rescorer:
    return train_rescorer(corpus())


def test_it_writes_as_the_annotators_do(rescorer: Rescorer) -> None:
    assert rescorer.sentence_graph(part_of("ear", "lion"), "x").tuples() == {
        ("ear",),
        ("lion",),
        ("lion", "have", "ear"),
    }
    graph = rescorer.sentence_graph(holding("lady", "tennis"), "x")
    assert graph.tuples() == {("lady",), ("tennis ball",), ("tennis ball", "red"), ("lady", "hold", "tennis ball")}


def test_what_the_annotators_keep_is_kept(rescorer: Rescorer) -> None:
    tree = tree_of("a:DET>2:det dog:NOUN>3:nsubj chases/chase:VERB!VBZ>0:root a:DET>5:det cat:NOUN>3:obj")
    assert rescorer.sentence_graph(tree, "x") == sentence_graph(tree, "x")


def test_learning_twice_gives_the_same_bytes_and_a_saved_one_says_the_same(rescorer: Rescorer, tmp_path: Path) -> None:
    rescorer.save(tmp_path / "one")
    train_rescorer(corpus()).save(tmp_path / "two")
    for name in ("rescorer.json", "weights.safetensors"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    loaded = Rescorer.load(tmp_path / "one")
    for tree, _ in corpus():
        assert loaded.sentence_graph(tree, "x") == rescorer.sentence_graph(tree, "x")


def test_weights_of_another_shape_and_a_missing_folder_are_refused(rescorer: Rescorer, tmp_path: Path) -> None:
    rescorer.save(tmp_path / "one")
    weights = load_file(tmp_path / "one/weights.safetensors")
    weights["object"] = np.zeros((3, 5), dtype=np.float32)
    save_file(weights, tmp_path / "one/weights.safetensors")
    with pytest.raises(InputError, match=r"weights 'object' of shape \(3, 5\)"):
        Rescorer.load(tmp_path / "one")
    with pytest.raises(InputError, match="no rescorer"):
        Rescorer.load(tmp_path / "two")


def test_a_fact_is_dropped_only_when_it_is_likely_wrong() -> None:
    """Three to one against it is not enough, ten to one is."""
    doubtful, wrong = (
        Choice(["bias"], ["keep", "drop"], np.array([[0.0, np.log(odds)]], dtype=np.float32)) for odds in (2.9, 10)
    )
    assert (doubtful(["bias", "unknown"]), wrong(["bias"])) == ("keep", "drop")


def test_pairs_are_read_by_what_is_given(rescorer: Rescorer) -> None:
    tree = part_of("ear", "dog")._replace(id="pair-1/0")
    (raw, union), *rest = pair_graphs([tree], "x", rescorer.sentence_graph)
    assert not rest and raw == union and ("dog", "have", "ear") in raw.tuples()


DECISIONS = {
    "attribute": ("keep", "drop", "join", "have", "swap", "as:big"),
    "relation": ("keep", "drop", "last", "as:on", "turn", "turn:have", "merge", "merge is", "merge is of"),
    "object": ("keep", "drop"),
}


class Dice(Choice):
    """Decides by chance."""

    def __init__(self, kind: str, random: np.random.Generator) -> None:
        super().__init__([], DECISIONS[kind], np.zeros((0, 1), dtype=np.float32))
        self.random = random

    def __call__(self, features: Iterable[str]) -> str:
        return str(self.random.choice(self.decisions))


@given(trees(10), some.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_any_decisions_on_any_tree_give_a_valid_graph(tree: Tree, seed: int) -> None:
    random = np.random.default_rng(seed)
    rescorer = Rescorer({"man": "person"}, {kind: Dice(kind, random) for kind in KINDS})
    graph = rescorer.sentence_graph(tree, "x")  # SceneGraph checks itself
    assert all(subject != other for subject, _, other in graph.relations)
