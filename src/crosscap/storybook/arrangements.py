"""The geometry of every action: two things, one built beside, on or in the hand of the other.

A group is laid out around the ground line y = 0 (upwards is negative), looking to the right, then scaled, mirrored
and moved by the layout.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crosscap.graph.scene_graph import Box
from crosscap.storybook.affordances import PEOPLE
from crosscap.storybook.anatomy import POSES, Point, spot
from crosscap.storybook.inventory import BY_SENSE

STATURE = {"man": 100.0, "woman": 95.0, "boy": 76.0, "girl": 74.0}

# Width and height in pixels at scale 1.
EXTENT = {
    "dog": (50, 38), "cat": (44, 34), "horse": (88, 76), "cow": (84, 58), "sheep": (58, 44), "elephant": (104, 80),
    "bird": (32, 26), "duck": (36, 28), "bat.animal": (44, 26), "bicycle": (78, 48), "motorcycle": (84, 50),
    "car": (118, 54), "bus": (144, 80), "boat": (112, 42), "skateboard": (50, 15), "surfboard": (78, 17),
    "football": (24, 24), "basketball": (24, 24), "guitar": (62, 25), "piano": (84, 64), "kite": (38, 44),
    "bat.club": (13, 44), "book": (30, 23), "umbrella": (66, 62), "cup": (24, 22), "glasses.cups": (34, 24),
    "cake": (34, 27), "apple": (21, 22), "lamp": (26, 54), "table": (92, 46), "chair": (38, 56), "bench": (88, 42),
    "bed": (128, 52), "sofa": (112, 52), "tree": (66, 104), "flower": (23, 38), "house": (104, 92), "fence": (112, 34),
}  # fmt: skip

# Height of the surface that carries things, over the height of the thing.
SURFACE = {"table": 0.97, "chair": 0.46, "bench": 0.50, "bed": 0.50, "sofa": 0.50, "fence": 0.97, "elephant": 0.93}
SADDLE = {"bicycle": (0.34, 0.86), "motorcycle": (0.36, 0.72), "horse": (0.42, 0.70), "elephant": (0.40, 0.94)}


@dataclass
class Part:
    """A thing while it is being placed; ``layer`` orders the things of one group."""

    sense: str
    attributes: tuple[str, ...]
    box: Box
    pose: str = ""
    facing: int = 1
    layer: int = 0
    flying: bool = False
    rooted: bool = True


@dataclass
class Group:
    """Things that belong to one event, and what they do."""

    parts: list[Part] = field(default_factory=list)
    relations: list[tuple[int, str, int]] = field(default_factory=list)

    def extent(self) -> tuple[float, float]:
        """Leftmost and rightmost x of what is not in the air."""
        low = [part.box for part in self.parts if not part.flying] or [part.box for part in self.parts]
        return min(box[0] for box in low), max(box[2] for box in low)

    def transformed(self, scale: float, mirrored: bool) -> Group:
        """Scaled about the origin, and mirrored in x."""
        parts = []
        for part in self.parts:
            x0, y0, x1, y1 = (scale * value for value in part.box)
            box = (-x1, y0, -x0, y1) if mirrored else (x0, y0, x1, y1)
            parts.append(replace(part, box=box, facing=-part.facing if mirrored else part.facing))
        return Group(parts, self.relations)

    def moved(self, dx: float, dy: float) -> Group:
        parts = [
            replace(part, box=(part.box[0] + dx, part.box[1] + dy, part.box[2] + dx, part.box[3] + dy))
            for part in self.parts
        ]
        return Group(parts, self.relations)


Attributes = tuple[str, ...]
Arrangement = Callable[[random.Random, str, Attributes, str, Attributes], tuple[Part, Part]]


def size_of(attributes: Attributes) -> float:
    return 1.22 if "big" in attributes else 0.80 if "small" in attributes else 1.0


def thing(sense: str, attributes: Attributes, x: float = 0.0, base: float = 0.0, facing: int = 1) -> Part:
    """Anything, its left edge at ``x`` and its foot at ``base``; a person stands."""
    if sense in PEOPLE:
        return person(sense, attributes, "stand", x, base, facing)
    scale = size_of(attributes)
    width, height = (scale * value for value in EXTENT[sense])
    return Part(sense, attributes, (x, base - height, x + width, base), facing=facing)


def person(sense: str, attributes: Attributes, pose: str, x: float = 0.0, base: float = 0.0, facing: int = 1) -> Part:
    """A person in ``pose``, left edge at ``x``, the foot of the box at ``base``."""
    shape = POSES[pose]
    height = STATURE[sense] * (0.86 if "small" in attributes else 1.0) * shape.height
    return Part(sense, attributes, (x, base - height, x + shape.aspect * height, base), pose, facing)


def actor(sense: str, attributes: Attributes, pose: str) -> Part:
    """The subject at x = 0: a person in ``pose`` or an animal."""
    return person(sense, attributes, pose) if sense in PEOPLE else thing(sense, attributes)


def hand(part: Part, which: str = "front") -> Point:
    shape = POSES[part.pose]
    return spot(shape, part.box, part.facing, getattr(shape, which))


def put(part: Part, x: float, y: float, anchor: Point = (0.5, 0.5), layer: int = 1) -> Part:
    """Move ``part`` so that its point ``anchor`` (fractions of its box) lies at ``x, y``."""
    x0, y0, x1, y1 = part.box
    width, height = x1 - x0, y1 - y0
    left, top = x - anchor[0] * width, y - anchor[1] * height
    return replace(part, box=(left, top, left + width, top + height), layer=layer)


def _mount(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    rider, steed = actor(who, wa, "ride"), thing(what, oa)
    x, y = SADDLE[what]
    seat_x, seat_y = x * steed.box[2], y * steed.box[1]
    return put(rider, seat_x, seat_y, (POSES["ride"].axis, 0.70)), steed


def _balance(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    rider, board = actor(who, wa, "balance"), thing(what, oa)
    return put(rider, board.box[2] / 2, 0.72 * board.box[1], (0.5, 1.0)), board


def _aboard(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    """Only the upper half of who rides is seen: in front of a boat's side, in a bus's window, over a car's door."""
    craft = thing(what, oa)
    passenger = actor(who, wa, "aboard")
    if what == "bus":
        x0, y0, x1, y1 = passenger.box
        shrink = 0.46 * -craft.box[1] / (y1 - y0)
        passenger.box = (x0 * shrink, y0 * shrink, x1 * shrink, y1 * shrink)
        return put(passenger, 0.80 * craft.box[2], 0.47 * craft.box[1], (0.5, 1.0)), craft
    if what == "car":
        craft.pose = "open"
        craft.box = (0.0, 0.72 * craft.box[1], craft.box[2], 0.0)
        return put(passenger, 0.47 * craft.box[2], 0.70 * craft.box[1], (0.5, 1.0), -1), craft
    at = rng.uniform(0.35, 0.62) * craft.box[2]
    lift = 0.66 if who in PEOPLE else 0.50
    return put(passenger, at, lift * craft.box[1], (0.5, 1.0), -1), craft


