"""The things of the storybook's world: what exists, what it can look like, what it can do.

Names are English lowercase lemmas, as they stand in every scene graph. A *sense* tells apart what English calls by
one word: a ``bat`` that flies from a ``bat`` that hits, ``glasses`` on a nose from ``glasses`` on a table.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A class of objects.

    Attributes:
        name: English lemma; the detector's class.
        group: person, animal, vehicle, thing, furniture, plant or clothing.
        sense: tells apart kinds of one name; equals ``name`` where the word has one meaning.
        attributes: attribute names it may carry.
    """

    name: str
    group: str
    sense: str
    attributes: tuple[str, ...]


COLORS = ("red", "blue", "green", "yellow", "black", "white", "brown", "orange", "purple", "pink", "gray")
SIZES = ("big", "small")
PATTERNS = ("striped", "spotted", "checked")
PERSON_STATES = ("young", "old")
OBJECT_STATES = ("wooden",)
ATTRIBUTES = COLORS + SIZES + PATTERNS + PERSON_STATES + OBJECT_STATES

FUR = ("black", "white", "brown", "gray")


def _kinds(group: str, names: str, attributes: tuple[str, ...]) -> tuple[Kind, ...]:
    return tuple(Kind(name.split(".")[0], group, name, attributes) for name in names.split())


KINDS = (
    *_kinds("person", "man woman", PERSON_STATES),
    *_kinds("person", "boy girl", ("small",)),
    *_kinds("animal", "dog cat horse cow sheep", (*FUR, "spotted", *SIZES)),
    *_kinds("animal", "elephant", ("gray", "big", "small")),
    *_kinds("animal", "bird duck", ("white", "brown", "yellow", "blue", "small")),
    *_kinds("animal", "bat.animal", ("black", "brown", "small")),
    *_kinds("vehicle", "bicycle motorcycle car boat", COLORS),
    *_kinds("vehicle", "bus", (*COLORS, "big")),
    *_kinds("vehicle", "skateboard surfboard", (*COLORS, "striped")),
    *_kinds("thing", "football basketball", SIZES),
    *_kinds("thing", "guitar", (*COLORS, "wooden")),
    *_kinds("thing", "piano", ("black", "white", "brown", "wooden", "big")),
    *_kinds("thing", "kite", COLORS + PATTERNS),
    *_kinds("thing", "bat.club", ("brown", "black", "wooden")),
    *_kinds("thing", "book", COLORS + SIZES),
    *_kinds("thing", "umbrella", COLORS + PATTERNS),
    *_kinds("thing", "cup glasses.cups", COLORS),
    *_kinds("thing", "cake", ("brown", "white", "pink", *SIZES)),
    *_kinds("thing", "apple", ("red", "green", *SIZES)),
    *_kinds("thing", "lamp", COLORS),
    *_kinds("furniture", "table chair bench", ("brown", "white", "black", "wooden", *SIZES)),
    *_kinds("furniture", "bed sofa", COLORS),
    *_kinds("plant", "tree", ("green", "big", "small")),
    *_kinds("plant", "flower", ("red", "yellow", "white", "pink", "purple")),
    *_kinds("furniture", "house", COLORS + SIZES),
    *_kinds("furniture", "fence", ("white", "brown", "wooden")),
    *_kinds("clothing", "hat shirt jacket dress scarf", COLORS + PATTERNS),
    *_kinds("clothing", "glasses.eyewear", ("black", "red", "blue")),
)
BY_SENSE = {kind.sense: kind for kind in KINDS}
OBJECT_CLASSES = tuple(dict.fromkeys(kind.name for kind in KINDS))


@dataclass(frozen=True)
class Place:
    """Where a scene happens. ``preposition`` is the predicate between an object and the place."""

    name: str
    preposition: str


PLACES = (
    Place("park", "in"),
    Place("beach", "on"),
    Place("street", "on"),
    Place("snow", "in"),
    Place("room", "in"),
    Place("lake", "on"),
    Place("farm", "on"),
    Place("kitchen", "in"),
)
PLACE_NAMES = tuple(place.name for place in PLACES)

# A place is an object of the scene as well: its box is the ground it covers.
DETECTOR_CLASSES = OBJECT_CLASSES + PLACE_NAMES

SPATIAL = ("on", "in", "under", "behind", "next to", "in front of", "near", "above")
ACTIONS = (
    "ride", "wear", "hold", "play", "play with", "read", "chase", "sit on", "stand on", "lie on", "look at",
    "walk", "feed", "kick", "throw", "catch", "push", "eat", "carry", "hug", "fly", "drive", "swim in", "lean against",
)  # fmt: skip
PREDICATES = SPATIAL + ACTIONS
