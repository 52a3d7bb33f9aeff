"""How varied captions are, looked at as a set: distinct n-grams, vocabulary, length, and sentences that are new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from crosscap.evaluation.segmentation import segment
from crosscap.evaluation.stage_scores import percent

Words = Sequence[str]


def distinct(captions: Iterable[Words], n: int) -> float | None:
    """Different n-grams of all captions for each n-gram that they hold, times 100 (Li et al. 2016, section 5.2).

    N-grams do not reach from one caption into the next. The value falls with the number of captions, so compare sets of
    equal size. None without any n-gram.
    """
    ngrams = [tuple(words[at : at + n]) for words in captions for at in range(len(words) - n + 1)]
    return percent(len(set(ngrams)), len(ngrams))


def diversity(captions: Sequence[Words], known: Collection[str]) -> dict[str, Any]:
    """What a set of captions looks like.

    Args:
        captions: words, without punctuation.
        known: training sentences, see `known_sentences`.

    Returns:
        ``distinct-1``, ``distinct-2``: see `distinct`; ``vocabulary``: different words; ``mean_length``: words a
        caption; ``novel_sentences``: percent of the captions that no training sentence equals. An empty caption has
        length 0 and is not novel. Null, not zero, without captions.
    """
    words = sum(map(len, captions))
    new = sum(is_new(caption, known) for caption in captions)
    return {
        "distinct-1": distinct(captions, 1),
        "distinct-2": distinct(captions, 2),
        "vocabulary": len({word for caption in captions for word in caption}) if captions else None,
        "mean_length": round(words / len(captions), 4) if captions else None,
        "novel_sentences": percent(new, len(captions)),
    }


def is_new(caption: Words, known: Collection[str]) -> bool:
    """Whether a caption says something that is no training sentence; see `known_sentences`."""
    return bool(caption) and "".join(caption) not in known


def known_sentences(captions: Iterable[Words], text: Iterable[str], language: str) -> set[str]:
    """Those captions that are sentences of ``text``, in a form that does not depend on how either was cut into words.

    That is lowercase letters without punctuation and spaces. Holds the captions alone, however long the text is.

    Args:
        captions: words.
        text: sentences, words joined by spaces or as people write them.
        language: ISO 639-1 code of both.
    """
    asked = {"".join(words) for words in captions}
    letters = ("".join(segment([sentence], "given", language)[0]) for sentence in text)
    return {sentence for sentence in letters if sentence in asked}
