from __future__ import annotations

import numpy as np
import pytest

from crosscap.evaluation.scene_graph_recall import NEVER, Ranked, Truth, found_at, rank_triplets, scene_graph_recall
from crosscap.evaluation.scene_graph_tasks import relation_intervals
from crosscap.significance.resampling import Resampling
from tests.evaluation.scene_graphs import reference

MAN, HORSE = 0, 1
RIDE, ON, NEAR = 0, 1, 2
BOXES = np.array([[0, 0, 40, 90], [10, 40, 80, 100], [60, 0, 80, 20]], np.float32)


def truth(*relations: tuple[int, int, int], boxes: np.ndarray = BOXES, labels: tuple[int, ...] = (0, 1, 1)) -> Truth:
    return Truth(boxes, np.array(labels), np.array(relations, np.int64).reshape(-1, 3))


def ranked(*triplets: tuple[int, int, int], boxes: np.ndarray = BOXES, labels: tuple[int, ...] = (0, 1, 1)) -> Ranked:
    falling = np.linspace(1, 0, len(triplets), dtype=np.float32)
    return Ranked(boxes, np.array(labels), np.array(triplets, np.int64).reshape(-1, 3), falling)


class Scene:
    """A random picture with ties, things seen twice or not at all, and gold that may be empty or repeated."""

    def __init__(self, random: np.random.Generator) -> None:
        count = int(random.integers(0, 7))
        self.gold_boxes = _boxes(random, count)
        self.gold_labels = random.integers(0, 3, count)
        pairs = [(a, b) for a in range(count) for b in range(count) if a != b]
        wanted = int(random.integers(0, 9)) if pairs else 0
        chosen = random.integers(0, max(len(pairs), 1), wanted)
        self.relations = [(pairs[k][0], int(random.integers(0, 4)), pairs[k][1]) for k in chosen]
        self.relations += self.relations[: int(random.integers(0, 2))]
        sees = random.random() < 0.9
        kept = sees & (random.random(count) < 0.8)
        twice = kept & (random.random(count) < 0.4)
        shifted = self.gold_boxes + random.integers(-3, 4, (count, 4)) * (random.random((count, 1)) < 0.6)
        ghosts = _boxes(random, int(sees * random.integers(0, 3)))
        self.boxes = np.concatenate([shifted[kept], shifted[twice], ghosts])
        ghost_labels = random.integers(0, 3, len(ghosts))
        self.labels = np.concatenate([self.gold_labels[kept], self.gold_labels[twice], ghost_labels])
        seen = len(self.boxes)
        self.scores = random.integers(0, 5, seen) / 4  # quarters: exact products, many of them equal
        self.pairs = np.array([(a, b) for a in range(seen) for b in range(seen) if a != b], np.int64).reshape(-1, 2)
        self.predicates = random.integers(0, 5, (len(self.pairs), 4)) / 4
        for subject, predicate, other in self.relations:
            ends = self.gold_labels[[subject, other]]
            alike = np.flatnonzero((self.labels[self.pairs] == ends).all(1))
            if len(alike) and random.random() < 0.5:
                self.predicates[random.choice(alike), predicate] = 1

    def truth(self) -> Truth:
        relations = np.array(self.relations, np.int64).reshape(-1, 3)
        return Truth(self.gold_boxes.astype(np.float32), self.gold_labels, relations)

    def ranked(self, constraint: bool) -> Ranked:
        boxes, scores = self.boxes.astype(np.float32), self.scores.astype(np.float32)
        predicates = self.predicates.astype(np.float32)
        return rank_triplets(boxes, self.labels, scores, self.pairs, predicates, constraint)

    def reference(self, constraint: bool, count: int) -> list[tuple[int, bool]]:
        order = reference.ranking(
            self.scores.tolist(), [tuple(pair) for pair in self.pairs.tolist()], self.predicates.tolist(), constraint
        )[:count]
        gold_boxes, boxes = self.gold_boxes.tolist(), self.boxes.tolist()
        return [
            (
                gold[1],
                reference.is_found(gold, gold_boxes, self.gold_labels.tolist(), order, boxes, self.labels.tolist()),
            )
            for gold in self.relations
        ]


