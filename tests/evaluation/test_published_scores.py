"""Scores that others published for given captions: COCO-CN's two systems and coco-caption's demo."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crosscap.evaluation.meteor import Meteor
from crosscap.evaluation.scores import score
from crosscap.evaluation.segmentation import segment

pytestmark = pytest.mark.realdata
REALDATA = Path(os.environ.get("CROSSCAP_REALDATA", Path(__file__).parents[3] / "shared/data"))
NAMES = {"Bleu_1": "BLEU-1", "Bleu_2": "BLEU-2", "Bleu_3": "BLEU-3", "Bleu_4": "BLEU-4"} | {
    "METEOR": "METEOR",
    "ROUGE_L": "ROUGE-L",
    "CIDEr": "CIDEr",
}


@pytest.fixture(scope="module")
def meteor() -> Iterator[Meteor]:
    _load("coco_en/captions_val2014_fakecap_results.json")
    with Meteor() as process:
        yield process


def _load(name: str) -> Any:
    path = REALDATA / name
    if not path.is_file():
        pytest.skip(f"no {path}: CROSSCAP_REALDATA must name a folder that holds {name}")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("system", ["seqlearn", "flickr8k-cn"])
def test_coco_cn_systems_get_their_published_scores(system: str, meteor: Meteor) -> None:
    captions: dict[str, list[str]] = {}
    for entry in _load("coco_cn_test/merged_captions_coco-cn_test.json")["annotations"]:
        captions.setdefault(str(entry["image_id"]), []).append(entry["caption"])
    published = _load(f"coco_cn_test/result_{system}.json")
    found = {str(entry["image_id"]): entry for entry in published["imgToEval"].values()}
    references = {key: segment(captions[key], "given", "zh") for key in found}
    hypotheses = {key: segment([found[key]["caption"][0]["caption"]], "given", "zh")[0] for key in found}
    scores = score(references, hypotheses, meteor)
    for theirs, ours in NAMES.items():
        # Published with three decimals.
        assert scores.corpus[ours] == pytest.approx(100 * published["overall"][theirs], abs=0.051), ours
        single = {key: 100 * entry[theirs] for key, entry in found.items()}
        wrong = [key for key in found if abs(scores.captions[ours][key] - single[key]) > 0.051]
        assert len(wrong) <= (3 if ours == "CIDEr" else 0), (ours, wrong)


def test_english_demo_captions_get_their_published_scores_through_the_stanford_tokenizer(meteor: Meteor) -> None:
    captions: dict[str, list[str]] = {}
    for entry in _load("coco_en/captions_val2017.json")["annotations"]:
        captions.setdefault(str(entry["image_id"]), []).append(entry["caption"])
    results = {str(e["image_id"]): e["caption"] for e in _load("coco_en/captions_val2014_fakecap_results.json")}
    published = {str(e["image_id"]): e for e in _load("coco_en/captions_val2014_fakecap_evalImgs.json")}
    keys = [key for key in results if key in captions and key in published]
    flat = [caption for key in keys for caption in captions[key]]
    words = iter(segment(flat, "ptb", "en"))
    references = {key: [next(words) for _ in captions[key]] for key in keys}
    hypotheses = dict(zip(keys, segment([results[key] for key in keys], "ptb", "en"), strict=True))
    scores = score(references, hypotheses, meteor, ["BLEU-1", "BLEU-4", "METEOR", "ROUGE-L"])
    assert len(keys) == 126
    # CIDEr depends on the whole set of references, which is not at hand; the others are published per caption.
    for theirs, ours in NAMES.items():
        if ours != "CIDEr":
            for key in keys:
                assert scores.captions[ours][key] == pytest.approx(100 * published[key][theirs], abs=0.051), (ours, key)
