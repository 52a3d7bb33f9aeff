"""The closed word lists of the scene-graph rules."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(text.split())


# "a/an X of N": X only says how much of N there is. "group" is left out on purpose: a group of people is a group.
SINGULAR_QUANTIFIERS = word_set(
    "lot assortment number couple bunch handful series variety dozen pair array range bit kind type sort ton heap "
    "plethora slew multitude load string form wave mountain majority"
)

# "X of N".
PLURAL_QUANTIFIERS = word_set(
    "lots many several plenty tons dozens loads pairs hundreds thousands millions scores bunches heaps couples kinds "
    "types varieties"
)

# "X of the N", "X of them".
PARTITIVE_QUANTIFIERS = word_set(
    "some all both many most several few half each any none one two three four five six seven eight nine ten number "
    "majority"
)

# Prepositions of several words, as written -> the predicate. The last word governs nothing but introduces the noun.
PHRASAL_PREPOSITIONS = {
    "in front of": "in front of",
    "in the front of": "in front of",
    "at the front of": "in front of",
    "on top of": "on top of",
    "on the top of": "on top of",
    "at the top of": "at the top of",
    "at the bottom of": "at the bottom of",
    "on the bottom of": "on the bottom of",
    "next to": "next to",
    "close to": "close to",
    "adjacent to": "adjacent to",
    "along with": "along with",
    "on the side of": "on the side of",
    "on side of": "on the side of",
    "at the side of": "on the side of",
    "by the side of": "on the side of",
    "on the left of": "to the left of",
    "to the left of": "to the left of",
    "on the right of": "to the right of",
    "to the right of": "to the right of",
    "in the middle of": "in the middle of",
    "in middle of": "in the middle of",
    "in the center of": "in the center of",
    "in the background of": "in the background of",
    "in the back of": "in the back of",
    "at the back of": "at the back of",
    "in back of": "behind",
    "at the edge of": "at the edge of",
    "on the edge of": "on the edge of",
    "at the end of": "at the end of",
    "on the end of": "on the end of",
    "at the foot of": "at the foot of",
    "on the other side of": "on the other side of",
    "out of": "out of",
    "inside of": "inside",
    "outside of": "outside",
    "ahead of": "ahead of",
    "up to": "up to",
    "because of": "because of",
    "instead of": "instead of",
    "by means of": "by means of",
}
PHRASAL_ENDS = frozenset(phrase.rpartition(" ")[2] for phrase in PHRASAL_PREPOSITIONS)
PHRASAL_LENGTHS = sorted({phrase.count(" ") + 1 for phrase in PHRASAL_PREPOSITIONS}, reverse=True)

SINGULAR_PRONOUNS = word_set("he him his she her hers it its himself herself itself")
RELATIVE_PRONOUNS = word_set("who whom whose that which")