def _boxes(random: np.random.Generator, count: int) -> np.ndarray:
    corners = random.integers(0, 20, (count, 2))
    return np.concatenate([corners, corners + random.integers(4, 16, (count, 2))], 1)


@pytest.mark.parametrize("constraint", [True, False])
def test_recall_equals_the_slow_reference_on_200_random_scenes(constraint: bool) -> None:
    random = np.random.default_rng(11)
    scenes = [Scene(random) for _ in range(200)]
    assert any(not len(scene.boxes) and scene.relations for scene in scenes)
    assert any(not scene.relations for scene in scenes)
    assert any(len(set(scene.relations)) < len(scene.relations) for scene in scenes)
    counts = (1, 3, 20, 50, 100)
    whole = scene_graph_recall(
        [scene.truth() for scene in scenes], [scene.ranked(constraint) for scene in scenes], counts
    )
    for count in counts:
        found = [scene.reference(constraint, count) for scene in scenes]
        plain, mean = reference.recall(found)
        assert whole[f"R@{count}"] == pytest.approx(plain, abs=1e-12)
        assert whole[f"mR@{count}"] == pytest.approx(mean, abs=1e-12)
        for scene, expected in zip(scenes, found, strict=True):
            own = scene_graph_recall([scene.truth()], [scene.ranked(constraint)], [count])
            assert (own[f"R@{count}"], own[f"mR@{count}"]) == pytest.approx(reference.recall([expected]))
    assert 0 < whole["R@1"] < whole["R@3"] < whole["R@20"] < 1  # type: ignore[operator]


@pytest.mark.parametrize("constraint", [True, False])
def test_triples_stand_in_the_order_of_the_slow_reference(constraint: bool) -> None:
    random = np.random.default_rng(5)
    for scene in (Scene(random) for _ in range(50)):
        expected = reference.ranking(
            scene.scores.tolist(), [tuple(p) for p in scene.pairs.tolist()], scene.predicates.tolist(), constraint
        )
        given = scene.ranked(constraint)
        assert [tuple(triple) for triple in given.triplets.tolist()] == expected
        assert (np.diff(given.triplet_scores) <= 0).all()


def test_both_boxes_both_names_and_the_predicate_must_be_right() -> None:
    gold = truth((0, RIDE, 1))
    assert found_at(gold, ranked((0, RIDE, 1))).tolist() == [0]
    assert found_at(gold, ranked((0, ON, 1), (1, RIDE, 0), (0, RIDE, 2), (0, RIDE, 1))).tolist() == [3]
    assert found_at(gold, ranked((0, RIDE, 1), labels=(1, 1, 1))).tolist() == [NEVER]
    aside = BOXES + np.array([[21, 0, 21, 0], [0, 0, 0, 0], [0, 0, 0, 0]], np.float32)
    assert found_at(gold, ranked((0, RIDE, 1), boxes=aside)).tolist() == [NEVER]


def test_an_overlap_of_exactly_one_half_is_enough() -> None:
    gold = truth((0, RIDE, 1), boxes=np.array([[0, 0, 10, 10], [0, 0, 4, 4]], np.float32), labels=(0, 1))
    half = np.array([[0, 0, 10, 5], [0, 0, 4, 4]], np.float32)
    assert found_at(gold, ranked((0, RIDE, 1), boxes=half, labels=(0, 1))).tolist() == [0]
    less = np.array([[0, 0, 10, 4.99], [0, 0, 4, 4]], np.float32)
    assert found_at(gold, ranked((0, RIDE, 1), boxes=less, labels=(0, 1))).tolist() == [NEVER]


def test_one_prediction_finds_every_gold_triple_that_it_fits() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30]], np.float32)
    gold = truth((0, NEAR, 2), (1, NEAR, 2), (0, NEAR, 2), boxes=boxes, labels=(0, 0, 1))
    assert found_at(gold, ranked((0, NEAR, 2), boxes=boxes, labels=(0, 0, 1))).tolist() == [0, 0, 0]


