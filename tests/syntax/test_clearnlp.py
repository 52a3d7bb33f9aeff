from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscap.syntax.clearnlp import LABELS, STRUCTURAL, is_clearnlp, to_universal
from crosscap.syntax.relations import UD_RELATIONS
from crosscap.syntax.tree import Word, problem_of, with_one_root

# form:UPOS>head:label, ClearNLP on the left, (head, relation) of each word in UD on the right
CASES = {
    "a man rides a horse": (
        "a:DET>2:det man:NOUN>3:nsubj rides/ride:VERB>0:ROOT a:DET>5:det horse:NOUN>3:dobj",
        "2:det 3:nsubj 0:root 5:det 3:obj",
    ),
    "a dog sits on a bench": (
        "a:DET>2:det dog:NOUN>3:nsubj sits/sit:VERB>0:ROOT on:ADP>3:prep a:DET>6:det bench:NOUN>4:pobj",
        "2:det 3:nsubj 0:root 6:case 6:det 3:obl",
    ),
    "a man on a horse": (
        "a:DET>2:det man:NOUN>0:ROOT on:ADP>2:prep a:DET>5:det horse:NOUN>3:pobj",
        "2:det 0:root 5:case 5:det 2:nmod",
    ),
    "a horse is ridden by a man": (
        "a:DET>2:det horse:NOUN>4:nsubjpass is/be:AUX>4:auxpass ridden/ride:VERB>0:ROOT by:ADP>4:agent a:DET>7:det "
        "man:NOUN>5:pobj",
        "2:det 4:nsubj:pass 4:aux:pass 0:root 7:case 7:det 4:obl:agent",
    ),
    "the man is tall": (
        "the:DET>2:det man:NOUN>3:nsubj is/be:AUX>0:ROOT tall:ADJ>3:acomp",
        "2:det 4:nsubj 4:cop 0:root",
    ),
    "the man is a rider": (
        "the:DET>2:det man:NOUN>3:nsubj is/be:AUX>0:ROOT a:DET>5:det rider:NOUN>3:attr",
        "2:det 5:nsubj 5:cop 5:det 0:root",
    ),
    "there is a man": (
        "there:PRON>2:expl is/be:VERB>0:ROOT a:DET>4:det man:NOUN>2:attr",
        "2:expl 0:root 4:det 2:nsubj",
    ),
    "a cat gets out of a box": (
        "a:DET>2:det cat:NOUN>3:nsubj gets/get:VERB>0:ROOT out:ADP>3:prep of:ADP>4:prep a:DET>7:det box:NOUN>5:pobj",
        "2:det 3:nsubj 0:root 7:case 7:case 7:det 3:obl",
    ),
    "a man in a hat and a scarf": (
        "a:DET>2:det man:NOUN>0:ROOT in:ADP>2:prep a:DET>5:det hat:NOUN>3:pobj and:CCONJ>5:cc a:DET>8:det "
        "scarf:NOUN>5:conj",
        "2:det 0:root 5:case 5:det 2:nmod 5:cc 8:det 5:conj",
    ),
    "his hat": ("his:PRON>2:poss hat:NOUN>0:ROOT", "2:nmod:poss 0:root"),
    "a man takes off a hat": (
        "a:DET>2:det man:NOUN>3:nsubj takes/take:VERB>0:ROOT off:ADP>3:prt a:DET>6:det hat:NOUN>3:dobj",
        "2:det 3:nsubj 0:root 3:compound:prt 6:det 3:obj",
    ),
    "a man who rides": (
        "a:DET>2:det man:NOUN>0:ROOT who:PRON>4:nsubj rides/ride:VERB>2:relcl",
        "2:det 0:root 4:nsubj 2:acl:relcl",
    ),
}


def words_of(line: str) -> list[Word]:
    words = []
    for item in line.split():
        left, _, right = item.partition(">")
        head, _, relation = right.partition(":")
        spelling, _, upos = left.partition(":")
        form, _, lemma = spelling.partition("/")
        words.append(Word(form, lemma or form, upos, "_", "_", int(head), relation))
    return words


@pytest.mark.parametrize("sentence", CASES)
def test_clearnlp_becomes_universal(sentence: str) -> None:
    line, expected = CASES[sentence]
    words = to_universal(words_of(line))
    assert " ".join(f"{word.head}:{word.relation}" for word in words) == expected
    assert problem_of(tuple(words)) is None


def test_label_sets_are_told_apart() -> None:
    assert is_clearnlp({"ROOT", "nsubj", "dobj", "pobj", "prep"})
    assert not is_clearnlp({"ROOT", "nsubj", "obj", "obl", "case"})


@st.composite
def forests(draw: st.DrawFn) -> list[Word]:
    """Words with any heads that make no cycle, several roots too, and any ClearNLP labels."""
    order = draw(st.permutations(range(1, draw(st.integers(1, 9)) + 1)))
    labels = st.sampled_from([*sorted(STRUCTURAL), "conj", "dative", "expl"]) | st.sampled_from(sorted(LABELS))
    words = {}
    for place, number in enumerate(order):
        head = draw(st.sampled_from([0, *order[:place]]))
        lemma, upos = draw(st.sampled_from(["be", "see"])), draw(st.sampled_from(["NOUN", "VERB", "ADP"]))
        words[number] = Word("w", lemma, upos, "_", "_", head, draw(labels) if head else "ROOT")
    return [words[number] for number in sorted(words)]


@given(forests())
def test_whatever_the_parser_said_comes_out_as_one_universal_tree(words: list[Word]) -> None:
    tree = with_one_root(to_universal(words))
    assert problem_of(tree) is None
    assert {word.relation.partition(":")[0] for word in tree} <= UD_RELATIONS
    assert [word[:5] for word in tree] == [word[:5] for word in words]
