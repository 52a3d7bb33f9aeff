"""Checks of treebank files that come from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crosscap.errors import InputError
from crosscap.text.lines import read_text_lines


def checked_conllu(path: str | Path) -> Iterator[str]:
    """The lines of a CoNLL-U file, each sentence checked: ten columns, ids in order, heads inside, one root or more.

    Ends every sentence with exactly one blank line.

    Raises:
        InputError: a sentence is no tree of UD; file, line and what was found are named.
    """
    start, heads, open_sentence = 0, list[int](), False
    for number, line in read_text_lines(path):
        if not line.strip():
            if open_sentence:
                _check_heads(path, start, heads)
                yield ""
            heads, open_sentence = [], False
            continue
        start, open_sentence = (start if open_sentence else number), True
        if not line.startswith("#"):
            _add_word(path, number, line, heads)
        yield line
    if open_sentence:
        _check_heads(path, start, heads)
        yield ""


def checked_trees(path: str | Path) -> Iterator[str]:
    """The trees of a file of bracketed trees, one a line.

    Raises:
        InputError: a line is not one whole tree.
    """
    for number, line in read_text_lines(path):
        line = line.strip()
        if not line:
            continue
        depth, ends = 0, 0
        for character in line:
            depth += (character == "(") - (character == ")")
            ends += depth == 0
            if depth < 0:
                break
        if depth != 0 or ends != 1:
            raise InputError(path, repr(line[:60]), "one bracketed tree a line, every bracket closed", record=number)
        yield line


def _add_word(path: str | Path, number: int, line: str, heads: list[int]) -> None:
    cells = line.split("\t")
    if len(cells) != 10:
        raise InputError(path, f"{len(cells)} columns", "the 10 columns of CoNLL-U, separated by tabs", record=number)
    if "-" in cells[0] or "." in cells[0]:
        return  # a multiword token or an empty node: no part of the tree
    if cells[0] != str(len(heads) + 1) or not (cells[6].isdecimal() and len(cells[6]) < 9):
        found = f"word id {cells[0]!r} with head {cells[6]!r}"
        raise InputError(path, found, f"word id {len(heads) + 1} with a number as head", record=number)
    heads.append(int(cells[6]))


def _check_heads(path: str | Path, start: int, heads: list[int]) -> None:
    if 0 not in heads or max(heads) > len(heads):
        found = f"heads {heads[:20]} for {len(heads)} words"
        raise InputError(path, found, "a root (head 0) and heads among the sentence's words", record=start)
