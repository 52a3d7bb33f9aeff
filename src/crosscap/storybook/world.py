"""The storybook's world: from an id and a seed to a scene, with boxes, attributes and every visible relation.

>>> scene = sample_scene("train-7", seed=1)
>>> scene.graph().objects[-1] == scene.place
True
"""

from __future__ import annotations

import random
from dataclasses import replace

from crosscap.graph.scene_graph import Box
from crosscap.storybook.affordances import (
    AFFORDANCES,
    BACKDROPS,
    BYSTANDERS,
    FLYERS,
    PEOPLE,
    SEATED,
    SWIMMERS,
    Affordance,
)
from crosscap.storybook.anatomy import POSES, garment_box
from crosscap.storybook.arrangements import (
    ARRANGEMENTS,
    CARRIED_OBJECT,
    CARRIED_SUBJECT,
    Group,
    Part,
    actor,
    hand,
    put,
    thing,
)
from crosscap.storybook.inventory import BY_SENSE, COLORS, PATTERNS, PERSON_STATES, PLACES, SIZES
from crosscap.storybook.scene import Scene, SceneObject
from crosscap.storybook.space import spatial_relations

WIDTH, HEIGHT = 256, 192
MAXIMUM_THINGS = 6

# Highest and lowest y of the line where the ground begins.
HORIZON = {"park": (92, 108), "beach": (96, 110), "street": (100, 114), "snow": (96, 112), "farm": (88, 104),
           "room": (124, 136), "kitchen": (124, 136), "lake": (86, 100)}  # fmt: skip
PREPOSITION = {place.name: place.preposition for place in PLACES}

_BY_PLACE: dict[str, dict[str, list[Affordance]]] = {}
_BY_OBJECT: dict[str, dict[str, list[Affordance]]] = {}
for _affordance in AFFORDANCES:
    for _place in _affordance.places:
        _BY_PLACE.setdefault(_place, {}).setdefault(_affordance.predicate, []).append(_affordance)
        for _object in _affordance.objects:
            _BY_OBJECT.setdefault(_place, {}).setdefault(_object, []).append(_affordance)


def sample_scene(scene_id: str, seed: int) -> Scene:
    """The scene named ``scene_id`` of the world ``seed``: the same arguments, the same scene, on every machine."""
    rng = random.Random(f"{seed}/{scene_id}")
    place = rng.choice(PLACES).name
    horizon = rng.randint(*HORIZON[place])
    groups = _compose(rng, place, horizon)
    return _finish(rng, scene_id, place, horizon, groups)


def sample_attributes(rng: random.Random, sense: str) -> tuple[str, ...]:
    """What a thing looks like: its colour where it has one of its own, perhaps a size, a pattern or an age."""
    allowed = BY_SENSE[sense].attributes
    chosen: list[str] = []
    if colors := [name for name in allowed if name in COLORS]:
        chosen.append(rng.choice(colors))
    if "wooden" in allowed and rng.random() < 0.4:
        chosen = ["wooden"]
    if sizes := [name for name in allowed if name in SIZES]:
        chosen += [rng.choice(sizes)] if rng.random() < 0.25 else []
    if patterns := [name for name in allowed if name in PATTERNS]:
        chosen += [rng.choice(patterns)] if rng.random() < 0.3 else []
    if "young" in allowed:
        chosen += [rng.choice(PERSON_STATES)] if rng.random() < 0.4 else []
    return tuple(chosen)


def _compose(rng: random.Random, place: str, horizon: float) -> list[Group]:
    """Groups in front, placed side by side, then what stands behind them and what flies above."""
    budget = rng.choice((2, 3, 3, 4, 4, 5, 6))
    front: list[Group] = []
    while budget > 0 and len(front) < 3:
        if front and (budget < 2 or rng.random() < 0.35):
            group = _bystander(rng, place)
        elif place == "lake" and rng.random() < 0.4:
            group = _swimmer(rng)
        else:
            group = _event(rng, place, budget)
        scale = rng.uniform(0.86, 1.06)
        front.append(group.transformed(scale, rng.random() < 0.5))
        budget -= len(group.parts)
    placed = _side_by_side(rng, front, horizon)
    count = sum(len(group.parts) for group in placed)
    wanted = max(2 - count, min(MAXIMUM_THINGS - count, rng.choice((0, 1, 1, 2))))
    for _ in range(wanted):
        flying = place in FLYERS and rng.random() < 0.4
        extra = _aloft(rng, place, placed) if flying else _backdrop(rng, place, horizon, placed)
        if extra is not None:
            placed.append(extra)
    while sum(len(group.parts) for group in placed) < 2:
        placed.append(_backdrop(rng, place, horizon, []) or _swimmer(rng))
    return placed


