"""The interface of every dependency parser, and the loading of ``models/dependency_parser``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.syntax.tree import Tree

DESCRIPTION = "crosscap.json"


class DependencyParser(Protocol):
    """Parses sentences that are cut into words already."""

    def parse(self, sentences: Iterable[list[str]]) -> Iterator[Tree]:
        """One tree a sentence, in order and with exactly its words; an empty sentence gives an empty tree.

        Never splits or merges sentences: further roots hang from the first as ``parataxis``. The trees' ``id`` is "".
        """
        ...


def load_parser(directory: str | Path) -> DependencyParser:
    """The parser that `train_dependency_parser` left in ``directory``, through its library's own loader.

    Raises:
        InputError: no such model, an unknown backend, or labels that are not Universal Dependencies.
    """
    directory = Path(directory)
    description = read_json(directory / DESCRIPTION)
    backend, lowercase = description.get("backend"), bool(description.get("lowercase"))
    if backend == "spacy":
        from crosscap.syntax.spacy_parser import SpacyParser

        return SpacyParser(directory / "spacy", lowercase)
    if backend == "stanza":
        from crosscap.syntax.stanza_parser import StanzaParser

        return StanzaParser(directory / "stanza", str(description.get("language")), lowercase)
    raise InputError(directory / DESCRIPTION, f"backend {backend!r}", "'spacy' or 'stanza'")
