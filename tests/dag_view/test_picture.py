"""The picture: nothing overlaps, every link goes down, and what comes from data is escaped."""

from __future__ import annotations

import random
from itertools import combinations
from xml.etree import ElementTree

from crosscap.dag_view.layout import layered
from crosscap.dag_view.node import Node, transitive_reduction
from crosscap.dag_view.picture import BOX, dag_picture
from crosscap.dag_view.words import duration, shortened

SVG = "{http://www.w3.org/2000/svg}"


def random_dag(size: int, seed: int) -> dict[str, tuple[str, ...]]:
    numbers = random.Random(seed)
    return {
        str(n): tuple(str(b) for b in sorted(numbers.sample(range(n), min(n, numbers.randrange(1, 4)))))
        for n in range(size)
    }


def test_boxes_do_not_touch_and_links_go_down_layer_by_layer() -> None:
    for seed in range(5):
        upstream = transitive_reduction(random_dag(40, seed))
        layout = layered(upstream, box=100, gap=10, station=4)
        assert set(layout.place) == set(upstream)
        for (x, layer), (other_x, other_layer) in combinations(layout.place.values(), 2):
            assert layer != other_layer or abs(x - other_x) >= 110 - 1e-6
        assert all(50 - 1e-6 <= x <= layout.width - 50 + 1e-6 for x, _ in layout.place.values())
        assert set(layout.links) == {(before, name) for name in upstream for before in upstream[name]}
        for (start, end), points in layout.links.items():
            assert (points[0], points[-1]) == (layout.place[start], layout.place[end])
            assert [layer for _, layer in points] == list(range(points[0][1], points[-1][1] + 1))


def test_links_are_uncrossed_where_they_can_be() -> None:
    layout = layered({"a": (), "b": (), "c": (), "x": ("c",), "y": ("b",), "z": ("a",)}, box=100, gap=10, station=4)
    tops, ends = (sorted(names, key=lambda n: layout.place[n][0]) for names in ("abc", "xyz"))
    assert [{"c": "x", "b": "y", "a": "z"}[name] for name in tops] == ends


def test_the_layout_is_the_same_every_time() -> None:
    upstream = random_dag(30, 1)
    assert layered(upstream, 100, 10, 4) == layered(upstream, 100, 10, 4)


def test_the_drawing_is_svg_with_a_box_a_group_and_a_chip_a_copy() -> None:
    nodes = [
        Node("collect", (), {"collect": "fresh"}, (), 12.0),
        Node("train@a<b", ("collect",), {"train@a<b": "stale"}, ("size 1 → 2 & more",)),
        Node("train@c", ("collect",), {"train@c": "running"}),
    ]
    root = ElementTree.fromstring(dag_picture(nodes))
    assert root.tag == f"{SVG}svg"
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"collect", "fresh · 12 s", "train", "×2", "size 1 → 2 & more", "1 fresh", "1 stale", "1 running"} <= set(
        texts
    )
    kinds = [rectangle.get("class") for rectangle in root.iter(f"{SVG}rect")]
    assert kinds.count("box") == 2
    assert kinds.count("running") == 3  # the legend, the state of the group, its copy
    assert sum(path.get("class") == "link" for path in root.iter(f"{SVG}path")) == 1


def test_many_copies_share_a_bar_that_stays_inside_the_box() -> None:
    nodes = [Node(f"train@{n}", (), {f"train@{n}": "fresh" if n % 2 else "stale"}) for n in range(60)]
    root = ElementTree.fromstring(dag_picture(nodes))
    bar = {r.get("class"): float(r.get("width", 0)) for r in root.iter(f"{SVG}rect") if float(r.get("height", 0)) == 8}
    assert bar["fresh"] == bar["stale"]
    assert 0 < bar["fresh"] + bar["stale"] < BOX / 2


def test_durations_and_long_texts_are_short() -> None:
    seconds = (None, 0.42, 9.97, 99.6, 3600, 9000)
    assert [duration(value) for value in seconds] == ["", "0.4 s", "10 s", "2 min", "60 min", "2.5 h"]
    assert shortened("one\n two three", 9) == "one two…"
