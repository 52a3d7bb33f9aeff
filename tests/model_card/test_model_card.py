"""The model card: its header is one that Hugging Face's hub takes, and its text says what the files say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from huggingface_hub import ModelCard
from safetensors.numpy import save_file

from crosscap.errors import InputError
from crosscap.model_card.card import model_card, plain
from crosscap.model_card.facts import Facts
from crosscap.model_card.weights import count_weights


def entry(records: int, licence: str) -> dict[str, Any]:
    return {"records": records, "licence": licence, "sha256": "0", "origin": ""}


FACTS = Facts(
    target="zh",
    variant="hgm-seed2",
    source="en",
    graphs="predicted",
    metrics={
        "captions": {"with_phase2": {"CIDEr": 122.204, "BLEU-4": 33.3, "SPICE": None}, "shuffled": {"CIDEr": 13.3}},
        "text": {"BLEU-4": 46.3},
        "counts": {"images": 1200},
        "how": {"segmentation": "jieba"},
        "missing": {"SPICE": "SPICE reads English alone"},
    },
    significance={
        "settings": {"samples": 10000, "confidence": 0.95},
        "intervals": {"hgm-seed2": {"with_phase2": {"CIDEr": [109.3, 135.7]}}, "hgm": {"text": {"BLEU-4": [1.0, 2.0]}}},
    },
    content={"with_phase2": {"CHAIR_s": 54.5}},
    manifest={
        "source": "storybook",
        "files": {"parallel/zh.parquet": entry(7500, "MIT"), "images/a.png": entry(1, "MIT"), "x/y": entry(0, "GPL")},
        "inputs": [],
    },
    manifest_digest="abc123",
    funnel={"pairs": 7500, "kept": 5515},
    parameters={"phase 1": {"seed": 2}},
    weights={"models/phase1/zh/hgm-seed2": 1540176},
)


def test_the_hub_reads_the_scores_of_the_whole_system_from_the_header() -> None:
    card = ModelCard(model_card(FACTS))
    assert card.data.language == ["zh"] and card.data.license == "mit" and card.data.library_name == "crosscap"
    assert card.data.pipeline_tag == "image-to-text" and card.data.metrics == ["bleu", "cider"]
    results = {(r.dataset_name, r.metric_type, r.metric_name, r.metric_value) for r in card.data.eval_results}
    assert results == {
        ("storybook, test images", "bleu", "BLEU-4", 33.3),
        ("storybook, test images", "cider", "CIDEr", 122.2),
    }


def test_scores_have_intervals_of_their_own_run_and_missing_ones_their_reason() -> None:
    text = model_card(FACTS)
    assert "|  | BLEU-4 | CIDEr |" in text
    assert "| captions of test images | 33.3 | 122.2 (109.3 – 135.7) |" in text
    assert "| held-out sentences | 46.3 | – |" in text
    assert "1,200 test images of `storybook`" in text and "95% interval of 10,000 bootstrap samples" in text
    assert "No SPICE: SPICE reads English alone." in text


def test_the_card_tells_limits_data_parameters_and_weights() -> None:
    text = model_card(FACTS)
    assert "54.5 % of the captions" in text and "is 13.3: so much is not about the picture" in text
    assert "| parallel | 1 | 7,500 | MIT |" in text and "| x |" not in text, "an empty file is no data"
    assert "5,515 of 7,500 sentence pairs" in text and "`abc123`" in text
    assert "| phase 1 | `seed` | 2 |" in text and "`models/phase1/zh/hgm-seed2`: 1,540,176 weights" in text


@pytest.mark.parametrize("licence", ["CC-BY-4.0; MIT", "", "my own <b>licence</b>"])
def test_a_licence_that_the_hub_does_not_know_is_other_and_stands_in_the_card(licence: str) -> None:
    manifest = {**FACTS.manifest, "files": {"parallel/zh.parquet": entry(5, licence)}}
    text = model_card(replace(FACTS, manifest=manifest))
    data = ModelCard(text).data
    assert (data.license, data.license_name) == ("other", "see-licences-of-the-data")
    table = text.split("## Licences of the data")[1].split("##")[0]
    for name in filter(None, licence.replace("<", "&lt;").replace(">", "&gt;").split("; ")):
        assert f"| {name} | 1 |" in table
    assert ("allow nothing: ask before" in table) == (licence == "")


def test_licences_of_the_users_own_files_count() -> None:
    inputs = [{"path": "captions.txt", "licence": "CC-BY-NC-4.0", "kept": 3, "use": "parallel"}]
    text = model_card(replace(FACTS, manifest={**FACTS.manifest, "inputs": inputs}))
    assert ModelCard(text).data.license == "other" and "| CC-BY-NC-4.0 | 1 |" in text


def test_text_from_data_has_no_meaning_in_markdown() -> None:
    assert plain("a|b\n# c <img src=x> [l](u) `d`") == r"a\|b \# c &lt;img src=x&gt; \[l\](u) \`d\`"
    text = model_card(replace(FACTS, graphs="x\n---\n# Heading | cell"))
    assert "\n# Heading" not in text and ModelCard(text).data.library_name == "crosscap"


def test_weights_are_counted_by_the_files_header(tmp_path: Path) -> None:
    save_file({"a": np.zeros((3, 4)), "b": np.zeros(5)}, tmp_path / "model.safetensors")
    assert count_weights(tmp_path) == 17
    with pytest.raises(InputError, match=r"none/model\.safetensors: found no such file"):
        count_weights(tmp_path / "none")
    (tmp_path / "model.safetensors").write_bytes(b"not weights at all")
    with pytest.raises(InputError, match="expected the weights of a trained model"):
        count_weights(tmp_path)
