"""Example captions beside their pictures, spread evenly from the best to the worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosscap.errors import InputError
from crosscap.graph.drawing.graph import graph_marks, spoken
from crosscap.graph.drawing.picture import boxed_picture
from crosscap.graph.drawing.svg import document
from crosscap.graph.scene_graph import SceneGraph
from crosscap.report.markup import element, escape
from crosscap.vision.images import open_picture


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


def _picture(example: Example, width: int, quality: int) -> str:
    if not example.image.exists():
        return ""
    try:
        picture = open_picture(example.image)
    except InputError as error:
        return element("p", f"No picture: found {escape(error.found)}.", class_="note")
    drawing = boxed_picture(picture.pixels, example.graph, (picture.width, picture.height), width, quality)
    return element("div", document(drawing, f"image {example.id}", margin=0), class_="picture")


def _graph(graph: SceneGraph) -> str:
    """With the numbers and colours of the boxes."""
    drawing = graph_marks(graph, numbered=bool(graph.boxes))
    return element("div", document(drawing, spoken(graph)), class_="scroll")
