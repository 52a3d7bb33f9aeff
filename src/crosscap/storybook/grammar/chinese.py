"""Chinese: a caption's words and its CTB tree, whose leaves are jieba's words."""

from __future__ import annotations

from random import Random

from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar.chinese_lexicon import (
    ATTRIBUTES,
    DIRECT,
    LOCALIZERS,
    NOUNS,
    NUMERALS,
    POSTURES,
    SPOTTED_ANIMAL,
    together,
    verbs,
)
from crosscap.storybook.grammar.english_lexicon import ADJECTIVES as ADJECTIVE_ORDER
from crosscap.storybook.grammar.segmentation import fit
from crosscap.storybook.grammar.tree import Leaf, Phrase
from crosscap.storybook.inventory import BY_SENSE, PLACE_NAMES

# Verbs of a moment take 正在, not the durative 着.
MOMENTARY = frozenset("投扔接吃喂踢打弹放玩读")
PASSIVE = frozenset({"chase", "push", "hug", "feed", "walk"})


def tell(content: Content, random: Random, period: bool = False, attempts: int = 8) -> Phrase | None:
    """Say ``content`` with leaves as jieba cuts them; None if no wording was found whose tree they fit."""
    for _ in range(attempts):
        tree = _Teller(random).sentence(content)
        if period:
            tree.parts.append((Leaf("。", "PU"), ""))
        if fit(tree):
            return tree
    return None


def _phrase(label: str, *parts: Leaf | Phrase | None) -> Phrase:
    return Phrase(label, [(part, "") for part in parts if part is not None])


def _noun(word: str) -> Phrase:
    return _phrase("NP", Leaf(word, "NN"))


