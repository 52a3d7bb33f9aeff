from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.detectors.detection import Detections
from crosscap.vision.detectors.table import read_detections, write_detections
from crosscap.vision.graphs.given import oracle_graphs, read_imported, read_sentences
from crosscap.vision.graphs.label_table import LabelForm, LabelTable
from crosscap.vision.graphs.predicted import GraphLimits, kept_objects, predicted_graph, rank_relations
from crosscap.vision.relations.model import Architecture, FrequencyModel, RelationModel, RelationNames
from crosscap.vision.relations.prediction import Predictions, detected_regions, predict

CLASSES = ("dog", "park")
LIMITS = GraphLimits(0.5, 0.5, 0.5, 0.7, 10, 1, 10)
FOUND = Detections(
    np.array([[0, 5, 20, 10], [1, 2, 4, 6], [2, 2, 5, 6]], np.float32),
    np.array([1, 0, 0]),
    np.array([0.9, 0.8, 0.3], np.float32),
    np.zeros((3, 2), np.float32),
    np.array([[0.25], [0.5], [1]], np.float32),
)


@pytest.fixture
def model() -> RelationModel:
    """Says "in" of dog and park, nothing of other pairs, and that everything is brown, less surely red."""
    shape = Architecture("frequency", 2, 4, 2, 1, 0.0, "left_right", False, False, False, 10)
    model = FrequencyModel(RelationNames(CLASSES, ("red", "brown"), ("in", "on")), shape).eval()
    model.attribute_prior[:] = torch.tensor([1.0, 2.0])
    model.predicate_prior[..., 0] = 4.0
    model.predicate_prior[0, 1] = torch.tensor([0.1, 0.6, 0.3]).log()
    return model


def graph_of(model: RelationModel, limits: GraphLimits, first_row: int = -1) -> SceneGraph:
    found, names = kept_objects(FOUND, limits), model.names
    (said,) = predict(model, [detected_regions(model, found, 20, 10)])
    labels = LabelTable.of(CLASSES, names.attributes, names.predicates, LabelForm())
    return predicted_graph("7", found, said, CLASSES, names, labels, limits, first_row)


def test_thresholds_decide_what_stands_in_a_graph(model: RelationModel) -> None:
    graph = graph_of(model, LIMITS, 40)
    assert graph.objects == ("park", "dog")
    assert graph.attributes == ((0, "brown"), (1, "brown"))
    assert graph.relations == ((1, "in", 0),)
    assert graph.boxes == ((0, 5, 20, 10), (1, 2, 4, 6)) and graph.feature_rows == (40, 41)
    strict = replace(LIMITS, attribute_threshold=0.95, relation_threshold=0.7)
    assert graph_of(model, strict).tuples() == {("park",), ("dog",)}
    few = replace(LIMITS, object_threshold=0.1, max_objects=1, max_attributes=2)
    assert graph_of(model, few).tuples() == {
        ("park",),
        ("park", "brown"),
        ("park", "red"),
    }


def test_a_picture_without_sure_objects_has_an_empty_graph(model: RelationModel) -> None:
    assert graph_of(model, replace(LIMITS, object_threshold=0.95), 40) == SceneGraph("7")


def test_relations_are_ranked_by_predicate_and_both_objects() -> None:
    said = Predictions(
        np.array([0, 1]),
        np.array([0.5, 0.8], np.float32),
        np.zeros((2, 0), np.float32),
        np.array([[0, 1], [1, 0]]),
        np.array([[0.2, 0.1], [0.1, 0.5]], np.float32),
    )
    ranked = rank_relations(said)
    assert [(subject, predicate, other) for _, subject, predicate, other in ranked] == [(1, 1, 0), (0, 0, 1)]
    np.testing.assert_allclose([score for score, *_ in ranked], [0.2, 0.08], atol=1e-6)


