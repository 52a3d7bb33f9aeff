"""Rules on the words of a pair: how many there are, and which."""

from __future__ import annotations

from crosscap.text.rules.candidate import Candidate, Rule, Setting


def words(setting: Setting) -> Rule:
    """Drops pairs with fewer than ``min`` or more than ``max`` words on one of ``sides``; punctuation is no word."""
    parameters = setting.parameters.words
    sides, least, most = parameters.sides, parameters.min, parameters.max
    return lambda pair: all(least <= len(pair.side(side).words) <= most for side in sides)


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


def coverage(setting: Setting) -> Rule:
    """Drops pairs of which less than ``min`` of the words on one of ``sides`` stand in its caption dictionary."""
    least = setting.parameters.coverage.min
    known = [(side, frozenset(setting.dictionaries[side]).__contains__) for side in setting.parameters.coverage.sides]

    def keep(pair: Candidate) -> bool:
        for side, is_known in known:
            found = pair.side(side).words
            if not found or sum(map(is_known, found)) < least * len(found):
                return False
        return True

    return keep
