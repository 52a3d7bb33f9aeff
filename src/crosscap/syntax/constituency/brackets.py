"""Bracketed trees, one a line: ``(TOP (S (NP (DT a) (NN dog)) (VP (VBZ runs))))``."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path

import nltk

from crosscap.errors import InputError
from crosscap.io.artifacts import atomic_path

FAILED = "(FAILED)"
# Levels of a tree, words included: nltk reads 500 back, and Python stops at 1,000 nested calls.
DEEPEST = 400
_ESCAPES = {"(": "-LRB-", ")": "-RRB-", "[": "-LSB-", "]": "-RSB-", "{": "-LCB-", "}": "-RCB-"}


def read_trees(path: str | Path) -> Iterator[nltk.Tree | None]:
    """Trees of a text file (``.gz``: compressed), None for ``(FAILED)``; empty lines are skipped.

    Raises:
        InputError: no such file, not UTF-8, or a line that is no tree over words.
    """
    path = Path(path)
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield None if line.strip() == FAILED else _tree(path, number, line)
    except FileNotFoundError:
        raise InputError(path, "no such file", "bracketed trees, one a line") from None
    except UnicodeDecodeError as error:
        raise InputError(path, f"byte {error.object[error.start]:#04x} at {error.start}", "UTF-8 text") from None
    except (gzip.BadGzipFile, EOFError) as error:
        raise InputError(path, str(error), "a whole gzip file") from None


def write_trees(path: str | Path, trees: Iterable[nltk.Tree | None]) -> int:
    """Write trees, ``(FAILED)`` for None, and return how many were trees; ``.gz`` names are compressed."""
    return write_lines(path, map(line_of, trees))


def write_lines(path: str | Path, lines: Iterable[str]) -> int:
    """Write what `line_of` gave, and return how many lines are trees; ``.gz`` names are compressed."""
    written = 0
    path = Path(path)
    with atomic_path(path) as temporary, open(temporary, "wb") as file:
        # No time and no name inside: the same trees give the same bytes.
        compressed = gzip.GzipFile("", "wb", fileobj=file, mtime=0) if path.suffix == ".gz" else None
        stream = compressed or file
        for line in lines:
            written += line != FAILED
            stream.write(f"{line}\n".encode())
        if compressed is not None:
            compressed.close()
    return written


def line_of(tree: nltk.Tree | None) -> str:
    """A tree's line in a file, ``(FAILED)`` for None."""
    return FAILED if tree is None else to_line(tree)


def to_line(tree: nltk.Tree) -> str:
    """The tree on one line; brackets in words become ``-LRB-`` and so on, as treebanks write them."""
    parts: list[str] = []

    def add(node: nltk.Tree) -> None:
        parts.append(f"({node.label()}")
        for child in node:
            if isinstance(child, nltk.Tree):
                parts.append(" ")
                add(child)
            else:
                parts.append(f" {escape(child)}")
        parts.append(")")

    add(tree)
    return "".join(parts)


def escape(word: str) -> str:
    return "".join(_ESCAPES.get(letter, letter) for letter in word)


def unescape(word: str) -> str:
    for letter, escaped in _ESCAPES.items():
        word = word.replace(escaped, letter)
    return word


def plain(tree: nltk.Tree) -> nltk.Tree | None:
    """A treebank's tree as parsers learn it: under one ``TOP``, without traces and function tags (``NP-SBJ`` → ``NP``).

    None when nothing but traces is left.
    """
    kept = _plain(tree)
    if kept is None:
        return None
    if kept.label() in ("TOP", "ROOT", "S1", "VROOT", ""):
        return nltk.Tree("TOP", list(kept))
    return nltk.Tree("TOP", [kept])


def _plain(tree: nltk.Tree) -> nltk.Tree | None:
    if tree.label() == "-NONE-":
        return None
    if _is_word(tree):
        return nltk.Tree(tree.label(), list(tree))
    children = [child for child in map(_plain, tree) if child is not None]
    return nltk.Tree(category(tree.label()), children) if children else None


def category(label: str) -> str:
    """``NP-SBJ=2`` → ``NP``; a label that starts with a hyphen, such as ``-LRB-``, stays."""
    return label if label.startswith("-") else label.partition("-")[0].partition("=")[0]


def _tree(path: Path, number: int, line: str) -> nltk.Tree:
    try:
        tree = nltk.Tree.fromstring(line)
    except ValueError as error:
        reason = " ".join(str(error).split())[:120]
        raise InputError(path, f"no tree ({reason})", "one bracketed tree a line", record=number) from None
    for node in tree.subtrees():
        words = sum(isinstance(child, str) for child in node)
        if not len(node) or (words and len(node) > 1):
            found = f"({node.label()} …) with {words} words among {len(node)} parts"
            raise InputError(path, found, "one word under a tag, and phrases over tags", record=number)
    return tree


def _is_word(node: nltk.Tree) -> bool:
    return len(node) == 1 and isinstance(node[0], str)
