"""β_C: how far two constituency trees agree, most of all near the root (Wu et al., CROSS2STRA, ACL 2023, section 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import nltk

from crosscap.syntax.constituency.bracket_scores import ROOTS
from crosscap.syntax.constituency.brackets import category

Path = tuple[str, ...]
# The Chinese treebank's clauses by the names of the Penn treebank; its other phrases that English has are named alike.
CHINESE_TO_PENN = {"IP": "S", "CP": "SBAR"}


def tree_coincidence(first: nltk.Tree, second: nltk.Tree, equal: Mapping[str, str] | None = None) -> float:
    """β_C = Σ over matched phrases of 1 / depth, divided by |phrases of either|, in [0, 1]; symmetric.

    Equal trees reach less than 1 as soon as they have a phrase below the first: so the paper's formula has it. The
    paper leaves open what a match is between languages. Ours: the same labels from the root down to the phrase,
    whatever the order of sisters, each phrase matched once. Two trees without phrases: 1.

    Args:
        first: a tree over tagged words.
        second: another, of any language.
        equal: labels and what they count as on both sides, such as `CHINESE_TO_PENN`.
    """
    mine, theirs = phrase_paths(first, equal or {}), phrase_paths(second, equal or {})
    union = (mine | theirs).total()
    if not union:
        return 1.0
    return sum(number / len(path) for path, number in sorted((mine & theirs).items())) / union


def phrase_paths(tree: nltk.Tree, equal: Mapping[str, str]) -> Counter[Path]:
    """For each phrase the labels from the topmost one, of depth 1, down to its own; roots and tags are no phrases."""
    found: Counter[Path] = Counter()

    def visit(node: nltk.Tree, above: Path) -> None:
        if not any(isinstance(child, nltk.Tree) for child in node):
            return
        label = category(node.label())
        path = above if label in ROOTS else (*above, equal.get(label, label))
        if label not in ROOTS:
            found[path] += 1
        for child in node:
            visit(child, path)

    visit(tree, ())
    return found
