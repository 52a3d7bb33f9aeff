from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import pytest
import yaml

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.systems.unison.model_building import build_model, frequent_tokens
from crosscap.systems.unison.node_translation import NodeTranslations, lexicon_source, translated
from crosscap.translation.translator import Translator
from tests.systems.unison.conftest import ROOT

LEXICON = [("old", "老"), ("man", "男人"), ("man", "男子"), ("next to", "旁边"), ("on", "上")]


def test_the_first_source_that_knows_a_name_translates_it() -> None:
    asked = []

    def other(names):
        asked.extend(names)
        return [("在", name) if name != "zzz" else () for name in names]

    found = translated(
        ["man", "next to", "old man", "old dog", "zzz", "zzz man"], [lexicon_source(LEXICON, list), other]
    )
    assert asked == ["dog", "next", "old dog", "to", "zzz", "zzz man"]  # what the word list lacks, words as well
    assert found.of["man"] == ("男", "人")  # of two translations the first
    assert found.of["next to"] == ("旁", "边")
    assert found.of["old man"] == ("老", "男", "人")  # word by word by a source that knows both words
    assert found.of["old dog"] == ("在", "old dog")  # the list knows one word of it alone
    assert "zzz" not in found.of


def test_a_name_that_was_never_translated_falls_back_to_its_words_and_then_to_the_unknown() -> None:
    translations = NodeTranslations({"old": ("老",), "man": ("男人",)})
    assert translations.tokens("man") == ("男人",)
    assert translations.tokens("old green man") == ("老", "<unk>", "男人")
    assert translations.tokens("ufo") == ("<unk>",)


def test_rare_words_of_translations_have_no_embedding_of_their_own() -> None:
    graphs = [SceneGraph("1", ("old man", "man"), ((0, "ufo"),), ((0, "on", 1),)), SceneGraph("2", ("man",))]
    tokens = NodeTranslations({"old": ("老",), "man": ("男人",), "on": ("在", "上")}).tokens
    assert frequent_tokens(graphs, tokens, 2) == ("男人",)
    assert frequent_tokens(graphs, tokens, 1) == ("上", "在", "男人", "老")  # never <unk>


def test_the_variant_needs_translations(world, phase1_settings) -> None:
    with pytest.raises(ValueError, match="gm_base: its nodes are translated names, and no translation"):
        build_model("gm_base", phase1_settings, [], world.source, world.target, world.vectors)


@pytest.mark.parametrize(("content", "found"), [("[]", "found list"), ('{"dog": "狗"}', "dog: found '狗'")])
def test_a_broken_table_is_named(tmp_path, content: str, found: str) -> None:
    (tmp_path / "translations.json").write_text(content)
    with pytest.raises(InputError, match=rf"translations\.json.*{found}.*Run `translate_nodes` again"):
        NodeTranslations.load(tmp_path)


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for path in ("data/raw/annotations", "data/raw/lexicon", "data/raw/segmentation", "models/translator/zh"):
        Path(path).mkdir(parents=True)
    Path("data/raw/annotations/instances_train.json").write_text(json.dumps(
        {"categories": [{"id": 1, "name": "dog"}], "attributes": ["red"], "predicates": ["in front of"]}
    ))  # fmt: skip
    Path("data/raw/lexicon/zh.tsv").write_text("man\t男人\ttrain\ndog\t狗\ttest\ncat\t猫\ttrain\n")
    Path("data/raw/segmentation/zh.txt").touch()
    write_graphs("data/sentence_graphs/zh.parquet", [SceneGraph("1", ("man", "horse"), (), ((0, "ride", 1),))])
    Path("params.yaml").write_text(yaml.safe_dump(
        {"node_translation": {"sources": ["lexicon", "translator"], "threads": 1}}
    ))  # fmt: skip
    Path("dvc.yaml").write_text((ROOT / "dvc.yaml").read_text())
    return tmp_path


def run_stage() -> dict[str, list[str]]:
    arguments = sys.argv
    sys.argv = ["translate_nodes", "--target", "zh"]
    try:
        runpy.run_path(str(ROOT / "stages/translate_nodes.py"))["main"]()
    finally:
        sys.argv = arguments
    return json.loads(Path("models/node_translations/zh/translations.json").read_text())


class Sentences:
    """Answers as a translator that was trained on sentences does."""

    def translate(self, texts: list[str], beams: int) -> list[str]:
        known = {"horse": "马的马。", "in front of": "在前面", "red": "。"}
        return [known.get(text, "") for text in texts]


def test_the_stage_asks_the_word_list_then_the_translator_and_keeps_words_alone(project, monkeypatch) -> None:
    Path("models/translator/zh/forward").mkdir()
    monkeypatch.setattr(Translator, "load", lambda folder: Sentences())
    first = run_stage()
    assert first == {
        "cat": ["猫"],
        "dog": ["狗"],
        "horse": ["马", "的"],
        "in front of": ["在", "前面"],
        "man": ["男人"],
    }
    before = Path("models/node_translations/zh/translations.json").read_bytes()
    run_stage()
    assert Path("models/node_translations/zh/translations.json").read_bytes() == before


def test_without_a_trained_translator_the_word_list_answers_alone(project) -> None:
    assert run_stage() == {"cat": ["猫"], "dog": ["狗"], "man": ["男人"]}


def test_annotations_without_their_names_stop_the_stage(project) -> None:
    Path("data/raw/annotations/instances_train.json").write_text('{"categories": [{"id": 1}]}')
    with pytest.raises(InputError, match=r"instances_train\.json.*categories, attributes and predicates"):
        run_stage()
    assert not Path("models/node_translations/zh").exists()
