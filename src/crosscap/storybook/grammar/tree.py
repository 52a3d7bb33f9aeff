"""Phrases with marked heads: one structure gives the words, the constituency tree and the dependency tree."""

from __future__ import annotations

from dataclasses import dataclass, field

HEAD = "head"


@dataclass(eq=False)
class Leaf:
    """A word.

    Attributes:
        word: as written.
        tag: part of speech of the constituency tree (PTB, CTB).
        upos, lemma, feats: universal part of speech, lemma and features; empty outside English.
        fixed_to: for the second and later words of a multiword preposition, its first word.
    """

    word: str
    tag: str
    upos: str = ""
    lemma: str = ""
    feats: str = "_"
    fixed_to: Leaf | None = None


@dataclass(eq=False)
class Phrase:
    """A constituent: parts in order, each with its UD relation to the phrase's head (``HEAD`` for the head itself)."""

    label: str
    parts: list[tuple[Leaf | Phrase, str]] = field(default_factory=list)

    def leaves(self) -> list[Leaf]:
        found: list[Leaf] = []
        self._collect(found)
        return found

    def _collect(self, found: list[Leaf]) -> None:
        for part, _ in self.parts:
            if isinstance(part, Leaf):
                found.append(part)
            else:
                part._collect(found)

    def words(self) -> list[str]:
        return [leaf.word for leaf in self.leaves()]

    def head(self) -> Leaf:
        for part, relation in self.parts:
            if relation == HEAD:
                return part if isinstance(part, Leaf) else part.head()
        raise ValueError(f"phrase {self.label!r} has no head")


@dataclass(frozen=True)
class Token:
    """A row of CoNLL-U; ``head`` is 1-based, 0 for the root."""

    word: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    relation: str


def phrase(label: str, *parts: tuple[Leaf | Phrase, str] | None) -> Phrase:
    """A phrase of ``parts``; None stands for an absent one."""
    return Phrase(label, [part for part in parts if part is not None])


def dependencies(tree: Phrase) -> list[Token]:
    """The UD tree: within a phrase every part's head depends on the phrase's head."""
    governors: dict[Leaf, tuple[Leaf | None, str]] = {tree.head(): (None, "root")}
    _attach(tree, governors)
    leaves = tree.leaves()
    number = {leaf: position for position, leaf in enumerate(leaves, start=1)}
    rows = []
    for leaf in leaves:
        governor, relation = (leaf.fixed_to, "fixed") if leaf.fixed_to else governors[leaf]
        head = number[governor] if governor is not None else 0
        rows.append(Token(leaf.word, leaf.lemma, leaf.upos, leaf.tag, leaf.feats, head, relation))
    return rows


def _attach(tree: Phrase, governors: dict[Leaf, tuple[Leaf | None, str]]) -> None:
    head = tree.head()
    conjunction: Leaf | None = None
    for part, relation in tree.parts:
        own = part if isinstance(part, Leaf) else part.head()
        if relation == "cc":
            conjunction = own
        elif relation != HEAD:
            governors[own] = (head, relation)
            if relation == "conj" and conjunction is not None:
                governors[conjunction] = (own, "cc")
        if isinstance(part, Phrase):
            _attach(part, governors)


def conllu(tokens: list[Token], sentence_id: str) -> str:
    """One sentence of a CoNLL-U file, with its closing blank line."""
    lines = [f"# sent_id = {sentence_id}", f"# text = {' '.join(token.word for token in tokens)}"]
    for number, token in enumerate(tokens, start=1):
        columns = (token.word, token.lemma, token.upos, token.xpos, token.feats, str(token.head), token.relation)
        lines.append("\t".join((str(number), *columns, "_", "_")))
    return "\n".join(lines) + "\n\n"


def bracketed(tree: Phrase) -> str:
    """The constituency tree on one line, under ``TOP``."""
    return f"(TOP {_bracketed(tree)})"


def _bracketed(node: Leaf | Phrase) -> str:
    if isinstance(node, Leaf):
        return f"({node.tag} {node.word})"
    return f"({node.label} {' '.join(_bracketed(part) for part, _ in node.parts)})"
