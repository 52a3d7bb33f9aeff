"""Chooses which part of a scene a caption tells: shared by the languages, so that parallel captions mean the same."""

from __future__ import annotations

from random import Random

from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar.english_lexicon import SPATIAL_ONLY
from crosscap.storybook.inventory import BY_SENSE
from crosscap.storybook.scene import Scene

# How often a caption mentions an attribute that a thing has, where it happens, and what people wear.
ATTRIBUTE_SHARE = 0.7
PLACE_SHARE = 0.65
WEAR_SHARE = 0.6
SECOND_STATEMENT_SHARE = 0.25
SAME_SUBJECT_SHARE = 0.3

# What a caption is about: mostly what somebody does.
_ACTION, _SPATIAL, _WEAR, _PLACE = "action", "spatial", "wear", "place"
_WEIGHTS = {_ACTION: 6.0, _SPATIAL: 1.6, _WEAR: 0.7, _PLACE: 0.7}

Relation = tuple[int, str, int]


def choose_content(scene: Scene, random: Random) -> Content | None:
    """One thing worth telling about ``scene``, with some of its circumstances; None where there is nothing to tell."""
    chooser = _Chooser(scene, random)
    told = [relation for relation in scene.relations if chooser.kind(relation)]
    if not told:
        return None
    first = chooser.pick(told)
    statement, used = chooser.statement(first, PLACE_SHARE)
    if random.random() < SECOND_STATEMENT_SHARE:
        others = [relation for relation in told if not used & {relation[0], relation[2]}]
        if others:
            place_share = 0.0 if statement.where is not None else 0.5
            return Content(statement, chooser.statement(chooser.pick(others), place_share)[0])
    if len(statement.subjects) == 1 and statement.subjects[0].count == 1 and random.random() < SAME_SUBJECT_SHARE:
        more = [
            relation for relation in told
            if relation[0] == first[0] and relation[2] not in used and chooser.kind(relation) != _PLACE
        ]  # fmt: skip
        if more:
            second = chooser.pick(more)
            return Content(statement, Statement(statement.subjects, second[1], chooser.entity(second[2])), True)
    return Content(statement)


class _Chooser:
    def __init__(self, scene: Scene, random: Random) -> None:
        self.scene, self.random = scene, random
        self.ground = len(scene.objects) - 1

    def kind(self, relation: Relation) -> str:
        """What sort of fact ``relation`` is; empty for what no caption tells."""
        subject, predicate, other = relation
        if subject == self.ground or self.group(subject) == "clothing":
            return ""
        if predicate == "wear":
            return _WEAR
        if predicate not in SPATIAL_ONLY:
            return _ACTION
        return _PLACE if other == self.ground else _SPATIAL

    def pick(self, relations: list[Relation]) -> Relation:
        """First the kind, then the relation: a scene has many spatial relations and few actions."""
        kinds = [self.kind(relation) for relation in relations]
        present = sorted(set(kinds))
        chosen = self.random.choices(present, [_WEIGHTS[kind] for kind in present])[0]
        return self.random.choice([r for r, kind in zip(relations, kinds, strict=True) if kind == chosen])

    def group(self, index: int) -> str:
        sense = self.scene.objects[index].sense
        return BY_SENSE[sense].group if sense in BY_SENSE else "place"

    def statement(self, relation: Relation, place_share: float) -> tuple[Statement, set[int]]:
        """The statement that tells ``relation``, and the objects that it mentions."""
        subject, predicate, other = relation
        used = {subject, other}
        where = None
        place = self.place_of(subject)
        if place is not None and other != self.ground and self.random.random() < place_share:
            where = place
            used.add(self.ground)
        companions = self.companions(relation)
        if companions and self.random.random() < 0.8:
            partner = self.random.choice(companions)
            used.add(partner)
            if self.scene.objects[partner].sense == self.scene.objects[subject].sense:
                common = tuple(a for a in self.attributes(subject) if a in self.scene.objects[partner].attributes)
                subjects: tuple[Entity, ...] = (Entity(self.scene.objects[subject].sense, common, 2),)
            else:
                subjects = (self.entity(subject), self.entity(partner))
        else:
            subjects = (self.entity(subject, 0.0 if predicate == "wear" else WEAR_SHARE),)
            used |= {o for s, p, o in self.scene.relations if s == subject and p == "wear"}
        return Statement(subjects, predicate, self.entity(other), where), used

    def companions(self, relation: Relation) -> list[int]:
        """Others of the same group that stand in the same relation to the same thing."""
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
