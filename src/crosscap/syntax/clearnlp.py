"""From the ClearNLP labels of spaCy's released English models to Universal Dependencies v2.

Two things are more than a change of name: in ClearNLP a preposition governs its noun and the copula governs its
complement; in UD it is the other way round.
"""

from __future__ import annotations

from crosscap.syntax.tree import Word

# ClearNLP label -> UD relation, where nothing but the name differs.
RENAMED = {
    "ROOT": "root", "acl": "acl", "advcl": "advcl", "advmod": "advmod", "amod": "amod", "appos": "appos", "aux": "aux",
    "auxpass": "aux:pass", "case": "case", "cc": "cc", "ccomp": "ccomp", "compound": "compound", "conj": "conj",
    "csubj": "csubj", "csubjpass": "csubj:pass", "dative": "iobj", "dep": "dep", "det": "det", "dobj": "obj",
    "expl": "expl", "intj": "discourse", "mark": "mark", "meta": "dep", "neg": "advmod", "nmod": "nmod",
    "npadvmod": "obl:npmod", "nsubj": "nsubj", "nsubjpass": "nsubj:pass", "nummod": "nummod", "oprd": "xcomp",
    "parataxis": "parataxis", "poss": "nmod:poss", "preconj": "cc:preconj", "predet": "det:predet",
    "prt": "compound:prt", "punct": "punct", "quantmod": "advmod", "relcl": "acl:relcl", "xcomp": "xcomp",
}  # fmt: skip
# Handled by structure.
STRUCTURAL = frozenset({"acomp", "agent", "attr", "pcomp", "pobj", "prep"})
LABELS = frozenset(RENAMED) | STRUCTURAL | {""}
_OWN = frozenset({"dobj", "pobj", "prep", "nsubjpass", "attr", "acomp", "agent", "relcl", "poss"})


def is_clearnlp(labels: set[str]) -> bool:
    """Whether a parser's label set is ClearNLP's: it has names that UD does not know."""
    return len(labels & _OWN) >= 2


def to_universal(words: list[Word]) -> list[Word]:
    """The same words with UD heads and relations."""
    labels = [word.relation for word in words]
    labels = ["ROOT" if word.head == 0 else label for word, label in zip(words, labels, strict=True)]
    heads = [word.head - 1 for word in words]
    relations = [RENAMED.get(label, "dep") for label in labels]
    nominal = [word.upos in ("NOUN", "PROPN", "PRON") for word in words]
    _turn_copulas(words, labels, heads, relations)
    _turn_prepositions(labels, heads, relations, nominal)
    return [
        word._replace(head=head + 1, relation="root" if head < 0 else relation)
        for word, head, relation in zip(words, heads, relations, strict=True)
    ]


def _turn_copulas(words: list[Word], labels: list[str], heads: list[int], relations: list[str]) -> None:
    """be(attr X) -> X(cop be): X takes the verb's place and all its other dependents."""
    for i, label in enumerate(labels):
        verb = heads[i]
        if label not in ("attr", "acomp") or verb < 0:
            continue
        has_expletive = any(heads[k] == verb and labels[k] == "expl" for k in range(len(labels)))
        if words[verb].lemma.lower() != "be" or has_expletive:
            # "there is a man": the noun is the subject in UD; "looks happy": an open complement.
            relations[i] = "nsubj" if has_expletive else "xcomp"
            continue
        heads[i], relations[i] = heads[verb], relations[verb]
        if labels[verb] == "conj" or labels[verb] == "ROOT":
            relations[i] = relations[verb]
        for k, head in enumerate(heads):
            if head == verb and k != i:
                heads[k] = i
        heads[verb], relations[verb] = i, "cop"


def _turn_prepositions(labels: list[str], heads: list[int], relations: list[str], nominal: list[bool]) -> None:
    """V(prep P(pobj N)) -> V(obl N(case P)); chains such as "out of" become several ``case`` words of one noun."""
    for i, label in enumerate(labels):
        if label not in ("pobj", "pcomp"):
            continue
        chain, at = [], heads[i]
        while at >= 0 and labels[at] in ("prep", "agent", "dative") and at not in chain:
            chain.append(at)
            at = heads[at]
        if not chain:
            relations[i] = "obj" if label == "pobj" else "ccomp"
            continue
        top = chain[-1]
        if label == "pcomp":
            relations[i] = "acl" if at >= 0 and nominal[at] else "advcl"
        elif labels[top] == "agent":
            relations[i] = "obl:agent"
        elif relations[top] == "root" or at < 0:
            relations[i] = "root"
        else:
            relations[i] = "nmod" if nominal[at] else "obl"
        heads[i] = at
        for preposition in chain:
            for k, head in enumerate(heads):
                if head == preposition and k != i:
                    heads[k] = i
        for preposition in chain:
            heads[preposition], relations[preposition] = i, "case" if label == "pobj" else "mark"
    for i, label in enumerate(labels):
        if label in ("prep", "agent") and relations[i] == "dep":
            relations[i] = "advmod" if label == "prep" else "obl"
