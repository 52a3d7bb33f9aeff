from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.graph.rules.label_names import ObjectName, PredicateName
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.graphs.label_table import LabelForm, LabelTable, labels_of, read_aliases

GRAPH = SceneGraph(
    "7",
    ("street light", "men", "shirt"),
    ((1, "standing"), (1, "stand"), (0, "tall")),
    ((2, "worn by", 1), (1, "wearing", 2), (1, "next to", 0)),
)


def test_a_graph_is_named_and_what_becomes_equal_is_said_once() -> None:
    named = LabelTable.of(*labels_of([GRAPH]), LabelForm()).named(GRAPH)
    assert named.objects == ("light", "man", "shirt")
    assert named.attributes == ((0, "street"), (1, "stand"), (0, "tall"))
    assert named.relations == ((1, "wear", 2), (1, "next to", 0))


def test_labels_stay_as_they_are_when_asked() -> None:
    table = LabelTable.of(("Street  Light",), ("standing",), ("worn by",), LabelForm(normalise=False))
    assert table.objects == {"Street  Light": ObjectName("street light")}
    assert table.attributes == {"standing": ("standing",)} and table.predicates == {"worn by": PredicateName("worn by")}


def test_aliases_come_before_the_form_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "objects.txt").write_text("Lamp Posts, street light ,light pole\nman,gentlemen\n")
    form = LabelForm(True, read_aliases(tmp_path / "objects.txt"), {"has on": "wearing"})
    table = LabelTable.of(("street light", "Gentlemen", "dog"), (), ("has on",), form)
    assert table.objects == {
        "street light": ObjectName("post", ("lamp",)),
        "Gentlemen": ObjectName("man"),
        "dog": ObjectName("dog"),
    }
    assert table.predicates == {"has on": PredicateName("wear")}


def test_lines_of_aliases_may_lean_on_earlier_ones(tmp_path: Path) -> None:
    path = tmp_path / "alias.txt"
    path.write_text("\ufeffman,guy\nguy,fellow\nlonely\n\nperson,fellow\n")
    aliases = read_aliases(path)
    assert aliases == {"man": "man", "guy": "man", "person": "person", "fellow": "person"}


@pytest.mark.parametrize(
    ("content", "message"), [(None, "no such file"), (b"\xff\xfe", "no UTF-8 text"), (b"man\tguy\n", "no alias")]
)
def test_a_list_without_aliases_is_an_error(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "alias.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"alias.txt: found {message}"):
        read_aliases(path)
