"""A bilingual word list from parallel text, for languages that have none: IBM model 1, one to one, best both ways.

Each word's most probable translation is taken where the two words choose each other (the intersection of both
directions, as Och and Ney 2003 combine alignments): of a model as plain as this, what one direction alone says is often
a frequent companion of the translation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crosscap.config.alignment import Induction
from crosscap.text.alignment import LexicalModel, Words
from crosscap.text.dictionaries import is_word, part_of
from crosscap.vectors.lexicon import Entry


def induced_pairs(pairs: Sequence[tuple[Words, Words]], settings: Induction) -> list[tuple[str, str]]:
    """Source and target words that translate each other, the most frequent source word first.

    Args:
        pairs: source and target words of each sentence pair; ``settings.pairs`` of them are used, evenly spaced.
    """
    used = _evenly(pairs, settings.pairs)
    forward = LexicalModel.train(used, settings.iterations).best()
    backward = LexicalModel.train([(target, source) for source, target in used], settings.iterations).best()
    # How many sentences hold the word: twice in one sentence is one witness.
    sources = Counter(word for source, _ in used for word in set(source))
    targets = Counter(word for _, target in used for word in set(target))
    found = []
    for source, (target, there) in forward.items():
        back, here = backward[target]
        seen = min(sources[source], targets[target])
        sure = back == source and min(there, here) >= settings.min_probability and seen >= settings.min_count
        if sure and is_word(source) and is_word(target):
            found.append((source, target))
    return sorted(found, key=lambda pair: (-sources[pair[0]], pair))


def induced_lexicon(induced: Sequence[tuple[str, str]], given: Sequence[Entry], test_share: float) -> list[Entry]:
    """Induced pairs to learn from, and those to score by: the test words of a ``given`` list, or a share of their own.

    No word of the given list's test is learned from.
    """
    test = [entry for entry in given if entry.part == "test"]
    if not test:
        return [Entry(source, target, part_of(source, test_share)) for source, target in induced]
    unseen = {entry.source for entry in test}
    return [Entry(source, target, "train") for source, target in induced if source not in unseen] + test


def _evenly(pairs: Sequence[tuple[Words, Words]], most: int) -> list[tuple[Words, Words]]:
    if len(pairs) <= most:
        return list(pairs)
    return [pairs[place * len(pairs) // most] for place in range(most)]
