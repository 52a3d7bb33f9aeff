"""Sentences, their trees, and the scene graphs that the rules must give: ``cases.txt`` and ``cases_hard.txt``, read.

A case is a line ``# sentence``, its tree in the notation of `trees.tree_of`, then what stands in the graph:
``objects``, ``attributes`` as ``object:name``, ``relations`` as ``subject|predicate|object``, separated by commas.
A line ``known miss: reason`` marks a graph that is right but that the rules do not reach.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Case(NamedTuple):
    tree: str
    objects: str = ""
    attributes: str = ""
    relations: str = ""
    miss: str = ""


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
            if line.startswith("known miss: "):
                parts["miss"] = line.removeprefix("known miss: ")
            elif key in Case._fields:
                parts[key] = value
            else:
                tree.append(line)
        sentence = lines[0].removeprefix("# ")
        assert sentence not in cases, f"{sentence!r} stands twice"
        cases[sentence] = Case(" ".join(tree), **parts)
    return cases


def _cases(name: str) -> dict[str, Case]:
    return _read((Path(__file__).parent / name).read_text(encoding="utf-8"))


HARD = _cases("cases_hard.txt")
CASES = _cases("cases.txt") | HARD
