"""Fits Chinese trees to jieba's words, which are not always the grammar's."""

from __future__ import annotations

from itertools import pairwise

from crosscap.storybook.grammar.tree import Leaf, Phrase
from crosscap.text.tokenizers import tokenizer


def fit(tree: Phrase) -> bool:
    """Make the leaves of ``tree`` the words that jieba cuts its sentence into, in place.

    A word that jieba splits becomes sister leaves, words that it joins become one leaf where they make up whole
    sister constituents, or a noun with its measure word or localizer. Returns False where jieba's words cross the
    constituents in another way: such a tree cannot be mended.
    """
    words = tokenizer("zh").tokenize("".join(tree.words()))
    _split(tree, words)
    position = 0
    leaves = tree.leaves()
    for word in words:
        joined = [leaves[position]]
        while len("".join(leaf.word for leaf in joined)) < len(word):
            joined.append(leaves[position + len(joined)])
        if "".join(leaf.word for leaf in joined) != word:
            return False
        if len(joined) > 1 and not _join(tree, joined) and not _absorb(tree, joined):
            return False
        position += len(joined)
    _label_as_treebank(tree)
    return tree.words() == words


def _split(tree: Phrase, words: list[str]) -> None:
    """Cut every leaf at the word boundaries inside it."""
    boundaries, end = set(), 0
    for word in words:
        end += len(word)
        boundaries.add(end)
    start = 0
    pieces: dict[Leaf, list[Leaf]] = {}
    for leaf in tree.leaves():
        stop = start + len(leaf.word)
        cuts = [start, *sorted(b for b in boundaries if start < b < stop), stop]
        if len(cuts) > 2:
            parts = [leaf.word[a - start : b - start] for a, b in pairwise(cuts)]
            pieces[leaf] = [Leaf(part, leaf.tag) for part in parts]
        start = stop
    if pieces:
        _replace(tree, pieces)


def _replace(tree: Phrase, pieces: dict[Leaf, list[Leaf]]) -> None:
    parts: list[tuple[Leaf | Phrase, str]] = []
    for number, (part, relation) in enumerate(tree.parts):
        if isinstance(part, Phrase):
            _replace(part, pieces)
            parts.append((part, relation))
        elif part not in pieces:
            parts.append((part, relation))
        elif part.tag == "VV" and part.word.endswith("在") and number + 1 < len(tree.parts):
            # 站 在 街道 上: the locative is the complement of its own preposition.
            verb, preposition = pieces[part]
            preposition.tag = "P"
            rest = tree.parts[number + 1 :]
            _replace(Phrase("", rest), pieces)
            parts += [(verb, relation), (Phrase("PP", [(preposition, ""), *rest]), "")]
            break
        else:
            parts.extend((piece, relation) for piece in pieces[part])
    tree.parts = parts


def _join(tree: Phrase, joined: list[Leaf]) -> bool:
    """One leaf for ``joined`` if they are whole parts of one phrase; False if they are not."""
    for part, _ in tree.parts:
        if isinstance(part, Phrase):
            leaves = part.leaves()
            if joined[0] in leaves and joined[-1] in leaves:
                return _join(part, joined)
    covered = []
    for number, (part, _) in enumerate(tree.parts):
        leaves = [part] if isinstance(part, Leaf) else part.leaves()
        if any(leaf in joined for leaf in leaves):
            if not all(leaf in joined for leaf in leaves):
                return False
            covered.append(number)
    tags = [leaf.tag for leaf in joined]
    tag = "VV" if "VV" in tags else tags[0] if tree.label == "QP" else tags[-1]
    one = Leaf("".join(leaf.word for leaf in joined), tag)
    tree.parts[covered[0] : covered[-1] + 1] = [(one, "")]
    if tree.label == "LCP" and len(tree.parts) == 1:
        # 湖里 as one word is a noun of place.
        tree.label, one.tag = "NP", "NN"
    return True


def _absorb(tree: Phrase, joined: list[Leaf]) -> bool:
    """A noun takes in its measure word (一 本书) or its localizer (一张 床上), across their constituents."""
    if [leaf.tag for leaf in joined] not in (["M", "NN"], ["NN", "LC"]):
        return False
    noun, other = sorted(joined, key=lambda leaf: leaf.tag != "NN")
    noun.word = "".join(leaf.word for leaf in joined)
    _remove(tree, other)
    return True


def _remove(tree: Phrase, leaf: Leaf) -> None:
    """Take ``leaf`` out; what is left of an LCP without its localizer is a noun phrase of place."""
    for part, _ in tree.parts:
        if isinstance(part, Phrase):
            _remove(part, leaf)
    kept = [(part, relation) for part, relation in tree.parts if part is not leaf]
    if len(kept) < len(tree.parts) and tree.label == "LCP" and isinstance(inner := kept[0][0], Phrase):
        tree.label, kept = inner.label, inner.parts
    tree.parts = kept


def _label_as_treebank(tree: Phrase) -> None:
    """CTB puts a measure word that stands alone under CLP, and the noun of a modified noun phrase under NP."""
    modified = tree.label == "NP" and any(isinstance(part, Phrase) for part, _ in tree.parts)
    for number, (part, relation) in enumerate(tree.parts):
        if isinstance(part, Phrase):
            _label_as_treebank(part)
        elif tree.label == "QP" and part.tag == "M":
            tree.parts[number] = (Phrase("CLP", [(part, "")]), relation)
        elif modified and part.tag == "NN":
            tree.parts[number] = (Phrase("NP", [(part, "")]), relation)
