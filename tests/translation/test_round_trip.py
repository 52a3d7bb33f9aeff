from __future__ import annotations

from crosscap.config.back_translation import BackTranslationSettings
from crosscap.translation.round_trip import paraphrase

SETTINGS = BackTranslationSettings(copies=3, temperature=1.0, top_k=4, batch_sentences=8, seed=5, threads=1)


class Numbered:
    """A stand-in that shows what the round trip asks of a translator."""

    def sample(self, texts, seeds, temperature, top_k):
        return [f"{text}/{seed % 2}" for text, seed in zip(texts, seeds, strict=True)]

    def translate(self, texts, beams=1):
        assert len(texts) == len(set(texts))
        return ["" if text.startswith("c") else text.upper() for text in texts]


def test_copies_stand_by_their_sentence_and_come_from_its_id() -> None:
    both = paraphrase(["p1", "p2"], ["a", "b"], Numbered(), Numbered(), SETTINGS)
    assert [len(copies) for copies in both] == [3, 3]
    assert {copy[0] for copy in both[0]} == {"A"}
    assert paraphrase(["p2"], ["b"], Numbered(), Numbered(), SETTINGS) == both[1:]


def test_a_round_trip_that_ends_in_nothing_is_its_source() -> None:
    assert paraphrase(["p"], ["c"], Numbered(), Numbered(), SETTINGS) == [["c", "c", "c"]]


def test_no_copies_and_no_sentences_are_legal() -> None:
    assert paraphrase(["p"], ["a"], Numbered(), Numbered(), SETTINGS.model_copy(update={"copies": 0})) == [[]]
    assert paraphrase([], [], Numbered(), Numbered(), SETTINGS) == []
