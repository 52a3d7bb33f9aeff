from __future__ import annotations

from pathlib import Path

import pytest

from crosscap.errors import InputError
from crosscap.syntax.conllu import read_conllu, write_conllu
from crosscap.syntax.tree import Tree, Word, problem_of, with_one_root

TREE = Tree(
    "pair-1/0",
    (
        Word("Dogs", "dog", "NOUN", "NNS", "Number=Plur", 2, "nsubj"),
        Word("run", "run", "VERB", "VBP", "_", 0, "root"),
    ),
)
LINES = "# sent_id = pair-1/0\n# text = Dogs run\n1\tDogs\tdog\tNOUN\tNNS\tNumber=Plur\t2\tnsubj\t_\t_\n"
RUN = "2\trun\trun\tVERB\tVBP\t_\t0\troot\t_\t_\n"


@pytest.mark.parametrize("name", ["trees.conllu", "trees.conllu.gz"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    other = Tree("pair-1/1", TREE.words[1:])
    other = other._replace(words=(other.words[0]._replace(head=0),))
    assert write_conllu(tmp_path / name, [TREE, other]) == 2
    assert list(read_conllu(tmp_path / name)) == [TREE, other]


def test_the_same_trees_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.conllu.gz", "b.conllu.gz"):
        write_conllu(tmp_path / name, [TREE])
    assert (tmp_path / "a.conllu.gz").read_bytes() == (tmp_path / "b.conllu.gz").read_bytes()


def test_the_written_text_is_conllu(tmp_path: Path) -> None:
    write_conllu(tmp_path / "t.conllu", [TREE])
    assert (tmp_path / "t.conllu").read_text() == LINES + RUN + "\n"


def test_multiword_ranges_and_empty_nodes_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "t.conllu"
    path.write_text("1-2\tDogsrun\t_\t_\t_\t_\t_\t_\t_\t_\n" + LINES[LINES.index("1\t") :] + RUN + "2.1" + RUN[1:])
    assert [tree.words for tree in read_conllu(path)] == [TREE.words]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\tDogs\tdog\n", "line 1: found 3 columns, expected 10 columns"),
        (LINES + "3" + RUN[1:], "line 4: found word number '3', expected 2"),
        (LINES + RUN.replace("\t0\t", "\tx\t"), "line 4: found head 'x'"),
        (LINES + RUN.replace("\t0\t", "\t1\t"), "line 1: found 0 roots in sentence 'pair-1/0'"),
        (LINES.replace("\t2\t", "\t7\t") + RUN, "line 1: found head 7 of word 1 outside a sentence of 2 words"),
        (LINES + RUN.replace("root", "_"), "line 4: found form 'run' and relation '_'"),
    ],
)
def test_a_broken_file_is_an_error_that_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "t.conllu"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        list(read_conllu(path))


def test_another_encoding_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.conllu"
    path.write_bytes("# text = café\n".encode("latin-1"))
    with pytest.raises(InputError, match="found byte 0xe9, expected UTF-8 text"):
        list(read_conllu(path))


def test_a_cut_off_gzip_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.conllu.gz"
    write_conllu(path, [TREE] * 50)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="expected a complete gzip file"):
        list(read_conllu(path))


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def trees():
        yield TREE
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        write_conllu(tmp_path / "t.conllu.gz", trees())
    assert list(tmp_path.iterdir()) == []


def test_a_cycle_is_no_tree() -> None:
    words = [word._replace(head=head) for word, head in zip((*TREE.words, TREE.words[1]), (2, 1, 0), strict=True)]
    assert problem_of(tuple(words)) == "a cycle through word 1"


def test_further_roots_hang_from_the_first() -> None:
    two = [word._replace(head=0, relation="root") for word in TREE.words]
    assert [(word.head, word.relation) for word in with_one_root(two)] == [(0, "root"), (1, "parataxis")]
