from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from crosscap.errors import InputError
from crosscap.vision.detectors.detection import Detections, nothing
from crosscap.vision.relations.backends import build
from crosscap.vision.relations.batch import Batch, Sequences
from crosscap.vision.relations.model import RelationModel
from crosscap.vision.relations.prediction import Predictions, detected_regions, given_regions, predict
from crosscap.vision.relations.regions import Regions, all_pairs, make_regions
from crosscap.vision.relations.store import check_classes, load_relations, save_relations

from .conftest import BACKENDS, NAMES, shape


def pictures(counts: list[int], seed: int = 0) -> list[Regions]:
    """Random boxes; every second picture's classes are given."""
    random = np.random.default_rng(seed)
    made = []
    for number, count in enumerate(counts):
        low = random.uniform(0, 50, (count, 2))
        boxes = np.concatenate([low, low + random.uniform(2, 40, (count, 2))], 1).astype(np.float32)
        given = number % 2 == 1
        trust = np.ones(count, np.float32) if given else random.random(count).astype(np.float32)
        features = random.normal(size=(count, 3)).astype(np.float32)
        labels = random.integers(0, 3, count)
        pairs = all_pairs(count)

        def pool(some: np.ndarray) -> np.ndarray:
            return some[:, :3] / 100

        made.append(make_regions(boxes, labels, trust, given, features, pairs, 100, 100, pool))
    return made


def model_of(backend: str, **changes: object) -> RelationModel:
    torch.manual_seed(3)
    model = build(NAMES, shape(backend, **changes)).eval()
    for value in (model.predicate_prior, model.attribute_prior):
        torch.nn.init.normal_(value)
    return model


def close(first: Predictions, second: Predictions) -> None:
    for name, value in vars(first).items():
        np.testing.assert_allclose(value, getattr(second, name), atol=1e-5, err_msg=name)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("order", ["left_right", "size", "confidence"])
def test_what_is_said_of_a_picture_does_not_depend_on_its_batch_mates(backend: str, order: str) -> None:
    model = model_of(backend, order=order, layers=2)
    some = pictures([3, 1, 0, 7, 4, 7, 0])
    together = predict(model, some)
    assert [len(said.labels) for said in together] == [3, 1, 0, 7, 4, 7, 0]
    for said, one, turned in zip(together, some, reversed(predict(model, some[::-1])), strict=True):
        close(said, predict(model, [one])[0])
        close(said, turned)


def test_motifs_knows_the_whole_picture_and_the_plain_models_do_not() -> None:
    (one,) = pictures([4])
    far = one.features.copy()
    far[3] += 5
    other = Regions(**{**vars(one), "features": far})
    for backend, changed in (("motifs", True), ("mlp", False), ("frequency", False)):
        before, after = predict(model_of(backend), [one])[0], predict(model_of(backend), [other])[0]
        assert np.allclose(before.attributes[0], after.attributes[0], atol=1e-6) is not changed


def test_a_packed_sequence_holds_each_picture_in_its_order() -> None:
    counts = torch.tensor([2, 0, 3, 1])
    keys = torch.tensor([5.0, 4.0, 1.0, 3.0, 1.0, 9.0])
    sequences = Sequences(counts, keys)
    # Longest first: boxes 2, 4, 3 of the third picture, 1, 0 of the first, 5 of the last.
    assert sequences.rows.tolist() == [2, 1, 5, 4, 0, 3] and sequences.sizes.tolist() == [3, 2, 1]
    assert sequences.shift(sequences.rows, -1).tolist() == [-1, -1, -1, 2, 1, 4]
    assert torch.equal(sequences.unpack(keys[sequences.rows]), keys)


