"""From a UD v2 tree to what the patterns read: collapsed prepositions, propagated conjuncts, resolved pronouns.

The rules of Schuster et al. (2015) were written over collapsed and CC-processed UD v1 graphs; this rebuilds that view
from a basic UD v2 tree, in the order the rules demand: phrasal prepositions, quantifiers, compounds, conjuncts,
pronouns.
"""

from __future__ import annotations

from collections.abc import Sequence

from crosscap.graph.rules.lemmas import lemma_of
from crosscap.graph.rules.word_lists import (
    NEGATIONS,
    PARTITIVE_QUANTIFIERS,
    PHRASAL_ENDS,
    PHRASAL_LENGTHS,
    PHRASAL_PREPOSITIONS,
    PLURAL_QUANTIFIERS,
    RELATIVE_PRONOUNS,
    SINGULAR_PRONOUNS,
    SINGULAR_QUANTIFIERS,
)
from crosscap.syntax.tree import Word

# (governor, relation, preposition or "") of one dependent; (dependent, relation, preposition) of one governor.
Edge = tuple[int, str, str]
NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))
# A noun as amod is a parser's slip ("a silver lamp"), and means a compound.
PART_OF_NOUN = frozenset(("compound", "amod"))
TAKES_PREPOSITION = frozenset(("obl", "nmod", "obj"))
NOTHING: list[Edge] = []


