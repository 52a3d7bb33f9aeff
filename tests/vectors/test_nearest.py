from __future__ import annotations

import pytest
import torch

from crosscap.vectors import nearest as tiled
from crosscap.vectors.nearest import (
    mean_similarity,
    nearest,
    nearest_both_ways,
    nearest_rows,
    nearest_rows_csls,
)


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tiles of few words, the last of each row and column cut off."""
    monkeypatch.setattr(tiled, "_QUERIES", 7)
    monkeypatch.setattr(tiled, "_ROWS", 5)


@pytest.fixture
def spaces() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    source, target = (torch.randn(size, 6, generator=generator, dtype=torch.float64) for size in (40, 33))
    return source, target


def by_sorting(queries: torch.Tensor, table: torch.Tensor, k: int) -> list[list[int]]:
    """Row numbers of the ``k`` largest dot products of each query, by Python's sort."""
    found = []
    for query in queries.tolist():
        scores = [sum(a * b for a, b in zip(query, row, strict=True)) for row in table.tolist()]
        found.append(sorted(range(len(scores)), key=lambda row: -scores[row])[:k])
    return found


@pytest.mark.parametrize("k", [1, 3, 12, 33])
def test_tiles_change_nothing(small_tiles, spaces, k: int) -> None:
    source, target = spaces
    found = nearest(source, target, k)
    assert found.rows.tolist() == by_sorting(source, target, k)
    assert torch.allclose(found.similarity, (source @ target.T).gather(1, found.rows))


@pytest.mark.parametrize("k", [1, 10])
def test_both_ways_at_once_equal_each_way_alone(small_tiles, spaces, k: int) -> None:
    source, target = spaces
    forward, backward = nearest_both_ways(source, target, k)
    assert forward.rows.tolist() == by_sorting(source, target, k)
    assert backward.rows.tolist() == by_sorting(target, source, k)


def test_csls_is_its_formula(small_tiles, spaces) -> None:
    source, target = (rows / rows.norm(dim=1, keepdim=True) for rows in spaces)
    forward, backward = nearest_both_ways(source, target, 4)
    # Conneau et al. 2018, eq. 5, word by word.
    expected = []
    for query in source:
        to_target = sorted((query @ target.T).tolist())[-4:]
        scores = []
        for row in target:
            to_source = sorted((row @ source.T).tolist())[-4:]
            scores.append(2 * float(query @ row) - sum(to_target) / 4 - sum(to_source) / 4)
        expected.append(max(range(len(scores)), key=scores.__getitem__))
    found = nearest_rows_csls(source, target, mean_similarity(backward))[:, 0]
    assert found.tolist() == expected
    assert expected != forward.rows[:, 0].tolist()


def test_every_word_is_its_own_nearest(spaces) -> None:
    rows = spaces[0] / spaces[0].norm(dim=1, keepdim=True)
    assert nearest_rows(rows, rows)[:, 0].tolist() == list(range(len(rows)))


def test_no_queries_have_no_neighbours(spaces) -> None:
    assert nearest_rows(spaces[0][:0], spaces[1], 2).shape == (0, 2)


def test_more_neighbours_than_rows_are_refused(spaces) -> None:
    with pytest.raises(ValueError, match="34 nearest of 33 rows"):
        nearest(*spaces, 34)
