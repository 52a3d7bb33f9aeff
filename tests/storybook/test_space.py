"""Spatial predicates follow from boxes alone."""

from __future__ import annotations

import pytest

from crosscap.graph.scene_graph import Box
from crosscap.storybook.scene import SceneObject
from crosscap.storybook.space import spatial_predicate, spatial_relations

MAN = SceneObject("man", (), (100, 60, 140, 160))


@pytest.mark.parametrize(
    ("sense", "box", "predicate"),
    [
        ("house", (80, 40, 180, 130), "in front of"),
        ("fence", (80, 130, 180, 175), "behind"),
        ("dog", (150, 130, 190, 165), "next to"),
        ("dog", (170, 130, 210, 165), "near"),
        ("dog", (200, 130, 240, 165), ""),
        ("tree", (90, 20, 160, 158), "under"),
    ],
)
def test_the_predicate_between_a_man_and_a_thing(sense: str, box: Box, predicate: str) -> None:
    assert spatial_predicate(MAN, SceneObject(sense, (), box)) == predicate


def test_the_living_are_spoken_of_first() -> None:
    tree = SceneObject("tree", (), (150, 20, 200, 158))
    assert spatial_relations([tree, MAN], [0, 1], [False, False], [True, True]) == [(1, "next to", 0)]


def test_what_flies_is_above_what_stands_under_it() -> None:
    bird = SceneObject("bird", (), (105, 10, 135, 30))
    assert spatial_relations([MAN, bird], [0, 1], [False, True], [True, True]) == [(1, "above", 0)]


def test_things_of_one_group_and_what_is_carried_are_left_out() -> None:
    dog = SceneObject("dog", (), (150, 130, 190, 165))
    assert spatial_relations([MAN, dog], [0, 0], [False, False], [True, True]) == []
    assert spatial_relations([MAN, dog], [0, 1], [False, False], [True, False]) == []