def test_an_lstm_over_packed_pictures_reads_each_as_if_alone() -> None:
    torch.manual_seed(0)
    lstm, values = torch.nn.LSTM(2, 3, bidirectional=True), torch.randn(6, 2)
    keys = torch.tensor([5.0, 4.0, 1.0, 3.0, 1.0, 9.0])
    sequences = Sequences(torch.tensor([2, 0, 3, 1]), keys)
    packed, _ = lstm(sequences.pack(values))
    found = sequences.unpack(packed.data)
    for rows in ([1, 0], [2, 4, 3], [5]):
        alone, _ = lstm(values[rows])
        torch.testing.assert_close(found[rows], alone)


@pytest.mark.parametrize("order, first", [("left_right", 1), ("size", 2), ("confidence", 0)])
def test_boxes_are_read_in_the_stated_order(order: str, first: int) -> None:
    model = model_of("motifs", order=order)
    boxes = np.array([[50, 0, 60, 10], [0, 0, 5, 20], [20, 20, 99, 99]], np.float32)
    trust, labels = np.array([0.99, 0.0, 0.0], np.float32), np.array([0, 1, 2])
    batch = Batch.of(
        [make_regions(boxes, labels, trust, False, np.zeros((3, 3), np.float32), all_pairs(3), 100, 100, None)]
    )
    keys = model._keys(batch, model._evidence(batch, torch.zeros(3, 3)))  # type: ignore[operator]
    assert int(keys.argmin()) == first


def test_teacher_forcing_and_free_choice_agree_where_the_choices_are_the_same() -> None:
    model = model_of("motifs", dropout=0.0)
    batch = Batch.of(pictures([3, 0, 5, 5]))
    with torch.inference_mode():
        free = model(batch)
        taught = model(batch, free.labels)
    assert free.classes is not None and taught.classes is not None
    torch.testing.assert_close(free.classes, taught.classes)
    torch.testing.assert_close(free.predicates, taught.predicates)


def test_given_classes_stay_in_every_backend() -> None:
    for backend in BACKENDS:
        one = pictures([1, 4])[1]
        (said,) = predict(model_of(backend), [one])
        assert said.labels.tolist() == one.labels.tolist() and said.scores.tolist() == [1] * 4


def test_detections_keep_their_classes_and_scores_unless_context_may_change_them() -> None:
    (one,) = pictures([6])
    found = Detections(one.boxes, one.labels, one.trust, one.features, np.zeros((6, 0), np.float32))
    for relabel in (False, True):
        model = model_of("motifs", relabel_detections=relabel)
        model.classes.bias.data[2] = 20  # its context speaks for boxes
        (said,) = predict(model, [detected_regions(model, found, 100, 100, lambda some: some[:, :3])])
        assert said.labels.tolist() == ([1] * 6 if relabel else found.labels.tolist())
        assert np.array_equal(said.scores, found.scores) is not relabel


def test_unasked_classes_are_the_detectors_and_asked_ones_the_first_guess_in_plain_models() -> None:
    model = model_of("frequency")
    with torch.no_grad():
        model.guess.weight.zero_()
        model.guess.bias.copy_(torch.tensor([0.0, 2.0, 0.0]))
    (detected,) = pictures([3])
    (said,) = predict(model, [detected])
    assert said.labels.tolist() == detected.labels.tolist()
    np.testing.assert_array_equal(said.scores, detected.trust)
    asked = given_regions(model, detected.boxes, None, detected.features, 100, 100)
    (said,) = predict(model, [asked])
    assert said.labels.tolist() == [1, 1, 1]
    np.testing.assert_allclose(said.scores, np.exp(2) / (np.exp(2) + 2), rtol=1e-5)


