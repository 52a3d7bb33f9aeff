"""The scene graph of one sentence: the patterns of Schuster et al. (2015) and SPICE over UD v2."""

from __future__ import annotations

from crosscap.graph.rules.clause_graph import ClauseGraph
from crosscap.graph.rules.complements import ACTIVE_SUBJECTS, complements
from crosscap.graph.rules.word_lists import (
    ADJECTIVE_PREDICATES,
    MODAL_ADJECTIVES,
    NUMERALS,
)
from crosscap.graph.scene_graph import Relation, SceneGraph
from crosscap.syntax.tree import Tree

PASSIVE_SUBJECTS = frozenset(("nsubj:pass",))
CLAUSES_OF_NOUNS = frozenset(("acl", "acl:relcl"))


def sentence_graph(tree: Tree, id: str) -> SceneGraph:
    """What ``tree`` says is there, one node a noun, in the order of the words.

    Nodes of equal name stay apart here; `crosscap.graph.scene_graph.merge` makes them one. Casing and a final full
    stop change nothing. A tree without nouns gives an empty graph.
    """
    return read_sentence(tree, id)[0]


def read_sentence(tree: Tree, id: str) -> tuple[SceneGraph, tuple[int, ...]]:
    """The graph of `sentence_graph`, and for each object its word, counted from 0."""
    return _Reader(ClauseGraph(tree.words)).graph(id)


