"""A picture with the boxes of its graph, alone or beside the graph: what `crosscap show` and the report draw."""

from __future__ import annotations

import base64
import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crosscap.graph.drawing.graph import graph_marks, spoken
from crosscap.graph.drawing.marks import mark
from crosscap.graph.drawing.svg import Drawing, document, moved, safe, written
from crosscap.graph.drawing.tags import HEIGHT, Tag, place_tags
from crosscap.graph.scene_graph import Box, SceneGraph

LONGEST = 720.0  # pixels that the longer side of the picture is shown with
GAP = 28.0  # between picture and graph
WIDER = 1.4  # times the longer side of the other arrangement
QUALITY = 88  # of the embedded JPEG


def picture_and_graph(pixels: NDArray[np.uint8], graph: SceneGraph, size: tuple[int, int]) -> str:
    """The picture with boxes and, right of it, the graph, as one ``<svg>`` that needs no other file.

    A graph that is far wider than high stands below the picture instead.

    Args:
        pixels: RGB, [height, width, 3].
        graph: without boxes the picture is shown as it is.
        size: width and height of the picture as its boxes measure it; ``pixels`` may be a reduced one.
    """
    shown, nodes = boxed_picture(pixels, graph, size), graph_marks(graph, numbered=bool(graph.boxes))
    beside = shown.width + GAP + nodes.width, max(shown.height, nodes.height)
    below = max(shown.width, nodes.width), shown.height + GAP + nodes.height
    if max(beside) > WIDER * max(below):
        place, (width, height) = (0.0, shown.height + GAP), below
    else:
        place, (width, height) = (shown.width + GAP, (beside[1] - nodes.height) / 2), beside
    return document(Drawing(shown.marks + moved(nodes, *place), width, height), spoken(graph))


def boxed_picture(
    pixels: NDArray[np.uint8],
    graph: SceneGraph,
    size: tuple[int, int],
    longest: float = LONGEST,
    quality: int = QUALITY,
) -> Drawing:
    """The picture, its longer side ``longest`` pixels, with a numbered box an object; ``size`` as above.

    The picture is embedded as a JPEG of at most that size; boxes are drawn the large ones first, so that small ones lie
    upon them.
    """
    placed = place_boxes(graph, size, longest)
    boxes, tags = placed.boxes, placed.tags
    order = sorted(range(len(boxes)), key=lambda row: (-_area(boxes[row]), row))
    picture = f"data:image/jpeg;base64,{jpeg(pixels, placed.picture, quality)}"
    marks = [
        f'<image width="{placed.picture[0]:.1f}" height="{placed.picture[1]:.1f}" preserveAspectRatio="none" '
        f'href="{picture}"/><g class="boxes">'
    ]
    marks += [_box(boxes[row], row, box_title(graph, row)) for row in order]
    marks += [_leader(tag, boxes[row], row) for row, tag in enumerate(tags) if tag.away]
    marks += [_tag(tag, row) for row, tag in enumerate(tags)]
    return Drawing("".join(marks) + "</g>", *placed.drawing)


class PlacedBoxes(NamedTuple):
    """Where a picture's boxes and their tags are drawn, in pixels of the drawing.

    Attributes:
        picture: width and height of the picture, which lies at the upper left.
        drawing: width and height of all; larger than the picture where tags found no room upon it.
        boxes, tags: one for each object that has a box.
    """

    picture: tuple[float, float]
    drawing: tuple[float, float]
    boxes: list[Box]
    tags: list[Tag]


def place_boxes(graph: SceneGraph, size: tuple[int, int], longest: float) -> PlacedBoxes:
    """The boxes of ``graph`` on its picture of ``size`` shown with ``longest`` pixels along its longer side."""
    scale = longest / max(size)
    width, height = size[0] * scale, size[1] * scale
    boxes = [_scaled(box, scale, width, height) for box in graph.boxes]
    tags = place_tags(graph.objects[: len(boxes)], boxes, width, height)
    right = max([width, *(tag.x + tag.width for tag in tags)])
    bottom = max([height, *(tag.y + HEIGHT for tag in tags)])
    return PlacedBoxes((width, height), (right, bottom), boxes, tags)


def jpeg(pixels: NDArray[np.uint8], shown: tuple[float, float], quality: int) -> str:
    """A JPEG of at most the ``shown`` width and height, in base64; smaller pictures stay small in the file."""
    picture = Image.fromarray(pixels)
    if picture.width > shown[0]:
        picture = picture.resize((max(1, round(shown[0])), max(1, round(shown[1]))), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def box_title(graph: SceneGraph, row: int) -> str:
    """What an object's box says: ``2 white horse (0.93)``."""
    said = [name for owner, name in graph.attributes if owner == row]
    score = f" ({graph.scores[row]:.2f})" if graph.scores else ""
    return f"{row + 1} {' '.join([*said, graph.objects[row]])}{score}"


def _scaled(box: Box, scale: float, width: float, height: float) -> Box:
    """In pixels of the drawing, within the picture."""
    x0, y0, x1, y1 = (value * scale for value in box)
    return min(max(x0, 0.0), width), min(max(y0, 0.0), height), min(max(x1, 0.0), width), min(max(y1, 0.0), height)


def _box(box: Box, row: int, title: str) -> str:
    x0, y0, x1, y1 = box
    place = f'x="{x0:.1f}" y="{y0:.1f}" width="{max(x1 - x0, 0.0):.1f}" height="{max(y1 - y0, 0.0):.1f}" rx="2"'
    return (
        f'<rect class="halo" {place}/><rect class="box" {place} {mark(row).stroke}><title>{safe(title)}</title></rect>'
    )


def _leader(tag: Tag, box: Box, row: int) -> str:
    """From a tag that stands apart to the nearest point of its box."""
    x, y = tag.x + tag.width / 2, tag.y + HEIGHT / 2
    end_x, end_y = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
    if (end_x, end_y) == (x, y):  # within its box
        end_x, end_y = box[0], box[1]
    return f'<path class="leader" {mark(row).stroke} d="M{x:.1f} {y:.1f}L{end_x:.1f} {end_y:.1f}"/>'


def _tag(tag: Tag, row: int) -> str:
    colour, ink, _ = mark(row)
    return (
        f'<rect style="fill:{colour}" x="{tag.x:.1f}" y="{tag.y:.1f}" width="{tag.width:.1f}" height="{HEIGHT:g}" '
        f'rx="3"/>' + written(tag.text, tag.x + tag.width / 2, tag.y + HEIGHT / 2, "tag", ink)
    )


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
