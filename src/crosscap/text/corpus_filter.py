"""Runs the rules over a parallel corpus in constant memory, keeps count, and splits what is left.

Rules on single pairs have spoken already, in any number of processes (`verdicts`). Here their verdicts are gathered in
order, and rules on the whole corpus are asked in their turn. So the first rule in the user's order that refuses a pair
is the one that dropped it, and a global rule sees what the rules before it let through.

Memory: a few batches, and one or two bytes for each pair that no rule before the first global one refuses; what they
weigh otherwise lies in a folder on disk.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crosscap.errors import InputError
from crosscap.io.streams import iterate_batches, write_batches
from crosscap.text.funnel import Funnel
from crosscap.text.rules.candidate import Setting
from crosscap.text.rules.catalogue import GLOBAL, LOCAL
from crosscap.text.splits import Splitter
from crosscap.text.survivors import PAIR, ROWS, Mask, Numbers, Survivors
from crosscap.text.verdicts import HEAD, Texts, rule_of, sides_of

TOKENS = pa.list_(pa.string())
FILTERED = pa.schema(
    [
        *((name, pa.string()) for name in PAIR),
        ("source_tokens", TOKENS),
        ("target_tokens", TOKENS),
        ("split", pa.string()),
    ]
)


def read_texts(path: Path) -> Iterator[Texts]:
    """The sentences of ``data/raw/parallel/T.parquet``."""
    for rows in iterate_batches(path, ("source", "target")):
        yield from zip(rows.column(0).to_pylist(), rows.column(1).to_pylist(), strict=True)


def filter_corpus(
    raw: Path, out: Path, folder: Path, setting: Setting, verdicts: Callable[[Iterable[Texts]], Iterator[bytes]]
) -> tuple[Funnel, Counter[str]]:
    """Filter ``raw`` into ``out``.

    Args:
        raw: Parquet with the columns of `PAIR`.
        out: Parquet with the columns of `FILTERED`, written whole or not at all.
        folder: an empty one for what waits on disk, about the size of ``out`` before global rules.
        setting: parameters and dictionaries, as the verdicts were made with.
        verdicts: the value of each pair (`verdicts.judge`), in order, in constant memory.

    Returns:
        The funnel, and the number of pairs of each split.

    Raises:
        InputError: no pair is left.
    """
    names = setting.parameters.rules
    funnel, survivors = Funnel(names), Survivors(folder)
    survivors.fill(_settle(_judged(raw, verdicts), names, funnel))
    alive = np.ones(survivors.count, bool)
    first = next((number for number, name in enumerate(names) if name in GLOBAL), len(names))
    for number, name in list(enumerate(names))[first:]:
        refused = _said(survivors, number) if name in LOCAL else GLOBAL[name](survivors, alive, setting)
        np.logical_and(refused, alive, out=refused)
        _drop_waiting(funnel, name, survivors, refused, name in LOCAL)
        np.greater(alive, refused, out=alive)
    if not alive.any():
        advice = f"Rule {funnel.hardest!r} dropped most of the {funnel.pairs} pairs; see section filter of params.yaml."
        raise InputError(raw, f"no pair that passes {list(names)}", "pairs to keep", advice)
    return funnel, _write(survivors, alive, out, setting)


def _judged(
    raw: Path, verdicts: Callable[[Iterable[Texts]], Iterator[bytes]]
) -> Iterator[tuple[pa.RecordBatch, list[bytes]]]:
    """Rows with their values, a batch at a time; whoever computes the values decides how far to read ahead."""
    waiting: deque[pa.RecordBatch] = deque()

    def texts() -> Iterator[Texts]:
        for rows in iterate_batches(raw, PAIR):
            if rows.num_rows:
                waiting.append(rows)
            yield from zip(rows["source"].to_pylist(), rows["target"].to_pylist(), strict=True)

    values = verdicts(texts())
    for first in values:
        rows = waiting.popleft()
        yield rows, [first, *islice(values, rows.num_rows - 1)]


def _settle(
    judged: Iterable[tuple[pa.RecordBatch, list[bytes]]], names: tuple[str, ...], funnel: Funnel
) -> Iterator[tuple[pa.RecordBatch, Numbers]]:
    """Count what rules before all global ones refuse, pass on the others with their words."""
    for rows, values in judged:
        funnel.pairs += rows.num_rows
        verdicts = np.frombuffer(b"".join([value[:1] for value in values]), np.uint8)
        settled = np.array([len(value) == 1 for value in values])
        for number in np.unique(rule_of(verdicts[settled])).tolist():
            positions = np.flatnonzero(settled & (rule_of(verdicts) == number))
            _drop(funnel, names[number], rows, positions, sides_of(verdicts[positions]))
        left = [value for value in values if len(value) > 1]
        heads = np.frombuffer(b"".join([value[: HEAD.itemsize] for value in left]), HEAD)
        words = [value[HEAD.itemsize :].partition(b"\t") for value in left]
        tokens = [pa.array([pair[side] for pair in words], pa.binary()).cast(pa.string()) for side in (0, 2)]
        kept = rows.filter(pa.array(~settled))
        yield pa.RecordBatch.from_arrays([*kept.select(list(PAIR)).columns, *tokens], schema=ROWS), heads


def _drop(funnel: Funnel, rule: str, rows: pa.RecordBatch, positions: Numbers, sides: Numbers) -> None:
    texts = (rows[side].take(pa.array(positions)).to_pylist() for side in ("source", "target"))
    checksums = [crc32(f"{source}\t{target}".encode()) for source, target in zip(*texts, strict=True)]

    def example(number: int) -> dict[str, str]:
        return {name: rows[name][int(positions[number])].as_py() for name in ("id", "source", "target")}

    funnel.drop(rule, np.array(checksums, np.uint32), example, sides)


def _said(survivors: Survivors, number: int) -> Mask:
    """The pairs that rule ``number`` refuses by themselves."""
    refused = np.zeros(survivors.count, bool)
    for start, verdicts in survivors.verdicts.pieces():
        refused[start : start + len(verdicts)] = rule_of(verdicts) == number
    return refused


def _example_of(survivors: Survivors, positions: Numbers) -> Callable[[int], dict[str, str]]:
    return lambda number: survivors.example(int(positions[number]))


def _drop_waiting(funnel: Funnel, rule: str, survivors: Survivors, refused: Mask, alone: bool) -> None:
    """``alone``: whether the rule is one on single pairs, of which the verdicts tell the sides."""
    for start, digests in survivors.digests.pieces():
        positions = np.flatnonzero(refused[start : start + len(digests)])
        sides = sides_of(survivors.verdicts.read(start, len(digests))[positions]) if alone else None
        funnel.drop(rule, digests[positions], _example_of(survivors, start + positions), sides)


def _write(survivors: Survivors, alive: Mask, out: Path, setting: Setting) -> Counter[str]:
    splits: Counter[str] = Counter()

    def keys() -> Iterator[Numbers]:
        for start, values in survivors.keys.pieces():
            yield values[alive[start : start + len(values)]]

    splitter = Splitter(keys, setting.parameters.split)

    def kept() -> Iterator[pa.RecordBatch]:
        for start, rows in survivors.batches():
            mask = alive[start : start + rows.num_rows]
            names = splitter.split(survivors.keys.read(start, rows.num_rows)[mask])
            for count in pc.value_counts(names).to_pylist():
                splits[count["values"]] += count["counts"]
            rows = rows.filter(pa.array(mask))
            tokens = [_lists(rows[name]) for name in ("source_tokens", "target_tokens")]
            yield pa.RecordBatch.from_arrays([*rows.select(list(PAIR)).columns, *tokens, names], schema=FILTERED)

    write_batches(out, kept(), FILTERED)
    return splits


def _lists(texts: pa.Array) -> pa.Array:
    """Words joined by spaces as lists of words; a sentence without any is an empty list."""
    if pc.any(pc.equal(texts, "")).as_py():
        return pa.array([text.split() for text in texts.to_pylist()], TOKENS)
    return pc.split_pattern(texts, " ").cast(TOKENS)
