from __future__ import annotations

import gzip
from pathlib import Path

import nltk
import pytest

from crosscap.errors import InputError
from crosscap.syntax.constituency.brackets import DEEPEST, escape, plain, read_trees, to_line, unescape, write_trees

LINES = ["(TOP (NP (DT a) (NN dog)))", "(FAILED)", "(TOP (IP (NP (NN 狗)) (VP (VV 跑))))"]


@pytest.mark.parametrize("name", ["trees.txt", "trees.txt.gz"])
def test_trees_are_read_as_they_were_written(tmp_path: Path, name: str) -> None:
    trees = [None if line == "(FAILED)" else nltk.Tree.fromstring(line) for line in LINES]
    assert write_trees(tmp_path / name, trees) == 2
    assert list(read_trees(tmp_path / name)) == trees
    content = (tmp_path / name).read_bytes()
    text = gzip.decompress(content) if name.endswith(".gz") else content
    assert text.decode().splitlines() == LINES


def test_the_same_trees_give_the_same_bytes_whatever_the_file_is_called(tmp_path: Path) -> None:
    trees = [nltk.Tree.fromstring(LINES[0])] * 3
    write_trees(tmp_path / "one.txt.gz", trees)
    write_trees(tmp_path / "two.txt.gz", trees)
    assert (tmp_path / "one.txt.gz").read_bytes() == (tmp_path / "two.txt.gz").read_bytes()


def test_brackets_in_words_are_escaped_and_come_back() -> None:
    tree = nltk.Tree("NP", [nltk.Tree("NN", ["a(b)"])])
    assert to_line(tree) == "(NP (NN a-LRB-b-RRB-))"
    assert unescape(escape("[x] {y} (z)")) == "[x] {y} (z)"


def test_the_deepest_tree_that_parsers_give_is_written_and_read(tmp_path: Path) -> None:
    deep = nltk.Tree("NN", ["x"])
    while deep.height() < DEEPEST:
        deep = nltk.Tree("NP", [nltk.Tree("NN", ["y"]), deep])
    write_trees(tmp_path / "deep.txt", [deep])
    assert [to_line(tree) for tree in read_trees(tmp_path / "deep.txt") if tree] == [to_line(deep)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("(TOP (NP (DT a) (NN dog))", "no tree"),
        ("(TOP (NP a (NN dog)))", "1 words among 2 parts"),
        ("(TOP (NP ) (NN dog))", "0 words among 0 parts"),
        ("dog", "no tree"),
    ],
)
def test_a_line_that_is_no_tree_is_named(tmp_path: Path, line: str, found: str) -> None:
    (tmp_path / "trees.txt").write_text(f"{LINES[0]}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"trees\.txt, line 3: found .*{found}"):
        list(read_trees(tmp_path / "trees.txt"))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trees.txt").write_bytes("(TOP (NN 狗))".encode("gb18030"))
    with pytest.raises(InputError, match="expected UTF-8 text"):
        list(read_trees(tmp_path / "trees.txt"))


def test_a_missing_treebank_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_trees(tmp_path / "none.txt"))


def test_nothing_half_written_stays_when_a_parser_dies(tmp_path: Path) -> None:
    def dying() -> object:
        yield nltk.Tree.fromstring(LINES[0])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_trees(tmp_path / "trees.txt.gz", dying())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_treebank_trees_lose_traces_function_tags_and_double_roots() -> None:
    line = "( (S (NP-SBJ-1 (NNS Yields)) (VP (VBD fell) (S (NP-SBJ (-NONE- *-1)) (-LRB- -LRB-))) (. .)))"
    tree = plain(nltk.Tree.fromstring(line))
    assert tree is not None
    assert to_line(tree) == "(TOP (S (NP (NNS Yields)) (VP (VBD fell) (S (-LRB- -LRB-))) (. .)))"
    assert plain(nltk.Tree.fromstring("(S (NP (-NONE- *)))")) is None
    assert plain(nltk.Tree.fromstring("(NP=2 (NN dog))")) == nltk.Tree.fromstring("(TOP (NP (NN dog)))")
