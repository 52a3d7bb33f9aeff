"""``crosscap graph``: scene graphs of English sentences, as text, JSON or a drawing."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.graph.tables import to_row
from crosscap.io.artifacts import write_text

if TYPE_CHECKING:
    from crosscap.syntax.dependency_parser import DependencyParser

PARSER = Path("models/dependency_parser")
STANDARD_INPUT = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sentence", nargs="?", help="an English sentence, in quotes")
    parser.add_argument("--file", metavar="FILE", help="one sentence a line, '-' for standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--json-lines", action="store_true", help="print one line of JSON a sentence, in order")
    form.add_argument("--svg", type=Path, metavar="FILE", help="write a drawing of the graph to FILE")
    parser.add_argument(
        "--parser", type=Path, default=PARSER, metavar="DIR", help=f"a trained dependency parser (default: {PARSER})"
    )
    parser.add_argument("--rescorer", type=Path, metavar="DIR", help="a learned correction of the rules")


def run(arguments: argparse.Namespace) -> int:
    if (arguments.sentence is None) == (arguments.file is None):
        found = "neither" if arguments.file is None else "both"
        raise InputError("crosscap graph", found, "either a sentence in quotes or --file FILE")
    if arguments.file is not None:
        if arguments.svg or arguments.json:
            raise InputError("crosscap graph", "--file with --svg or --json", "--file with --json-lines, or alone")
        return _print_file(arguments.file, arguments.parser, arguments.json_lines, arguments.rescorer)
    graph = graph_of(arguments.sentence, arguments.parser, arguments.rescorer)
    if arguments.svg:
        from crosscap.graph.drawing.graph import graph_drawing

        write_text(arguments.svg, graph_drawing(graph) + "\n")
        return 0
    print(_json(graph) if arguments.json or arguments.json_lines else graph_text(graph))
    return 0


def graph_command(sentence: str, parser_path: str | Path, output: Literal["text", "json"] = "text") -> str:
    """The scene graph of ``sentence`` as text or as one JSON object; see `graph_of`."""
    graph = graph_of(sentence, parser_path)
    return _json(graph) if output == "json" else graph_text(graph)


def graph_of(sentence: str, parser_path: str | Path, rescorer: Path | None = None) -> SceneGraph:
    """The scene graph of ``sentence``, which is its ``id``.

    Raises:
        InputError: no parser at ``parser_path``, or no word in ``sentence``.
    """
    parser = _parser(parser_path)
    if not sentence.strip():
        raise InputError("the sentence", repr(sentence), "at least one word")
    graph = next(graphs_of([sentence], parser, rescorer))
    return SceneGraph(sentence, graph.objects, graph.attributes, graph.relations)


def graphs_of(sentences: Iterable[str], parser: DependencyParser, rescorer: Path | None = None) -> Iterator[SceneGraph]:
    """One graph a sentence, in order; ``id`` counts from 1. A sentence without words gives an empty graph.

    Reads ahead by no more than the parser's batch, so that memory does not grow with the number of sentences.
    """
    from crosscap.graph.rescoring.rescorer import Rescorer
    from crosscap.graph.rules.sentence_graph import sentence_graph
    from crosscap.text.tokenizers import tokenizer

    read = Rescorer.load(rescorer).sentence_graph if rescorer else sentence_graph
    words = tokenizer("en")
    trees = parser.parse(list(words.tokenize(sentence)) for sentence in sentences)
    for number, tree in enumerate(trees, 1):
        yield merge(str(number), [read(tree, str(number))])


def graph_text(graph: SceneGraph) -> str:
    """One object a line with its attributes, then one relation a line."""
    names = graph.objects
    lines = []
    for row, name in enumerate(names):
        qualities = ", ".join(quality for owner, quality in graph.attributes if owner == row)
        lines.append(f"{name} ({qualities})" if qualities else name)
    lines += [f"{names[subject]} --{predicate}--> {names[other]}" for subject, predicate, other in graph.relations]
    return "\n".join(lines) or "(nothing)"


def read_sentences(path: str) -> Iterator[str]:
    """The lines of a UTF-8 file (``-``: standard input), as they come.

    Raises:
        InputError: no such file, or a line that is not UTF-8.
    """
    try:
        with sys.stdin.buffer if path == STANDARD_INPUT else open(path, "rb") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    found = f"byte {error.object[error.start]:#04x} at {error.start}"
                    raise InputError(path, found, "UTF-8 text", record=number) from None
    except OSError as error:
        raise InputError(path, (error.strerror or str(error)).lower(), "a text file, one sentence a line") from None


def _print_file(path: str, parser_path: Path, json_lines: bool, rescorer: Path | None) -> int:
    """Print the graph of each line; a reader that has seen enough (``| head``) ends this quietly."""
    parser = _parser(parser_path)
    graphs = graphs_of(read_sentences(path), parser, rescorer)
    while (graph := next(graphs, None)) is not None:
        try:
            print(_json(graph) if json_lines else graph_text(graph) + "\n", flush=True)
        except BrokenPipeError:
            # Python flushes standard output once more at exit: give it a place that takes everything.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
    return 0


def _parser(path: str | Path) -> DependencyParser:
    if not Path(path, "crosscap.json").is_file():
        remedy = "Run `dvc repro train_dependency_parser`, or name a folder that it made with --parser."
        raise InputError(path, "no dependency parser", "a folder with crosscap.json", remedy)
    from crosscap.syntax.dependency_parser import load_parser

    return load_parser(path)


def _json(graph: SceneGraph) -> str:
    return json.dumps(to_row(graph), ensure_ascii=False)
