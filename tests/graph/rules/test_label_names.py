from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crosscap.graph.rules.label_names import attribute_names, object_name, predicate_name
from crosscap.storybook.inventory import ATTRIBUTES, KINDS, PREDICATES


@pytest.mark.parametrize(
    ("label", "name", "attributes"),
    [
        ("men", "man", ()),
        ("light", "light", ()),
        ("street light", "light", ("street",)),
        ("Traffic_lights", "light", ("traffic",)),
        ("tree trunk", "trunk", ("tree",)),
        ("t-shirts", "t-shirt", ()),
        ("glasses", "glasses", ()),
        ("lens", "lens", ()),
        ("bus", "bus", ()),
        ("two people", "people", ("two",)),
        ("leg of a chair", "leg", ()),
        ("black desk has curves.", "desk", ("black",)),
        ("a man's hat", "hat", ()),
        ("dining table", "table", ("dining",)),
        ("bat_(animal)", "bat", ()),
        ("...", "...", ()),
        ("飞机", "飞机", ()),
    ],
)
def test_objects_are_named_by_their_noun(label: str, name: str, attributes: tuple[str, ...]) -> None:
    assert object_name(label) == (name, attributes)


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("white", ("white",)),
        ("standing", ("stand",)),
        ("dining", ("dining",)),
        ("parked", ("parked",)),
        ("turned off", ("turned",)),
        ("not on", ("not on",)),
        ("black and white", ("black", "white")),
        ("brightly colored", ("colored",)),
        ("on the side", ("on side",)),
        ("2", ("two",)),
        ("brown.", ("brown",)),
    ],
)
def test_attributes_are_words(label: str, names: tuple[str, ...]) -> None:
    assert attribute_names(label) == names


@pytest.mark.parametrize(
    ("label", "name", "turned"),
    [
        ("wearing", "wear", False),
        ("wears a", "wear", False),
        ("has", "have", False),
        ("sitting on", "sit on", False),
        ("is parked on", "park on", False),
        ("feed", "feed", False),
        ("to the left of", "to the left of", False),
        ("on left of", "to the left of", False),
        ("in the front of", "in front of", False),
        ("standing in front of", "stand in front of", False),
        ("on top", "on top of", False),
        ("park next", "park next to", False),
        ("ON", "on", False),
        ("are on a", "on", False),
        ("across", "across", False),
        ("worn by", "wear", True),
        ("is covered by", "cover", True),
        ("parked by", "park by", False),
        ("standing by", "stand by", False),
        ("made of", "make of", False),
        ("taller than", "taller than", False),
        ("!", "!", False),
    ],
)
def test_predicates_are_verb_and_preposition(label: str, name: str, turned: bool) -> None:
    assert predicate_name(label) == (name, turned)


def test_the_storybook_names_things_so_already() -> None:
    assert all(object_name(kind.name) == (kind.name, ()) for kind in KINDS)
    assert all(attribute_names(name) == (name,) for name in ATTRIBUTES)
    assert all(predicate_name(name) == (name, False) for name in PREDICATES)


@given(some.text(min_size=1))
def test_any_label_gets_a_name_that_a_graph_may_hold(label: str) -> None:
    names = [*object_name(label)[1], object_name(label).name, *attribute_names(label), predicate_name(label).name]
    assert all(name and name == name.strip().lower() for name in names)
