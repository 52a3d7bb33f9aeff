from __future__ import annotations

from typing import Any

import pytest

from crosscap.config.back_translation import BackTranslationSettings, SearchSettings, check_beams
from crosscap.config.translator import PretrainedTranslators
from crosscap.errors import InputError
from crosscap.translation.round_trip import paraphrase, words_of

BEAM = SearchSettings(search="beam", beams=3, temperature=1.0, top_k=4, top_p=1.0)
SAMPLING = BEAM.model_copy(update={"search": "sampling"})


def settings(**changes: Any) -> BackTranslationSettings:
    values: dict[str, Any] = {
        "copies": 2, "pivots": ("target",), "forward": SAMPLING, "backward": BEAM, "attempts": 1,
        "min_agreement": None, "batch_pieces": 64, "seed": 5,
    }  # fmt: skip
    return BackTranslationSettings(**{**values, **changes})


class Numbered:
    """A stand-in that shows what the round trip asks of a translator: translations are ``text/number``."""

    def __init__(self, kinds: int = 1000, limit: int = 1000) -> None:
        self.kinds, self.limit = kinds, limit

    def too_long(self, texts):
        return [len(text) > self.limit for text in texts]

    def sample(self, texts, seeds, temperature, top_k, top_p):
        return [f"{text}/{seed % self.kinds}" for text, seed in zip(texts, seeds, strict=True)]

    def best(self, texts, beams, count):
        assert count <= beams
        return [[f"{text}/{number}" for number in range(count)] for text in texts]

    def translate(self, texts, beams=1):
        assert len(texts) == len(set(texts))
        return ["" if text.startswith("c") else text.upper() for text in texts]

    def log_probability(self, texts, translations):
        """What went by an odd number cannot have been the source."""
        return [-3.0 if "/" not in end and int(there[-1]) % 2 else -1.0
                for there, end in zip(texts, translations, strict=True)]  # fmt: skip


def copies(texts: list[str], *pivots: Any, **changes: Any) -> list[list[str]]:
    pivots = pivots or ((Numbered(), Numbered()),)
    return [one.copies for one in paraphrase(texts, pivots, settings(**changes))]


def test_copies_come_from_the_text_and_not_from_its_neighbours() -> None:
    both = copies(["a", "b"])
    assert [len(one) for one in both] == [2, 2]
    assert all(copy.startswith("A/") for copy in both[0])
    assert copies(["b"]) == both[1:]
    assert copies(["x", "b", "a"])[1:] == both[::-1]
    assert copies(["a"], seed=6) != both[:1]


def test_beam_search_gives_its_hypotheses_in_their_order() -> None:
    assert copies(["a"], forward=BEAM) == [["A/0", "A/1"]]


def test_sampling_back_takes_the_same_seeds_again() -> None:
    assert copies(["a"], backward=SAMPLING) == copies(["a"], backward=SAMPLING)
    assert all(copy.count("/") == 2 for copy in copies(["a"], backward=SAMPLING)[0])


def test_a_repeated_copy_is_made_again_and_stays_if_nothing_else_is_found() -> None:
    one_kind = (Numbered(kinds=1), Numbered())
    assert copies(["a"], one_kind, attempts=3) == [["A/0", "A/0"]]
    two_kinds = (Numbered(kinds=2), Numbered())
    assert sorted(copies(["a"], two_kinds, attempts=20)[0]) == ["A/0", "A/1"]
    # What has the words of its sentence is such a copy, whatever its case; better ones come first.
    assert words_of("A dog runs .") == words_of("a Dog, runs")
    assert copies(["a/0."], (Echo(), Numbered()), forward=BEAM, attempts=2) == [["B", "A/0"]]


class Echo(Numbered):
    """The first hypothesis has the source's words."""

    def best(self, texts, beams, count):
        return [["a/0", "a/0", "b"][:count] for _ in texts]


def test_every_pivot_adds_its_own_copies() -> None:
    first, second = (Numbered(), Numbered()), (Numbered(), Numbered())
    many = copies(["a"], first, second)[0]
    assert len(many) == 4
    assert many[:2] == copies(["a"])[0]
    assert many[2:] != many[:2]


def test_a_round_trip_that_ends_in_nothing_is_its_source() -> None:
    [one] = paraphrase(["c"], [(Numbered(), Numbered())], settings(forward=BEAM, attempts=5))
    assert (one.copies, one.empty) == (["c", "c"], 3)


def test_a_translation_that_cannot_have_been_the_source_is_never_kept() -> None:
    [one] = paraphrase(["a"], [(Numbered(), Numbered())], settings(forward=BEAM, min_agreement=-1.0, attempts=2))
    assert (one.copies, one.disagreeing) == (["A/0", "A/2"], 1)
    [one] = paraphrase(["a"], [(Numbered(), Numbered())], settings(forward=BEAM, min_agreement=-1.0))
    assert (one.copies, one.disagreeing) == (["A/0"], 1)


def test_a_text_or_a_translation_that_is_too_long_is_counted() -> None:
    there, back = Numbered(limit=5), Numbered(limit=6)
    made = paraphrase(["a", "long text", "abcde"], [(there, back)], settings(forward=BEAM))
    assert [one.truncated for one in made] == [False, True, True]


def test_no_copies_and_no_sentences_are_legal() -> None:
    assert copies(["a"], copies=0) == [[]]
    assert copies([]) == []


def test_fewer_beams_than_copies_are_refused() -> None:
    check_beams(settings(copies=3, forward=BEAM))
    check_beams(settings(copies=9))
    with pytest.raises(
        InputError, match=r"key back_translation\.forward\.beams: found 3 beams, expected at least the 4"
    ):
        check_beams(settings(copies=4, forward=BEAM))


def test_pivots_are_the_target_or_two_models() -> None:
    read = BackTranslationSettings.model_validate_json(
        settings().model_dump_json().replace('["target"]', '["target",{"forward":"a","backward":"b"}]')
    )
    assert read.pivots == ("target", PretrainedTranslators(forward="a", backward="b"))
