"""Several sets of captions scored together: one METEOR and one SPICE process, working beside the n-gram metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from crosscap.config.evaluation import Policy
from crosscap.errors import InputError
from crosscap.evaluation.java import JavaMissing
from crosscap.evaluation.meteor import HOW as METEOR_HOW
from crosscap.evaluation.meteor import Meteor, cut_table, paraphrases_matter
from crosscap.evaluation.paraphrase_table import CutTable
from crosscap.evaluation.score_table import BLEU_STATISTICS, METEOR_STATISTICS, METRICS
from crosscap.evaluation.scores import NGRAM_METRICS, Scores, bleu_signature, library_versions, score
from crosscap.evaluation.segmentation import describe, segment
from crosscap.evaluation.spice import ENGLISH_ALONE, OFF, SpiceFailed, spice
from crosscap.evaluation.spice import HOW as SPICE_HOW

# Of one set: id → references, id → hypothesis, as words.
Segmented = tuple[dict[str, list[list[str]]], dict[str, list[str]]]


@dataclass(frozen=True)
class CaptionSet:
    """Generated captions and what people wrote: id → caption, id → references, and the file these came from."""

    hypotheses: Mapping[str, str]
    references: Mapping[str, list[str]]
    source: str


@dataclass(frozen=True)
class Scorers:
    """What scores, and how long it may take.

    Attributes:
        policy: how both sides are cut into words.
        language: ISO 639-1 code.
        meteor_timeout: seconds for METEOR's answers to one set.
        spice_folder: holds SPICE and what it needs; None: no SPICE.
        spice_timeout: seconds for SPICE's answer to all sets.
        metrics: those asked for.
    """

    policy: Policy
    language: str
    meteor_timeout: float = 600.0
    spice_folder: Path | None = None
    spice_timeout: float = 3600.0
    metrics: Sequence[str] = METRICS

    def how(self, references: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
        """How scores against ``references`` were made, for the record beside them."""
        return {
            "libraries": library_versions(),
            "bleu_signature": bleu_signature(references),
            "meteor": METEOR_HOW,
            "spice": SPICE_HOW if self.spice_folder and self.language == "en" else "none",
            "segmentation": f"{describe(self.policy)} on both sides, lowercased, punctuation dropped",
            "scale": "times 100",
        }


def segmented(group: CaptionSet, policy: Policy, language: str) -> Segmented:
    """Words of references and hypotheses, in the order of the references; one call, so that a tool starts once.

    An id without a hypothesis gets an empty one.

    Raises:
        InputError: a caption has no reference with a word in it, or the tool that cuts does not work.
    """
    keys = list(group.references)
    flat = [caption for key in keys for caption in group.references[key]]
    words = segment([*flat, *(group.hypotheses.get(key, "") for key in keys)], policy, language)
    stream = iter(words)
    references = {key: [next(stream) for _ in group.references[key]] for key in keys}
    for key, captions in references.items():
        if not any(captions):
            expected = f"a reference with a word in it (cut by {policy!r})"
            raise InputError(group.source, repr(group.references[key])[:80], expected, record=f"id {key}")
    return references, dict(zip(keys, stream, strict=True))


def cut_and_score(groups: Mapping[str, CaptionSet], scorers: Scorers) -> tuple[dict[str, Segmented], dict[str, Scores]]:
    """The words of each set, and its scores (`score_sets`). METEOR's table is unpacked while words are cut, where it is
    clear before that it is needed.

    Raises:
        InputError: see `segmented`.
    """
    with ExitStack() as stack:
        # Letters and digits stay whatever the policy; of punctuation that is not sure.
        letters = filter(str.isalnum, chain.from_iterable(_captions(groups.values())))
        needed = "METEOR" in scorers.metrics and paraphrases_matter(letters)
        table = stack.enter_context(cut_table()) if needed else None
        sets = {name: segmented(group, scorers.policy, scorers.language) for name, group in groups.items()}
        return sets, _score(sets, scorers, stack, table)


def score_sets(sets: Mapping[str, Segmented], scorers: Scorers) -> dict[str, Scores]:
    """Scores of each set with the metrics asked for; where a metric fails, null and the reason, and all others stand.

    METEOR and SPICE are processes of their own and work while n-grams are counted here.
    """
    with ExitStack() as stack:
        return _score(sets, scorers, stack)


def _score(
    sets: Mapping[str, Segmented], scorers: Scorers, stack: ExitStack, table: CutTable | None = None
) -> dict[str, Scores]:
    asked = scorers.metrics
    meteor = _meteor(sets, scorers.meteor_timeout, stack, table) if "METEOR" in asked else ""
    pool = ThreadPoolExecutor(2)
    try:
        slow = ["METEOR"] if "METEOR" in asked else []
        by_meteor = pool.submit(lambda: {name: score(*group, meteor, slow) for name, group in sets.items()})
        by_spice = pool.submit(_spice, sets, scorers)
        counted = [metric for metric in asked if metric in NGRAM_METRICS]
        by_ngrams = {name: score(*group, "", counted) for name, group in sets.items()}
        return {name: by_ngrams[name].merged(by_meteor.result()[name]).merged(by_spice.result()[name]) for name in sets}
    finally:
        # Not waiting: an interrupted program goes on to end METEOR, and with it the thread that waits for METEOR.
        pool.shutdown(wait=False, cancel_futures=True)


def score_rows(sets: Mapping[str, Segmented], scored: Mapping[str, Scores]) -> list[dict[str, Any]]:
    """A row of the score table for each caption."""
    return [
        {"set": name, "id": key, "caption": " ".join(words)}
        | {metric: scored[name].captions.get(metric, {}).get(key) for metric in METRICS}
        | {column: scored[name].statistics.get(column, {}).get(key) for column in (BLEU_STATISTICS, METEOR_STATISTICS)}
        for name, (_, hypotheses) in sets.items()
        for key, words in hypotheses.items()
    ]


def _meteor(sets: Mapping[str, Segmented], timeout: float, stack: ExitStack, table: CutTable | None) -> Meteor | str:
    """A METEOR process until ``stack`` ends, or the reason why there is none."""
    texts = set(_texts(sets.values()))
    if table is None and paraphrases_matter(texts):
        table = stack.enter_context(cut_table())
    if table:
        table.cut(texts)
    try:
        return stack.enter_context(Meteor(timeout, paraphrases=table or False))
    except JavaMissing as error:
        return str(error)


def _spice(sets: Mapping[str, Segmented], scorers: Scorers) -> dict[str, Scores]:
    results = {name: Scores() for name in sets}
    try:
        if "SPICE" not in scorers.metrics:
            return results
        if scorers.language != "en":
            raise SpiceFailed(ENGLISH_ALONE)
        if scorers.spice_folder is None:
            raise SpiceFailed(OFF)
        found = spice(sets, scorers.spice_folder, scorers.spice_timeout)
    except SpiceFailed as error:
        for scores in results.values():
            scores.lack("SPICE", str(error))
        return results
    for name, scores in results.items():
        if found[name]:
            scores.add("SPICE", sum(found[name].values()) / len(found[name]), found[name])
        else:
            scores.lack("SPICE", "there is no caption to score")
    return results


def _texts(sets: Iterable[Segmented]) -> Iterator[str]:
    for references, hypotheses in sets:
        for words in chain(chain.from_iterable(references.values()), hypotheses.values()):
            yield " ".join(words)


def _captions(groups: Iterable[CaptionSet]) -> Iterator[str]:
    for group in groups:
        yield from chain.from_iterable(group.references.values())
        yield from group.hypotheses.values()
