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
    "in between": "between",
    "in the midst of": "in the middle of",
    "in the corner of": "in the corner of",
    "in the foreground of": "in the foreground of",
    "on the back of": "on the back of",
    "on the front of": "on the front of",
    "on the edges of": "at the edge of",
    "on the left side of": "to the left of",
    "on the right side of": "to the right of",
    "on either side of": "on either side of",
    "on both sides of": "on both sides of",
    "on the corner of": "at the corner of",
    "at the corner of": "at the corner of",
    "underneath of": "underneath",
    "off of": "off",
    "away from": "away from",
    "together with": "together with",
    "in addition to": "in addition to",
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
RELATIVE_ADVERBS = word_set("where when why how")
NEGATIONS = word_set("not n't never nor neither")
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMERALS = {str(value): name for value, name in enumerate(_NUMBERS, 2)}

# "is about to hit": they say something of the verb, nothing of the subject.
MODAL_ADJECTIVES = word_set("about able unable likely unlikely due")

# Adjectives that make one predicate with their preposition: a glass full of milk.
ADJECTIVE_PREDICATES = frozenset(
    (
        *("full of", "empty of", "made of", "ready for", "far from", "afraid of", "proud of", "busy with"),
        *("similar to", "equal to", "parallel to", "perpendicular to", "opposite to", "attached to", "adjacent to"),
        *("covered in", "covered with", "covered by", "filled with", "surrounded by", "crowded with", "lined with"),
    )
)
