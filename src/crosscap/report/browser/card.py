"""An example as plain HTML, for readers whose browser runs no script."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscap.errors import InputError
from crosscap.graph.drawing.graph import graph_marks, spoken
from crosscap.graph.drawing.picture import boxed_picture
from crosscap.graph.drawing.svg import document
from crosscap.report.browser.evaluated import EvaluatedImage, System
from crosscap.report.markup import element, escape
from crosscap.vision.images import open_picture


def example_card(
    image: EvaluatedImage,
    row: int,
    systems: Sequence[System],
    metric: str,
    address: str,
    language: str,
    root: Path,
    width: int,
    quality: int,
) -> str:
    """A card: picture with boxes, captions, references and the graph behind them.

    Args:
        row: of the image in the systems' lists.
        metric: the score that stands beside each caption.
        address: within the page, without ``#``.
        width, quality: pixels of the picture's longer side, JPEG quality.
    """
    captions = "".join(
        element("dt", escape(system.name), _score(system, metric, row))
        + element("dd", _words(system, row, language), lang=language, class_="caption")
        for system in systems
    )
    references = element("ul", *(element("li", escape(text), lang=language) for text in image.references))
    graph = document(graph_marks(image.graph, numbered=bool(image.graph.boxes)), spoken(image.graph))
    return element(
        "article",
        _picture(image, root, width, quality),
        element(
            "div",
            element("h3", f"image {escape(image.id)}"),
            element("dl", captions),
            element("details", element("summary", "References"), references),
            element("details", element("summary", "Scene graph"), element("div", graph, class_="scroll")),
            class_="words",
        ),
        class_="example",
        id=address,
    )


def _score(system: System, metric: str, row: int) -> str:
    score = system.scores[metric][row] if metric in system.scores else None
    return "" if score is None else element("span", escape(f"{metric} {score:.1f}"), class_="score")


def _words(system: System, row: int, language: str) -> str:
    """The caption, its words under their gloss where one is known."""
    if not system.glosses[row]:
        return escape(system.captions[row]) or "(empty)"
    return "".join(
        element("ruby", escape(word), element("rt", escape(gloss), lang="en")) + " "
        for word, gloss in zip(system.words[row], system.glosses[row], strict=True)
    )


def _picture(image: EvaluatedImage, root: Path, width: int, quality: int) -> str:
    if not (root / image.file).exists():
        return ""
    try:
        picture = open_picture(root / image.file)
    except InputError as error:
        return element("p", f"No picture: found {escape(error.found)}.", class_="note")
    drawing = boxed_picture(picture.pixels, image.graph, (picture.width, picture.height), width, quality)
    return element("div", document(drawing, f"image {image.id}", margin=0), class_="picture")
