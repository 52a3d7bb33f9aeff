"""English: a caption's words, its PTB and UD trees, and the scene graph that these trees say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar.english_lexicon import (
    ADJECTIVES,
    COMPOUND_PREPOSITIONS,
    DEFINITE_PLACES,
    GAMES,
    NOUNS,
    NUMERALS,
    PASSIVE,
    PLURAL_ONLY,
    PREDICATES,
    SPATIAL_ONLY,
    SYNONYM_SHARE,
    VERBS,
    article,
    plural,
)
from crosscap.storybook.grammar.tree import HEAD, Leaf, Phrase, phrase
from crosscap.storybook.inventory import BY_SENSE, PLACE_NAMES

SINGULAR, PLURAL = "Number=Sing", "Number=Plur"
PRESENT = {
    "is": "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
    "are": "Mood=Ind|Number=Plur|Person=3|Tense=Pres|VerbForm=Fin",
}


@dataclass(frozen=True)
class EnglishCaption:
    """A sentence with everything that is known about it; ``graph`` follows the rules of `crosscap.graph`."""

    tree: Phrase
    graph: SceneGraph

    @property
    def words(self) -> list[str]:
        return self.tree.words()


@dataclass
class _Facts:
    """The scene graph while the sentence is being built."""

    objects: list[str] = field(default_factory=list)
    attributes: list[tuple[int, str]] = field(default_factory=list)
    relations: list[tuple[int, str, int]] = field(default_factory=list)

    def add(self, name: str, attributes: list[str]) -> int:
        self.objects.append(name)
        node = len(self.objects) - 1
        self.attributes.extend((node, attribute) for attribute in attributes)
        return node

    def relate(self, subjects: list[int], predicate: str, others: list[int]) -> None:
        self.relations.extend((subject, predicate, other) for subject in subjects for other in others)

    def graph(self, id: str) -> SceneGraph:
        return merge(id, [SceneGraph(id, tuple(self.objects), tuple(self.attributes), tuple(self.relations))])


@dataclass(frozen=True)
class _Noun:
    """A noun phrase in use: its tree, its graph nodes, whether verbs agree with it in the plural."""

    tree: Phrase
    nodes: list[int]
    plural: bool


def tell(content: Content, random: Random, period: bool = False, id: str = "") -> EnglishCaption:
    """Say ``content``: frame and synonyms are drawn from ``random``."""
    teller = _Teller(random)
    tree = teller.sentence(content)
    if period:
        tree.parts.append((Leaf(".", ".", "PUNCT", "."), "punct"))
    return EnglishCaption(tree, teller.facts.graph(id))


class _Teller:
    def __init__(self, random: Random) -> None:
        self.random, self.facts = random, _Facts()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # -- sentences

    def sentence(self, content: Content) -> Phrase:
        first, second = content.first, content.second
        if second is None:
            frames = ["clause"] * 8
            if len(first.subjects) == 1:
                # A modifier after "a man and a boy" would hang from the first of them alone.
                frames += ["fragment"] * 3 + ["there"] * 2
                frames += ["passive"] * 2 if first.predicate in PASSIVE else []
            frame = self.random.choice(frames)
            if frame == "fragment":
                return self.fragment(first)
            if frame == "there":
                return self.there(first)
            if frame == "passive":
                return self.passive(first)
            if first.where is not None and first.predicate not in SPATIAL_ONLY and self.chance(0.12):
                return self.fronted(first)
            return self.clause(first)[0]
        if content.same_subject:
            subject = self.subjects(first.subjects)
            one = self.verb_phrase(subject, first)
            two = self.verb_phrase(subject, second, elided="is" if one[1] == "progressive" else "")
            both = phrase("VP", (one[0], HEAD), (_word("and"), "cc"), (two[0], "conj"))
            if one[1] == "progressive" and two[1] == "progressive":
                both = _join_progressives(one[0], two[0])
            return phrase("S", (subject.tree, "nsubj"), (both, HEAD))
        one_clause, two_clause = self.clause(first)[0], None
        if self.chance(0.35):
            two_clause = self.clause(second, progressive=True)[0]
            marked = phrase("SBAR", (_word("while"), "mark"), (two_clause, HEAD))
            verb_phrase, relation = one_clause.parts[-1]
            assert isinstance(verb_phrase, Phrase) and relation == HEAD
            verb_phrase.parts.append((marked, "advcl"))
            return one_clause
        two_clause = self.clause(second)[0]
        return phrase("S", (one_clause, HEAD), (_word("and"), "cc"), (two_clause, "conj"))

    def clause(self, statement: Statement, progressive: bool = False) -> tuple[Phrase, _Noun]:
        subject, statement = self.subject_with_place(statement)
        verb_phrase, _ = self.verb_phrase(subject, statement, progressive=progressive)
        return phrase("S", (subject.tree, "nsubj"), (verb_phrase, HEAD)), subject

    def fronted(self, statement: Statement) -> Phrase:
        """The place first: "in the park, a boy is flying a kite"."""
        assert statement.where is not None
        preposition, place = statement.where.predicate, self.noun_phrase(statement.where.other)
        subject = self.subjects(statement.subjects)
        here = self.prepositional(preposition, place)
        verb_phrase, _ = self.verb_phrase(subject, replace(statement, where=None))
        self.facts.relate(subject.nodes, f"{verb_phrase.head().lemma} {preposition}", place.nodes)
        comma = Leaf(",", ",", "PUNCT", ",")
        return phrase("S", (here, "obl"), (comma, "punct"), (subject.tree, "nsubj"), (verb_phrase, HEAD))

    def fragment(self, statement: Statement) -> Phrase:
        """A noun phrase alone: "a dog chasing a cat in the park"."""
        subject = self.subjects(statement.subjects)
        return self.qualified(subject, statement)

    def there(self, statement: Statement) -> Phrase:
        subject = self.subjects(statement.subjects)
        be = self.be(subject.plural, "VERB")
        there = phrase("NP", (Leaf("there", "EX", "PRON", "there"), HEAD))
        whole = self.qualified(subject, statement)
        return phrase("S", (there, "expl"), (phrase("VP", (be, HEAD), (whole, "nsubj")), HEAD))

    def passive(self, statement: Statement) -> Phrase:
        agent_entity = statement.subjects[0]
        if statement.where is not None:
            # The place stands behind the agent and is read as the agent's.
            agent_entity = replace(agent_entity, details=(*agent_entity.details, statement.where))
        patient = self.noun_phrase(statement.other)
        agent = self.noun_phrase(agent_entity, detail_form="preposition")
        lemma = self.synonym(PREDICATES, statement.predicate)
        self.facts.relate(agent.nodes, lemma, patient.nodes)
        by = self.prepositional("by", agent)
        participle = _verb(lemma, "VBN")
        inner = phrase("VP", (participle, HEAD), (by, "obl:agent"))
        if self.chance(0.3):
            return phrase("NP", (patient.tree, HEAD), (inner, "acl"))
        being = Leaf("being", "VBG", "AUX", "be", "VerbForm=Ger")
        middle = phrase("VP", (being, "aux:pass"), (inner, HEAD))
        outer = phrase("VP", (self.be(patient.plural, "AUX"), "aux"), (middle, HEAD))
        return phrase("S", (patient.tree, "nsubj:pass"), (outer, HEAD))

    # -- verb phrases

    def verb_phrase(
        self, subject: _Noun, statement: Statement, progressive: bool = False, elided: str = ""
    ) -> tuple[Phrase, str]:
        """The predicate of a clause and its form: ``progressive``, ``present`` or ``copula``."""
        predicate = self.synonym(PREDICATES, statement.predicate)
        if predicate in SPATIAL_ONLY:
            other = self.noun_phrase(statement.other, where=statement.where)
            self.facts.relate(subject.nodes, predicate, other.nodes)
            place = self.prepositional(predicate, other)
            return phrase("VP", (self.be(subject.plural, "AUX"), "cop"), (place, HEAD)), "copula"
        if elided or progressive or not self.chance(0.15):
            inner = self.action(subject, statement, predicate, "VBG")
            return phrase("VP", (self.be(subject.plural, "AUX"), "aux"), (inner, HEAD)), "progressive"
        return self.action(subject, statement, predicate, "VBP" if subject.plural else "VBZ"), "present"

    def action(self, subject: _Noun, statement: Statement, predicate: str, tag: str) -> Phrase:
        """A full verb with its object and place; adds what it says to the graph."""
        lemma, _, preposition = predicate.partition(" ")
        other = self.noun_phrase(statement.other, game=predicate == "play")
        self.facts.relate(subject.nodes, predicate, other.nodes)
        complement: tuple[Leaf | Phrase, str] = (other.tree, "obj")
        if preposition:
            complement = (self.prepositional(preposition, other), "obl")
        result = phrase("VP", (_verb(lemma, tag), HEAD), complement)
        if statement.where is not None:
            place = self.noun_phrase(statement.where.other)
            self.facts.relate(subject.nodes, f"{lemma} {statement.where.predicate}", place.nodes)
            result.parts.append((self.prepositional(statement.where.predicate, place), "obl"))
        return result

    def be(self, plural_subject: bool, upos: str) -> Leaf:
        word = "are" if plural_subject else "is"
        return Leaf(word, "VBP" if plural_subject else "VBZ", upos, "be", PRESENT[word])

    # -- noun phrases

    def subject_with_place(self, statement: Statement) -> tuple[_Noun, Statement]:
        """The subject, which sometimes takes the place to itself: "a man on the beach is …"."""
        where = statement.where
        plain = len(statement.subjects) == 1 and not statement.subjects[0].details
        if where is not None and plain and statement.predicate not in SPATIAL_ONLY and self.chance(0.35):
            entity = statement.subjects[0]
            subject = self.noun_phrase(replace(entity, details=(where,)), detail_form="preposition")
            return subject, replace(statement, where=None)
        return self.subjects(statement.subjects), statement

    def subjects(self, entities: tuple[Entity, ...]) -> _Noun:
        nouns = [self.noun_phrase(entity) for entity in entities]
        if len(nouns) == 1:
            return nouns[0]
        tree = phrase("NP", (nouns[0].tree, HEAD), (_word("and"), "cc"), (nouns[1].tree, "conj"))
        return _Noun(tree, nouns[0].nodes + nouns[1].nodes, True)

    def qualified(self, subject: _Noun, statement: Statement) -> Phrase:
        """The subject with its statement as a participle or a prepositional phrase."""
        predicate = self.synonym(PREDICATES, statement.predicate)
        if predicate in SPATIAL_ONLY:
            other = self.noun_phrase(statement.other, where=statement.where)
            self.facts.relate(subject.nodes, predicate, other.nodes)
            return phrase("NP", (subject.tree, HEAD), (self.prepositional(predicate, other), "nmod"))
        return phrase("NP", (subject.tree, HEAD), (self.action(subject, statement, predicate, "VBG"), "acl"))

    def noun_phrase(
        self, entity: Entity, detail_form: str = "", where: Detail | None = None, game: bool = False
    ) -> _Noun:
        """``where``: a place told of this thing ("next to a tree in the park"); ``game``: it is being played."""
        noun = self.synonym(NOUNS, entity.sense)
        lemma = noun
        many = entity.count > 1 or noun in PLURAL_ONLY
        adjectives = sorted(entity.attributes, key=ADJECTIVES.index)
        attributes = list(adjectives)
        words = [(Leaf(adjective, "JJ", "ADJ", adjective, "Degree=Pos"), "amod") for adjective in adjectives]
        first = adjectives[0] if adjectives else noun
        if entity.count > 1:
            numeral = NUMERALS[entity.count]
            attributes.append(numeral)
            opening: tuple[Leaf, str] | None = (
                Leaf(numeral, "CD", "NUM", numeral, "NumForm=Word|NumType=Card"), "nummod",
            )  # fmt: skip
        elif noun in PLURAL_ONLY:
            some = Leaf("some", "DT", "DET", "some", "PronType=Ind")
            opening = (some, "det") if entity.sense == "glasses.cups" and self.chance(0.6) else None
        elif game and entity.sense in GAMES and not adjectives:
            opening = None
        else:
            opening = (self.article(entity.sense, first), "det")
        tag, feats = ("NNS", PLURAL) if many else ("NN", SINGULAR)
        head = Leaf(plural(noun) if many else noun, tag, "NOUN", lemma, feats)
        tree = phrase("NP", opening, *words, (head, HEAD))
        nodes = [self.facts.add(lemma, attributes)]
        result = _Noun(tree, nodes, many)
        for detail in entity.details:
            result = _Noun(self.detail(result, entity, detail, detail_form), nodes, many)
        if where is not None:
            result = _Noun(self.detail(result, entity, where, "preposition"), nodes, many)
        return result

    def detail(self, owner: _Noun, entity: Entity, detail: Detail, form: str) -> Phrase:
        """``owner`` with a modifier: a prepositional phrase, a participle or a relative clause."""
        predicate = detail.predicate
        if form == "preposition" or predicate in SPATIAL_ONLY:
            form = "preposition"
        elif not form:
            form = self.random.choice(("preposition", "participle", "relative") if predicate == "wear"
                                      else ("participle", "relative"))  # fmt: skip
        if form == "preposition":
            if predicate == "wear":
                predicate = "with" if BY_SENSE[detail.other.sense].sense == "glasses.eyewear" else "in"
            other = self.noun_phrase(detail.other)
            self.facts.relate(owner.nodes, predicate, other.nodes)
            return phrase("NP", (owner.tree, HEAD), (self.prepositional(predicate, other), "nmod"))
        told = Statement((entity,), predicate, detail.other)
        if form == "participle":
            return phrase("NP", (owner.tree, HEAD), (self.action(owner, told, predicate, "VBG"), "acl"))
        person = BY_SENSE[entity.sense].group == "person"
        pronoun = Leaf("who", "WP", "PRON", "who", "PronType=Rel") if person else (
            Leaf("that", "WDT", "PRON", "that", "PronType=Rel"))  # fmt: skip
        verb_phrase, _ = self.verb_phrase(owner, told, progressive=self.chance(0.6))
        clause = phrase(
            "SBAR", (phrase("WHNP", (pronoun, HEAD)), "nsubj"), (phrase("S", (verb_phrase, HEAD)), HEAD)
        )  # fmt: skip
        return phrase("NP", (owner.tree, HEAD), (clause, "acl:relcl"))

    def article(self, sense: str, next_word: str) -> Leaf:
        definite = sense in DEFINITE_PLACES or (sense in PLACE_NAMES and self.chance(0.5))
        if definite:
            return Leaf("the", "DT", "DET", "the", "Definite=Def|PronType=Art")
        return Leaf(article(next_word), "DT", "DET", "a", "Definite=Ind|PronType=Art")

    def prepositional(self, preposition: str, noun: _Noun) -> Phrase:
        """The noun is the head, the preposition its ``case``, the later words of a compound one ``fixed`` to it."""
        words = preposition.split()
        tags = COMPOUND_PREPOSITIONS.get(preposition, ("IN",) * len(words))
        first = Leaf(words[0], tags[0], "ADV" if tags[0] == "RB" else "ADP", words[0])
        rest = [
            Leaf(word, tag, "NOUN" if tag == "NN" else "ADP", word, SINGULAR if tag == "NN" else "_", first)
            for word, tag in zip(words[1:], tags[1:], strict=True)
        ]
        if len(words) == 3:
            front = phrase("NP", (rest[0], HEAD))
            inner = phrase("PP", (rest[1], "fixed"), (noun.tree, HEAD))
            return phrase("PP", (first, "case"), (phrase("NP", (front, "fixed"), (inner, HEAD)), HEAD))
        return phrase("PP", (first, "case"), *((leaf, "fixed") for leaf in rest), (noun.tree, HEAD))

    def synonym(self, table: dict[str, tuple[str, ...]], key: str) -> str:
        """The inventory's word, or seldom another one."""
        choices = table.get(key, (key,))
        if len(choices) > 1 and self.chance(SYNONYM_SHARE):
            return self.random.choice(choices[1:])
        return choices[0]


def _join_progressives(one: Phrase, two: Phrase) -> Phrase:
    """ "is riding a horse" and "is wearing a hat" share one auxiliary."""
    auxiliary, first = one.parts
    both = phrase("VP", (first[0], HEAD), (_word("and"), "cc"), (two.parts[1][0], "conj"))
    return phrase("VP", auxiliary, (both, HEAD))


def _verb(lemma: str, tag: str) -> Leaf:
    verb = VERBS[lemma]
    form, feats = {
        "VBG": (verb.present_participle, "Tense=Pres|VerbForm=Part"),
        "VBN": (verb.past_participle, "Tense=Past|VerbForm=Part|Voice=Pass"),
        "VBZ": (verb.third, PRESENT["is"]),
        "VBP": (verb.lemma, PRESENT["are"]),
    }[tag]
    return Leaf(form, tag, "VERB", lemma, feats)


def _word(word: str) -> Leaf:
    tag, upos = ("CC", "CCONJ") if word == "and" else ("IN", "SCONJ")
    return Leaf(word, tag, upos, word)
