"""Example captions beside their pictures, spread evenly from the best to the worst."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.report.markup import element, escape
from crosscap.vision.images import Picture, open_picture


@dataclass(frozen=True)
class Example:
    """One test image.

    Attributes:
        image: the picture's file; it may not exist (imported graphs) or be damaged.
        graph: its scene graph.
        captions: name of the system → its caption.
        references: what people wrote.
        score: CIDEr of the first system's caption, times 100.
    """

    id: str
    image: Path
    graph: SceneGraph
    captions: Mapping[str, str]
    references: Sequence[str]
    score: float | None


def spread(scores: Mapping[str, float | None], count: int) -> list[str]:
    """``count`` ids evenly spaced in the ranking by score, best first: nothing is picked by hand."""
    ranked = sorted(scores, key=lambda id: (-(scores[id] or 0.0), id))
    if count >= len(ranked):
        return ranked
    if count < 2:
        return ranked[:count]
    return [ranked[round(k * (len(ranked) - 1) / (count - 1))] for k in range(count)]


def example_card(example: Example, language: str, width: int, quality: int) -> str:
    """A card: picture with boxes, captions, references and the graph behind them."""
    score = element("span", f"CIDEr {example.score:.0f}", class_="score") if example.score is not None else ""
    captions = "".join(
        element("dt", escape(name)) + element("dd", escape(text) or "(empty)", lang=language, class_="caption")
        for name, text in example.captions.items()
    )
    references = element("ul", *(element("li", escape(text), lang=language) for text in example.references))
    return element(
        "article",
        _picture(example, width, quality),
        element(
            "div",
            element("h3", f"image {escape(example.id)}", score),
            element("dl", captions),
            element("details", element("summary", "References"), references),
            element("details", element("summary", "Scene graph"), _graph(example.graph)),
            class_="words",
        ),
        class_="example",
    )


def embedded_jpeg(pixels: Picture, width: int, quality: int) -> str:
    """The picture, at most ``width`` pixels wide, as a data URL."""
    small = Image.fromarray(pixels)
    if small.width > width:
        small = small.resize((width, max(1, round(small.height * width / small.width))), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=quality)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _picture(example: Example, width: int, quality: int) -> str:
    if not example.image.exists():
        return ""
    try:
        picture = open_picture(example.image)
    except InputError as error:
        return element("p", f"No picture: found {escape(error.found)}.", class_="note")
    columns, rows = picture.width, picture.height
    image = f'<img src="{embedded_jpeg(picture.pixels, width, quality)}" alt="image {escape(example.id)}">'
    marks = []
    unit = columns / 256
    for number, (name, box) in enumerate(zip(example.graph.objects, example.graph.boxes, strict=False)):
        x0, y0, x1, y1 = box
        color = f"c{number % 6}"
        marks.append(
            f'<rect class="{color}" x="{x0:.1f}" y="{y0:.1f}" width="{max(0.0, x1 - x0):.1f}" '
            f'height="{max(0.0, y1 - y0):.1f}" rx="{2 * unit:g}" stroke-width="{0.9 * unit:g}">'
            f"<title>{escape(name)}</title></rect>"
        )
        label_y = y0 + 7 * unit if y0 < 9 * unit else y0 - 2 * unit
        marks.append(
            f'<text class="{color}" x="{x0 + 2 * unit:.1f}" y="{label_y:.1f}" font-size="{7.5 * unit:g}" '
            f'stroke-width="{1.8 * unit:g}">{escape(name)}</text>'
        )
    boxes = element("svg", *marks, viewBox=f"0 0 {columns} {rows}", class_="boxes", aria_hidden="true")
    return element("div", image, boxes, class_="picture")


def _graph(graph: SceneGraph) -> str:
    """Objects with their attributes, then the relations, as chips."""
    looks: dict[int, list[str]] = {}
    for owner, name in graph.attributes:
        looks.setdefault(owner, []).append(name)
    objects = (
        element("span", escape(" ".join([*looks.get(index, []), name])), class_=f"chip c{index % 6}")
        for index, name in enumerate(graph.objects)
    )
    names = graph.objects
    relations = (
        element("li", escape(names[s]), " ", element("b", escape(predicate)), " ", escape(names[o]))
        for s, predicate, o in graph.relations
    )
    if not graph.objects:
        return element("p", "An empty graph.", class_="note")
    return element("p", *objects, class_="chips") + element("ul", *relations, class_="relations")
