"""Image graphs that the user brings: ready-made ones, or English sentences to parse (oracle graphs)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.graph.tables import from_row

ParseGraphs = Callable[[list[str]], list[SceneGraph]]
"""English sentences -> the scene graph of each."""


def read_imported(path: str | Path) -> list[SceneGraph]:
    """Read graphs, one JSON object a line in the form of `crosscap.graph.tables.to_row`.

    Raises:
        InputError: a line that is no JSON, no valid graph, or whose id was there before; the line is named.
    """
    graphs = []
    for number, row in _records(path):
        try:
            graphs.append(from_row(row))
        except (ValueError, KeyError, TypeError) as error:
            found = f"no key {error}" if isinstance(error, KeyError) else str(error)
            raise InputError(path, found, "a valid scene graph", record=number) from None
    return graphs


def read_sentences(path: str | Path) -> list[tuple[str, list[str]]]:
    """Read ``{"id": image id, "sentences": [English …]}`` lines.

    Raises:
        InputError: a line that is no JSON, of another form, or whose id was there before; the line is named.
    """
    entries = []
    for number, row in _records(path):
        sentences = row.get("sentences")
        if not isinstance(sentences, list) or not all(isinstance(sentence, str) for sentence in sentences):
            expected = '{"id": image id, "sentences": [text, …]}'
            raise InputError(path, "no list of texts 'sentences'", expected, record=number)
        entries.append((str(row["id"]), sentences))
    return entries


def oracle_graphs(entries: list[tuple[str, list[str]]], parse: ParseGraphs) -> list[SceneGraph]:
    """The union of the graphs of each picture's sentences: what a perfect eye could at best be told of."""
    parsed = iter(parse([sentence for _, sentences in entries for sentence in sentences]))
    return [merge(id, [next(parsed) for _ in sentences]) for id, sentences in entries]


def _records(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    path = Path(path)
    if not path.is_file():
        raise InputError(path, "no such file", "JSON lines, possibly none")
    seen: dict[str, int] = {}
    with open(path, "rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8"))
            except (UnicodeDecodeError, json.JSONDecodeError) as error:
                raise InputError(path, f"no JSON ({error})", "a JSON object in UTF-8", record=number) from None
            if not isinstance(row, dict) or "id" not in row:
                raise InputError(path, "no 'id'", "a JSON object with an 'id'", record=number)
            if str(row["id"]) in seen:
                found = f"id {row['id']!r} of line {seen[str(row['id'])]} again"
                raise InputError(path, found, "one line an image", record=number)
            seen[str(row["id"])] = number
            yield number, row
