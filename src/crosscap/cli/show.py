"""``crosscap show``: a picture with boxes, and its scene graph beside it, as SVG or PNG."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import read_yaml, validate_section
from crosscap.errors import InputError, printable
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import read_graphs, to_row
from crosscap.io.artifacts import atomic_path, write_text
from crosscap.vision.graphs.given import read_imported
from crosscap.vision.images import OpenedPicture, open_picture

if TYPE_CHECKING:
    from crosscap.vision.pipeline import ImageGraphPredictor

PARAMS, MODELS = Path("params.yaml"), Path("models")
FORMS = (".svg", ".png")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Draw a picture with its boxes and its scene graph: what the trained models see in it, or a given graph. The "
        "number and the colour of a box are those of its object in the graph."
    )
    parser.add_argument("image", type=Path, metavar="IMAGE", help="a picture (JPEG, PNG, ...)")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where to draw, .svg or .png (default: NAME.svg in this folder)"
    )
    parser.add_argument("--json", action="store_true", help="print the graph as JSON; draw only if --output is given")
    parser.add_argument(
        "--graph", type=Path, metavar="FILE", help="draw a graph of this file, .parquet or JSON lines, not a seen one"
    )
    parser.add_argument("--id", help="which graph of --graph (default: the only one)")
    parser.add_argument("--params", type=Path, default=PARAMS, help="the parameters (default: %(default)s)")
    parser.add_argument("--models", type=Path, default=MODELS, help="folder of the models (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    if arguments.id is not None and arguments.graph is None:
        raise InputError("crosscap show", "--id without --graph", "--graph FILE --id ID")
    output = None if arguments.json and arguments.output is None else _checked_output(arguments)
    picture = open_picture(arguments.image)
    if arguments.graph is None:
        graph = seen_graph(picture, str(arguments.image), arguments.params, arguments.models)
    else:
        graph = given_graph(arguments.graph, arguments.id)
        require_boxes_inside(graph, picture, arguments.graph)
    if arguments.json:
        # A byte of a name that is no UTF-8 is a lone surrogate: no stream takes it, JSON has an escape for it.
        print(json.dumps(to_row(graph), ensure_ascii=False).encode("utf-8", "backslashreplace").decode())
    if output is not None:
        draw(picture, graph, output)
        if not arguments.json:
            print(printable(str(output)))
    return 0


def seen_graph(picture: OpenedPicture, name: str, params: Path, models: Path) -> SceneGraph:
    """What the trained models see in ``picture``; its id is ``name``, its boxes are those of the whole picture."""
    predictor = _predictor(params, models)
    from crosscap.cli.caption import in_original

    (graph,) = predictor.graphs([picture.pixels], [name])
    return in_original(graph, picture)


def given_graph(path: Path, id: str | None) -> SceneGraph:
    """The graph ``id`` of a graph table or of JSON lines; without ``id`` the only graph there is.

    Raises:
        InputError: the file cannot be read, or does not say which graph is meant.
    """
    graphs = {graph.id: graph for graph in (read_graphs if path.suffix == ".parquet" else read_imported)(path)}
    if id is None and len(graphs) == 1:
        return next(iter(graphs.values()))
    if id not in graphs:
        some = ", ".join(list(graphs)[:3])
        found = f"{len(graphs)} graphs" if id is None else f"no graph of id {id!r}"
        raise InputError(path, found, f"one of the ids {some}, …" if some else "a graph", "Name one with --id.")
    return graphs[id]


def require_boxes_inside(graph: SceneGraph, picture: OpenedPicture, path: Path) -> None:
    """Raise `InputError` where a box leaves the picture by more than a pixel: the graph is another picture's."""
    for row, (x0, y0, x1, y1) in enumerate(graph.boxes):
        if not (-1 <= x0 <= x1 <= picture.width + 1 and -1 <= y0 <= y1 <= picture.height + 1):
            found = f"the box {x0:g}, {y0:g}, {x1:g}, {y1:g} of object {row + 1} ({graph.objects[row]})"
            expected = f"x0, y0, x1, y1 within the picture's {picture.width} x {picture.height} pixels"
            raise InputError(path, found, expected, "Name the picture's own graph with --id.", f"graph {graph.id}")


def draw(picture: OpenedPicture, graph: SceneGraph, output: Path) -> None:
    """Write the drawing in the form that the suffix of ``output`` names."""
    from crosscap.graph.drawing.picture import picture_and_graph

    svg = picture_and_graph(picture.pixels, graph, (picture.width, picture.height))
    if output.suffix.lower() == ".svg":
        write_text(output, svg + "\n")
        return
    from crosscap.graph.drawing.png import png_of

    png = png_of(svg)
    with atomic_path(output) as temporary:
        temporary.write_bytes(png)


def _checked_output(arguments: argparse.Namespace) -> Path:
    output: Path = arguments.output or Path(f"{arguments.image.stem}.svg")
    if output.suffix.lower() not in FORMS:
        raise InputError(output, f"the suffix {output.suffix!r}", " or ".join(FORMS), "Name another --output.")
    if output.exists() and arguments.image.exists() and output.samefile(arguments.image):
        raise InputError(output, "the picture itself", "another file", "Name another --output.")
    if not output.parent.is_dir():
        raise InputError(output.parent, "no such folder", "a folder to draw into")
    return output


def _predictor(params: Path, models: Path) -> ImageGraphPredictor:
    values = read_yaml(params)

    def section(model: Any, name: str) -> Any:
        return validate_section(model, name, values.get(name), params)

    detection, graphs = section(DetectionSettings, "detection"), section(ImageGraphSettings, "image_graphs")
    # Only here: a given graph needs neither torch nor models.
    from crosscap.vision.pipeline import ImageGraphPredictor

    return ImageGraphPredictor.load(models / "detector", models / "relations", detection, graphs)
