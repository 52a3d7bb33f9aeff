"""Sentences, their trees, and the scene graphs that the rules must give: ``cases.txt``, read.

A case is a line ``# sentence``, its tree in the notation of `trees.tree_of`, then what stands in the graph:
``objects``, ``attributes`` as ``object:name``, ``relations`` as ``subject|predicate|object``, separated by commas.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Case(NamedTuple):
    tree: str
    objects: str = ""
    attributes: str = ""
    relations: str = ""


def _read(text: str) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("## ")]
        if not lines:
            continue
        tree: list[str] = []
        parts = {}
        for line in lines[1:]:
            key, _, value = line.partition(" ")
            if key in Case._fields:
                parts[key] = value
            else:
                tree.append(line)
        sentence = lines[0].removeprefix("# ")
        assert sentence not in cases, f"{sentence!r} stands twice"
        cases[sentence] = Case(" ".join(tree), **parts)
    return cases


CASES = _read((Path(__file__).parent / "cases.txt").read_text(encoding="utf-8"))