def _event(rng: random.Random, place: str, budget: int) -> Group:
    affordance, what = _choose(rng, place)
    who = rng.choice(affordance.subjects)
    first, second = sample_attributes(rng, who), sample_attributes(rng, what)
    subject, other = ARRANGEMENTS[affordance.arrangement](rng, who, first, what, second)
    subject.rooted = affordance.arrangement not in CARRIED_SUBJECT
    other.rooted = affordance.arrangement not in CARRIED_OBJECT
    group = Group([subject, other], [(0, affordance.predicate, 1)])
    if subject.pose == "sit" and who in PEOPLE and budget > 2 and rng.random() < 0.5:
        _add_pastime(rng, group)
    return group


def _choose(rng: random.Random, place: str) -> tuple[Affordance, str]:
    """Half of the events are drawn by what is done, half by what it is done with: neither may get too rare."""
    if rng.random() < 0.5:
        by_predicate = _BY_PLACE[place]
        affordance = rng.choice(by_predicate[rng.choice(tuple(by_predicate))])
        return affordance, rng.choice(affordance.objects)
    by_object = _BY_OBJECT[place]
    names = tuple(by_object)
    # A thing that few places have is seen more often there: a piano is only in a room, an apple is everywhere.
    what = rng.choices(names, [1 / sum(name in others for others in _BY_OBJECT.values()) for name in names])[0]
    return rng.choice(by_object[what]), what


def _add_pastime(rng: random.Random, group: Group) -> None:
    """Something to do for who sits: the hands move to the new thing."""
    affordance = rng.choice(SEATED)
    sitter = group.parts[0]
    sitter.pose = "sit_eat" if affordance.arrangement == "eat" else "sit_hold"
    sense = rng.choice(affordance.objects)
    item = thing(sense, sample_attributes(rng, sense))
    if sense == "guitar":
        x, y = hand(sitter, "back")
        item = put(item, x, y, (0.22, 0.55), 2)
    else:
        x, y = hand(sitter)
        item = put(item, x, y, (0.5, 0.65), 2)
    item.pose, item.rooted = ("open" if sense == "book" else ""), False
    group.parts.append(item)
    group.relations.append((0, affordance.predicate, 2))


def _bystander(rng: random.Random, place: str) -> Group:
    sense = rng.choice(BYSTANDERS[place])
    part = thing(sense, sample_attributes(rng, sense))
    if sense == "umbrella":
        part.pose = "open"
    return Group([part])


def _swimmer(rng: random.Random) -> Group:
    sense = rng.choice(SWIMMERS)
    part = replace(actor(sense, sample_attributes(rng, sense), "swim"), pose="swim")
    if sense not in PEOPLE:
        x0, y0, x1, y1 = part.box
        part.box = (x0, 0.75 * y0, x1, y1)
    return Group([part])


def _side_by_side(rng: random.Random, groups: list[Group], horizon: float) -> list[Group]:
    """From left to right with random gaps; a group that finds no room is left out."""
    spans = [group.extent() for group in groups]
    while len(groups) > 1 and sum(right - left for left, right in spans) > WIDTH - 8:
        groups, spans = groups[:-1], spans[:-1]
    slack = WIDTH - 8 - sum(right - left for left, right in spans)
    cuts = sorted(rng.uniform(0, max(0.0, slack)) for _ in groups)
    order = list(range(len(groups)))
    rng.shuffle(order)
    placed, x = [], 4.0
    for position, index in enumerate(order):
        left, right = spans[index]
        gap = cuts[position] - (cuts[position - 1] if position else 0.0)
        x += gap
        base = rng.uniform(max(148.0, horizon + 30), HEIGHT - 6)
        placed.append(_inside(groups[index].moved(x - left, base)))
        x += right - left
    return placed


def _inside(group: Group) -> Group:
    """Push what flies back into the picture, and the whole group down if it is too tall."""
    ground = [part for part in group.parts if not part.flying]
    top = min((part.box[1] for part in ground), default=4.0)
    group = group.moved(0.0, max(0.0, 3.0 - top))
    for part in group.parts:
        x0, y0, x1, y1 = part.box
        dx = max(3 - x0, 0.0) + min(WIDTH - 3 - x1, 0.0)
        dy = max(3 - y0, 0.0) + min(HEIGHT - 1 - y1, 0.0)
        if dx or dy:
            part.box = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
    return group


def _backdrop(rng: random.Random, place: str, horizon: float, placed: list[Group]) -> Group | None:
    """A tree, a house, ... behind the others, where at least half of it is seen; ``None`` when there is no room."""
    sense = rng.choice(BACKDROPS[place])
    for _ in range(6):
        base = horizon + (rng.uniform(2, 8) if place == "lake" else rng.uniform(6, 26))
        scale = rng.uniform(0.72, 0.92) if place == "lake" else rng.uniform(0.82, 1.0)
        group = Group([thing(sense, sample_attributes(rng, sense))]).transformed(scale, rng.random() < 0.5)
        left, right = group.extent()
        group = _inside(group.moved(rng.uniform(3 - left, WIDTH - 3 - right), base))
        if _free(group.parts[0].box, placed, 0.5):
            return group
    return None


