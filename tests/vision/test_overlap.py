"""Properties of the intersection over union of boxes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from crosscap.vision.detectors.detection import overlap
from tests.evaluation.scene_graphs.reference import intersection_over_union

# Sixteenths of a pixel up to the sides of large photographs: exact in float32, and so are their differences.
EDGES = st.integers(0, 16 * 12_000).map(lambda value: value / 16)
MANY = st.integers(0, 6)


@st.composite
def boxes(draw: st.DrawFn, smallest: float = 0.0) -> np.ndarray:
    """[N, 4], some of them without width or height unless ``smallest`` is above 0."""
    corners = draw(arrays.arrays(np.float64, (draw(MANY), 4), elements=EDGES)).reshape(-1, 2, 2)
    low, high = corners.min(1), corners.max(1)
    return np.concatenate([low, np.maximum(high, low + smallest)], 1).astype(np.float32)


@settings(max_examples=200, deadline=None)
@given(boxes(), boxes())
def test_overlap_equals_the_slow_reference(first: np.ndarray, second: np.ndarray) -> None:
    table = overlap(first, second)
    assert table.shape == (len(first), len(second)) and table.dtype == np.float32
    expected = [[intersection_over_union(a, b) for b in second.tolist()] for a in first.tolist()]
    np.testing.assert_allclose(table, np.reshape(expected, table.shape), rtol=1e-5, atol=1e-7)


@settings(max_examples=100, deadline=None)
@given(boxes(), boxes())
def test_overlap_is_symmetric_and_between_0_and_1(first: np.ndarray, second: np.ndarray) -> None:
    table = overlap(first, second)
    assert (table >= 0).all() and (table <= 1).all()
    np.testing.assert_array_equal(table, overlap(second, first).T)


@settings(max_examples=100, deadline=None)
@given(boxes(smallest=1 / 16))
def test_a_box_overlaps_itself_wholly(some: np.ndarray) -> None:
    np.testing.assert_array_equal(np.diag(overlap(some, some)), np.ones(len(some), np.float32))


@settings(max_examples=100, deadline=None)
@given(boxes(), boxes(), st.integers(-16 * 12_000, 16 * 12_000), st.integers(-16 * 12_000, 16 * 12_000))
def test_overlap_does_not_change_when_both_move(first: np.ndarray, second: np.ndarray, x: int, y: int) -> None:
    step = np.array([x, y, x, y], np.float32) / 16
    np.testing.assert_array_equal(overlap(first + step, second + step), overlap(first, second))


@settings(max_examples=100, deadline=None)
@given(boxes(), boxes())
def test_boxes_without_area_overlap_nothing(first: np.ndarray, second: np.ndarray) -> None:
    flat = first.copy()
    flat[::2, 2], flat[1::2, 3] = flat[::2, 0], flat[1::2, 1]
    turned = first[:, [2, 3, 0, 1]]
    for empty in (flat, turned):
        assert not overlap(empty, second).any()
        assert not overlap(empty, empty).any()


def test_known_overlaps() -> None:
    some = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10], [2, 2, 4, 7]], np.float32)
    expected = [[1, 1 / 3, 0, 0.1], [1 / 3, 1, 1 / 3, 0], [0, 1 / 3, 1, 0], [0.1, 0, 0, 1]]
    np.testing.assert_allclose(overlap(some, some), expected, rtol=1e-6)
