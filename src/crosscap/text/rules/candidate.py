"""What a rule is asked about: a pair of sentences, cut into words when a rule first wants them, and only once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosscap.text.dictionaries import is_word
from crosscap.text.tokenizers import Tokenizer

if TYPE_CHECKING:
    from crosscap.config.filter import FilterSettings


class Sentence:
    """One side of a pair.

    Attributes:
        text: as it was read.
    """

    __slots__ = ("_tokenizer", "_tokens", "_words", "text")

    def __init__(self, text: str, tokenizer: Tokenizer) -> None:
        self.text, self._tokenizer = text, tokenizer
        self._tokens: list[str] | None = None
        self._words: list[str] | None = None

    @property
    def tokens(self) -> list[str]:
        """Lowercase words and punctuation."""
        if self._tokens is None:
            self._tokens = self._tokenizer.tokenize(self.text)
        return self._tokens

    @property
    def words(self) -> list[str]:
        """The tokens that are words."""
        if self._words is None:
            tokens = self.tokens
            plain = "".join(tokens).isalnum()  # the common case, at the speed of C
            self._words = tokens if plain else [token for token in tokens if token.isalnum() or is_word(token)]
        return self._words


class Candidate:
    """A pair of sentences."""

    __slots__ = ("source", "target")

    def __init__(self, source: Sentence, target: Sentence) -> None:
        self.source, self.target = source, target


@dataclass(frozen=True)
class Setting:
    """What rules are made from.

    Attributes:
        parameters: section ``filter``.
        source, target: codes of the languages.
        dictionaries: caption words by side, for ``coverage``.
    """

    parameters: FilterSettings
    source: str
    target: str
    dictionaries: Mapping[str, Collection[str]] = field(default_factory=dict)


Rule = Callable[[Candidate], bool]
"""Whether to keep a pair, from the pair alone."""
SideRule = Callable[[Sentence], bool]
"""Whether one side of a pair may stay."""


class EachSide:
    """A `Rule` that asks the sides one by one, and can tell which of them refused."""

    def __init__(self, rules: Mapping[str, SideRule]) -> None:
        """``rules``: by side, `source` or `target`; a side without one may always stay."""
        self._source, self._target = (rules.get(side, _stays) for side in ("source", "target"))

    def __call__(self, pair: Candidate) -> bool:
        return self._source(pair.source) and self._target(pair.target)

    def refusing(self, pair: Candidate) -> int:
        """Which sides refuse: 1 the source, 2 the target, 3 both, 0 none."""
        return (not self._source(pair.source)) + 2 * (not self._target(pair.target))


def _stays(sentence: Sentence) -> bool:
    return True
