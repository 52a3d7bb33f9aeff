"""``crosscap graph``: the scene graph of an English sentence."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Literal

from crosscap.errors import InputError
from crosscap.graph.scene_graph import SceneGraph, merge
from crosscap.graph.tables import to_row

PARSER = Path("models/dependency_parser")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sentence", help="an English sentence, in quotes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--parser", type=Path, default=PARSER, help=f"a trained dependency parser (default: {PARSER})")


def run(arguments: argparse.Namespace) -> int:
    print(graph_command(arguments.sentence, arguments.parser, "json" if arguments.json else "text"))
    return 0


def graph_command(sentence: str, parser_path: str | Path, output: Literal["text", "json"] = "text") -> str:
    """The scene graph of ``sentence`` as text or as one JSON object.

    Raises:
        InputError: no parser at ``parser_path``, or no word in ``sentence``.
    """
    from crosscap.graph.rules.sentence_graph import sentence_graph
    from crosscap.syntax.dependency_parser import load_parser
    from crosscap.text.tokenizers import tokenizer

    if not Path(parser_path, "crosscap.json").is_file():
        remedy = "Run `dvc repro train_dependency_parser`, or name one with --parser."
        raise InputError(parser_path, "no dependency parser", "a folder with crosscap.json", remedy)
    words = list(tokenizer("en").tokenize(sentence))
    if not words:
        raise InputError("the sentence", repr(sentence), "at least one word")
    tree = next(load_parser(parser_path).parse([words]))
    graph = merge(sentence, [sentence_graph(tree, sentence)])
    return json.dumps(to_row(graph), ensure_ascii=False) if output == "json" else graph_text(graph)


def graph_text(graph: SceneGraph) -> str:
    """One object a line with its attributes, then one relation a line."""
    names = graph.objects
    lines = []
    for row, name in enumerate(names):
        qualities = ", ".join(quality for owner, quality in graph.attributes if owner == row)
        lines.append(f"{name} ({qualities})" if qualities else name)
    lines += [f"{names[subject]} --{predicate}--> {names[other]}" for subject, predicate, other in graph.relations]
    return "\n".join(lines) or "(nothing)"
