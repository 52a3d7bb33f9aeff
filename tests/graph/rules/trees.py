"""Hand-written UD trees in one line a sentence: ``form[/lemma]:UPOS[!XPOS]>head:relation``."""

from __future__ import annotations

from crosscap.syntax.tree import Tree, Word, problem_of

FEATS = {
    "NN": "Number=Sing",
    "NNS": "Number=Plur",
    "NNP": "Number=Sing",
    "VBZ": "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
    "VBP": "Mood=Ind|Tense=Pres|VerbForm=Fin",
    "VBG": "Tense=Pres|VerbForm=Part",
    "VBN": "Tense=Past|VerbForm=Part",
    "VB": "VerbForm=Inf",
    "PRP": "PronType=Prs",
    "PRP$": "Case=Gen|PronType=Prs",
    "WP": "PronType=Rel",
    "WDT": "PronType=Rel",
}
DEFAULT_TAG = {"NOUN": "NN", "PROPN": "NNP", "ADJ": "JJ", "ADP": "IN", "DET": "DT", "NUM": "CD", "ADV": "RB"}


def tree_of(line: str) -> Tree:
    words = []
    for item in line.split():
        left, _, right = item.partition(">")
        head, _, relation = right.partition(":")
        spelling, _, tags = left.partition(":")
        form, _, lemma = spelling.partition("/")
        upos, _, xpos = tags.partition("!")
        xpos = xpos or DEFAULT_TAG.get(upos, "_")
        words.append(Word(form, lemma or form.lower(), upos, xpos, FEATS.get(xpos, "_"), int(head), relation))
    assert problem_of(tuple(words)) is None, f"{problem_of(tuple(words))}: {line}"
    return Tree("test", tuple(words))