def _hold(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    holder = actor(who, wa, "hold")
    x, y = hand(holder)
    anchor = {"bat.club": (0.5, 0.88), "flower": (0.5, 0.72), "kite": (0.2, 0.6)}.get(what, (0.35, 0.62))
    return holder, put(thing(what, oa), x, y, anchor)


def _shelter(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    holder, umbrella = actor(who, wa, "hold"), thing(what, oa)
    x, y = hand(holder)
    top = holder.box[1] - 24
    middle = x - 4
    umbrella.box = (middle - 35, top, middle + 35, y + 5)
    return holder, replace(umbrella, layer=1, pose="open")


def _strum(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "strum")
    x, y = hand(player, "back")
    return player, put(thing(what, oa), x, y, (0.22, 0.55))


def _reach(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player, other = actor(who, wa, "reach"), thing(what, oa)
    return player, put(other, hand(player)[0] - 7, 0.0, (0.0, 1.0), -1)


def _dribble(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "run")
    return player, put(thing(what, oa), player.box[2] + 2, 1.0, (0.1, 1.0))


def _bounce(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "reach")
    x, y = hand(player)
    return player, put(thing(what, oa), x + 3, y + 2 + rng.uniform(0, 14), (0.5, 0.0))


def _string(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "reach")
    x, y = hand(player)
    return player, put(thing(what, oa), x + rng.uniform(3, 8), y - 2, (0.0, 0.85))


def _paw(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = replace(actor(who, wa, "stand"), pose="paw")
    return player, put(thing(what, oa), player.box[2] - 3, 1.0, (0.0, 1.0))


def _face(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "reach")
    other = thing(what, oa, player.box[2] - 2, facing=-1)
    return player, replace(other, pose="paw", layer=1)


def _fly(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    flyer = actor(who, wa, "raise")
    x, _ = hand(flyer)
    kite = put(thing(what, oa), x + rng.uniform(18, 60), -rng.uniform(118, 140))
    return flyer, replace(kite, flying=True, pose="fly")


def _read(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    reader = actor(who, wa, "read")
    x, y = hand(reader)
    return reader, replace(put(thing(what, oa), x, y, (0.55, 0.6)), pose="open")


def _chase(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    hunter = actor(who, wa, "run")
    if who not in PEOPLE:
        hunter = replace(hunter, pose="run")
    prey = thing(what, oa, hunter.box[2] + rng.uniform(8, 20))
    return hunter, replace(prey, pose="run")


def _sit(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    seat = thing(what, oa)
    surface = SURFACE[what] * seat.box[1]
    sitter = actor(who, wa, "sit")
    if who not in PEOPLE:
        at = rng.uniform(0.35, 0.65) * seat.box[2]
        return replace(put(sitter, at, surface + 3, (0.5, 1.0)), pose="sit"), seat
    at = (0.42 if what == "chair" else rng.uniform(0.28, 0.55)) * seat.box[2]
    return put(sitter, at, surface, (POSES["sit"].axis, 0.72)), seat


def _atop(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    below, above = thing(what, oa), thing(who, wa)
    surface = SURFACE[what] * below.box[1]
    width = above.box[2]
    room = max(0.0, below.box[2] - width)
    x = width / 2 + rng.uniform(0.15, 0.85) * room if room else below.box[2] / 2
    return put(above, x, surface + 2, (0.5, 1.0)), below


def _lie(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    bed = thing(what, oa)
    sleeper = actor(who, wa, "lie")
    if who not in PEOPLE:
        x0, y0, x1, y1 = sleeper.box
        sleeper = replace(sleeper, pose="lie", box=(x0, 0.62 * y0, 1.05 * x1, y1))
    return put(sleeper, bed.box[2] / 2, SURFACE[what] * bed.box[1] + 5, (0.5, 1.0)), bed


def _look(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    watcher = actor(who, wa, "look")
    return watcher, thing(what, oa, watcher.box[2] + rng.uniform(6, 24), facing=rng.choice((1, -1)))


def _leash(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    walker = actor(who, wa, "walk")
    return walker, replace(thing(what, oa, walker.box[2] + rng.uniform(6, 16)), pose="walk")


def _feed(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    keeper = actor(who, wa, "reach")
    return keeper, replace(thing(what, oa, keeper.box[2] - 1, facing=-1), pose="fed")


def _kick(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "kick")
    x, y = player.box[2], 0.18 * player.box[1]
    return player, put(thing(what, oa), x + rng.uniform(2, 9), y, (0.0, 0.6))


def _throw(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "raise")
    x, y = hand(player)
    return player, put(thing(what, oa), x + rng.uniform(6, 16), y - rng.uniform(0, 8), (0.0, 0.6))


def _catch(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = actor(who, wa, "catch")
    x, y = hand(player)
    return player, put(thing(what, oa), x + rng.uniform(0, 4), y + 6, (0.0, 0.5))


def _snap(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    player = replace(actor(who, wa, "stand"), pose="jump")
    x0, y0, x1, y1 = player.box
    player.box = (x0, y0 - 12, x1, y1 - 12)
    return player, put(thing(what, oa), x1 - 4, player.box[1] + 2, (0.1, 0.5))


def _eat(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    eater = actor(who, wa, "eat")
    x, y = hand(eater)
    return eater, put(thing(what, oa), x, y, (0.4, 0.7))


def _graze(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    eater = replace(actor(who, wa, "stand"), pose="graze")
    return eater, put(thing(what, oa), eater.box[2] - 7, 1.0, (0.0, 1.0))


def _carry(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    bearer = actor(who, wa, "carry")
    middle = (bearer.box[0] + bearer.box[2]) / 2
    return bearer, put(thing(what, oa), middle, bearer.box[1] + 6, (0.5, 1.0))


def _cuddle(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    holder = actor(who, wa, "read")
    x, y = hand(holder)
    return holder, put(replace(thing(what, oa), pose="sit"), x - 6, y + 12, (0.5, 0.8))


def _embrace(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    holder = actor(who, wa, "embrace")
    other = thing(what, oa, facing=-1)
    return holder, put(other, 0.62 * holder.box[2], 0.0, (0.0, 1.0), -1)


def _lean(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    leaner, support = actor(who, wa, "lean"), thing(what, oa)
    inset = 0.40 * support.box[2] if what == "tree" else 4
    return leaner, put(support, leaner.box[2] - inset, 0.0, (0.0, 1.0), -1)


def _prop(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    leaner, support = thing(who, wa), thing(what, oa)
    return leaner, put(support, leaner.box[2] * rng.uniform(0.6, 0.8), -4.0, (0.5, 1.0), -1)


def _under(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    table, hider = thing(what, oa), thing(who, wa)
    x0, y0, x1, y1 = hider.box
    shrink = min(1.0, -0.74 * table.box[1] / (y1 - y0), 0.66 * table.box[2] / (x1 - x0))
    hider.box = (x0 * shrink, y0 * shrink, x1 * shrink, y1 * shrink)
    return put(hider, table.box[2] / 2, -1.0, (0.5, 1.0), -1), table


def _push(rng: random.Random, who: str, wa: Attributes, what: str, oa: Attributes) -> tuple[Part, Part]:
    pusher = actor(who, wa, "push")
    return pusher, thing(what, oa, hand(pusher)[0] - 4)


ARRANGEMENTS: dict[str, Arrangement] = {
    "mount": _mount, "balance": _balance, "aboard": _aboard, "hold": _hold, "shelter": _shelter, "strum": _strum,
    "reach": _reach, "dribble": _dribble, "bounce": _bounce, "string": _string, "paw": _paw, "face": _face,
    "fly": _fly, "read": _read, "chase": _chase, "sit": _sit, "atop": _atop, "lie": _lie, "look": _look,
    "leash": _leash, "feed": _feed, "kick": _kick, "throw": _throw, "catch": _catch, "snap": _snap, "eat": _eat,
    "graze": _graze, "carry": _carry, "cuddle": _cuddle, "embrace": _embrace, "lean": _lean, "prop": _prop,
    "under": _under, "push": _push,
}  # fmt: skip

# Which of the two stands on the ground itself; the other one is carried by it.
CARRIED_SUBJECT = frozenset({"mount", "balance", "aboard", "sit", "atop", "lie"})
CARRIED_OBJECT = frozenset(
    {"hold", "shelter", "strum", "bounce", "string", "fly", "read", "throw", "catch", "snap", "eat", "carry", "cuddle"}
)
assert set(STATURE) | set(EXTENT) >= {sense for sense, kind in BY_SENSE.items() if kind.group != "clothing"}
