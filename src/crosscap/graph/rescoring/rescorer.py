"""A learned correction of the rules' graphs: logistic regressions over the decisions of `drafts`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from crosscap.errors import InputError
from crosscap.graph.rescoring.drafts import (
    Draft,
    attribute_features,
    changed,
    object_features,
    relation_features,
)
from crosscap.graph.rules.sentence_graph import read_sentence
from crosscap.graph.scene_graph import SceneGraph
from crosscap.io.artifacts import atomic_directory, read_json, write_json
from crosscap.syntax.tree import Tree

KINDS = ("attribute", "relation", "object")
# A fact is dropped when it is this likely to be wrong: F1 gains from every fact likelier right than half of F1.
DROP_ABOVE = 0.75


class Choice:
    """One logistic regression: binary features by name, decisions by name."""

    def __init__(self, features: Sequence[str], decisions: Sequence[str], weights: NDArray[np.float32]) -> None:
        self.features = {name: row for row, name in enumerate(features)}
        self.decisions, self.weights = list(decisions), weights

    def __call__(self, features: Iterable[str]) -> str:
        rows = [self.features[name] for name in features if name in self.features]
        scores = self.weights[rows].sum(axis=0)
        if "drop" in self.decisions:
            place = self.decisions.index("drop")
            chances = np.exp(scores - scores.max())
            scores[place] = np.inf if chances[place] > DROP_ABOVE * chances.sum() else -np.inf
        return self.decisions[int(scores.argmax())]


class Rescorer:
    """Reads sentences by the rules and corrects what it read.

    Args:
        renamed: objects that are named otherwise.
        choices: the regressions by kind.
    """

    def __init__(self, renamed: dict[str, str], choices: dict[str, Choice]) -> None:
        self.renamed, self.choices = renamed, choices

    def sentence_graph(self, tree: Tree, id: str) -> SceneGraph:
        """As `crosscap.graph.rules.sentence_graph.sentence_graph`, corrected."""
        draft = Draft(*read_sentence(tree, id), tree)
        attribute, relation, thing = (self.choices[kind] for kind in KINDS)
        return changed(
            draft,
            self.renamed,
            [attribute(attribute_features(draft, item)) for item in draft.graph.attributes],
            [relation(relation_features(draft, item)) for item in draft.graph.relations],
            lambda row: thing(object_features(draft, row)),
        )

    def save(self, directory: str | Path) -> None:
        with atomic_directory(directory) as folder:
            save_file({kind: choice.weights for kind, choice in self.choices.items()}, folder / "weights.safetensors")
            names = {
                kind: {"features": list(choice.features), "decisions": choice.decisions}
                for kind, choice in self.choices.items()
            }
            write_json(folder / "rescorer.json", {"renamed": self.renamed, "choices": names})

    @classmethod
    def load(cls, directory: str | Path) -> Rescorer:
        """
        Raises:
            InputError: no rescorer there, or weights that do not fit its names.
        """
        if not Path(directory, "rescorer.json").is_file():
            raise InputError(directory, "no rescorer", "a folder with rescorer.json and weights.safetensors")
        names = read_json(Path(directory, "rescorer.json"))
        weights = load_file(Path(directory, "weights.safetensors"))
        choices = {}
        for kind in KINDS:
            part = names["choices"][kind]
            expected = (len(part["features"]), len(part["decisions"]))
            if weights[kind].shape != expected:
                found = f"weights {kind!r} of shape {weights[kind].shape}"
                raise InputError(Path(directory, "weights.safetensors"), found, str(expected), "Train it again.")
            choices[kind] = Choice(part["features"], part["decisions"], weights[kind])
        return cls(names["renamed"], choices)