class _Teller:
    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, words: tuple[str, ...]) -> str:
        """The first word mostly, else another one."""
        return words[0] if len(words) == 1 or self.chance(0.7) else self.random.choice(words[1:])

    # -- sentences

    def sentence(self, content: Content) -> Phrase:
        first, second = content.first, content.second
        if second is None:
            return self.one(first)
        comma = Leaf("，", "PU")
        if content.same_subject:
            one, two = self.verb_phrase(first), self.verb_phrase(second)
            return _phrase("IP", self.subjects(first.subjects), _phrase("VP", one, comma, two))
        return _phrase("IP", self.clause(first), comma, self.clause(second))

    def one(self, statement: Statement) -> Phrase:
        frame = self.random.choice(("clause",) * 9 + ("fragment",) * 3 + ("exists",) * 2 + ("passive",))
        if statement.predicate in LOCALIZERS and statement.other.sense not in PLACE_NAMES and self.chance(0.35):
            # Word order follows what is known: the place of a thing comes first, the thing after 有.
            locative = self.locative(statement.predicate, statement.other, self.modifying(statement.where))
            return _phrase("IP", locative, _phrase("VP", Leaf("有", "VE"), self.subjects(statement.subjects)))
        if frame == "fragment" and len(statement.subjects) == 1 and not statement.subjects[0].details:
            return self.noun_phrase(statement.subjects[0], self.verb_phrase(statement))
        if frame == "exists":
            place: Phrase | None = None
            if statement.where is not None and self.chance(0.5):
                place = self.locative(statement.where.predicate, statement.where.other)
                statement = Statement(statement.subjects, statement.predicate, statement.other)
            who = _phrase("IP", self.subjects(statement.subjects), self.verb_phrase(statement))
            return _phrase("IP", place, _phrase("VP", Leaf("有", "VE"), who))
        if frame == "passive" and statement.predicate in PASSIVE:
            verb = self.pick(verbs(statement.predicate, statement.other.sense))
            inner = _phrase("VP", Leaf(verb, "VV"), Leaf("着", "AS"))
            agent = _phrase("IP", self.subjects(statement.subjects), inner)
            passive = _phrase("VP", Leaf("被", "LB"), agent)
            if statement.where is not None:
                passive = _phrase("VP", self.at_place(statement.where), passive)
            return _phrase("IP", self.noun_phrase(statement.other), passive)
        return self.clause(statement)

    def clause(self, statement: Statement) -> Phrase:
        where = statement.where
        if where is not None and self.chance(0.15):
            plain = Statement(statement.subjects, statement.predicate, statement.other)
            subject = self.subjects(statement.subjects)
            comma = Leaf("，", "PU")
            return _phrase("IP", self.at_place(where), comma, subject, self.verb_phrase(plain))
        if where is not None and len(statement.subjects) == 1 and self.chance(0.2):
            # 公园 里 的 一个 男孩
            plain = Statement(statement.subjects, statement.predicate, statement.other)
            subject = self.noun_phrase(statement.subjects[0], modifier=self.modifying(where))
            return _phrase("IP", subject, self.verb_phrase(plain))
        return _phrase("IP", self.subjects(statement.subjects), self.verb_phrase(statement))

    # -- verb phrases

    def verb_phrase(self, statement: Statement) -> Phrase:
        predicate, other = statement.predicate, statement.other
        if predicate in LOCALIZERS:
            # 在 公园 里 的 长椅 旁边
            return _phrase("VP", Leaf("在", "VV"), self.locative(predicate, other, self.modifying(statement.where)))
        here_phrase = self.at_place(statement.where) if statement.where is not None else None
        action = self.action(predicate, other, here_phrase is not None)
        return _phrase("VP", here_phrase, action) if here_phrase is not None else action

    def action(self, predicate: str, other: Entity, placed: bool) -> Phrase:
        if predicate in POSTURES:
            verb = "趴" if predicate == "lie on" and self.chance(0.3) else self.pick(POSTURES[predicate])
            return _phrase("VP", Leaf(verb + "在", "VV"), self.locative("on", other))
        if predicate == "swim in":
            return _phrase("VP", self.at_place(Detail("in", other)), _phrase("VP", Leaf("游泳", "VV")))
        if together(predicate, other.sense):
            companion = _phrase("PP", Leaf(self.pick(("和", "跟")), "P"), self.noun_phrase(other))
            return _phrase("VP", companion, _phrase("ADVP", Leaf("一起", "AD")), _phrase("VP", Leaf("玩", "VV")))
        if predicate == "lean against" and self.chance(0.4):
            return _phrase("VP", Leaf("靠在", "VV"), self.locative("on", other))
        verb = self.pick(verbs(predicate, other.sense))
        # 踢足球, 看书: an activity, its thing without a measure word.
        activity = predicate == "play" or (predicate == "read" and not other.attributes and self.chance(0.5))
        thing = self.noun_phrase(other, bare=activity)
        continuous = predicate == "wear" or (verb not in MOMENTARY and self.chance(0.75))
        if continuous:
            return _phrase("VP", Leaf(verb, "VV"), Leaf("着", "AS"), thing)
        plain = _phrase("VP", Leaf(verb, "VV"), thing)
        if placed:
            return plain
        return _phrase("VP", _phrase("ADVP", Leaf("正在", "AD")), plain)

    def modifying(self, where: Detail | None) -> Phrase | None:
        """A place before the noun that is there: 公园 里 的."""
        return None if where is None else _phrase("DNP", self.locative(where.predicate, where.other), Leaf("的", "DEG"))

    def at_place(self, where: Detail) -> Phrase:
        return _phrase("PP", Leaf("在", "P"), self.locative(where.predicate, where.other))

    def locative(self, preposition: str, entity: Entity, modifier: Phrase | None = None) -> Phrase:
        """A noun phrase with its localizer: 一 张 桌子 上. Places stand without a measure word."""
        thing = self.noun_phrase(entity, bare=entity.sense in PLACE_NAMES, modifier=modifier)
        return _phrase("LCP", thing, Leaf(self.pick(LOCALIZERS[preposition]), "LC"))

    # -- noun phrases

    def subjects(self, entities: tuple[Entity, ...]) -> Phrase:
        nouns = [self.noun_phrase(entity) for entity in entities]
        if len(nouns) == 1:
            return nouns[0]
        return _phrase("NP", nouns[0], Leaf("和", "CC"), nouns[1])

    def noun_phrase(
        self, entity: Entity, clause: Phrase | None = None, bare: bool = False, modifier: Phrase | None = None
    ) -> Phrase:
        """Measure, then every modifier, then the noun. ``clause``: a verb phrase that becomes a relative clause."""
        measure, names = NOUNS[entity.sense]
        numeral = NUMERALS[entity.count]
        if entity.sense == "glasses.cups" and entity.count > 1:
            measure = "个"
        quantity = None if bare and entity.count == 1 else _phrase("QP", Leaf(numeral, "CD"), Leaf(measure, "M"))
        parts: list[Leaf | Phrase | None] = [modifier, quantity]
        parts += [self.relative(self.detail(detail)) for detail in entity.details]
        if clause is not None:
            parts.append(self.relative(clause))
        # Colours before kinds, the size next to the noun.
        for name in sorted(entity.attributes, key=ADJECTIVE_ORDER.index, reverse=True):
            parts.append(self.attribute(name, entity.sense))
        noun = Leaf(self.pick(names), "NN")
        if all(part is None for part in parts):
            return _phrase("NP", noun)
        return _phrase("NP", *parts, _phrase("NP", noun))

    def detail(self, detail: Detail) -> Phrase:
        """The detail as a verb phrase; clothes mostly without a measure word: 戴着 红色 帽子 的 男人."""
        if detail.predicate == "wear" and self.chance(0.75):
            verb = Leaf(verbs("wear", detail.other.sense)[0], "VV")
            return _phrase("VP", verb, Leaf("着", "AS"), self.noun_phrase(detail.other, bare=True))
        return self.verb_phrase(Statement((), detail.predicate, detail.other))

    def relative(self, verb_phrase: Phrase) -> Phrase:
        return _phrase("CP", _phrase("IP", verb_phrase), Leaf("的", "DEC"))

    def attribute(self, name: str, sense: str) -> Phrase:
        word = self.pick(ATTRIBUTES[name])
        if name == "spotted" and sense in BY_SENSE and BY_SENSE[sense].group == "animal":
            word = SPOTTED_ANIMAL
        if name not in DIRECT and self.chance(0.45):
            return _phrase("DNP", _phrase("ADJP", Leaf(word, "JJ")), Leaf("的", "DEG"))
        return _phrase("ADJP", Leaf(word, "JJ"))
