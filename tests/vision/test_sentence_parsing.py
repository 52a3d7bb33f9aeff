from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from crosscap.syntax.tree import Tree, Word
from crosscap.vision.graphs import sentence_parsing


class Fixed:
    """Knows one sentence."""

    def parse(self, sentences: Iterable[list[str]]) -> Iterator[Tree]:
        for words in sentences:
            assert words == ["a", "brown", "dog"]
            rows = (
                ("a", "a", "DET", 3, "det"),
                ("brown", "brown", "ADJ", 3, "amod"),
                ("dog", "dog", "NOUN", 0, "root"),
            )
            yield Tree("", tuple(Word(form, lemma, tag, "_", "_", head, name) for form, lemma, tag, head, name in rows))


def test_sentences_are_tokenized_lowercased_and_parsed_to_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_parsing, "load_parser", lambda folder: Fixed())
    parse = sentence_parsing.graph_parser("models/dependency_parser")
    first, second = parse(["A brown dog", "a  brown dog"])
    assert first.tuples() == {("dog",), ("dog", "brown")} == second.tuples()
