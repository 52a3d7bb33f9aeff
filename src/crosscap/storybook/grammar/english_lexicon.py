"""English words: forms of nouns and verbs, synonyms, prepositions."""

from __future__ import annotations

from dataclasses import dataclass

from crosscap.storybook.inventory import COLORS, KINDS, OBJECT_STATES, PATTERNS, PERSON_STATES, PLACE_NAMES, SIZES


@dataclass(frozen=True)
class Verb:
    lemma: str
    third: str
    present_participle: str
    past_participle: str


def _verbs(*rows: str) -> dict[str, Verb]:
    return {verb.lemma: verb for verb in (Verb(*row.split()) for row in rows)}


VERBS = _verbs(
    "ride rides riding ridden", "wear wears wearing worn", "hold holds holding held", "play plays playing played",
    "read reads reading read", "chase chases chasing chased", "sit sits sitting sat", "stand stands standing stood",
    "lie lies lying lain", "look looks looking looked", "walk walks walking walked", "feed feeds feeding fed",
    "kick kicks kicking kicked", "throw throws throwing thrown", "catch catches catching caught",
    "push pushes pushing pushed", "eat eats eating eaten", "carry carries carrying carried",
    "hug hugs hugging hugged", "fly flies flying flown", "drive drives driving driven",
    "swim swims swimming swum", "lean leans leaning leaned", "embrace embraces embracing embraced",
)  # fmt: skip

# Predicates whose object can become the subject of a passive.
PASSIVE = frozenset({"ride", "hold", "chase", "feed", "kick", "throw", "catch", "push", "eat", "carry", "hug", "read",
                     "fly", "drive", "walk"})  # fmt: skip

# Several spellings of one meaning, the inventory's own name first and most often.
NOUNS: dict[str, tuple[str, ...]] = {
    **{kind.sense: (kind.name,) for kind in KINDS},
    **{name: (name,) for name in PLACE_NAMES},
    "bicycle": ("bicycle", "bike"),
    "motorcycle": ("motorcycle", "motorbike"),
    "sofa": ("sofa", "couch"),
    "woman": ("woman", "lady"),
    "man": ("man", "guy"),
    "boy": ("boy", "kid"),
}
PREDICATES: dict[str, tuple[str, ...]] = {
    "next to": ("next to", "beside"),
    "near": ("near", "close to"),
    "hug": ("hug", "embrace"),
}
# How often a synonym is preferred to the inventory's name: seldom, graphs of texts and images share a vocabulary.
SYNONYM_SHARE = 0.12

PLURALS = {"man": "men", "woman": "women", "lady": "ladies", "sheep": "sheep", "glasses": "glasses", "bus": "buses",
           "bench": "benches", "dress": "dresses", "scarf": "scarves", "beach": "beaches"}  # fmt: skip
# Always plural: they take no "a".
PLURAL_ONLY = frozenset({"glasses"})
# Places that are told without a choice of article.
DEFINITE_PLACES = frozenset({"snow", "beach", "lake"})
# Things whose name is a game's as well: "playing football".
GAMES = frozenset({"football", "basketball"})
NUMERALS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}

# Order of adjectives before a noun.
ADJECTIVES = SIZES + PERSON_STATES + PATTERNS + COLORS + OBJECT_STATES
COMPOUND_PREPOSITIONS = {"next to": ("RB", "IN"), "close to": ("RB", "IN"), "in front of": ("IN", "NN", "IN")}
SPATIAL_ONLY = frozenset({"on", "in", "under", "behind", "next to", "beside", "in front of", "near", "close to",
                          "above", "at", "with"})  # fmt: skip


def plural(noun: str) -> str:
    return PLURALS.get(noun, noun + "s")


def article(next_word: str) -> str:
    """``a`` or ``an`` before ``next_word``."""
    return "an" if next_word[0] in "aeio" or next_word.startswith("umb") else "a"
