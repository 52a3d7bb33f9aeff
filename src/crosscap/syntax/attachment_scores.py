"""How right dependency trees are: LAS, UAS, UPOS and lemma accuracy over the words of a gold treebank."""

from __future__ import annotations

from collections.abc import Iterable

from crosscap.syntax.tree import Tree


def attachment_scores(gold: Iterable[Tree], predicted: Iterable[Tree]) -> dict[str, float]:
    """Accuracies in [0, 1] over all words but punctuation (``PUNCT`` in gold), as parsing papers count them.

    Relations are compared without their subtype (``acl:relcl`` = ``acl``), as the CoNLL 2018 evaluation does;
    ``upos`` and ``lemma`` count every word.

    Returns:
        ``las``, ``uas``, ``upos``, ``lemma`` (case ignored; words without a gold lemma left out), ``words`` (how many
        were counted for LAS).

    Raises:
        ValueError: the trees are not of the same sentences.
    """
    attached = labelled = counted = tagged = lemmas = with_lemma = total = 0
    for number, (truth, guess) in enumerate(zip(gold, predicted, strict=True)):
        if len(truth.words) != len(guess.words):
            raise ValueError(f"tree {number}: {len(guess.words)} words for {len(truth.words)} in gold")
        for right, word in zip(truth.words, guess.words, strict=True):
            total += 1
            tagged += right.upos == word.upos
            if right.lemma != "_" or right.form == "_":
                with_lemma += 1
                lemmas += right.lemma.lower() == word.lemma.lower()
            if right.upos == "PUNCT":
                continue
            counted += 1
            if right.head == word.head:
                attached += 1
                labelled += right.relation.partition(":")[0] == word.relation.partition(":")[0]
    return {
        "las": _share(labelled, counted),
        "uas": _share(attached, counted),
        "upos": _share(tagged, total),
        "lemma": _share(lemmas, with_lemma),
        "words": counted,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0
