from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crosscap.evaluation.average_precision import mean_average_precisions
from crosscap.evaluation.detection import COCO_OVERLAPS, evaluate_detections, mean_average_precision
from crosscap.evaluation.image_graphs import attribute_rows, paired_objects
from crosscap.evaluation.stage_scores import extraction_scores
from crosscap.graph.scene_graph import SceneGraph
from crosscap.vision.annotations.annotated_images import AnnotatedImage, Annotations
from crosscap.vision.detectors.detection import Detections

CLASSES = ("dog", "man", "hat")


def image(number: int, boxes: list[list[float]], labels: list[int], **more: object) -> AnnotatedImage:
    attributes = more.get("attributes", ((),) * len(labels))
    relations = more.get("relations", ())
    array = np.array(boxes, np.float32).reshape(-1, 4)
    return AnnotatedImage(number, "x", 100, 100, array, np.array(labels, np.int64), attributes, relations)  # type: ignore[arg-type]


def detections(boxes: list[list[float]], labels: list[int], scores: list[float]) -> Detections:
    array = np.array(boxes, np.float32).reshape(-1, 4)
    none = np.zeros((len(labels), 0), np.float32)
    return Detections(array, np.array(labels), np.array(scores, np.float32), none, none)


def annotations(*images: AnnotatedImage) -> Annotations:
    return Annotations(images, CLASSES, ("red", "big"), ("wear", "near"))


def random_pictures(count, objects, seed):
    """Pictures of two classes, and guesses near their boxes with two false alarms each."""
    random = np.random.default_rng(seed)
    images, found = [], {}
    for number in range(count):
        corners = random.uniform(0, 60, (objects, 2))
        boxes = np.concatenate([corners, corners + random.uniform(10, 40, (objects, 2))], 1)
        labels = random.integers(0, 2, objects)
        images.append(image(number, boxes.tolist(), labels.tolist()))
        guesses = np.concatenate([boxes + random.normal(0, 3, (objects, 4)), boxes[:2] + 20])
        scores = random.uniform(0, 1, objects + 2)
        found[number] = detections(guesses.tolist(), [*labels.tolist(), 0, 1], scores.tolist())
    return images, found


def test_average_precision_of_one_hit_one_miss_and_one_false_alarm() -> None:
    gold = annotations(image(1, [[0, 0, 10, 10], [50, 50, 60, 60]], [0, 0]))
    found = {1: detections([[30, 30, 40, 40], [0, 0, 10, 10]], [0, 0], [0.9, 0.8])}
    # The hit comes second: precision 1/2 up to recall 1/2, then 0. COCO samples 101 recalls, 51 of them at most 1/2.
    assert mean_average_precision(gold, found, CLASSES) == pytest.approx(0.5 * 51 / 101)


def test_average_precision_agrees_with_a_slow_reference_on_random_boxes() -> None:
    images, found = random_pictures(12, 6, seed=3)
    gold = annotations(*images)
    assert mean_average_precision(gold, found, CLASSES) == pytest.approx(_slow_map(gold, found), abs=1e-6)


def test_average_precision_of_drawn_pictures_is_that_of_their_copies() -> None:
    """A draw's copies matched and ranked as pictures of their own."""
    images, found = random_pictures(6, 5, seed=5)
    images.append(image(6, [[0, 0, 30, 30]], [2]))  # a class of one picture, which draws may lack
    evaluated = evaluate_detections(annotations(*images), found, CLASSES)
    assert evaluated is not None
    weights = np.array([[1] * 7, [0, 3, 0, 2, 1, 0, 1], [2, 0, 1, 0, 0, 4, 0], [0, 0, 0, 0, 0, 0, 7]], float)
    drawn = mean_average_precisions(evaluated.matches, weights)
    for row, counts in zip(drawn, weights.astype(int), strict=True):
        picked = [number for number, times in enumerate(counts) for _ in range(times)]
        copies = annotations(*(replace(images[number], id=place) for place, number in enumerate(picked)))
        again = {place: found[number] for place, number in enumerate(picked) if number in found}
        for value, overlap in zip(row, COCO_OVERLAPS, strict=True):
            assert value == pytest.approx(_slow_map(copies, again, overlap), abs=1e-5)
    assert (drawn[:3, 0] > 0.2).all() and (drawn[3] == 0).all()


