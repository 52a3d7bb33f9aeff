"""Names of models say what they differ in, in one spelling."""

from __future__ import annotations

import itertools

import pytest

from crosscap.systems.unison.run_name import VARIANTS, RunName
from crosscap.systems.unison.variants import VARIANTS as PARTS


def test_every_combination_is_read_back() -> None:
    for variant, raw, no_kl, pooled, seed, captions in itertools.product(
        VARIANTS, *[(False, True)] * 3, (None, 1, 23), (False, True)
    ):
        if pooled and variant != "hgm":
            continue
        run = RunName(variant, raw, no_kl, pooled, seed, captions)
        assert RunName.parse(str(run)) == run
        assert set(str(run)) <= set("abcdefghijklmnopqrstuvwxyz_-0123456789"), "a name is a folder and part of a rule"


def test_words_of_a_name() -> None:
    assert RunName.parse("gm_word-no_kl-seed2") == RunName("gm_word", no_kl=True, seed=2)
    assert RunName.parse("hgm-seed3-captions").without_captions == RunName("hgm", seed=3)


def test_a_gate_is_asked_of_the_variant_that_has_one() -> None:
    assert set(VARIANTS) == set(PARTS)
    with pytest.raises(ValueError, match="gm_word-pooled-seed2': -pooled says where hgm has its gate"):
        RunName.parse("gm_word-pooled-seed2")


@pytest.mark.parametrize(
    "name", ["", "HGM", "hgm-", "hgm-seed0", "hgm-seed2-raw", "hgm-raw-raw", "hgm-seed1-seed2", "gm"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"gm_word_sub.*-raw"):
        RunName.parse(name)
