"""``crosscap graph`` over a file and as a drawing; the parser is a stand-in that knows two sentences."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crosscap.cli import graph as command
from crosscap.cli.main import main
from crosscap.syntax.tree import Tree
from tests.graph.rules.cases import CASES
from tests.graph.rules.trees import tree_of

KNOWN = ("a man rides a horse", "a red kite")


class KnownTrees:
    """Looks sentences up among the hand-written ones, and remembers how far it was read."""

    def __init__(self) -> None:
        self.read = 0

    def parse(self, sentences: Iterable[list[str]]) -> Iterator[Tree]:
        for words in sentences:
            self.read += 1
            yield tree_of(CASES[" ".join(words)].tree) if words else Tree("", ())


@pytest.fixture
def parser(monkeypatch: pytest.MonkeyPatch) -> KnownTrees:
    parser = KnownTrees()
    monkeypatch.setattr(command, "_parser", lambda path: parser)
    return parser


def code_of(*words: str) -> int:
    with pytest.raises(SystemExit) as exit:
        main(["graph", *words])
    return int(exit.value.code or 0)


def test_one_line_in_is_one_graph_out_in_order(
    parser: KnownTrees, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captions = tmp_path / "captions.txt"
    captions.write_bytes(b"\xef\xbb\xbfA man rides a horse\r\n\n  \na red kite")
    assert code_of("--file", str(captions), "--json-lines") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["objects"] for row in rows] == [["man", "horse"], [], [], ["kite"]]
    assert rows[3]["attributes"] == [{"object": 0, "name": "red"}]


def test_standard_input_is_read_as_it_comes(
    parser: KnownTrees, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a red kite\n\n"), encoding="utf-8"))
    assert code_of("--file", "-") == 0
    assert capsys.readouterr().out == "kite (red)\n\n(nothing)\n\n"


def test_graphs_come_before_the_last_sentence_is_read(parser: KnownTrees) -> None:
    graphs = command.graphs_of((KNOWN[0] for _ in range(10)), parser)
    next(graphs)
    assert parser.read == 1


def test_a_line_that_is_not_utf8_is_named(
    parser: KnownTrees, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captions = tmp_path / "captions.txt"
    captions.write_bytes(b"a red kite\na caf\xe9\n")
    assert code_of("--file", str(captions), "--json-lines") == 1
    assert f"{captions}, line 2: found byte 0xe9 at 5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "found neither, expected either a sentence in quotes or --file"),
        (("a cat", "--file", "x.txt"), "found both"),
        (("--file", "x.txt", "--svg", "x.svg"), "expected --file with --json-lines"),
        (("--file", "/nowhere/x.txt"), "/nowhere/x.txt: found no such file"),
        (("  ",), "expected at least one word"),
    ],
)
def test_mistakes_are_one_clear_line(
    words: tuple[str, ...], message: str, parser: KnownTrees, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code_of(*words) == 1
    shown = capsys.readouterr()
    assert message in shown.err and shown.err.count("\n") == 1 and not shown.out


def test_a_missing_parser_is_said_with_the_way_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code_of("a cat", "--parser", str(tmp_path)) == 1
    assert "dvc repro train_dependency_parser" in capsys.readouterr().err


def test_the_drawing_is_written_whole(parser: KnownTrees, tmp_path: Path) -> None:
    assert code_of(KNOWN[0], "--svg", str(tmp_path / "graph.svg")) == 0
    texts = [node.text for node in ElementTree.parse(tmp_path / "graph.svg").iter() if node.tag.endswith("text")]
    assert sorted(str(text) for text in texts) == ["horse", "man", "ride"]


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    captions = tmp_path / "captions.txt"
    captions.write_text("a red kite\n" * 20_000)
    program = (
        "import sys\nfrom crosscap.cli import graph\nfrom crosscap.cli.main import main\n"
        "from tests.cli.test_graph import KnownTrees\ngraph._parser = lambda path: KnownTrees()\n"
        f"main(['graph', '--file', {str(captions)!r}, '--json-lines'])"
    )
    repository = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(repository / "src"), str(repository)])}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None and process.stderr is not None
    assert json.loads(process.stdout.readline())["objects"] == ["kite"]
    process.stdout.close()
    assert (process.wait(60), process.stderr.read()) == (0, b"")