def _aloft(rng: random.Random, place: str, placed: list[Group]) -> Group | None:
    sense = rng.choice(FLYERS[place])
    part = thing(sense, sample_attributes(rng, sense), facing=rng.choice((1, -1)))
    for _ in range(6):
        x, y = rng.uniform(24, WIDTH - 24), rng.uniform(20, 56)
        part = replace(put(part, x, y), flying=True, pose="fly", rooted=False, layer=0)
        if _free(part.box, placed, 0.1):
            return Group([part])
    return None


def _free(box: Box, placed: list[Group], most: float) -> bool:
    """True when the others cover at most the share ``most`` of ``box``, and it covers none of them by half."""
    return all(_covered(box, part.box) <= most for group in placed for part in group.parts)


def _covered(box: Box, other: Box) -> float:
    across = min(box[2], other[2]) - max(box[0], other[0])
    down = min(box[3], other[3]) - max(box[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min((box[2] - box[0]) * (box[3] - box[1]), (other[2] - other[0]) * (other[3] - other[1]))


def _finish(rng: random.Random, scene_id: str, place: str, horizon: float, groups: list[Group]) -> Scene:
    """Things, then clothing, then the place; every relation; boxes rounded to pixels."""
    things: list[SceneObject] = []
    owners: list[tuple[Part, int]] = []
    relations: list[tuple[int, str, int]] = []
    for number, group in enumerate(groups):
        base = max((part.box[3] for part in group.parts if part.rooted), default=HEIGHT / 3)
        for part in group.parts:
            things.append(
                SceneObject(
                    part.sense, part.attributes, _rounded(part.box), part.pose, part.facing, base + part.layer / 8
                )
            )
            owners.append((part, number))
        start = len(things) - len(group.parts)
        relations += [(start + s, predicate, start + o) for s, predicate, o in group.relations]
    relations += spatial_relations(
        things,
        [number for _, number in owners],
        [part.flying for part, _ in owners],
        [part.rooted or part.flying or part.sense in PEOPLE for part, _ in owners],
    )
    garments: list[SceneObject] = []
    for index, (part, _) in enumerate(owners):
        if part.sense in PEOPLE and part.pose != "swim":
            for garment in _clothes(rng, things[index]):
                relations.append((index, "wear", len(things) + len(garments)))
                garments.append(garment)
    ground = len(things) + len(garments)
    for index, (part, _) in enumerate(owners):
        if predicate := _predicate_to_place(part, place):
            relations.append((index, predicate, ground))
    floor = SceneObject(place, (), (0.0, float(horizon), float(WIDTH), float(HEIGHT)))
    return Scene(scene_id, place, (*things, *garments, floor), tuple(relations), rng.getrandbits(32))


def _clothes(rng: random.Random, owner: SceneObject) -> list[SceneObject]:
    """One upper garment for everybody, then perhaps a hat, glasses and a scarf."""
    female = owner.sense in ("woman", "girl")
    senses = [rng.choice(("shirt", "jacket", "dress") if female else ("shirt", "shirt", "jacket"))]
    lying = POSES[owner.pose].legs == "lie"
    senses += ["hat"] if not lying and rng.random() < 0.35 else []
    senses += ["glasses.eyewear"] if rng.random() < 0.25 else []
    senses += ["scarf"] if not lying and rng.random() < 0.2 else []
    used: set[str] = set()
    garments = []
    for sense in senses:
        attributes = sample_attributes(rng, sense)
        while attributes and attributes[0] in used and len(used) < 3 and sense != "glasses.eyewear":
            attributes = sample_attributes(rng, sense)
        used.update(attributes[:1])
        box = garment_box(sense, POSES[owner.pose], owner.box, owner.facing)
        garments.append(SceneObject(sense, attributes, _rounded(box), "", owner.facing, owner.depth + 0.01))
    return garments


def _predicate_to_place(part: Part, place: str) -> str:
    """How a thing and its place are related: the living and the vehicles always, others where they stand on it."""
    if part.pose == "swim":
        return "swim in"
    if part.flying:
        return "above"
    living = BY_SENSE[part.sense].group in ("person", "animal", "vehicle")
    if place == "lake" and part.sense in ("tree", "house"):
        return "near"
    return PREPOSITION[place] if living or part.rooted else ""


def _rounded(box: Box) -> Box:
    x0, y0, x1, y1 = (float(round(value)) for value in box)
    return max(0.0, x0), max(0.0, y0), min(float(WIDTH), x1), min(float(HEIGHT), y1)
