from __future__ import annotations

import numpy as np
import pytest

from crosscap.config.alignment import AlignmentSettings, Induction
from crosscap.errors import InputError
from crosscap.vectors.alignment import align
from crosscap.vectors.lexicon import Entry
from crosscap.vectors.nearest import nearest_rows

SETTINGS = AlignmentSettings(
    backend="rcsls",
    dictionary="given",
    induction=Induction(iterations=5, pairs=100, min_count=2, min_probability=0.2, test=0.2),
    center=False,
    neighbours=5,
    learning_rate=1.0,
    iterations=5,
    spectral=False,
    folds=5,
    threads=1,
)


@pytest.fixture
def spaces():
    """60 words s0…, and the same space turned: t0…; s50… are for the test."""
    chance = np.random.default_rng(3)
    source = chance.normal(size=(60, 6)).astype(np.float32)
    turn, _ = np.linalg.qr(chance.normal(size=(6, 6)))
    target = (source @ turn).astype(np.float32)
    lexicon = [Entry(f"s{n}", f"t{n}", "train" if n < 50 else "test") for n in range(60)]
    lexicon += [Entry("unseen", "t0", "test"), Entry("s0", "unseen", "train")]
    return ([f"s{n}" for n in range(60)], source), ([f"t{n}" for n in range(60)], target), lexicon


def test_a_turned_space_is_found_and_scored_on_unseen_words(spaces) -> None:
    aligned, scores = align(*spaces, SETTINGS, "zh.tsv")
    assert scores["precision_at_1"]["procrustes"] == {"nearest": 1.0, "csls": 1.0}
    assert scores["precision_at_1"]["rcsls"]["nearest"] == 1.0
    assert (scores["train_pairs"], scores["test_words"], scores["test_words_in_lexicon"]) == (50, 10, 11)
    assert aligned.retrieved_words(["s0", "s59"]) == ["t0", "t59"]
    assert np.allclose(aligned.source.norm(dim=1), 1, atol=1e-6)


def test_the_table_is_the_argmax_of_cosine_and_a_target_word_retrieves_itself(spaces) -> None:
    aligned, _ = align(*spaces, SETTINGS, "zh.tsv")
    source, target = aligned.source.double().numpy(), aligned.target.double().numpy()
    for row in range(0, len(source), 3):
        cosines = [source[row] @ word / np.linalg.norm(source[row]) / np.linalg.norm(word) for word in target]
        assert int(aligned.nearest[row]) == int(np.argmax(cosines))
    assert nearest_rows(aligned.target, aligned.target)[:, 0].tolist() == list(range(60))


def test_the_iterations_are_those_that_serve_unseen_train_words_best(spaces) -> None:
    _, scores = align(*spaces, SETTINGS, "zh.tsv")
    curve = scores["cross_validated_precision_at_1"]
    assert len(curve) == len(scores["losses"]) == 6
    assert scores["iterations"] == curve.index(max(curve)) == 0
    _, scores = align(*spaces, SETTINGS.model_copy(update={"folds": 0}), "zh.tsv")
    assert (scores["iterations"], scores["cross_validated_precision_at_1"]) == (5, [])


def test_the_test_words_change_nothing_but_the_score(spaces) -> None:
    source, target, lexicon = spaces
    first, _ = align(source, target, lexicon, SETTINGS, "zh.tsv")
    second, _ = align(source, target, [entry for entry in lexicon if entry.part == "train"], SETTINGS, "zh.tsv")
    assert first.source.equal(second.source)


def test_a_word_list_without_a_common_word_is_refused(spaces) -> None:
    source, target, _ = spaces
    with pytest.raises(InputError, match=r"zh\.tsv: found no train pair whose two words have vectors"):
        align(source, target, [Entry("a", "b", "train")], SETTINGS, "zh.tsv")


def test_vectors_of_two_sizes_are_refused(spaces) -> None:
    source, target, lexicon = spaces
    with pytest.raises(InputError, match="found vectors of 6 and 5 values, expected one size for both languages"):
        align(source, (target[0], target[1][:, :5]), lexicon, SETTINGS, "zh.tsv")