def test_detections_are_read_as_written_and_written_the_same_twice(tmp_path: Path) -> None:
    images = [
        {"id": number, "split": "val", "file_name": f"{number}.jpg", "width": 20, "height": 10} for number in (7, 8, 9)
    ]
    parts = [FOUND.head(2), FOUND.head(0), FOUND]
    for name in ("a", "b"):
        write_detections(tmp_path / name, zip(images, parts, strict=True), CLASSES, ("red",), 2)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == [
        "attribute_scores.npy",
        "boxes.npy",
        "detections.json",
        "features.npy",
        "labels.npy",
        "quarantine.json",
        "scores.npy",
    ]
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in files)
    table = read_detections(tmp_path / "a")
    assert (table.classes, table.attributes) == (CLASSES, ("red",))
    assert [(image.id, image.rows) for image in table.images] == [(7, (0, 2)), (8, (2, 2)), (9, (2, 5))]
    for name, array in vars(FOUND).items():
        assert np.array_equal(getattr(table.images[2].detections, name), array)
    # Read as it is used, and safe to hand on: what is written into it stays in memory.
    found = table.images[2].detections
    assert found.features.base is not None and isinstance(found.features.base.base, np.memmap)
    found.features[:] = 7
    assert not read_detections(tmp_path / "a").images[2].detections.features.any()


def test_a_detector_that_says_no_attributes_has_empty_columns(tmp_path: Path) -> None:
    write_detections(tmp_path / "d", [], CLASSES, (), 2)
    table = read_detections(tmp_path / "d")
    assert table.images == () and np.load(tmp_path / "d/attribute_scores.npy").shape == (0, 0)


def test_arrays_that_do_not_fit_the_index_are_an_error(tmp_path: Path) -> None:
    image = {"id": 1, "split": "val", "file_name": "1.jpg", "width": 20, "height": 10}
    write_detections(tmp_path / "d", [(image, FOUND)], CLASSES, ("red",), 2)
    np.save(tmp_path / "d/scores.npy", np.zeros(2, np.float32))
    with pytest.raises(InputError, match=r"scores.npy: found 2 rows, expected 3"):
        read_detections(tmp_path / "d")


def test_imported_graphs_keep_their_ids(tmp_path: Path) -> None:
    path = tmp_path / "graphs_val.jsonl"
    path.write_text(
        '{"id": 7, "objects": ["dog", "park"], "relations": [{"subject": 0, "predicate": "in", "object": 1}]}\n'
        '\n{"id": "8", "objects": []}\n'
    )
    assert read_imported(path) == [SceneGraph("7", ("dog", "park"), relations=((0, "in", 1),)), SceneGraph("8")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: found no JSON"),
        ('{"objects": []}', "line 2: found no 'id'"),
        ('{"id": 8}', "line 2: found no key 'objects'"),
        ('{"id": 7, "objects": []}', "line 2: found id 7 of line 1 again"),
        ('{"id": 8, "objects": ["Dog"]}', "line 2: found graph '8': found name 'Dog'"),
    ],
)
def test_a_bad_imported_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "graphs_val.jsonl"
    path.write_text('{"id": 7, "objects": []}\n' + line + "\n")
    with pytest.raises(InputError, match=message):
        read_imported(path)


def test_oracle_graphs_are_the_union_of_an_images_sentences(tmp_path: Path) -> None:
    path = tmp_path / "sentences_val.jsonl"
    entries = [{"id": 7, "sentences": ["brown dog", "dog in park"]}, {"id": 8, "sentences": []}]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    parsed = {
        "brown dog": SceneGraph("0", ("dog",), ((0, "brown"),)),
        "dog in park": SceneGraph("1", ("dog", "park"), (), ((0, "in", 1),)),
    }
    graphs = oracle_graphs(read_sentences(path), lambda sentences: [parsed[sentence] for sentence in sentences])
    assert graphs == [SceneGraph("7", ("dog", "park"), ((0, "brown"),), ((0, "in", 1),)), SceneGraph("8")]


def test_sentences_of_another_form_are_named(tmp_path: Path) -> None:
    path = tmp_path / "sentences_val.jsonl"
    path.write_text('{"id": 7, "sentences": "a dog"}\n')
    with pytest.raises(InputError, match="line 1: found no list of texts 'sentences'"):
        read_sentences(path)
