"""The paper's numbers, checked against what its text says of them."""

from __future__ import annotations

import pytest

from crosscap.ablation.published import TABLES
from crosscap.systems.unison.run_name import RunName


def test_every_row_has_as_many_scores_as_its_table_has_metrics() -> None:
    for table in TABLES.values():
        for row in table.rows:
            assert len(row.published) in (0, len(table.metrics)), row.name


def test_every_model_of_a_row_has_a_name_that_can_be_trained() -> None:
    names = {name for table in TABLES.values() for row in table.rows for name in (row.run, row.minus) if name}
    assert {str(RunName.parse(name)) for name in names} == names
    assert len(names) == 6 + 3 + 4 + 2  # variants, without L_KL, raw graphs, and hgm-captions, hgm-pooled


def test_claims_name_rows_of_their_table_and_the_papers_numbers_never_contradict_them() -> None:
    for table in TABLES.values():
        assert table.claims
        for better, worse in table.claims:
            high, low = table.row(better), table.row(worse)
            if high.published and low.published:
                gaps = [-b if low.minus else a - b for a, b in zip(high.published, low.published, strict=True)]
                assert min(gaps) >= 0 and max(gaps) > 0, (better, worse)


def test_the_gain_of_hgm_over_gmword_is_what_section_5_1_says() -> None:
    hgm, word = (TABLES["T3"].row(name).published for name in ("HGM", "GMWORD"))
    gains = [100 * (a / b - 1) for a, b in zip(hgm, word, strict=True)]
    assert gains == pytest.approx([8.2, 17.9, 29.9, 38.8, 10.4, 13.1], abs=0.06)


def test_the_gain_of_the_cross_modal_mapping_is_what_section_5_3_says() -> None:
    table = TABLES["T5"]
    gains = dict(
        zip(
            table.metrics,
            (a - b for a, b in zip(table.row("HGM+CMM").published, table.row("HGM").published, strict=True)),
            strict=True,
        )
    )
    assert gains.pop("METEOR") == pytest.approx(0.8)
    assert list(gains.values()) == pytest.approx([3.8, 2.8, 1.7, 0.7, 1.2, 3.0])


def test_a_number_that_stands_in_two_tables_is_the_same() -> None:
    assert TABLES["T2"].row("UNISON, no caption corpus").published == TABLES["T5"].row("HGM+CMM").published
    base = TABLES["T3"].row("GMBASE").published
    assert TABLES["T7"].row("GMBASE").published == (base[0], base[3], base[4], base[5])
