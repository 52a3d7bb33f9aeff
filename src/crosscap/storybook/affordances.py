"""Who can do what with what, and where: the constraints on every action of the storybook."""

from __future__ import annotations

from dataclasses import dataclass

ADULTS = ("man", "woman")
CHILDREN = ("boy", "girl")
PEOPLE = ADULTS + CHILDREN
PETS = ("dog", "cat")
GRAZERS = ("horse", "cow", "sheep")
BALLS = ("football", "basketball")

INDOORS = ("room", "kitchen")
OUTDOORS = ("park", "beach", "street", "snow", "farm")
GROUND = OUTDOORS + INDOORS


@dataclass(frozen=True)
class Affordance:
    """One way in which a predicate is done.

    Attributes:
        predicate: name from `inventory.PREDICATES`.
        subjects, objects: senses that may stand on either side.
        places: where it happens.
        arrangement: key of `arrangements.ARRANGEMENTS`, the geometry of it.
    """

    predicate: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    places: tuple[str, ...]
    arrangement: str


AFFORDANCES = (
    Affordance("ride", PEOPLE, ("bicycle",), ("park", "beach", "street", "farm"), "mount"),
    Affordance("ride", ADULTS, ("motorcycle",), ("street", "farm", "snow", "park"), "mount"),
    Affordance("ride", PEOPLE, ("horse",), ("park", "beach", "farm", "snow"), "mount"),
    Affordance("ride", PEOPLE, ("elephant",), ("park", "farm", "street"), "mount"),
    Affordance("ride", PEOPLE, ("skateboard",), ("park", "street"), "balance"),
    Affordance("ride", PEOPLE, ("surfboard",), ("lake",), "balance"),
    Affordance("ride", PEOPLE, ("boat",), ("lake",), "aboard"),
    Affordance("ride", PEOPLE, ("bus",), ("street",), "aboard"),
    Affordance("drive", ADULTS, ("car",), ("street", "farm", "snow", "beach"), "aboard"),
    Affordance("drive", ADULTS, ("boat",), ("lake",), "aboard"),
    Affordance("in", PETS, ("boat",), ("lake",), "aboard"),
    Affordance("hold", PEOPLE, ("umbrella",), OUTDOORS, "shelter"),
    Affordance("hold", PEOPLE, ("book", "flower", "apple", "cup", "glasses.cups", "cake"), GROUND, "hold"),
    Affordance("hold", PEOPLE, ("bat.club",), OUTDOORS, "hold"),
    Affordance("hold", PEOPLE, BALLS, OUTDOORS, "hold"),
    Affordance("hold", PEOPLE, ("kite",), OUTDOORS, "hold"),
    Affordance("play", PEOPLE, ("guitar",), GROUND, "strum"),
    Affordance("play", PEOPLE, ("piano",), ("room",), "reach"),
    Affordance("play", PEOPLE, ("football",), OUTDOORS, "dribble"),
    Affordance("play", PEOPLE, ("basketball",), ("park", "street", "beach"), "bounce"),
    Affordance("play with", CHILDREN, ("kite",), OUTDOORS, "string"),
    Affordance("play with", PETS, BALLS, GROUND, "paw"),
    Affordance("play with", PEOPLE, ("dog", "cat"), GROUND, "face"),
    Affordance("fly", PEOPLE, ("kite",), OUTDOORS, "fly"),
    Affordance("read", PEOPLE, ("book",), GROUND, "read"),
    Affordance("chase", ("dog",), ("cat", "duck", "sheep"), OUTDOORS, "chase"),
    Affordance("chase", CHILDREN, ("dog", "duck", "sheep", "football"), OUTDOORS, "chase"),
    Affordance("chase", PETS, BALLS, OUTDOORS, "chase"),
    Affordance("sit on", PEOPLE, ("bench",), ("park", "street", "snow"), "sit"),
    Affordance("sit on", PEOPLE, ("chair",), ("beach", "farm", *INDOORS), "sit"),
    Affordance("sit on", PEOPLE + PETS, ("sofa", "bed"), ("room",), "sit"),
    Affordance("sit on", PETS, ("bench",), ("park", "street"), "sit"),
    Affordance("sit on", PETS, ("chair",), INDOORS, "sit"),
    Affordance("stand on", (*PETS, "bird"), ("bench",), ("park", "street"), "atop"),
    Affordance("stand on", ("bird",), ("fence",), ("farm", "snow", "park"), "atop"),
    Affordance("stand on", CHILDREN, ("bench",), ("park",), "atop"),
    Affordance("stand on", CHILDREN, ("chair",), ("kitchen", "room"), "atop"),
    Affordance("stand on", PETS, ("table",), INDOORS, "atop"),
    Affordance("lie on", PEOPLE + PETS, ("bed", "sofa"), ("room",), "lie"),
    Affordance("lie on", PEOPLE + PETS, ("bench",), ("park",), "lie"),
    Affordance("look at", PEOPLE, ("bird", "duck", "dog", "cat", "flower", "house", *GRAZERS), OUTDOORS, "look"),
    Affordance("look at", PEOPLE, ("cat", "cake", "lamp"), INDOORS, "look"),
    Affordance("walk", PEOPLE, ("dog",), OUTDOORS, "leash"),
    Affordance("feed", PEOPLE, (*GRAZERS, "elephant"), ("farm", "park", "snow"), "feed"),
    Affordance("feed", PEOPLE, ("dog", "cat", "duck"), GROUND, "feed"),
    Affordance("kick", PEOPLE, BALLS, OUTDOORS, "kick"),
    Affordance("throw", PEOPLE, BALLS, OUTDOORS, "throw"),
    Affordance("catch", PEOPLE, BALLS, OUTDOORS, "catch"),
    Affordance("catch", ("dog",), BALLS, OUTDOORS, "snap"),
    Affordance("push", ADULTS, ("car", "motorcycle", "bicycle"), ("street", "farm", "snow"), "push"),
    Affordance("push", PEOPLE, ("chair", "table"), INDOORS, "push"),
    Affordance("eat", PEOPLE, ("apple", "cake"), GROUND, "eat"),
    Affordance("eat", GRAZERS, ("apple", "flower"), ("farm", "park"), "graze"),
    Affordance("carry", PEOPLE, ("surfboard",), ("beach",), "carry"),
    Affordance("carry", PEOPLE, ("skateboard", "guitar"), ("street", "park"), "carry"),
    Affordance("carry", PEOPLE, ("chair",), ("beach", "kitchen", "room", "farm"), "carry"),
    Affordance("hug", PEOPLE, ("dog", "cat"), GROUND, "cuddle"),
    Affordance("hug", PEOPLE, ("horse", "sheep"), ("farm",), "embrace"),
    Affordance("hug", ADULTS, CHILDREN, GROUND, "embrace"),
    Affordance("lean against", PEOPLE, ("tree",), ("park", "farm", "snow"), "lean"),
    Affordance("lean against", PEOPLE, ("car",), ("street", "beach"), "lean"),
    Affordance("lean against", ("bicycle",), ("tree", "fence"), ("park", "farm"), "prop"),
    Affordance("on", ("cup", "glasses.cups", "cake", "apple", "lamp", "book", "flower"), ("table",), INDOORS, "atop"),
    Affordance("on", ("book", "guitar", "cake"), ("bench",), ("park",), "atop"),
    Affordance("on", ("book", "guitar"), ("bed", "sofa"), ("room",), "atop"),
    Affordance("under", PETS, ("table",), INDOORS, "under"),
)

