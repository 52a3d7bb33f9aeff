"""Parsing as records for the cache: a sentence's words in, its lines of CoNLL-U without an id out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import tee
from pathlib import Path

from crosscap.incremental.identity import Identity
from crosscap.incremental.results import Work, results
from crosscap.runs.stage import use_threads
from crosscap.syntax.conllu import conllu_of, with_id
from crosscap.syntax.dependency_parser import load_parser
from crosscap.syntax.sentence_copies import SentenceCopy

SHARD_SIZE = 1024  # sentences: a second of spaCy, ten of stanza


def parsing(model: str | Path, identity: Identity) -> Work[SentenceCopy]:
    """Parsing every sentence with the parser in the folder ``model``."""
    return Work("parse_sentences", partial(sentence_parser, model), words_of, identity, SHARD_SIZE)


def sentence_parser(model: str | Path) -> Callable[[list[SentenceCopy]], list[bytes]]:
    """Load a dependency parser; the function that it makes gives the lines of each sentence's tree."""
    use_threads(1)  # stanza's trees may depend on how many: one here, as in every worker
    parser = load_parser(model)

    def parse(copies: list[SentenceCopy]) -> list[bytes]:
        return [conllu_of(tree).encode() for tree in parser.parse([copy.words for copy in copies])]

    return parse


def words_of(copy: SentenceCopy) -> bytes:
    """All that a tree depends on: the id is no part of it, so equal sentences are parsed once."""
    return json.dumps(copy.words).encode()


def parsed(copies: Iterable[SentenceCopy], work: Work[SentenceCopy], processes: int) -> Iterator[str]:
    """The CoNLL-U of every sentence, in order, named by its id."""
    named, parsing = tee(copies)  # holds as many sentences as `results` looks ahead
    for copy, block in zip(named, results(parsing, work, processes), strict=True):
        yield with_id(block.decode(), copy.id)
