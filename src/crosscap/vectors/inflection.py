"""Regular English inflection: graphs name lemmas, texts hold inflected words."""

from __future__ import annotations

VOWELS = "aeiou"


def inflections(lemma: str) -> tuple[str, ...]:
    """The forms that ``lemma`` takes as a regular verb or noun: ``ride`` → rides, riding, rided, ….

    More forms than the word has do no harm: they are only looked up.
    """
    if len(lemma) < 2 or not lemma.isalpha():
        return ()
    if lemma.endswith("e"):
        return (f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing")
    if lemma.endswith("y") and lemma[-2] not in VOWELS:
        return (f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing")
    doubled = f"{lemma}{lemma[-1]}"
    return (f"{lemma}s", f"{lemma}es", f"{lemma}ed", f"{lemma}ing", f"{doubled}ed", f"{doubled}ing")
