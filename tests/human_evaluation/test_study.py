from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from crosscap.errors import InputError
from crosscap.human_evaluation.scales import QUALITIES
from crosscap.human_evaluation.study import Plan, Study, design
from crosscap.io.artifacts import write_json

IDS = [f"{n:02}" for n in range(12)]
CAPTIONS = {
    "first": {id: f"caption {id}" for id in IDS},
    "second": {id: f"caption {id}" if id < "06" else f"other {id}" for id in IDS},
}
PLAN = Plan(images=12, raters=3, raters_per_image=3, group=6, seed=1)


def study(plan: Plan = PLAN, qualities=QUALITIES, captions=CAPTIONS) -> Study:
    return design(captions, {name: f"{name}.json" for name in captions}, IDS, "cross2stra", qualities, "en", plan)


def test_equal_captions_are_rated_once_and_count_for_both_systems() -> None:
    singles = [item for item in study().items.values() if len(item.images) == 1]
    assert len(singles) == 12 + 6
    for item in singles:
        assert item.systems == (("first", "second") if item.images[0] < "06" else item.systems)
        assert item.captions == tuple(CAPTIONS[item.systems[0]][image] for image in item.images)
        assert item.qualities == ("relevancy", "fluency")
    assert Counter(system for item in singles for system in item.systems) == {"first": 12, "second": 12}


def test_sets_of_captions_are_asked_for_diversification_and_come_last() -> None:
    made = study()
    sets = {name: item for name, item in made.items.items() if len(item.images) > 1}
    assert all(item.qualities == ("diversification",) and len(item.images) == 6 for item in sets.values())
    assert {tuple(item.systems) for item in sets.values()} <= {("first",), ("second",), ("first", "second")}
    assert Counter(system for item in sets.values() for system in item.systems) == {"first": 2, "second": 2}
    for order in made.raters.values():
        kinds = [name in sets for name in order]
        assert kinds == sorted(kinds) and set(order) == set(made.items)


def test_equal_sets_of_two_systems_are_rated_once() -> None:
    made = study(captions={"one": CAPTIONS["first"], "two": CAPTIONS["first"]})
    assert all(item.systems == ("one", "two") for item in made.items.values()) and len(made.items) == 12 + 2


def test_a_group_of_one_asks_everything_of_each_caption() -> None:
    made = study(replace(PLAN, group=1))
    assert all(item.qualities == QUALITIES and len(item.images) == 1 for item in made.items.values())


def test_each_image_goes_to_as_many_raters_as_asked_and_raters_get_equal_shares() -> None:
    made = study(Plan(12, 4, 2, 1, 3), ("relevancy",))
    raters = Counter(name for order in made.raters.values() for name in order)
    assert set(raters.values()) == {2} and set(raters) == set(made.items)
    images = [{made.items[name].images for name in order} for order in made.raters.values()]
    assert [len(theirs) for theirs in images] == [6, 6, 6, 6]


def test_raters_of_a_set_have_rated_its_captions_one_by_one() -> None:
    made = study(Plan(12, 2, 1, 6, 3))
    for order in made.raters.values():
        single = {image for name in order for image in made.items[name].images if len(made.items[name].images) == 1}
        together = {image for name in order for image in made.items[name].images if len(made.items[name].images) > 1}
        assert single == together and len(single) == 6


def test_a_study_is_a_function_of_its_seed_and_raters_see_different_orders() -> None:
    made = study()
    assert made == study() and made.code == study().code
    other = study(replace(PLAN, seed=2))
    assert other.code != made.code and other.raters != made.raters
    assert len(set(made.raters.values())) == 3
    drawn = study(replace(PLAN, images=5, seed=4))
    assert len(drawn.images) == 5 and drawn.images != study(replace(PLAN, images=5, seed=5)).images


def test_the_key_is_read_as_it_was_written_and_refused_when_changed(tmp_path) -> None:
    made, key = study(), tmp_path / "key.json"
    write_json(key, made.content())
    assert Study.read(key) == made
    changed = {**made.content(), "seed": 7}
    for content in (changed, [], {}, {**made.content(), "items": 3}, {**made.content(), "study": "00000000"}):
        write_json(key, content)
        with pytest.raises(InputError, match="key"):
            Study.read(key)


@pytest.mark.parametrize("plan", [Plan(12, 2, 3, 1, 1), Plan(2, 5, 1, 1, 1), Plan(12, 3, 1, 6, 1)])
def test_raters_who_would_have_nothing_to_rate_are_refused(plan: Plan) -> None:
    with pytest.raises(InputError, match="something to rate"):
        study(plan)
