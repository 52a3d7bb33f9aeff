"""Chooses which part of a scene a caption tells: shared by the languages, so that parallel captions mean the same."""

from __future__ import annotations

from random import Random

from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar.english_lexicon import SPATIAL_ONLY
from crosscap.storybook.inventory import BY_SENSE
from crosscap.storybook.scene import Scene

# How often a caption mentions an attribute that a thing has.
ATTRIBUTE_SHARE = 0.7
PLACE_SHARE = 0.7
# What people wear is mentioned of the first subject, and of others.
WEAR_SHARE = 0.5

_WEIGHTS = {"action": 6.0, "spatial": 1.5, "wear": 0.6, "place": 0.6}

Relation = tuple[int, str, int]


def choose_content(scene: Scene, random: Random) -> Content | None:
    """One thing worth telling about ``scene``, with some of its circumstances; None where there is nothing to tell."""
    chooser = _Chooser(scene, random)
    told = [relation for relation in scene.relations if chooser.weight(relation) > 0]
    if not told:
        return None
    first = random.choices(told, [chooser.weight(relation) for relation in told])[0]
    statement, used = chooser.statement(first, place_share=PLACE_SHARE)
    if random.random() < 0.3:
        others = [relation for relation in told if not used & {relation[0], relation[2]}]
        if others:
            second = random.choices(others, [chooser.weight(relation) for relation in others])[0]
            place_share = 0.0 if statement.where is not None else 0.5
            return Content(statement, chooser.statement(second, place_share=place_share)[0])
    subjects = [first[0]]
    if len(statement.subjects) == 1 and statement.subjects[0].count == 1 and random.random() < 0.4:
        more = [
            relation for relation in told
            if relation[0] in subjects and relation[2] not in used and relation[2] != chooser.ground
            and not any(detail.predicate == relation[1] for detail in statement.subjects[0].details)
        ]  # fmt: skip
        if more:
            second = random.choice(more)
            follow = Statement(statement.subjects, second[1], chooser.entity(second[2]))
            return Content(statement, follow, same_subject=True)
    return Content(statement)


class _Chooser:
    def __init__(self, scene: Scene, random: Random) -> None:
        self.scene, self.random = scene, random
        self.ground = len(scene.objects) - 1

    def weight(self, relation: Relation) -> float:
        subject, predicate, other = relation
        if subject == self.ground or self.group(subject) == "clothing":
            return 0.0
        if predicate == "wear":
            return _WEIGHTS["wear"]
        if predicate not in SPATIAL_ONLY:
            return _WEIGHTS["action"]
        return _WEIGHTS["place"] if other == self.ground else _WEIGHTS["spatial"]

    def group(self, index: int) -> str:
        sense = self.scene.objects[index].sense
        return BY_SENSE[sense].group if sense in BY_SENSE else "place"

    def statement(self, relation: Relation, place_share: float) -> tuple[Statement, set[int]]:
        """The statement that tells ``relation``, and the objects that it mentions."""
        subject, predicate, other = relation
        used = {subject, other}
        companions = self.companions(relation)
        where = None
        place = self.place_of(subject)
        if place is not None and other != self.ground and self.random.random() < place_share:
            where = place
            used.add(self.ground)
        if companions and self.random.random() < 0.8:
            partner = self.random.choice(companions)
            used.add(partner)
            if self.scene.objects[partner].sense == self.scene.objects[subject].sense:
                common = tuple(a for a in self.attributes(subject) if a in self.scene.objects[partner].attributes)
                subjects: tuple[Entity, ...] = (Entity(self.scene.objects[subject].sense, common, 2),)
            else:
                subjects = (self.entity(subject), self.entity(partner))
        else:
            wear = 0.0 if predicate == "wear" else WEAR_SHARE
            subjects = (self.entity(subject, wear),)
            used |= {o for s, p, o in self.scene.relations if s == subject and p == "wear"}
        # Clothes that are the point of a caption are described more fully.
        return Statement(subjects, predicate, self.entity(other, 0.25 if predicate != "wear" else 0.0), where), used

    def companions(self, relation: Relation) -> list[int]:
        """Others that stand in the same relation to the same thing."""
        subject, predicate, other = relation
        return [
            s for s, p, o in self.scene.relations
            if p == predicate and o == other and s != subject and self.group(s) == self.group(subject)
        ]  # fmt: skip

    def place_of(self, subject: int) -> Detail | None:
        for s, predicate, other in self.scene.relations:
            if s == subject and other == self.ground and predicate in ("in", "on"):
                return Detail(predicate, Entity(self.scene.place))
        return None

    def attributes(self, index: int) -> tuple[str, ...]:
        """Some of the thing's attributes, two at most."""
        told = [name for name in self.scene.objects[index].attributes if self.random.random() < ATTRIBUTE_SHARE]
        return tuple(told[:2])

    def entity(self, index: int, wear_share: float = 0.0) -> Entity:
        details: tuple[Detail, ...] = ()
        worn = [o for s, p, o in self.scene.relations if s == index and p == "wear"]
        if worn and self.random.random() < wear_share:
            details = (Detail("wear", self.entity(self.random.choice(worn))),)
        return Entity(self.scene.objects[index].sense, self.attributes(index), 1, details)
