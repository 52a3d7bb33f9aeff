from __future__ import annotations

import pytest

from crosscap.collection.treebanks import checked_conllu, checked_trees
from crosscap.errors import InputError

ROW = "{id}\tw\tw\tNOUN\t_\t_\t{head}\tdep\t_\t_"


def write(path, rows):
    path.write_text("# a comment\n" + "\n".join(ROW.format(id=id, head=head) for id, head in rows) + "\n")
    return path


def test_a_sentence_is_passed_on_and_ends_with_one_blank_line(tmp_path):
    path = write(tmp_path / "t.conllu", [("1", 2), ("2-3", "_"), ("2", 0), ("3", 2), ("3.1", "_")])
    assert list(checked_conllu(path)) == [*path.read_text().splitlines(), ""]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("1", 2), ("2", 1)], r"line 1: found heads \[2, 1\] for 2 words, expected a root"),
        ([("1", 0), ("2", 3)], r"line 1: found heads \[0, 3\] for 2 words"),
        ([("1", 0), ("3", 1)], r"line 3: found word id '3' with head '1', expected word id 2"),
        ([("1", "_")], r"line 2: found word id '1' with head '_'"),
    ],
)
def test_a_sentence_that_is_no_tree_is_refused_with_its_line(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        list(checked_conllu(write(tmp_path / "t.conllu", rows)))


def test_a_row_without_ten_columns_is_refused(tmp_path):
    (tmp_path / "t.conllu").write_text("1\tdog\n")
    with pytest.raises(InputError, match="line 1: found 2 columns, expected the 10 columns"):
        list(checked_conllu(tmp_path / "t.conllu"))


def test_trees_are_read_one_a_line(tmp_path):
    (tmp_path / "t.txt").write_text("(S (NP (NN a)))\n\n(NP (NN 狗))\n", encoding="utf-8")
    assert list(checked_trees(tmp_path / "t.txt")) == ["(S (NP (NN a)))", "(NP (NN 狗))"]


@pytest.mark.parametrize("line", ["(S (NP a)", "(S a) (S b)", "S a", "(S a))("])
def test_a_line_that_is_not_one_tree_is_refused(tmp_path, line):
    (tmp_path / "t.txt").write_text(f"(S a)\n{line}\n")
    with pytest.raises(InputError, match=r"line 2: found .*, expected one bracketed tree a line"):
        list(checked_trees(tmp_path / "t.txt"))
