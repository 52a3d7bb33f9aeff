"""Names of Visual Genome's objects and predicates: as written, by synsets, or by lists of words that mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crosscap.vision.annotations.records import AnnotationFile
from crosscap.vision.annotations.vocabulary import is_text, plain_name


@dataclass(frozen=True)
class Synonyms:
    """``first`` maps a name to the one that stands for its group; ``labels`` as in `Choice`."""

    first: Mapping[str, str] = field(default_factory=dict)
    labels: Literal["names", "synsets"] = "names"

    def name(self, record: Any, key: str) -> str | None:
        """The name of an object or predicate: its synset's lemma if asked for and there, else the first of ``key``."""
        if not isinstance(record, dict):
            return None
        if self.labels == "synsets" and (lemma := self.plain(_lemma(_first(record.get("synsets"))))):
            return lemma
        return self.plain(_first(record.get(key)))

    def plain(self, name: Any) -> str | None:
        """``name`` in plain form and by the first of its group; None for what is no name."""
        if not isinstance(name, str) or not is_text(name) or not (plain := plain_name(name)):
            return None
        return self.first.get(plain, plain)


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _lemma(synset: Any) -> Any:
    """``gym_shoe.n.01`` → ``gym shoe``."""
    return synset.rsplit(".", 2)[0].replace("_", " ") if isinstance(synset, str) else None


def read_synonyms(file: AnnotationFile | str | None, labels: Literal["names", "synsets"]) -> Synonyms:
    """Groups of a file such as Visual Genome's ``object_alias.txt``: ``man,men,guy`` a line, the name to use first.

    Groups may overlap: one that begins with a known name joins its group, a name goes by the last group that has it.

    Raises:
        InputError: no such file, or no UTF-8.
    """
    first: dict[str, str] = {}
    if isinstance(file, AnnotationFile):
        for line in file.lines():
            group = [name for part in line.split(",") if (name := plain_name(part))]
            if group:
                first.update(dict.fromkeys(group, first.get(group[0], group[0])))
                file.checked("groups", 1)
    return Synonyms(first, labels)
