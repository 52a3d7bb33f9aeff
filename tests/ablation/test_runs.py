from __future__ import annotations

from crosscap.ablation.runs import needed_runs, seeds_of, with_runs
from crosscap.systems.unison.run_name import VARIANTS

PARAMETERS = {
    "languages": {"targets": ["zh"]},
    "phase1": {"variants": ["hgm-pooled", "hgm"]},
    "phase2": {"variants": ["hgm"]},
    "caption_corpus": {"targets": [], "variants": []},
}


def test_the_first_seed_is_that_of_the_parameters_and_no_other_repeats_it() -> None:
    assert seeds_of(1, own=1) == [None]
    assert seeds_of(3, own=1) == [None, 2, 3]
    assert seeds_of(3, own=7) == [None, 1, 2]


def test_table_4_needs_each_model_with_and_without_l_kl() -> None:
    names = ["gm_word", "gm_word-no_kl", "gm_word_sub", "gm_word_sub-no_kl", "hgm", "hgm-no_kl"]
    assert sorted(needed_runs(["T4"], VARIANTS, [None])) == sorted(names)


def test_a_model_of_two_tables_is_trained_once_and_a_whole_seed_comes_before_the_next() -> None:
    names = needed_runs(["T3", "T5"], VARIANTS, [None, 2])
    assert names == [*VARIANTS, *(f"{variant}-seed2" for variant in VARIANTS)]


def test_variants_leave_out_models_of_others() -> None:
    assert needed_runs(["T7"], ["gm_base"], [None, 2]) == [
        "gm_base-raw", "gm_base", "gm_base-raw-seed2", "gm_base-seed2"
    ]  # fmt: skip
    assert needed_runs(["T4"], ["gen"], [None]) == []


def test_names_are_added_to_the_lists_and_none_leaves_them() -> None:
    changes = with_runs(PARAMETERS, ["hgm", "gm_word-seed2"], "zh")
    assert changes == {
        "phase1": {"variants": ["hgm-pooled", "hgm", "gm_word-seed2"]},
        "phase2": {"variants": ["hgm", "gm_word-seed2"]},
    }


def test_a_model_tuned_on_captions_needs_the_one_it_is_tuned_from() -> None:
    assert with_runs(PARAMETERS, ["hgm-seed2-captions"], "de") == {
        "languages": {"targets": ["zh", "de"]},
        "phase1": {"variants": ["hgm-pooled", "hgm", "hgm-seed2"]},
        "phase2": {"variants": ["hgm", "hgm-seed2-captions"]},
        "caption_corpus": {"targets": ["de"], "variants": ["hgm-seed2"]},
    }


def test_nothing_changes_where_every_name_stands_already() -> None:
    assert with_runs(PARAMETERS, ["hgm"], "zh") == {}
