"""Labelled-bracket precision, recall and F1 by EVALB's rules (Sekine & Collins, parameters COLLINS.prm).

Followed: function tags and indices are cut from labels; the root and tags are no brackets; words with the tag of a
punctuation mark or trace are deleted, and brackets that then span nothing; ADVP equals PRT; a bracket matches one of
the same label and span once, so that each of a unary chain counts; sentences whose words differ, or that have none
left, are in no count.

Apart from EVALB: the gold tree's tags say what punctuation is on both sides (EVALB takes each side's own tags and gives
up sentences where they disagree; our parsers predict tags), so its repair of quotes has no use here; the Chinese
treebank's PU is punctuation; other treebanks' names of the root are roots. Crossing brackets, tagging accuracy and the
figures for at most 40 words are not computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import nltk

from crosscap.syntax.constituency.brackets import category

ROOTS = frozenset(("TOP", "ROOT", "S1", "VROOT", ""))
# COLLINS.prm deletes these tags' words from both trees; PU is the Chinese treebank's.
PUNCTUATION = frozenset((",", ":", "``", "''", ".", "-NONE-", "PU"))
# COLLINS.prm, EQ_LABEL.
EQUAL = {"PRT": "ADVP"}

Bracket = tuple[str, int, int]


@dataclass(frozen=True)
class BracketScores:
    """Counts over ``sentences``; ``failed`` ones, without a comparable tree, are in none, as EVALB leaves them out."""

    matched: int
    predicted: int
    gold: int
    exact: int
    sentences: int
    failed: int

    @property
    def precision(self) -> float:
        return self.matched / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.predicted + self.gold
        return 2 * self.matched / total if total else 0.0


def bracket_scores(gold: Iterable[nltk.Tree], predicted: Iterable[nltk.Tree | None]) -> BracketScores:
    """Compare trees of the same sentences, in the same order.

    Raises:
        ValueError: one side has more trees.
    """
    matched = found = wanted = exact = sentences = failed = 0
    for truth, guess in zip(gold, predicted, strict=True):
        truth_words, truth_brackets = brackets(truth)
        guess_words, guess_brackets = brackets(guess, truth) if guess is not None else ((), Counter())
        if not truth_words or guess_words != truth_words:
            failed += 1
            continue
        sentences += 1
        # Brackets are counted with their number: a unary chain NP over NP is two.
        matched += (truth_brackets & guess_brackets).total()
        found += guess_brackets.total()
        wanted += truth_brackets.total()
        exact += truth_brackets == guess_brackets
    return BracketScores(matched, found, wanted, exact, sentences, failed)


def brackets(tree: nltk.Tree, tags_of: nltk.Tree | None = None) -> tuple[tuple[str, ...], Counter[Bracket]]:
    """The words that stay, and the brackets over them: ``(label, first word, word after the last)``.

    Args:
        tree: a tree over tagged words.
        tags_of: the tree whose tags say what punctuation is: gold's for both sides, as a predicted tag may be wrong.
            Where it has another number of words, nothing stays.
    """
    leaves, tags = tree.leaves(), [tag for _, tag in (tags_of or tree).pos()]
    if len(tags) != len(leaves):
        return (), Counter()
    words = tuple(word for word, tag in zip(leaves, tags, strict=True) if tag not in PUNCTUATION)
    position = [0]
    for tag in tags:
        position.append(position[-1] + (tag not in PUNCTUATION))
    found: Counter[Bracket] = Counter()

    def visit(node: nltk.Tree, start: int) -> int:
        if len(node) == 1 and isinstance(node[0], str):
            return start + 1
        end = start
        for child in node:
            end = visit(child, end)
        label = category(node.label())
        if label not in ROOTS and position[end] > position[start]:
            found[EQUAL.get(label, label), position[start], position[end]] += 1
        return end

    visit(tree, 0)
    return words, found
