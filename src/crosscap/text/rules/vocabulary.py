"""Rules on the words of a pair: how many there are, and which."""

from __future__ import annotations

from collections.abc import Collection

from crosscap.text.rules.candidate import Candidate, EachSide, Rule, Sentence, Setting, SideRule


def words(setting: Setting) -> EachSide:
    """Drops pairs with fewer than ``min`` or more than ``max`` words on one of ``sides``; punctuation is no word."""
    parameters = setting.parameters.words
    least, most = parameters.min, parameters.max
    return EachSide(dict.fromkeys(parameters.sides, lambda sentence: least <= len(sentence.words) <= most))


def length_ratio(setting: Setting) -> Rule:
    """Drops pairs of which one side has more than ``max`` times the other's words, or none at all."""
    most = setting.parameters.length_ratio.max

    def keep(pair: Candidate) -> bool:
        source, target = len(pair.source.words), len(pair.target.words)
        return 0 < max(source, target) <= most * min(source, target)

    return keep


def copies(setting: Setting, share: float = 0.7) -> Rule:
    """Drops pairs of which ``share`` of the target's words stand in the source: no translation, but a copy."""

    def keep(pair: Candidate) -> bool:
        target = pair.target.words
        return sum(map(set(pair.source.tokens).__contains__, target)) < share * len(target) or not target

    return keep


def coverage(setting: Setting) -> EachSide:
    """Drops pairs of which less than ``min`` of the words on one of ``sides`` stand in its caption dictionary."""
    least = setting.parameters.coverage.min

    def covered(dictionary: Collection[str]) -> SideRule:
        is_known = frozenset(dictionary).__contains__

        def keep(sentence: Sentence) -> bool:
            found = sentence.words
            return bool(found) and sum(map(is_known, found)) >= least * len(found)

        return keep

    return EachSide({side: covered(setting.dictionaries[side]) for side in setting.parameters.coverage.sides})
