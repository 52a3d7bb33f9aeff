"""What phase 1 is trained on: a pair's scene graph and its two sentences as ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph
from crosscap.text.vocabulary import BOS, EOS, Vocabulary


@dataclass(frozen=True)
class Example:
    """A pair: its English graph, and its two sentences as ids between <bos> and <eos> (no <eos> where one was cut)."""

    graph: SceneGraph
    source: tuple[int, ...]
    target: tuple[int, ...]


def examples(
    rows: Sequence[Mapping[str, Any]],
    graphs: Mapping[str, SceneGraph],
    source: Vocabulary,
    target: Vocabulary,
    max_words: int,
    origin: str | Path,
) -> list[Example]:
    """Examples from rows of ``data/filtered/T.parquet``; sentences are cut to ``max_words`` words.

    Raises:
        InputError: a pair has no graph in ``graphs`` (by id, read from the file ``origin``).
    """

    def ids(vocabulary: Vocabulary, tokens: Sequence[str]) -> tuple[int, ...]:
        kept = vocabulary.encode(tokens[:max_words])
        # A cut sentence does not end there: the decoder must not learn to stop in its middle.
        return (BOS, *kept, EOS) if len(tokens) <= max_words else (BOS, *kept)

    for row in rows:
        if row["id"] not in graphs:
            raise InputError(
                origin, "no graph of this pair", "one graph a pair", "Run `build_sentence_graphs` again.",
                record=f"pair {row['id']}",
            )  # fmt: skip
    return [
        Example(graphs[row["id"]], ids(source, row["source_tokens"]), ids(target, row["target_tokens"])) for row in rows
    ]
