"""Stage build_image_graphs: detections, or graphs that the user brings -> one scene graph a picture.

In:  data/detections and models/relations (backend predicted), or data/raw/image_graphs (imported, sentences);
     data/raw/images and models/detector where the relation model reads features of unions
Out: data/image_graphs/{train,val,test}.parquet, a graph a row: {"id": "7", "objects": ["dog", "park"], …}
     data/image_graphs/labels.json {"objects": {"men": {"name": "man", "attributes": []}, …}, "attributes": …}
     data/image_graphs/provenance.json {"kind": "predicted", "label": "graphs predicted by …"}

What the relation model says of a picture is kept in work/cache. With --map only a part of the pictures is judged and
nothing but the cache is written; the command without it gathers.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from crosscap.config.detection import DetectionSettings
from crosscap.config.image_graphs import ImageGraphSettings
from crosscap.config.loader import load_section
from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.graph.tables import write_graphs
from crosscap.incremental.identity import stage_identity
from crosscap.incremental.results import results, run_task
from crosscap.incremental.task import Task
from crosscap.io.artifacts import atomic_directory, write_json
from crosscap.runs.arguments import stage_arguments
from crosscap.runs.stage import run, use_threads
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import SPLITS
from crosscap.vision.detectors.table import read_detections
from crosscap.vision.graphs.given import oracle_graphs, read_imported, read_sentences
from crosscap.vision.graphs.label_table import LabelTable, labels_of
from crosscap.vision.graphs.predicted import graph_limits, kept_objects, label_form, predicted_graph
from crosscap.vision.imported_features.stand_in import is_stand_in
from crosscap.vision.relations.results import SeenPicture, predicting, predictions_of
from crosscap.vision.relations.store import check_classes, load_relations

RAW, DETECTIONS, OUT = Path("data/raw"), Path("data/detections"), Path("data/image_graphs")
GIVEN = RAW / "image_graphs"
DETECTOR, RELATIONS, PARSER = Path("models/detector"), Path("models/relations"), Path("models/dependency_parser")
# Parameters that play no part in what the relation model says: those of the graph made from it.
AFTERWARDS = (
    "attribute_threshold", "relation_threshold", "duplicate_iou", "normalise_labels", "object_aliases",
    "relationship_aliases", "max_attributes", "max_relations",
)  # fmt: skip
LABELS = {
    "predicted": "graphs predicted from the image by the project's own detector and relation model",
    "imported": "imported graphs: given by the user, not predicted from the image",
    "oracle": "oracle graphs: parsed from English captions of the image, not predicted from the image",
}


def main() -> None:
    task = stage_arguments(__doc__, "map").map
    settings = load_section("build_image_graphs", "image_graphs", ImageGraphSettings)
    if settings.backend == "predicted":
        predicted = _predicted(settings, task)
        if predicted is None:
            return
        graphs, labels = predicted
    elif task is not None:
        return  # nothing to share out
    elif settings.backend == "imported":
        graphs, labels = _imported(settings)
    else:
        graphs, labels = _oracle(), LabelTable({}, {}, {})
    kind = "oracle" if settings.backend == "sentences" else settings.backend
    if not any(graphs.values()):
        found, remedy = "no graphs", "Bring graphs, sentences or pictures, and choose image_graphs.backend to match."
        raise InputError(GIVEN, found, f"something for backend {settings.backend!r}", remedy)
    with atomic_directory(OUT) as folder:
        for split, some in graphs.items():
            write_graphs(folder / f"{split}.parquet", some)
        write_json(folder / "labels.json", labels.rows())
        write_json(folder / "provenance.json", {"kind": kind, "label": LABELS[kind]})


def _predicted(
    settings: ImageGraphSettings, task: Task | None
) -> tuple[dict[str, list[SceneGraph]], LabelTable] | None:
    """Graphs and labels; None after a part of the pictures."""
    use_threads(load_section("build_image_graphs", "detection", DetectionSettings).threads)
    model = load_relations(RELATIONS)
    if model is None:
        remedy = "Choose a detector.backend, or image_graphs.backend imported."
        if is_stand_in(DETECTOR):
            remedy = "Imported features need collect.files.image_features.classes, and relations.union_features false."
        raise InputError(RELATIONS, "no relation model", "a trained one", remedy)
    table, limits = read_detections(DETECTIONS), graph_limits(settings)
    size = table.images[0].detections.features.shape[1] if table.images else None
    check_classes(model, table.classes, RELATIONS, size)
    if model.architecture.reads_unions and is_stand_in(DETECTOR):
        found, expected = "a model that reads features of pairs", "one that does not: imported are those of boxes"
        raise InputError(RELATIONS, found, expected, "Bring one that was trained with relations.union_features: false.")
    identity = stage_identity(
        "build_image_graphs", [DETECTOR, RELATIONS], [f"image_graphs.{name}" for name in AFTERWARDS]
    )
    work = predicting(DETECTOR, RELATIONS, model.architecture.reads_unions, identity)
    pictures = [
        SeenPicture(
            RAW / "images" / image.split / image.file_name,
            kept_objects(image.detections, limits),
            image.width,
            image.height,
        )
        for image in table.images
    ]
    if task is not None:
        run_task(pictures, work, task)
        return None
    names, form = model.names, label_form(settings)
    labels = LabelTable.of(table.classes, names.attributes, names.predicates, form)
    graphs: dict[str, list[SceneGraph]] = {split: [] for split in SPLITS}
    said = progress(results(pictures, work), "image graphs", len(pictures))
    for image, picture, value in zip(table.images, pictures, said, strict=True):
        graph = predicted_graph(
            str(image.id), picture.found, predictions_of(value), table.classes, names, labels, limits, image.rows[0]
        )
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