def test_the_frequencies_decide_where_the_network_is_silent() -> None:
    for backend in BACKENDS:
        model = model_of(backend)
        for name, parameter in model.named_parameters():
            if name.startswith("predicate_head"):
                torch.nn.init.zeros_(parameter)
        torch.nn.init.zeros_(model.predicate_prior)
        model.predicate_prior[0, 2] = torch.tensor([0.1, 0.2, 0.7]).log()
        boxes, features = np.array([[0, 0, 4, 4], [0, 2, 8, 8]], np.float32), np.zeros((2, 3), np.float32)
        regions = given_regions(model, boxes, np.array([0, 2]), features, 8, 8, lambda some: some[:, :3])
        (said,) = predict(model, [regions])
        assert said.pairs.tolist() == [[0, 1], [1, 0]]
        np.testing.assert_allclose(said.predicates[0], [0.2, 0.7], atol=1e-6)
        np.testing.assert_allclose(said.predicates[1], [1 / 3, 1 / 3], atol=1e-6)


def test_only_an_objects_best_attributes_keep_their_probability() -> None:
    model = model_of("frequency", max_attributes=1)
    model.attribute_prior[:] = torch.tensor([0.0, 1.0])
    (said,) = predict(model, pictures([2]))
    assert said.attributes[:, 0].tolist() == [0, 0] and (said.attributes[:, 1] > 0.7).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_picture_without_objects_has_nothing_to_say(backend: str) -> None:
    model = model_of(backend)
    (said,) = predict(model, [detected_regions(model, nothing(3), 8, 8, lambda some: some[:, :3])])
    assert said.labels.shape == said.scores.shape == (0,)
    assert said.attributes.shape == (0, 2) and said.pairs.shape == (0, 2) and said.predicates.shape == (0, 2)


def test_a_model_that_reads_unions_must_be_given_eyes() -> None:
    with pytest.raises(ValueError, match="no pool was given"):
        detected_regions(model_of("motifs"), nothing(3), 8, 8)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_saved_model_is_loaded_as_it_was(backend: str, tmp_path: Path) -> None:
    model = model_of(backend, layers=2, union_features=False)
    save_relations(tmp_path, model, {"train_loss": [1.5]})
    loaded = load_relations(tmp_path)
    assert loaded is not None and loaded.names == NAMES and loaded.architecture == model.architecture
    assert type(loaded) is type(model) and not loaded.training
    some = pictures([3])
    for name, value in vars(predict(model, some)[0]).items():
        np.testing.assert_array_equal(value, getattr(predict(loaded, some)[0], name))
    save_relations(tmp_path, None)
    assert load_relations(tmp_path) is None


def test_damaged_models_are_errors_that_name_the_file(tmp_path: Path) -> None:
    save_relations(tmp_path, model_of("motifs"))
    card = json.loads((tmp_path / "crosscap.json").read_text())
    for change, message in (
        ({"backend": "transformer"}, "found backend 'transformer', expected one of motifs, mlp, frequency"),
        ({"backend": "mlp"}, "model.safetensors: found"),
        ({"order": "by name"}, "a bad description .order 'by name'"),
        ({"hidden_size": "wide"}, "a bad description"),
    ):
        (tmp_path / "crosscap.json").write_text(json.dumps({**card, **change}))
        with pytest.raises(InputError, match=message):
            load_relations(tmp_path)
    (tmp_path / "crosscap.json").write_text(json.dumps({key: value for key, value in card.items() if key != "layers"}))
    with pytest.raises(InputError, match=r"a bad description \('layers'\)"):
        load_relations(tmp_path)
    (tmp_path / "crosscap.json").write_text(json.dumps(card))
    (tmp_path / "model.safetensors").write_bytes(b"x")
    with pytest.raises(InputError, match=r"model.safetensors: found"):
        load_relations(tmp_path)


def test_a_model_of_another_detector_is_refused() -> None:
    model = model_of("mlp")
    check_classes(model, NAMES.classes, "models/relations", 3)
    with pytest.raises(InputError, match="found 3 other classes, expected the detector's 1"):
        check_classes(model, ("cat",), "models/relations", 3)
    with pytest.raises(InputError, match="features of 3 numbers, expected the detector's 8"):
        check_classes(model, NAMES.classes, "models/relations", 8)
