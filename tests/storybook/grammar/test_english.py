"""English captions: agreement, trees that cover the sentence, graphs that say what the sentence says."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from crosscap.graph.rules.sentence_graph import sentence_graph
from crosscap.graph.scene_graph import merge
from crosscap.storybook.content import Content, Detail, Entity, Statement
from crosscap.storybook.grammar import english
from crosscap.storybook.grammar.english_lexicon import plural
from crosscap.storybook.grammar.tree import bracketed, conllu, dependencies
from crosscap.syntax.conllu import read_conllu
from tests.storybook.told import contents, does, sayings

RELATIONS = {
    "root", "nsubj", "nsubj:pass", "obj", "obl", "obl:agent", "nmod", "amod", "nummod", "det", "case", "fixed", "aux",
    "aux:pass", "cop", "acl", "acl:relcl", "advcl", "mark", "conj", "cc", "expl", "punct",
}  # fmt: skip


def words(content: Content, random: Random) -> str:
    return " ".join(english.tell(content, random).words)


@pytest.mark.parametrize(
    ("subject", "verb"),
    [
        (Entity("dog"), {"is", "chases"}),
        (Entity("dog", count=2), {"are", "chase"}),
        (Entity("sheep"), {"is", "chases"}),
    ],
)
def test_the_verb_agrees_with_its_subject(subject: Entity, verb: set[str]) -> None:
    said = sayings(words, does(subject, "chase", Entity("cat")))
    clauses = [text.split() for text in said if text.split()[0] in ("a", "two") and " being " not in text]
    finite = {w for text in clauses for w in text if w in {"is", "are", "chase", "chases"}}
    assert finite == verb


def test_a_pair_of_subjects_takes_the_plural() -> None:
    content = Content(Statement((Entity("man"), Entity("woman")), "hug", Entity("dog")))
    said = sayings(words, content)
    assert any(text.startswith("a man and a woman are hugging") for text in said)
    assert not any(" is " in text for text in said)


def test_an_stands_before_vowel_sounds_only() -> None:
    vowels = {"old", "orange", "umbrella", "elephant", "apple"}
    for content, random in contents(1500):
        told = english.tell(content, random).words
        for article, word in pairwise(told):
            if article in ("a", "an"):
                assert (article == "an") == (word in vowels), told


@pytest.mark.parametrize(
    ("noun", "expected"), [("man", "men"), ("sheep", "sheep"), ("bench", "benches"), ("dog", "dogs")]
)
def test_plurals(noun: str, expected: str) -> None:
    assert plural(noun) == expected


def test_football_is_played_without_an_article_and_a_red_guitar_with_one() -> None:
    assert any("playing football" in text for text in sayings(words, does(Entity("boy"), "play", Entity("football"))))
    guitar = sayings(words, does(Entity("boy"), "play", Entity("guitar", ("red",))))
    assert all("a red guitar" in text for text in guitar)


def test_the_frames_differ() -> None:
    said = sayings(words, does(Entity("man"), "ride", Entity("horse"), Detail("on", Entity("beach"))), 200)
    for text in (
        "a man is riding a horse on the beach",
        "a man rides a horse on the beach",
        "a man on the beach is riding a horse",
        "on the beach , a man is riding a horse",
        "there is a man riding a horse on the beach",
        "a man riding a horse on the beach",
        "a horse is being ridden by a man on the beach",
        "a horse ridden by a man on the beach",
    ):
        assert text in said


def test_trees_cover_the_sentence_with_one_root_and_without_cycles() -> None:
    for content, random in contents(1500):
        caption = english.tell(content, random, period=True)
        tokens = dependencies(caption.tree)
        assert [token.word for token in tokens] == caption.words
        assert [token.relation for token in tokens].count("root") == 1
        assert {token.relation for token in tokens} <= RELATIONS
        for number in range(1, len(tokens) + 1):
            seen: set[int] = set()
            while number:
                assert number not in seen, caption.words
                seen.add(number)
                number = tokens[number - 1].head
        tree = bracketed(caption.tree)
        assert [cell.rstrip(")") for cell in tree.split() if cell.endswith(")")] == caption.words
        assert tree.count("(") == tree.count(")")


def test_gold_graphs_are_what_the_rules_read_from_the_gold_trees(tmp_path) -> None:  # type: ignore[no-untyped-def]
    captions = [english.tell(content, random, period=True, id=str(number))
                for number, (content, random) in enumerate(contents(1500))]  # fmt: skip
    path = tmp_path / "gold.conllu"
    path.write_text("".join(conllu(dependencies(c.tree), c.graph.id) for c in captions), encoding="utf-8")
    for caption, tree in zip(captions, read_conllu(path), strict=True):
        read = merge(caption.graph.id, [sentence_graph(tree, caption.graph.id)])
        assert read.tuples() == caption.graph.tuples(), " ".join(caption.words)


def test_active_and_passive_say_the_same_graph() -> None:
    content = does(Entity("man"), "ride", Entity("horse", ("brown",)))
    graphs = {
        frozenset(english.tell(content, Random(seed)).graph.tuples())
        for seed in range(80)
        if "man" in english.tell(content, Random(seed)).words
    }
    assert graphs == {frozenset({("man",), ("horse",), ("horse", "brown"), ("man", "ride", "horse")})}


def test_the_same_random_numbers_give_the_same_sentence() -> None:
    for content, _ in contents(50):
        assert words(content, Random(5)) == words(content, Random(5))
