"""Constituency parsing by benepar: a model that this project trained and a released one load the same way."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import nltk

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json
from crosscap.syntax.constituency.brackets import escape

DESCRIPTION = "crosscap.json"
Item = TypeVar("Item")
logger = logging.getLogger(__name__)
# torch_struct, benepar's chart, has said so at every batch since torch 1.8.
warnings.filterwarnings("ignore", message=".*TreeCRF.*does not define `arg_constraints`")


class ConstituencyParser:
    """A benepar model and the language it parses.

    Args:
        model: a file ``{"config", "state_dict"}`` or a released model's folder.
        language: ISO 639-1 code; tells benepar where spaces stand.
        lowercase: whether the model was trained on lowercased words.

    Raises:
        InputError: there is no such model, or benepar cannot load it.
    """

    def __init__(self, model: str | Path, language: str, lowercase: bool = False, batch_size: int = 128) -> None:
        if not Path(model).exists():
            raise InputError(model, "no such file or folder", "a benepar model")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import benepar

            try:
                # torch.load's default is weights_only=True: a model file cannot run code.
                self._benepar: Any = benepar.Parser(str(model), batch_size=batch_size, language_code=language)
            except Exception as error:  # whatever a foreign file makes of torch, transformers or benepar
                reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
                raise InputError(model, reason, "a benepar model that loads with weights only") from error
        self._input = benepar.InputSentence
        self._language, self._lowercase, self._batch_size = language, lowercase, batch_size

    def parse(self, sentences: Iterable[Sequence[str]]) -> Iterator[nltk.Tree | None]:
        """One tree a sentence of words, in order, under ``TOP``; None where parsing failed (no words, too many).

        Sentences are grouped by length in chunks, so results do not depend on who stands beside whom: padding is
        masked, and a failing batch is parsed again one by one.
        """
        for chunk in _batches(sentences, 8 * self._batch_size):
            order = sorted(range(len(chunk)), key=lambda row: len(chunk[row]))
            trees: list[nltk.Tree | None] = [None] * len(chunk)
            rows = [row for row in order if chunk[row]]
            for group in _batches(rows, self._batch_size):
                for row, tree in zip(group, self._parse_batch([chunk[row] for row in group]), strict=True):
                    trees[row] = tree
            yield from trees

    def _parse_batch(self, sentences: Sequence[Sequence[str]]) -> list[nltk.Tree | None]:
        try:
            return list(self._benepar.parse_sents(map(self._sentence, sentences)))
        except (ValueError, IndexError, KeyError, RuntimeError, AssertionError) as error:
            if len(sentences) > 1:
                return [tree for sentence in sentences for tree in self._parse_batch([sentence])]
            logger.warning("cannot parse %r: %s", " ".join(sentences[0])[:80], " ".join(str(error).split())[:200])
            return [None]

    def _sentence(self, words: Sequence[str]) -> Any:
        seen = [word.lower() for word in words] if self._lowercase else list(words)
        # None lets benepar guess spaces around punctuation; Chinese has none.
        space_after = [False] * len(seen) if self._language == "zh" else None
        return self._input(words=seen, space_after=space_after, escaped_words=[escape(word) for word in words])


def load_constituency_parser(directory: str | Path) -> ConstituencyParser:
    """The parser that `train_constituency_parser` left in ``directory``.

    Raises:
        InputError: no such model, or another backend.
    """
    directory = Path(directory)
    description = read_json(directory / DESCRIPTION)
    if description.get("backend") != "benepar":
        raise InputError(directory / DESCRIPTION, f"backend {description.get('backend')!r}", "'benepar'")
    model = directory / str(description.get("model"))
    return ConstituencyParser(model, str(description.get("language")), bool(description.get("lowercase")))


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch
