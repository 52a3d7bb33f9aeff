from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nltk
import pytest
import torch

from crosscap.config.constituency_parser import Training
from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.syntax.constituency import training
from crosscap.syntax.constituency.evaluation import evaluate_parser, scores_of, vocabulary
from crosscap.syntax.constituency.model_folder import gold_trees, make_parser
from crosscap.syntax.constituency.parser import ConstituencyParser, load_constituency_parser

SETTINGS = Training(
    epochs=8,
    batch_size=16,
    learning_rate=0.01,
    warmup_steps=5,
    clip=5.0,
    width=32,
    layers=1,
    heads=2,
    dropout=0.1,
    unknown_characters=0.02,
    lowercase=True,
    seed=3,
    threads=1,
)
NOUNS = ("dog", "Cat", "boy", "horse", "kite", "hat")


def treebank(path: Path, seed: int, size: int = 150) -> None:
    """Sentences whose prepositional phrase belongs to the verb after ``sits`` and to the noun after ``sees``."""
    source = random.Random(seed)
    lines = []
    for _ in range(size):
        a, b, c = (f"(NP (DT a) (NN {source.choice(NOUNS)}))" for _ in range(3))
        place = f"(PP (IN near) {b})"
        sits = f"(TOP (S {a} (VP (VBZ sits) {place}) (. .)))"
        sees = f"(TOP (S {a} (VP (VBZ sees) (NP {c} {place})) (. .)))"
        lines.append(source.choice((sits, sees)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A treebank in ``treebanks`` and the model trained on it in ``model``."""
    base = tmp_path_factory.mktemp("constituency")
    treebank(base / "treebanks" / "en_constituency_train.txt", seed=1)
    treebank(base / "treebanks" / "en_constituency_dev.txt", seed=2, size=40)
    make_parser(base / "treebanks", "en", None, SETTINGS, base / "model", base / "work")
    return base


@pytest.fixture(scope="module")
def parser(folder: Path) -> ConstituencyParser:
    return load_constituency_parser(folder / "model")


def test_a_trained_parser_finds_the_attachment_and_leaves_no_checkpoint(folder: Path) -> None:
    scores = evaluate_parser(folder / "model", folder / "treebanks", "en")[0]
    assert scores["F1"] is not None and scores["F1"] > 95
    assert (scores["sentences"], scores["failed"]) == (40, 0)
    assert not list((folder / "work").rglob("*.pt"))


def test_the_model_is_benepars_own_file_and_loads_with_weights_only(folder: Path) -> None:
    data = torch.load(folder / "model" / "parser.pt", weights_only=True)
    assert set(data) == {"config", "state_dict"}
    assert data["config"]["hparams"]["use_chars_lstm"] is True
    assert read_json(folder / "model" / "crosscap.json")["model"] == "parser.pt"


def test_trees_come_in_order_over_the_words_as_given(parser: ConstituencyParser) -> None:
    sentences = [["A", "dog", "sees", "a", "zebra", "."], ["hat"], ["a", "(", "boy", "sits", "."]]
    trees = list(parser.parse(sentences))
    assert [tree.leaves() for tree in trees if tree] == [sentences[0], ["hat"], ["a", "-LRB-", "boy", "sits", "."]]
    assert all(tree is not None and tree.label() == "TOP" for tree in trees)


def test_a_sentence_that_cannot_be_parsed_does_not_take_the_others_with_it(parser: ConstituencyParser) -> None:
    good = ["a", "dog", "sits", "."]
    trees = list(parser.parse([good, [], ["a"] * 600, good]))
    assert trees[0] == trees[3] is not None
    assert trees[1] is trees[2] is None


def test_a_tree_does_not_depend_on_the_other_sentences(parser: ConstituencyParser) -> None:
    sentence = ["a", "dog", "sees", "a", "hat", "near", "a", "boy", "."]
    others = [["a"] * length for length in range(1, 30)]
    assert next(iter(parser.parse([sentence]))) == list(parser.parse([*others, sentence]))[-1]


def test_a_training_that_was_killed_ends_with_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = (folder / "treebanks", "en", None, SETTINGS, tmp_path / "model", tmp_path / "work")
    real = training.epoch_batches

    def killed(*values: Any) -> Iterator[list[dict[str, Any]]]:
        if values[-1] == 3:
            raise KeyboardInterrupt
        return real(*values)

    with monkeypatch.context() as patch:
        patch.setattr(training, "epoch_batches", killed)
        with pytest.raises(KeyboardInterrupt):
            make_parser(*arguments)
    assert not (tmp_path / "model").exists()
    make_parser(*arguments)
    files = [(base / "model" / "parser.pt").read_bytes() for base in (folder, tmp_path)]
    assert files[0] == files[1]


def test_a_model_that_is_brought_is_loaded_by_the_same_path(folder: Path, tmp_path: Path) -> None:
    released = tmp_path / "released.pt"
    shutil.copyfile(folder / "model" / "parser.pt", released)
    make_parser(tmp_path / "no treebanks", "en", str(released), SETTINGS, tmp_path / "model", tmp_path / "work")
    sentence = ["a", "dog", "sits", "."]
    trees = [list(load_constituency_parser(base / "model").parse([sentence])) for base in (folder, tmp_path)]
    assert trees[0] == trees[1]


def test_a_file_that_is_no_model_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    (tmp_path / "broken.pt").write_bytes(b"not a model")
    with pytest.raises(InputError, match="expected a benepar model that loads with weights only"):
        make_parser(tmp_path, "en", str(tmp_path / "broken.pt"), SETTINGS, tmp_path / "out" / "en", tmp_path / "work")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_language_without_trees_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "de_constituency_train.txt").write_text("\n")
    with pytest.raises(InputError, match=r"constituency_parser\.languages"):
        make_parser(tmp_path, "de", None, SETTINGS, tmp_path / "out" / "de", tmp_path / "work")


def test_without_a_development_treebank_scores_are_null(folder: Path, tmp_path: Path) -> None:
    assert evaluate_parser(folder / "model", tmp_path, "en")[0]["F1"] is None


def test_sentences_with_words_that_were_not_learned_are_scored_apart(folder: Path) -> None:
    parser = load_constituency_parser(folder / "model")
    trees = gold_trees(folder / "treebanks" / "en_constituency_dev.txt")
    with_cats = [tree for tree in trees if "Cat" in tree.leaves()]
    others = [tree for tree in trees if "Cat" not in tree.leaves()]
    spoiled = [nltk.Tree("TOP", [nltk.Tree("X", list(tree))]) for tree in with_cats]
    scores = scores_of(parser, [*spoiled, *others], vocabulary(others))[0]
    assert scores["sentences_out_of_vocabulary"] == len(with_cats) > 5
    assert scores["F1_in_vocabulary"] == scores_of(parser, others, None)[0]["F1"]
    assert scores["F1_out_of_vocabulary"] == scores_of(parser, spoiled, None)[0]["F1"]
    assert scores["F1_out_of_vocabulary"] < scores["F1"] < scores["F1_in_vocabulary"]  # type: ignore[operator]


def test_the_treebank_that_a_model_was_trained_on_has_no_unknown_words(folder: Path, tmp_path: Path) -> None:
    for split in ("train", "dev"):
        shutil.copy(folder / "treebanks" / "en_constituency_train.txt", tmp_path / f"en_constituency_{split}.txt")
    scores = evaluate_parser(folder / "model", tmp_path, "en")[0]
    assert (scores["sentences_out_of_vocabulary"], scores["F1_out_of_vocabulary"]) == (0, None)
    assert scores["F1_in_vocabulary"] == scores["F1"] is not None


def test_hidden_characters_are_letters_and_never_the_marks_of_words() -> None:
    import numpy as np

    entry = {"char_ids": np.array([[2, 1, 1, 1, 3], [2, 97, 98, 3, 0]])}
    hidden = training._with_unknown_characters(entry, 0.999, np.random.default_rng(0))
    assert hidden["char_ids"].tolist() == [[2, 1, 1, 1, 3], [2, 0, 0, 3, 0]]
    assert entry["char_ids"][1, 1] == 97


def test_a_tree_of_the_treebank_is_trained_in_lowercase_and_unescaped() -> None:
    tree = nltk.Tree.fromstring("(TOP (NP (-LRB- -LRB-) (NN Dog)))")
    assert training._example(tree, lowercase=True).words == ["(", "dog"]