class _Reader:
    """Matches every pattern against one clause graph."""

    def __init__(self, clause: ClauseGraph) -> None:
        self.clause = clause
        self.attributes: dict[tuple[int, str], None] = dict.fromkeys(clause.attributes)
        self.relations: dict[Relation, None] = {}

    def graph(self, id: str) -> tuple[SceneGraph, tuple[int, ...]]:
        clause = self.clause
        for word in range(len(clause.words)):
            self._match_modifiers(word)
            if not clause.consumed[word]:
                self._match_predicate(word)
        nodes = [word for word, noun in enumerate(clause.nouns) if noun]  # pattern J: isolated nouns as well
        rows = {word: row for row, word in enumerate(nodes)}
        graph = SceneGraph(
            id,
            tuple(clause.names[word] for word in nodes),
            tuple((rows[owner], name) for owner, name in sorted(self.attributes) if owner in rows),
            tuple((rows[s], name, rows[o]) for s, name, o in self.relations),
        )
        return graph, tuple(nodes)

    def _relate(self, subject: int, predicate: str, other: int) -> None:
        """Add a relation unless one side is no noun (-1) or the predicate says nothing."""
        if predicate and subject != other and subject >= 0 and other >= 0:
            self.relations[subject, predicate, other] = None

    def _match_modifiers(self, word: int) -> None:
        """Patterns E, G, H and numerals: what hangs from a noun."""
        clause = self.clause
        for head, relation, preposition in clause.incoming[word]:
            owner = clause.noun(head)
            if owner < 0:
                continue
            if relation == "amod":
                self._describe(owner, word)
            elif relation == "appos" and clause.nouns[word] and word > owner:
                self.attributes[owner, clause.names[word]] = None
            elif relation == "nummod" and word < owner and clause.is_plural(owner):
                self.attributes[owner, NUMERALS.get(clause.names[word], clause.names[word])] = None
            elif relation == "nmod:poss":
                self._relate(clause.noun(word), "have", owner)
            elif preposition and (relation == "nmod" or (relation == "obl" and clause.child(head, "cop") < 0)):
                self._relate(owner, preposition, clause.noun(word))

    def _describe(self, owner: int, word: int) -> None:
        """An adjective or a predicate noun of ``owner``, and what its prepositions lead to: a box full of toys."""
        quality = self._quality(word)
        if not self._relate_obliques(owner, word, quality) and quality not in MODAL_ADJECTIVES:
            self.attributes[owner, quality] = None

    def _relate_obliques(self, owner: int, word: int, quality: str = "") -> bool:
        """Relate ``owner`` to the obliques of its predicate; whether one took ``quality`` into its name."""
        clause = self.clause
        taken = False
        for dependent, relation, preposition in clause.outgoing[word]:
            other = clause.noun(dependent)
            if relation != "obl" or not preposition or other < 0:
                continue
            joined = f"{quality} {preposition}"
            taken = taken or joined in ADJECTIVE_PREDICATES
            self._relate(owner, joined if joined in ADJECTIVE_PREDICATES else preposition, other)
        return taken

    def _match_predicate(self, word: int) -> None:
        """Patterns A, B, C, D, F and I: what a predicate says of its subjects."""
        clause = self.clause
        subjects, passive = self._subjects(word)
        if not subjects or clause.is_denied(word):
            return
        data = clause.words[word]
        if self._copula(word) or data.upos not in ("VERB", "AUX"):
            if data.upos in ("PRON", "DET", "PUNCT", "X", "SYM"):
                return
            preposition = clause.own_prepositions[word]
            for subject in subjects:
                if preposition and clause.nouns[word]:
                    self._relate(subject, preposition, word)
                    self._relate_obliques(subject, word)
                elif subject != word:
                    self._describe(subject, word)
            return
        objects, obliques, agents = complements(clause, word, passive)
        actors = agents or subjects
        name = self._verb(word)
        if passive and agents:
            for subject in subjects:
                for agent in agents:
                    self._relate(agent, name, subject)
        for actor in actors:
            for other in objects:
                self._relate(actor, name, other)
            for other, preposition in obliques:
                self._relate(actor, f"{name} {preposition}".strip(), other)
        if objects or obliques or agents or not name:
            return
        if any(relation in ("xcomp", "ccomp") for _, relation, _ in clause.outgoing[word]):
            return
        if "VerbForm=Inf" in data.feats and clause.relations[word] in CLAUSES_OF_NOUNS:
            return
        for subject in subjects:
            self.attributes[subject, clause.forms[word] if passive else name] = None

    def _subjects(self, word: int, depth: int = 0) -> tuple[list[int], bool]:
        """The nouns that ``word`` is said of, and whether they suffer it (passive)."""
        clause = self.clause
        subjects: list[int] = []
        found = False
        for dependent, relation, _ in clause.outgoing[word]:
            if relation in ACTIVE_SUBJECTS or relation in PASSIVE_SUBJECTS:
                found = True
                if (noun := clause.noun(dependent)) >= 0:
                    subjects.append(noun)
        if found:
            return subjects, self._is_passive(word)
        relation, head = clause.relations[word], clause.heads[word]
        if head < 0 or depth > 8:
            return [], False
        for governor, kind, _ in clause.incoming[word]:
            if kind in CLAUSES_OF_NOUNS and clause.words[word].upos in ("VERB", "AUX", "ADJ"):
                noun = clause.noun(governor)
                return ([noun] if noun >= 0 else []), self._is_passive(word)
        if relation == "conj" and (clause.words[word].upos != "NOUN" or self._copula(word)):
            subjects, passive = self._subjects(head, depth + 1)
            return subjects, self._is_passive(word) or (passive and self._is_bare_participle(word))
        if relation == "advcl" and self._shares_subject(word):
            return self._subjects(head, depth + 1)[0], self._is_passive(word)
        if relation == "xcomp":
            objects = [clause.noun(d) for d, r, _ in clause.outgoing[head] if r == "obj"]
            subjects = [noun for noun in objects if noun >= 0] or self._subjects(head, depth + 1)[0]
            return subjects, self._is_passive(word)
        return [], False

    def _shares_subject(self, word: int) -> bool:
        """A man sits reading a book, a dog jumps to catch a ball: not "when it rains", which has its own subject."""
        data = self.clause.words[word]
        return data.upos == "VERB" and (data.xpos in ("VBG", "VBN") or "VerbForm=Fin" not in data.feats)

    def _is_passive(self, word: int) -> bool:
        clause = self.clause
        if any(clause.relations[child] in ("nsubj:pass", "aux:pass") for child in clause.children[word]):
            return True
        # "a bear surrounded by grass": a past participle alone, whether a clause of the noun or a headline's verb.
        if not self._is_bare_participle(word):
            return False
        first = clause.first_conjunct(word)
        return first == word or self._is_passive(first)

    def _is_bare_participle(self, word: int) -> bool:
        data = self.clause.words[word]
        participle = "VerbForm=Part" in data.feats and ("Tense=Past" in data.feats or "Voice=Pass" in data.feats)
        return (participle or data.xpos == "VBN") and self.clause.child(word, "aux") < 0

    def _copula(self, word: int) -> bool:
        """Whether ``word`` has a copula, or shares that of its first conjunct."""
        clause = self.clause
        steps = 0
        while clause.child(word, "cop") < 0:
            if clause.relations[word] != "conj" or clause.words[word].upos == "VERB" or steps > len(clause.words):
                return False
            word, steps = clause.heads[word], steps + 1
        return True

    def _verb(self, word: int) -> str:
        """Lemma and particle; "be" alone says nothing."""
        clause = self.clause
        particle = clause.child(word, "compound:prt")
        parts = [] if clause.names[word] == "be" else [clause.names[word]]
        return " ".join(parts + ([clause.forms[particle]] if particle >= 0 else []))

    def _quality(self, word: int) -> str:
        """An adjective's lemma; a participle stays as it is: a parked car, not a park car."""
        clause = self.clause
        return clause.forms[word] if clause.words[word].upos == "VERB" else clause.names[word]
