from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from crosscap.cli.graph import graph_command
from crosscap.config.dependency_parser import Training
from crosscap.errors import InputError
from crosscap.syntax import spacy_training
from crosscap.syntax.attachment_scores import attachment_scores
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.dependency_training import make_parser
from crosscap.syntax.spacy_parser import SpacyParser
from crosscap.syntax.spacy_training import train_spacy
from crosscap.syntax.tree import Tree, problem_of
from crosscap.training.checkpoint import Checkpoint

from .conftest import SETTINGS, TRAINING


def test_a_trained_parser_parses_its_treebank(parser_folder: Path) -> None:
    scores = json.loads((parser_folder / "crosscap.json").read_text())
    assert scores["backend"] == "spacy" and scores["lowercase"] is True
    assert scores["las"] >= 0.95 and scores["upos"] >= 0.95 and scores["lemma"] >= 0.95
    assert not list(parser_folder.parents[1].glob("work/train_dependency_parser/*")), "the checkpoint is removed"


def test_one_sentence_is_one_tree_with_its_own_words(parser_folder: Path) -> None:
    sentences = [
        ["The", "MAN", "holds", "a", "kite", ".", "A", "girl", "sees", "dogs", "."],
        ["a", "b c", "\u00a0", "horse"],
        [],
        ["."],
    ]
    trees = list(load_parser(parser_folder).parse(sentences))
    assert [[word.form for word in tree.words] for tree in trees] == sentences
    assert [problem_of(tree.words) for tree in trees if tree.words] == [None, None, None]


def test_casing_changes_no_tree(parser_folder: Path) -> None:
    parser = load_parser(parser_folder)
    low, high = parser.parse([["the", "man", "holds", "a", "kite"], ["THE", "Man", "HOLDS", "A", "Kite"]])
    assert [word[1:] for word in low.words] == [word[1:] for word in high.words]


