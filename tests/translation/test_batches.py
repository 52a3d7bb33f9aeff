from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from crosscap.translation.batches import batches_by_length, padded_width, rows


@settings(deadline=None)
@given(st.integers(1, 2000), st.integers(1, 2000))
def test_a_width_holds_its_pieces_with_little_to_spare(pieces: int, longest: int) -> None:
    width = padded_width(pieces, longest)
    assert pieces <= width <= max(pieces, longest)
    assert width <= max(4, pieces + 3, pieces * 1.25 + 1)


@settings(deadline=None)
@given(st.lists(st.integers(1, 90)), st.integers(1, 8), st.integers(1, 400))
def test_every_sentence_is_decoded_in_the_shape_of_its_length(lengths: list[int], beams: int, pieces: int) -> None:
    seen: Counter[int] = Counter()
    for width, places in batches_by_length(lengths, beams, pieces, 96):
        assert {padded_width(lengths[place], 96) for place in places} == {width}
        assert len(places) == rows(width, beams, pieces)
        assert len(places) == 1 or len(places) * beams * width <= pieces
        seen.update({int(place) for place in places})
    assert seen == Counter(range(len(lengths)))


def test_short_batches_are_filled_with_their_last_sentence() -> None:
    assert [(width, places.tolist()) for width, places in batches_by_length([4, 9, 3, 4, 12], 1, 8, 64)] == [
        (4, [0, 2]), (4, [3, 3]), (12, [1]), (12, [4]),
    ]  # fmt: skip
