"""Gold trees for the parsers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

from crosscap.storybook.grammar.english import tell
from crosscap.storybook.treebanks import make_treebank, substitute
from crosscap.syntax.conllu import read_conllu
from tests.storybook.told import contents


def test_a_treebank_has_its_size_and_valid_trees(tmp_path: Path) -> None:
    bank = make_treebank("train", 60, 0.1, 7)
    assert len(bank.scenes) == len(set(bank.scenes)) == len(bank.dependencies) == 60
    assert [len(trees) for trees in bank.constituents.values()] == [60, 60]
    path = tmp_path / "bank.conllu"
    path.write_text("".join(bank.dependencies), encoding="utf-8")
    assert [tree.id for tree in read_conllu(path)] == bank.scenes


def test_train_and_dev_share_no_scene() -> None:
    assert not set(make_treebank("train", 30, 0.1, 7).scenes) & set(make_treebank("dev", 30, 0.1, 7).scenes)


def test_unknown_words_keep_form_and_article() -> None:
    for content, random in contents(200):
        tree = tell(content, random).tree
        tags = [leaf.tag for leaf in tree.leaves()]
        substitute(tree, 1.0, Random(1))
        assert [leaf.tag for leaf in tree.leaves()] == tags
        words = tree.words()
        assert not {"a apple", "a empty", "a office", "a oven", "a umbrella"} & {" ".join(w) for w in pairwise(words)}


def test_no_unknown_words_leave_a_tree_as_it_is() -> None:
    for content, random in contents(50):
        tree = tell(content, random).tree
        before = tree.words()
        substitute(tree, 0.0, Random(1))
        assert tree.words() == before
