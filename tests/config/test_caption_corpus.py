"""Which targets and models of ``caption_corpus`` fit the rest of the parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from crosscap.config.schema import check_parameters
from crosscap.errors import InputError

PARAMETERS = Path(__file__).parents[2] / "params.yaml"


def parameters(languages: list[str], targets: list[str], tuned: list[str], carried: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(PARAMETERS.read_text(encoding="utf-8"))
    values["languages"]["targets"] = languages
    values["phase1"]["variants"] = ["hgm", "gm_word-seed2"]
    values["caption_corpus"] |= {"targets": targets, "variants": tuned}
    values["phase2"]["variants"] = carried
    return values


def test_a_tuned_model_may_be_carried_where_every_target_has_captions() -> None:
    values = parameters(["zh", "de"], ["zh", "de"], ["gm_word-seed2"], ["hgm", "gm_word-seed2-captions"])
    assert check_parameters(values, "params.yaml").phase2.variants == ("hgm", "gm_word-seed2-captions")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (parameters(["zh"], ["de"], ["hgm"], ["hgm"]), "key caption_corpus.targets: found 'de', expected one of"),
        (
            parameters(["zh", "de"], ["zh"], ["hgm"], ["hgm-captions"]),
            "key phase2.variants: found 'hgm-captions', but no caption corpus for de",
        ),
        (parameters(["zh"], ["zh"], [], ["hgm-captions"]), "key phase2.variants: found 'hgm-captions'"),
        (parameters(["zh"], ["zh"], ["gen"], ["hgm"]), "key caption_corpus.variants: found 'gen'"),
        (parameters(["zh"], ["zh"], ["hgm-captions"], ["hgm"]), "key caption_corpus.variants: found 'hgm-captions'"),
    ],
)
def test_what_no_stage_would_make_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_parameters(values, "params.yaml")


def test_freezing_every_part_is_refused() -> None:
    values = parameters(["zh"], ["zh"], ["hgm"], ["hgm"])
    values["caption_corpus"]["train"]["frozen"] = ["mapping", "encoder", "decoder"]
    with pytest.raises(InputError, match=r"key caption_corpus\.train\.frozen"):
        check_parameters(values, "params.yaml")
