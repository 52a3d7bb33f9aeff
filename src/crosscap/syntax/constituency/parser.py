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
from crosscap.syntax.constituency.benepar_model import load_benepar
from crosscap.syntax.constituency.brackets import DEEPEST, escape

DESCRIPTION = "crosscap.json"
# Cells of the charts that are computed at once; each holds some thousand numbers in the released models.
CELLS = 100_000
Item = TypeVar("Item")
logger = logging.getLogger(__name__)
# torch_struct, benepar's chart, has said so at every batch since torch 1.8.
warnings.filterwarnings("ignore", message=".*TreeCRF.*does not define `arg_constraints`")


class ConstituencyParser:
    """A benepar model and the language it parses.

    Args:
        model: a file ``{"config", "state_dict"}`` or a released model's folder, see `benepar_model`.
        language: ISO 639-1 code; tells benepar where spaces stand.
        lowercase: whether the model was trained on lowercased words.

    Raises:
        InputError: there is no such model, or benepar cannot load it.
    """

    def __init__(self, model: str | Path, language: str, lowercase: bool = False, batch_size: int = 128) -> None:
        self._model = load_benepar(Path(model))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from benepar import InputSentence
            from benepar.ptb_unescape import guess_space_after
        self._input, self._guess_space_after = InputSentence, guess_space_after
        self._language, self._lowercase, self._batch_size = language, lowercase, batch_size

    def parse(self, sentences: Iterable[Sequence[str]]) -> Iterator[nltk.Tree | None]:
        """One tree a sentence of words, in order, under ``TOP``; None, and a line in the log, where parsing failed.

        That is: no words, more than the model takes, characters that its tokenizer drops, or a tree deeper than can be
        read back. Sentences are grouped by length in chunks; padding is masked, and a failing batch is parsed again one
        by one, so that a sentence's scores are those that it has alone up to rounding.
        """
        for chunk in _batches(sentences, 8 * self._batch_size):
            order = sorted(range(len(chunk)), key=lambda row: len(chunk[row]))
            trees: list[nltk.Tree | None] = [None] * len(chunk)
            for group in _batches(order, self._batch_size):
                for row, tree in zip(group, self._parse_batch([chunk[row] for row in group]), strict=True):
                    trees[row] = tree
            yield from trees

    def _parse_batch(self, sentences: Sequence[Sequence[str]]) -> list[nltk.Tree | None]:
        try:
            inputs = [self._sentence(words) for words in sentences]
            trees = [self._tree(given, output) for given, output in zip(inputs, self._outputs(inputs), strict=True)]
        # Any error: what a sentence makes of benepar's and the tokenizer's code is theirs, and the others are to go on.
        except Exception as error:
            if len(sentences) == 1 and (isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"):
                raise  # the machine's failure, not the sentence's: it must not be remembered as one
            if len(sentences) > 1:
                return [tree for sentence in sentences for tree in self._parse_batch([sentence])]
            shown = " ".join(sentences[0])[:80]
            logger.warning("cannot parse %r: %s %s", shown, type(error).__name__, " ".join(str(error).split())[:200])
            return [None]
        return trees

    def _outputs(self, inputs: Sequence[Any]) -> Sequence[Any]:
        longest = max(len(given.words) for given in inputs)
        outputs: Sequence[Any]
        outputs = self._model.parse(inputs, return_compressed=True, subbatch_max_tokens=CELLS // longest)
        return outputs

    def _tree(self, given: Any, output: Any) -> nltk.Tree:
        """The tree of one output, if it is one over the sentence's words."""
        covered = max(output.ends)
        if covered != len(given.words):  # benepar loses count where the tokenizer leaves nothing of a word
            raise ValueError(f"{covered} of {len(given.words)} words in the tree")
        model = self._model
        tree: nltk.Tree = output.to_tree(given.pos(), model.decoder.label_from_index, model.tag_from_index)
        if tree.height() > DEEPEST:
            raise ValueError(f"{tree.height()} levels, the deepest tree has {DEEPEST}")
        return tree

    def _sentence(self, words: Sequence[str]) -> Any:
        if not all(word and not any(letter.isspace() for letter in word) for word in words) or not words:
            raise ValueError("no words, or an empty one, or one with a space inside")
        seen = [word.lower() for word in words] if self._lowercase else list(words)
        # Chinese has no spaces; elsewhere benepar guesses them around punctuation.
        space_after = [False] * len(seen) if self._language == "zh" else self._guess_space_after(seen)
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
