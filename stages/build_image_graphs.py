"""Stage build_image_graphs: detections, or graphs that the user brings -> one scene graph a picture.

In:  data/detections and models/relations (backend predicted), or data/raw/image_graphs (imported, sentences)
Out: data/image_graphs/{train,val,test}.parquet, a graph a row: {"id": "7", "objects": ["dog", "park"], …}
     data/image_graphs/labels.json {"objects": {"men": {"name": "man", "attributes": []}, …}, "attributes": …}
     data/image_graphs/provenance.json {"kind": "predicted", "label": "graphs predicted by …"}
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.runs.stage import run
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import SPLITS
from crosscap.vision.detectors.table import read_detections
from crosscap.vision.graphs.given import oracle_graphs, read_imported, read_sentences
from crosscap.vision.graphs.label_table import LabelTable, labels_of
from crosscap.vision.graphs.predicted import graph_limits, kept_objects, label_form, predicted_graph
from crosscap.vision.relations.model import predict
from crosscap.vision.relations.store import check_classes, load_relations

GIVEN, DETECTIONS, RELATIONS = Path("data/raw/image_graphs"), Path("data/detections"), Path("models/relations")
PARSER, OUT = Path("models/dependency_parser"), Path("data/image_graphs")
LABELS = {
    "predicted": "graphs predicted from the image by the project's own detector and relation model",
    "imported": "imported graphs: given by the user, not predicted from the image",
    "oracle": "oracle graphs: parsed from English captions of the image, not predicted from the image",
}


def main() -> None:
    settings = load_section("build_image_graphs", "image_graphs", ImageGraphSettings)
    kind = "oracle" if settings.backend == "sentences" else settings.backend
    if settings.backend == "predicted":
        graphs, labels = _predicted(settings)
    elif settings.backend == "imported":
        graphs, labels = _imported(settings)
    else:
        graphs, labels = _oracle(), LabelTable({}, {}, {})
    if not any(graphs.values()):
        found, remedy = "no graphs", "Bring graphs, sentences or pictures, and choose image_graphs.backend to match."
        raise InputError(GIVEN, found, f"something for backend {settings.backend!r}", remedy)
    with atomic_directory(OUT) as folder:
        for split, some in graphs.items():
            write_graphs(folder / f"{split}.parquet", some)
        write_json(folder / "labels.json", labels.rows())
        write_json(folder / "provenance.json", {"kind": kind, "label": LABELS[kind]})


def _predicted(settings: ImageGraphSettings) -> tuple[dict[str, list[SceneGraph]], LabelTable]:
    model = load_relations(RELATIONS)
    if model is None:
        remedy = "Choose a detector.backend, or image_graphs.backend imported."
        raise InputError(RELATIONS, "no relation model", "a trained one", remedy)
    table, limits = read_detections(DETECTIONS), graph_limits(settings)
    check_classes(model, table.classes, RELATIONS)
    names, form = model.names, label_form(settings)
    labels = LabelTable.of(table.classes, names.attributes, names.predicates, form)
    graphs: dict[str, list[SceneGraph]] = {split: [] for split in SPLITS}
    for image in progress(table.images, "image graphs"):
        found = kept_objects(image.detections, limits)
        said = predict(model, found.features, found.labels, found.boxes, image.width, image.height)
        graph = predicted_graph(str(image.id), found, said, table.classes, names, labels, limits, image.rows[0])
        graphs[image.split].append(graph)
    return graphs, labels


def _imported(settings: ImageGraphSettings) -> tuple[dict[str, list[SceneGraph]], LabelTable]:
    given = {split: read_imported(GIVEN / f"graphs_{split}.jsonl") for split in SPLITS}
    labels = LabelTable.of(*labels_of(chain.from_iterable(given.values())), label_form(settings))
    return {split: [labels.named(graph) for graph in some] for split, some in given.items()}, labels


def _oracle() -> dict[str, list[SceneGraph]]:
    # Only this backend needs a parser.
    from crosscap.vision.graphs.sentence_parsing import graph_parser

    parse = graph_parser(PARSER)
    return {split: oracle_graphs(read_sentences(GIVEN / f"sentences_{split}.jsonl"), parse) for split in SPLITS}


if __name__ == "__main__":
    run(main)
