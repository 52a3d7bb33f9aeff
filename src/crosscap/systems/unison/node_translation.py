"""Names of graph nodes translated one by one, without context (variant ``gm_base``).

The file ``translations.json`` of ``models/node_translations/T`` is what `write` writes:

    {"dog": ["狗"], "in front of": ["在", "前面"], …}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from crosscap.errors import InputError
from crosscap.io.artifacts import read_json, write_json
from crosscap.text.vocabulary import SPECIALS, UNK

FILE = "translations.json"

Source = Callable[[Sequence[str]], list[tuple[str, ...]]]
"""The target words of each of some names; none for a name that it does not know."""


class NodeTranslations:
    """The target words of names.

    Args:
        of: each name's words; single words of longer names stand here as well.
    """

    def __init__(self, of: Mapping[str, tuple[str, ...]]) -> None:
        self.of = dict(of)

    def tokens(self, name: str) -> tuple[str, ...]:
        """The target words of ``name``; of an untranslated name word by word, ``<unk>`` for an unknown word."""
        if name in self.of:
            return self.of[name]
        unknown = (SPECIALS[UNK],)
        return tuple(token for word in name.split() for token in self.of.get(word, unknown)) or unknown

    def write(self, folder: str | Path) -> None:
        """Write ``translations.json`` into an existing folder."""
        write_json(Path(folder) / FILE, {name: list(self.of[name]) for name in sorted(self.of)})

    @classmethod
    def load(cls, folder: str | Path) -> NodeTranslations:
        """Read what `write` wrote.

        Raises:
            InputError: the file is missing, or no mapping of names to lists of words.
        """
        path = Path(folder) / FILE
        value = read_json(path)
        if not isinstance(value, dict):
            raise InputError(path, type(value).__name__, "names and their words", "Run `translate_nodes` again.")
        for name, tokens in value.items():
            if not isinstance(tokens, list) or not all(isinstance(token, str) and token for token in tokens):
                raise InputError(path, repr(tokens)[:80], "a list of words", "Run `translate_nodes` again.", name)
        return cls({name: tuple(tokens) for name, tokens in value.items()})


def translated(names: Iterable[str], sources: Sequence[Source]) -> NodeTranslations:
    """Translate ``names``, and every single word of the longer ones, by the first of ``sources`` that knows them.

    A source that does not know a name of several words is asked for its words; one that knows them all knows the name.
    """
    names = set(names)
    asked = sorted(names | {word for name in names for word in name.split()})
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        asked = [name for name in asked if name not in found]
        known = {name: tokens for name, tokens in zip(asked, source(asked), strict=True) if tokens}
        for name in asked:
            words = name.split()
            if name not in known and len(words) > 1 and all(word in known or word in found for word in words):
                known[name] = tuple(token for word in words for token in known.get(word) or found[word])
        found.update(known)
    return NodeTranslations(found)


def lexicon_source(entries: Iterable[tuple[str, str]], tokenize: Callable[[str], Sequence[str]]) -> Source:
    """A bilingual word list of pairs (source, target); of several translations the first counts."""
    first: dict[str, str] = {}
    for source, target in entries:
        first.setdefault(source, target)

    def look_up(names: Sequence[str]) -> list[tuple[str, ...]]:
        return [tuple(tokenize(first[name])) if name in first else () for name in names]

    return look_up
