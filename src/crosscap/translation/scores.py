"""BLEU of translators on held-out pairs."""

from __future__ import annotations

from collections.abc import Sequence

from sacrebleu.metrics.bleu import BLEU

from crosscap.translation.translator import Translator

# sacrebleu's tokenizer of a language; all others: mteval's 13a.
_TOKENIZERS = {"zh": "zh", "ja": "char"}
NO_SCORES: dict[str, float | int | None] = {
    "pairs": 0,
    "forward_bleu": None,
    "backward_bleu": None,
    "round_trip_bleu": None,
}


def bleu(hypotheses: Sequence[str], references: Sequence[str], language: str) -> float:
    """Corpus BLEU (0-100) with sacrebleu's tokenizer of ``language`` (Chinese: by characters), case kept."""
    metric = BLEU(tokenize=_TOKENIZERS.get(language, "13a"), force=True)
    return round(float(metric.corpus_score(list(hypotheses), [list(references)]).score), 2)


def score_round_trip(
    forward: Translator, backward: Translator, source: Sequence[str], target: Sequence[str], languages: tuple[str, str]
) -> dict[str, float | int | None]:
    """BLEU of both directions and of source → target → source, all by greedy search; ``None`` without pairs."""
    if not source:
        return dict(NO_SCORES)
    there = forward.translate(source)
    return {
        "pairs": len(source),
        "forward_bleu": bleu(there, target, languages[1]),
        "backward_bleu": bleu(backward.translate(target), source, languages[0]),
        "round_trip_bleu": bleu(backward.translate(there), source, languages[0]),
    }
