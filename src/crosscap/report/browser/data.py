"""The browser's data: compact JSON inside the page, column by column."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from crosscap.graph.drawing.graph import graph_marks, spoken
from crosscap.graph.drawing.marks import COLOURS, DASHES
from crosscap.graph.drawing.svg import document
from crosscap.graph.scene_graph import SceneGraph
from crosscap.report.browser.evaluated import ABSENT, EvaluatedImage, System
from crosscap.report.browser.pictures import ShownPicture


def browser_data(
    images: Sequence[EvaluatedImage], systems: Sequence[System], pictures: Sequence[ShownPicture]
) -> dict[str, Any]:
    """What ``browser.js`` reads. Words, names and glosses are numbers that index ``names``.

    Graphs are drawn for images whose pictures are inside the page; for all of them they are lists as well.
    """
    names: dict[str, int] = {}

    def numbered(texts: Iterable[str]) -> list[int]:
        return [names.setdefault(text, len(names)) for text in texts]

    return {
        "ids": [image.id for image in images],
        "references": [list(image.references) for image in images],
        "graphs": [
            [
                numbered(image.graph.objects),
                [[owner, *numbered([name])] for owner, name in image.graph.attributes],
                [[subject, *numbered([name]), other] for subject, name, other in image.graph.relations],
            ]
            for image in images
        ],
        "drawings": [
            _drawing(image.graph) if picture.inside else "" for image, picture in zip(images, pictures, strict=True)
        ],
        "pictures": [_picture(picture) for picture in pictures],
        "systems": [
            {
                "name": system.name,
                "captions": list(system.captions),
                "scores": {
                    metric: [None if value is None else round(value, 2) for value in values]
                    for metric, values in system.scores.items()
                },
                "words": [numbered(words) for words in system.words],
                "glosses": [numbered(words) for words in system.glosses],
                "english": list(system.english),
                "absent": [numbered(found or ()) for found in system.absent],
            }
            for system in systems
        ],
        "names": list(names),
        "counts": [ABSENT],  # scores without decimals
        "colours": COLOURS,
        "dashes": DASHES,
    }


def script_safe(data: Any) -> str:
    """``data`` as JSON that can stand in a ``<script>`` whatever its texts are: none of them can end it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _drawing(graph: SceneGraph) -> str:
    """With the numbers and colours of the boxes; zlib in base64, since drawings are long and much alike."""
    svg = document(graph_marks(graph, numbered=bool(graph.boxes)), spoken(graph))
    return base64.b64encode(zlib.compress(svg.encode("utf-8", "replace"), 9)).decode("ascii")


def _picture(picture: ShownPicture) -> list[Any]:
    """Problem, or source, whether it is inside, sizes of picture and drawing, and of each box: corners, tag."""
    if picture.placed is None:
        return [picture.problem]
    placed = picture.placed
    marks = [
        [
            *(round(value) for value in (*box, tag.x, tag.y, tag.width)),
            int(" " in tag.text),
            int(tag.away),
        ]
        for box, tag in zip(placed.boxes, placed.tags, strict=True)
    ]
    sizes = [round(value, 1) for value in (*placed.picture, *placed.drawing)]
    return [picture.source, int(picture.inside), sizes, marks]