def test_a_killed_training_goes_on_to_the_same_weights(
    tmp_path: Path, treebank: list[Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Training(**(TRAINING.model_dump() | {"steps": 12}))
    whole = train_spacy(treebank, "en", settings, tmp_path / "whole")
    save = Checkpoint.save

    def save_and_die(self: Checkpoint, step: int, **extra: object) -> None:
        save(self, step, **extra)
        if step == 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint, "save", save_and_die)
    with pytest.raises(KeyboardInterrupt):
        train_spacy(treebank, "en", settings, tmp_path / "killed")
    monkeypatch.setattr(Checkpoint, "save", save)
    resumed = train_spacy(treebank, "en", settings, tmp_path / "killed")
    assert resumed.get_pipe("parser").model.to_bytes() == whole.get_pipe("parser").model.to_bytes()
    assert resumed.get_pipe("tok2vec").model.to_bytes() == whole.get_pipe("tok2vec").model.to_bytes()


def test_a_released_pipeline_is_brought_through_the_same_code(
    parser_folder: Path, treebanks: Path, tmp_path: Path
) -> None:
    released = SETTINGS.model_copy(update={"pretrained": str(parser_folder / "spacy")})
    make_parser(treebanks, "en", released, tmp_path / "brought")
    words = [["the", "dogs", "see", "a", "big", "kite"]]
    brought, own = load_parser(tmp_path / "brought"), load_parser(parser_folder)
    assert list(brought.parse(words)) == list(own.parse(words))


def test_a_folder_of_this_stage_is_brought_with_what_it_knows_of_case(
    parser_folder: Path, treebanks: Path, tmp_path: Path
) -> None:
    mine = SETTINGS.model_copy(update={"pretrained": str(parser_folder)})
    make_parser(treebanks, "en", mine, tmp_path / "brought")
    description = json.loads((tmp_path / "brought/crosscap.json").read_text())
    assert description["lowercase"] is True and description["pretrained"] == str(parser_folder)
    words = [["The", "DOGS", "see", "a", "big", "Kite"]]
    assert list(load_parser(tmp_path / "brought").parse(words)) == list(load_parser(parser_folder).parse(words))
    with pytest.raises(InputError, match="found backend 'spacy', expected 'stanza'"):
        make_parser(treebanks, "en", mine.model_copy(update={"backend": "stanza"}), tmp_path / "other")


def released(parser_folder: Path, folder: Path, *components: str) -> Path:
    """The trained pipeline with more components before its parser, as somebody else may have released it."""
    pipeline = spacy.load(parser_folder / "spacy")
    for name in components:
        pipeline.add_pipe(name, name=f"my_{name}", before="parser")
    pipeline.to_disk(folder)
    return folder


def test_components_that_split_or_merge_captions_do_not(parser_folder: Path, tmp_path: Path) -> None:
    model = released(parser_folder, tmp_path / "model", "sentencizer", "token_splitter", "merge_noun_chunks")
    sentences = [["the", "man", "holds", "a", "kite", ".", "a", "girl", "sees", "dogs", "."], ["x" * 60, "horses"]]
    trees = list(SpacyParser(model, lowercase=True).parse(sentences))
    assert [[word.form for word in tree.words] for tree in trees] == sentences
    assert [problem_of(tree.words) for tree in trees] == [None, None]
    assert trees == list(load_parser(parser_folder).parse(sentences)), "they are left out"


def test_a_pipelines_own_tokenizer_sees_no_caption(parser_folder: Path, tmp_path: Path) -> None:
    pipeline = spacy.load(parser_folder / "spacy")
    pipeline.tokenizer.add_special_case("don't", [{"ORTH": "do"}, {"ORTH": "n't"}])
    assert len(pipeline("don't")) == 2
    pipeline.to_disk(tmp_path / "model")
    words = ["dogs", "don't", "see", "kites", "now.then"]
    (tree,) = SpacyParser(tmp_path / "model", lowercase=True).parse([words])
    assert [word.form for word in tree.words] == words


def test_a_component_that_is_not_installed_is_an_error(parser_folder: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    Language.component("unheard_of", func=lambda doc: doc)
    released(parser_folder, model, "unheard_of")
    config = (model / "config.cfg").read_text()
    (model / "config.cfg").write_text(config.replace('factory = "unheard_of"', 'factory = "nowhere"'))
    with pytest.raises(InputError, match=r"nowhere.*expected a spaCy model"):
        SpacyParser(model, lowercase=True)


def test_clearnlp_labels_of_a_pipeline_come_out_as_universal(tmp_path: Path, treebank: list[Tree]) -> None:
    old = {"obj": "dobj", "root": "ROOT"}
    objects = [
        tree._replace(words=tuple(w._replace(relation=old.get(w.relation, w.relation)) for w in tree.words))
        for tree in treebank
    ]
    pipeline = train_spacy(objects, "en", TRAINING, tmp_path / "work")
    pipeline.get_pipe("parser").add_label("pobj")  # spaCy's own English models know it
    pipeline.to_disk(tmp_path / "model")
    parser = SpacyParser(tmp_path / "model", lowercase=True)
    assert {"dobj", "pobj"} <= set(parser.pipeline.pipe_labels["parser"])
    forms = [[word.form for word in tree.words] for tree in treebank]
    assert attachment_scores(treebank, parser.parse(forms))["las"] >= 0.95


def test_a_model_with_unknown_labels_is_refused(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    parser = pipeline.add_pipe("parser")
    for label in ("ROOT", "SUBJ", "PMOD"):
        parser.add_label(label)
    pipeline.initialize()
    pipeline.to_disk(tmp_path / "model")
    with pytest.raises(InputError, match=r"the dependency labels \['PMOD', 'SUBJ'\]"):
        SpacyParser(tmp_path / "model", lowercase=False)


def test_a_missing_model_is_an_error_that_leaves_nothing(treebanks: Path, tmp_path: Path) -> None:
    released = SETTINGS.model_copy(update={"pretrained": str(tmp_path / "absent")})
    with pytest.raises(InputError, match="expected a spaCy model"):
        make_parser(treebanks, "en", released, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_a_parser_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "model")
    with pytest.raises(InputError, match="expected a dependency 'parser' among them"):
        SpacyParser(tmp_path / "model", lowercase=False)


def test_an_empty_treebank_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("en_dependency_train.conllu").touch()
    with pytest.raises(InputError, match="found no sentences, expected a UD treebank"):
        make_parser(tmp_path, "en", SETTINGS, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_batches_continue_where_they_stopped(treebank: list[Tree]) -> None:
    first, later = (spacy_training._batches(treebank, TRAINING, start) for start in (0, 7))
    for _ in range(7):
        next(first)
    assert [next(first) for _ in range(5)] == [next(later) for _ in range(5)]


def test_crosscap_graph_prints_text_and_json(parser_folder: Path) -> None:
    assert graph_command("The man holds a red ball.", parser_folder) == "man\nball (red)\nman --hold--> ball"
    row = json.loads(graph_command("The man holds a red ball.", parser_folder, "json"))
    assert row["objects"] == ["man", "ball"]
    assert row["relations"] == [{"subject": 0, "predicate": "hold", "object": 1}]


def test_crosscap_graph_needs_words_and_a_parser(parser_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected at least one word"):
        graph_command("  ", parser_folder)
    with pytest.raises(InputError, match="found no dependency parser"):
        graph_command("a man", tmp_path)


def test_without_a_treebank_the_way_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "treebanks").mkdir()
    with pytest.raises(InputError, match=r"en_dependency_train\.conllu.*no such file.*dependency_parser\.pretrained"):
        make_parser(tmp_path / "treebanks", "en", SETTINGS, tmp_path / "parser")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["treebanks"]
