from __future__ import annotations

import pytest

from crosscap.translation.scores import bleu, score_round_trip


class Echo:
    def translate(self, texts, beams=1):
        return list(texts)


def test_chinese_is_scored_by_characters_and_german_by_words() -> None:
    assert bleu(["一只狗在跑"], ["一只狗在跑"], "zh") == pytest.approx(100)
    assert bleu(["ein Hund rennt jetzt"], ["ein Hund rennt jetzt"], "de") == pytest.approx(100)
    assert bleu(["eine Katze schläft dort"], ["ein Hund rennt jetzt"], "de") < 10


def test_no_held_out_pairs_give_no_score() -> None:
    scores = score_round_trip(Echo(), Echo(), [], [], ("en", "zh"))
    assert scores == {"pairs": 0, "forward_bleu": None, "backward_bleu": None, "round_trip_bleu": None}


def test_a_perfect_round_trip_scores_100() -> None:
    source = ["the red dog runs on the grass"]
    assert score_round_trip(Echo(), Echo(), source, ["狗"], ("en", "zh"))["round_trip_bleu"] == pytest.approx(100)
