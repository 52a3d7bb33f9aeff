"""From a UD v2 tree to what the patterns read: collapsed prepositions, propagated conjuncts, resolved pronouns.

The rules of Schuster et al. (2015) were written over collapsed and CC-processed UD v1 graphs; this rebuilds that view
from a basic UD v2 tree, in the order the rules demand: phrasal prepositions, quantifiers, compounds, conjuncts,
pronouns.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosscap.graph.rules.rewritten_tree import RewrittenTree, is_noun
from crosscap.graph.rules.word_lists import NEGATIONS, RELATIVE_PRONOUNS, SINGULAR_PRONOUNS
from crosscap.syntax.tree import Word

# (governor, relation, preposition or "") of one dependent; (dependent, relation, preposition) of one governor.
Edge = tuple[int, str, str]
# A noun as amod is a parser's slip ("a silver lamp"), and means a compound.
PART_OF_NOUN = frozenset(("compound", "amod"))
TAKES_PREPOSITION = frozenset(("obl", "nmod", "obj"))
NOTHING: list[Edge] = []


class ClauseGraph(RewrittenTree):
    """A sentence as the patterns see it.

    Attributes:
        names: lowercase lemma of each word, or the joined name of a flat one.
        nouns: which words become nodes.
        consumed: as in `RewrittenTree`, compound parts included.
        attributes: as in `RewrittenTree`, compound parts included.
        incoming: edges by dependent, conjuncts included.
        outgoing: edges by governor, in the order of the dependents.
        stands_for: the nouns of pronouns.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        super().__init__(words)
        self._first: dict[int, int] = {}
        self.nouns = [is_noun(word) and not gone for word, gone in zip(words, self.consumed, strict=True)]
        self._leave_out_absent_nouns()
        self._collapse_names()
        self._propagate()
        self.stands_for = self._resolve_pronouns()

    def is_denied(self, word: int) -> bool:
        """Whether a predicate is negated: "is not wearing a hat" says nothing of what is there."""
        return any(
            self.forms[child] in NEGATIONS and self.relations[child] == "advmod" for child in self.children[word]
        )

    def noun(self, word: int) -> int:
        """The noun that ``word`` is or stands for (a pronoun's antecedent), or -1."""
        word = self.stands_for.get(word, word)
        return word if self.nouns[word] else -1

    def first_conjunct(self, word: int) -> int:
        """The first of the conjuncts that ``word`` belongs to; ``word`` itself when it is none."""
        passed = []
        while self.relations[word] == "conj" and word not in self._first:
            passed.append(word)
            word = self.heads[word]
        first = self._first.get(word, word)
        self._first.update(dict.fromkeys(passed, first))
        return first

    def _leave_out_absent_nouns(self) -> None:
        """ "There is no dog": no dog is there."""
        for word, form in enumerate(self.forms):
            head = self.heads[word]
            if form == "no" and self.relations[word] == "det" and head >= 0 and self.words[head].upos == "NOUN":
                self.nouns[head] = False

    def _collapse_names(self) -> None:
        """Compound parts become attributes of their noun; flat parts join its name."""
        for word, relation in enumerate(self.relations):
            head = self.heads[word]
            if relation == "fixed":
                self.consumed[word], self.nouns[word] = True, False
            elif relation == "flat" or relation.startswith("flat:"):
                if head >= 0 and not self.consumed[word]:
                    self.names[head] = f"{self.names[head]} {self.names[word]}"
                    self.consumed[word], self.nouns[word] = True, False
            elif (
                word < head
                and self.nouns[head]
                and (relation == "compound" or (relation == "amod" and self.nouns[word]))
            ):
                self.consumed[word], self.nouns[word] = True, False
        for word, relation in enumerate(self.relations):
            if relation not in PART_OF_NOUN or not self.consumed[word]:
                continue
            owner = self.heads[word]
            while self.relations[owner] in PART_OF_NOUN and self.consumed[owner]:
                owner = self.heads[owner]
            if self.nouns[owner] and self.words[word].upos != "PUNCT":
                self.attributes.append((owner, self.names[word]))
                for child in self.children[word]:
                    # "red brick house": what describes the part describes the whole.
                    if self.relations[child] == "amod":
                        self.heads[child] = owner

    def _propagate(self) -> None:
        """A conjunct takes the incoming edges of its first conjunct."""
        count = len(self.words)
        self.incoming: list[list[Edge]] = [NOTHING] * count
        self.outgoing: list[list[Edge]] = [[] for _ in range(count)]
        own = [self._preposition(word) for word in range(count)]
        for word in range(count):
            first = self.first_conjunct(word)
            head, relation = self.heads[first], self.relations[first]
            if head < 0 or self.consumed[word]:
                continue
            preposition = own[word] or own[first] if relation.partition(":")[0] in TAKES_PREPOSITION else ""
            self.incoming[word] = [(head, relation, preposition)]
            self.outgoing[head].append((word, relation, preposition))
        self.own_prepositions = own

    def _preposition(self, word: int) -> str:
        """All ``case`` children with their ``fixed`` ones, joined: "in front of"."""
        if word in self.prepositions:
            return self.prepositions[word]
        parts = []
        for child in self.children[word]:
            if self.relations[child] == "case" and self.forms[child] not in ("'s", "’s", "'", "’"):
                parts.append(child)
                parts += [part for part in self.children[child] if self.relations[part] == "fixed"]
        return " ".join(self.forms[part] for part in sorted(parts))

    def _resolve_pronouns(self) -> dict[int, int]:
        """Pronoun -> noun: relative ones by their clause, personal ones by breadth-first search from the root."""
        found: dict[int, int] = {}
        order: list[int] = []
        for word, (form, data) in enumerate(zip(self.forms, self.words, strict=True)):
            if data.upos not in ("PRON", "DET") and data.xpos not in ("WP", "WDT", "WP$", "PRP", "PRP$"):
                continue
            if form in RELATIVE_PRONOUNS:
                antecedent = self._antecedent(word)
                if antecedent >= 0:
                    found[word] = antecedent
            elif word > 0 and (data.xpos.startswith("PRP") or "PronType=Prs" in data.feats):
                order = order or self._breadth_first()
                noun = self._first_noun(order, singular=form in SINGULAR_PRONOUNS)
                if 0 <= noun < word:
                    found[word] = noun
        return found

    def _antecedent(self, word: int) -> int:
        """The noun that the relative clause around ``word`` belongs to, or -1."""
        at, steps = word, 0
        while at >= 0 and steps <= len(self.words):
            if self.relations[at] == "acl:relcl" or (self.relations[at] == "acl" and at != word):
                head = self.heads[at]
                return head if head >= 0 and self.nouns[head] and head < word else -1
            at, steps = self.heads[at], steps + 1
        return -1

    def _breadth_first(self) -> list[int]:
        order = [word for word, head in enumerate(self.heads) if head < 0]
        for word in order:
            order += self.children[word]
        return order

    def _first_noun(self, order: list[int], singular: bool) -> int:
        for word in order:
            if self.nouns[word] and not (singular and self.is_plural(word)):
                return word
        return -1
