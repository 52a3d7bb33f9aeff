from __future__ import annotations

import pytest

from crosscap.errors import InputError
from crosscap.systems.unison import phase1
from crosscap.systems.unison.selection import caption_score, sentence_score
from tests.systems.unison.test_phase1 import run, split


@pytest.mark.parametrize("by", ["val_cider", "val_bleu4"])
def test_the_weights_with_the_best_sentences_are_kept(world, phase1_settings, tmp_path, by) -> None:
    selection = phase1_settings.selection.model_copy(update={"by": by, "every": 2, "pairs": 10})
    model, history = run(world, phase1_settings.model_copy(update={"selection": selection}), tmp_path)
    scores = [row.get(by) for row in history]
    assert scores[0] is None and None not in scores[1:]  # after the second epoch, and the last
    data = split(world, "val")[:10]
    table = model.node_table(world.graphs, world.vectors)
    kept = sentence_score(by, model, "target", table, data, 16, 25)
    assert kept == pytest.approx(max(scores[1:]), rel=1e-6)


def test_a_caption_metric_of_perfect_sentences_is_full_marks() -> None:
    said = [["a", "dog", "runs", "off"], ["two", "cats", "sit", "down"]]
    assert caption_score("val_bleu4", said, [[words] for words in said]) == pytest.approx(100, abs=1e-3)
    with pytest.raises(InputError, match="at least two captions"):
        caption_score("val_cider", said[:1], [[said[0]]])


def test_one_pair_to_choose_by_cider_is_refused_before_the_first_step(
    world, phase1_settings, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(phase1, "train_step", lambda *_arguments: pytest.fail("a step was taken"))
    selection = phase1_settings.selection.model_copy(update={"by": "val_cider", "pairs": 1})
    with pytest.raises(InputError, match="found 1 to validate on, expected at least two captions to choose by CIDEr"):
        run(world, phase1_settings.model_copy(update={"selection": selection}), tmp_path)
