"""PredCls, SGCls and SGDet: how many annotated relations a relation model finds, beside frequencies alone.

The tasks are those of MOTIFS (Zellers et al. 2018, section 5), which follows Xu et al. 2017: from gold boxes with their
classes (PredCls), from gold boxes (SGCls), from the picture alone (SGDet). The baseline is MOTIFS' FREQ: the classes of
both objects decide, by how often each predicate stood between them in training; their boxes and classes are the same
detector's. Recall is that of `crosscap.evaluation.scene_graph_recall`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosscap.evaluation.scene_graph_recall import (
    COUNTS,
    Ranked,
    Truth,
    picture_recalls,
    rank_triplets,
    scene_graph_recall,
)
from crosscap.evaluation.stage_scores import percent
from crosscap.significance.resampling import Resampling
from crosscap.significance.stage_intervals import Counts, intervals, mean_share, share
from crosscap.training.progress import progress
from crosscap.vision.annotations.annotated_images import Annotations
from crosscap.vision.detectors.detection import Detector
from crosscap.vision.images import Picture
from crosscap.vision.relations.model import FrequencyModel, RelationModel
from crosscap.vision.relations.prediction import Predictions, detected_regions, given_regions, predict
from crosscap.vision.relations.regions import Regions

TASKS = ("PredCls", "SGCls", "SGDet")
SYSTEMS = ("model", "frequency_baseline")
SETTINGS = {"graph_constraint": True, "no_graph_constraint": False}
_NOTHING = Ranked(
    np.zeros((0, 4), np.float32), np.zeros(0, np.int64), np.zeros((0, 3), np.int64), np.zeros(0, np.float32)
)

Scores = dict[str, dict[str, dict[str, dict[str, float | None]]]]
"""Task -> system -> setting -> ``R@20`` … ``mR@100``, times 100."""
Guesses = dict[tuple[str, str, str], list[Ranked]]
"""Task, system, setting -> what was predicted for each picture."""


def relation_guesses(
    detector: Detector, model: RelationModel, gold: Annotations, pictures: Callable[[int], Picture | None]
) -> tuple[list[Truth], Guesses]:
    """What ``model`` and its frequencies say of the annotated pictures that have relations.

    Gold classes and predicates are matched with the model's by name. Those that it lacks stay in the gold: what cannot
    be said is not found.

    Args:
        pictures: row of ``gold.images`` -> its picture, of any size; None where it cannot be read: nothing is found.
    """
    systems = dict(zip(SYSTEMS, (model, frequency_baseline(model)), strict=True))
    classes = _rows(gold.classes, model.names.classes)
    predicates = dict(zip(gold.predicates, _rows(gold.predicates, model.names.predicates).tolist(), strict=True))
    truths: list[Truth] = []
    guesses: Guesses = defaultdict(list)
    for row, image in enumerate(progress(gold.images, "evaluate relations")):
        if not image.relations:
            continue
        picture, boxes, labels = pictures(row), image.boxes, classes[image.labels]
        tasks: dict[str, Regions] = {}
        if picture is not None:
            height, width = picture.shape[:2]
            boxes = boxes * np.array((width / image.width, height / image.height) * 2, np.float32)
            tasks = regions_of_tasks(detector, model, picture, boxes, labels)
        relations = [(subject, predicates[name], other) for subject, name, other in image.relations]
        truths.append(Truth(boxes, labels, np.array(relations, np.int64)))
        for system, judge in systems.items():
            said = dict(zip(tasks, predict(judge, list(tasks.values())), strict=True))
            for task, (setting, constraint) in product(TASKS, SETTINGS.items()):
                ranked = _ranked(tasks[task], said[task], constraint) if task in said else _NOTHING
                guesses[task, system, setting].append(ranked)
    return truths, guesses


def relation_scores(truths: Sequence[Truth], guesses: Guesses) -> Scores:
    """Recalls of everything that was guessed."""
    scores: Scores = empty_scores()
    for task, system, setting in guesses:
        recall = scene_graph_recall(truths, guesses[task, system, setting])
        scores[task][system][setting] = {
            name: None if value is None else percent(value, 1) for name, value in recall.items()
        }
    return scores


def relation_intervals(truths: Sequence[Truth], guesses: Guesses, plan: Resampling) -> dict[str, Any]:
    """The intervals of `relation_scores` over pictures, the same draws for all; keyed alike, ``[low, high]``."""
    recalls = {key: picture_recalls(truths, some) for key, some in guesses.items()}
    if not recalls:
        return {}
    occurs = next(iter(recalls.values())).occurs
    predicates, size = occurs.shape[1], len(COUNTS)
    columns, scores, start = [np.ones((len(occurs), 1)), occurs], {}, 1 + predicates
    for key, each in recalls.items():
        columns += [each.shares, each.found.reshape(len(occurs), -1)]
        for row, count in enumerate(COUNTS):
            scores["/".join((*key, f"R@{count}"))] = share(start + row, 0)
            found = slice(start + size + row, start + size * (1 + predicates), size)
            scores["/".join((*key, f"mR@{count}"))] = mean_share(found, slice(1, 1 + predicates))
        start += size * (1 + predicates)
    found_bounds: dict[str, Any] = {}
    for name, bounds in intervals(Counts(np.concatenate(columns, 1), scores), plan).items():
        task, system, setting, score = name.split("/")
        found_bounds.setdefault(task, {}).setdefault(system, {}).setdefault(setting, {})[score] = bounds
    return found_bounds


def empty_scores() -> Scores:
    """The shape of `relation_scores`, every value None."""
    names = [f"{name}@{count}" for name in ("R", "mR") for count in COUNTS]
    return {task: {system: {setting: dict.fromkeys(names) for setting in SETTINGS} for system in SYSTEMS}
            for task in TASKS}  # fmt: skip


def regions_of_tasks(
    detector: Detector,
    model: RelationModel,
    picture: Picture,
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> dict[str, Regions]:
    """What each task shows a relation model of one picture, by one pass of the detector.

    Args:
        boxes: [N, 4] gold boxes in pixels of the picture.
        labels: [N] their classes in ``model``; those beyond its classes cannot be given to it and are left out.
    """
    sight = detector.look([picture])
    height, width = picture.shape[:2]
    (features,) = sight.box_features([boxes])
    known = labels < len(model.names.classes)

    def pool(some: NDArray[np.float32]) -> NDArray[np.float32]:
        return sight.box_features([some])[0]

    return {
        "PredCls": given_regions(model, boxes[known], labels[known], features[known], width, height, pool),
        "SGCls": given_regions(model, boxes, None, features, width, height, pool),
        "SGDet": detected_regions(model, sight.detections[0], width, height, pool),
    }


def frequency_baseline(model: RelationModel) -> RelationModel:
    """The frequencies that every relation model carries, without what it learned beyond them."""
    baseline = FrequencyModel(model.names, replace(model.architecture, backend="frequency"))
    learned = model.state_dict()
    baseline.load_state_dict({name: learned[name] for name in baseline.state_dict()})
    return baseline.to(next(model.parameters()).device).eval()


def _rows(names: Sequence[str], known: Sequence[str]) -> NDArray[np.int64]:
    """The row of each name in ``known``; other names get rows behind it, each its own."""
    rows = {name: row for row, name in enumerate(known)}
    return np.array([rows.setdefault(name, len(rows)) for name in names], np.int64)


def _ranked(regions: Regions, said: Predictions, constraint: bool) -> Ranked:
    return rank_triplets(regions.boxes, said.labels, said.scores, said.pairs, said.predicates, constraint)
