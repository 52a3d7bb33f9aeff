"""German: verb-second clauses, verb-final relative clauses, cases, genders, separable verbs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar.english_lexicon import ADJECTIVES as ADJECTIVE_ORDER
from crosscap.storybook.grammar.english_lexicon import GAMES, SPATIAL_ONLY
from crosscap.storybook.grammar.german_lexicon import (
    ACCUSATIVE,
    ADJECTIVES,
    CONTRACTIONS,
    DATIVE,
    DEFINITE,
    INDEFINITE,
    MIXED,
    NOMINATIVE,
    NOUNS,
    NUMERALS,
    PLACES,
    PREPOSITIONS,
    SPOTTED_ANIMAL,
    STRONG,
    SYNONYMS,
    WEAK,
    Noun,
    Verb,
    ending,
    verbs,
)
from crosscap.storybook.inventory import BY_SENSE, PLACE_NAMES


def tell(content: Content, random: Random, period: bool = False) -> str:
    """Say ``content``: nouns capitalised, the first word as the noun or article it is (lowercase)."""
    text = _Teller(random).sentence(content).replace(" ,", ",").rstrip(",")
    while ",," in text:
        text = text.replace(",,", ",")
    return text + "." if period else text


class _Teller:
    def __init__(self, random: Random) -> None:
        # nested: a relative clause about the subject follows, so its clothes are told without another one.
        self.random, self.nested = random, False

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # -- sentences

    def sentence(self, content: Content) -> str:
        first, second = content.first, content.second
        if second is None:
            return self.one(first)
        if content.same_subject:
            many = _many(first)
            one = self.main(first, self.subjects(first.subjects, NOMINATIVE))
            finite, rest = self.predicate(second)
            verb = finite.plural if many else finite.singular
            return _join(one, "und", verb, rest, finite.tail)
        one = self.main(first, self.subjects(first.subjects, NOMINATIVE))
        if self.chance(0.35):
            return _join(one, ", während", self.verb_final(second, self.subjects(second.subjects, NOMINATIVE)))
        return _join(one, "und", self.main(second, self.subjects(second.subjects, NOMINATIVE)))

    def one(self, statement: Statement) -> str:
        frame = self.random.choice(("clause",) * 8 + ("fragment",) * 3 + ("exists",) * 2 + ("passive",))
        self.nested = frame in ("exists", "fragment")
        if frame == "exists":
            return _join("es gibt", self.subjects(statement.subjects, ACCUSATIVE), self.relative(statement))
        if frame == "fragment":
            return _join(self.subjects(statement.subjects, NOMINATIVE), self.relative(statement))
        subject = self.subjects(statement.subjects, NOMINATIVE)
        if frame == "passive" and statement.predicate not in SPATIAL_ONLY:
            verb = self.verb(statement)
            if verb.participle:
                return self.passive(statement, verb)
        if statement.where is not None and self.chance(0.15):
            # The place takes the first position, the subject follows the verb.
            place = self.place(statement.where)
            verb, rest = self.predicate(replace(statement, where=None))
            return _join(place, verb.plural if _many(statement) else verb.singular, subject, rest, verb.tail)
        return self.main(statement, subject)

    def main(self, statement: Statement, subject: str) -> str:
        verb, rest = self.predicate(statement)
        return _join(subject, verb.plural if _many(statement) else verb.singular, rest, verb.tail)

    def verb_final(self, statement: Statement, subject: str) -> str:
        verb, rest = self.predicate(statement)
        return _join(subject, rest, verb.final(_many(statement)))

    def relative(self, statement: Statement) -> str:
        """A clause about the subject just named: ", der auf einem Pferd reitet,"."""
        many = _many(statement)
        gender = "p" if many else NOUNS[statement.subjects[0].sense].gender
        return _join(",", self.verb_final(statement, ending(DEFINITE, gender, NOMINATIVE)), ",")

    def passive(self, statement: Statement, verb: Verb) -> str:
        patient = self.noun_phrase(statement.other, NOMINATIVE)
        place = self.place(statement.where) if statement.where is not None else ""
        agent = _join("von", self.subjects(statement.subjects, DATIVE))
        plural = NOUNS[statement.other.sense].gender == "p" or statement.other.count > 1
        return _join(patient, "werden" if plural else "wird", place, agent, verb.participle)

    # -- predicates

    def verb(self, statement: Statement) -> Verb:
        choices = verbs(statement.predicate, statement.subjects[0].sense, statement.other.sense)
        return choices[0] if len(choices) == 1 or self.chance(0.7) else choices[1]

    def predicate(self, statement: Statement) -> tuple[Verb, str]:
        """The verb and what stands between it and its tail: the place, then the object."""
        place = self.place(statement.where) if statement.where is not None else ""
        if statement.predicate in SPATIAL_ONLY:
            here = self.located(statement.predicate, statement.other)
            be = Verb("befindet", "befinden", "") if self.chance(0.2) else Verb("ist", "sind")
            reflexive = "sich" if be.singular == "befindet" else ""
            return be, _join(reflexive, place, here)
        verb = self.verb(statement)
        if verb.preposition:
            return verb, _join(place, self.prepositional(verb.preposition, statement.other, verb.case))
        game = statement.predicate == "play"
        return verb, _join(place, self.noun_phrase(statement.other, verb.case, game=game))

    def place(self, where: Detail) -> str:
        return self.located(where.predicate, where.other)

    def located(self, preposition: str, entity: Entity) -> str:
        """Where something is: always dative; places have their own prepositions (am Strand)."""
        if entity.sense in PLACES and preposition in ("on", "in"):
            own, definite = PLACES[entity.sense]
            return self.prepositional(own, entity, DATIVE, definite or self.chance(0.6))
        definite = entity.sense in PLACE_NAMES
        return self.prepositional(PREPOSITIONS[preposition], entity, DATIVE, definite)

    def prepositional(self, preposition: str, entity: Entity, case: str, definite: bool = False) -> str:
        definite = definite or entity.sense in PLACE_NAMES
        first, _, rest = self.noun_phrase(entity, case, definite).partition(" ")
        *before, last = preposition.split()
        contracted = CONTRACTIONS.get((last, first))
        return _join(*before, contracted, rest) if contracted else _join(preposition, first, rest)

    # -- noun phrases

    def subjects(self, entities: tuple[Entity, ...], case: str) -> str:
        return " und ".join(self.noun_phrase(entity, case) for entity in entities)

    def noun_phrase(self, entity: Entity, case: str, definite: bool = False, game: bool = False) -> str:
        noun = self.noun(entity)
        many = entity.count > 1
        gender = "p" if many else noun.gender
        adjectives = sorted(entity.attributes, key=ADJECTIVE_ORDER.index)
        if many:
            article, table = NUMERALS[entity.count], STRONG
        elif definite:
            article, table = ending(DEFINITE, gender, case), WEAK
        elif game and not adjectives and (entity.sense in GAMES or self.chance(0.5)):
            article, table = "", STRONG
        else:
            article, table = ending(INDEFINITE, gender, case), MIXED
        words = [self.adjective(name, entity.sense) + ending(table, gender, case) for name in adjectives]
        phrase = _join(article, *words, noun.form(case, many or gender == "p"))
        return _join(phrase, *(self.detail(entity, detail) for detail in entity.details))

    def noun(self, entity: Entity) -> Noun:
        other = SYNONYMS.get(entity.sense)
        return other if other is not None and self.chance(0.15) else NOUNS[entity.sense]

    def adjective(self, name: str, sense: str) -> str:
        if name == "spotted" and sense in BY_SENSE and BY_SENSE[sense].group == "animal":
            return SPOTTED_ANIMAL
        return ADJECTIVES[name]

    def detail(self, entity: Entity, detail: Detail) -> str:
        worn = detail.other
        if detail.predicate == "wear" and (self.nested or self.chance(0.6)):
            if worn.sense in ("shirt", "jacket", "dress") and self.chance(0.6):
                return self.prepositional("in", worn, DATIVE)
            if worn.attributes and not worn.details and self.chance(0.7):
                # Without an article: "mit rotem Hut".
                noun = self.noun(worn)
                adjectives = sorted(worn.attributes, key=ADJECTIVE_ORDER.index)
                endings = ending(STRONG, noun.gender, DATIVE)
                words = [self.adjective(name, worn.sense) + endings for name in adjectives]
                return _join("mit", *words, noun.form(DATIVE, False))
            return self.prepositional("mit", worn, DATIVE)
        return self.relative(Statement((entity,), detail.predicate, worn))


def _many(statement: Statement) -> bool:
    subjects = statement.subjects
    return len(subjects) > 1 or subjects[0].count > 1 or NOUNS[subjects[0].sense].gender == "p"


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
