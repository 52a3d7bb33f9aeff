"""Paraphrases of sentences by way of other languages (UNISON, appendix A)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crosscap.config.back_translation import BackTranslationSettings
from crosscap.translation.translator import Translator


@dataclass
class Paraphrases:
    """What became of one sentence.

    Attributes:
        copies: its paraphrases; at the end of each pivot's those that have the words of the sentence or of another.
        empty: round trips that ended in nothing; where nothing better was found, the sentence stands in.
        disagreeing: round trips that were refused for ``min_agreement``.
        truncated: the sentence or a translation of it is longer than a translator reads, so that its end is lost.
    """

    copies: list[str] = field(default_factory=list)
    empty: int = 0
    disagreeing: int = 0
    truncated: bool = False


def paraphrase(
    texts: Sequence[str], pivots: Sequence[tuple[Translator, Translator]], settings: BackTranslationSettings
) -> list[Paraphrases]:
    """``settings.copies`` paraphrases of each text through each pivot, the first pivot's first.

    A round trip that gives the words of the sentence or of another copy is made again, ``settings.attempts`` times in
    all; if nothing else was found, the repeated copy stays. One that does not agree with its sentence is made again as
    well and never stays. Sampling gets its randomness from the seed, the text and the number of the round trip, beam
    search gives its next best hypothesis: a text's copies depend on the text alone.

    Args:
        texts: the sentences.
        pivots: the translators there and back.
    """
    results = [Paraphrases() for _ in texts]
    for number, (forward, backward) in enumerate(pivots):
        _add_pivot(results, texts, forward, backward, settings, f"{settings.seed}/{number}")
    return results


def _add_pivot(
    results: Sequence[Paraphrases],
    texts: Sequence[str],
    forward: Translator,
    backward: Translator,
    settings: BackTranslationSettings,
    seed: str,
) -> None:
    there, back = settings.forward, settings.backward
    for result, cut in zip(results, forward.too_long(texts), strict=True):
        result.truncated |= cut
    hypotheses = forward.best(texts, there.beams, there.beams) if there.search == "beam" else []
    known = [{words_of(text), *map(words_of, result.copies)} for text, result in zip(texts, results, strict=True)]
    new: list[list[str]] = [[] for _ in texts]
    repeated: list[list[str]] = [[] for _ in texts]
    made = [0] * len(texts)
    for _ in range(settings.attempts):
        trips = [
            (place, number)
            for place in range(len(texts))
            for number in range(made[place], made[place] + settings.copies - len(new[place]))
            if not hypotheses or number < there.beams
        ]
        if hypotheses:
            middle = [hypotheses[place][number] for place, number in trips]
        else:
            seeds = [_seed(seed, "there", texts[place], number) for place, number in trips]
            middle = forward.sample([texts[p] for p, _ in trips], seeds, there.temperature, there.top_k, there.top_p)
        if back.search == "beam":
            # Deterministic: each different translation goes back once.
            different = list(dict.fromkeys(middle))
            of = dict(zip(different, backward.translate(different, back.beams), strict=True))
            ends = [of[text] for text in middle]
        else:
            seeds = [_seed(seed, "back", texts[place], number) for place, number in trips]
            ends = backward.sample(middle, seeds, back.temperature, back.top_k, back.top_p)
        sources = [texts[place] for place, _ in trips]
        agree = _agree(sources, middle, ends, backward, settings.min_agreement)
        for (place, _), end, agrees, cut in zip(trips, ends, agree, backward.too_long(middle), strict=True):
            made[place] += 1
            results[place].truncated |= cut
            results[place].empty += not end
            results[place].disagreeing += not agrees
            if agrees and end and words_of(end) not in known[place]:
                known[place].add(words_of(end))
                new[place].append(end)
            elif agrees:
                repeated[place].append(end or texts[place])
    for place, result in enumerate(results):
        result.copies += (new[place] + repeated[place])[: settings.copies]


def words_of(text: str) -> tuple[str, ...]:
    """What two texts must differ in to be two: their words, whatever the case and the punctuation."""
    return tuple(re.findall(r"\w+", text.casefold()))


def _agree(
    sources: Sequence[str], middle: Sequence[str], ends: Sequence[str], backward: Translator, least: float | None
) -> list[bool]:
    """Whether the way back could as well have led to the source: a translation that lost or changed something cannot.

    The measure is the source's log-probability given the translation, less that of what it was translated back as, in
    nats a piece; 0 or nearly for a faithful translation, as both are paraphrases of it.
    """
    if least is None:
        return [True] * len(sources)
    of_source = backward.log_probability(middle, sources)
    of_end = backward.log_probability(middle, ends)
    return [one - other >= least for one, other in zip(of_source, of_end, strict=True)]


def _seed(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:8], "big")
