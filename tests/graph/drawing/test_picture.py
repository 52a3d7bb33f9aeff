from __future__ import annotations

import base64
import io
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageFont

from crosscap.errors import InputError
from crosscap.graph.drawing import png
from crosscap.graph.drawing.marks import COLOURS, mark
from crosscap.graph.drawing.picture import boxed_picture, picture_and_graph
from crosscap.graph.drawing.tags import HEIGHT, place_tags
from crosscap.graph.scene_graph import Box, SceneGraph

PIXELS = np.full((60, 80, 3), 200, np.uint8)
GRAPH = SceneGraph(
    "x",
    ("man", "<b>&\"'", "帽子"),
    ((2, "red"),),
    ((0, "wear", 2),),
    ((5.0, 5.0, 40.0, 55.0), (0.0, 0.0, 80.0, 60.0), (10.0, 2.0, 25.0, 10.0)),
    (0.9, 0.8, 0.7),
)


def elements(svg: str, kind: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}" + kind)]


@some.composite
def boxes(draw: some.DrawFn, width: int = 300, height: int = 200) -> list[Box]:
    def box() -> Box:
        x, y = (
            sorted(draw(some.tuples(*[some.integers(0, width)] * 2))),
            sorted(draw(some.tuples(*[some.integers(0, height)] * 2))),
        )
        return float(x[0]), float(y[0]), float(x[1]), float(y[1])

    return [box() for _ in range(draw(some.integers(0, 20)))]


@given(boxes(), some.lists(some.sampled_from(("man", "traffic light", "帽子", "w" * 90)), min_size=20, max_size=20))
@settings(max_examples=60, deadline=None)
def test_twenty_tags_lie_in_the_picture_and_not_upon_each_other(boxes: list[Box], names: list[str]) -> None:
    tags = place_tags(names[: len(boxes)], boxes, 300, 200)
    for row, tag in enumerate(tags):
        assert tag.text.split()[0] == str(row + 1)
        assert tag.x >= 0 and tag.x + tag.width <= 300 and tag.y >= 0 and tag.y + HEIGHT <= 200
    for one, other in combinations(tags, 2):
        apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert apart_x or abs(one.y - other.y) >= HEIGHT


def test_tags_that_have_no_room_stand_below() -> None:
    tags = place_tags(["man"] * 30, [(0.0, 0.0, 40.0, 40.0)] * 30, 40, 40)
    assert len({(tag.x, tag.y) for tag in tags}) == 30
    assert max(tag.y for tag in tags) > 40 and max(tag.x + tag.width for tag in tags) <= 200


def test_a_box_and_its_node_have_one_number_and_one_colour() -> None:
    svg = picture_and_graph(PIXELS, GRAPH, (80, 60))
    texts = [node.text or "" for node in elements(svg, "text") if node.get("class") == "tag"]
    assert sorted(text.split()[0] for text in texts) == ["1", "1", "2", "2", "3", "3"]
    assert {"1", "2", "3"} < set(texts) and "3 帽子" in texts
    for row in range(3):
        shown = [node for node in elements(svg, "rect") if f"stroke:{mark(row).colour}" in node.get("style", "")]
        assert [node.get("class") for node in shown] == ["box", "object"]


def test_large_boxes_are_drawn_first_and_in_the_measure_of_the_whole_picture() -> None:
    # The boxes are those of a picture twice as large as the pixels.
    drawing = boxed_picture(PIXELS, GRAPH, (160, 120), longest=320)
    shown = [node for node in elements(f'<svg xmlns="s">{drawing.marks}</svg>', "rect") if node.get("class") == "box"]
    assert [node.get("width") for node in shown] == ["160.0", "70.0", "30.0"]
    assert (drawing.width, drawing.height) == (320, 240)


def test_twenty_four_objects_look_different() -> None:
    assert len({mark(row) for row in range(24)}) == 24 and mark(24) == mark(0)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


@pytest.mark.parametrize(("colour", "ink"), COLOURS)
def test_tags_can_be_read(colour: str, ink: str) -> None:
    low, high = sorted((luminance(colour), luminance(ink)))
    assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.1, contrast of text


def test_the_drawing_needs_nothing_from_outside_and_is_the_same_twice() -> None:
    svg = picture_and_graph(PIXELS, GRAPH, (80, 60))
    assert svg == picture_and_graph(PIXELS, GRAPH, (80, 60))
    addresses = [value for node in ElementTree.fromstring(svg).iter() for key, value in node.items() if "href" in key]
    (address,) = addresses
    assert address.startswith("data:image/jpeg;base64,") and "url(" not in svg and "<b>" not in svg
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        assert picture.size == (80, 60)


def test_a_graph_without_boxes_is_drawn_without_numbers() -> None:
    svg = picture_and_graph(PIXELS, SceneGraph("x", ("man",)), (80, 60))
    assert [node.text for node in elements(svg, "text")] == ["man"]


def test_a_wide_graph_stands_below_its_picture() -> None:
    names = tuple(f"thing{number}" for number in range(12))
    chain = SceneGraph("x", names, (), tuple((row, "on", row + 1) for row in range(11)))
    outer = elements(picture_and_graph(PIXELS, chain, (80, 60)), "svg")[0]
    beside = elements(picture_and_graph(PIXELS, GRAPH, (80, 60)), "svg")[0]
    assert float(outer.get("height", 0)) > 540 + 50 and float(beside.get("height", 0)) == 540 + 24


def test_a_png_shows_the_drawing_twice_as_large() -> None:
    svg = picture_and_graph(PIXELS, GRAPH, (80, 60))
    with Image.open(io.BytesIO(png.png_of(svg))) as picture:
        size = elements(svg, "svg")[0]
        assert picture.size == (2 * int(size.get("width", 0)), 2 * int(size.get("height", 0)))
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
    assert {(0x00, 0x72, 0xB2), (0xE6, 0x9F, 0x00), (255, 255, 255)} <= colours


def only_with(fonts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    render = png.resvg_py.svg_to_bytes
    own = {"skip_system_fonts": True, "font_files": fonts}
    monkeypatch.setattr(png.resvg_py, "svg_to_bytes", lambda **arguments: render(**(arguments | own)))


def test_without_any_font_there_is_no_png(monkeypatch: pytest.MonkeyPatch) -> None:
    only_with([], monkeypatch)
    monkeypatch.setattr(png, "FONT_FOLDERS", ())
    with pytest.raises(InputError, match="fonts: found none, expected at least one"):
        png.png_of(picture_and_graph(PIXELS, GRAPH, (80, 60)))


def test_a_font_that_no_drawing_names_is_taken_where_it_is_the_only_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    font = tmp_path / "odd.ttf"
    font.write_bytes(ImageFont.load_default(12).font_bytes)
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    only_with([str(font)], monkeypatch)
    monkeypatch.setattr(png, "FONT_FOLDERS", (str(tmp_path),))
    svg = picture_and_graph(PIXELS, SceneGraph("x", ("man",)), (80, 60))
    assert png.png_of(svg) != png.png_of(svg.replace(">man<", "><"))