def test_pictures_without_gold_do_not_count_and_pictures_without_predictions_count_zero() -> None:
    nothing = ranked(boxes=np.zeros((0, 4), np.float32), labels=())
    gold = truth((0, RIDE, 1))
    assert scene_graph_recall([gold, truth()], [ranked((0, RIDE, 1)), nothing], [20]) == {"R@20": 1.0, "mR@20": 1.0}
    assert scene_graph_recall([gold, gold], [ranked((0, RIDE, 1)), nothing], [20]) == {"R@20": 0.5, "mR@20": 0.5}
    assert scene_graph_recall([truth()], [ranked((0, RIDE, 1))], [20]) == {"R@20": None, "mR@20": None}
    assert scene_graph_recall([], [], [20]) == {"R@20": None, "mR@20": None}


def test_mean_recall_is_a_mean_over_pictures_then_over_the_predicates_of_the_gold() -> None:
    # ride: in 1 of 2 pictures. on: 1 of 2, then 1 of 1: 0.75; pooled it would be 2 of 3. near is not in gold.
    golds = [truth((0, RIDE, 1), (0, ON, 1), (0, ON, 2)), truth((0, RIDE, 1), (0, ON, 1))]
    guesses = [ranked((0, RIDE, 1), (0, ON, 1), (0, NEAR, 1)), ranked((0, ON, 1))]
    scores = scene_graph_recall(golds, guesses, [20])
    assert scores["R@20"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert scores["mR@20"] == pytest.approx((0.5 + 0.75) / 2)


def test_only_the_first_k_predictions_count_and_repeated_ones_keep_their_places() -> None:
    gold = truth((0, RIDE, 1))
    guess = ranked((0, ON, 1), (0, ON, 1), (0, RIDE, 1))
    assert scene_graph_recall([gold], [guess], [2, 3]) == {"R@2": 0.0, "R@3": 1.0, "mR@2": 0.0, "mR@3": 1.0}


def test_the_constraint_leaves_one_predicate_a_pair() -> None:
    pairs = np.array([[0, 1], [1, 0]])
    predicates = np.array([[0.5, 0.4, 0.0], [0.1, 0.2, 0.3]], np.float32)
    scores = np.array([1.0, 0.5, 1.0], np.float32)
    bound = rank_triplets(BOXES, np.array([0, 1, 1]), scores, pairs, predicates, constraint=True)
    assert bound.triplets.tolist() == [[0, RIDE, 1], [1, NEAR, 0]]
    np.testing.assert_allclose(bound.triplet_scores, [0.25, 0.15])
    free = rank_triplets(BOXES, np.array([0, 1, 1]), scores, pairs, predicates, constraint=False, count=3)
    assert free.triplets.tolist() == [[0, RIDE, 1], [0, ON, 1], [1, NEAR, 0]]


def test_a_pair_of_score_zero_still_offers_its_likeliest_predicate() -> None:
    predicates = np.array([[0.1, 0.7, 0.2]], np.float32)
    guess = rank_triplets(BOXES, np.array([0, 1, 1]), np.zeros(3, np.float32), np.array([[0, 1]]), predicates, True)
    assert guess.triplets.tolist() == [[0, ON, 1]]


def test_intervals_of_recall_are_those_of_resampled_pictures() -> None:
    """Every draw scored anew as pictures of its own, beside sums over pictures."""
    random = np.random.default_rng(4)
    scenes = [scene for scene in (Scene(random) for _ in range(30)) if scene.relations]
    truths = [scene.truth() for scene in scenes]
    guesses = {("SGDet", "model", name): [scene.ranked(name == "one") for scene in scenes] for name in ("one", "all")}
    found = relation_intervals(truths, guesses, Resampling(4000, 0.9, 1))
    draws = np.random.default_rng(2).integers(len(scenes), size=(600, len(scenes)))
    for name in ("one", "all"):
        ranked = guesses["SGDet", "model", name]
        slow = [scene_graph_recall([truths[row] for row in draw], [ranked[row] for row in draw]) for draw in draws]
        for score, bounds in found["SGDet"]["model"][name].items():
            values = [100 * (each[score] or 0.0) for each in slow]
            assert bounds == pytest.approx([np.percentile(values, 5), np.percentile(values, 95)], abs=2.5), score
            assert bounds[1] - bounds[0] > 5
    assert relation_intervals([], {}, Resampling(100, 0.9, 1)) == {}