# What somebody who sits may do besides.
SEATED = (
    Affordance("read", PEOPLE, ("book",), GROUND, "read"),
    Affordance("hold", PEOPLE, ("cup", "glasses.cups", "flower"), GROUND, "hold"),
    Affordance("eat", PEOPLE, ("apple", "cake"), GROUND, "eat"),
    Affordance("play", PEOPLE, ("guitar",), GROUND, "strum"),
)

# Swimming is done in the place itself.
SWIMMERS = (*PEOPLE, "dog", "duck")

# What else may be seen: standing on the ground, far back, or in the air.
BYSTANDERS = {
    "park": ("dog", "cat", "bird", "duck", "bench", "flower", "bicycle", "elephant", *PEOPLE),
    "beach": ("dog", "bird", "chair", "umbrella", *PEOPLE),
    "street": ("car", "motorcycle", "bicycle", "dog", "cat", "bench", *PEOPLE),
    "snow": ("dog", "bird", "fence", "horse", *PEOPLE),
    "farm": ("cow", "sheep", "horse", "duck", "dog", "flower", *PEOPLE),
    "room": ("cat", "dog", "lamp", "chair", "sofa", "table", "piano", *PEOPLE),
    "kitchen": ("cat", "dog", "table", "chair", *PEOPLE),
    "lake": ("boat",),
}
BACKDROPS = {
    "park": ("tree", "fence", "tree"),
    "beach": ("boat", "tree"),
    "street": ("house", "tree", "bus"),
    "snow": ("tree", "house", "fence"),
    "farm": ("house", "tree", "fence"),
    "room": ("sofa", "lamp", "bed"),
    "kitchen": ("lamp", "chair"),
    "lake": ("tree", "house"),
}
FLYERS = {
    "park": ("bird", "bat.animal"),
    "beach": ("bird", "kite"),
    "street": ("bird", "bat.animal"),
    "snow": ("bird",),
    "farm": ("bird", "bat.animal"),
    "lake": ("bird", "bat.animal"),
}