class ClauseGraph:
    """A sentence as the patterns see it. Words are counted from 0; the governor of the root is -1.

    Attributes:
        names: lowercase lemma of each word, or the joined name of a flat one.
        heads, relations, children: the basic tree after rewriting.
        nouns: which words become nodes.
        consumed: which words are part of another (compound parts, quantifiers, words of a preposition).
        attributes: ``(noun, name)`` found while rewriting: compound parts and quantifiers.
        incoming: edges by dependent, conjuncts included.
        outgoing: edges by governor, in the order of the dependents.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.forms = [word.form.lower() for word in words]
        self.names = [lemma_of(word) for word in words]
        self.heads = [word.head - 1 for word in words]
        self.relations = [word.relation for word in words]
        self.consumed = [False] * len(words)
        self.prepositions: dict[int, str] = {}
        self._first: dict[int, int] = {}
        self.attributes: list[tuple[int, str]] = []
        self._index_children()
        self._mend_relations()
        self._collapse_phrasal_prepositions()
        self._collapse_quantifiers()
        self.nouns = [_is_noun(word) and not gone for word, gone in zip(words, self.consumed, strict=True)]
        self._leave_out_absent_nouns()
        self._collapse_names()
        self._propagate()
        self.stands_for = self._resolve_pronouns()

    def is_denied(self, word: int) -> bool:
        """Whether a predicate is negated: "is not wearing a hat" says nothing of what is there."""
        return any(
            self.forms[child] in NEGATIONS and self.relations[child] == "advmod" for child in self.children[word]
        )

    def child(self, word: int, relation: str) -> int:
        """The first child of ``word`` by ``relation``, or -1."""
        for child in self.children[word]:
            if self.relations[child] == relation:
                return child
        return -1

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

    def is_plural(self, word: int) -> bool:
        return "Number=Plur" in self.words[word].feats or self.words[word].xpos in ("NNS", "NNPS")

    def _index_children(self) -> None:
        self.children: list[list[int]] = [[] for _ in self.words]
        for word, head in enumerate(self.heads):
            if head >= 0:
                self.children[head].append(word)

    def _mend_relations(self) -> None:
        """Slips that parsers trained on whole sentences make on captions, and labels that differ between treebanks."""
        for word, relation in enumerate(self.relations):
            head = self.heads[word]
            if head < 0:
                continue
            governor = self.words[head].upos
            if relation in ("nmod:desc", "nmod:unmarked") and word < head:
                self.relations[word] = "compound"
            elif relation == "compound" and word < head and governor == "VERB" and self.words[word].upos != "VERB":
                self.relations[word] = "nsubj"  # "log leaning against a fence"
            elif (
                relation in ("ccomp", "advcl", "advcl:relcl", "xcomp")
                and (governor in ("NOUN", "PROPN") and self.child(head, "cop") < 0)
                and (word > head and self.words[word].upos == "VERB")
            ):
                own = any(self.relations[child].startswith("nsubj") for child in self.children[word])
                self.relations[word] = "acl:relcl" if own else "acl"

    def _leave_out_absent_nouns(self) -> None:
        """ "There is no dog": no dog is there."""
        for word, form in enumerate(self.forms):
            head = self.heads[word]
            if form == "no" and self.relations[word] == "det" and head >= 0 and self.words[head].upos == "NOUN":
                self.nouns[head] = False

    def _take_place(self, heir: int, former: int) -> None:
        """``heir`` takes the governor, the relation and the other dependents of its head ``former``."""
        governor = self.heads[former]
        moved = [child for child in self.children[former] if child != heir]
        for child in moved:
            self.heads[child] = heir
        self.children[heir] = sorted([*self.children[heir], *moved, former])
        self.children[former] = []
        if governor >= 0:
            self.children[governor] = sorted(heir if child == former else child for child in self.children[governor])
        self.heads[heir], self.relations[heir] = governor, self.relations[former]
        self.heads[former], self.relations[former] = heir, "dep"
        self.consumed[former] = True

    def _collapse_phrasal_prepositions(self) -> None:
        """in front of X: X takes the place of "front" and carries the whole preposition."""
        forms = self.forms
        for last, form in enumerate(forms):
            if form not in PHRASAL_ENDS or last == 0 or self.heads[last] <= last:
                continue
            for length in PHRASAL_LENGTHS:
                first = last + 1 - length
                if first < 0 or (phrase := " ".join(forms[first : last + 1])) not in PHRASAL_PREPOSITIONS:
                    continue
                self._collapse_phrase(range(first, last + 1), self.heads[last], PHRASAL_PREPOSITIONS[phrase])
                break

    def _collapse_phrase(self, phrase: range, noun: int, preposition: str) -> None:
        core = self.heads[noun]
        if core in phrase:
            governor = self.heads[core]
            self._take_place(noun, core)
            if governor >= 0 and self.relations[noun] in ("advmod", "amod", "nmod", "obl", "dep", "compound"):
                self.relations[noun] = "nmod" if _is_noun(self.words[governor]) else "obl"
        elif not all(self.heads[word] in phrase or self.heads[word] in (noun, core) for word in phrase):
            return
        for word in phrase:
            self.consumed[word] = True
        self.prepositions[noun] = preposition

    def _collapse_quantifiers(self) -> None:
        """a lot of dogs: dogs take the place of "lot"."""
        forms = self.forms
        for of in range(1, len(forms) - 1):
            if forms[of] != "of" or self.consumed[of] or self.heads[of] <= of:
                continue
            quantifier, noun = of - 1, self.heads[of]
            if self.heads[noun] != quantifier or not self._is_quantifier(quantifier, of + 1):
                continue
            self._take_place(noun, quantifier)
            self.relations[of] = "dep"
            for word in range(self._quantifier_start(quantifier), of + 1):
                self.consumed[word] = True
                if self.relations[word] in ("det", "amod", "advmod", "nummod"):
                    self.relations[word] = "dep"
            if self.is_plural(noun):
                self.attributes.append((noun, self.names[quantifier]))

    def _is_quantifier(self, word: int, after_of: int) -> bool:
        form, start = self.forms[word], self._quantifier_start(word)
        if form in SINGULAR_QUANTIFIERS and self.forms[start] in ("a", "an"):
            return True
        if form in PLURAL_QUANTIFIERS:
            return True
        follows = self.forms[after_of] in ("the", "these", "those") or self.words[after_of].upos == "PRON"
        return form in PARTITIVE_QUANTIFIERS and follows

    def _quantifier_start(self, word: int) -> int:
        """The article before a quantifier, over an adjective: a whole bunch."""
        for back in (1, 2):
            if word >= back and self.forms[word - back] in ("a", "an"):
                return word - back
        return word

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


def _is_noun(word: Word) -> bool:
    # "someone" is a pronoun in UD and a noun in Penn tags, which the rules were written for.
    noun = word.upos in ("NOUN", "PROPN") or (word.upos == "PRON" and word.xpos in NOUN_TAGS)
    return noun and any(letter.isalnum() for letter in word.form)
