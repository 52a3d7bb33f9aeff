"""Chinese captions: words as jieba cuts them, measure words, verbs by context, modifiers before the noun."""

from __future__ import annotations

from random import Random

import pytest

from crosscap.storybook.content import Content, Detail, Entity
from crosscap.storybook.grammar import chinese
from crosscap.storybook.grammar.chinese_lexicon import verbs
from crosscap.storybook.grammar.tree import bracketed
from crosscap.text.tokenizers import tokenizer
from tests.storybook.told import contents, does, sayings

CTB = {"IP", "NP", "VP", "PP", "QP", "CLP", "CP", "DNP", "ADJP", "ADVP", "LCP", "TOP"}
TAGS = {"NN", "CD", "M", "VV", "VE", "AS", "AD", "P", "LC", "JJ", "DEC", "DEG", "CC", "PU", "LB"}


def text(content: Content, random: Random) -> str:
    tree = chinese.tell(content, random)
    return "" if tree is None else "".join(tree.words())


def test_leaves_are_the_words_that_jieba_cuts_over_thousands_of_sentences() -> None:
    cut, told, failed = tokenizer("zh").tokenize, 0, 0
    for content, random in contents(2500):
        tree = chinese.tell(content, random, period=random.random() < 0.5)
        if tree is None:
            failed += 1
            continue
        told += 1
        assert tree.words() == cut("".join(tree.words()))
    assert told > 2300
    assert failed < 0.05 * told


def test_trees_have_ctb_labels_only() -> None:
    for content, random in contents(400):
        tree = chinese.tell(content, random)
        if tree is not None:
            opened = [cell[1:] for cell in bracketed(tree).split() if cell.startswith("(")]
            assert set(opened) <= CTB | TAGS, bracketed(tree)


@pytest.mark.parametrize(
    ("predicate", "sense", "verb"),
    [
        ("wear", "hat", "戴"), ("wear", "glasses.eyewear", "戴"), ("wear", "shirt", "穿"), ("wear", "dress", "穿"),
        ("ride", "horse", "骑"), ("ride", "bus", "坐"), ("ride", "boat", "坐"), ("ride", "bicycle", "骑"),
        ("play", "football", "踢"), ("play", "basketball", "打"), ("play", "piano", "弹"), ("play with", "kite", "放"),
        ("fly", "kite", "放"), ("hold", "cat", "抱"), ("hold", "umbrella", "撑"), ("hold", "book", "拿"),
    ],
)  # fmt: skip
def test_the_verb_depends_on_its_object(predicate: str, sense: str, verb: str) -> None:
    assert verbs(predicate, sense)[0] == verb
    said = sayings(text, does(Entity("man"), predicate, Entity(sense)), 12)
    assert any(verb in sentence for sentence in said)


@pytest.mark.parametrize(
    ("sense", "expected"),
    [
        ("horse", "匹"), ("dog", "只"), ("car", "辆"), ("umbrella", "把"), ("hat", "顶"), ("book", "本"),
        ("jacket", "件"), ("bench", "条"), ("man", "个"),
    ],
)  # fmt: skip
def test_every_noun_has_its_measure_word(sense: str, expected: str) -> None:
    said = sayings(text, does(Entity("girl"), "look at", Entity(sense, count=2)), 12) - {""}
    assert said
    assert all(f"两{expected}" in sentence for sentence in said)


def test_one_english_word_is_two_chinese_ones() -> None:
    club = sayings(text, does(Entity("boy"), "hold", Entity("bat.club")), 8) - {""}
    animal = sayings(text, does(Entity("boy"), "look at", Entity("bat.animal")), 8) - {""}
    assert all("球棒" in sentence for sentence in club)
    assert all("蝙蝠" in sentence for sentence in animal)
    eyewear = sayings(text, does(Entity("boy"), "wear", Entity("glasses.eyewear")), 8) - {""}
    cups = sayings(text, does(Entity("boy"), "hold", Entity("glasses.cups")), 8) - {""}
    assert all("眼镜" in sentence for sentence in eyewear)
    assert all("杯" in sentence for sentence in cups)


def test_modifiers_stand_before_the_noun_and_the_place_before_the_verb() -> None:
    hat = Detail("wear", Entity("hat", ("red",)))
    man = Entity("man", ("young",), 1, (hat,))
    said = sayings(text, does(man, "ride", Entity("horse"), Detail("on", Entity("beach"))), 20) - {""}
    for sentence in said:
        assert sentence.index("戴") < sentence.index("帽子") < sentence.rindex("男")
        assert sentence.index("滩上") < sentence.index("骑")
