"""Constituency parsing as records for the cache: a sentence's words in, its tree on one line out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work
from crosscap.io.streams import iterate_rows
from crosscap.syntax.constituency.brackets import line_of
from crosscap.syntax.constituency.parser import load_constituency_parser

SHARD_SIZE = 1024  # sentences: some seconds of the parsers that are trained here
Words = Sequence[str]


def tree_parsing(model: Path, identity: Identity) -> Work[Words]:
    """Parsing sentences with the constituency parser in the folder ``model``, one of `identity`'s models."""
    return Work("parse_constituency", partial(tree_parser, model), words_digest, identity, SHARD_SIZE)


def tree_parser(model: Path) -> Callable[[list[Words]], list[bytes]]:
    """Load a parser; the function that it makes gives each sentence's line, ``(FAILED)`` where there is no tree.

    What stands beside a sentence changes its scores by rounding alone (padding is masked), as in `parse_sentences`.
    """
    parser = load_constituency_parser(model)
    return lambda sentences: [line_of(tree).encode() for tree in parser.parse(sentences)]


def words_digest(words: Words) -> bytes:
    """All of a record that a tree depends on."""
    return json.dumps(list(words)).encode()


def sentences_of(filtered: Path, side: str) -> Iterator[Words]:
    """The tokens of one side of the kept pairs, in order, in constant memory; ``side`` is source or target."""
    for row in iterate_rows(filtered, (f"{side}_tokens",)):
        yield row[f"{side}_tokens"] or []
