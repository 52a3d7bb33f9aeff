"""The world: deterministic, plausible, and nothing in it impossible."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from crosscap.storybook.affordances import AFFORDANCES, PEOPLE, SEATED
from crosscap.storybook.inventory import BY_SENSE, PLACES, PREDICATES, SPATIAL
from crosscap.storybook.scene import Scene
from crosscap.storybook.world import HEIGHT, MAXIMUM_THINGS, WIDTH, sample_scene


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    return [sample_scene(f"train-{number}", 1) for number in range(1500)]


def test_the_same_id_and_seed_give_the_same_scene() -> None:
    assert sample_scene("train-3", 1) == sample_scene("train-3", 1)
    assert sample_scene("train-3", 1) != sample_scene("train-3", 2)
    assert sample_scene("train-3", 1) != sample_scene("test-3", 1)


def test_a_thousand_scenes_take_less_than_a_second_or_two() -> None:
    begun = time.process_time()
    for number in range(500):
        sample_scene(f"speed-{number}", 1)
    assert time.process_time() - begun < 1.0


def test_every_kind_place_and_predicate_occurs(scenes: list[Scene]) -> None:
    senses = {thing.sense for scene in scenes for thing in scene.objects}
    assert set(BY_SENSE) - senses == set()
    assert {scene.place for scene in scenes} == {place.name for place in PLACES}
    assert set(PREDICATES) - {predicate for scene in scenes for _, predicate, _ in scene.relations} == set()


def test_no_kind_is_so_rare_that_a_detector_could_not_learn_it(scenes: list[Scene]) -> None:
    counts = Counter(thing.name for scene in scenes for thing in scene.objects)
    assert min(counts.values()) >= 12, counts.most_common()[-3:]


def test_things_come_first_then_clothing_then_the_place(scenes: list[Scene]) -> None:
    for scene in scenes:
        *rest, ground = scene.objects
        worn = [BY_SENSE[thing.sense].group == "clothing" for thing in rest]
        assert worn == sorted(worn)
        assert 2 <= worn.count(False) <= MAXIMUM_THINGS
        assert ground.sense == scene.place
        assert ground.box[1] < ground.box[3] == HEIGHT


def test_boxes_lie_inside_the_picture_and_are_big_enough_to_be_seen(scenes: list[Scene]) -> None:
    for scene in scenes:
        for thing in scene.objects:
            x0, y0, x1, y1 = thing.box
            assert 0 <= x0 < x1 <= WIDTH and 0 <= y0 < y1 <= HEIGHT, (scene.id, thing)
            assert max(x1 - x0, y1 - y0) >= 10, (scene.id, thing)


def test_attributes_are_those_of_the_kind(scenes: list[Scene]) -> None:
    for scene in scenes:
        for thing in scene.objects[:-1]:
            assert set(thing.attributes) <= set(BY_SENSE[thing.sense].attributes)
            assert len(set(thing.attributes)) == len(thing.attributes)


def test_actions_are_done_by_who_can_do_them_where_they_are_done(scenes: list[Scene]) -> None:
    allowed = {
        (row.predicate, subject, thing, place)
        for row in AFFORDANCES + SEATED
        for subject in row.subjects
        for thing in row.objects
        for place in row.places
    }
    for scene in scenes:
        for subject, predicate, other in scene.relations:
            who, what = scene.objects[subject].sense, scene.objects[other].sense
            if predicate == "wear":
                assert who in PEOPLE and BY_SENSE[what].group == "clothing"
            elif predicate == "swim in":
                assert what == "lake"
            elif predicate not in SPATIAL:
                assert (predicate, who, what, scene.place) in allowed, (scene.id, who, predicate, what)


def test_no_two_things_are_related_twice(scenes: list[Scene]) -> None:
    for scene in scenes:
        pairs = [frozenset((subject, other)) for subject, _, other in scene.relations]
        assert len(pairs) == len(set(pairs)), scene.id


def test_everyone_alive_and_every_vehicle_is_related_to_the_place(scenes: list[Scene]) -> None:
    for scene in scenes:
        ground = len(scene.objects) - 1
        placed = {subject for subject, _, other in scene.relations if other == ground}
        for index, thing in enumerate(scene.objects[:-1]):
            if BY_SENSE[thing.sense].group in ("person", "animal", "vehicle"):
                assert index in placed, (scene.id, thing)


def test_both_senses_of_bat_and_of_glasses_occur_in_their_own_company(scenes: list[Scene]) -> None:
    worn = {
        scene.objects[other].sense for scene in scenes for _, predicate, other in scene.relations if predicate == "wear"
    }
    held = {
        scene.objects[other].sense for scene in scenes for _, predicate, other in scene.relations if predicate == "hold"
    }
    assert "glasses.eyewear" in worn and "glasses.cups" not in worn
    assert {"glasses.cups", "bat.club"} <= held and not {"glasses.eyewear", "bat.animal"} & held


def test_the_graph_of_a_scene_is_valid_and_has_boxes(scenes: list[Scene]) -> None:
    graph = scenes[0].graph()
    assert len(graph.boxes) == len(graph.objects)
    assert graph.objects[-1] == scenes[0].place
