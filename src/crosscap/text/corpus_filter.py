"""Runs the rules over a parallel corpus in constant memory, keeps count, and splits what is left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from crosscap.config.filter import Alignment, FilterSettings, Split
from crosscap.text import rules
from crosscap.text.alignment import LexicalModel
from crosscap.text.dictionaries import is_word
from crosscap.text.rules import Candidate, Rule
from crosscap.text.tokenizers import Tokenizer

Words = tuple[Sequence[str], Sequence[str]]

EXAMPLES = 3
KEYS = 2**63  # how many split keys there are


@dataclass
class Funnel:
    """How many pairs are left after each rule, in order, and what the rules dropped."""

    pairs: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def drop(self, rule: str, pair: Candidate) -> None:
        self.dropped[rule] += 1
        if len(self.examples[rule]) < EXAMPLES:
            self.examples[rule].append({"id": pair.id, "source": pair.source, "target": pair.target})

    def as_json(self, splits: Mapping[str, int]) -> dict[str, Any]:
        """``{"pairs": all, "rules": [{"rule", "dropped", "left", "examples"}], "splits": {"train": …}}``"""
        left, rows = self.pairs, []
        for rule, dropped in self.dropped.items():
            left -= dropped
            rows.append({"rule": rule, "dropped": dropped, "left": left, "examples": self.examples[rule]})
        return {"pairs": self.pairs, "kept": left, "rules": rows, "splits": dict(splits)}


def candidates(rows: Iterable[Mapping[str, str]], source: Tokenizer, target: Tokenizer) -> Iterator[Candidate]:
    """Rows of ``data/raw/parallel/T.parquet`` with their words."""
    for row in rows:
        yield Candidate(
            row["id"],
            row["source"],
            row["target"],
            row["origin"],
            tuple(source.tokenize(row["source"])),
            tuple(target.tokenize(row["target"])),
        )


def apply_rules(pairs: Iterable[Candidate], used: Mapping[str, Rule], funnel: Funnel) -> Iterator[Candidate]:
    """The pairs that every rule keeps; the first rule that refuses a pair is the one that dropped it."""
    for name in used:
        funnel.dropped[name], funnel.examples[name] = 0, []
    for pair in pairs:
        funnel.pairs += 1
        refused = next((name for name, keep in used.items() if not keep(pair)), None)
        if refused is None:
            yield pair
        else:
            funnel.drop(refused, pair)


def make_rules(
    names: Sequence[str],
    parameters: FilterSettings,
    languages: tuple[str, str],
    dictionaries: Mapping[str, Collection[str]],
    pairs: Callable[[], Iterable[Candidate]],
) -> dict[str, Rule]:
    """Fresh rules by name, in the order of ``names``.

    Args:
        languages: codes of the source and the target.
        dictionaries: caption words by side.
        pairs: the whole corpus, for the rule that learns from it.
    """
    makers: dict[str, Callable[[], Rule]] = {
        "clean": rules.clean,
        "copies": rules.copies,
        "language": lambda: rules.language(*languages),
        "words": lambda: rules.words(parameters.words),
        "length_ratio": lambda: rules.length_ratio(parameters.length_ratio),
        "coverage": lambda: rules.coverage(parameters.coverage, dictionaries),
        "duplicates": rules.duplicates,
    }
    made: dict[str, Rule] = {}
    for position, name in enumerate(names):
        if name == "alignment":
            before = make_rules(names[:position], parameters, languages, dictionaries, pairs)
            made[name] = alignment(apply_rules(pairs(), before, Funnel()), parameters.alignment)
        else:
            made[name] = makers[name]()
    return made


def alignment(pairs: Iterable[Candidate], parameters: Alignment) -> Rule:
    """Pairs whose sides say the same: a score of at least ``min``.

    Two models learn from the first ``sample`` of ``pairs``, each from half of the sentences; the other one scores.
    """
    halves: tuple[list[Words], list[Words]] = ([], [])
    for pair in islice(pairs, parameters.sample):
        halves[_half(pair)].append((_content(pair.source_tokens), _content(pair.target_tokens)))
    models = [LexicalModel.train(half, parameters.iterations) for half in halves]

    def keep(pair: Candidate) -> bool:
        model = models[1 - _half(pair)]
        return model.score(_content(pair.source_tokens), _content(pair.target_tokens)) >= parameters.min

    return keep


def _half(pair: Candidate) -> int:
    return split_key(pair.source_tokens) & 1


def _content(tokens: Sequence[str]) -> list[str]:
    return list(filter(is_word, tokens))


class Splitter:
    """Assigns pairs to ``train``, ``val`` and ``test`` by a hash of the source sentence.

    The hash is of the sentence, not of the id: pairs with the same source, paraphrases of each other, share a split,
    and a pair stays where it is when the corpus grows (with shares; with counts its neighbours matter).
    """

    def __init__(self, keys: Sequence[int], parameters: Split) -> None:
        """``keys``: `split_key` of every pair. ``val`` and ``test`` below 1 are shares, from 1 on numbers of pairs."""
        if max(parameters.val, parameters.test) < 1:
            self._test = int(parameters.test * KEYS)
            self._val = self._test + int(parameters.val * KEYS)
        else:
            ordered = sorted(keys)
            test, val = (int(s) if s >= 1 else round(s * len(ordered)) for s in (parameters.test, parameters.val))
            self._test, self._val = _after(ordered, test), _after(ordered, test + val)

    def split(self, key: int) -> str:
        if key < self._test:
            return "test"
        return "val" if key < self._val else "train"


def split_key(pair_source_tokens: Sequence[str]) -> int:
    """63 bits of a hash of the source sentence's words."""
    text = " ".join(filter(is_word, pair_source_tokens))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _after(ordered: Sequence[int], count: int) -> int:
    """The smallest key above the first ``count``; pairs of one sentence stay together, so a few more may lie below."""
    return ordered[min(count, len(ordered)) - 1] + 1 if count and ordered else 0
