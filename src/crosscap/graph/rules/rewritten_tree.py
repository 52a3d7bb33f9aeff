"""A UD tree before the patterns read it: slips mended, prepositions and quantifiers of several words collapsed."""

from __future__ import annotations

from collections.abc import Sequence

from crosscap.graph.rules.lemmas import lemma_of
from crosscap.graph.rules.word_lists import (
    PARTITIVE_QUANTIFIERS,
    PHRASAL_ENDS,
    PHRASAL_LENGTHS,
    PHRASAL_PREPOSITIONS,
    PLURAL_QUANTIFIERS,
    SINGULAR_QUANTIFIERS,
)
from crosscap.syntax.tree import Word

NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))


class RewrittenTree:
    """A basic tree whose phrasal prepositions and quantifiers have given their places to their nouns.

    Words are counted from 0; the governor of the root is -1.

    Attributes:
        names: lowercase lemma of each word.
        heads, relations, children: the tree.
        consumed: which words are part of another (quantifiers, words of a preposition).
        prepositions: of nouns that a phrasal preposition leads to.
        attributes: ``(noun, name)`` of quantifiers.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.forms = [word.form.lower() for word in words]
        self.names = [lemma_of(word) for word in words]
        self.heads = [word.head - 1 for word in words]
        self.relations = [word.relation for word in words]
        self.consumed = [False] * len(words)
        self.prepositions: dict[int, str] = {}
        self.attributes: list[tuple[int, str]] = []
        self._index_children()
        self._mend_relations()
        self._collapse_phrasal_prepositions()
        self._collapse_quantifiers()

    def child(self, word: int, relation: str) -> int:
        """The first child of ``word`` by ``relation``, or -1."""
        for child in self.children[word]:
            if self.relations[child] == relation:
                return child
        return -1

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
                self.relations[noun] = "nmod" if is_noun(self.words[governor]) else "obl"
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


def is_noun(word: Word) -> bool:
    # "someone" is a pronoun in UD and a noun in Penn tags, which the rules were written for.
    noun = word.upos in ("NOUN", "PROPN") or (word.upos == "PRON" and word.xpos in NOUN_TAGS)
    return noun and any(letter.isalnum() for letter in word.form)
