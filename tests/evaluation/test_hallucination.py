from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from crosscap.evaluation.captions import read_references
from crosscap.evaluation.glossary import Glossary, build_glossary
from crosscap.evaluation.hallucination import Mention, ObjectFinder, chair, finder_scores, shown_objects
from crosscap.evaluation.segmentation import segment
from crosscap.graph.scene_graph import SceneGraph
from crosscap.text.dictionaries import read_lexicon

REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[3] / "shared/data"))
OBJECTS = {"man", "dog", "glasses", "bat", "street light", "bicycle"}


@pytest.fixture
def finder() -> ObjectFinder:
    """``fahrrad`` is only known as a label's alias, ``mann`` and ``herr`` by more than one English word."""
    english: dict[str, Sequence[str]] = {
        "mann": ("men", "guy"),
        "herr": ("gentleman", "man"),
        "hund": ("dogs",),
        "rennt": ("runs",),
        "laterne": ("street light",),
        "brille": ("glasses",),
        "schläger": ("bat", "club"),
        "fahrrad": ("bike",),
        "wiese": ("meadow",),
    }
    glossary = Glossary({(word,): tuple(names) for word, names in english.items()})
    return ObjectFinder(glossary, {"bike": "bicycle"}, OBJECTS)


def names(finder: ObjectFinder, caption: str) -> list[str]:
    return [mention.name for mention in finder.mentions(caption.split())]


def test_objects_are_named_as_in_image_graphs(finder: ObjectFinder) -> None:
    assert names(finder, "mann hund rennt hund") == ["man", "dog", "dog"]
    assert names(finder, "herr fahrrad laterne") == ["man", "bicycle", "street light"]
    assert names(finder, "wiese katze") == []  # no name of an image graph, no word of the glossary
    assert finder.mentions(["mann"]) == [Mention("man", frozenset(("man", "men", "guy")))]


def test_chair_counts_words_and_captions(finder: ObjectFinder) -> None:
    """Rohrbach et al., section 3: 3 of 5 object words, 2 of 3 captions; the fourth cannot be judged."""
    captions = {"1": "mann hund rennt hund", "2": "schläger rennt", "3": "brille", "4": "mann"}
    shown = {"1": {"man"}, "2": {"bat"}, "3": {"dog"}, "4": set[str]()}
    counts = chair({image: finder.mentions(caption.split()) for image, caption in captions.items()}, shown)
    assert counts.of == {"1": ["dog", "dog"], "2": [], "3": ["glasses"]}
    assert (counts.mentioned, counts.hallucinated, counts.captions, counts.with_hallucination) == (5, 3, 3, 2)
    assert counts.scores() == {"CHAIR_i": 60.0, "CHAIR_s": 66.6667}


def test_any_meaning_of_a_word_may_be_there(finder: ObjectFinder) -> None:
    assert chair({"1": finder.mentions(["mann"])}, {"1": {"guy"}}).hallucinated == 0


def test_gold_graphs_and_references_show_objects(finder: ObjectFinder) -> None:
    references = {"1": [["mann", "rennt"], ["fahrrad"]], "2": [["katze"]]}
    gold = [SceneGraph("2", ("dog", "park")), SceneGraph("3", ("cat",))]
    assert shown_objects(references, gold, finder) == {"1": {"man", "bicycle"}, "2": {"dog", "park"}, "3": {"cat"}}


def test_without_objects_nothing_is_judged(finder: ObjectFinder) -> None:
    assert chair({"1": finder.mentions(["mann"])}, {}).scores() == {"CHAIR_i": None, "CHAIR_s": None}
    assert chair({"1": []}, {"1": {"man"}}).scores() == {"CHAIR_i": None, "CHAIR_s": 0.0}


def test_the_finder_is_scored_against_gold_sentence_graphs(finder: ObjectFinder) -> None:
    sentences = [
        (["mann", "hund"], ["guy", "dog", "tree"]),  # guy and tree are no names that count
        (["hund", "fahrrad"], ["bicycle", "man"]),
    ]
    # Words: the second sentence's hund is wrong. Objects: dog and bicycle are found, man is not.
    assert finder_scores(sentences, finder, OBJECTS) == {"precision": 75.0, "recall": 66.6667}
    assert finder_scores([], finder, OBJECTS) == {"precision": None, "recall": None}


@pytest.mark.realdata
def test_of_two_published_systems_the_better_one_makes_up_fewer_objects() -> None:
    """On COCO-CN's test references, with COCO's 80 classes and MUSE's word list; CIDEr-D is 0.229 and 0.984."""
    folder, lexicon = REALDATA / "coco_cn_test", REALDATA / "dictionaries/muse.en-zh.dict"
    classes = REALDATA / "coco_en/coco80.names"
    if not (folder.is_dir() and lexicon.is_file() and classes.is_file()):
        pytest.skip(f"{REALDATA} lacks COCO-CN, MUSE or COCO (set CROSSCAP_REALDATA to the folder of the real data)")

    def cut(texts: Iterable[str]) -> list[list[str]]:
        return segment(list(texts), "jieba", "zh")

    glossary = build_glossary(read_lexicon(lexicon, "target @ source"), {}, None, (), cut, compounds=True)
    finder = ObjectFinder(glossary, {}, {name for name in classes.read_text().split("\n") if name})
    told = read_references(folder / "merged_captions_coco-cn_test.json")
    shown = shown_objects({image: cut(captions) for image, captions in told.items()}, [], finder)
    scores = {}
    for system in ("flickr8k-cn", "seqlearn"):
        content = json.loads((folder / f"result_{system}.json").read_text())["imgToEval"]
        captions = {image: entry["caption"][0]["caption"] for image, entry in content.items()}
        words = dict(zip(captions, cut(captions.values()), strict=True))
        scores[system] = chair({image: finder.mentions(caption) for image, caption in words.items()}, shown).scores()
    assert scores == {
        "flickr8k-cn": {"CHAIR_i": 46.0123, "CHAIR_s": 17.1233},
        "seqlearn": {"CHAIR_i": 9.5436, "CHAIR_s": 4.7945},
    }
