from __future__ import annotations

import numpy as np

from crosscap.vision.relations.regions import (
    GEOMETRY,
    all_pairs,
    make_regions,
    overlapping,
    pair_geometry,
    pair_unions,
)


def test_geometry_of_a_pair() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10]], np.float32)
    row = pair_geometry(boxes, all_pairs(2), 20, 10)[0]
    assert row.shape == (GEOMETRY,)
    np.testing.assert_allclose(row[[0, 1, 2, 3]], [-0.5, 0, -1, 0], atol=1e-6)
    np.testing.assert_allclose(row[[10, 11]], [0.5, 0.5], atol=1e-6)


def test_boxes_that_only_touch_do_not_overlap() -> None:
    boxes = np.array([[0, 0, 4, 4], [4, 0, 8, 4], [3, 3, 5, 5]], np.float32)
    assert overlapping(boxes, all_pairs(3)).tolist() == [False, True, False, True, True, True]


def test_a_pair_and_its_reverse_are_pooled_once() -> None:
    boxes = np.array([[0, 5, 4, 9], [2, 1, 8, 4], [1, 1, 2, 2]], np.float32)
    asked = []

    def pool(some: np.ndarray) -> np.ndarray:
        asked.append(some)
        return some * 10

    unions = pair_unions(boxes, np.array([[1, 0], [0, 1], [0, 2]]), pool)
    assert len(asked) == 1 and asked[0].tolist() == [[0, 1, 8, 9], [0, 1, 4, 9]]
    assert unions.tolist() == [[0, 10, 80, 90], [0, 10, 80, 90], [0, 10, 40, 90]]


def test_a_lone_box_has_no_pairs_and_nothing_is_pooled() -> None:
    def pool(some: np.ndarray) -> np.ndarray:
        raise AssertionError("nothing to pool")

    box, features = np.array([[0, 0, 4, 4]], np.float32), np.zeros((1, 3), np.float32)
    trust = np.ones(1, np.float32)
    lone = make_regions(box, np.array([0]), trust, True, features, all_pairs(1), 8, 8, pool)
    assert lone.pairs.shape == (0, 2) and lone.unions.shape == (0, 3) and lone.geometry.shape == (0, GEOMETRY)