def test_detectors_with_names_in_another_order_are_matched_by_name() -> None:
    gold = annotations(image(1, [[0, 0, 10, 10]], [1]))
    found = {1: detections([[0, 0, 10, 10]], [0], [0.9])}
    assert mean_average_precision(gold, found, ("man", "unknown")) == pytest.approx(1.0)


def test_nothing_detected_is_zero_and_nothing_annotated_is_null() -> None:
    assert mean_average_precision(annotations(image(1, [[0, 0, 9, 9]], [0])), {}, CLASSES) == 0.0
    assert mean_average_precision(annotations(), {1: detections([[0, 0, 9, 9]], [0], [1.0])}, CLASSES) is None


WEARING = SceneGraph(
    "7", ("man", "hat"), ((0, "big"), (1, "red")), (), ((0.0, 0.0, 40.0, 90.0), (10.0, 0.0, 30.0, 12.0))
)


def test_attributes_are_scored_on_found_objects_alone() -> None:
    graph = SceneGraph(
        "7", ("man", "hat"), ((0, "big"), (0, "red"), (1, "red")), (), ((0, 0, 40, 90), (70, 70, 90, 90))
    )
    # The man is found: big is right, red is wrong; the hat is elsewhere and does not count.
    scores = extraction_scores(attribute_rows([WEARING], {"7": graph}))
    assert scores == {"precision": 50.0, "recall": 100.0, "F1": pytest.approx(66.6667)}
    # A picture without a graph, or with one without boxes, has no found object.
    assert extraction_scores(attribute_rows([WEARING], {})) == {"precision": None, "recall": None, "F1": None}
    assert (
        extraction_scores(attribute_rows([WEARING], {"7": SceneGraph("7", ("man", "hat"), ((0, "big"),))}))["F1"]
        is None
    )


def test_every_object_is_paired_once_with_its_largest_overlap() -> None:
    graph = SceneGraph("7", ("man", "man"), (), (), ((0, 0, 40, 70), (0, 0, 40, 90)))
    assert paired_objects(graph, WEARING) == [(1, 0)]


def test_objects_of_other_names_or_in_other_places_are_no_pairs() -> None:
    graph = SceneGraph("7", ("hat", "man"), (), (), ((0, 0, 40, 90), (0, 0, 40, 40)))
    assert paired_objects(graph, WEARING) == []


def _slow_map(gold: Annotations, found: dict[int, Detections], overlap: float = 0.5) -> float:
    """Pascal-style matching with COCO's 101 recall steps, straight from its description."""

    def iou(a: np.ndarray, b: np.ndarray) -> float:
        width = min(a[2], b[2]) - max(a[0], b[0])
        height = min(a[3], b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)

    averages = []
    for label in sorted({int(label) for entry in gold.images for label in entry.labels}):
        truths = {
            entry.id: [box for box, kind in zip(entry.boxes, entry.labels, strict=True) if kind == label]
            for entry in gold.images
        }
        guesses = sorted(
            (
                (float(score), key, box)
                for key, part in found.items()
                for score, kind, box in zip(part.scores, part.labels, part.boxes, strict=True)
                if kind == label
            ),
            key=lambda guess: -guess[0],
        )
        used: set[tuple[int, int]] = set()
        hits = []
        for _, key, box in guesses:
            free = [(iou(box, truth), row) for row, truth in enumerate(truths[key]) if (key, row) not in used]
            best = max(free, default=(0.0, -1))
            hits.append(best[0] >= overlap)
            if hits[-1]:
                used.add((key, best[1]))
        total = sum(map(len, truths.values()))
        points = [(sum(hits[:n]) / total, sum(hits[:n]) / n) for n in range(1, len(hits) + 1)]
        steps = [max((p for r, p in points if r >= step / 100), default=0.0) for step in range(101)]
        averages.append(sum(steps) / 101)
    return sum(averages) / len(averages)
