"""EVALB's scores of a parser on a treebank, and apart for sentences with words that it did not learn from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple
from pathlib import Path

import nltk
import numpy as np

from crosscap.io.artifacts import read_json
from crosscap.syntax.constituency.bracket_scores import BracketScores, bracket_scores
from crosscap.syntax.constituency.brackets import unescape
from crosscap.syntax.constituency.model_folder import gold_trees
from crosscap.syntax.constituency.parser import DESCRIPTION, ConstituencyParser, load_constituency_parser

Scores = dict[str, float | int | None]
Sentences = list[tuple[int, int, int, int, int]]
"""Of each sentence the brackets that match, are predicted, are gold; 1 if all do; 1 if it counts at all."""


def evaluate_parser(directory: Path, treebanks: Path, language: str) -> tuple[Scores, dict[str, Sentences]]:
    """Scores times 100 of a model folder on ``L_constituency_dev.txt``, None where there are no trees; see `scores_of`.

    What a model was trained on is known of ours only: of a released one the scores apart are None.
    """
    dev = treebanks / f"{language}_constituency_dev.txt"
    trees = gold_trees(dev) if dev.is_file() else []
    if not trees:
        return scores_of(None, [], None)
    known = None
    if read_json(directory / DESCRIPTION).get("pretrained") is None:
        known = vocabulary(gold_trees(treebanks / f"{language}_constituency_train.txt"))
    return scores_of(load_constituency_parser(directory), trees, known)


def scores_of(
    parser: ConstituencyParser | None, trees: Sequence[nltk.Tree], known: Collection[str] | None
) -> tuple[Scores, dict[str, Sentences]]:
    """Scores times 100 of ``parser`` on gold ``trees``, and of F1, all and apart, the counts that it is made of.

    A sentence is out of vocabulary when a word of it, in lower case, is not in ``known``; its whole tree counts there.
    """
    words = [[unescape(word) for word in tree.leaves()] for tree in trees]
    predicted = list(parser.parse(words)) if parser is not None else []
    sides: dict[bool, list[int]] = {True: [], False: []}
    for row, tree in enumerate(trees):
        if known is not None:
            sides[all(word.lower() in known for word in tree.leaves())].append(row)

    single = [bracket_scores([tree], [guess]) for tree, guess in zip(trees, predicted, strict=True)]
    groups = {"F1": range(len(trees)), "F1_in_vocabulary": sides[True], "F1_out_of_vocabulary": sides[False]}
    sentences = {name: [single[row] for row in rows] for name, rows in groups.items()}
    whole, *apart = map(_sum, sentences.values())
    scores: Scores = {name: _times_100(part.f1, part) for name, part in zip(groups, (whole, *apart), strict=True)}
    return {
        **scores,
        "precision": _times_100(whole.precision, whole),
        "recall": _times_100(whole.recall, whole),
        "exact": _times_100(whole.exact / max(1, whole.sentences), whole),
        "sentences": whole.sentences,
        "sentences_out_of_vocabulary": len(sides[False]) if known is not None and trees else None,
        "failed": whole.failed,
    }, {name: [(each.matched, each.predicted, each.gold, each.exact, each.sentences) for each in part]
        for name, part in sentences.items()}  # fmt: skip


def vocabulary(trees: Sequence[nltk.Tree]) -> set[str]:
    """All words of ``trees`` in lower case."""
    return {word.lower() for tree in trees for word in tree.leaves()}


def _sum(parts: Sequence[BracketScores]) -> BracketScores:
    return BracketScores(*np.sum([(0,) * 6, *map(astuple, parts)], 0).tolist())


def _times_100(value: float, scores: BracketScores) -> float | None:
    """None where there is nothing to score: a parser of which every sentence failed scores 0."""
    return round(100 * value, 4) if scores.sentences or scores.failed else None
